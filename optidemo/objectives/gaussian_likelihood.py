"""Objective 14: the log-likelihood of a Gaussian sample, to be maximised."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from optidemo.arrays import Matrix, Vector, as_scalar
from optidemo.objectives.likelihood import Likelihood
from optidemo.status import Optimum, Status

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["GaussianLikelihood"]


class GaussianLikelihood(Likelihood):
    """f(μ) = log Πᵢ N(xᵢ; μ, σ²), to be maximised.

    Parameters
    ----------
    x : (n,) array_like
        The observations.
    sigma : float
        The known standard deviation, > 0, in the unit of x.

    Derivation
    ----------
    1. Multiply out: the logarithm of the product is a sum,
       f(μ) = n log(1/(σ√(2π))) − Σᵢ (xᵢ − μ)²/(2σ²).
    2. Partial by partial: the only variable is μ, and by the chain rule every term of the sum has
       the derivative −2(xᵢ − μ)/(2σ²) · (−1) = (xᵢ − μ)/σ²; the first term is a constant.
    3. Back to a compact form: f′(μ) = Σ(xᵢ − μ)/σ². (The slide then sets −f′ to zero; the minus
       is harmless there but would turn an ascent round.)

    Notes
    -----
    Gradient: Σ(xᵢ − μ)/σ²
    Hessian: −n/σ²
    Lipschitz constant: L = n/σ²
    Closed form: μ = (1/n) Σxᵢ, the mean
    Stationary point: the maximum; f is concave
    Domain: all of ℝ
    Lecture: objective 14, "The Gaussian MLE objective"
    """

    name, number = "gaussian-mle", "14"
    formula, gradient_formula = "log Π N(xᵢ; μ, σ²)", "Σ(xᵢ − μ)/σ²"
    latex = (
        r"\log \prod_{i=1}^n \frac{1}{\sigma\sqrt{2\pi}} e^{-\frac{(x_i - \mu)^2}{2\sigma^2}}",
        r"\frac{1}{\sigma^2} \sum_{i=1}^n (x_i - \mu)",
    )
    place = "objective 14, The Gaussian MLE objective"
    variable = "mu"
    constant_hessian = True

    def __init__(self, x: ArrayLike, sigma: float) -> None:
        self.sigma = as_scalar(sigma, "sigma", positive=True)
        super().__init__(x)
        self._refuse_size("sigma", self.sigma)

    def value(self, mu: ArrayLike) -> float:
        """Return −n log(σ√(2π)) − Σ(xᵢ − μ)²/(2σ²)."""
        z = (self.x - self.point(mu)) / self.sigma
        return float(-self.n * math.log(self.sigma * math.sqrt(2.0 * math.pi)) - 0.5 * (z @ z))

    def gradient(self, mu: ArrayLike) -> Vector:
        """Return Σ(xᵢ − μ)/σ², shape (1,)."""
        return np.array([np.sum(self.x - self.point(mu)) / self.sigma**2])

    def hessian(self, mu: ArrayLike) -> Matrix:
        """Return −n/σ², shape (1, 1)."""
        self.point(mu)
        return np.array([[-self.n / self.sigma**2]])

    def lipschitz(self) -> float:
        """Return n/σ²."""
        return self.n / self.sigma**2

    def strong_convexity(self) -> float:
        """Return n/σ²: −f is strongly convex."""
        return self.n / self.sigma**2

    def closed_form(self) -> Vector:
        """Return the mean, shape (1,), correctly rounded."""
        return np.array([self.total / self.n])

    def optimum(self) -> Optimum:
        """Return the verdict: the maximum is the mean."""
        return Optimum(Status.CONVERGED, "f is strictly concave: its maximum is the mean.")
