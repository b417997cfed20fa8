"""What a demo prepares: an objective on data, the runs, and what they are compared with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeAlias

from optidemo.checks.check import Check
from optidemo.datasets.table import DataError
from optidemo.status import Status

if TYPE_CHECKING:
    from optidemo.arrays import Vector
    from optidemo.datasets import Design
    from optidemo.objective import Objective

__all__ = ["DIRECT", "Case", "Demo", "Planned", "References", "as_it_ends", "part_of"]

References: TypeAlias = Callable[["Vector"], list[Check]]


DIRECT = ("closed-form", "linear-program")  # solvers that do not iterate
PART = 20_000  # samples that autograd and scipy check where there are too many for them
NUMBERS = 4e9  # numbers that one run may look at: tens of seconds
UNBOUNDED = 10**9  # iterations: no limit but the solver's own


@dataclass(frozen=True)
class Planned:
    """One run of a solver.

    Attributes
    ----------
    solver : str
        A key of `optidemo.solvers.solve.SOLVERS`.
    options : dict
        Passed on: step, maxiter, ...
    expect : Status or None
        How it is expected to end: a demonstration of divergence passes if it diverges. None: as it will.
    error : float or None
        How far its x may be from the optimum, relatively, if it converges. None: as far as strong
        convexity allows, ‖∇f(x)‖/μ; where the minimum is flat, x is then not checked.
    """

    solver: str
    options: dict[str, Any] = field(default_factory=dict)
    expect: Status | None = Status.CONVERGED
    error: float | None = 1e-5


@dataclass(frozen=True)
class Case:
    """A demo that is ready to run.

    Attributes
    ----------
    objective : Objective
        f, on its data.
    data : str
        What the data are, in a line.
    source : str
        Where they come from.
    runs : tuple of Planned
        The solvers, in the order of the table.
    best : (d,) array or None
        The optimum to which errors refer, usually the closed form; None if there is none.
    references : callable
        Of the best x found: the checks against scipy and published numbers.
    lecture : str
        What the lecture says of the point.
    findings : callable
        Of the best x: sentences in the language of the data.
    sphere : bool
        Is f optimised on the unit sphere?
    flat : bool
        Is the optimum a set, or may it be one? Then how far x is from `best` says nothing.
    notes : tuple of str
        What the reader should know beforehand.
    part : Case or None
        The same on some of the samples alone, where there are too many for autograd and scipy: these
        check the part.
    units : tuple of str
        The unit of each variable, "none" for a pure number; empty if they are not known.
    """

    objective: Objective
    data: str
    source: str
    runs: tuple[Planned, ...]
    best: Vector | None
    references: References
    lecture: str
    findings: Callable[[Vector], list[str]] = lambda _x: []
    sphere: bool = False
    flat: bool = False
    notes: tuple[str, ...] = ()
    part: Case | None = None
    units: tuple[str, ...] = ()


@dataclass(frozen=True)
class Demo:
    """A demo of the registry: `build` prepares a case from the default data or from the user's.

    Attributes
    ----------
    name : str
        What is typed after ``optidemo run``.
    number : str
        The objective's number in the lecture: 15; with a letter (15a) on other data, with a prime (15′)
        another objective at the same place. The worked examples are e1, e2, ...
    title : str
        One line.
    formula : str
        f.
    kind : str
        One of "function", "regression", "classification", "components", "likelihood", "example".
    build : callable
        ``build(seed, design)``; design is None for the default data.
    takes_data : bool
        Can it be fitted to the user's own data?
    target : bool
        Does the user's file need a target column?
    intercept : bool
        Is a column of ones added to the user's data unless --no-intercept is given?
    few_rows : str
        What Python offers where the user's file has fewer rows than weights, which the command line
        refuses; empty where the result is well-defined with any number of rows.
    """

    name: str
    number: str
    title: str
    formula: str
    kind: str
    build: Callable[[int, Design | None], Case]
    takes_data: bool = False
    target: bool = False
    intercept: bool = False
    few_rows: str = ""

    def refuse_few_rows(self, file: str, design: Design) -> None:
        """Raise a `DataError` if the rows of the user's file cannot determine the weights."""
        n, d = design.X.shape
        if n >= d or not self.few_rows:
            return
        sought = f"{d - 1} columns and the intercept" if design.intercept else f"{d} columns"
        raise DataError(
            f"{file} has {n} rows, but {d} weights are sought, for {sought}: infinitely many w fit "
            f"equally well. Name fewer columns with --columns or add rows; {self.few_rows}."
        )

    def run(self, seed: int = 0, **options: Any) -> Any:
        """Run the demo; see `optidemo.demos.runner.run_demo` for the options. Returns a Report."""
        from optidemo.demos.runner import run_demo

        return run_demo(self, seed=seed, **options)


def part_of(design: Design, most: int) -> Design:
    """Return a part with half as many numbers as `most`, or less: it is not too large in its turn."""
    return design.part(min(PART, max(2, most // (2 * design.X.shape[1]))))


def as_it_ends(runs: tuple[Planned, ...], design: Design) -> tuple[Planned, ...]:
    """Return the runs for the user's own data, where nobody knows how an iterative solver ends.

    On large data no run makes more passes than take tens of seconds.
    """
    passes = max(10, int(NUMBERS / design.size)) if design.large else UNBOUNDED

    def adapted(run: Planned) -> Planned:
        maxiter = min(run.options.get("maxiter", UNBOUNDED), passes)
        options = run.options | ({"maxiter": maxiter} if maxiter < UNBOUNDED else {})
        return replace(run, options=options, expect=None, error=None)

    return tuple(run if run.solver in DIRECT else adapted(run) for run in runs)
