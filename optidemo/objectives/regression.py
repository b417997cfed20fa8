"""Objective 5: linear regression."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from optidemo.arrays import EPS
from optidemo.linalg.least_squares import lstsq
from optidemo.objectives.finite_sum import FiniteSum
from optidemo.status import Optimum, Status

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from optidemo.arrays import Matrix, Vector

__all__ = ["LinearRegression"]


class LinearRegression(FiniteSum):
    """f(w) = ½ Σᵢ (wᵀxᵢ − yᵢ)², least squares.

    Parameters
    ----------
    X : (n, d) array_like
        One sample xᵢ a row. For an intercept add a column of ones. X and y are not copied: pass
        ``X.copy()`` if you will change it afterwards.
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
            return 0.5 * float(np.sum(r**2)), X.T @ r

        return self.rows.sum(term)

    @cached_property
    def gram(self) -> Matrix:
        """XᵀX, shape (d, d).

        Raises
        ------
        ValueError
            If its entries are beyond what a float64 can hold.
        """
        with np.errstate(over="ignore", invalid="ignore", under="ignore"):
            gram: Matrix = self.rows.sum(lambda X, _y: X.T @ X)
        size = np.max(np.diag(gram))
        if not (np.isfinite(gram).all() and size >= np.finfo(float).tiny) and any(self._sizes()):
            raise ValueError(
                f"XᵀX cannot be held in float64: the greatest entry of X is {self._sizes()[0]:.3g}, "
                "and its square is beyond 1e±308. Bring X nearer to 1 by a power of ten, or use "
                "closed_form(), which does so by itself."
            )
        return gram

    def _sizes(self) -> tuple[float, ...]:
        return self.rows.largest()[:1]

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
        return float(lowest) if lowest > self.d * EPS * highest else 0.0

    def closed_form(self) -> Vector:
        """Return the solution of XᵀXw = Xᵀy, shape (d,); see `optidemo.lstsq`."""
        return lstsq(self.rows.X, self.rows.y)

    def ridge(self, lam: float) -> Vector:
        """Return the minimiser of f(w) + ½ lam ‖w‖², shape (d,)."""
        return lstsq(self.rows.X, self.rows.y, ridge=lam)

    def optimum(self) -> Optimum:
        """Return the verdict: a convex quadratic that is bounded below attains its minimum."""
        return Optimum(Status.CONVERGED, "f ≥ 0 is a convex quadratic: its minimum is attained.")
