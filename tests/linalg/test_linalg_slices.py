"""Products of sliced numbers against exact rational arithmetic."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from optidemo.linalg import slices
from optidemo.linalg.doubledouble import DoubleDouble
from optidemo.linalg.slices import SlicedMatrix

DIGITS = 2.0**-102  # of what is added up


def exact(x: DoubleDouble) -> list[Fraction]:
    return [
        Fraction(h) + Fraction(low) for h, low in zip(x.hi.tolist(), x.lo.tolist(), strict=True)
    ]


def worst_error(seed: int, m: int, d: int, decades: float, unit: int) -> float:
    """Return the greatest error of y − Ax and of Aᵀ(y − Ax), in units of what is promised."""
    rng = np.random.default_rng(seed)
    A = rng.standard_normal((m, d)) * 10.0 ** -rng.uniform(0.0, decades, (m, d)) * 2.0**unit
    hi = rng.standard_normal(d) * 10.0 ** -rng.uniform(0.0, decades, d)
    x = DoubleDouble(hi, hi * rng.uniform(-1e-17, 1e-17, d))
    y = A @ hi  # so that most digits cancel
    sliced, rows, columns = SlicedMatrix.of(A), A.tolist(), A.T.tolist()
    r = sliced.residual(y, x)
    g = sliced.transposed_dot(r)
    true_r = [
        Fraction(b) - sum((Fraction(a) * e for a, e in zip(row, exact(x), strict=True)), Fraction())
        for b, row in zip(y.tolist(), rows, strict=True)
    ]
    true_g = [
        sum((Fraction(a) * e for a, e in zip(column, exact(r), strict=True)), Fraction())
        for column in columns
    ]
    promised = np.abs(A).max() * np.array([d * np.abs(hi).max(), m * np.abs(r.hi).max()]) * DIGITS
    errors = (
        max(abs(float(a - b)) for a, b in zip(exact(found), true, strict=True))
        for found, true in ((r, true_r), (g, true_g))
    )
    return float(max(error / size for error, size in zip(errors, promised, strict=True)))


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    m=st.integers(1, 60),
    d=st.integers(1, 8),
    decades=st.sampled_from([0.0, 3.0, 15.0]),
    unit=st.integers(-200, 200),
)
def test_products_have_the_digits_of_double_double(
    seed: int, m: int, d: int, decades: float, unit: int
) -> None:
    assert worst_error(seed, m, d, decades, unit) <= 1.0


@pytest.mark.battery(0)
def test_many_rows_leave_fewer_bits_to_a_slice_and_as_many_digits() -> None:
    assert worst_error(1, 3000, 2, 3.0, 0) <= 1.0
    assert SlicedMatrix.of(np.ones((3000, 2))).bits < SlicedMatrix.of(np.ones((30, 2))).bits


@pytest.mark.parametrize(("name", "value"), [("BITS", 60), ("PARTS", 2), ("DEPTH", 3)])
def test_too_wide_or_too_few_slices_would_be_noticed(
    name: str, value: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slices, name, value)
    assert max(worst_error(seed, 60, 3, 0.0, 0) for seed in range(5)) > 1.0


def test_zeros_are_exact() -> None:
    r = SlicedMatrix.of(np.zeros((3, 2))).residual(
        np.ones(3), DoubleDouble(np.zeros(2), np.zeros(2))
    )
    np.testing.assert_array_equal(r.hi, np.ones(3))
    np.testing.assert_array_equal(r.lo, np.zeros(3))
