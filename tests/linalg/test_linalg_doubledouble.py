"""Error-free transformations, against rational arithmetic."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, strategies as st

from optidemo.linalg import doubledouble as dd
from optidemo.linalg.doubledouble import DoubleDouble

if TYPE_CHECKING:
    from collections.abc import Callable

numbers = st.floats(-1e100, 1e100).filter(lambda a: a == 0.0 or abs(a) > 1e-100)


def exact(x: DoubleDouble, i: int = 0) -> Fraction:
    return Fraction(float(np.atleast_1d(x.hi)[i])) + Fraction(float(np.atleast_1d(x.lo)[i]))


@given(numbers, numbers)
def test_sum_and_product_lose_nothing(a: float, b: float) -> None:
    x, y = np.array([a]), np.array([b])
    assert exact(dd.two_sum(x, y)) == Fraction(a) + Fraction(b)
    assert exact(dd.two_prod(x, y)) == Fraction(a) * Fraction(b)
    large, small = (x, y) if abs(a) >= abs(b) else (y, x)
    assert exact(dd.quick_two_sum(large, small)) == Fraction(a) + Fraction(b)


@pytest.mark.parametrize("n", [1, 2, 3, 7, 64, 101])
def test_dot_keeps_thirty_digits(n: int) -> None:
    rng = np.random.default_rng(n)
    A, x = rng.standard_normal((n, 3)), rng.standard_normal(n)
    found = dd.dot(A, x)
    for j in range(3):
        terms = [
            Fraction(a) * Fraction(b) for a, b in zip(A[:, j].tolist(), x.tolist(), strict=True)
        ]
        error = abs(exact(found, j) - sum(terms))
        assert error <= Fraction(1, 10**30) * sum(abs(t) for t in terms)


def test_residual_survives_a_cancellation_that_float64_does_not() -> None:
    A = np.array([[1e16, 1.0, -1e16]])
    x = np.ones(3)
    y = np.array([0.5])
    assert (y - A @ x)[0] != -0.5
    assert exact(dd.residual(y, A, x)) == Fraction(-1, 2)


def test_arithmetic_of_pairs() -> None:
    third = DoubleDouble(
        np.array([1.0 / 3.0]), np.array([float(Fraction(1, 3) - Fraction(1.0 / 3.0))])
    )
    small = Fraction(1, 10**31)
    assert abs(exact(third + third) - Fraction(2, 3)) < small
    assert abs(exact(third.times(np.array([3.0]))) - 1) < small
    assert abs(exact((-third).plus(np.array([1.0]))) - Fraction(2, 3)) < small
    assert abs(exact(third[:1]) - Fraction(1, 3)) < small


def broken_prod(a: np.ndarray, b: np.ndarray) -> DoubleDouble:
    return DoubleDouble(a * b, np.zeros_like(a))


def broken_sum(a: np.ndarray, b: np.ndarray) -> DoubleDouble:
    return DoubleDouble(a + b, np.zeros_like(a))


@pytest.mark.parametrize(("name", "broken"), [("two_prod", broken_prod), ("two_sum", broken_sum)])
def test_a_lost_rounding_error_is_noticed(
    name: str, broken: Callable[..., DoubleDouble], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dd, name, broken)
    with pytest.raises(AssertionError):
        test_dot_keeps_thirty_digits(64)
