"""The demos on data as users bring them: many rows, separable classes, odd units, dependent columns."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from optidemo.datasets import Table, design
from optidemo.demos import DEMOS
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
