"""Objective 16: the log-likelihood of outcomes 0 and 1, to be maximised."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import xlog1py, xlogy

from optidemo.objectives.likelihood import Likelihood
from optidemo.status import NoClosedForm, Optimum, Status

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from optidemo.arrays import Matrix, Vector

__all__ = ["BernoulliLikelihood"]


class BernoulliLikelihood(Likelihood):
    """f(p) = log Πᵢ p^αᵢ (1 − p)^(1 − αᵢ), to be maximised.

    Parameters
    ----------
    alpha : (n,) array_like
        The outcomes, 0 or 1.

    Derivation
    ----------
    1. Multiply out: the logarithm of the product is a sum,
       f(p) = Σᵢ (αᵢ log p + (1 − αᵢ) log(1 − p)).
    2. Partial by partial: the only variable is p, and every term has the derivative
       αᵢ/p − (1 − αᵢ)/(1 − p), as the inner derivative of log(1 − p) is −1.
    3. Back to a compact form: the n terms add up to f′(p) = Σαᵢ/p − (n − Σαᵢ)/(1 − p), zero at
       p = Σαᵢ/n, the mean.

    Notes
    -----
    Gradient: Σαᵢ/p − (n − Σαᵢ)/(1 − p)
    Hessian: −Σαᵢ/p² − (n − Σαᵢ)/(1 − p)²
    Lipschitz constant: none: the curvature grows without bound towards 0 and 1
    Closed form: p = (1/n) Σαᵢ, the mean
    Stationary point: the maximum; on the boundary, and not stationary, if all αᵢ are equal
    Domain: 0 < p < 1
    Lecture: objective 16, "Bernoulli Maximum Likelihood"
    """

    name, number = "bernoulli-mle", "16"
    formula, gradient_formula = "log Π p^αᵢ (1 − p)^(1 − αᵢ)", "Σαᵢ/p − (n − Σαᵢ)/(1 − p)"
    latex = (
        r"\log \prod_{i=1}^n p^{\alpha_i} (1 - p)^{1 - \alpha_i}",
        r"\frac{\sum \alpha_i}{p} - \frac{n - \sum \alpha_i}{1 - p}",
    )
    place = "objective 16, Bernoulli Maximum Likelihood"
    variable = "p"
    sample_name = "alpha"
    rule = "the outcomes 0 and 1"
    domain = "0 < p < 1"

    @staticmethod
    def impossible(x: Vector) -> NDArray[np.bool_]:
        """Which are neither 0 nor 1?"""
        return np.asarray((x != 0) & (x != 1))

    @property
    def x0(self) -> Vector:
        """The start p = 0.25: one half would solve a balanced sample at once."""
        return np.array([0.25])

    def contains(self, p: ArrayLike) -> bool:
        """Is 0 < p < 1?"""
        return bool(0 < self.point(p)[0] < 1)

    def value(self, p: ArrayLike) -> float:
        """Return Σαᵢ log p + (n − Σαᵢ) log(1 − p); −inf outside (0, 1)."""
        chance = float(self.point(p)[0])
        if not 0 < chance < 1:
            return -math.inf
        return float(xlogy(self.total, chance) + xlog1py(self.n - self.total, -chance))

    def gradient(self, p: ArrayLike) -> Vector:
        """Return Σαᵢ/p − (n − Σαᵢ)/(1 − p), shape (1,)."""
        p = self._inside(p)
        return np.asarray(self.total / p - (self.n - self.total) / (1.0 - p))

    def hessian(self, p: ArrayLike) -> Matrix:
        """Return −Σαᵢ/p² − (n − Σαᵢ)/(1 − p)², shape (1, 1)."""
        p = self._inside(p)
        return np.asarray(-self.total / p**2 - (self.n - self.total) / (1.0 - p) ** 2)[:, None]

    def strong_convexity(self) -> float:
        """Return n: −f″ ≥ k + (n − k) on (0, 1)."""
        return float(self.n)

    def closed_form(self) -> Vector:
        """Return the mean, shape (1,); raise `NoClosedForm` if all outcomes are equal."""
        if self.total in (0, self.n):
            raise NoClosedForm(self.optimum().reason)
        return np.array([self.total / self.n])

    def optimum(self) -> Optimum:
        """Return the verdict: the mean, or not attained if all outcomes are equal."""
        if self.total in (0, self.n):
            end = int(self.total > 0)
            reason = (
                f"All outcomes are {end}: f rises towards p = {end}, which is outside 0 < p < 1."
            )
            return Optimum(Status.NOT_ATTAINED, reason, np.array([2.0 * end - 1.0]))
        return Optimum(Status.CONVERGED, "f is strictly concave: its maximum is the mean.")

    def sample(self, rng: np.random.Generator) -> Vector:
        """Return a random p in (0.05, 0.95)."""
        return rng.uniform(0.05, 0.95, 1)
