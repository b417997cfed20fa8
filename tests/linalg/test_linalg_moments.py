"""Mean and standard deviation on NIST's data, and against rational arithmetic."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, strategies as st

from optidemo.datasets import load_dataset
from optidemo.linalg.moments import mean, standard_deviation


def numerical_accuracy(centre: float, step: float) -> np.ndarray:
    """NIST's NumAcc2 to 4: the centre once, then 500 pairs a step below and above it."""
    return np.array([centre, *[centre - step, centre + step] * 500])


@pytest.mark.parametrize(
    ("x", "centre", "sigma", "relative"),
    [
        (np.array([10000001.0, 10000003.0, 10000002.0]), 10000002.0, 1.0, 1e-16),
        (numerical_accuracy(1.2, 0.1), 1.2, 0.1, 1e-15),
        (numerical_accuracy(1000000.2, 0.1), 1000000.2, 0.1, 1e-8),  # 0.1 is off by 6e-11 there
        (numerical_accuracy(10000000.2, 0.1), 10000000.2, 0.1, 1e-7),
    ],
)
def test_numacc(x: np.ndarray, centre: float, sigma: float, relative: float) -> None:
    assert mean(x) == pytest.approx(centre, rel=3e-16)
    assert standard_deviation(x) == pytest.approx(sigma, rel=relative)
    assert_exact(x)


def assert_exact(x: np.ndarray) -> None:
    """Both are within two units in the last place of what these float64 numbers have."""
    exact = [Fraction(a) for a in x.tolist()]
    centre = sum(exact) / len(exact)
    assert mean(x) == pytest.approx(float(centre), rel=2.3e-16, abs=0.0)
    variance = sum((a - centre) ** 2 for a in exact) / (len(exact) - 1)
    root = float(variance) ** 0.5
    assert standard_deviation(x) == pytest.approx(root, rel=5e-16, abs=0.0)


@given(
    st.lists(st.integers(-(2**20), 2**20), min_size=2, max_size=40),
    st.integers(0, 40),
)
def test_any_offset(whole: list[int], power: int) -> None:
    assert_exact(np.array(whole, dtype=float) / 2.0**10 + 2.0**power)


def test_michelson_is_as_certified() -> None:
    x = load_dataset("michelson1879").matrix("speed_km_per_s")[:, 0] / 1000.0
    assert mean(x) == pytest.approx(299.852400000000, rel=1e-15)
    assert standard_deviation(x) == pytest.approx(0.0790105478190518, rel=1e-13)


def test_extreme_scales() -> None:
    x = np.array([1.0, 2.0, 3.0])
    for unit in (1.0, 2.0**-1000, 2.0**1021):
        assert mean(x * unit) == 2.0 * unit
        assert standard_deviation(x * unit) == pytest.approx(unit, rel=1e-15)
    assert standard_deviation(np.full(5, 0.1)) == 0.0
    assert standard_deviation([1.0, 3.0], ddof=0) == 1.0


def test_too_few_samples_are_refused() -> None:
    with pytest.raises(ValueError, match="x is empty"):
        mean([])
    with pytest.raises(ValueError, match="needs more than 1 samples, but there are 1"):
        standard_deviation([1.0])


def test_a_naive_sum_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    def naive(values: list[float]) -> float:
        total = 0.0
        for value in values:
            total += value
        return total

    monkeypatch.setattr(math, "fsum", naive)
    with pytest.raises(AssertionError):
        test_numacc(numerical_accuracy(10000000.2, 0.1), 10000000.2, 0.1, 1e-7)
