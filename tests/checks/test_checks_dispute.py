"""Where differences deceive: staircases, narrow bumps, ties, tails. No right gradient is accused there."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy.special import erf, expit, log_expit, ndtr

from optidemo import UniformLikelihood, check_gradient
from optidemo.checks.noise import stair
from optidemo.checks.plateaus import plateaus

X3 = np.array([-0.28, 0.52, 0.62])


def single(x: Any) -> float:
    return float(np.sum(np.sin(x.astype(np.float32))))


def half(x: Any) -> float:
    return float(np.sum(x.astype(np.float16) ** 2))


def rounded(digits: int) -> Any:
    return lambda x: round(float(np.sum(x**2)), digits)


def bump(x: Any) -> float:
    return math.exp(-1e6 * float(x @ x))


def bump_gradient(x: Any) -> Any:
    return -2e6 * x * bump(x)


def middle(x: Any) -> Any:
    return np.eye(3)[np.argsort(x, kind="stable")[1]]


def least(x: Any) -> float:
    return float(min(abs(x[0]), abs(x[1])))


def least_gradient(x: Any) -> Any:
    k = 0 if abs(x[0]) < abs(x[1]) else 1
    return np.eye(2)[k] * (np.sign(x[k]) if x[k] else 1.0)


def softabs(x: Any) -> float:
    return sum(math.sqrt(v * v + 1e-12) for v in x)


def survival(x: Any) -> Any:
    return -np.log(ndtr(-x))


RIGHT: dict[str, tuple[Any, Any, Any, tuple[Any, ...]]] = {
    "single precision inside": (single, np.cos, X3, ()),
    "half precision inside": (half, lambda x: 2 * x, X3, ()),
    "single precision result": (lambda x: np.float32(np.sum(np.sin(x))), np.cos, X3, ()),
    "rounded to 10 digits": (rounded(10), lambda x: 2 * x, X3, ()),
    "rounded to 6 digits": (rounded(6), lambda x: 2 * x, X3, ()),
    "rounded to 3 digits": (rounded(3), lambda x: 2 * x, X3, ()),
    "counts": (lambda x: float(np.sum(x > 0)), np.zeros_like, X3, ()),
    "narrow bump": (bump, bump_gradient, 1e-3 * X3, ()),
    "erf, steep": (
        lambda x: erf(1e3 * x).sum(),
        lambda x: 2e3 / np.sqrt(np.pi) * np.exp(-1e6 * x**2),
        1e-3 * X3,
        (),
    ),
    "almost |x|": (softabs, lambda x: x / np.sqrt(x**2 + 1e-12), np.array([1e-7, 0, 1]), ()),
    "median": (np.median, middle, X3, ()),
    "median at a tie": (np.median, middle, np.ones(3), ()),
    "min(|a|, |b|) at 0": (least, least_gradient, np.zeros(2), ()),
    "1 - sigma far out": (
        lambda w, x: log_expit(w @ x),
        lambda w, x: (1 - expit(w @ x)) * x,
        X3,
        (np.array([0.7, -1.1, 0.4]),),
    ),
    "1 - Phi far out": (
        survival,
        lambda x: np.exp(-x * x / 2) / np.sqrt(2 * np.pi) / ndtr(-x),
        20.0,
        (),
    ),
    "Gram matrix beside the data": (
        lambda w, X, y, _G, _b: 0.5 * np.sum((X @ w - y) ** 2),
        lambda w, _X, _y, G, b: G @ w - b,
        X3,
        (np.vander(X3, 3), X3, np.vander(X3, 3).T @ np.vander(X3, 3), np.vander(X3, 3).T @ X3),
    ),
}


@pytest.mark.battery(6)
@pytest.mark.parametrize("name", RIGHT)
def test_a_right_gradient_is_not_accused(name: str) -> None:
    fun, grad, x, args = RIGHT[name]
    report = check_gradient(fun, grad, x, args=args)
    assert report.status == "right", report.headline


S = np.array([[2.0, 1.0, 0.0], [1.0, 3.0, -1.0], [0.0, -1.0, 1.0]])
WRONG: dict[str, tuple[str, Any, Any, Any, tuple[Any, ...]]] = {
    "single precision, factor": ("factor", single, lambda x: 1.5 * np.cos(x), X3, ()),
    "single precision, sign": ("sign", single, lambda x: -np.cos(x), X3, ()),
    "6 digits, one entry": (
        "wrong-entries",
        rounded(6),
        lambda x: 2 * x * np.array([1, 1, 2.0]),
        X3,
        (),
    ),
    "3 digits, factor": ("factor", rounded(3), lambda x: x, X3, ()),
    "narrow bump, sign": ("sign", bump, lambda x: -bump_gradient(x), 1e-3 * X3, ()),
    "narrow bump, chain rule": ("chain-rule", bump, lambda x: -2e6 * x, 1e-3 * X3, ()),
    "median, all that tie": (
        "kink",
        np.median,
        lambda x: 1.0 * (x == np.median(x)),
        np.ones(3),
        (),
    ),
    "min(|a|, |b|), sign": ("sign", least, lambda x: -least_gradient(x), np.array([1.0, 2.0]), ()),
    "1 - sigma, sign": (
        "sign",
        lambda w, x: log_expit(w @ x),
        lambda w, x: -(1 - expit(w @ x)) * x,
        X3,
        (np.array([0.7, -1.1, 0.4]),),
    ),
    "A(x - mu) at x = mu, symmetric A": (
        "missing-transpose",
        lambda x, A, mu: 0.5 * (x - mu) @ A @ (x - mu),
        lambda x, A, mu: A @ (x - mu),
        X3,
        (S, X3.copy()),
    ),
    "mu(x - y) without y, at x = y": (
        "missing-term",
        lambda x, A, y, mu: x @ A @ x + 0.5 * mu * np.sum((x - y) ** 2),
        lambda x, A, _y, mu: (A + A.T) @ x + mu * x,
        X3,
        (np.vander(X3, 3), X3.copy(), 0.4),
    ),
}


@pytest.mark.battery(0)
@pytest.mark.parametrize("seed", range(12))
def test_a_sum_of_data_in_single_precision_is_rounded(seed: int) -> None:
    rng = np.random.default_rng([2000, seed])
    A, x = rng.standard_normal((3, 3)).astype(np.float32), rng.standard_normal(3)
    assert check_gradient(lambda x, A: x @ A @ x, lambda x, A: (A + A.T) @ x, x, args=(A,)).ok
    wrong = check_gradient(lambda x, A: x @ A @ x, lambda x, A: 2 * A @ x, x, args=(A,))
    assert wrong.mistake is not None
    assert wrong.mistake.kind == "missing-transpose"


@pytest.mark.battery(0)
@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_gradient_is_still_caught_and_named(name: str) -> None:
    kind, fun, grad, x, args = WRONG[name]
    report = check_gradient(fun, grad, x, args=args)
    assert report.mistake is not None
    assert report.mistake.kind == kind, report.headline


def test_the_methods_of_an_objective_are_as_good_as_the_objective() -> None:
    f = UniformLikelihood(X3)
    assert check_gradient(f.value, f.gradient).ok  # no random point lies in its domain
    assert not check_gradient(f.value, lambda v: 2 * f.gradient(v)).ok


def test_a_smooth_function_has_one_plateau_and_a_staircase_admits_its_step() -> None:
    found = plateaus(math.sin, 0.0)
    assert len(found) == 1
    assert abs(found[0][0] - 1) < 1e-9
    assert max(error for _, error in plateaus(lambda t: round(math.sin(t), 4), 0.0)) > 1e-4


@pytest.mark.parametrize(
    ("phi", "height"),
    [
        (lambda t: round(t, 2), 0.01),
        (math.floor, 1.0),
        (lambda t: max(t, 0.0), 0.0),
        (lambda t: max(t - 0.5, 0.0), 0.0),
        (lambda _t: 3.0, 0.0),
        (math.cos, 0.0),
    ],
)
def test_a_step_is_told_from_a_kink(phi: Any, height: float) -> None:
    assert stair(phi, np.geomspace(1.0, 1e-9, 19)) == pytest.approx(height, abs=1e-12)
