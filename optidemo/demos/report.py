"""What a demo found, as data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from optidemo.checks.report import plain
from optidemo.objective import Objective
from optidemo.status import Status

if TYPE_CHECKING:
    from optidemo.arrays import Vector
    from optidemo.checks.check import Check
    from optidemo.checks.optimality import Point
    from optidemo.solvers.result import Result

__all__ = ["Report", "SolverRow", "evenly"]

MOST = 1000  # iterates of an interrupted run that the JSON keeps


@dataclass(frozen=True)
class SolverRow:
    """One line of the solver table.

    Attributes
    ----------
    label, solver, step : str
        What ran.
    iterations : int
        nit.
    fun, residual : float
        f at the end, and how far the optimality condition is from being met.
    measure : str
        What the residual is: "gradient norm", "proximal residual", "duality gap", ...
    error : float or None
        ‖x − best‖/max(‖best‖, 1), where a best point is known and it is the only one.
    rate, theory : float or None
        The factor by which the gradient norm shrank an iteration over the last half of the run, and
        what μ and L promise.
    seconds : float
        Time.
    status : str
        The `Status` by name.
    expected : str
        The status that the demo expects.
    message : str
        Cause and remedy.
    """

    label: str
    solver: str
    step: str
    iterations: int
    fun: float
    residual: float
    measure: str
    error: float | None
    rate: float | None
    theory: float | None
    seconds: float
    status: str
    expected: str
    message: str

    def to_dict(self) -> dict[str, Any]:
        """Return the row as JSON has it."""
        return {name: plain(value) for name, value in vars(self).items()}


@dataclass
class Report:
    """Everything that a demo found.

    Attributes
    ----------
    name, number, title, formula, gradient_formula : str
        Of the objective.
    data, source : str
        What it ran on.
    solvers : list of SolverRow
        The table.
    point : Point or None
        The kind of the best point.
    lecture : str
        What the lecture says of it.
    verdict : str
        What is known of the optimum: attained, unbounded, not attained.
    findings, notes : list of str
        In the language of the data.
    checks : list of Check
        Each with its error and tolerance.
    remedy : str
        Where a check of the results fails and the user gave options: that these may be why.
    figure : str or None
        The file that was written.
    results, objective, best, units
        label -> Result, f, its optimum and the units of its variables, for plots; not part of the JSON.
    interrupted : bool
        Did Ctrl-C cut the runs short?
    """

    name: str
    number: str
    title: str
    formula: str
    gradient_formula: str
    data: str
    source: str
    solvers: list[SolverRow] = field(default_factory=list)
    point: Point | None = None
    lecture: str = ""
    verdict: str = ""
    findings: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    remedy: str = ""
    figure: str | None = None
    results: dict[str, Result] = field(default_factory=dict, repr=False)
    objective: Objective = field(default_factory=Objective, repr=False)
    best: Vector | None = field(default=None, repr=False)
    units: tuple[str, ...] = ()
    interrupted: bool = False

    @property
    def best_value(self) -> float | None:
        """The value of f at the optimum, if there is one."""
        return None if self.best is None else self.objective.value(self.best)

    @property
    def passed(self) -> bool:
        """Did every check hold, was any made, and was nothing interrupted that others would check?"""
        return not self.interrupted and bool(self.checks) and all(c.passed for c in self.checks)

    @property
    def stopped(self) -> tuple[str, Result] | None:
        """The run that Ctrl-C cut short, by its label; None if there is none."""
        runs = [(name, r) for name, r in self.results.items() if r.status is Status.STOPPED]
        return runs[-1] if runs else None

    def _partial(self) -> dict[str, Any] | None:
        """Return how far the interrupted run came: its path, of a long one a part, and its last point."""
        if self.stopped is None:
            return None
        label, result = self.stopped
        path = result.trajectory
        at = evenly(len(path))
        return {
            "solver": label,
            "iterations": result.nit,
            "fun": result.fun,
            "x": result.x,
            "trajectory": {
                "iteration": at,
                "fun": path.fun[at],
                "gradient_norm": path.gradient_norm[at],
                "step": path.step[at],
                "time": path.time[at],
            },
        }

    def to_dict(self) -> dict[str, Any]:
        """Return the report as JSON has it; infinities and NaN become null."""
        return {
            "name": self.name,
            "number": self.number,
            "title": self.title,
            "formula": self.formula,
            "gradient": self.gradient_formula,
            "data": {"description": self.data, "source": self.source},
            "solvers": [row.to_dict() for row in self.solvers],
            "point": None if self.point is None else plain(self.point.to_dict()),
            "lecture": self.lecture,
            "verdict": self.verdict,
            "findings": self.findings,
            "notes": self.notes,
            "checks": [plain(check.to_dict()) for check in self.checks],
            "remedy": self.remedy,
            "figure": self.figure,
            "interrupted": self.interrupted,
            "partial": plain(self._partial()),
            "passed": self.passed,
        }


def evenly(count: int) -> np.ndarray:
    """Return at most `MOST` of the indices below `count`, evenly spread, with the first and the last."""
    return np.unique(np.linspace(0, count - 1, min(count, MOST)).astype(int))
