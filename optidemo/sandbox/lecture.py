"""A student's gradient against an objective of the lecture: which data, and in what order?

The functions of a table entry are called with the lecture's letters, so a student's parameters are
matched by their names; a mistake is then told in the same letters.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from optidemo import objectives as o

if TYPE_CHECKING:
    from collections.abc import Callable

    from optidemo.arrays import Vector
    from optidemo.objective import Objective

__all__ = ["ENTRIES", "SIZES", "Entry", "points_shape", "probe_points"]

SIZES = (2, 3, 6)
"""Numbers of variables (of samples, for the likelihoods) of the instances."""


@dataclass(frozen=True)
class Entry:
    """An objective as a function of its variable and its data.

    Attributes
    ----------
    value : callable
        ``value(variable, *data)``, with the lecture's letters as parameters.
    objective : callable
        The class, which takes the data, or the number of variables if there are none.
    draw : callable
        ``draw(size, rng)`` gives the data, in the order of the parameters.
    """

    value: Callable[..., Any]
    objective: Callable[..., Objective]
    draw: Callable[[int, np.random.Generator], tuple[Any, ...]]

    def build(self, d: int, data: tuple[Any, ...]) -> Objective:
        """Return the objective in d variables with these data."""
        if data or self.objective is o.Sigmoid:
            return self.objective(*data)
        return self.objective(d)

    @property
    def letters(self) -> list[str]:
        """The variable, then the data."""
        return list(inspect.signature(self.value).parameters)


def _at(x: Any, objective: Objective) -> Any:
    import autograd.numpy as anp

    from optidemo.checks.textbook import textbook

    formula = textbook(objective)
    return objective.value(x) if formula is None else formula(anp.reshape(x, (-1,)))


def _log_loss(w: Any, X: Any, y: Any) -> Any:
    """The slide's log(1 − σ) cancels where σ is near 1, so that it would be a bad witness there."""
    import autograd.numpy as anp

    z = anp.dot(X, anp.reshape(w, (-1,)))
    return anp.sum(anp.logaddexp(0.0, z) - y * z)


def _matrix(d: int, rng: np.random.Generator) -> tuple[Any, ...]:
    return (rng.standard_normal((d, d)),)


def _bump(d: int, rng: np.random.Generator) -> tuple[Any, ...]:
    return (np.eye(d) + 0.4 * rng.standard_normal((d, d)),)


def _vector(d: int, rng: np.random.Generator) -> tuple[Any, ...]:
    return (rng.standard_normal(d),)


def _nothing(_d: int, _rng: np.random.Generator) -> tuple[Any, ...]:
    return ()


def _labelled(low: int) -> Callable[[int, np.random.Generator], tuple[Any, ...]]:
    def draw(d: int, rng: np.random.Generator) -> tuple[Any, ...]:
        n = 2 * d + 3
        y = np.where(np.arange(n) % 2 == 0, 1, low)
        return rng.standard_normal((n, d)), rng.permutation(y)

    return draw


ENTRIES: dict[str, Entry] = {
    "linear": Entry(lambda x, y: _at(x, o.Linear(y)), o.Linear, _vector),
    "quadratic": Entry(lambda x, A: _at(x, o.Quadratic(A)), o.Quadratic, _matrix),
    "trace-quadratic": Entry(lambda x, A: _at(x, o.TraceQuadratic(A)), o.TraceQuadratic, _matrix),
    "relu": Entry(lambda w, x: _at(w, o.ReLU(x)), o.ReLU, _vector),
    "linear-regression": Entry(
        lambda w, X, y: _at(w, o.LinearRegression(X, y)), o.LinearRegression,
        lambda d, rng: (rng.standard_normal((2 * d + 1, d)), rng.standard_normal(2 * d + 1)),
    ),
    "gaussian-trace": Entry(lambda x, A: _at(x, o.TraceGaussian(A)), o.TraceGaussian, _bump),
    "gaussian": Entry(lambda x, A: _at(x, o.Gaussian(A)), o.Gaussian, _bump),
    "sigmoid": Entry(lambda z: _at(z, o.Sigmoid()), o.Sigmoid, _nothing),
    "logistic": Entry(lambda w, x: _at(w, o.Logistic(x)), o.Logistic, _vector),
    "logistic-regression": Entry(
        _log_loss, o.LogisticRegression, _labelled(0)
    ),
    "l1-norm": Entry(lambda x: _at(x, o.L1Norm(np.size(x))), o.L1Norm, _nothing),
    "l2-norm": Entry(lambda x: _at(x, o.L2Norm(np.size(x))), o.L2Norm, _nothing),
    "squared-l2-norm": Entry(
        lambda x: _at(x, o.SquaredL2Norm(np.size(x))), o.SquaredL2Norm, _nothing
    ),
    "svm": Entry(lambda w, X, y: _at(w, o.SVM(X, y)), o.SVM, _labelled(-1)),
    "pca": Entry(
        lambda x, A, lam: _at(x, o.PCA(A, lam)), o.PCA,
        lambda d, rng: (rng.standard_normal((d, d)), float(rng.uniform(0.5, 2.0))),
    ),
    "gaussian-mle": Entry(
        lambda mu, x, sigma: _at(mu, o.GaussianLikelihood(x, sigma)), o.GaussianLikelihood,
        lambda n, rng: (rng.standard_normal(n + 2), float(rng.uniform(0.5, 2.0))),
    ),
    "exponential-mle": Entry(
        lambda lam, x: _at(lam, o.ExponentialLikelihood(x)), o.ExponentialLikelihood,
        lambda n, rng: (rng.exponential(size=n + 2) + 0.1,),
    ),
    "poisson-mle": Entry(
        lambda lam, x: _at(lam, o.PoissonLikelihood(x)), o.PoissonLikelihood,
        lambda n, rng: (rng.poisson(3.0, n + 2) + 1,),
    ),
    "bernoulli-mle": Entry(
        lambda p, alpha: _at(p, o.BernoulliLikelihood(alpha)), o.BernoulliLikelihood,
        lambda n, rng: (rng.permutation(np.arange(n + 3) % 3 == 0).astype(int),),
    ),
    "uniform-mle": Entry(
        lambda v, x: _at(v, o.UniformLikelihood(x)), o.UniformLikelihood,
        lambda n, rng: (rng.standard_normal(n + 2),),
    ),
}  # fmt: skip
"""The lecture's objectives by their command-line name."""

SCALAR = frozenset({"z", "mu", "lam", "p"})


def points_shape(
    entry: Entry, d: int, grad: Callable[..., Any], data: tuple[Any, ...]
) -> tuple[int, ...]:
    """Return the shape of the variable that the student's function works with."""
    flat: tuple[int, ...] = (d,)
    one_number = entry.letters[0] in SCALAR
    shapes: tuple[tuple[int, ...], ...] = ((), flat) if one_number else (flat, (d, 1))
    for shape in shapes:
        x = np.full(shape, 0.4)[()]
        try:
            answer = np.asarray(grad(x, *data))
        except Exception:  # noqa: BLE001, S112  (the next shape may do; if none does, the check says why)
            continue
        if answer.shape == shape:
            return shape
    return shapes[0]


def probe_points(f: Objective, seed: int, at: Any = None) -> list[Vector]:
    """Return the points at which the tool's own process compares the answers once more."""
    if at is not None:
        return [np.array(at, dtype=float).ravel()]
    rng = np.random.default_rng(seed)
    return [f.sample(rng) for _ in range(4)]
