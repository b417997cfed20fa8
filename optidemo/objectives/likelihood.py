"""Objectives 14 to 17: log-likelihoods, to be maximised."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import gammaln, xlog1py, xlogy

from optidemo.arrays import Matrix, Vector, as_scalar, as_vector
from optidemo.objective import Objective
from optidemo.status import DomainError, NoClosedForm, Optimum, Status

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = [
    "BernoulliLikelihood",
    "ExponentialLikelihood",
    "GaussianLikelihood",
    "PoissonLikelihood",
    "UniformLikelihood",
]


class Likelihood(Objective):
    """What the five have in common: a sample, one concave log-likelihood of it, one maximum."""

    sense = "maximize"
    convex = True
    sample_name = "x"
    d = 1

    def __init__(self, x: ArrayLike) -> None:
        self.x = as_vector(x, self.sample_name)
        if self.x.size == 0:
            raise ValueError(
                f"{self.sample_name} is empty: a likelihood needs at least one observation."
            )
        self.n = self.x.size
        self.total = math.fsum(self.x.tolist())
        self._check()

    def _check(self) -> None:
        """Refuse observations that the distribution cannot produce."""

    def _refuse(self, bad: NDArray[np.bool_], rule: str) -> None:
        if bad.any():
            i = int(np.argmax(bad))
            name = self.sample_name
            raise ValueError(f"{name} must hold {rule}, but {name}[{i}] is {self.x[i]:g}.")

    def _inside(self, x: ArrayLike) -> Vector:
        x = self.point(x)
        if not self.contains(x):
            raise DomainError(f"{self.variable} = {x} lies outside the domain {self.domain}.")
        return x

    domain = "ℝ"


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
    2. Partial by partial: the only variable is μ: df/dμ = Σᵢ 2(xᵢ − μ)/(2σ²).
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


class ExponentialLikelihood(Likelihood):
    """f(λ) = log Πᵢ λ exp(−λxᵢ), to be maximised. The lecture calls it Poisson.

    Parameters
    ----------
    x : (n,) array_like
        The observations, ≥ 0, not all 0.

    Derivation
    ----------
    1. Multiply out: the logarithm of the product is a sum, f(λ) = n log λ − λ Σxᵢ.
    2. Partial by partial: the only variable is λ: df/dλ = n/λ − Σxᵢ.
    3. Back to a compact form: f′(λ) = n/λ − Σxᵢ, zero at λ = n/Σxᵢ.

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
    domain = "λ > 0"

    def _check(self) -> None:
        self._refuse(self.x < 0, "numbers ≥ 0")
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
       f(λ) = Σxᵢ log λ − nλ − Σ log(xᵢ!).
    2. Partial by partial: the only variable is λ: df/dλ = Σxᵢ/λ − n.
    3. Back to a compact form: f′(λ) = Σxᵢ/λ − n, zero at the mean λ = Σxᵢ/n.

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

    name, number = "poisson-mle", "15b"
    formula, gradient_formula = "log Π λ^xᵢ exp(−λ)/xᵢ!", "Σxᵢ/λ − n"
    latex = (
        r"\log \prod_{i=1}^n \frac{\lambda^{x_i} e^{-\lambda}}{x_i!}",
        r"\frac{1}{\lambda} \sum_{i=1}^n x_i - n",
    )
    place = "objective 15 by its name, Poisson Maximum Likelihood"
    variable = "lam"
    domain = "λ > 0"

    def _check(self) -> None:
        self._refuse((self.x < 0) | (self.x != np.round(self.x)), "whole numbers ≥ 0")
        self._log_factorials = math.fsum(np.asarray(gammaln(self.x + 1.0)).tolist())

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


class BernoulliLikelihood(Likelihood):
    """f(p) = log Πᵢ p^αᵢ (1 − p)^(1 − αᵢ), to be maximised.

    Parameters
    ----------
    alpha : (n,) array_like
        The outcomes, 0 or 1.

    Derivation
    ----------
    1. Multiply out: the logarithm of the product is a sum,
       f(p) = Σαᵢ log p + (n − Σαᵢ) log(1 − p).
    2. Partial by partial: the only variable is p: df/dp = Σαᵢ/p − (n − Σαᵢ)/(1 − p).
    3. Back to a compact form: with k = Σαᵢ, f′(p) = k/p − (n − k)/(1 − p), zero at p = k/n.

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
    domain = "0 < p < 1"

    def _check(self) -> None:
        self._refuse((self.x != 0) & (self.x != 1), "the outcomes 0 and 1")

    @property
    def x0(self) -> Vector:
        """P = 0.25: one half would solve a balanced sample at once."""
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
