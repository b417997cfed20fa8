"""Convergence: f − f* and the gradient norm against iterations, and the path on the contours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator

from optidemo.plots.contours import contour_path
from optidemo.plots.style import GREY, INK, LINES, MARKERS, PALETTE, new_figure, style
from optidemo.solvers.result import Result

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes

    from optidemo.arrays import Vector
    from optidemo.objective import Objective
    from optidemo.plots.style import StyledFigure

    Quantity = Literal["fun", "gradient", "value"]

__all__ = ["convergence", "demo_figure", "optimality_gap"]

EPS = float(np.finfo(float).eps)
TINY = float(np.finfo(float).tiny)
LABELS = {"fun": r"$|f(x_k) - f^*|$", "gradient": r"$\|\nabla f(x_k)\|$", "value": "$f(x_k)$"}
DOTS = 9  # markers on a line, at most
RUNAWAY = 1e3  # growth from the start that is still shown
SPREAD = 60  # runs whose lengths differ by more than this factor need a log axis


def convergence(
    ax: Axes,
    results: Result | Mapping[str, Result],
    best_value: float | None = None,
    rates: Mapping[str, float] | None = None,
    *,
    quantity: Quantity = "fun",
    legend: bool = True,
) -> dict[str, Line2D]:
    """Draw |f(xₖ) − f*| or ‖∇f(xₖ)‖ against the iteration k on a log scale, one line per solver.

    A linear rate is then a straight line, whose slope is the rate.

    Parameters
    ----------
    ax : Axes
        Where to draw.
    results : Result or mapping from label to Result
        One run or several.
    best_value : float, optional
        f*; by default the best value that any of the runs met.
    rates : mapping from label to float, optional
        The factor by which theory lets the error ‖x − x*‖, and with it the gradient norm, shrink per
        iteration; f − f* shrinks with its square. Drawn dashed from the start of the run.
    quantity : {"fun", "gradient", "value"}
        |f(xₖ) − f*|, ‖∇f(xₖ)‖, or f(xₖ) itself, for an f that has no optimum.
    legend : bool
        Add a legend if there are several lines.

    Returns
    -------
    dict
        The line of each label; that of the theory under ``label + " (theory)"``.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> import optidemo, optidemo.plots
    >>> res = optidemo.gradient_descent(optidemo.Quadratic([[2.0, 1.0], [0.0, 1.0]]))
    >>> lines = optidemo.plots.convergence(Figure().subplots(), res)
    """
    runs = as_runs(results)
    if best_value is None:
        best_value = _best_met(runs)
    lines: dict[str, Line2D] = {}
    floor = 0.0
    for i, (label, result) in enumerate(runs.items()):
        k = np.arange(len(result.trajectory))
        if quantity == "fun":
            y, low = optimality_gap(result, best_value)
            floor = max(floor, low)
        elif quantity == "gradient":
            norm = result.trajectory.gradient_norm
            y = np.where(np.isfinite(norm) & (norm > 0), norm, np.nan)
        else:
            y = np.where(np.isfinite(result.trajectory.fun), result.trajectory.fun, np.nan)
        lines[label] = _one_line(ax, k, y, i, label)
        rate = (rates or {}).get(label)
        if rate is not None and 0 < rate < 1 and quantity != "value":
            theory = _theory(ax, y, rate**2 if quantity == "fun" else rate, i, floor)
            lines[f"{label} (theory)"] = theory
    _dress(ax, runs, lines, quantity)
    if quantity == "fun" and any(np.nanmin(_heights(line)) <= floor for line in lines.values()):
        ax.axhline(floor, color=GREY, linewidth=0.5, zorder=0)
    if legend and len(lines) > 1:
        ax.legend(handles=handles(lines))
    return lines


def as_runs(results: Result | Mapping[str, Result]) -> dict[str, Result]:
    """Return label -> Result; a single run is labelled by its solver."""
    if isinstance(results, Result):
        return {results.solver.replace("_", " "): results}
    return dict(results)


def optimality_gap(result: Result, best_value: float) -> tuple[Vector, float]:
    """Return |f(xₖ) − f*| and the level below which it means nothing, at which it is then drawn.

    That level is the rounding error of f*, or 1e-18 of the largest gap.
    """
    fun = result.trajectory.fun
    gap = np.abs(fun - best_value)
    floor = max(EPS * abs(best_value), 1e-18 * float(gap[np.isfinite(gap)].max(initial=0.0)), TINY)
    return np.where(np.isfinite(gap), np.maximum(gap, floor), np.nan), floor


def handles(lines: Mapping[str, Line2D]) -> list[Line2D]:
    """Return the legend's entries: every run, and one dashed line for all the theory."""
    shown = [line for label, line in lines.items() if not label.endswith(" (theory)")]
    if len(shown) < len(lines):
        shown.append(
            Line2D([], [], color=GREY, linestyle="--", linewidth=1.2, label="theory’s rate")
        )
    return shown


