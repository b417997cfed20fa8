"""Run a demo: solve, classify, check."""

from __future__ import annotations

import warnings
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from optidemo.arrays import as_seed
from optidemo.checks.check import Check
from optidemo.checks.derived import check_derived
from optidemo.checks.optimality import kind_of_point
from optidemo.demos.plans import altered, label_of, own_title, remedy_of, step_of, takes, worded
from optidemo.demos.rates import measured_rate, promised_rate
from optidemo.demos.report import Report, SolverRow
from optidemo.demos.step_length import refuse_absurd
from optidemo.solvers.solve import SOLVERS, solve
from optidemo.status import Incompatible, Status

if TYPE_CHECKING:
    from collections.abc import Callable

    from optidemo.arrays import Vector
    from optidemo.datasets import Design
    from optidemo.demos.case import Case, Demo, Planned
    from optidemo.solvers.result import Result

__all__ = ["run_demo"]

VAGUE = 1e-2  # a check of x that allows so much could hardly fail


def run_demo(
    demo: Demo,
    *,
    seed: int = 0,
    design: Design | None = None,
    solver: str | None = None,
    step: Any = None,
    maxiter: int | None = None,
    tol: float | None = None,
    callback: Callable[..., Any] | None = None,
) -> Report:
    """Run one demo.

    Parameters
    ----------
    demo : Demo
        From the registry.
    seed : int
        Of random matrices and of the points at which the gradient is checked; 0 or more.
    design : Design, optional
        The user's data in place of the default.
    solver : str, optional
        Run this solver alone, besides the closed form.
    step, maxiter, tol, callback
        For every iterative run that has the option, in place of the planned ones; a note names the
        others. A run so altered may end as it will:
        its status is reported, and its error counts only if it claims success.

    Returns
    -------
    Report
        Solvers, point, checks; no figure yet.

    Raises
    ------
    ValueError, TypeError
        If the seed is negative or the solver has no such option; `Incompatible` or `NoClosedForm` if
        it cannot run here, or if the step is out of all proportion and every run with it failed.
    """
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        case = demo.build(as_seed(seed), design)
        asked = {"step": step, "maxiter": maxiter, "tol": tol}
        given = {name: value for name, value in asked.items() if value is not None}
        plans, notes = altered(case, demo.name, solver, given)
        f = case.objective
        report = Report(
            demo.name, demo.number, demo.title if design is None else own_title(demo, design),
            f.formula, f.gradient_formula, case.data, case.source, lecture=case.lecture,
            notes=[*case.notes, *notes], objective=f, best=case.best, units=case.units,
        )  # fmt: skip
        _run_all(report, case, plans, given, solver, callback)
        _conclude(report, case, seed, given)
    told = (str(w.message) for w in caught if issubclass(w.category, UserWarning))
    report.notes += dict.fromkeys(told)  # each once
    return report


def _run_all(
    report: Report, case: Case, plans: list[Planned], given: dict[str, Any], solver: str | None,
    callback: Callable[..., Any] | None,
) -> None:  # fmt: skip
    """Make the runs; a solver that cannot take the given step rule keeps its own, if another can."""
    step, took, refused = given.get("step"), [], None
    for plan in plans:
        if report.interrupted:
            return
        asked = step is not None and plan.options.get("step") is step
        try:
            result = _run(report, case, plan, callback)
        except Incompatible as misfit:
            if not asked or plan.solver == solver:
                raise
            refused = refused or misfit
            own = {name: value for name, value in plan.options.items() if name != "step"}
            _run(report, case, replace(plan, options=own), callback)
            report.notes.append(
                f"{plan.solver} cannot use {type(step).__name__}; it ran with its own step."
            )
        else:
            took += [result] if asked else []
    if refused is not None and not took:
        raise refused
    if not report.interrupted:
        refuse_absurd(case.objective, step, took)


