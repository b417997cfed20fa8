"""Objectives 5 and 16 for a whole data set: linear and logistic regression."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.linalg
from scipy.optimize import linprog
from scipy.special import expit

from optidemo.linalg.least_squares import lstsq
from optidemo.objectives.finite_sum import FiniteSum
from optidemo.status import NoClosedForm, Optimum, Status

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from optidemo.arrays import Matrix, Vector

__all__ = ["LinearRegression", "LogisticRegression"]


class LinearRegression(FiniteSum):
    """f(w) = ½ Σᵢ (wᵀxᵢ − yᵢ)², least squares.

    Parameters
    ----------
    X : (n, d) array_like
        One sample xᵢ a row. For an intercept add a column of ones.
    y : (n,) array_like
        The targets.

    Derivation
    ----------
    1. Multiply out: with qᵢ = wᵀxᵢ = w₁xᵢ₁ + … + w_d xᵢ_d, f = ½ Σᵢ (qᵢ − yᵢ)².
    2. Partial by partial: df/dqᵢ = qᵢ − yᵢ and ∂qᵢ/∂wₖ = xᵢₖ; by the chain rule
       ∂f/∂wₖ = Σᵢ (wᵀxᵢ − yᵢ) xᵢₖ.
    3. Back to matrix form: the residuals are Xw − y, and Σᵢ rᵢ xᵢ = Xᵀr, so
       ∇f(w) = Xᵀ(Xw − y).

    Notes
    -----
    Gradient: Xᵀ(Xw − y)
    Hessian: XᵀX
    Lipschitz constant: L = λmax(XᵀX)
    Closed form: the normal equations XᵀXw = Xᵀy; the minimum-norm solution if X lacks rank
    Stationary point: the minimum; unique if X has full column rank
    Domain: all of ℝᵈ
    Lecture: objective 5, "The Linear Regression Objective"
    """

    name, number = "linear-regression", "5"
    formula, gradient_formula = "½ Σ (wᵀxᵢ − yᵢ)²", "Xᵀ(Xw − y)"
    latex = (r"\frac{1}{2} \sum_{i=1}^n (w^\top x_i - y_i)^2", r"X^\top (X w - y)")
    place = "objective 5, The Linear Regression Objective"
    curvature = 1.0
    convex = constant_hessian = True

    def value(self, w: ArrayLike) -> float:
        """Return ½ Σ (wᵀxᵢ − yᵢ)²."""
        w = self.point(w)
        return 0.5 * float(self.rows.sum(lambda X, y: np.sum((X @ w - y) ** 2)))

    @staticmethod
    def gradient_term(w: Vector, X: Matrix, y: Vector) -> Any:
        """Return Xᵀ(Xw − y), shape (d,)."""
        return X.T @ (X @ w - y)

    def value_and_gradient(self, w: Vector) -> tuple[float, Vector]:
        """Return both from one residual Xw − y."""

        def term(X: Matrix, y: Vector) -> tuple[float, Vector]:
            r = X @ w - y
            return 0.5 * float(r @ r), X.T @ r

        return self.rows.sum(term)

    @cached_property
    def gram(self) -> Matrix:
        """XᵀX, shape (d, d)."""
        return self.rows.sum(lambda X, _y: X.T @ X)

    @cached_property
    def _eigenvalues(self) -> Vector:
        return np.asarray(np.linalg.eigvalsh(self.gram), dtype=np.float64)

    def hessian(self, w: ArrayLike) -> Matrix:
        """Return XᵀX, shape (d, d)."""
        self.point(w)
        return self.gram.copy()

    def lipschitz(self) -> float:
        """Return L = λmax(XᵀX)."""
        return float(self._eigenvalues[-1])

    def strong_convexity(self) -> float:
        """Return μ = λmin(XᵀX), or 0 below its rounding error."""
        lowest, highest = self._eigenvalues[0], self._eigenvalues[-1]
        return float(lowest) if lowest > self.d * np.finfo(float).eps * highest else 0.0

    def closed_form(self) -> Vector:
        """Return the solution of XᵀXw = Xᵀy, shape (d,); see `optidemo.lstsq`."""
        return lstsq(self.rows.X, self.rows.y)

    def ridge(self, lam: float) -> Vector:
        """Return the minimiser of f(w) + ½ lam ‖w‖², shape (d,)."""
        return lstsq(self.rows.X, self.rows.y, ridge=lam)

    def optimum(self) -> Optimum:
        """Return the verdict: a convex quadratic that is bounded below attains its minimum."""
        return Optimum(Status.CONVERGED, "f ≥ 0 is a convex quadratic: its minimum is attained.")


class LogisticRegression(FiniteSum):
    """f(w) = Σᵢ log(1 + exp(wᵀxᵢ)) − yᵢ wᵀxᵢ, the negative Bernoulli log-likelihood.

    Parameters
    ----------
    X : (n, d) array_like
        One sample xᵢ a row. For an intercept add a column of ones.
    y : (n,) array_like
        The labels αᵢ of the lecture, 0 or 1.

    Derivation
    ----------
    1. Multiply out: objective 16 with p = σ(qᵢ), qᵢ = wᵀxᵢ, is Σ αᵢ log σ(qᵢ)
       + (1 − αᵢ) log(1 − σ(qᵢ)). Since log σ(q) = q − log(1 + e^q) and
       log(1 − σ(q)) = −log(1 + e^q), its negative is f(w) = Σ log(1 + e^qᵢ) − αᵢqᵢ.
    2. Partial by partial: df/dqᵢ = σ(qᵢ) − αᵢ and ∂qᵢ/∂wₖ = xᵢₖ, so
       ∂f/∂wₖ = Σᵢ (σ(wᵀxᵢ) − αᵢ) xᵢₖ.
    3. Back to matrix form: ∇f(w) = Xᵀ(σ(Xw) − α).

    Notes
    -----
    Gradient: Xᵀ(σ(Xw) − y)
    Hessian: Xᵀ diag(σ(1 − σ)) X
    Lipschitz constant: L = ¼ λmax(XᵀX)
    Closed form: none: the equations are transcendental
    Stationary point: the minimum, if the classes overlap; not attained if a plane separates them
    Domain: all of ℝᵈ
    Lecture: objective 9 with the likelihood of objective 16, which the lecture leaves to the reader
    """

    name, number = "logistic-regression", "9b"
    formula, gradient_formula = "Σ log(1 + exp(wᵀxᵢ)) − yᵢ wᵀxᵢ", "Xᵀ(σ(Xw) − y)"
    latex = (
        r"\sum_{i=1}^n \log(1 + e^{w^\top x_i}) - y_i w^\top x_i",
        r"X^\top (\sigma(X w) - y)",
    )
    place = "objectives 9 and 16, the fitting objective of logistic regression"
    curvature = 0.25
    convex = True

    def __init__(self, X: ArrayLike, y: ArrayLike) -> None:
        super().__init__(X, y)
        labels = np.unique(self.rows.y)
        if not np.isin(labels, (0.0, 1.0)).all():
            raise ValueError(
                f"y must hold the labels 0 and 1, but holds {_some(labels)}. "
                "Recode it, for example y = (label == 'yes').astype(float)."
            )

    def value(self, w: ArrayLike) -> float:
        """Return Σ log(1 + exp(wᵀxᵢ)) − yᵢ wᵀxᵢ; `logaddexp` keeps it finite."""
        w = self.point(w)

        def term(X: Matrix, y: Vector) -> float:
            q = X @ w
            return float(np.sum(np.logaddexp(0.0, q) - y * q))

        return self.rows.sum(term)

    @staticmethod
    def gradient_term(w: Vector, X: Matrix, y: Vector) -> Any:
        """Return Xᵀ(σ(Xw) − y), shape (d,)."""
        return X.T @ (expit(X @ w) - y)

    def value_and_gradient(self, w: Vector) -> tuple[float, Vector]:
        """Return both from one product Xw."""

        def term(X: Matrix, y: Vector) -> tuple[float, Vector]:
            q = X @ w
            return float(np.sum(np.logaddexp(0.0, q) - y * q)), X.T @ (expit(q) - y)

        return self.rows.sum(term)

    def hessian(self, w: ArrayLike) -> Matrix:
        """Return Xᵀ diag(σ(1 − σ)) X, shape (d, d)."""
        w = self.point(w)

        def term(X: Matrix, _y: Vector) -> Matrix:
            q = X @ w
            return np.asarray((X.T * (expit(q) * expit(-q))) @ X)

        return self.rows.sum(term)

    @cached_property
    def _largest_eigenvalue(self) -> float:
        gram = self.rows.sum(lambda X, _y: X.T @ X)
        last = self.d - 1
        return float(scipy.linalg.eigvalsh(gram, subset_by_index=(last, last))[0])

    def lipschitz(self) -> float:
        """Return L = ¼ λmax(XᵀX), since σ(1 − σ) ≤ ¼."""
        return 0.25 * self._largest_eigenvalue

    def closed_form(self) -> Vector:
        """Raise `NoClosedForm`."""
        raise NoClosedForm(
            "Xᵀ(σ(Xw) − y) = 0 cannot be solved for w in closed form: use optidemo.solve(f), "
            "which runs Newton's method."
        )

    def probability(self, w: ArrayLike, X: ArrayLike) -> Vector:
        """Return P(y = 1 | x) = σ(Xw) for the rows of X, shape (n,)."""
        return np.asarray(expit(np.asarray(X, dtype=float) @ self.point(w)))

    @cached_property
    def separating_direction(self) -> Vector | None:
        """A direction v ≠ 0 with (2yᵢ − 1) xᵢᵀv ≥ 0 for all i, and > 0 for some; None if none.

        It exists exactly when the minimum of f is not attained (Albert and Anderson, Biometrika
        71, 1984): along it f never rises. It is found by the linear program
        max Σ mᵢ, mᵢ = (2yᵢ − 1) xᵢᵀv ≥ 0, |vⱼ| ≤ 1, whose value is 0 when the classes overlap.
        """
        X, y = self.rows.X, self.rows.y
        scale = np.abs(X).max(axis=0)
        scale[scale == 0] = 1.0
        margins = (2.0 * y - 1.0)[:, None] * (X / scale)
        answer = linprog(
            -margins.sum(axis=0), A_ub=-margins, b_ub=np.zeros(len(y)), bounds=(-1.0, 1.0)
        )
        v = np.asarray(answer.x) / scale
        return v if -answer.fun > 1e-7 else None

    def optimum(self) -> Optimum:
        """Return the verdict, decided exactly by `separating_direction`."""
        v = self.separating_direction
        if v is None:
            return Optimum(Status.CONVERGED, "The classes overlap: the minimum is attained.")
        strict = (((2.0 * self.rows.y - 1.0) * (self.rows.X @ v)) > 0).all()
        reason = (
            f"The data are {'' if strict else 'quasi-'}separable: a plane "
            f"{'separates' if strict else 'weakly separates'} the two classes, so f falls towards "
            "its infimum as w grows along the plane's normal and no w reaches it. Add a "
            "regulariser, for example f + 0.1 * SquaredL2Norm(d)."
        )
        return Optimum(Status.NOT_ATTAINED, reason, v / np.linalg.norm(v))


def _some(labels: Vector) -> str:
    shown = ", ".join(f"{label:g}" for label in labels[:4])
    return shown + (", …" if len(labels) > 4 else "")
