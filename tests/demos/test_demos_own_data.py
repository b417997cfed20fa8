"""The demos on data as users bring them: many rows, separable classes, odd units, dependent columns."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from optidemo.datasets import Table, design
from optidemo.demos import DEMOS, Report
from optidemo.demos.runner import run_demo
from optidemo.solvers.linear_program import linear_program
from optidemo.solvers.newton import newton

if TYPE_CHECKING:
    from collections.abc import Callable

    from optidemo.arrays import Matrix
    from optidemo.objective import Objective
    from optidemo.solvers.result import Result

rng = np.random.default_rng(0)
x, z, noise = rng.standard_normal((3, 1500))
WIDE = rng.standard_normal((400, 60))
UNITS = np.column_stack([1e12 * x, 1e-9 * z, 3e20 * x - 1e20 * z + 1e19 * noise])

CASES: dict[str, tuple[str, Matrix]] = {
    "overlapping classes": ("logistic-regression", np.column_stack([x, x + noise > 0])),
    "a separating plane": ("logistic-regression", np.column_stack([WIDE[:, :40], WIDE[:, 0] > 0])),
    "one success": ("logistic-regression", np.column_stack([x, z, np.arange(1500) == 7])[:200]),
    "quasi-separable": ("logistic-regression", np.column_stack([np.clip(x, 0, 1), x > 1.0])[:200]),
    "separable": ("svm", np.column_stack([x[:200], z[:200], x[:200] > 0.3])),
    "not separable": ("svm", np.column_stack([x[:200], z[:200], x[:200] + noise[:200] > 0.3])),
    "odd units": ("linear-regression", UNITS[:50]),
    "a column twice": ("linear-regression", np.column_stack([x, x, z, noise])),
    "more columns than rows": ("linear-regression", WIDE[:12, :20]),
    "a flat spectrum": ("pca", WIDE[:, :30]),
}


@pytest.mark.battery(0)
@pytest.mark.parametrize("name", CASES)
def test_the_checks_hold(name: str) -> None:
    demo, values = CASES[name]
    columns = tuple(f"c{i}" for i in range(values.shape[1]))
    target = columns[-1] if DEMOS[demo].target else None
    table = Table(Path("own.csv"), columns, values.astype(float))
    given = design(table, target, intercept=DEMOS[demo].intercept)
    report = DEMOS[demo].run(design=given, maxiter=300)
    assert [check.name for check in report.checks if not check.passed] == []


@pytest.mark.parametrize(
    ("demo", "solver"), [("logistic-regression", newton), ("svm", linear_program)]
)
def test_the_size_of_a_column_does_not_decide(
    demo: str, solver: Callable[[Objective], Result]
) -> None:
    values = np.column_stack([x, 1e8 * z, x + z + noise > 0])[:60]
    table = Table(Path("own.csv"), ("a", "income", "label"), values)
    case = DEMOS[demo].build(0, design(table, "label"))
    found = solver(case.objective).x
    assert [c.name for c in case.references(found) if not c.passed] == []
    (residual,) = (c for c in case.references(1.001 * found) if "relative to" in c.name)
    assert not residual.passed


OFFSET = x[:40] + 1e15  # rounded to eighths: these are the data
NEAR = OFFSET - 1e15


def own(*columns: Matrix) -> Table:
    names = ("a", "b", "y")[: len(columns)]
    return Table(Path("own.csv"), names, np.column_stack(columns))


def test_an_offset_of_1e15_costs_a_regression_no_digit() -> None:
    y = 2 * NEAR - z[:40] + noise[:40] / 8
    far = DEMOS["linear-regression"].run(design=design(own(OFFSET, z[:40], y), "y"))
    near = DEMOS["linear-regression"].run(design=design(own(NEAR, z[:40], y), "y"))
    assert far.passed
    assert far.solvers[0].fun == pytest.approx(near.solvers[0].fun, rel=1e-12)
    assert far.findings[1] == near.findings[1]  # R²
    assert "rounding" in far.notes[0]


def test_an_offset_of_1e15_costs_principal_components_no_digit() -> None:
    far = DEMOS["pca"].run(design=design(own(OFFSET, z[:40]), intercept=False))
    near = DEMOS["pca"].run(design=design(own(NEAR, z[:40]), intercept=False))
    assert far.passed
    assert far.solvers[0].fun == pytest.approx(near.solvers[0].fun, rel=1e-12)


@pytest.mark.parametrize("demo", ["linear-regression", "logistic-regression", "svm"])
@pytest.mark.parametrize("standardize", [False, True])
def test_columns_of_any_size_are_fitted(demo: str, standardize: bool) -> None:
    labels = (x + z + noise > 0)[:40].astype(float)
    given = design(own(1e-200 * x[:40], 1e200 * z[:40], labels), "y", standardize=standardize)
    report = DEMOS[demo].run(design=given, maxiter=30)
    assert [check.name for check in report.checks if not check.passed] == []
    assert re.search(r"e\+(199|200) a", report.findings[0])


def test_a_rank_that_rounding_decides_is_called_so_and_checked() -> None:
    """Without an intercept two such columns differ by no more than their rounding."""
    y = NEAR + noise[:40]
    made = design(own(OFFSET, z[:40] + 1e15, y), "y", intercept=False)
    with pytest.warns(UserWarning, match="Within rounding, only 1 of the 2 columns"):
        case = DEMOS["linear-regression"].build(0, made)
    w = case.best
    assert w is not None
    assert all(check.passed for check in case.references(w))
    assert not case.references(1.001 * w)[0].passed  # w is some 1e-17, and held to its own size


def test_a_w_that_is_lost_to_rounding_is_not_compared() -> None:
    near = 1 + 1e-12 * z[:40]
    case = DEMOS["linear-regression"].build(
        0, design(own(np.ones(40), near, 3 + x[:40]), "y", intercept=False)
    )
    w = case.objective.closed_form()
    check = case.references(w)[0]
    assert "lost to rounding" in check.name
    assert check.passed
    assert not case.references(1.01 * w)[0].passed


def fitted(demo: str, cells: str, *, file: str = "own.csv", **options: Any) -> Report:
    header, *rows = (line.split(",") for line in cells.split())
    table = Table(Path(file), tuple(header), np.array(rows, dtype=float))
    target = header[-1] if DEMOS[demo].target else None
    return run_demo(
        DEMOS[demo], design=design(table, target, intercept=DEMOS[demo].intercept), **options
    )


@pytest.mark.parametrize(
    ("demo", "columns", "file", "title"),
    [
        ("linear-regression", "a,b,y", "own.csv", "regression of y on a, b (own.csv)"),
        ("pca", "a,b,c", "own.csv", "components of a, b, c (own.csv)"),
        ("pca", f"{'a' * 20},{'b' * 20},c", "own.csv", "components of 3 columns (own.csv)"),
        (
            "linear-regression",
            "a,価,値段",
            "数.csv",
            "regression of a column on 2 columns (your data)",
        ),
    ],
)
def test_a_title_names_the_columns_and_the_file(
    demo: str, columns: str, file: str, title: str
) -> None:
    report = fitted(demo, f"{columns} 1,2,3 2,1,5 4,4,4 0,1,7", file=file, maxiter=1)
    assert report.title == title


@pytest.mark.parametrize("offset", [1e5, 4e6, 1e7, 1e8])
@pytest.mark.parametrize("intercept", [True, False])
def test_no_offset_makes_a_check_fail_or_empties_it(offset: float, intercept: bool) -> None:
    beside = z[:40] + (0 if intercept else offset)
    made = own(x[:40] + offset, beside, 2 * x[:40] - z[:40] + noise[:40] / 8)
    given = design(made, "y", intercept=intercept)
    report = DEMOS["linear-regression"].run(design=given, maxiter=20)
    assert [check.name for check in report.checks if not check.passed] == []
    bounds = [c.tolerance for c in report.checks if c.tolerance and "Taylor" not in c.name]
    assert max(bounds) <= 1e-2
    assert report.point is not None
    assert "flat" not in report.point.kind or "within rounding" in report.point.kind
    if intercept:
        assert report.point.kind == "strict minimum"
