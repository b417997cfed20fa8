"""The derived gradients against automatic differentiation, for every objective and several sizes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from optidemo import objectives as o
from optidemo.bench.contest import Contest, Peer, Row, Work, at_least

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.random import Generator

    from optidemo.objective import Objective

__all__ = ["CASES", "rows"]

SAMPLES = 20  # samples for each variable


@dataclass(frozen=True)
class Case:
    """An objective of a size, and the same function as one would write it for autograd.

    `data` draws the data for d variables and `objective` takes them; `formula` is a function of
    autograd's numpy, x and the data.
    """

    data: Callable[[Generator, int], tuple[Any, ...]]
    formula: Callable[..., Any]
    fixed: int = 0  # the number of variables, where the objective fixes it


def _vector(rng: Generator, d: int) -> tuple[Any, ...]:
    return (rng.standard_normal(d),)


def _matrix(rng: Generator, d: int) -> tuple[Any, ...]:
    return (rng.standard_normal((d, d)) / d + np.eye(d),)


def _regression(rng: Generator, d: int) -> tuple[Any, ...]:
    return rng.standard_normal((SAMPLES * d, d)), rng.standard_normal(SAMPLES * d)


def _labels(low: float) -> Callable[[Generator, int], tuple[Any, ...]]:
    def data(rng: Generator, d: int) -> tuple[Any, ...]:
        X, y = _regression(rng, d)
        return X, np.where(y > 0, 1.0, low)

    return data


def _positive(rng: Generator, d: int) -> tuple[Any, ...]:
    return (rng.exponential(size=SAMPLES * d),)


def _counts(rng: Generator, d: int) -> tuple[Any, ...]:
    return (rng.poisson(3.0, SAMPLES * d).astype(float),)


def _coins(rng: Generator, d: int) -> tuple[Any, ...]:
    return ((rng.random(SAMPLES * d) < 0.4).astype(float),)


def _logistic(n: Any, w: Any, X: Any, y: Any) -> Any:
    q = X @ w
    return n.sum(n.logaddexp(0.0, q) - y * q)


def _uniform(n: Any, v: Any, x: Any) -> Any:
    return -len(x) * n.log(v[1] - v[0])


CASES: dict[type[Objective], Case] = {
    o.Linear: Case(_vector, lambda n, x, y: n.dot(y, x)),
    o.Quadratic: Case(_matrix, lambda n, x, A: n.dot(x, n.dot(A, x))),
    o.TraceQuadratic: Case(_matrix, lambda n, x, A: n.dot(x, n.dot(A, x))),
    o.ReLU: Case(_vector, lambda n, w, x: n.maximum(0.0, n.dot(w, x))),
    o.LinearRegression: Case(_regression, lambda n, w, X, y: 0.5 * n.sum((n.dot(X, w) - y) ** 2)),
    o.TraceGaussian: Case(_matrix, lambda n, x, A: n.exp(-n.dot(x, n.dot(A, x)))),
    o.Gaussian: Case(_matrix, lambda n, x, A: n.exp(-n.dot(x, n.dot(A, x)))),
    o.Sigmoid: Case(lambda _rng, _d: (), lambda n, z: n.sum(1 / (1 + n.exp(-z))), fixed=1),
    o.Logistic: Case(_vector, lambda n, w, x: 1 / (1 + n.exp(-n.dot(w, x)))),
    o.LogisticRegression: Case(_labels(0.0), _logistic),
    o.L1Norm: Case(lambda _rng, d: (d,), lambda n, x, _d: n.sum(n.abs(x))),
    o.L2Norm: Case(lambda _rng, d: (d,), lambda n, x, _d: n.sqrt(n.dot(x, x))),
    o.SquaredL2Norm: Case(lambda _rng, d: (d,), lambda n, x, _d: n.dot(x, x)),
    o.SVM: Case(
        _labels(-1.0), lambda n, w, X, y: n.sum(n.maximum(0.0, 1.0 - y * n.dot(X, w)))
    ),
    o.PCA: Case(
        lambda rng, d: (*_matrix(rng, d), 0.5),
        lambda n, x, A, lam: n.dot(x, n.dot(A, x)) - lam * (n.dot(x, x) - 1.0),
    ),
    o.GaussianLikelihood: Case(
        lambda rng, d: (rng.standard_normal(SAMPLES * d), 1.5),
        lambda n, mu, x, sigma: -n.sum((x - mu) ** 2) / (2.0 * sigma**2), fixed=1,
    ),
    o.ExponentialLikelihood: Case(
        _positive, lambda n, lam, x: n.sum(n.log(lam) - lam * x), fixed=1
    ),
    o.PoissonLikelihood: Case(_counts, lambda n, lam, x: n.sum(x * n.log(lam) - lam), fixed=1),
    o.BernoulliLikelihood: Case(
        _coins, lambda n, p, a: n.sum(a * n.log(p) + (1.0 - a) * n.log(1.0 - p)), fixed=1
    ),
    o.UniformLikelihood: Case(_positive, _uniform, fixed=2),
}  # fmt: skip


def rows(contest: Contest) -> list[Row]:
    """Return a row for each objective: the least favourable of the sizes, and all of them beside it."""
    return [_row(contest, cls, case) for cls, case in CASES.items()]


def _row(contest: Contest, cls: type[Objective], case: Case) -> Row:
    sizes = [3] if contest.quick else [2, 50, 500]
    found = [_size(contest, cls, case, d) for d in sizes]
    ratios = [row.measured for row in found if row.measured is not None]
    if not ratios:
        return found[0]
    worst = min(found, key=lambda row: row.measured or 0.0)
    note = ", ".join(f"d = {d}: {r:.3g}" for d, r in zip(sizes, ratios, strict=True))
    if case.fixed:
        note = note.replace("d = ", f"n = {SAMPLES} × ")
    return Row(worst.work, worst.against, worst.goal, worst.measured, worst.seconds, note)


def _size(contest: Contest, cls: type[Objective], case: Case, d: int) -> Row:
    rng = np.random.default_rng(0)
    data = case.data(rng, d)
    f: Objective = cls(*data)
    x = f.sample(rng)

    def autograd() -> Work:
        import autograd
        import autograd.numpy as anp

        gradient = autograd.grad(lambda x: anp.sum(case.formula(anp, x, *data)))
        error = np.linalg.norm(gradient(x) - f.gradient(x))
        if error > 1e-9 * np.linalg.norm(f.gradient(x)):
            raise AssertionError(f"{cls.__name__} and its formula for autograd differ by {error}.")
        return lambda: gradient(x)

    peer = Peer("autograd", at_least(1.0), autograd)
    return contest.row(f"∇f of {cls.name}", lambda: f.gradient(x), peer)
