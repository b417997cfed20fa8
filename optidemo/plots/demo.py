"""The figure of a demo: f − f*, the gradient norm and, for two variables, the path on the contours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optidemo.plots.contours import contour_path
from optidemo.plots.convergence import convergence, handles
from optidemo.plots.expansion import affordable
from optidemo.plots.legend import legend_below, names_fit, write_names
from optidemo.plots.marks import headline
from optidemo.plots.style import new_figure, style

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
    units: Sequence[str] = (),
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
    units : (2,) sequence of str, optional
        See `contour_path`. The other two panels need none: f is a sum of squares or a logarithm, whose
        unit nobody reads, and lines over iterations are compared by their slopes, which have no unit.
    style_name : {"slides", "paper", "notebook"}
        The style.

    Returns
    -------
    StyledFigure
        To be written by `optidemo.plots.save_figure`.
    """
    with style(style_name):
        figure = new_figure(style_name)
        compose(figure, title, results, objective, best, best_value, rates, units)
    return figure


def compose(
    figure: StyledFigure, title: str, results: Mapping[str, Result], objective: Objective,
    best: Vector | None, best_value: float | None, rates: Mapping[str, float] | None,
    units: Sequence[str] = (),
) -> None:  # fmt: skip
    """Fill an empty figure, inside its style; the arguments are those of `demo_figure`."""
    headline(figure, title.replace("'", "’")).set_parse_math(False)  # columns may be called $
    moved = any(len(run.trajectory) > 1 for run in results.values())
    flat = objective.d == 2 and moved and affordable(objective)
    axes = figure.subplots(1, 2 + flat, width_ratios=[1, 1, 1.15][: 2 + flat])
    quantities: tuple[Quantity, Quantity]
    quantities = ("value" if best_value is None else "fun", "gradient")
    panels = [
        (ax, convergence(ax, results, best_value, rates, quantity=quantity, legend=False))
        for ax, quantity in zip(axes[:2], quantities, strict=True)
    ]
    entries = handles(panels[1][1])
    if flat:
        axes[2].set(xlabel="$x_1$", ylabel="$x_2$")
    figure.lay_out()  # names must fit and contours must fill their panels, whose shape is known now
    if flat:
        beside = names_fit(figure, panels)
        if not beside:
            legend_below(figure, entries)
            figure.lay_out()
        contour_path(axes[2], objective, results, best=best, units=units)
        if not beside:
            return
        figure.lay_out()
    write_names(figure, panels, entries)
