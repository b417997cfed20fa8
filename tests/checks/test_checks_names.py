"""Names that one far point, an overflow or a missing matrix used to spoil."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from optidemo import check_gradient, check_hessian, check_jacobian
from optidemo.testing import assert_gradient, assert_minimizer


def kind(fun: Any, grad: Any, x: Any) -> str:
    report = check_gradient(fun, grad, x)
    return report.mistake.kind if report.mistake is not None else report.status


def mixed(x: Any) -> Any:
    return x[0] ** 2 * x[1] + x[1] ** 3 * x[2] + np.sin(x[0] * x[2])


def mixed_gradient(x: Any) -> Any:
    c = np.cos(x[0] * x[2])
    return np.array(
        [2 * x[0] * x[1] + x[2] * c, x[0] ** 2 + 3 * x[1] ** 2 * x[2], x[1] ** 3 + x[0] * c]
    )


def test_a_sine_that_long_steps_average_out_spoils_no_permutation() -> None:
    x = np.array([0.8, -1.2, 0.6])
    assert kind(mixed, mixed_gradient, x) == "right"
    assert kind(mixed, lambda x: np.roll(mixed_gradient(x), 1), x) == "permuted"


def test_an_overflow_far_out_hides_no_inner_derivative() -> None:
    x = np.random.default_rng(81).standard_normal(5)

    def fun(x: Any) -> Any:
        return np.sum(np.logaddexp(0, x))

    assert kind(fun, lambda x: 1 / (1 + np.exp(x)), x) == "chain-rule"


def test_a_rotation_is_no_missing_transpose() -> None:
    def turned(x: Any) -> Any:
        return np.exp(x) + np.array([-x[1], x[0]])

    assert kind(lambda x: np.exp(x).sum(), turned, np.array([0.3, -0.4])) == "not-a-gradient"


def test_a_transposed_matrix_may_be_the_missing_term() -> None:
    S, M = np.array([[1.0, 2.0], [0.5, -1.0]]), np.array([[0.3, -1.0], [0.7, 2.0]])

    def fun(M: Any, S: Any) -> Any:
        return np.trace(S @ M) + np.cos(M).sum()

    mistake = check_gradient(fun, lambda M, S: -np.sin(M) + 0 * S, M, args=(S,)).mistake
    assert mistake is not None
    assert mistake.kind == "missing-term"
    assert "Sᵀ" in mistake.sentence


def newton_root(a: float) -> float:
    y = 1.0
    for _ in range(60):
        y = 0.5 * (y + a / y)
    return y


def test_refusing_a_point_without_a_slope_is_no_fault() -> None:
    assert kind(newton_root, lambda a: 0.5 / math.sqrt(a), 2.3) == "right"
    report = check_gradient(lambda x: x @ x, lambda x: 2 * x * math.sqrt(x[0]) ** 0, np.ones(2))
    assert report.mistake is not None
    assert report.mistake.kind == "raises"
    assert "x = [-" in report.mistake.sentence


@pytest.mark.battery(0)
@pytest.mark.parametrize("check", [check_gradient, check_jacobian])
def test_one_argument_may_stand_alone_as_in_scipy(check: Any) -> None:
    x = np.array([1.0, 2.0])
    assert check(lambda x, c: c * (x @ x), lambda x, c: 2 * c * x, x, args=2.0).ok
    A = np.array([[1.0, 2.0], [0.0, 1.0]])
    assert check(lambda x, A: x @ A @ x, lambda x, A: (A + A.T) @ x, x, args=A).ok
    assert check_hessian(lambda x, c: c * (x @ x), lambda _x, c: 2 * c * np.eye(2), x, args=3.0).ok
    assert_gradient(lambda x, c: c * (x @ x), lambda x, c: 2 * c * x, x, args=2.0)
    assert_minimizer(lambda x, c: c * (x @ x), np.zeros(2), args=2.0)