def by_rows(entries: list[Line2D], columns: int) -> list[Line2D]:
    """Reorder entries so that a legend, which fills column by column, reads row by row."""
    return [entry for i in range(columns) for entry in entries[i::columns]]


def _best_met(runs: Mapping[str, Result]) -> float:
    """Return the best value of all runs; whether that is the lowest, the first run's start tells."""
    ends = np.array([run.fun for run in runs.values()])
    first = next(iter(runs.values()))
    falls = first.fun <= first.trajectory.fun[0]
    return float(ends.min() if falls else ends.max())


def _one_line(ax: Axes, k: Any, y: Vector, i: int, label: str) -> Line2D:
    n = len(PALETTE)
    every = max(1, -(-len(k) // DOTS))
    (line,) = ax.plot(
        k, y, color=PALETTE[i % n], linestyle=LINES[i % n], marker=MARKERS[i % n],
        markevery=_spaced(len(k)) if len(k) > DOTS else every, markeredgecolor="white", label=label,
        zorder=3 + 0.1 * i,
    )  # fmt: skip
    up = np.diff(np.nan_to_num(y)) > 0
    if len(k) > 100 and np.mean(up[1:] != up[:-1]) > 0.3:  # a jagged run would fill the panel
        line.set(linewidth=0.35 * line.get_linewidth(), linestyle="-")
    return line


def _spaced(n: int) -> list[int]:
    """Return at most DOTS indices whose logarithms are evenly spaced, with the first and the last."""
    return sorted({0, *np.round(np.geomspace(1, n - 1, DOTS - 1)).astype(int).tolist()})


def _heights(line: Line2D) -> Vector:
    return np.asarray(line.get_ydata(), dtype=float)


def _theory(ax: Axes, y: Vector, rate: float, i: int, floor: float) -> Line2D:
    """Draw y₀ rateᵏ, as far as the run goes and no further down than it."""
    lowest = max(float(np.nanmin(y)), floor)
    k = np.linspace(0.0, len(y) - 1.0, 200)
    curve = np.nan_to_num(y[0], nan=1.0) * rate**k
    curve[curve < 0.3 * lowest] = np.nan
    (line,) = ax.plot(
        k, curve, color=PALETTE[i % len(PALETTE)], linestyle="--", linewidth=1.2, marker="",
        label="_theory", zorder=2,
    )  # fmt: skip
    return line


def _dress(
    ax: Axes, runs: Mapping[str, Result], lines: Mapping[str, Line2D], quantity: Quantity
) -> None:
    lengths = [len(run.trajectory) - 1 for run in runs.values()]
    longest, shortest = max(lengths), min(max(n, 1) for n in lengths)
    y = np.concatenate([_heights(line) for line in lines.values()])
    if (y[np.isfinite(y)] > 0).all() and np.isfinite(y).any():
        ax.set_yscale("log")
        start = max(float(_heights(line)[0]) for line in lines.values())
        if np.nanmax(y) > RUNAWAY * start:  # a run that diverges would flatten all others
            ax.set_ylim(top=RUNAWAY * start)
    if longest > SPREAD * shortest:
        ax.set_xscale("symlog", linthresh=1.0, linscale=0.4)
        ax.xaxis.set_major_formatter(FuncFormatter(lambda k, _: f"{k:,.0f}".replace(",", "\u2009")))
        ax.set_xlim(-0.08, 1.25 * longest)
    else:
        ax.set_xlim(-0.02 * max(longest, 1), 1.03 * max(longest, 1))
        ax.xaxis.set_major_locator(MaxNLocator("auto", integer=True))
    ax.set_xlabel("iteration $k$")
    ax.set_ylabel(LABELS[quantity])


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
    figure.suptitle(title, x=0.012, ha="left", color=INK)
    flat = objective.d == 2 and any(len(run.trajectory) > 1 for run in results.values())
    axes = figure.subplots(1, 2 + flat, width_ratios=[1, 1, 1.15][: 2 + flat])
    first: Quantity = "value" if best_value is None else "fun"
    convergence(axes[0], results, best_value, rates, quantity=first, legend=False)
    lines = convergence(axes[1], results, best_value, rates, quantity="gradient", legend=False)
    _legend_below(figure, handles(lines))
    if flat:
        axes[2].set(xlabel="$x_1$", ylabel="$x_2$")
        figure.draw_without_rendering()  # the contours must fill the panel, whose shape is known now
        contour_path(axes[2], objective, results, best=best)


def _legend_below(figure: StyledFigure, entries: list[Line2D]) -> None:
    """Add a legend under the panels with as many columns as the figure is wide.

    Its width is measured without drawing the figure, which would cost a whole layout each time.
    """
    renderer = FigureCanvasAgg(figure).get_renderer()  # type: ignore[no-untyped-call]
    for columns in range(min(len(entries), 4), 0, -1):
        legend = figure.legend(
            handles=by_rows(entries, columns),
            loc="outside lower left",
            ncols=columns,
            columnspacing=1.4,
        )
        if columns == 1 or legend.get_window_extent(renderer).width <= 0.98 * figure.bbox.width:
            return
        legend.remove()
