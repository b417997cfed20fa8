"""The likelihood demos on the user's own column: what they refuse, where, and what they say of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from optidemo.datasets import DataError, Table, design
from optidemo.demos import DEMOS

if TYPE_CHECKING:
    from optidemo.demos.case import Case


def build(demo: str, *sample: float, standardize: bool = False) -> Case:
    column = np.array(sample)[:, None]
    table = Table(Path("own.csv"), ("x",), column)
    return DEMOS[demo].build(0, design(table, intercept=False, standardize=standardize))


@pytest.mark.parametrize(
    ("demo", "sample", "message"),
    [
        (
            "poisson-mle",
            (2, 1e12 + 0.53),
            "row 2, column 'x' is 1000000000000.53, but poisson-mle takes whole numbers ≥ 0.",
        ),
        ("poisson-mle", (2, 0, -3), "row 3, column 'x' is -3, but poisson-mle takes whole numbers"),
        ("exponential-mle", (1, -0.1), "row 2, column 'x' is -0.1, but exponential-mle takes numb"),
        ("bernoulli-mle", (1, 0, 1, 2), "row 4, column 'x' is 2, but bernoulli-mle takes the outc"),
        ("exponential-mle", (0, 0), "column 'x': x is all zeros"),
        ("uniform-mle", (7, 7), "column 'x': x is constant"),
    ],
)
def test_what_is_impossible_is_named_with_its_place(
    demo: str, sample: tuple[float, ...], message: str
) -> None:
    with pytest.raises(DataError) as refused:
        build(demo, *sample)
    assert str(refused.value).startswith("own.csv, ")
    assert message in str(refused.value)


@pytest.mark.parametrize("size", [1e-200, 1e200])
@pytest.mark.parametrize("demo", ["gaussian-mle", "exponential-mle", "poisson-mle", "uniform-mle"])
def test_a_size_whose_square_is_lost_is_refused(demo: str, size: float) -> None:
    place = (
        "own.csv, row 1, column 'x' is 3e-200" if demo == "poisson-mle" else "own.csv, column 'x'"
    )
    with pytest.raises(DataError, match="power of ten" if size > 1 else place) as refused:
        build(demo, 3 * size, 4 * size, 9 * size)
    assert "column 'x'" in str(refused.value)


def test_a_small_maximum_is_not_rounded_away() -> None:
    case = build("exponential-mle", 1e15, 3e15)
    assert case.findings(case.objective.closed_form()) == ["The maximum is at [5e-16]."]


def test_a_standardised_value_is_called_so() -> None:
    with pytest.raises(DataError, match=r"row 1, column 'x' is -1.*, standardised, but poisson"):
        build("poisson-mle", 1, 2, 3, standardize=True)


def test_sigma_is_told_so_that_f_can_be_computed_again() -> None:
    for case in (build("gaussian-mle", 1, 4, 7.5), DEMOS["gaussian-mle"].build(0, None)):
        (note,) = case.notes
        sigma = float(note.split()[2].rstrip(","))
        x = case.objective.x  # type: ignore[attr-defined]
        mu = float(x.mean()) + sigma
        f = -x.size * np.log(sigma * np.sqrt(2 * np.pi)) - np.sum((x - mu) ** 2) / (2 * sigma**2)
        assert case.objective.value([mu]) == pytest.approx(f, rel=1e-9)
        gradient = np.sum(x - mu) / sigma**2
        assert case.objective.gradient([mu]) == pytest.approx(gradient, rel=1e-9)
    assert "km/s" in note


def test_a_sample_that_does_not_vary_is_called_so() -> None:
    assert build("poisson-mle", 4, 4).notes == ("All 2 observations are 4.",)
    said = build("gaussian-mle", 0.1, 0.1, 0.1).notes
    assert said[0] == "All 3 observations are 0.1."
    assert "σ = 1 instead" in said[1]
