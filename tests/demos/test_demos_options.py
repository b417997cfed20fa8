"""What the user asks of a demo's runs is done, or it is said why not; each run keeps its own line."""

from __future__ import annotations

import io
from typing import Any

import pytest
from rich.console import Console

from optidemo.cli.printing import print_report
from optidemo.demos import DEMOS, Report
from optidemo.demos.case import Planned
from optidemo.demos.plans import label_of
from optidemo.demos.report import evenly
from optidemo.objectives import Gaussian
from optidemo.solvers.steps import BarzilaiBorwein, Fixed
from optidemo.status import Incompatible, Status


def printed(report: Report, width: int = 120) -> str:
    out = io.StringIO()
    print_report(Console(file=out, width=width, color_system=None), report)
    return out.getvalue()


@pytest.mark.parametrize(
    ("solver", "options", "message"),
    [
        ("newton", {"step": 0.1}, "newton takes no step; leave it out"),
        ("closed-form", {"step": 0.1, "maxiter": 5}, "closed-form takes no step and no maxiter"),
    ],
)
def test_an_option_that_the_named_solver_lacks_is_refused(
    solver: str, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        DEMOS["quadratic"].run(solver=solver, **options)


def test_a_solver_for_the_sphere_is_refused_where_there_is_none() -> None:
    with pytest.raises(TypeError, match="quadratic is not compatible with sphere-gradient"):
        DEMOS["quadratic"].run(solver="sphere-gradient")


def test_a_run_cut_short_is_reported_and_fails_nothing() -> None:
    report = DEMOS["logistic-regression"].run(solver="gradient-descent", maxiter=3)
    assert report.solvers[-1].status == "MAXITER"
    assert report.passed
    assert "No run reached the optimum" in report.notes[-1]


def test_a_solver_that_takes_no_step_is_named_in_a_note() -> None:
    report = DEMOS["quadratic"].run(step=0.1)
    assert report.notes == ["newton takes no step; it ran without."]


def test_each_row_has_its_result_under_a_name_of_its_own() -> None:
    report = DEMOS["quadratic"].run(maxiter=500)
    assert [row.label for row in report.solvers] == list(report.results)
    assert len(report.results) == 7
    assert {row.expected for row in report.solvers} == {row.status for row in report.solvers}


def test_runs_that_a_step_makes_the_same_are_made_once() -> None:
    report = DEMOS["quadratic"].run(step=0.1)
    assert list(report.results) == [
        "closed-form", "newton", "gradient-descent, 0.1", "gradient-descent, 0.1, momentum 0.5",
        "accelerated-gradient, 0.1",
    ]  # fmt: skip
    assert len(report.solvers) == 5


def test_runs_of_the_same_name_are_numbered() -> None:
    plan = Planned("newton")
    assert label_of(plan, "—", {"gradient-descent, 1/L": None}) == "newton"
    assert label_of(plan, "—", {"newton": None, "newton (2)": None}) == "newton (3)"


def test_momentum_is_seen_in_the_table() -> None:
    (row,) = (r for r in DEMOS["quadratic"].run().solvers if "momentum" in r.label)
    assert row.step == "1/L, momentum 0.5"


def test_the_residual_is_called_what_it_is() -> None:
    text = printed(DEMOS["uniform-mle"].run())
    assert "optimality residual (closed-form)" in text
    assert "‖∇f‖" not in text
    assert "‖∇f‖" in printed(DEMOS["quadratic"].run())


@pytest.mark.parametrize("name", ["relu", "svm"])
def test_where_the_minimum_is_a_set_no_error_is_shown(name: str) -> None:
    assert {row.error for row in DEMOS[name].run().solvers} == {None}


@pytest.mark.parametrize("width", [80, 100, 120])
def test_no_word_is_cut_or_broken_in_the_table_of_solvers(width: int) -> None:
    report = DEMOS["quadratic"].run()
    lines = printed(report, width).splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith(" solver"))
    end = next(i for i, line in enumerate(lines) if i > start and not line.strip())
    table = "\n".join(lines[start:end])
    assert "…" not in table
    for row in report.solvers:
        assert any(line.startswith(f" {row.solver} ") for line in lines)
        assert row.step == "—" or row.step in table
        assert row.status.lower() in table


def test_a_cut_run_of_a_demo_without_a_formula_for_its_optimum_fails_nothing_either() -> None:
    report = DEMOS["example-quick-2"].run(maxiter=3)
    assert report.passed
    assert "with maxiter = 3" in report.notes[-1]


def test_options_that_make_a_check_fail_are_named_with_the_mend() -> None:
    report = DEMOS["gaussian"].run(step=1e6, tol=0.1)
    assert not report.passed
    assert "step = 1e+06" in report.remedy
    assert "take a step below 2/L = 0.5 and lower tol" in report.remedy
    assert report.remedy in " ".join(printed(report, 1000).split())


