"""Least squares: every digit of the NIST sets, and properties that pin the digits."""

from __future__ import annotations

import warnings
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest
from certified import exact_least_squares, nist, worst_digits
from hypothesis import given, settings, strategies as st

from optidemo.linalg import doubledouble as dd, scale
from optidemo.linalg.least_squares import RankWarning, least_squares, lstsq
from optidemo.linalg.slices import SlicedMatrix

if TYPE_CHECKING:
    from optidemo.arrays import Matrix, Vector

# Correct digits of the exact solution for the design rounded to float64: no solver gets further.
CEILING = {
    "Norris": 14.1,
    "Pontius": 13.5,
    "NoInt1": 14.7,
    "NoInt2": 15.0,
    "Filip": 7.9,
    "Longley": 14.6,
    "Wampler1": 15.0,
    "Wampler2": 13.2,
    "Wampler3": 15.0,
    "Wampler4": 15.0,
    "Wampler5": 15.0,
}


def problem(seed: int, n: int = 40, d: int = 4, condition: float = 1e4) -> tuple[Matrix, Vector]:
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((n, d))
    X[:, -1] = X[:, 0] + X[:, -1] / condition
    return X, X.sum(axis=1) + rng.standard_normal(n)


@pytest.mark.parametrize("name", CEILING)
def test_nist_coefficients(name: str) -> None:
    data = nist(name)
    solution = least_squares(data.design, data.y)
    assert worst_digits(solution.x, data.coef.tolist()) >= CEILING[name] - 0.5
    assert worst_digits(lstsq(data.design, data.y), data.coef.tolist()) >= CEILING[name] - 0.5
    assert solution.trusted_digits <= worst_digits(solution.x, data.coef.tolist()) + 1.0


@pytest.mark.parametrize("name", CEILING)
def test_nist_standard_deviations(name: str) -> None:
    data = nist(name)
    _, cov = lstsq(data.design, data.y, return_cov=True)
    floor = min(CEILING[name], 13.5) - 0.5
    assert worst_digits(np.sqrt(np.diag(cov)), data.sd.tolist()) >= floor


@pytest.mark.parametrize("name", CEILING)
def test_nist_data_are_those_that_were_certified(name: str) -> None:
    data = nist(name)
    exact = exact_least_squares(data.decimals, data.targets)
    assert worst_digits(data.coef, exact) >= 14.0


@pytest.mark.parametrize("name", ["Filip", "Longley", "Wampler5"])
def test_bound_holds_and_every_digit_stands(name: str) -> None:
    data = nist(name)
    solution = least_squares(data.design, data.y)
    exact = exact_least_squares(data.design.tolist(), data.y.tolist())
    error = [abs(float(Fraction(a) - e)) for a, e in zip(solution.x.tolist(), exact, strict=True)]
    assert worst_digits(solution.x, exact) == 15.0
    assert np.all(np.array(error) <= solution.error_bound)
    assert solution.digits >= 15.0


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), log_condition=st.floats(0.0, 11.0))
def test_all_digits_at_any_condition(seed: int, log_condition: float) -> None:
    X, y = problem(seed, n=12, d=3, condition=10.0**log_condition)
    exact = [float(e) for e in exact_least_squares(X.tolist(), y.tolist())]
    np.testing.assert_allclose(lstsq(X, y), exact, rtol=4e-16)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6), ridge=st.floats(1e-9, 1e9))
def test_weights_and_ridge_to_all_digits(seed: int, ridge: float) -> None:
    X, y = problem(seed, n=10, d=3)
    c = np.random.default_rng(seed).uniform(0.0, 2.0, 10)
    c[0] = 0.0
    exact = exact_least_squares(X.tolist(), y.tolist(), c.tolist(), ridge)
    solution = least_squares(X, y, weights=c, ridge=ridge)
    np.testing.assert_allclose(solution.x, [float(e) for e in exact], rtol=1e-15)
    assert solution.dof == 9 - 3


