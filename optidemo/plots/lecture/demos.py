"""One convergence figure per demo: what ``optidemo run NAME`` draws."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optidemo.demos import DEMOS
from optidemo.plots.demo import compose
from optidemo.plots.registry import LectureFigure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optidemo.checks.check import Check
    from optidemo.demos import Demo
    from optidemo.plots.style import StyledFigure

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
        compose(fig, title, runs, report.objective, report.best, report.best_value, rates)
        return list(report.checks)

    example = demo.kind == "example"
    where = "worked example" if example else "objective"
    return LectureFigure(
        name=f"demo-{demo.name}",
        place=f"{where} {demo.number}, {demo.title}",
        title=f"Convergence: {demo.title}",
        caption=f"f = {demo.formula}: distance of f from its optimum (f itself, where there is none) "
        "and norm of the gradient against iterations, one line per solver; dashed, the rate that theory "
        "promises; for two variables the path on the contours.",
        alt=f"Lines that show how each solver of the demo {demo.name} converges.",
        draw=draw,
        dataset=DATASETS.get(demo.name, ""),
        seed=0,
    )


DEMO_FIGURES = tuple(_figure(demo) for demo in DEMOS.values())