def test_a_step_that_throws_x_on_a_plateau_is_no_success_and_named() -> None:
    report = DEMOS["gaussian"].run(step=1e6)
    assert report.passed  # no solver claims what does not hold
    thrown = [result for name, result in report.results.items() if "1e+06" in name]
    assert len(thrown) == 2
    for result in thrown:
        assert result.status is Status.DIVERGED
        assert "The step is too long: 1e+06 >" in result.message


def test_a_wrong_gradient_is_not_blamed_on_the_options(monkeypatch: pytest.MonkeyPatch) -> None:
    right = Gaussian.gradient
    monkeypatch.setattr(Gaussian, "gradient", lambda self, x: (1 + 1e-7) * right(self, x))
    report = DEMOS["gaussian"].run(maxiter=5000)
    assert not report.passed
    assert report.remedy == ""


def test_an_interrupted_run_keeps_its_path_and_its_last_point() -> None:
    left = iter(range(19))

    def stop(_x: Any) -> None:
        next(left)  # raises StopIteration in the end

    report = DEMOS["quadratic"].run(solver="gradient-descent", callback=stop)
    kept = report.to_dict()["partial"]
    result = report.results["gradient-descent, 1/L"]
    assert (kept["solver"], kept["iterations"]) == ("gradient-descent, 1/L", 20)
    assert kept["x"] == result.x.tolist()
    assert kept["fun"] == result.fun
    assert kept["trajectory"]["fun"] == result.trajectory.fun.tolist()
    assert kept["trajectory"]["iteration"] == list(range(21))
    assert "20 iterations of gradient-descent, 1/L, f = " in printed(report)
    assert DEMOS["quadratic"].run().to_dict()["partial"] is None


def test_a_long_path_is_kept_in_part_with_both_ends() -> None:
    at = evenly(10**6)
    assert (at[0], at[-1]) == (0, 10**6 - 1)
    assert len(at) == len(set(at)) <= 1000
    assert evenly(3).tolist() == [0, 1, 2]


def test_a_solver_that_the_demo_does_not_plan_is_held_to_its_own_tolerance() -> None:
    report = DEMOS["linear-regression-cars"].run(solver="stochastic-gradient-descent")
    assert report.solvers[-1].status == "CONVERGED"
    assert report.passed


@pytest.mark.parametrize(
    ("name", "step", "message"),
    [
        ("quadratic", 1e300, r"step = 1e\+300 is far too long: 5e\+300 times 2/L = 0\.2"),
        ("quadratic", 1e-300, r"too short to move x: 5e-300 times 2/L = 0\.2"),
        ("svm", 1e300, r"its first move has the length 7\.\d+e\+301"),
        ("poisson-mle", 1e-300, "too short to move x: its first move has the length"),
    ],
)
def test_a_step_out_of_all_proportion_is_refused_with_its_bound(
    name: str, step: float, message: str
) -> None:
    with pytest.raises(Incompatible, match=f"{message}.* Every run with it failed"):
        DEMOS[name].run(step=Fixed(step), maxiter=20)


@pytest.mark.parametrize("factor", [1.2, 10.0, 1000.0])
def test_a_step_above_its_bound_is_a_lesson_in_divergence(factor: float) -> None:
    report = DEMOS["quadratic"].run(step=Fixed(0.2 * factor), solver="gradient-descent")
    assert report.passed
    assert report.solvers[-1].status == "DIVERGED"
    assert "The step is too long" in report.solvers[-1].message


def test_no_rate_is_promised_beside_a_step_for_which_none_is_proved() -> None:
    rows = {row.solver: row for row in DEMOS["quadratic"].run(step=Fixed(0.22)).solvers}
    assert rows["accelerated-gradient"].theory is None
    (row,) = (
        DEMOS["logistic-regression"]
        .run(step=Fixed(10.0), solver="gradient-descent", maxiter=50)
        .solvers
    )
    assert (row.status, row.theory) == ("MAXITER", None)


def test_a_huge_step_that_works_is_not_refused() -> None:
    rows = DEMOS["l1-norm"].run(step=Fixed(1e9)).solvers
    assert any(row.status == "CONVERGED" for row in rows if row.step == "1e+09")
    assert DEMOS["linear"].run(step=Fixed(1e9)).passed


def test_solvers_that_cannot_use_a_step_rule_keep_their_own_beside_one_that_can() -> None:
    report = DEMOS["linear-regression-cars"].run(step=BarzilaiBorwein())
    told = "accelerated-gradient cannot use BarzilaiBorwein; it ran with its own step."
    assert told in report.notes
    steps = {row.solver: row.step for row in report.solvers}
    assert steps["accelerated-gradient"] == "1/L"
    assert steps["gradient-descent"] == "Barzilai–Borwein"
    assert {row.status for row in report.solvers} == {"CONVERGED"}


def test_a_step_rule_that_no_solver_or_not_the_named_one_can_use_is_refused() -> None:
    with pytest.raises(Incompatible, match="sphere_gradient takes a number"):
        DEMOS["pca"].run(step=BarzilaiBorwein())
    with pytest.raises(Incompatible, match="not compatible with accelerated_gradient"):
        DEMOS["quadratic"].run(step=BarzilaiBorwein(), solver="accelerated-gradient")
