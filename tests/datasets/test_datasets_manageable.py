"""Columns far from 0 or beyond 1e±90 are shifted and scaled without a rounding, and the fit stays."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from optidemo.datasets import DataError, Table, design, manageable
from optidemo.linalg.least_squares import lstsq
from optidemo.storage.columns import FileColumns

rng = np.random.default_rng(0)
A, B, NOISE = rng.standard_normal((3, 30))
OFFSET = A + 1e15  # rounded to eighths: these are the data
Y = 2 * (OFFSET - 1e15) - B + 0.1 * NOISE


def table(*columns: np.ndarray) -> Table:
    return Table(Path("own.csv"), ("a", "b", "y"), np.column_stack(columns))


def test_what_is_subtracted_rounds_nothing() -> None:
    made = manageable(design(table(OFFSET, B, Y + 1e12), "y"))
    assert made.y is not None
    assert made.mean.tolist() == [0, 1e15, 0]
    assert made.origin == pytest.approx(1e12, abs=10)
    for stored, shift, given in (
        (made.X[:, 1], 10**15, OFFSET),
        (made.X[:, 2], 0, B),
        (made.y, int(made.origin), Y + 1e12),
    ):
        assert [Fraction(v) + shift for v in stored.tolist()] == [
            Fraction(v) for v in given.tolist()
        ]
    assert f"1e+15 was subtracted from a, {made.origin:.15g} from y" in made.notes[0]


def test_the_fit_is_given_in_the_units_of_the_data() -> None:
    units = (2.0**-600, 2.0**600)
    made = manageable(design(table(A * units[0], B * units[1], A - B + 5 + 0.1 * NOISE), "y"))
    plain = design(table(A, B, A - B + 5 + 0.1 * NOISE), "y")
    assert made.y is not None
    assert np.abs(made.X).max(axis=0) == pytest.approx([1, 2, 2], abs=1)
    constant, slopes = made.coefficients(lstsq(made.X, made.y))
    wanted, expected = plain.coefficients(lstsq(plain.X, plain.y))
    assert constant == pytest.approx(wanted, rel=1e-12)
    np.testing.assert_allclose(slopes * units, expected, rtol=1e-12)
    assert "a was divided by 2^-599" in made.notes[0] or "a was divided by 2^-600" in made.notes[0]


def test_ordinary_data_are_left_alone() -> None:
    years = table(1947.0 + np.arange(30), B * 1e12, Y)
    for made in (
        design(years, "y"),
        design(table(OFFSET, B, Y), "y", intercept=False),
        design(table(OFFSET, B, Y), "y", standardize=True),
    ):
        assert manageable(made) is made
    once = manageable(design(table(OFFSET, B, Y), "y"))
    assert manageable(once) is once


def test_a_file_is_shifted_row_by_row() -> None:
    held = design(table(OFFSET, B, Y), "y")
    stored = FileColumns(np.column_stack([OFFSET, B]), (0, 1), intercept=True)
    made = manageable(type(held)(**{**vars(held), "X": stored}))
    np.testing.assert_array_equal(made.X.read(), manageable(held).X)


@pytest.mark.parametrize("size", [1e-200, 1e200])
def test_a_target_whose_squares_are_lost_is_refused(size: float) -> None:
    with pytest.raises(DataError, match=r"column 'y' has entries of about .e[+-]200.*power of ten"):
        manageable(design(table(A, B, size * Y), "y"))


def test_a_slope_that_cannot_be_held_is_an_error() -> None:
    made = manageable(design(table(A * 1e-310, B, Y), "y"))
    assert made.y is not None
    with pytest.raises(DataError, match="slope of column 'a' is beyond"):
        made.coefficients(lstsq(made.X, made.y))


@pytest.mark.parametrize("size", [1e-200, 1e200])
def test_standardised_columns_of_any_size(size: float) -> None:
    made = design(table(size * A, B, Y), "y", standardize=True)
    np.testing.assert_allclose(made.X[:, 1].std(ddof=1), 1.0, rtol=1e-12)
    np.testing.assert_allclose(made.scale[1], size * A.std(ddof=1), rtol=1e-12)
