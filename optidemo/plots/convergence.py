"""Convergence: f − f*, the gradient norm or f itself against the iterations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator

from optidemo.arrays import EPS
from optidemo.plots.floor import name_floor
from optidemo.plots.labels import OF_THEORY, THEORY
from optidemo.plots.legend import LineNames
from optidemo.plots.style import GREY, LINES, MARKERS, PALETTE
from optidemo.solvers.result import Result

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes

    from optidemo.arrays import Vector

    Quantity = Literal["fun", "gradient", "value"]

__all__ = ["convergence", "handles", "measures", "optimality_gap"]

TINY = float(np.finfo(float).tiny)
HUGE = 1e100  # values beyond are no more drawn than infinite ones: an axis up to 1e308 overflows
LABELS = {"fun": r"$|f(x_k) - f^*|$", "value": "$f(x_k)$"}
MEASURES = {
    "gradient norm": r"$\|\nabla f(x_k)\|$",
    "gradient norm along the sphere": r"$\|\nabla f(x_k)\|$ along the sphere",
    "distance from 0 to the subdifferential": r"dist$(0, \partial f(x_k))$",
}
"""What a run may measure (`Result.measure`) in symbols; the others go by their names."""

DOTS = 9  # markers on a line, at most
TICKS = 6  # powers of ten on an axis, at most: legible at a distance
FLAT = 10.0  # a quantity that changes by less than this factor is drawn on a linear axis
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
        |f(xₖ) − f*|; ‖∇f(xₖ)‖, or what a run measures in its place; or f(xₖ) itself, for an f that has
        no optimum.
    legend : bool
        Name the lines if there are several: each beside itself when the panel is drawn, if all find
        room there, else in a legend.

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
    reached = [0.0]  # where a run ends in the rounding error of f*, or with a gradient of 0
    zero = _floor(np.concatenate([run.trajectory.gradient_norm for run in runs.values()]))
    for i, (label, result) in enumerate(runs.items()):
        k, floor = np.arange(len(result.trajectory)), 0.0
        if quantity == "fun":
            y, floor = optimality_gap(result, best_value)
            reached += [floor] * bool(np.nanmin(y) <= floor)
        elif quantity == "gradient":
            norm = result.trajectory.gradient_norm
            y = np.maximum(norm, zero)
            reached += [zero] * bool((norm == 0).any())
        else:
            y = result.trajectory.fun
        lines[label] = _one_line(ax, k, y := np.where(np.abs(y) <= HUGE, y, np.nan), i, label)
        rate = (rates or {}).get(label)
        if rate is not None and 0 < rate < 1 and quantity != "value":
            theory = _theory(ax, y, rate**2 if quantity == "fun" else rate, i, floor)
            lines[label + OF_THEORY] = theory
    _dress(ax, runs, lines, quantity)
    if max(reached) > 0:
        ax.axhline(max(reached), color=GREY, linewidth=0.5, zorder=0)
        if ax.get_yscale() == "log":
            name_floor(ax, max(reached), "$0$" if quantity == "gradient" else r"$\approx 0$", TICKS)
    if legend and len(lines) > 1:
        LineNames(ax, lines, handles(lines))
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
    floor = max(EPS * abs(best_value), 1e-18 * float(gap[gap <= HUGE].max(initial=0.0)), TINY)
    return np.where(np.isfinite(gap), np.maximum(gap, floor), np.nan), floor


def _floor(norm: Vector) -> float:
    """Return where a norm of exactly 0 is drawn on a log axis: below all others."""
    positive = norm[(norm <= HUGE) & (norm > 0)]
    return float(min(1e-18 * positive.max(), positive.min())) if positive.size else TINY


def measures(runs: Mapping[str, Result]) -> list[str]:
    """Return what the runs measure, each once, in their order."""
    return list(dict.fromkeys(run.measure for run in runs.values()))


def handles(lines: Mapping[str, Line2D]) -> list[Line2D]:
    """Return the legend's entries: every run, and one dashed line for all the theory."""
    shown = [line for label, line in lines.items() if not label.endswith(OF_THEORY)]
    if len(shown) < len(lines):
        shown.append(Line2D([], [], color=GREY, linestyle="--", linewidth=1.2, label=THEORY))
    return shown


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


def _flat(y: Vector) -> bool:
    """Tell whether y, where it is positive, hardly changes: a log axis would have one tick or none."""
    y = y[np.isfinite(y) & (y > 0)]
    return bool(y.size and y.max() < FLAT * y.min())


def _endless_ticks(far: float, near: float) -> list[float]:
    """Return 0 and a few powers of ten, beyond ±near, as far as `far` and of its sign."""
    decades = int(np.log10(abs(far)))
    powers = range(0, decades + 1, max(1, -(-decades // (TICKS - 1))))
    return [0.0, *(float(np.copysign(10.0**p, far)) for p in powers if 10.0**p > 2 * near)]


def _dress(
    ax: Axes, runs: Mapping[str, Result], lines: Mapping[str, Line2D], quantity: Quantity
) -> None:
    drawn = [np.flatnonzero(np.isfinite(_heights(lines[label]))) for label in runs]
    lengths = [int(seen[-1]) if seen.size else 0 for seen in drawn]
    longest, shortest = max(lengths), min(max(n, 1) for n in lengths)
    y = np.concatenate([_heights(line) for line in lines.values()])
    seen = y[np.isfinite(y)]
    if (seen >= 0).all() and _flat(seen):
        ax.set_ylim(-0.02 * seen.max(), 1.25 * seen.max())
    elif seen.size and seen.min() > 0:
        ax.set_yscale("log")
        ax.yaxis.set_major_locator(LogLocator(numticks=TICKS))
        start = max(float(_heights(line)[0]) for line in lines.values())
        if len(runs) > 1 and np.nanmax(y) > RUNAWAY * start:  # it would flatten all others
            ax.set_ylim(top=RUNAWAY * start)
    elif seen.size and np.abs(seen).max() > RUNAWAY * (scale := max(1.0, abs(float(y[0])))):
        # an f that falls without end would be one plunge on a linear axis
        ax.set_yscale("symlog", linthresh=scale)
        ax.set_yticks(_endless_ticks(float(seen[np.argmax(np.abs(seen))]), scale))
    if longest > SPREAD * shortest:
        ax.set_xscale("symlog", linthresh=1.0, linscale=0.4)
        ax.set_xlim(-0.08, 1.25 * longest)
    else:
        ax.set_xlim(-0.02 * max(longest, 1), 1.03 * max(longest, 1))
        ax.xaxis.set_major_locator(MaxNLocator("auto", integer=True))
    ax.xaxis.set_major_formatter(FuncFormatter(_thousands))
    ax.set_xlabel("iteration $k$")
    told = " or ".join(MEASURES.get(measure, measure) for measure in measures(runs))
    ax.set_ylabel(told if quantity == "gradient" else LABELS[quantity])


def _thousands(k: float, _position: int | None) -> str:
    """Write a count with a thin space between thousands; no lambda, so that a figure can be pickled."""
    return f"{k:,.0f}".replace(",", "\u2009")
