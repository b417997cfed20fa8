"""Kinks, boundaries, tiny and huge scales, code that autograd cannot trace, functions that misbehave."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import scipy.special as sp

D = 4
R = np.random.default_rng(5)
A = R.standard_normal((D, D))
S = A @ A.T + np.eye(D)
Y, X0 = R.standard_normal(D), R.standard_normal(D)
X, T = R.standard_normal((9, D)), R.standard_normal(9)
MARGINS = np.array([[1.0, 0], [0, 2.0], [1, 1], [-1, 1]])
LABELS = np.array([1.0, 1, -1, -1])
AT_MARGIN = np.array([1.0, 0.5])


def sigma(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def hinge(w: Any) -> Any:
    return np.sum(np.maximum(0, 1 - LABELS * (MARGINS @ w)))


def l1(x: Any) -> Any:
    return np.sum(np.abs(x))


def by_writing(x: Any) -> Any:
    g = np.zeros(D)
    for i in range(D):
        g[i] = x[i] ** 2 * Y[i]
    return g.sum()


def rosenbrock(x: Any) -> Any:
    return 100 * (x[1] - x[0] ** 2) ** 2 + (1 - x[0]) ** 2


def rosenbrock_gradient(x: Any) -> Any:
    return np.array([-400 * x[0] * (x[1] - x[0] ** 2) - 2 * (1 - x[0]), 200 * (x[1] - x[0] ** 2)])


def unit(x: Any) -> Any:
    return x / np.linalg.norm(x) if x.any() else np.zeros_like(x)


# Under each name stand fun, grad and x.
RIGHT: dict[str, tuple[Any, Any, Any]] = {
    "quadratic at 1e6": (lambda x: x @ A @ x, lambda x: (A + A.T) @ x, 1e6 * X0),
    "quadratic at 1e-8": (lambda x: x @ A @ x, lambda x: (A + A.T) @ x, 1e-8 * X0),
    "norm at 1e-12": (lambda x: np.sqrt(x @ x), lambda x: x / np.sqrt(x @ x), 1e-12 * X0),
    "offset 1e8": (lambda x: x @ A @ x + 1e8, lambda x: (A + A.T) @ x, X0),
    "offset 1e12": (lambda x: x @ A @ x + 1e12, lambda x: (A + A.T) @ x, X0),
    "f of 1e12": (lambda x: 1e12 * (x @ S @ x), lambda x: 2e12 * S @ x, X0),
    "f of 1e-200": (lambda x: 1e-200 * (x @ S @ x), lambda x: 2e-200 * S @ x, X0),
    "gaussian tail": (
        lambda x: np.exp(-x @ S @ x),
        lambda x: -2 * np.exp(-x @ S @ x) * S @ x,
        5 * X0,
    ),
    "gaussian underflow": (
        lambda x: np.exp(-x @ S @ x),
        lambda x: -2 * np.exp(-x @ S @ x) * S @ x,
        100 * X0,
    ),
    "sine at 1e6": (lambda x: np.sum(np.sin(x)), np.cos, 1e6 * X0),
    "sigmoid at 40": (sigma, lambda z: sigma(z) * (1 - sigma(z)), 40.0),
    "sigmoid at -700": (sigma, lambda z: sigma(z) * (1 - sigma(z)), -700.0),
    "naive log(1+e^z)": (lambda x: np.log(1 + np.exp(x @ Y)), lambda x: sigma(x @ Y) * Y, -40 * Y),
    "logsumexp at 1000": (sp.logsumexp, sp.softmax, 1000 + X0),
    "cancellation": (
        lambda x: np.sum(np.sin(x) / x),
        lambda x: (x * np.cos(x) - np.sin(x)) / x**2,
        np.array([0.3, 0.4]),
    ),
    "mixed scales": (lambda x: x @ x, lambda x: 2 * x, np.array([1e6, 1e-6, 1, 1e3])),
    "least squares at its minimum": (
        lambda w: 0.5 * np.sum((X @ w - X @ Y) ** 2),
        lambda w: X.T @ (X @ w - X @ Y),
        Y,
    ),
    "rosenbrock at its minimum": (rosenbrock, rosenbrock_gradient, np.ones(2)),
    "relu at 0, the lecture's": (
        lambda w: np.maximum(0, w @ Y),
        lambda w: (w @ Y > 0) * Y,
        np.zeros(D),
    ),
    "relu at 0, the other": (
        lambda w: np.maximum(0, w @ Y),
        lambda w: (w @ Y >= 0) * Y,
        np.zeros(D),
    ),
    "relu at 0, half": (
        lambda w: np.maximum(0, w @ Y),
        lambda w: 0.5 * (1 + np.sign(w @ Y)) * Y,
        np.zeros(D),
    ),
    "relu of a number at 0": (lambda x: max(x, 0), lambda x: 1.0 if x > 0 else 0.0, 0.0),
    "l1 at 0, sign": (l1, np.sign, np.zeros(7)),
    "l1 at 0, the lecture's": (l1, lambda x: 1.0 * (x > 0) - (x <= 0), np.array([0, 1.0, -2])),
    "l1 at 0, any": (l1, lambda x: np.where(x == 0, 0.3, np.sign(x)), np.zeros(3)),
    "norm at 0": (np.linalg.norm, unit, np.zeros(3)),
    "norm at 0, any": (
        np.linalg.norm,
        lambda x: unit(x) if x.any() else np.array([0.6, 0, 0.8]),
        np.zeros(3),
    ),
    "max at a tie": (np.max, lambda x: np.eye(3)[np.argmax(x)], np.array([2.0, 2, 1])),
    "max at a tie, shared": (
        np.max,
        lambda x: (x == x.max()) / np.sum(x == x.max()),
        np.array([2.0, 2, 1]),
    ),
    "-|x| at 0": (lambda x: -l1(x), lambda x: -np.sign(x), np.array([0.0, 2, 1])),
    "hinge at margin 1, <": (
        hinge,
        lambda w: -MARGINS.T @ (LABELS * (LABELS * (MARGINS @ w) < 1)),
        AT_MARGIN,
    ),
    "hinge at margin 1, <=": (
        hinge,
        lambda w: -MARGINS.T @ (LABELS * (LABELS * (MARGINS @ w) <= 1)),
        AT_MARGIN,
    ),
    "huber at its joints": (
        lambda x: np.sum(np.where(np.abs(x) < 1, 0.5 * x**2, np.abs(x) - 0.5)),
        lambda x: np.clip(x, -1, 1),
        np.array([1.0, -1, 0.3, 2]),
    ),
    "log near 0": (lambda x: np.sum(np.log(x)), lambda x: 1 / x, np.array([1e-9, 0.3, 2])),
    "p near 1": (
        lambda p: 3 * np.log(p) + 4 * np.log(1 - p),
        lambda p: 3 / p - 4 / (1 - p),
        1 - 1e-9,
    ),
    "p near 0": (lambda p: 3 * np.log(p) + 4 * np.log(1 - p), lambda p: 3 / p - 4 / (1 - p), 1e-10),
    "a near b": (
        lambda v: -7 * np.log(v[1] - v[0]),
        lambda v: 7 / (v[1] - v[0]) * np.array([1, -1]),
        np.array([0.5, 0.5 + 1e-6]),
    ),
    "on the boundary": (
        lambda x: np.sum(x**1.5),
        lambda x: 1.5 * np.sqrt(x),
        np.array([0.0, 1, 2]),
    ),
    "inf outside": (
        lambda x: np.inf if x.min() <= 0 else np.sum(x * np.log(x)),
        lambda x: np.log(x) + 1,
        np.array([0.2, 1.0]),
    ),
    "a penalty outside": (
        lambda x: 1e10 if x.min() <= 0 else np.sum(x * np.log(x)),
        lambda x: np.log(x) + 1,
        np.array([0.2, 1.0]),
    ),
    "a guarded log": (
        lambda p: np.sum(np.log(np.clip(p, 1e-12, 1 - 1e-12))),
        lambda p: 1 / p,
        np.array([0.2, 0.6]),
    ),
    "log det of a symmetric x": (
        lambda M: np.log(np.linalg.det(M)),
        np.linalg.inv,
        np.array([[2.0, 0.3], [0.3, 1]]),
    ),
    "A.dot": (lambda x: x.dot(A.dot(x)), lambda x: (A + A.T) @ x, X0),
    "float": (lambda x: float(x @ A @ x), lambda x: (A + A.T) @ x, X0),
    "in-place writes": (by_writing, lambda x: 2 * x * Y, X0),
    "math": (
        lambda x: math.exp(x[0]) + math.sin(x[1]),
        lambda x: np.array([math.exp(x[0]), math.cos(x[1])]),
        X0[:2],
    ),
    "vectorize": (lambda x: np.sum(np.vectorize(lambda z: z**3)(x)), lambda x: 3 * x**2, X0),
    "objects": (lambda x: np.sum(np.array(list(x), dtype=object) ** 2), lambda x: 2 * x, X0),
    "gammaln": (lambda a: np.sum(sp.gammaln(a)), sp.digamma, np.array([0.5, 2.0])),
    "single precision f": (lambda x: np.float32(x @ A @ x), lambda x: (A + A.T) @ x, X0),
    "single precision gradient": (
        lambda x: x @ A @ x,
        lambda x: ((A + A.T) @ x).astype(np.float32),
        X0,
    ),
    "integer x": (lambda x: x @ x, lambda x: 2 * x, np.array([1, 2, 3])),
    "a list": (lambda x: x @ x, lambda x: [2 * v for v in x], X0),
    "booleans": (lambda x: np.sum(np.maximum(0, x)), lambda x: x > 0, X0),
    "a (1, 1) value": (
        lambda x: x.reshape(1, -1) @ A @ x.reshape(-1, 1),
        lambda x: (A + A.T) @ x,
        X0,
    ),
    "2Ax for a symmetric A of its own": (lambda x: x @ S @ x, lambda x: 2 * S @ x, X0),
    "a constant": (lambda _x: 3.0, np.zeros_like, X0),
    "frobenius": (np.linalg.norm, lambda M: M / np.linalg.norm(M), R.standard_normal((3, 2))),
    "no x: any size": (lambda x: np.sum(x**2), lambda x: 2 * x, None),
    "no x: a number": (lambda x: 0.3 * x**2 + 0.2, lambda x: 0.6 * x, None),
    "no x: two entries": (
        lambda x: x[0] ** 2 + np.exp(x[1]),
        lambda x: np.array([2 * x[0], np.exp(x[1])]),
        None,
    ),
    "no x: a matrix": (lambda M: np.log(np.linalg.det(M)), lambda M: np.linalg.inv(M).T, None),
}

NOISE = np.random.default_rng(3)


def doubles_in_place(x: Any) -> Any:
    x *= 2
    return x


# Under each name stand the kinds, fun, grad and x.
WRONG: dict[str, tuple[str, Any, Any, Any]] = {
    "5 at the kink": ("kink", l1, lambda x: np.where(x == 0, 5, np.sign(x)), np.array([0.0, 1, 2])),
    "5 at a kink that was not asked for": (
        "kink",
        l1,
        lambda x: np.where(x == 0, 5, np.sign(x)),
        None,
    ),
    "2x at the kink of relu": (
        "kink",
        lambda w: np.maximum(0, w @ Y),
        lambda w: np.where(w @ Y == 0, 2 * Y, (w @ Y > 0) * Y),
        np.zeros(D),
    ),
    "both of two maxima": ("kink", np.max, lambda x: 1.0 * (x == x.max()), np.array([2.0, 2, 1])),
    "ones at the norm's kink": (
        "kink",
        np.linalg.norm,
        lambda x: unit(x) if x.any() else np.ones(3),
        np.zeros(3),
    ),
    "outside the domain": (
        "domain",
        lambda x: np.sum(np.log(x)),
        lambda x: 1 / x,
        np.array([-1.0, 0.3, 2]),
    ),
    "outside by an exception": ("domain", math.log, lambda x: 1 / x, -2.0),
    "changes x": ("mutates-input", lambda x: x @ x, doubles_in_place, X0),
    "noise of 1e-9": (
        "not-deterministic",
        lambda x: x @ x,
        lambda x: 2 * x * (1 + 1e-9 * NOISE.standard_normal(D)),
        X0,
    ),
    "division by zero": ("raises", lambda x: x @ x, lambda _x: 1 / 0, X0),
    "None for negative x": ("raises", lambda x: abs(x), lambda x: 1.0 if x > 0 else None, 1.0),
    "text": ("raises", lambda x: x @ x, lambda _x: "2x", X0),
    "nan": ("raises", lambda x: x @ x, lambda x: 2 * x + np.nan, X0),
    "wrong for negative x only": (
        "chain-rule wrong-function unknown",
        lambda x: np.sum(np.abs(x) ** 3),
        lambda x: 3 * x**2,
        np.array([1.0, 2, 3]),
    ),
    "wrong for large x only": (
        "chain-rule wrong-function unknown",
        lambda x: np.sum(x**2),
        lambda x: np.where(np.abs(x) > 50, 0, 2 * x),
        X0,
    ),
    "wrong for small x only": (
        "chain-rule wrong-function unknown",
        lambda x: np.sum(x**2),
        lambda x: np.where(np.abs(x) < 1e-3, 0, 2 * x),
        X0,
    ),
    "off by 1e-5": ("factor", lambda x: np.sum(np.sin(x)), lambda x: np.cos(x) * (1 + 1e-5), X0),
    "one entry off by 1e-5": (
        "wrong-entries",
        lambda x: np.sum(np.sin(x)),
        lambda x: np.cos(x) * np.array([1, 1, 1 + 1e-5, 1]),
        X0,
    ),
    "f of 1e-200": ("factor", lambda x: 1e-200 * (x @ S @ x), lambda x: 1e-200 * S @ x, X0),
    "x of 1e-8": ("factor", lambda x: x @ S @ x, lambda x: S @ x, 1e-8 * X0),
    "offset 1e8": ("sign", lambda x: x @ S @ x + 1e8, lambda x: -2 * S @ x, X0),
    "the lecture's scalar 0": (
        "shape",
        lambda w: np.maximum(0, w @ Y),
        lambda w: Y if w @ Y > 0 else 0,
        -Y,
    ),
    "a rotation": (
        "not-a-gradient",
        lambda x: x[0] ** 2 + x[1] ** 2,
        lambda x: np.array([-x[1], x[0]]),
        X0[:2],
    ),
    "another function": ("wrong-function", lambda x: np.sum(np.sin(x)), lambda x: 3 * x**2 - 1, X0),
    "an inner derivative": (
        "chain-rule",
        lambda x: np.sum(np.exp(x**2)),
        lambda x: np.exp(x**2),
        X0,
    ),
    "an outer derivative": (
        "chain-rule",
        lambda x: np.linalg.norm(X @ x - T),
        lambda x: X.T @ (X @ x - T),
        X0,
    ),
}
