"""Any unit of measurement: a power of two in X or y comes back as one in the answer, bit for bit."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import scipy.sparse
from hypothesis import assume, example, given, settings, strategies as st

from optidemo.linalg import least_squares as module, scale
from optidemo.linalg.eigen import pca
from optidemo.linalg.least_squares import RankWarning, least_squares, lstsq
from optidemo.objectives.regression import LinearRegression
from optidemo.solvers.gradient import gradient_descent

if TYPE_CHECKING:
    from collections.abc import Callable

    from optidemo.arrays import Matrix, Vector

EXPONENT = st.integers(-950, 950)


def problem(n: int = 20, d: int = 4) -> tuple[Matrix, Vector]:
    rng = np.random.default_rng(n)
    return rng.standard_normal((n, d)) + 1.0, rng.standard_normal(n)


def times(array: Any, exponent: int) -> Any:
    return array * 2.0 ** (exponent // 2) * 2.0 ** (exponent - exponent // 2)


def same_bits(a: int, b: int, method: Any) -> None:
    X, y = problem(60)
    expected = least_squares(X, y, method=method)
    if abs(b - a) > 1000:
        with pytest.raises(ValueError, match="The minimiser has entries of about 1e"):
            lstsq(times(X, a), times(y, b))
        return
    found = least_squares(times(X, a), times(y, b), method=method)
    np.testing.assert_array_equal(times(found.x, a - b), expected.x)
    np.testing.assert_allclose(times(found.error_bound, a - b), expected.error_bound, rtol=1e-6)
    assert found.method.startswith(method.upper() if method == "qr" else method)
    assert found.condition == pytest.approx(expected.condition)
    if abs(b - a) < 490:
        np.testing.assert_allclose(times(found.cov, 2 * (a - b)), expected.cov, rtol=1e-9)


@pytest.mark.battery(0)
@settings(max_examples=60, deadline=None)
@given(a=EXPONENT, b=EXPONENT, method=st.sampled_from(["qr", "normal equations"]))
def test_least_squares_has_the_same_bits_in_any_unit(a: int, b: int, method: str) -> None:
    assume(not 940 < abs(b - a) < 1040)  # the last entries, or their bounds, begin to vanish
    same_bits(a, b, method)


@pytest.mark.parametrize("edge", [-305, -300, -297, 294, 297, 300])
@pytest.mark.parametrize("method", ["qr", "normal equations"])
def test_nor_does_it_fail_where_a_length_is_at_the_edge_and_no_entry_is(
    edge: int, method: str
) -> None:
    for a, b in ((0, edge), (edge, 0), (edge, edge)):
        same_bits(a, b, method)


@pytest.mark.parametrize("a", [-128, -1, 0, 100])
def test_what_vanishes_when_it_is_squared_is_not_taken_for_zero(a: int) -> None:
    same_bits(a, -950, "normal equations")


@pytest.mark.parametrize("exponent", [-1000, -500, 500, 1000])
@pytest.mark.parametrize("shape", [(6, 80), (20, 4)])
def test_wide_dependent_weighted_and_sparse_too(exponent: int, shape: tuple[int, int]) -> None:
    X, y = problem(*shape)
    X[:, 1] = X[:, 0]
    y = y / 8.0
    with pytest.warns(RankWarning):
        expected = lstsq(X, y)
    for given_X in (times(X, exponent), scipy.sparse.csr_array(times(X, exponent))):
        with pytest.warns(RankWarning):
            found = lstsq(given_X, times(y, exponent))
        np.testing.assert_allclose(found, expected, rtol=1e-14, atol=1e-16)
    weights = np.linspace(1.0, 2.0, len(y))
    expected = lstsq(X, y, weights=weights, ridge=0.5)
    half = exponent // 4  # the ridge must be representable
    found = lstsq(
        times(X, half), times(y, half), weights=weights, ridge=float(times(0.5, 2 * half))
    )
    np.testing.assert_allclose(found, expected, rtol=1e-14)


def test_a_ridge_that_outweighs_the_data() -> None:
    X, y = problem()
    np.testing.assert_allclose(lstsq(X * 1e-200, y, ridge=1.0), 1e-200 * (X.T @ y), rtol=1e-12)


@settings(max_examples=30, deadline=None)
@given(exponent=st.integers(-1000, 1000), shape=st.sampled_from([(40, 6), (6, 40), (900, 310)]))
@example(exponent=-158, shape=(900, 310))  # the greatest variance is at the edge of what is safe
def test_components_have_the_same_digits_in_any_unit(exponent: int, shape: tuple[int, int]) -> None:
    assume(not 490 < abs(exponent) < 540)  # the first variance is at the edge of float64
    X, _ = problem(*shape)
    X[:, :2] *= 1000.0
    expected = pca(X, 2)
    if abs(exponent) > 500:
        with pytest.raises(ValueError, match="The variance of X has entries of about 1e"):
            pca(times(X, exponent), 2)
        return
    found = pca(times(X, exponent), 2)
    np.testing.assert_array_equal(found.components, expected.components)
    np.testing.assert_allclose(
        times(found.explained_variance, -2 * exponent), expected.explained_variance, rtol=2e-15
    )
    np.testing.assert_array_equal(times(found.mean, -exponent), expected.mean)
    np.testing.assert_allclose(found.error_bound, expected.error_bound, rtol=0.1)


@pytest.mark.parametrize("factor", [1e-200, 1e-160, 1e160, 1e200])
def test_linear_regression_is_right_or_says_why_not(factor: float) -> None:
    X, y = problem()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        expected = lstsq(X, y)
        found = LinearRegression(X, y * factor).closed_form()
        np.testing.assert_allclose(found / factor, expected, rtol=1e-13)
        found = LinearRegression(X * factor, y).closed_form()
        np.testing.assert_allclose(found * factor, expected, rtol=1e-13)
        with pytest.raises(ValueError, match="XᵀX cannot be held in float64"):
            gradient_descent(LinearRegression(X * factor, y))


def test_zero_is_a_size_like_any_other() -> None:
    assert LinearRegression(np.zeros((3, 2)), np.ones(3)).lipschitz() == 0.0
    np.testing.assert_array_equal(lstsq(np.eye(3) * 1e200, np.zeros(3)), np.zeros(3))


def test_a_column_far_smaller_than_the_others_still_counts() -> None:
    X, y = problem()
    found = lstsq(X * np.array([1.0, 1e-200, 1.0, 1.0]), y)
    np.testing.assert_allclose(found * np.array([1.0, 1e-200, 1.0, 1.0]), lstsq(X, y), rtol=1e-12)


@pytest.mark.parametrize("stored", [np.asarray, scipy.sparse.csr_matrix, scipy.sparse.csc_array])
def test_columns_of_every_size_cost_no_digit(stored: Callable[[Matrix], object]) -> None:
    X, y = problem()
    units = 2.0 ** np.array([-660, 0, 3, 660])
    np.testing.assert_array_equal(lstsq(stored(X * units), y) * units, lstsq(X, y))
    (solution, plain) = (least_squares(A, y) for A in (X * units, X))
    np.testing.assert_array_equal(solution.error_bound * units, plain.error_bound)
    less = 2.0 ** np.array([-400, 0, 3, 400])
    _, cov = lstsq(stored(X * less), y, return_cov=True)
    np.testing.assert_array_equal(cov * np.outer(less, less), lstsq(X, y, return_cov=True)[1])


@pytest.mark.parametrize("size", [2.0**-332, 2.0**-664, 2.0**-990])
def test_a_small_column_twice_is_shared(size: float) -> None:
    X, y = problem()
    units = np.array([size, 1.0, 2.0**250, 1.0, size])
    with pytest.warns(RankWarning):
        w = lstsq(X[:, [0, 1, 2, 3, 0]] * units, y) * units
    assert w[0] == pytest.approx(w[4], rel=1e-14)
    np.testing.assert_allclose([w[0] + w[4], *w[1:4]], lstsq(X, y), rtol=1e-13)


def test_what_columns_of_every_size_forbid() -> None:
    X, y = problem()
    far = X * np.array([1e-200, 1.0, 1.0, 1e200])
    with pytest.raises(ValueError, match=r"from .e-200 to .e\+200: a ridge cannot count for all"):
        lstsq(far, y, ridge=1.0)
    with pytest.raises(ValueError, match="dependent: no float64 can hold the minimiser of minimum"):
        lstsq(np.column_stack((far, far[:, 0])), y)
    with pytest.raises(ValueError, match=r"covariance has entries of about 1e39\d"):
        lstsq(far, y, return_cov=True)


def test_forgotten_units_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "units", lambda sizes, _count: tuple(0 for _ in sizes))
    with np.errstate(all="ignore"), pytest.raises((AssertionError, ValueError, ArithmeticError)):
        same_bits(0, 600, "qr")


def test_powers_of_two_do_not_hang_on_the_unit() -> None:
    sizes = np.array([0.7, 0.70710678, 1.0, 3.0])
    for exponent in (-900, -1, 900):
        np.testing.assert_array_equal(
            times(scale.power_of_two(times(sizes, exponent)), exponent), scale.power_of_two(sizes)
        )
