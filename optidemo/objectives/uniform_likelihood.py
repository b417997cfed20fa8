"""Objective 17: the log-likelihood of a uniform sample, to be maximised subject to the data."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from optidemo.objectives.likelihood import Likelihood
from optidemo.status import Optimum, Status

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from optidemo.arrays import Matrix, Vector

__all__ = ["UniformLikelihood"]


class UniformLikelihood(Likelihood):
    """f(a, b) = log Πᵢ 1/(b − a) = −n log(b − a), to be maximised subject to the data.

    Parameters
    ----------
    x : (n,) array_like
        The observations, not all equal. They demand a ≤ min x and b ≥ max x, which the lecture
        leaves out; without it f grows without end as b − a → 0.

    Derivation
    ----------
    1. Multiply out: the logarithm of the product is a sum of n equal terms,
       f(a, b) = −n log(b − a).
    2. Partial by partial: ∂f/∂a = −n/(b − a) · (−1) = n/(b − a) and ∂f/∂b = −n/(b − a).
    3. Back to vector form: ∇f(a, b) = n/(b − a) · (1, −1). It is nowhere zero.

    Notes
    -----
    Gradient: n/(b − a) · (1, −1)
    Hessian: n/(b − a)² · [[1, −1], [−1, 1]]
    Lipschitz constant: none on a < b; with the data, L = 2n/(max x − min x)²
    Closed form: (min x, max x)
    Stationary point: none; the maximum is the corner (min x, max x) of the feasible set
    Domain: a < b, a ≤ min x, b ≥ max x
    Lecture: objective 17, "The Uniform Distribution MLE objective". Its "a ≤ b" must be a < b.
    """

    name, number = "uniform-mle", "17"
    formula, gradient_formula = "log Π 1/(b − a)", "n/(b − a) · (1, −1)"
    latex = (
        r"\log \prod_{i=1}^n \frac{1}{b - a}",
        r"\frac{n}{b - a} \begin{bmatrix} 1 \\ -1 \end{bmatrix}",
    )
    place = "objective 17, The Uniform Distribution MLE objective"
    variable = "v"
    d = 2
    convex = False
    domain = "a ≤ min x, b ≥ max x"

    def _check(self) -> None:
        self.low, self.high = float(self.x.min()), float(self.x.max())
        if self.low == self.high:
            raise ValueError(
                "x is constant: a < b is needed, but a ≤ min x = max x ≤ b allows a = b."
            )
        self._refuse_size("max x − min x", self.high - self.low)

    @property
    def x0(self) -> Vector:
        """The data's range, widened by half of it on each side."""
        half = 0.5 * (self.high - self.low)
        return np.array([self.low - half, self.high + half])

    def contains(self, v: ArrayLike) -> bool:
        """Is a ≤ min x and b ≥ max x?"""
        a, b = self.point(v)
        return bool(a <= self.low and b >= self.high)

    def project(self, v: Vector) -> Vector:
        """Return the nearest feasible point (min(a, min x), max(b, max x))."""
        return np.array([min(v[0], self.low), max(v[1], self.high)])

    def optimality(self, x: Vector) -> float:
        """Return ‖P(v + ∇f(v)) − v‖, the projected gradient: 0 at the corner."""
        return float(np.linalg.norm(self.project(x + self.gradient(x)) - x))

    def value(self, v: ArrayLike) -> float:
        """Return −n log(b − a); −inf where an observation falls outside [a, b]."""
        v = self.point(v)
        return float(-self.n * math.log(v[1] - v[0])) if self.contains(v) else -math.inf

    def gradient(self, v: ArrayLike) -> Vector:
        """Return n/(b − a) · (1, −1), shape (2,)."""
        a, b = self._inside(v)
        return np.asarray(self.n / (b - a) * np.array([1.0, -1.0]))

    def hessian(self, v: ArrayLike) -> Matrix:
        """Return n/(b − a)² · [[1, −1], [−1, 1]], shape (2, 2)."""
        a, b = self._inside(v)
        return np.asarray(self.n / (b - a) ** 2 * np.array([[1.0, -1.0], [-1.0, 1.0]]))

    def lipschitz(self) -> float:
        """Return 2n/(max x − min x)², the largest curvature in the feasible set."""
        return 2.0 * self.n / (self.high - self.low) ** 2

    def closed_form(self) -> Vector:
        """Return (min x, max x), shape (2,)."""
        return np.array([self.low, self.high])

    def optimum(self) -> Optimum:
        """Return the verdict: the maximum is a corner, where the gradient is not zero."""
        reason = (
            "n/(b − a)·(1, −1) is nowhere zero: the maximum is the corner (min x, max x) of the "
            "feasible set a ≤ min x, b ≥ max x."
        )
        return Optimum(Status.NO_STATIONARY_POINT, reason)

    def sample(self, rng: np.random.Generator) -> Vector:
        """Return a random feasible (a, b)."""
        spread = self.high - self.low
        return np.array([self.low, self.high]) + spread * np.array([-1, 1]) * rng.uniform(
            0.05, 1, 2
        )
