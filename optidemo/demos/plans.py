"""Which solvers a demo runs, with which options, and how tables and figures call them."""

from __future__ import annotations

import inspect
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from optidemo.demos.case import DIRECT, Case, Planned
from optidemo.solvers.solve import SOLVERS
from optidemo.solvers.steps import Fixed
from optidemo.status import Incompatible

if TYPE_CHECKING:
    from optidemo.datasets import Design
    from optidemo.demos.case import Demo
    from optidemo.objective import Objective

__all__ = ["altered", "label_of", "own_title", "remedy_of", "step_of", "takes", "worded"]

LONG = 30  # letters of a name that still fit into a headline
STEPLESS = (*DIRECT, "newton", "power-iteration", "interior-point", "norm-svm", "lasso")
ON_SPHERE = ("closed-form", "sphere-gradient", "power-iteration")


def altered(
    case: Case, name: str, solver: str | None, given: dict[str, Any]
) -> tuple[list[Planned], list[str]]:
    """Return the planned runs of the demo `name` as the user wants them, and notes on what was left out.

    With a `solver` only that one runs, besides the closed form. The options `given` go to every
    iterative run that has them; two runs that thereby become the same are made once.

    Raises
    ------
    ValueError, TypeError
        If the solver cannot run here, or has no such option.
    """
    if case.sphere and solver not in (None, *ON_SPHERE):
        raise Incompatible(
            f"{name} is optimised on the unit sphere, where {solver} does not stay; "
            f"choose one of {', '.join(ON_SPHERE)}."
        )
    if not case.sphere and solver in ON_SPHERE[1:]:
        raise Incompatible(
            f"{name} is not compatible with {solver}, which stays on the unit sphere."
        )
    plans = list(case.runs)
    if solver is not None:
        kept = [p for p in plans if p.solver in DIRECT and p.solver != solver]
        own = [p for p in plans if p.solver == solver] or [Planned(solver, error=None)]
        plans = [*kept, *own[:1]]
    if not given and solver is None:
        return plans, []
    made: list[Planned] = []
    notes: dict[str, None] = {}
    for plan in plans:
        if plan.solver in DIRECT and plan.solver != solver:
            made.append(plan)
            continue
        useless = [option for option in given if not takes(plan.solver, option)]
        if useless:
            told = f"{plan.solver} takes no {' and no '.join(useless)}"
            if plan.solver == solver:
                raise ValueError(f"{told}; leave it out.")
            notes[f"{told}; it ran without."] = None
        options = plan.options | {k: v for k, v in given.items() if k not in useless}
        expect = plan.expect if plan.solver in DIRECT else None
        new = replace(plan, options=options, expect=expect)
        if not any((new.solver, new.options) == (old.solver, old.options) for old in made):
            made.append(new)
    return made, list(notes)


def takes(solver: str, option: str) -> bool:
    """Has the solver this option?"""
    return option in inspect.signature(SOLVERS[solver]).parameters


def worded(given: dict[str, Any]) -> str:
    """Name the options that the user gave: ``step = 0.1, maxiter = 3``."""
    shown = {
        name: value.step if isinstance(value, Fixed) else value for name, value in given.items()
    }
    return ", ".join(
        f"{name} = {value:g}"
        if isinstance(value, float | int)
        else f"{name} = {type(value).__name__}"
        for name, value in shown.items()
    )


def remedy_of(given: dict[str, Any], f: Objective) -> str:
    """Say that the options may be why a result is wrong, and how to choose them better."""
    mends = []
    if "step" in given:
        bound = f.lipschitz()
        mends.append(f"take a step below 2/L = {2 / bound:.3g}" if bound else "take step = armijo")
    mends += ["raise maxiter"] if "maxiter" in given else []
    mends += ["lower tol"] if "tol" in given else []
    return (
        f"The options given ({worded(given)}) took the place of the demo's own, which may be why: "
        f"leave them out, or {' and '.join(mends)}."
    )


def own_title(demo: Demo, design: Design) -> str:
    """Say for a headline what is fitted: ``regression of price on area, rooms (houses.csv)``."""
    columns = design.features[design.intercept :]
    named = ", ".join(columns)
    if len(named) > LONG or not _is_latin(named):
        named = f"{len(columns)} columns"
    target = "" if design.target is None else design.target
    if target:
        named = f"{target if len(target) <= LONG and _is_latin(target) else 'a column'} on {named}"
    file = design.file if len(design.file) <= LONG and _is_latin(design.file) else "your data"
    return f"{demo.kind} of {named} ({file})"


def _is_latin(text: str) -> bool:
    """Has the font of the figures all these letters?"""
    return all(" " <= letter <= "ɏ" for letter in text)


def step_of(plan: Planned, f: Objective) -> str:
    """Name the step rule, and the momentum if there is one; a dash where the solver has neither."""
    if plan.solver in STEPLESS:
        return "—"
    step, kind = plan.options.get("step"), type(plan.options.get("step")).__name__
    named = {"InverseLipschitz": "1/L", "BarzilaiBorwein": "Barzilai–Borwein"}
    defaults = {
        "sphere-gradient": "Barzilai–Borwein", "subgradient-descent": "1/√k",
        "stochastic-gradient-descent": "a/√k", "proximal-gradient": "backtracking",
        "projected-gradient": "backtracking",
    }  # fmt: skip
    if step is None:
        usual = "1/L" if f.whole_space and f.lipschitz() else "Armijo"
        shown = defaults.get(plan.solver, usual)
    elif kind in ("float", "int"):
        shown = f"{step:g}"
    else:
        shown = f"{step.step:.3g}" if kind == "Fixed" else named.get(kind, kind)
    momentum = plan.options.get("momentum")
    return f"{shown}, momentum {momentum:g}" if momentum else shown


def label_of(plan: Planned, step: str, taken: dict[str, Any]) -> str:
    """Call the run by solver and step, and by a number where another one is called so already."""
    label = first = plan.solver if step == "—" else f"{plan.solver}, {step}"
    count = 1
    while label in taken:
        count += 1
        label = f"{first} ({count})"
    return label