def test_ridge_covariance_is_that_of_the_estimator() -> None:
    X, y = problem(3, condition=1.0)
    c = np.random.default_rng(3).uniform(0.5, 2.0, len(y))
    w, cov = lstsq(X, y, weights=c, ridge=2.0, return_cov=True)
    XtCX = X.T @ (c[:, None] * X)
    H = np.linalg.inv(XtCX + 2.0 * np.eye(4))
    variance = c @ (y - X @ w) ** 2 / 36
    np.testing.assert_allclose(cov, variance * H @ XtCX @ H, rtol=1e-11, atol=1e-14)


@settings(max_examples=20, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    powers=st.lists(st.floats(-30.0, 30.0), min_size=4, max_size=4),
)
def test_units_of_the_columns_cost_no_digit(seed: int, powers: list[float]) -> None:
    X, y = problem(seed)
    units = 2.0 ** np.rint(powers)
    np.testing.assert_array_equal(lstsq(X * units, y) * units, lstsq(X, y))


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10**6), order=st.permutations(range(4)))
def test_order_of_columns_and_rows_costs_no_digit(seed: int, order: list[int]) -> None:
    X, y = problem(seed)
    rows = np.random.default_rng(seed).permutation(len(y))
    np.testing.assert_allclose(lstsq(X[rows][:, order], y[rows]), lstsq(X, y)[order], rtol=4e-16)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10**6), times=st.integers(2, 4))
