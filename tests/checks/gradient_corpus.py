"""Right and wrong gradients of the lecture's functions, as a student would write them.

A family is a function with its right gradients and its wrong ones; each wrong one carries the kinds that a
careful reader would accept. ``make(d, rng)`` gives x and the arguments in dimension d.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

Function = Callable[..., Any]
Rng = np.random.Generator


@dataclass(frozen=True)
class Family:
    """One function; `right` and `wrong` are its gradients, `make` its data."""

    name: str
    fun: Function
    make: Callable[[int, Rng], tuple[Any, tuple[Any, ...]]]
    right: tuple[Function, ...]
    wrong: tuple[tuple[str, Function], ...] = ()
    dims: tuple[int, ...] = (2, 3, 7)
    tags: frozenset[str] = field(default_factory=frozenset)


def sigma(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def relu(z: Any) -> Any:
    return np.maximum(z, 0)


def vec(d: int, rng: Rng) -> tuple[Any, tuple[Any, ...]]:
    return rng.standard_normal(d), ()


def vec_y(d: int, rng: Rng) -> tuple[Any, tuple[Any, ...]]:
    return rng.standard_normal(d), (rng.standard_normal(d),)


def vec_a(d: int, rng: Rng) -> tuple[Any, tuple[Any, ...]]:
    return rng.standard_normal(d), (rng.standard_normal((d, d)),)


def vec_ya(d: int, rng: Rng) -> tuple[Any, tuple[Any, ...]]:
    return rng.standard_normal(d), (rng.standard_normal(d), rng.standard_normal((d, d)))


def data(d: int, rng: Rng) -> tuple[Any, tuple[Any, ...]]:
    X = rng.standard_normal((d + 4, d))
    return rng.standard_normal(d), (X, rng.standard_normal(d + 4))


def data_lam(d: int, rng: Rng) -> tuple[Any, tuple[Any, ...]]:
    w, (X, y) = data(d, rng)
    return w, (X, y, 0.7)


def labels01(d: int, rng: Rng) -> tuple[Any, tuple[Any, ...]]:
    w, (X, y) = data(d, rng)
    return w, (X, (y > 0).astype(float))


def labels_pm(d: int, rng: Rng) -> tuple[Any, tuple[Any, ...]]:
    w, (X, y) = data(d, rng)
    return w, (X, np.sign(y))


def sample(_d: int, rng: Rng) -> tuple[Any, tuple[Any, ...]]:
    return float(rng.uniform(0.5, 2)), (rng.exponential(1.3, 6),)


def sample_sigma(_d: int, rng: Rng) -> tuple[Any, tuple[Any, ...]]:
    return float(rng.uniform(0.5, 2)), (rng.standard_normal(6), 1.7)


def coins(_d: int, _rng: Rng) -> tuple[Any, tuple[Any, ...]]:
    return 0.37, (np.array([1.0, 0, 1, 1, 0, 1, 0]),)


def interval(_d: int, rng: Rng) -> tuple[Any, tuple[Any, ...]]:
    return np.array([-0.4, 1.3]), (rng.uniform(0, 1, 5),)


def scalar(_d: int, rng: Rng) -> tuple[Any, tuple[Any, ...]]:
    return float(rng.uniform(0.4, 1.2)), ()


def positive(d: int, rng: Rng) -> tuple[Any, tuple[Any, ...]]:
    return rng.uniform(0.5, 2, d), ()


def swap_last(g: Any) -> Any:
    g = np.array(g, dtype=float)
    g[-1] = g[-1] * 1.1 + 0.1
    return g


def norm(v: Any) -> Any:
    return np.sqrt(np.sum(v**2))


def lsq_loop(w: Any, X: Any, y: Any) -> float:
    total = 0.0
    for xi, yi in zip(X, y, strict=True):
        total += 0.5 * (float(np.dot(w, xi)) - yi) ** 2
    return total


def lsq_loop_gradient(w: Any, X: Any, y: Any) -> Any:
    g = np.zeros_like(w)
    for j in range(len(w)):
        for i in range(len(y)):
            g[j] += (X[i] @ w - y[i]) * X[i, j]
    return g


def hinge(w: Any, X: Any, y: Any) -> Any:
    return np.sum(relu(1 - y * (X @ w)))


def hinge_gradient(w: Any, X: Any, y: Any) -> Any:
    return -X.T @ (y * (y * (X @ w) < 1))


def quick2(x: Any) -> Any:
    return x[0] ** 2 - x[0] - np.log(x[1]) + np.exp(-x[0] + x[1]) + 2 * x[1] - 3


def quick2_gradient(x: Any) -> Any:
    e = np.exp(-x[0] + x[1])
    return np.array([2 * x[0] - 1 - e, -1 / x[1] + e + 2])


def real_life(x: Any) -> Any:
    return np.log(2 * x * x) / np.log(3) - 2 * x * np.exp(3 * x) + 2


FAMILIES: tuple[Family, ...] = (
    Family(
        "linear",
        lambda x, y: y @ x,
        vec_y,
        (lambda x, y: y, lambda x, y: 1.0 * y + 0 * x, lambda x, y: list(y)),
        (
            ("sign", lambda x, y: -y),
            ("factor", lambda x, y: 2 * y),
            ("wrong-variable", lambda x, y: x),
            ("permuted", lambda x, y: y[::-1]),
            ("not-differentiated", lambda x, y: y @ x),
            ("extra-term", lambda x, y: y + x),
            ("shape", lambda x, y: y[:, None]),
            ("shape", lambda x, y: y[None, :]),
            ("wrong-entries", lambda x, y: swap_last(y)),
            ("missing-term", lambda x, y: np.zeros_like(x)),
            ("raises", lambda x, y: None),
            ("raises", lambda x, y: y @ x[:-1]),
        ),
    ),
    Family(
        "quadratic",
        lambda x, A: x @ A @ x,
        vec_a,
        (
            lambda x, A: (A + A.T) @ x,
            lambda x, A: A @ x + x @ A,
            lambda x, A: A.dot(x) + A.T.dot(x),
        ),
        (
            ("sign", lambda x, A: -(A + A.T) @ x),
            ("factor", lambda x, A: 0.5 * (A + A.T) @ x),
            ("missing-transpose", lambda x, A: 2 * A @ x),
            ("missing-transpose", lambda x, A: A @ x),
            ("missing-transpose", lambda x, A: 2 * A.T @ x),
            ("missing-transpose", lambda x, A: np.dot(A.T, x)),
            ("not-differentiated", lambda x, A: x @ A @ x),
            ("permuted", lambda x, A: np.roll((A + A.T) @ x, 1)),
            ("extra-term", lambda x, A: (A + A.T) @ x + x),
            ("extra-term", lambda x, A: (A + A.T) @ x + 0.01 * x),
            ("extra-term", lambda x, A: (A + A.T) @ x + 1),
            ("shape", lambda x, A: ((A + A.T) @ x).reshape(-1, 1)),
            ("shape", lambda x, A: A + A.T),
            ("shape", lambda x, A: np.sum((A + A.T) @ x)),
            ("wrong-entries", lambda x, A: swap_last((A + A.T) @ x)),
            ("factor", lambda x, A: (A + A.T) @ x * (1 + 1e-5)),
        ),
    ),
    Family(
        "trace-quadratic",
        lambda x, A: np.trace(np.outer(x, x) @ A),
        vec_a,
        (lambda x, A: (A + A.T) @ x,),
        (
            ("missing-transpose", lambda x, A: 2 * np.dot(A, x)),
            ("missing-transpose", lambda x, A: x @ A),
            ("sign", lambda x, A: -((A + A.T) @ x)),
        ),
    ),
    Family(
        "relu",
        lambda w, x: relu(w @ x),
        vec_y,
        (
            lambda w, x: (w @ x > 0) * x,
            lambda w, x: (w @ x >= 0) * x,
            lambda w, x: x if w @ x > 0 else np.zeros_like(x),
        ),
        (
            ("shape", lambda w, x: x if w @ x > 0 else 0),
            ("chain-rule", lambda w, x: x),
            ("wrong-variable", lambda w, x: (w @ x > 0) * w),
            ("sign", lambda w, x: -1.0 * (w @ x > 0) * x),
            ("chain-rule wrong-function unknown", lambda w, x: (w @ x < 0) * x),
            ("chain-rule wrong-function", lambda w, x: (w @ x > 1) * x),
            ("chain-rule", lambda w, x: max(w @ x, 0) * x),
        ),
    ),
    Family(
        "linear-regression",
        lambda w, X, y: 0.5 * np.sum((X @ w - y) ** 2),
        data,
        (lambda w, X, y: X.T @ (X @ w - y), lsq_loop_gradient),
        (
            ("factor", lambda w, X, y: 2 * X.T @ (X @ w - y)),
            ("factor", lambda w, X, y: X.T @ (X @ w - y) / len(y)),
            ("sign", lambda w, X, y: X.T @ (y - X @ w)),
            ("missing-term", lambda w, X, y: X.T @ (X @ w)),
            ("missing-term extra-term", lambda w, X, y: X.T @ (X @ w + y)),
            ("extra-term", lambda w, X, y: X.T @ (X @ w - y) + w),
            ("raises", lambda w, X, y: X @ (X @ w - y)),
            ("shape", lambda w, X, y: X.T @ (X @ w[:, None] - y[:, None])),
            ("shape", lambda w, X, y: np.sum(X.T @ (X @ w - y))),
            ("not-differentiated", lambda w, X, y: 0.5 * np.sum((X @ w - y) ** 2)),
            ("wrong-entries", lambda w, X, y: swap_last(X.T @ (X @ w - y))),
        ),
    ),
    Family(
        "loop-regression",
        lsq_loop,
        data,
        (lambda w, X, y: X.T @ (X @ w - y),),
        (("factor", lambda w, X, y: 2 * X.T @ (X @ w - y)),),
    ),
    Family(
        "ridge",
        lambda w, X, y, lam: np.mean((X @ w - y) ** 2) + lam * np.sum(w**2),
        data_lam,
        (lambda w, X, y, lam: 2 * X.T @ (X @ w - y) / len(y) + 2 * lam * w,),
        (
            ("missing-term", lambda w, X, y, lam: 2 * X.T @ (X @ w - y) / len(y)),
            ("missing-term", lambda w, X, y, lam: 2 * X.T @ (X @ w - y) / len(y) + lam * w),
            (
                "extra-term",
                lambda w, X, y, lam: 2 * X.T @ (X @ w - y) / len(y) - 2 * lam * w + 5 * lam * w,
            ),
            ("missing-term", lambda w, X, y, lam: 2 * X.T @ (X @ w - y) / len(y) - 2 * lam * w),
            (
                "missing-term extra-term",
                lambda w, X, y, lam: 2 * X.T @ (X @ w - y) / len(y) + 2 * w,
            ),
            (
                "extra-term",
                lambda w, X, y, lam: 2 * X.T @ (X @ w - y) / len(y) + 2 * lam * w + np.sign(w),
            ),
        ),
    ),
    Family(
        "lasso",
        lambda w, X, y, lam: 0.5 * np.sum((X @ w - y) ** 2) + lam * np.sum(np.abs(w)),
        data_lam,
        (lambda w, X, y, lam: X.T @ (X @ w - y) + lam * np.sign(w),),
        (
            ("missing-term", lambda w, X, y, lam: X.T @ (X @ w - y)),
            ("extra-term missing-term", lambda w, X, y, lam: X.T @ (X @ w - y) + np.sign(w)),
            ("missing-term", lambda w, X, y, lam: X.T @ (X @ w - y) - lam * np.sign(w)),
            ("wrong-function", lambda w, X, y, lam: X.T @ (X @ w - y) + lam * w),
        ),
    ),
    Family(
        "gaussian",
        lambda x, A: np.exp(-x @ A @ x),
        lambda d, rng: (
            0.5 * rng.standard_normal(d),
            (0.4 * rng.standard_normal((d, d)) + np.eye(d),),
        ),
        (lambda x, A: -np.exp(-x @ A @ x) * ((A + A.T) @ x),),
        (
            ("sign", lambda x, A: np.exp(-x @ A @ x) * ((A + A.T) @ x)),
            ("chain-rule", lambda x, A: -(A + A.T) @ x),
            ("chain-rule", lambda x, A: (A + A.T) @ x),
            ("missing-transpose", lambda x, A: -2 * np.exp(-x @ A @ x) * (A @ x)),
            ("missing-transpose", lambda x, A: -np.exp(-x @ A @ x) * (A @ x)),
            ("not-differentiated", lambda x, A: np.exp(-x @ A @ x)),
            ("factor", lambda x, A: -0.5 * np.exp(-x @ A @ x) * ((A + A.T) @ x)),
        ),
    ),
    Family(
        "gaussian-trace",
        lambda w, A: np.exp(-np.trace(np.dot(np.dot(np.transpose(w), A), w))),
        lambda d, rng: (
            0.5 * rng.standard_normal((d, 1)),
            (0.4 * rng.standard_normal((d, d)) + np.eye(d),),
        ),
        (lambda w, A: -np.exp(-np.trace(w.T @ A @ w)) * (A + A.T).dot(w),),
        (
            ("missing-transpose", lambda w, A: -np.exp(-np.trace(w.T @ A @ w)) * 2 * A.dot(w)),
            ("chain-rule", lambda w, A: -(A + A.T).dot(w)),
            ("shape", lambda w, A: (-np.exp(-np.trace(w.T @ A @ w)) * (A + A.T).dot(w)).ravel()),
            ("shape", lambda w, A: (-np.exp(-np.trace(w.T @ A @ w)) * (A + A.T).dot(w)).T),
        ),
    ),
    Family(
        "sigmoid",
        sigma,
        scalar,
        (lambda z: sigma(z) * (1 - sigma(z)), lambda z: np.exp(-z) / (1 + np.exp(-z)) ** 2),
        (
            ("not-differentiated", sigma),
            ("chain-rule", lambda z: 1 - sigma(z)),
            ("sign", lambda z: -sigma(z) * (1 - sigma(z))),
            ("chain-rule", lambda z: sigma(z) ** 2),
            ("chain-rule", lambda z: -1 / (1 + np.exp(-z)) ** 2),
            ("wrong-function", lambda z: 1 - sigma(z) ** 2),
        ),
        dims=(1,),
    ),
    Family(
        "logistic",
        lambda w, x: sigma(w @ x),
        vec_y,
        (lambda w, x: sigma(w @ x) * (1 - sigma(w @ x)) * x,),
        (
            ("chain-rule", lambda w, x: sigma(w @ x) * x),
            ("chain-rule", lambda w, x: (1 - sigma(w @ x)) * x),
            ("chain-rule", lambda w, x: x),
            ("wrong-variable", lambda w, x: sigma(w @ x) * (1 - sigma(w @ x)) * w),
            ("shape", lambda w, x: sigma(w @ x) * (1 - sigma(w @ x))),
            ("not-differentiated", lambda w, x: sigma(w @ x)),
        ),
    ),
    Family(
        "logistic-regression",
        lambda w, X, a: np.sum(np.logaddexp(0, X @ w) - a * (X @ w)),
        labels01,
        (lambda w, X, a: X.T @ (sigma(X @ w) - a),),
        (
            ("sign", lambda w, X, a: X.T @ (a - sigma(X @ w))),
            ("factor", lambda w, X, a: X.T @ (sigma(X @ w) - a) / len(a)),
            ("missing-term", lambda w, X, a: X.T @ sigma(X @ w)),
            ("extra-term", lambda w, X, a: X.T @ (sigma(X @ w) - a) + 0.1 * w),
            ("wrong-function", lambda w, X, a: X.T @ (X @ w - a)),
            (
                "wrong-function not-a-gradient",
                lambda w, X, a: X.T @ (sigma(X @ w) * (1 - sigma(X @ w)) - a),
            ),
        ),
    ),
    Family(
        "l1-norm",
        lambda x: np.sum(np.abs(x)),
        vec,
        (np.sign, lambda x: 1.0 * (x > 0) - (x <= 0), lambda x: x / np.abs(x)),
        (
            ("sign", lambda x: -np.sign(x)),
            ("chain-rule", lambda x: np.ones_like(x)),
            ("chain-rule", lambda x: x),
            ("shape", lambda x: np.sum(np.sign(x))),
            ("not-differentiated", lambda x: np.sum(np.abs(x))),
            ("chain-rule wrong-function", lambda x: 1.0 * (x > 0)),
            ("extra-term", lambda x: np.sign(x) + 1),
        ),
    ),
    Family(
        "l2-norm",
        lambda x: np.linalg.norm(x),
        vec,
        (lambda x: x / np.linalg.norm(x),),
        (
            ("chain-rule", lambda x: x),
            ("chain-rule", lambda x: 2 * x),
            ("chain-rule", lambda x: x / np.sum(x**2)),
            ("sign", lambda x: -x / norm(x)),
            ("factor", lambda x: x / (2 * norm(x))),
            ("chain-rule", lambda x: 0.5 * x / np.sqrt(norm(x))),
        ),
    ),
    Family(
        "squared-l2-norm",
        lambda x: np.sum(x**2),
        vec,
        (lambda x: 2 * x,),
        (
            ("factor", lambda x: x),
            ("not-differentiated", lambda x: np.sum(x**2)),
            ("chain-rule", lambda x: 2 * np.abs(x)),
            ("wrong-function chain-rule", lambda x: 2 * x**2),
            ("shape", lambda x: 2 * np.outer(x, np.ones_like(x))),
        ),
    ),
    Family(
        "svm",
        hinge,
        labels_pm,
        (hinge_gradient, lambda w, X, y: -(X.T * y) @ (1.0 * (y * (X @ w) <= 1))),
        (
            ("sign", lambda w, X, y: X.T @ (y * (y * (X @ w) < 1))),
            ("wrong-function", lambda w, X, y: -X.T @ y),
            ("wrong-function not-a-gradient", lambda w, X, y: -X.T @ (1.0 * (y * (X @ w) < 1))),
            ("factor", lambda w, X, y: hinge_gradient(w, X, y) / len(y)),
            ("extra-term", lambda w, X, y: hinge_gradient(w, X, y) + w),
            ("wrong-function", lambda w, X, y: -X.T @ (y * (y * (X @ w) < 0))),
            ("wrong-function", lambda w, X, y: -X.T @ (y * (y * (X @ w) > 1))),
        ),
    ),
    Family(
        "pca",
        lambda x, A, lam: x @ A @ x - lam * (x @ x - 1),
        lambda d, rng: (rng.standard_normal(d), (rng.standard_normal((d, d)), 1.3)),
        (lambda x, A, lam: (A + A.T) @ x - 2 * lam * x,),
        (
            ("missing-transpose", lambda x, A, lam: 2 * A @ x - 2 * lam * x),
            ("missing-transpose", lambda x, A, lam: A @ x - 2 * lam * x),
            ("missing-term", lambda x, A, lam: (A + A.T) @ x),
            ("missing-term extra-term", lambda x, A, lam: (A + A.T) @ x - lam * x),
            ("missing-term extra-term", lambda x, A, lam: (A + A.T) @ x + 2 * lam * x),
            ("missing-term extra-term", lambda x, A, lam: (A + A.T) @ x - 2 * lam * x + lam),
            ("missing-term extra-term", lambda x, A, lam: (A + A.T) @ x - 2 * x),
            ("wrong-variable", lambda x, A, lam: 1 - x @ x),
        ),
    ),
    Family(
        "gaussian-mle",
        lambda mu, x, s: np.sum(-0.5 * np.log(2 * np.pi * s**2) - (x - mu) ** 2 / (2 * s**2)),
        sample_sigma,
        (lambda mu, x, s: np.sum(x - mu) / s**2,),
        (
            ("sign", lambda mu, x, s: -np.sum(x - mu) / s**2),
            ("factor", lambda mu, x, s: np.sum(x - mu)),
            ("factor", lambda mu, x, s: np.sum(x - mu) / s),
            ("factor", lambda mu, x, s: np.mean(x - mu) / s**2),
            ("missing-term", lambda mu, x, s: np.sum(x) / s**2),
            ("shape", lambda mu, x, s: (x - mu) / s**2),
        ),
        dims=(1,),
    ),
    Family(
        "exponential-mle",
        lambda lam, x: np.sum(np.log(lam) - lam * x),
        sample,
        (lambda lam, x: len(x) / lam - np.sum(x),),
        (
            ("sign", lambda lam, x: np.sum(x) - len(x) / lam),
            ("missing-term", lambda lam, x: len(x) / lam),
            ("missing-term extra-term", lambda lam, x: len(x) / lam + np.sum(x)),
            ("factor", lambda lam, x: 1 / lam - np.mean(x)),
            ("wrong-function missing-term extra-term", lambda lam, x: np.sum(x) / lam - len(x)),
        ),
        dims=(1,),
    ),
    Family(
        "poisson-mle",
        lambda lam, x: sum(k * math.log(lam) - lam - math.lgamma(k + 1) for k in x),
        lambda d, rng: (1.7, (np.array([1.0, 2, 3, 0, 4]),)),
        (lambda lam, x: np.sum(x) / lam - len(x),),
        (
            ("extra-term", lambda lam, x: np.sum(x) / lam),
            ("wrong-function missing-term extra-term", lambda lam, x: len(x) / lam - np.sum(x)),
            ("factor", lambda lam, x: np.mean(x) / lam - 1),
        ),
        dims=(1,),
    ),
    Family(
        "bernoulli-mle",
        lambda p, a: np.sum(a * np.log(p) + (1 - a) * np.log(1 - p)),
        coins,
        (lambda p, a: a.sum() / p - (len(a) - a.sum()) / (1 - p),),
        (
            ("missing-term extra-term", lambda p, a: a.sum() / p + (len(a) - a.sum()) / (1 - p)),
            ("missing-term extra-term", lambda p, a: a.sum() / p),
            ("factor", lambda p, a: a.mean() / p - (1 - a.mean()) / (1 - p)),
            ("chain-rule", lambda p, a: a.sum() - len(a) * p),
        ),
        dims=(1,),
    ),
    Family(
        "uniform-mle",
        lambda v, x: -len(x) * np.log(v[1] - v[0]),
        interval,
        (lambda v, x: len(x) / (v[1] - v[0]) * np.array([1, -1]),),
        (
            ("sign", lambda v, x: len(x) / (v[1] - v[0]) * np.array([-1, 1])),
            ("wrong-entries", lambda v, x: len(x) / (v[1] - v[0]) * np.array([1, 1])),
            ("factor", lambda v, x: 1 / (v[1] - v[0]) * np.array([1, -1])),
            ("chain-rule", lambda v, x: len(x) * np.array([1.0, -1.0])),
        ),
        dims=(2,),
    ),
    Family(
        "example",
        lambda x: 0.3 * x**2 + 0.2,
        scalar,
        (lambda x: 0.6 * x,),
        (
            ("factor", lambda x: 0.3 * x),
            ("extra-term", lambda x: 0.6 * x + 0.2),
            ("not-differentiated", lambda x: 0.3 * x**2 + 0.2),
            ("chain-rule", lambda x: 0.6),
        ),
        dims=(1,),
    ),
    Family(
        "three-inputs",
        lambda x: x[0] + 2 * x[1] - 3 * x[2],
        vec,
        (lambda x: np.array([1, 2, -3]),),
        (
            ("wrong-entries", lambda x: np.array([1, 2, 3])),
            ("permuted", lambda x: np.array([-3, 2, 1])),
        ),
        dims=(3,),
    ),
    Family(
        "single",
        lambda x: 2 * x - math.exp(x),
        scalar,
        (lambda x: 2 - math.exp(x),),
        (
            ("missing-term", lambda x: -math.exp(x)),
            ("missing-term extra-term", lambda x: 2 + math.exp(x)),
        ),
        dims=(1,),
    ),
    Family(
        "several",
        lambda x: 2 * x[0] - np.exp(x[1]) - np.log(x[2]),
        positive,
        (lambda x: np.array([2, -np.exp(x[1]), -1 / x[2]]),),
        (
            ("wrong-entries", lambda x: np.array([2, -np.exp(x[1]), 1 / x[2]])),
            ("wrong-entries", lambda x: np.array([2, np.exp(x[1]), 1 / x[2]])),
        ),
        dims=(3,),
    ),
    Family(
        "quick-2",
        quick2,
        positive,
        (quick2_gradient,),
        (
            ("wrong-entries", lambda x: quick2_gradient(x) + np.array([1, 0])),
            (
                "wrong-function not-a-gradient",
                lambda x: (
                    np.array([2 * x[0] - 1, -1 / x[1]]) + np.exp(x[1] - x[0]) * np.array([1, 1])
                ),
            ),
        ),
        dims=(2,),
    ),
    Family(
        "y-minus-w",
        lambda x, y, w: y @ x - w @ x,
        lambda d, rng: (rng.standard_normal(d), (rng.standard_normal(d), rng.standard_normal(d))),
        (lambda x, y, w: y - w,),
        (
            ("missing-term", lambda x, y, w: y),
            ("missing-term extra-term", lambda x, y, w: y + w),
            ("sign", lambda x, y, w: w - y),
            ("missing-term", lambda x, y, w: -w),
        ),
    ),
    Family(
        "bilinear",
        lambda x, y, A: y @ A @ x,
        vec_ya,
        (lambda x, y, A: A.T @ y,),
        (
            ("missing-transpose", lambda x, y, A: A @ y),
            ("wrong-variable", lambda x, y, A: A @ x),
            ("factor", lambda x, y, A: 2 * A.T @ y),
            ("permuted", lambda x, y, A: (A.T @ y)[::-1]),
        ),
    ),
    Family(
        "bilinear-minus",
        lambda x, y, A: y @ A @ x - y @ x,
        vec_ya,
        (lambda x, y, A: A.T @ y - y,),
        (
            ("missing-transpose", lambda x, y, A: A @ y - y),
            ("extra-term", lambda x, y, A: A.T @ y),
            ("missing-term extra-term", lambda x, y, A: A.T @ y + y),
            ("wrong-variable", lambda x, y, A: A @ x - x),
        ),
    ),
    Family(
        "exp-bilinear",
        lambda x, y, A: np.exp(y @ A @ x),
        lambda d, rng: (
            0.3 * rng.standard_normal(d),
            (0.5 * rng.standard_normal(d), rng.standard_normal((d, d))),
        ),
        (lambda x, y, A: np.exp(y @ A @ x) * A.T @ y,),
        (
            ("chain-rule", lambda x, y, A: A.T @ y),
            ("missing-transpose", lambda x, y, A: np.exp(y @ A @ x) * A @ y),
            ("not-differentiated", lambda x, y, A: np.exp(y @ A @ x)),
        ),
    ),
    Family(
        "real-life",
        real_life,
        scalar,
        (lambda x: 2 / (x * np.log(3)) - 2 * np.exp(3 * x) - 6 * x * np.exp(3 * x),),
        (
            (
                "wrong-function missing-term extra-term",
                lambda x: 2 / (x * np.log(3)) - 6 * x * np.exp(3 * x),
            ),
            (
                "missing-term extra-term wrong-function",
                lambda x: 2 / x - 2 * np.exp(3 * x) - 6 * x * np.exp(3 * x),
            ),
        ),
        dims=(1,),
    ),
    Family(
        "residual",
        lambda x, A, b: np.sum((A @ x - b) ** 2),
        lambda d, rng: (
            rng.standard_normal(d),
            (rng.standard_normal((d, d)), rng.standard_normal(d)),
        ),
        (lambda x, A, b: 2 * A.T @ (A @ x - b),),
        (
            ("missing-transpose", lambda x, A, b: 2 * A @ (A @ x - b)),
            ("factor", lambda x, A, b: A.T @ (A @ x - b)),
            ("chain-rule not-a-gradient wrong-function", lambda x, A, b: 2 * (A @ x - b)),
        ),
    ),
    Family(
        "trace-linear",
        lambda X, A: np.trace(A.T @ X),
        lambda d, rng: (rng.standard_normal((d, d + 1)), (rng.standard_normal((d, d + 1)),)),
        (lambda X, A: A,),
        (
            ("shape", lambda X, A: A.T),
            ("factor", lambda X, A: 2 * A),
            ("wrong-variable", lambda X, A: X),
        ),
    ),
    Family(
        "trace-square",
        lambda X, A: np.trace(A @ X),
        lambda d, rng: (rng.standard_normal((d, d)), (rng.standard_normal((d, d)),)),
        (lambda X, A: A.T,),
        (("missing-transpose", lambda X, A: A), ("sign", lambda X, A: -A.T)),
    ),
    Family(
        "log-det",
        lambda S: np.linalg.slogdet(S)[1],
        lambda d, rng: (rng.standard_normal((d, d)) + 3 * np.eye(d), ()),
        (lambda S: np.linalg.inv(S).T,),
        (("missing-transpose", lambda S: np.linalg.inv(S)),),
    ),
    Family(
        "multi-output",
        lambda W, X, Y: np.sum((X @ W - Y) ** 2),
        lambda d, rng: (
            rng.standard_normal((d, 2)),
            (rng.standard_normal((6, d)), rng.standard_normal((6, 2))),
        ),
        (lambda W, X, Y: 2 * X.T @ (X @ W - Y),),
        (
            ("factor", lambda W, X, Y: X.T @ (X @ W - Y)),
            ("shape missing-transpose", lambda W, X, Y: 2 * (X @ W - Y).T @ X),
            ("missing-term", lambda W, X, Y: 2 * X.T @ X @ W),
        ),
    ),
)
