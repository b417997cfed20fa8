"""Objective 1: the linear function."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optidemo.arrays import Matrix, Vector, as_vector
from optidemo.linalg.scale import length
from optidemo.objective import Objective
from optidemo.status import NoClosedForm, Optimum, Status

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["Linear"]


class Linear(Objective):
    """f(x) = yᵀx.

    Parameters
    ----------
    y : (d,) array_like
        The coefficients.

    Derivation
    ----------
    1. Multiply out: f(x) = y₁x₁ + y₂x₂ + … + y_d x_d.
    2. Partial by partial: ∂f/∂xᵢ = yᵢ, since every other term is a constant.
    3. Back to matrix form: the partials in order are the vector y, so ∇f(x) = y.

    Notes
    -----
    Gradient: y
    Hessian: 0
    Lipschitz constant: 0
    Closed form: none; on the unit ball the minimiser is −y/‖y‖
    Stationary point: none unless y = 0: f falls without end along −y
    Domain: all of ℝᵈ
    Lecture: objective 1, "A Linear function"
    """

    name, number = "linear", "1"
    formula, gradient_formula = "yᵀx", "y"
    latex = (r"y^\top x", r"y")
    place = "objective 1, A Linear function"
    convex = constant_hessian = True

    def __init__(self, y: ArrayLike) -> None:
        self.y = as_vector(y, "y").copy()
        self.d = self.y.size

    def value(self, x: ArrayLike) -> float:
        """Return yᵀx."""
        return float(self.y @ self.point(x))

    def gradient(self, x: ArrayLike) -> Vector:
        """Return y."""
        self.point(x)
        return self.y.copy()

    def hessian(self, x: ArrayLike) -> Matrix:
        """Return the zero matrix (d, d)."""
        self.point(x)
        return np.zeros((self.d, self.d))

    def lipschitz(self) -> float:
        """Return 0: the gradient is constant."""
        return 0.0

    def closed_form(self) -> Vector:
        """Raise `NoClosedForm` unless y = 0, where every point is optimal."""
        if self.y.any():
            raise NoClosedForm(
                "yᵀx has no minimum: it falls without end along −y. On the unit ball the minimiser "
                "is −y/‖y‖: use unit_ball_minimizer()."
            )
        return np.zeros(self.d)

    def unit_ball_minimizer(self) -> Vector:
        """Return −y/‖y‖, the minimiser on the ball ‖x‖ ≤ 1, shape (d,)."""
        return -self.y / length(self.y) if self.y.any() else np.zeros(self.d)

    def optimum(self) -> Optimum:
        """Return the verdict: unbounded along −y unless y = 0."""
        if not self.y.any():
            return Optimum(Status.CONVERGED, "y = 0: f is zero everywhere.")
        reason = (
            "yᵀx is unbounded: it falls without end along −y, and its gradient is nowhere zero."
        )
        return Optimum(Status.UNBOUNDED, reason, self.unit_ball_minimizer())
