"""The worked examples that the slide gives without a function to minimise: a Jacobian, a gradient."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from optidemo.checks.derived import check_derived
from optidemo.demos import DEMOS, examples as demos
from optidemo.demos.description import describe
from optidemo.objectives import examples as objectives
from optidemo.objectives.examples import EXAMPLES

if TYPE_CHECKING:
    from collections.abc import Callable

EXAMPLE = {f.title: f for f in EXAMPLES}


def failed(f: Any) -> set[str]:
    """Return the names of the checks of a demo that fail, without a run."""
    checks = [
        *check_derived(f),
        *demos.build(f).references(f.x0 if f.best is None else np.array(f.best)),
    ]
    return {check.name for check in checks if not check.passed}


def test_both_are_in_the_order_of_the_slides() -> None:
    names = list(DEMOS)
    first = names.index("example-slope")
    assert names[first : first + 4] == [
        "example-slope", "example-several-inputs", "example-several-outputs", "example-cancer",
    ]  # fmt: skip
    assert [DEMOS[name].number for name in names[first : first + 4]] == ["e1", "e2", "e3", "e4"]


@pytest.mark.parametrize(
    ("wrong", "row"),
    [
        (np.array([[2, 0, 1], [1, 1, 0]]), "1"),
        (np.array([[2, 0, -1], [1, 1 + 1e-6, 0]]), "2"),
        (np.array([[1, 1, 0], [2, 0, -1]]), "1"),
    ],
)
@pytest.mark.battery(3)
def test_a_wrong_jacobian_fails_in_its_row(
    wrong: Any, row: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    f = EXAMPLE["several-outputs"]
    assert failed(f) == set()
    monkeypatch.setattr(objectives, "JACOBIAN", wrong)
    found = failed(f)
    assert {f"row {row} of J = autograd", f"row {row} of J = differences"} <= found
    assert "derived gradient = autograd of the textbook formula" in found


def test_a_transposed_jacobian_is_no_row_for_each_output(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(objectives, "JACOBIAN", objectives.JACOBIAN.T)
    checks = demos.CHECKS["several-outputs"](EXAMPLE["several-outputs"])
    assert [check.name for check in checks if not check.passed] == [
        "J has one row for each output: 2 × 3"
    ]


def test_descent_goes_to_the_nearest_of_the_minima() -> None:
    report = DEMOS["example-several-outputs"].run()
    found = {label: run.x for label, run in report.results.items()}
    assert np.allclose(found["gradient-descent, 1/L"], [1 / 3, -1 / 3, 2 / 3], atol=1e-6)
    assert np.allclose(found["closed-form"], 0.0)
    for x in found.values():
        assert np.allclose(objectives.jacobian_example(x)[0], 0.0, atol=1e-6)
    assert any("nearest" in check.name for check in report.checks)


@pytest.mark.parametrize(
    ("partials", "names"),
    [
        ((-6.0, -0.001, 20.0), {"the drug to take raises x₂"}),
        ((-0.001, 20.0, -6.0), {"the drug to take raises x₂", "the drug to avoid raises x₃"}),
        ((-0.001, -6.0, 19.0), set()),
    ],
)
@pytest.mark.battery(3)
def test_other_partials_fail_what_the_slide_says_of_them(
    partials: tuple[float, ...], names: set[str]
) -> None:
    assert failed(EXAMPLE["cancer"]) == set()
    other = replace(EXAMPLE["cancer"], grad=lambda _x: partials)
    found = failed(other)
    assert names <= found
    assert "∇f(2.0, 3.0, 9.0) = (-0.001, -6, 20)" in found


def test_the_drug_is_told_with_its_numbers_and_what_is_not_the_lectures() -> None:
    report = DEMOS["example-cancer"].run()
    told = " ".join(report.notes)
    for words in (
        "x₁ leaves 97.0 %",
        "x₂ brings it down to 96.4 %",
        "x₃ up to 99.0 %",
        "no formula of f",
        "is ours",
    ):
        assert words in told
    assert "is ours" in describe(DEMOS["example-cancer"])
    assert "is ours" in describe(DEMOS["example-several-outputs"])


@pytest.mark.parametrize(
    ("title", "spoil"),
    [
        ("several-outputs", lambda f: replace(f, best=(0.1, 0.0, 0.0))),
        ("cancer", lambda f: replace(f, fun=lambda x: f.fun(x) + 0.01)),
    ],
)
def test_a_wrong_optimum_or_value_fails(title: str, spoil: Callable[[Any], Any]) -> None:
    assert failed(spoil(EXAMPLE[title]))


def test_a_minimum_that_no_formula_gives_is_known_to_all_digits() -> None:
    f = EXAMPLE["quick-2"]
    case = demos.build(f)
    assert case.best is not None
    assert np.linalg.norm(f.gradient(case.best)) < 1e-14
    assert np.allclose(case.best, [0.82115181, 0.37845764], rtol=0, atol=1e-8)
    assert case.best[1] == pytest.approx(1 / (2 * case.best[0] + 1), rel=1e-15)
    assert not case.flat
    report = DEMOS["example-quick-2"].run()
    assert all(row.error is not None and row.error < 1e-7 for row in report.solvers)
    assert sum(check.name.endswith("= the known optimum") for check in report.checks) == 2
    assert report.best_value == pytest.approx(-0.775991, abs=1e-6)


def test_a_minimum_on_a_line_or_a_half_space_is_not_the_only_one() -> None:
    flat = {f.title for f in EXAMPLES if f.verdict.attained and demos.build(f).flat}
    assert flat == {"several-outputs", "list-5"}
