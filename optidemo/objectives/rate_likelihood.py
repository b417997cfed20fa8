"""Objective 15, both readings: exponential waiting times and Poisson counts."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import gammaln

from optidemo.linalg.moments import exact_sum
from optidemo.objectives.likelihood import Likelihood
from optidemo.status import NoClosedForm, Optimum, Status

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from optidemo.arrays import Matrix, Vector

__all__ = ["ExponentialLikelihood", "PoissonLikelihood"]


class ExponentialLikelihood(Likelihood):
    """f(λ) = log Πᵢ λ exp(−λxᵢ), to be maximised. The lecture calls it Poisson.

    Parameters
    ----------
    x : (n,) array_like
        The observations, ≥ 0, not all 0.

    Derivation
    ----------
    1. Multiply out: the logarithm of the product is a sum, f(λ) = Σᵢ (log λ − λxᵢ).
    2. Partial by partial: the only variable is λ, and every term has the derivative 1/λ − xᵢ.
    3. Back to a compact form: the n terms add up to f′(λ) = n/λ − Σxᵢ, zero at λ = n/Σxᵢ.

    Notes
    -----
    Gradient: n/λ − Σxᵢ
    Hessian: −n/λ²
    Lipschitz constant: none: the curvature grows without bound towards λ = 0
    Closed form: λ = n/Σxᵢ
    Stationary point: the maximum; f is concave
    Domain: λ > 0
    Lecture: objective 15, "Poisson Maximum Likelihood". λe^(−λx) is the exponential density; the
    Poisson probability is λˣe^(−λ)/x!, see `poisson-mle`.
    """

    name, number = "exponential-mle", "15"
    formula, gradient_formula = "log Π λ exp(−λxᵢ)", "n/λ − Σxᵢ"
    latex = (
        r"\log \prod_{i=1}^n \lambda e^{-\lambda x_i}",
        r"\frac{n}{\lambda} - \sum_{i=1}^n x_i",
    )
    place = "objective 15, there called Poisson Maximum Likelihood"
    variable = "lam"
    rule = "numbers ≥ 0"
    domain = "λ > 0"

    @staticmethod
    def impossible(x: Vector) -> NDArray[np.bool_]:
        """Which are negative?"""
        return np.asarray(x < 0)

    def _check(self) -> None:
        super()._check()
        self._refuse_size("the greatest entry of x", float(self.x.max()))
        if self.total == 0:
            raise ValueError("x is all zeros: the likelihood grows without end with λ.")

    @property
    def x0(self) -> Vector:
        """Half the maximiser's size, in its unit."""
        return np.array([0.5 * self.n / self.total])

    def contains(self, lam: ArrayLike) -> bool:
        """Is λ > 0?"""
        return bool(self.point(lam)[0] > 0)

    def value(self, lam: ArrayLike) -> float:
        """Return n log λ − λ Σxᵢ; −inf for λ ≤ 0."""
        rate = float(self.point(lam)[0])
        return self.n * math.log(rate) - rate * self.total if rate > 0 else -math.inf

    def gradient(self, lam: ArrayLike) -> Vector:
        """Return n/λ − Σxᵢ, shape (1,)."""
        return np.asarray(self.n / self._inside(lam) - self.total)

    def hessian(self, lam: ArrayLike) -> Matrix:
        """Return −n/λ², shape (1, 1)."""
        return np.asarray(-self.n / self._inside(lam) ** 2)[:, None]

    def closed_form(self) -> Vector:
        """Return n/Σxᵢ, shape (1,)."""
        return np.array([self.n / self.total])

    def optimum(self) -> Optimum:
        """Return the verdict: the maximum is n/Σxᵢ."""
        return Optimum(Status.CONVERGED, "f is strictly concave: its maximum is n/Σxᵢ.")

    def sample(self, rng: np.random.Generator) -> Vector:
        """Return a random λ > 0 around the maximiser."""
        return self.closed_form() * np.exp(rng.standard_normal(1))


