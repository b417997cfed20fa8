"""The distributions of the likelihood demos, each with its objective and with scipy's word on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from optidemo import objectives as o
from optidemo.linalg.moments import standard_deviation

if TYPE_CHECKING:
    from collections.abc import Callable

    from optidemo.arrays import Vector
    from optidemo.objectives.likelihood import Likelihood

__all__ = ["BERNOULLI", "EXPONENTIAL", "GAUSSIAN", "POISSON", "UNIFORM", "Family"]


class _Stats:
    """scipy.stats, imported when it is first used: it is the slowest import of all."""

    def __getattr__(self, name: str) -> Any:
        import scipy.stats

        return getattr(scipy.stats, name)


stats = _Stats()


@dataclass(frozen=True)
class Family:
    """A distribution: its objective, scipy's word on fit and log-density, and notes on f in a unit."""

    likelihood: type[Likelihood]
    make: Callable[[Vector], Any]
    log_density: Callable[[Vector, Vector], Any]
    fit: Callable[[Vector], Any] | None
    fit_name: str
    lecture: str
    notes: Callable[[Any, str], list[str]] = lambda _f, _unit: []


def _sd(x: Vector) -> float:
    """Return the maximum-likelihood standard deviation (divisor n), 1 for a constant sample."""
    return standard_deviation(x, ddof=0) or 1.0


def _sigma(f: o.GaussianLikelihood, unit: str) -> list[str]:
    """Say which σ f is for, so that f and ∇f can be computed again."""
    same = "The best μ is the same for any σ."
    if f.x.min() == f.x.max():
        return [
            f"The sample's standard deviation is 0, which no Gaussian has: σ = 1 instead. {same}"
        ]
    return [
        f"σ = {f.sigma:.10g}{unit}, the sample's standard deviation (divisor n), taken as known. {same}"
    ]


GAUSSIAN = Family(
    o.GaussianLikelihood, lambda x: o.GaussianLikelihood(x, _sd(x)),
    lambda x, mu: stats.norm.logpdf(x, mu[0], _sd(x)),
    lambda x: [stats.norm.fit(x)[0]], "scipy.stats.norm.fit",
    "The optimal solution is the average of xᵢ.", _sigma,
)  # fmt: skip
EXPONENTIAL = Family(
    o.ExponentialLikelihood, o.ExponentialLikelihood,
    lambda x, lam: stats.expon.logpdf(x, scale=1 / lam[0]),
    lambda x: [1 / stats.expon.fit(x, floc=0)[1]], "scipy.stats.expon.fit(floc=0)",
    "The lecture calls it Poisson, but λe^(−λx) is the exponential density: λ = n/Σxᵢ, not the mean.",
)  # fmt: skip
POISSON = Family(
    o.PoissonLikelihood, o.PoissonLikelihood,
    lambda x, lam: stats.poisson.logpmf(x, lam[0]), None, "",
    "Objective 15 by its name; the slide's formula is the exponential's.",
)  # fmt: skip
BERNOULLI = Family(
    o.BernoulliLikelihood, o.BernoulliLikelihood,
    lambda x, p: stats.bernoulli.logpmf(x, p[0]), None, "",
    "α can only be 1 or 0; the optimum is their mean.",
)  # fmt: skip
UNIFORM = Family(
    o.UniformLikelihood, o.UniformLikelihood,
    lambda x, v: stats.uniform.logpdf(x, v[0], v[1] - v[0]),
    lambda x: np.cumsum(stats.uniform.fit(x)), "scipy.stats.uniform.fit (loc, loc + scale)",
    "∇f = n/(b − a)·(1, −1), which is nowhere zero: the maximum is a corner of the feasible set.",
)  # fmt: skip