def test_the_same_data_twice_give_the_same_answer(seed: int, times: int) -> None:
    X, y = problem(seed)
    twice = lstsq(np.tile(X, (times, 1)), np.tile(y, times))
    np.testing.assert_allclose(twice, lstsq(X, y), rtol=4e-16)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_an_orthogonal_transform_costs_only_its_own_rounding(seed: int) -> None:
    X, y = problem(seed, condition=1.0)
    Q, _ = np.linalg.qr(np.random.default_rng(seed).standard_normal((len(y), len(y))))
    np.testing.assert_allclose(lstsq(Q @ X, Q @ y), lstsq(X, y), rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize("unit", [1.0, 2.0**-300, 2.0**300])
def test_dependent_columns_give_the_minimum_norm_and_say_so(unit: float) -> None:
    X, y = problem(1, d=3)
    doubled = unit * np.column_stack((X, X[:, 0], np.zeros(len(y))))
    with pytest.warns(RankWarning, match="3 of the 5 columns"):
        solution = least_squares(doubled, y)
    w = lstsq(X, y)
    expected = np.array([w[0] / 2, w[1], w[2], w[0] / 2, 0.0]) / unit
    np.testing.assert_allclose(solution.x, expected, rtol=1e-15)
    assert np.all(np.abs(solution.x - expected) <= solution.error_bound)
    assert solution.rank == 3


def test_the_pseudoinverse_gives_the_covariance_of_dependent_columns() -> None:
    X, y = problem(1, d=3, condition=1.0)
    X = np.column_stack((X, X[:, 0] + X[:, 1]))
    with pytest.warns(RankWarning):
        w, cov = lstsq(X, y, return_cov=True)
    r = y - X @ w
    np.testing.assert_allclose(cov, r @ r / (40 - 3) * np.linalg.pinv(X.T @ X), atol=1e-14)


def test_fewer_rows_than_columns() -> None:
    rng = np.random.default_rng(0)
    X, y = rng.standard_normal((3, 7)), rng.standard_normal(3)
    with pytest.warns(RankWarning, match="3 of the 7"):
        solution = least_squares(X, y)
    np.testing.assert_allclose(solution.x, np.linalg.pinv(X) @ y, rtol=1e-12)
    with pytest.raises(ValueError, match="more samples than parameters"):
        _ = solution.cov
    ridged = lstsq(X, y, ridge=0.5)
    np.testing.assert_allclose(ridged, X.T @ np.linalg.solve(X @ X.T + 0.5 * np.eye(3), y))


@pytest.mark.parametrize("ridge", [0.0, 0.5])
@pytest.mark.parametrize("weighted", [False, True])
def test_many_more_columns_than_rows(ridge: float, weighted: bool) -> None:
    rng = np.random.default_rng(0)
    X, y = rng.standard_normal((6, 200)), rng.standard_normal(6)
    c = np.array([1.0, 2.0, 0.0, 0.5, 1.0, 3.0]) if weighted else np.ones(6)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        found = least_squares(X, y, weights=c if weighted else None, ridge=ridge)
    assert bool(caught) == (ridge == 0.0)
    A = np.sqrt(c)[:, None] * X
    expected = A.T @ np.linalg.lstsq(A @ A.T + ridge * np.eye(6), np.sqrt(c) * y, rcond=1e-12)[0]
    np.testing.assert_allclose(found.x, expected, rtol=1e-10, atol=1e-15)
    np.testing.assert_allclose(found.gradient, 0.0, atol=1e-12)
    with pytest.raises(ValueError, match="more samples than parameters"):
        _ = found.cov


def test_wide_and_dependent_rows() -> None:
    X = np.random.default_rng(0).standard_normal((4, 100))
    X[3] = X[0]
    with pytest.warns(RankWarning, match="3 of the 100"):
        found = lstsq(X, np.array([1.0, 2.0, 3.0, 2.0]))
    np.testing.assert_allclose(found, np.linalg.pinv(X) @ [1.0, 2.0, 3.0, 2.0], atol=1e-14)


def test_nothing_but_zeros() -> None:
    with pytest.warns(RankWarning, match="0 of the 2"):
        solution = least_squares(np.zeros((3, 2)), np.arange(3.0))
    assert not solution.x.any()
    assert solution.rss == pytest.approx(5.0)


@pytest.mark.parametrize("weighted", [False, True])
def test_the_quick_way_promises_what_it_keeps(weighted: bool) -> None:
    rng = np.random.default_rng(5)
    X = rng.standard_normal((20_000, 10)) * 10.0 ** rng.integers(-3, 3, 10)
    y = X.sum(axis=1) + rng.standard_normal(20_000)
    c = rng.uniform(0.0, 2.0, 20_000) if weighted else None
    quick = least_squares(X, y, weights=c, ridge=0.1, method="normal equations")
    slow = least_squares(X, y, weights=c, ridge=0.1, method="qr")
    assert quick.method == "normal equations"
    assert np.all(np.abs(quick.x - slow.x) <= quick.error_bound)
    np.testing.assert_allclose(quick.x, slow.x, rtol=1e-12)
    np.testing.assert_allclose(quick.cov, slow.cov, rtol=1e-9, atol=1e-12 * np.max(slow.cov))
    assert quick.condition == pytest.approx(slow.condition, rel=0.2)
    assert quick.rss == pytest.approx(slow.rss, rel=1e-12)
    assert quick.dof == slow.dof


def test_the_quick_way_gives_up_where_it_should() -> None:
    X, y = problem(2, n=3000, condition=1e7)
    with pytest.raises(ValueError, match="ill-conditioned"):
        least_squares(X, y, method="normal equations")
    big, target = problem(2, n=260_000, condition=1e7)
    assert least_squares(big, target, refine_cov=False).method == "QR, refined"
    with pytest.raises(ValueError, match="ill-conditioned"):
        least_squares(np.column_stack((X, X[:, :1])), y, method="normal equations")


def test_bad_input_is_named() -> None:
    X, y = problem(0)
    with pytest.raises(ValueError, match="weights must be >= 0"):
        lstsq(X, y, weights=-y)
    with pytest.raises(ValueError, match="ridge must be >= 0"):
        lstsq(X, y, ridge=-1.0)
    with pytest.raises(ValueError, match=r"y must have shape \(40,\)"):
        lstsq(X, y[:-1])


def no_digits(sliced: SlicedMatrix, y: Vector, x: dd.DoubleDouble) -> dd.DoubleDouble:
    return dd.DoubleDouble(y - sum(sliced.parts) @ x.hi, np.zeros_like(y))


def test_a_residual_in_float64_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SlicedMatrix, "residual", no_digits)
    with pytest.raises(AssertionError):
        test_nist_coefficients("Wampler5")


def test_a_forgotten_scaling_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scale, "power_of_two", np.ones_like)
    X, y = problem(0)
    with pytest.warns(RankWarning):
        lstsq(X * np.array([1.0, 1e-20, 1.0, 1.0]), y)


def test_solving_writes_no_warning_of_its_own() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        lstsq(np.array([[1.0], [2.0]]), np.array([2.0, 4.0]))
