"""A worked example assignment: three right and six wrong submissions, graded in three ways."""

from __future__ import annotations

import importlib.util
import sys
import unittest
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from types import ModuleType

HERE = Path(__file__).parent
SUBMISSIONS = HERE / "submissions"


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


grading = load(HERE / "grading.py")

WRONG = {
    "transpose": {1: "a transpose of A is missing"},
    "factor": {2: "the whole gradient is"},
    "shape": {2: "shape (3, 1)"},
    "uphill": {4: "f rises instead of falling: the solver adds the gradient"},
    "in_place": {4: "it changes x0 in place"},
    "minimum": {3: "f is larger there", 4: "of the way from the minimum"},
}


@pytest.mark.battery(3)
@pytest.mark.parametrize("name", ["plain", "history", "scipy"])
def test_right_submissions_pass(name: str) -> None:
    hw = load(SUBMISSIONS / f"right_{name}.py")
    for exercise in grading.EXERCISES:
        exercise(hw)


@pytest.mark.battery(0)
@pytest.mark.parametrize("name", WRONG)
def test_wrong_submissions_fail_where_they_are_wrong(name: str) -> None:
    hw = load(SUBMISSIONS / f"wrong_{name}.py")
    for number, exercise in enumerate(grading.EXERCISES, 1):
        if number not in WRONG[name]:
            exercise(hw)
            continue
        with pytest.raises(AssertionError) as failure:
            exercise(hw)
        assert WRONG[name][number] in str(failure.value)
        assert "reference" not in str(failure.value)
        with pytest.raises(AssertionError) as failure:
            exercise(hw, hint="none")
        assert WRONG[name][number] not in str(failure.value)
        with pytest.raises(AssertionError):
            exercise(hw, hint="full")


def test_every_submission_is_graded() -> None:
    names = {path.stem for path in SUBMISSIONS.glob("*.py")}
    assert names == {"right_plain", "right_history", "right_scipy", *(f"wrong_{n}" for n in WRONG)}


def test_under_unittest() -> None:
    hw = load(SUBMISSIONS / "wrong_factor.py")

    class Homework(unittest.TestCase):
        def test_1(self) -> None:
            grading.exercise_1(hw)

        def test_2(self) -> None:
            grading.exercise_2(hw)

    result = unittest.TestResult()
    unittest.defaultTestLoader.loadTestsFromTestCase(Homework).run(result)
    assert (result.testsRun, len(result.failures), len(result.errors)) == (2, 1, 0)
    assert "the whole gradient is" in result.failures[0][1]


def test_in_a_notebook_cell() -> None:
    cell = (
        "import numpy as np\nfrom optidemo.testing import assert_gradient\n"
        "A = np.array([[1.0, 2.0], [0.0, 1.0]])\n"
        "def f(x):\n    return x @ A @ x\n"
        "def grad_f(x):\n    return 2 * A @ x\n"
        "assert_gradient(f, grad_f)\n"
    )
    pytest_seen = sys.modules.get("pytest")
    with pytest.raises(AssertionError, match="a transpose of A is missing"):
        exec(compile(cell, "<cell 1>", "exec"), {"__name__": "__main__"})  # noqa: S102
    assert sys.modules.get("pytest") is pytest_seen
    exec(compile(cell.replace("2 * A", "(A + A.T)"), "<cell 2>", "exec"), {"__name__": "__main__"})  # noqa: S102
