"""The figure of a demo: f − f*, the gradient norm and, for two variables, the path on the contours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.backends.backend_agg import FigureCanvasAgg

from optidemo.plots.contours import contour_path
from optidemo.plots.convergence import convergence, handles
from optidemo.plots.marks import headline
from optidemo.plots.style import new_figure, style

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.lines import Line2D

    from optidemo.arrays import Vector
    from optidemo.objective import Objective
    from optidemo.plots.convergence import Quantity
    from optidemo.plots.style import StyledFigure
    from optidemo.solvers.result import Result

__all__ = ["compose", "demo_figure"]


def demo_figure(
    title: str,
    results: Mapping[str, Result],
    objective: Objective,
    best: Vector | None,
    best_value: float | None,
    rates: Mapping[str, float] | None = None,
    *,
    style_name: str = "slides",
) -> StyledFigure:
    """Compose the figure of a demo: f − f*, the gradient norm and, for two variables, the path.

    Parameters
    ----------
    title : str
        The line above everything.
    results : mapping from label to Result
        The runs, in the order of the legend.
    objective : Objective
        What was optimised.
    best : (d,) array or None
        The optimum, if there is one.
    best_value : float or None
        f there.
    rates : mapping from label to float
        See `convergence`.
    style_name : {"slides", "paper", "notebook"}
        The style.

    Returns
    -------
    StyledFigure
        To be written by `optidemo.plots.save_figure`.
    """
    with style(style_name):
        figure = new_figure(style_name)
        compose(figure, title, results, objective, best, best_value, rates)
    return figure


def compose(
    figure: StyledFigure, title: str, results: Mapping[str, Result], objective: Objective,
    best: Vector | None, best_value: float | None, rates: Mapping[str, float] | None,
) -> None:  # fmt: skip
    """Fill an empty figure, inside its style; the arguments are those of `demo_figure`."""
    headline(figure, title.replace("'", "’"))
    flat = objective.d == 2 and any(len(run.trajectory) > 1 for run in results.values())
    axes = figure.subplots(1, 2 + flat, width_ratios=[1, 1, 1.15][: 2 + flat])
    first: Quantity = "value" if best_value is None else "fun"
    convergence(axes[0], results, best_value, rates, quantity=first, legend=False)
    lines = convergence(axes[1], results, best_value, rates, quantity="gradient", legend=False)
    _legend_below(figure, handles(lines))
    if flat:
        axes[2].set(xlabel="$x_1$", ylabel="$x_2$")
        figure.lay_out()  # the contours must fill the panel, whose shape is known now
        contour_path(axes[2], objective, results, best=best)


def _legend_below(figure: StyledFigure, entries: list[Line2D]) -> None:
    """Add a legend under the panels with as many columns as the figure is wide.

    Its width is measured without drawing the figure, which would cost a whole layout each time.
    """
    renderer = FigureCanvasAgg(figure).get_renderer()  # type: ignore[no-untyped-call]
    for columns in range(min(len(entries), 4), 0, -1):
        legend = figure.legend(
            handles=_by_rows(entries, columns),
            loc="outside lower left",
            ncols=columns,
            columnspacing=1.4,
        )
        if columns == 1 or legend.get_window_extent(renderer).width <= 0.98 * figure.bbox.width:
            return
        legend.remove()


def _by_rows(entries: list[Line2D], columns: int) -> list[Line2D]:
    """Reorder entries so that a legend, which fills column by column, reads row by row."""
    return [entry for i in range(columns) for entry in entries[i::columns]]
