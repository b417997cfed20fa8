"""Every work runs at a tiny size, with the peers that are installed and quick to load."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from optidemo import objectives as o
from optidemo.bench import WORKS, contest, gradients, startup
from optidemo.bench.contest import Contest
from optidemo.bench.logistic import logistic_data

SLOW = ("jax", "jaxopt", "skglm", "statsmodels", "dask", "distributed")


@pytest.fixture
def without_slow_peers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the peers whose import alone takes seconds look as if they were not installed."""
    for name in [*SLOW, *(m for m in sys.modules if m.split(".")[0] in SLOW)]:
        monkeypatch.setitem(sys.modules, name, None)


@pytest.mark.usefixtures("without_slow_peers")
@pytest.mark.parametrize("name", sorted(set(WORKS) - {"startup", "scaling"}))
def test_a_work_gives_rows_with_numbers(name: str) -> None:
    rows = WORKS[name](Contest(quick=True))
    assert rows
    for row in rows:
        assert row.goal.bound > 0
        assert (row.measured is None) == (row.verdict == "not installed")
        assert row.measured is None or row.measured > 0
    absent = {row.against for row in rows if row.measured is None}
    slow = {"statsmodels Logit", "skglm Lasso", "jaxopt GradientDescent", "dask-glm"}
    assert absent <= slow or "sklearn" not in sys.modules


def test_every_objective_has_a_formula_for_autograd() -> None:
    assert {cls.name for cls in gradients.CASES} == set(o.OBJECTIVES)


def test_a_formula_that_differs_is_not_timed(monkeypatch: pytest.MonkeyPatch) -> None:
    case = gradients.CASES[o.SquaredL2Norm]
    wrong = replace(case, formula=lambda n, x, _d: 1.001 * n.dot(x, x))
    monkeypatch.setattr(gradients, "CASES", {o.SquaredL2Norm: wrong})
    with pytest.raises(AssertionError, match="SquaredL2Norm and its formula"):
        gradients.rows(Contest(quick=True))


def test_the_logistic_data_have_the_scales_that_are_promised() -> None:
    X, y = logistic_data(2000, 5)
    np.testing.assert_allclose(X.std(axis=0), np.logspace(-1, 1, 5), rtol=0.1)
    assert 0.2 < y.mean() < 0.8


def test_a_program_runs_in_an_empty_folder_with_this_package(tmp_path: Path) -> None:
    out = tmp_path / "out.txt"
    startup.program(
        "import os, sys, optidemo;"
        "open(sys.argv[1], 'w').write(optidemo.__file__ + ' ' + str(os.listdir()))",
        str(out),
    )()
    where, listing = out.read_text(encoding="utf-8").split(" ", 1)
    assert Path(where).parent == Path(contest.__file__).parents[1]
    assert listing == "[]"
