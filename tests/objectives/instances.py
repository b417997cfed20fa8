"""Instances of every registered objective, for tests that must hold for all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from optidemo import objectives as o
from optidemo.objectives.examples import EXAMPLES

if TYPE_CHECKING:
    from collections.abc import Callable

    from optidemo.objective import Objective

__all__ = ["CLASSES", "INSTANCES", "make"]


def _matrix(d: int, rng: np.random.Generator) -> Any:
    """Return a positive definite A that is not symmetric."""
    B = rng.standard_normal((d, d))
    K = rng.standard_normal((d, d))
    return B @ B.T + np.eye(d) + (K - K.T)


def _samples(d: int, rng: np.random.Generator) -> Any:
    return rng.standard_normal((12 * d, d))


def _labels(d: int, rng: np.random.Generator) -> Any:
    return (rng.random(12 * d) < 0.5).astype(float)


CLASSES: dict[type[Any], Callable[[int, np.random.Generator], Any]] = {
    o.Linear: lambda d, rng: o.Linear(rng.standard_normal(d)),
    o.Quadratic: lambda d, rng: o.Quadratic(_matrix(d, rng)),
    o.TraceQuadratic: lambda d, rng: o.TraceQuadratic(_matrix(d, rng)),
    o.ReLU: lambda d, rng: o.ReLU(rng.standard_normal(d)),
    o.LinearRegression: lambda d, rng: o.LinearRegression(
        _samples(d, rng), rng.standard_normal(12 * d)
    ),
    o.TraceGaussian: lambda d, rng: o.TraceGaussian(_matrix(d, rng)),
    o.Gaussian: lambda d, rng: o.Gaussian(_matrix(d, rng)),
    o.Sigmoid: lambda _d, _rng: o.Sigmoid(),
    o.Logistic: lambda d, rng: o.Logistic(rng.standard_normal(d)),
    o.LogisticRegression: lambda d, rng: o.LogisticRegression(_samples(d, rng), _labels(d, rng)),
    o.L1Norm: lambda d, _rng: o.L1Norm(d),
    o.L2Norm: lambda d, _rng: o.L2Norm(d),
    o.SquaredL2Norm: lambda d, _rng: o.SquaredL2Norm(d),
    o.SVM: lambda d, rng: o.SVM(_samples(d, rng), 2 * _labels(d, rng) - 1),
    o.PCA: lambda d, rng: o.PCA(_matrix(d, rng)),
    o.GaussianLikelihood: lambda _d, rng: o.GaussianLikelihood(rng.standard_normal(9), 1.7),
    o.ExponentialLikelihood: lambda _d, rng: o.ExponentialLikelihood(rng.exponential(2.0, 9)),
    o.PoissonLikelihood: lambda _d, _rng: o.PoissonLikelihood([1, 2, 3, 0, 4]),
    o.BernoulliLikelihood: lambda _d, _rng: o.BernoulliLikelihood([1, 0, 0, 1, 0]),
    o.UniformLikelihood: lambda _d, rng: o.UniformLikelihood(rng.uniform(2, 5, 9)),
}
"""How to make one of d variables; classes with a fixed d take no notice of it."""


def make(cls: type[Any], d: int) -> Objective:
    """Return the instance of a class with d variables, the same every time."""
    return CLASSES[cls](d, np.random.default_rng(100 + d))  # type: ignore[no-any-return]


def _all() -> dict[str, Objective]:
    found: dict[str, Objective] = {}
    for cls in o.OBJECTIVES.values():
        for d in (1, 2, 7):
            f = make(cls, d)
            if f.d == d or (d == 1 and f.d == 2):
                found[f"{f.name}-{f.d}"] = f
    return found | {f"example-{f.title}": f for f in EXAMPLES}


INSTANCES = _all()
"""Every objective in every size, and every worked example, by a readable name."""
