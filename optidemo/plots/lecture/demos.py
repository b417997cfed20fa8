"""One convergence figure per demo: what ``optidemo run NAME`` draws."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optidemo.demos import DEMOS
from optidemo.plots.convergence import measures
from optidemo.plots.demo import compose
from optidemo.plots.registry import LectureFigure
from optidemo.status import Status

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from optidemo.checks.check import Check
    from optidemo.demos import Demo
    from optidemo.demos.report import Report
    from optidemo.plots.style import StyledFigure
    from optidemo.solvers.result import Result

__all__ = ["DEMO_FIGURES"]

DATASETS = {
    "linear-regression": "longley",
    "linear-regression-cars": "cars",
    "linear-regression-forbes": "forbes",
    "linear-regression-anscombe": "anscombe",
    "logistic-regression": "challenger_orings",
    "svm": "iris",
    "pca": "iris",
    "gaussian-mle": "michelson1879",
    "exponential-mle": "coal_intervals",
    "exponential-mle-aircon": "air_conditioning",
    "poisson-mle": "horse_kicks",
    "poisson-mle-alpha": "rutherford_geiger",
    "bernoulli-mle": "arbuthnot",
    "uniform-mle": "goodman_serials",
    "uniform-mle-lottery": "maryland_lottery",
}
"""The data set that a demo runs on; to build all demos for their names would cost every start."""


def _figure(demo: Demo) -> LectureFigure:
    def draw(fig: StyledFigure) -> Sequence[Check]:
        report = demo.run(seed=0)
        runs = {label: run for label, run in report.results.items() if run.nit > 0}
        rates = {row.label: row.theory for row in report.solvers if row.theory is not None}
        title = f"{report.number}  {report.title}"
        best, value = report.best, report.best_value
        compose(fig, title, runs, report.objective, best, value, rates, report.units)
        fig.alt = _seen(report, runs)
        return list(report.checks)

    example = demo.kind == "example"
    where = "worked example" if example else "objective"
    return LectureFigure(
        name=f"demo-{demo.name}",
        place=f"{where} {demo.number}, {demo.title}",
        title=f"Convergence: {demo.title}",
        caption=f"f = {demo.formula}: distance of f from its optimum (f itself, where the demo knows none) "
        "and norm of the gradient, or what a solver measures in its place, against iterations, one line "
        "per solver; dashed, the rate that theory promises; for two variables the path on the contours. "
        "On the thin grey line lie the differences below the rounding error of f and gradients of exactly 0.",
        alt=f"How each solver of the demo {demo.name} fares, line by line over its iterations.",
        draw=draw,
        dataset=DATASETS.get(demo.name, ""),
        seed=0,
    )


ENDS = {
    Status.CONVERGED: "converges after {}",
    Status.MAXITER: "is still on its way after {}",
    Status.DIVERGED: "diverges, cut after {}",
    Status.UNBOUNDED: "goes on without end, cut after {}",
    Status.NOT_ATTAINED: "approaches a bound that no point reaches, cut after {}",
}


def _seen(report: Report, runs: Mapping[str, Result]) -> str:
    """Say what the panels show and how each line ends."""
    left = "f itself" if report.best_value is None else "the distance of f from its optimum"
    flat = ", and the paths on the contours" if report.objective.d == 2 else ""
    lines = []
    for label, run in runs.items():
        count = "one iteration" if run.nit == 1 else f"{run.nit} iterations"
        lines.append(f"{label} {ENDS.get(Status(run.status), 'ends after {}').format(count)}")
    return (
        f"Panels of {left} and of the {' or the '.join(measures(runs))} over the iterations{flat}: "
        f"{'; '.join(lines)}."
    )


DEMO_FIGURES = tuple(_figure(demo) for demo in DEMOS.values())
