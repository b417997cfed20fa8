"""Objectives 10 and 11: the L1 and L2 norms, and the squared L2 norm as regulariser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optidemo.arrays import is_whole
from optidemo.objective import Objective
from optidemo.status import Optimum, Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike

    from optidemo.arrays import Matrix, Vector

__all__ = ["L1Norm", "L2Norm", "SquaredL2Norm"]


class Norm(Objective):
    """What the three have in common: d variables, convex, minimum 0 at x = 0."""

    convex = True
    coercive = True  # it grows without end in every direction

    def __init__(self, d: int) -> None:
        if isinstance(d, bool) or not isinstance(d, int | np.integer) or d < 1:
            raise ValueError(
                f"d must be a positive integer, the number of variables, but is {d!r}."
            )
        self.d = int(d)

    @property
    def x0(self) -> Vector:
        """1, −2, 3, …: away from every kink, with no two entries alike."""
        return np.arange(1.0, self.d + 1) * (-1.0) ** np.arange(self.d)

    def closed_form(self) -> Vector:
        """Return 0."""
        return np.zeros(self.d)

    def optimum(self) -> Optimum:
        """Return the verdict: minimum 0 at x = 0."""
        return Optimum(Status.CONVERGED, f"{self.formula} is convex, with its minimum 0 at x = 0.")


class L1Norm(Norm):
    """f(x) = ‖x‖₁ = Σ |xᵢ|.

    Parameters
    ----------
    d : int
        Number of variables.

    Derivation
    ----------
    1. Multiply out: f(x) = |x₁| + |x₂| + … + |x_d|.
    2. Partial by partial: ∂f/∂xᵢ = 1 for xᵢ > 0 and −1 for xᵢ < 0.
    3. Back to vector form: ∇f(x) = sign(x). The slide's 1(x > 0) − 1(x ≤ 0) is −1 at 0 but
       sign(0) = 0; both are subgradients, as is every value in [−1, 1] there.

    Notes
    -----
    Gradient: sign(x)
    Hessian: 0 off the kinks; none on them
    Lipschitz constant: none: the gradient jumps
    Closed form: 0
    Stationary point: 0, the minimum, where the subdifferential [−1, 1]ᵈ contains 0
    Domain: all of ℝᵈ; kinks where some xᵢ = 0
    Lecture: objective 10, "The L1 norm"
    """

    name, number = "l1-norm", "10"
    formula, gradient_formula = "‖x‖₁", "sign(x)"
    latex = (r"\|x\|_1", r"\mathrm{sign}(x)")
    place = "objective 10, The L1 norm"
    smooth = False

    def value(self, x: ArrayLike) -> float:
        """Return Σ |xᵢ|."""
        return float(np.abs(self.point(x)).sum())

    def gradient(self, x: ArrayLike) -> Vector:
        """Return sign(x), which is 0 where xᵢ = 0; shape (d,)."""
        return np.sign(self.point(x))

    def prox(self, x: Vector, t: float) -> Vector:
        """Return the soft threshold sign(x) max(|x| − t, 0)."""
        return np.sign(x) * np.maximum(np.abs(x) - t, 0.0)

    def subdifferential_distance(self, x: Vector, g: Vector) -> float:
        """Return the distance from g to the box that is {sign(xᵢ)}, or [−1, 1] where xᵢ = 0."""
        nearest = np.where(x == 0, np.clip(g, -1.0, 1.0), np.sign(x))
        return float(np.linalg.norm(g - nearest))


class L2Norm(Norm):
    """f(x) = ‖x‖₂ = √(Σ xᵢ²).

    Parameters
    ----------
    d : int
        Number of variables.

    Derivation
    ----------
    1. Multiply out: f(x) = (x₁² + … + x_d²)^½.
    2. Partial by partial: ∂f/∂xᵢ = ½ (x₁² + … + x_d²)^(−½) · 2xᵢ = xᵢ/‖x‖₂.
    3. Back to vector form: ∇f(x) = x/‖x‖₂. At 0 we take 0, one of the subgradients there.

    Notes
    -----
    Gradient: x/‖x‖₂
    Hessian: (I − uuᵀ)/‖x‖₂, with u = x/‖x‖₂; none at 0
    Lipschitz constant: none: the curvature grows like 1/‖x‖ towards 0
    Closed form: 0
    Stationary point: 0, the minimum, where the subdifferential is the unit ball
    Domain: all of ℝᵈ; a kink at 0
    Lecture: objective 11, "The L2 norm"
    """

    name, number = "l2-norm", "11"
    formula, gradient_formula = "‖x‖₂", "x/‖x‖₂"
    latex = (r"\|x\|_2", r"\frac{1}{\|x\|_2}\,x")
    place = "objective 11, The L2 norm"
    smooth = False

    def value(self, x: ArrayLike) -> float:
        """Return ‖x‖₂, which neither over- nor underflows."""
        x = self.point(x)
        largest = float(np.abs(x).max())
        if largest == 0 or not np.isfinite(largest):
            return largest
        return largest * float(np.linalg.norm(x / largest))

    def gradient(self, x: ArrayLike) -> Vector:
        """Return x/‖x‖₂, and 0 at 0; shape (d,)."""
        x = self.point(x)
        largest = np.abs(x).max()
        if largest == 0:
            return np.zeros(self.d)
        u = x / largest
        return np.asarray(u / np.linalg.norm(u))

    def hessian(self, x: ArrayLike) -> Matrix:
        """Return (I − uuᵀ)/‖x‖₂, shape (d, d)."""
        u = self.gradient(x)
        if not u.any():
            raise ValueError("‖x‖₂ has no Hessian at 0, where it has a kink.")
        return (np.eye(self.d) - np.outer(u, u)) / self.value(x)

    def prox(self, x: Vector, t: float) -> Vector:
        """Return the block soft threshold max(1 − t/‖x‖, 0) x."""
        norm = self.value(x)
        return x * (1.0 - t / norm) if norm > t else np.zeros(self.d)

    def subdifferential_distance(self, x: Vector, g: Vector) -> float:
        """Return ‖g − x/‖x‖‖, or at 0 the distance from g to the unit ball."""
        if not x.any():
            return max(float(np.linalg.norm(g)) - 1.0, 0.0)
        return float(np.linalg.norm(g - self.gradient(x)))


class SquaredL2Norm(Norm):
    """f(x) = ‖x‖₂² = xᵀx, the ridge.

    Parameters
    ----------
    d : int
        Number of variables.
    unpenalized : sequence of int
        Variables that are left out of the sum, such as the intercept's: then f = Σ xᵢ² over the
        others, and of what follows the entries at these variables are 0.

    Attributes
    ----------
    penalized : (d,) array
        1 for the variables in the sum, 0 for those left out.

    Examples
    --------
    >>> SquaredL2Norm(3, unpenalized=[0]).value([5.0, 1.0, 2.0])
    5.0

    Derivation
    ----------
    1. Multiply out: f(x) = x₁² + … + x_d².
    2. Partial by partial: ∂f/∂xᵢ = 2xᵢ.
    3. Back to vector form: ∇f(x) = 2x, the quadratic's (A + Aᵀ)x with A = I.

    Notes
    -----
    Gradient: 2x
    Hessian: 2I
    Lipschitz constant: L = 2
    Closed form: 0
    Stationary point: 0, the minimum
    Domain: all of ℝᵈ
    Lecture: objective 2 with A = I; "commonly used as a regularizer together with other functions"
    """

    name, number = "squared-l2-norm", "11′"
    formula, gradient_formula = "‖x‖₂²", "2x"
    latex = (r"\|x\|_2^2", r"2x")
    place = "objective 11, The L2 norm, squared as a regulariser"
    constant_hessian = True

    def __init__(self, d: int, *, unpenalized: Sequence[int] = ()) -> None:
        super().__init__(d)
        self.penalized: Vector = np.ones(self.d)
        for i in unpenalized:
            if not (is_whole(i) and 0 <= i < self.d):
                raise ValueError(
                    f"unpenalized holds {i!r}, but the variables are 0 to {self.d - 1}."
                )
            self.penalized[int(i)] = 0.0
        self.coercive = bool(self.penalized.all())

    def value(self, x: ArrayLike) -> float:
        """Return xᵀx."""
        x = self.point(x)
        return float(x @ (self.penalized * x))

    def gradient(self, x: ArrayLike) -> Vector:
        """Return 2x, shape (d,)."""
        return 2.0 * self.penalized * self.point(x)

    def hessian(self, x: ArrayLike) -> Matrix:
        """Return 2I, shape (d, d)."""
        self.point(x)
        return 2.0 * np.diag(self.penalized)

    def prox(self, x: Vector, t: float) -> Vector:
        """Return x/(1 + 2t)."""
        return x / (1.0 + 2.0 * t * self.penalized)

    def lipschitz(self) -> float:
        """Return 2."""
        return 2.0

    def strong_convexity(self) -> float:
        """Return 2, or 0 where a variable is left out."""
        return 2.0 * float(self.penalized.min())