def _run(report: Report, case: Case, plan: Planned, callback: Callable[..., Any] | None) -> Result:
    f = case.objective
    options = dict(plan.options)
    if callback is not None and takes(plan.solver, "callback"):
        options["callback"] = callback
    result = SOLVERS[plan.solver](f, **options)
    step = step_of(plan, f)
    label = label_of(plan, step, report.results)
    best = None if case.flat else case.best
    error = None if best is None else _error(result.x, best, sphere=case.sphere)
    report.results[label] = result
    report.interrupted = result.status is Status.STOPPED
    report.solvers.append(
        SolverRow(
            label=label, solver=plan.solver, step=step, iterations=result.nit, fun=result.fun,
            residual=float(result.trajectory.gradient_norm[-1]), measure=result.measure, error=error,
            rate=measured_rate(result), theory=promised_rate(f, plan, result),
            seconds=float(result.trajectory.time[-1]), status=result.status.name,
            expected=(result.status if plan.expect is None else plan.expect).name, message=result.message,
        )
    )  # fmt: skip
    if report.interrupted:
        return result
    if plan.expect is not None:
        right = result.status is plan.expect
        name = f"{label} ends as expected: {plan.expect.name}"
        told = "" if right else f"it ended {result.status.name}"
        report.checks.append(Check.whether(name, right, told))
    if result.success and error is not None and plan.solver != "closed-form":
        _check_error(report, case, plan, result, error, label)
    return result


def _check_error(
    report: Report, case: Case, plan: Planned, result: Result, error: float, label: str
) -> None:
    """Hold the error against what is allowed: a number, or what strong convexity implies.

    ‖x − x*‖ ≤ ‖∇f(x)‖/μ, doubled for the rounding of μ. Where no number is given and the minimum is
    flat (μ = 0), or so nearly that this allows no two digits, x itself proves nothing and is not
    checked.
    """
    allowed = plan.error
    if allowed is None:
        mu = case.objective.strong_convexity()
        if mu <= 0:
            return
        size = max(float(np.linalg.norm(case.best)), 1.0) if case.best is not None else 1.0
        allowed = 2.0 * case.objective.stationarity(result.x) / (mu * size) + 1e-12
        if allowed > VAGUE:
            return
    report.checks.append(Check(f"{label} = the known optimum", error, allowed))


def _error(x: Vector, best: Vector, *, sphere: bool) -> float:
    """Return ‖x − best‖/max(‖best‖, 1); on the sphere x and −x are the same axis."""
    if sphere and float(x @ best) < 0:
        x = -x
    return float(np.linalg.norm(x - best)) / max(float(np.linalg.norm(best)), 1.0)


def _conclude(report: Report, case: Case, seed: int, given: dict[str, Any]) -> None:
    """Add what is said of the best point, and the checks of gradient and reference."""
    f = case.objective
    known = f.optimum()
    report.verdict = "" if known is None else known.reason
    best = _best(report, case)
    if best is not None:
        report.point = kind_of_point(f, best.x, sphere=case.sphere)
        report.findings = case.findings(best.x)
    part = case.part
    derived = check_derived(f if part is None else part.objective, seed)
    if not report.interrupted:
        _compare(report, case, best, given)
    if given and not all(check.passed for check in report.checks):
        report.remedy = remedy_of(given, f)
    report.checks = [*derived, *report.checks]


def _compare(report: Report, case: Case, best: Result | None, given: dict[str, Any]) -> None:
    """Add the checks against scipy and published numbers, if there is a result to compare."""
    f, part, known = case.objective, case.part, case.objective.optimum()
    exists = known is not None and known.attained and part is None
    if best is None and (case.best is not None or exists):
        limits = f" with {worded(given)}" if given else ""
        report.notes.append(
            f"No run reached the optimum{limits}, so there is nothing to compare with scipy."
        )
        return
    if part is None:
        report.checks += case.references(f.x0 if best is None else best.x)
        return
    few = f"{part.objective.n:,} of the samples".replace(",", " ")
    report.notes.append(
        f"autograd and scipy check {few}, evenly spread: all of them would take too long."
    )
    checks = part.references(solve(part.objective).x)
    report.checks += [replace(check, name=f"{check.name}, {few}") for check in checks]


def _best(report: Report, case: Case) -> Result | None:
    """Return the direct result if there is one, else the successful one of the smallest residual."""
    found = [r for r in report.results.values() if r.success]
    direct = [r for r in found if r.nit == 0]
    if direct:
        return direct[0]
    return min(found, key=lambda r: case.objective.optimality(r.x)) if found else None