class PoissonLikelihood(Likelihood):
    """f(λ) = log Πᵢ λ^xᵢ exp(−λ)/xᵢ!, the Poisson likelihood of counts, to be maximised.

    Parameters
    ----------
    x : (n,) array_like
        The counts: whole numbers ≥ 0.

    Derivation
    ----------
    1. Multiply out: the logarithm of the product is a sum,
       f(λ) = Σᵢ (xᵢ log λ − λ − log(xᵢ!)).
    2. Partial by partial: the only variable is λ, and every term has the derivative xᵢ/λ − 1.
    3. Back to a compact form: the n terms add up to f′(λ) = Σxᵢ/λ − n, zero at the mean λ = Σxᵢ/n.

    Notes
    -----
    Gradient: Σxᵢ/λ − n
    Hessian: −Σxᵢ/λ²
    Lipschitz constant: none: the curvature grows without bound towards λ = 0
    Closed form: λ = Σxᵢ/n, the mean
    Stationary point: the maximum; on the boundary λ → 0 if all counts are 0
    Domain: λ > 0
    Lecture: objective 15 by its name; its formula there is the exponential's
    """

    name, number = "poisson-mle", "15′"
    formula, gradient_formula = "log Π λ^xᵢ exp(−λ)/xᵢ!", "Σxᵢ/λ − n"
    latex = (
        r"\log \prod_{i=1}^n \frac{\lambda^{x_i} e^{-\lambda}}{x_i!}",
        r"\frac{1}{\lambda} \sum_{i=1}^n x_i - n",
    )
    place = "objective 15 by its name, Poisson Maximum Likelihood"
    variable = "lam"
    rule = "whole numbers ≥ 0"
    domain = "λ > 0"

    @staticmethod
    def impossible(x: Vector) -> NDArray[np.bool_]:
        """Which are negative or not whole?"""
        return np.asarray((x < 0) | (x != np.round(x)))

    def _check(self) -> None:
        super()._check()
        self._refuse_size("the greatest entry of x", float(self.x.max()))
        self._log_factorials = exact_sum(gammaln(self.x + 1.0))

    @property
    def x0(self) -> Vector:
        """Half the mean, or 1 if all counts are 0."""
        return np.array([0.5 * self.total / self.n or 1.0])

    def contains(self, lam: ArrayLike) -> bool:
        """Is λ > 0?"""
        return bool(self.point(lam)[0] > 0)

    def value(self, lam: ArrayLike) -> float:
        """Return Σxᵢ log λ − nλ − Σ log(xᵢ!); −inf for λ ≤ 0."""
        rate = float(self.point(lam)[0])
        if rate <= 0:
            return -math.inf
        return self.total * math.log(rate) - self.n * rate - self._log_factorials

    def gradient(self, lam: ArrayLike) -> Vector:
        """Return Σxᵢ/λ − n, shape (1,)."""
        return np.asarray(self.total / self._inside(lam) - self.n)

    def hessian(self, lam: ArrayLike) -> Matrix:
        """Return −Σxᵢ/λ², shape (1, 1)."""
        return np.asarray(-self.total / self._inside(lam) ** 2)[:, None]

    def closed_form(self) -> Vector:
        """Return the mean, shape (1,); raise `NoClosedForm` if all counts are 0."""
        if self.total == 0:
            raise NoClosedForm(self.optimum().reason)
        return np.array([self.total / self.n])

    def optimum(self) -> Optimum:
        """Return the verdict: the mean, or not attained if all counts are 0."""
        if self.total == 0:
            reason = "All counts are 0: f = −nλ rises towards λ = 0, which is outside λ > 0."
            return Optimum(Status.NOT_ATTAINED, reason, np.array([-1.0]))
        return Optimum(Status.CONVERGED, "f is strictly concave: its maximum is the mean.")

    def sample(self, rng: np.random.Generator) -> Vector:
        """Return a random λ > 0 around the mean."""
        return 2.0 * self.x0 * np.exp(rng.standard_normal(1))
