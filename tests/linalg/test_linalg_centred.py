"""Columns so far from 0 that rounding takes them for multiples of the intercept: every digit all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import scipy.sparse
from certified import exact_least_squares, worst_digits

from optidemo import LinearRegression, solve
from optidemo.linalg.least_squares import RankWarning, least_squares, lstsq
from optidemo.rows import Rows

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from optidemo.arrays import Matrix

rng = np.random.default_rng(0)
A, B, NOISE = rng.standard_normal((3, 12))
WEIGHTS = rng.uniform(0.5, 2.0, 12)
Y = 2 * A - B + NOISE


def far(offset: float, ones: float = 1.0) -> Matrix:
    return np.column_stack([np.full(12, ones), A + offset, B - offset / 8])


@pytest.mark.parametrize("offset", [1e14, 1e15, -1e15])
@pytest.mark.parametrize("stored", [np.asarray, scipy.sparse.csr_array])
def test_every_digit_and_the_bound(offset: float, stored: Callable[[Matrix], object]) -> None:
    X = far(offset)
    solution = least_squares(stored(X), Y, weights=WEIGHTS)
    exact = exact_least_squares(X.tolist(), Y.tolist(), WEIGHTS.tolist())
    assert solution.rank == 3
    assert worst_digits(solution.x, exact) >= 15.0
    assert solution.digits >= 15.0
    assert solution.trusted_digits < 2  # the data have no more, rounded as they are to eighths
    assert solution.condition > 1e13


def test_the_covariance_is_that_of_the_columns_near_zero() -> None:
    X = far(1e15)
    near = np.column_stack([X[:, 0], X[:, 1] - 1e15, X[:, 2] + 1.25e14])
    (_, cov), (_, plain) = (lstsq(M, Y, return_cov=True) for M in (X, near))
    np.testing.assert_allclose(cov[1:, 1:], plain[1:, 1:], rtol=1e-12)
    t = np.array([1.0, -1e15, 1.25e14])  # what the intercept at 0 is of the three weights
    assert cov[0, 0] == pytest.approx(t @ plain @ t, rel=1e-10)


def test_the_column_of_ones_may_be_any_power_of_two() -> None:
    unit = np.array([0.25, 1.0, 1.0])
    np.testing.assert_array_equal(lstsq(far(1e15, 0.25), Y) * unit, lstsq(far(1e15), Y))


def test_what_stays_dependent_is_called_so() -> None:
    twice = np.column_stack([far(1e15), B - 1.25e14])
    with pytest.warns(RankWarning, match="Within rounding, only . of the 4"):
        lstsq(twice, Y)
    with pytest.warns(RankWarning, match="Within rounding, only 1 of the 2"):
        lstsq(np.column_stack([A, B]) + 1e15, Y)  # no intercept to take up what is subtracted


def test_the_front_door_takes_it() -> None:
    result = solve(LinearRegression(far(1e15), Y))
    assert result.success
    best = least_squares(far(1e15), Y).rss / 2
    assert result.fun == pytest.approx(
        best, abs=2.0
    )  # x is rounded, and with it the fit to eighths


def test_rows_of_a_file_are_shifted_block_by_block(tmp_path: Path) -> None:
    np.save(tmp_path / "X.npy", far(1e15))
    shift = np.array([0.0, 1e15, -1.25e14])
    (X,) = Rows(tmp_path / "X.npy").shifted(shift).sum(lambda X: [X])
    np.testing.assert_array_equal(X, far(1e15) - shift)
