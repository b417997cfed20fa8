"""Formulas that lose their digits near 0, and bumps narrower than a step: right gradients, not accused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from optidemo import check_gradient
from optidemo.checks.noise import measured_noise
from optidemo.checks.problem import Problem
from optidemo.checks.roughness import roughness

LOSSY: dict[str, tuple[Any, Any]] = {
    "log sinh": (lambda t: np.log(np.sinh(t) / t), lambda t: 1 / np.tanh(t) - 1 / t),
    "log sin": (lambda t: np.log(np.sin(t) / t), lambda t: 1 / np.tan(t) - 1 / t),
    "1 - cos": (
        lambda t: (1 - np.cos(t)) / t**2,
        lambda t: np.sin(t) / t**2 - 2 * (1 - np.cos(t)) / t**3,
    ),
    "sqrt": (
        lambda t: (np.sqrt(1 + t) - 1) / t,
        lambda t: 0.5 / np.sqrt(1 + t) / t - (np.sqrt(1 + t) - 1) / t**2,
    ),
}


@pytest.mark.battery(5)
@pytest.mark.battery(2)
@pytest.mark.parametrize(
    ("name", "x", "seed"),
    [
        ("log sinh", 1e-3, 0),
        ("log sin", 0.1, 4),
        ("1 - cos", 0.02, 0),
        ("1 - cos", 1e-4, 1),
        ("sqrt", 0.03, 0),
    ],
)
def test_where_the_formula_has_lost_its_digits_a_right_gradient_is_not_accused(
    name: str, x: float, seed: int
) -> None:
    fun, grad = LOSSY[name]
    report = check_gradient(fun, grad, x, seed=seed)
    assert report.ok, report
    assert not report.convention  # nor is there a kink
    assert check_gradient(fun, lambda t: 1.01 * grad(t), x, seed=seed).status == "wrong"


def test_autograd_that_shares_the_loss_of_digits_or_cannot_trace_is_not_what_excuses() -> None:
    fun, grad = LOSSY["sqrt"]

    def opaque(t: Any) -> float:
        return float(fun(float(t)))

    assert check_gradient(opaque, grad, 1e-3).ok
    assert check_gradient(opaque, lambda t: -grad(t), 1e-3).status == "wrong"


def test_a_rounded_gradient_is_wrong_though_it_jumps() -> None:
    x = np.array([0.3, -1.2, 2.2])
    report = check_gradient(lambda x: np.sum(np.sin(x)), lambda x: np.round(np.cos(x), 5), x)
    assert report.status == "wrong"


def test_a_value_that_has_lost_its_digits_by_underflow_is_no_evidence() -> None:
    """At 248 the last factor of the likelihood is subnormal: f is off by 0.25 there, and its slope by 3."""
    days = np.array([0.5, 1.0, 3.0])

    def log_likelihood(lam: Any) -> Any:
        return np.sum(np.log(lam * np.exp(-lam * days)))

    def grad(lam: Any) -> Any:
        return len(days) / lam - days.sum()

    assert check_gradient(log_likelihood, grad, points=[248.0, 0.8]).ok
    assert check_gradient(log_likelihood, grad, points=[248.0]).status == "unchecked"
    wrong = check_gradient(log_likelihood, lambda lam: grad(lam) + 1, points=[248.0, 0.8])
    assert wrong.status == "wrong"


def test_a_ragged_answer_is_no_array() -> None:
    report = check_gradient(lambda x: x @ x, lambda x: [x[0], [2.0]], [1.0, 2.0])
    assert report.mistake is not None
    assert report.mistake.kind == "raises"


def test_jumps_are_told_from_a_bend_and_from_a_ripple() -> None:
    def jumps(path: Any) -> float:
        value = roughness(lambda t: np.array([path(1 + t)]), np.array([1e-15]), np.array([0]))
        return float(value[0])

    assert jumps(np.exp) == 1e-15
    assert jumps(lambda t: np.sin(1e5 * t)) < 1e-10
    assert jumps(lambda t: abs(t - 1.1)) == 1e-15
    assert jumps(lambda t: 1e3 * t + np.round(np.exp(t), 6)) == pytest.approx(4e-7, rel=0.7)


@pytest.mark.battery(0)
@pytest.mark.parametrize("width", [1e-10, 1e-12])
def test_a_bump_in_units_far_from_those_of_the_other_variable_is_no_kink(width: float) -> None:
    S = np.array([1.0, width])

    def fun(x: Any) -> Any:
        return np.exp(-0.5 * np.sum((x / S) ** 2))

    def grad(x: Any) -> Any:
        return -fun(x) * x / S**2

    assert check_gradient(fun, grad, 0.7 * S).ok
    report = check_gradient(fun, lambda x: grad(x) * np.array([1.0, -1.0]), 0.7 * S)
    assert report.mistake is not None
    assert report.mistake.evidence["entries"] == [(1,)]


def test_a_bump_narrower_than_the_steps_is_not_taken_for_noise() -> None:
    def noise(fun: Any) -> float:
        problem = Problem(fun, lambda x: x, (2,))
        return float(measured_noise(problem, np.array([1.0, 1e-13]), ())[0])

    assert noise(lambda x: np.exp(-((x[0] - 1) ** 2) - (1e12 * x[1]) ** 2)) < 1e-12
    assert noise(lambda x: np.exp(x[0]) + 1e6 - 1e6) > 1e-12


def test_autograd_alone_does_not_accuse() -> None:
    def fun(x: Any) -> Any:
        return x**2 if x == 0.5 else np.nan  # no values but one: nothing backs what autograd says

    assert check_gradient(fun, lambda x: 2 * x, 0.5).ok
    report = check_gradient(fun, lambda x: 3 * x, 0.5)
    assert report.status == "unchecked"
    assert "autograd alone" in report.reason
