"""Right and wrong gradients of the lecture's functions, as a student would write them.

A family is a function with its right gradients and its wrong ones; each wrong one carries the kinds that a
careful reader would accept. ``make(d, rng)`` gives x and the arguments in dimension d.
"""

from __future__ import annotations

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
