"""Objectives 9 and 16 for a whole data set: logistic regression."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.linalg
from scipy.special import expit

from optidemo.objectives.finite_sum import FiniteSum, listed
from optidemo.objectives.margins import exact, signs
from optidemo.objectives.separation import Separation, lowest_margin, minimum_is_near, separation
from optidemo.objectives.separation_verdict import UNDECIDED, verdict
from optidemo.status import NoClosedForm, Optimum, Status

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from optidemo.arrays import Matrix, Vector

__all__ = ["LogisticRegression"]

MANY = 1_000  # samples beyond which the linear program waits for a solver's point to spare it


class LogisticRegression(FiniteSum):
    """f(w) = Σᵢ log(1 + exp(wᵀxᵢ)) − yᵢ wᵀxᵢ, the negative Bernoulli log-likelihood.

    Parameters
    ----------
    X : (n, d) array_like
        One sample xᵢ a row. For an intercept add a column of ones. X and y are not copied: pass
        ``X.copy()`` if you will change it afterwards.
    y : (n,) array_like
        The labels αᵢ of the lecture, 0 or 1.

    Derivation
    ----------
    1. Multiply out: objective 16 with αᵢ = yᵢ and p = σ(qᵢ), qᵢ = wᵀxᵢ, is Σ yᵢ log σ(qᵢ)
       + (1 − yᵢ) log(1 − σ(qᵢ)). Since log σ(q) = q − log(1 + e^q) and
       log(1 − σ(q)) = −log(1 + e^q), its negative is f(w) = Σ log(1 + e^qᵢ) − yᵢqᵢ.
    2. Partial by partial: df/dqᵢ = σ(qᵢ) − yᵢ and ∂qᵢ/∂wₖ = xᵢₖ, so
       ∂f/∂wₖ = Σᵢ (σ(wᵀxᵢ) − yᵢ) xᵢₖ.
    3. Back to matrix form: ∇f(w) = Xᵀ(σ(Xw) − y).

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

    name, number = "logistic-regression", "9′"
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
                f"y must hold the labels 0 and 1, but holds {listed(labels)}. "
                "Recode it, for example y = (label == 'yes').astype(float)."
            )
        self._separations: dict[bytes, Separation] = {}
        self._latest: tuple[Vector, float, Vector, Matrix]
        self._latest = np.empty(0), np.inf, np.empty(0), np.empty((0, 0))

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
        return self.derivatives(self.point(w))[2]

    def derivatives(self, w: Vector) -> tuple[float, Vector, Matrix]:
        """Return f, ∇f and ∇²f from one product Xw, block by block while X is in the cache.

        With e = exp(−|q|), which cannot overflow, σ(|q|) = 1/(1 + e), σ(1 − σ) = e/(1 + e)² and
        log(1 + exp q) = max(q, 0) + log(1 + e): one exponential serves all three. XᵀDX is formed
        as ZᵀZ with Z = D^½ X, which BLAS does in half the time of a general product.
        """

        def term(X: Matrix, y: Vector) -> tuple[float, Vector, Matrix, list[float]]:
            q = X @ w
            size = np.abs(q)
            e = np.exp(-size)
            p = 1.0 / (1.0 + e)
            f = np.sum(np.maximum(q, 0.0) + np.log1p(e) - y * q)
            Z = X * (np.sqrt(e) * p)[:, None]
            return float(f), X.T @ (np.where(q > 0, p, e * p) - y), Z.T @ Z, [size.max()]

        f, g, H, largest = self.rows.sum(term)
        self._latest = w.copy(), max(largest), g, H
        return f, g, H

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

        It exists exactly when the minimum of f is not attained. None also where that could not be
        decided. See `optidemo.objectives.separation.separation`.
        """
        return self._separation(np.ones(self.d, dtype=bool)).v

    def optimum(self) -> Optimum | None:
        """Return whether a plane separates the classes; None beyond 1000 samples, or if undecided.

        So many make a long linear program, which `optimum_near` spares.
        """
        return self.optimum_over(np.ones(self.d, dtype=bool))

    def optimum_near(self, w: Vector) -> Optimum:
        """Return the same verdict, where w is a solver's last point, for any number of samples.

        There a proof costs next to nothing, that the classes overlap (`minimum_is_near`) or that w
        itself separates them. Only where both fail does the linear program decide.
        """
        return self.optimum_over_near(np.ones(self.d, dtype=bool), w)

    def optimum_over(self, free: NDArray[np.bool_]) -> Optimum | None:
        """Return the verdict of `optimum` on f plus a ridge on the variables that are not `free`.

        The ridge grows along any direction v that has a part in its variables: f + ridge has no
        minimum exactly if a v that is 0 there separates the classes.
        """
        if self.n > MANY and free.tobytes() not in self._separations:
            return None
        return verdict(self._separation(free), free)

    def optimum_over_near(self, free: NDArray[np.bool_], w: Vector) -> Optimum:
        """Return the verdict of `optimum_near` on f plus a ridge on those that are not `free`."""
        known = verdict(self._found_near(free, w), free)
        return known or Optimum(Status.LINE_SEARCH_FAILED, UNDECIDED)

    def _found_near(self, free: NDArray[np.bool_], w: Vector) -> Separation:
        if self._minimum_is_near(w, free):
            return Separation("overlap")
        apart = free.all() and np.isfinite(w).all() and lowest_margin(self.rows, w) > 0
        if apart and signs(self.rows, np.arange(self.d), exact(w)) == {1}:
            return Separation("separable", w)
        return self._separation(free)

    def _separation(self, free: NDArray[np.bool_]) -> Separation:
        key = free.tobytes()
        if key not in self._separations:
            self._separations[key] = separation(self.rows, free)
        return self._separations[key]

    def _minimum_is_near(self, w: Vector, free: NDArray[np.bool_]) -> bool:
        if not np.isfinite(w).all():
            return False
        if not np.array_equal(w, self._latest[0]):
            self.derivatives(w)
        _, largest, g, H = self._latest
        return minimum_is_near(largest, g[free], H[np.ix_(free, free)])
