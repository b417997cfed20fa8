"""Functions of two variables: contours, the path of a run on them, the gradient field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np

from optidemo.plots.expansion import expanded
from optidemo.plots.marks import with_unit
from optidemo.plots.style import GREY, INK, LINES, MARKERS, PALE, PALETTE
from optidemo.solvers.result import Result

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from matplotlib.axes import Axes
    from matplotlib.contour import QuadContourSet
    from matplotlib.lines import Line2D

    from optidemo.arrays import Matrix, Vector

    Box = tuple[float, float, float, float]

__all__ = ["contour", "contour_path", "values_on_grid"]

STEEP = (
    0.02  # f is below this share of its range on half of where it rises: equal areas, not heights
)
GRID = 81  # points per side of the grid on which f is evaluated
SQUARE = 5.0  # boxes up to this ratio of their sides are drawn with equal aspect


def values_on_grid(
    f: Callable[[Vector], float], box: Box, n: int = GRID
) -> tuple[Vector, Vector, Matrix]:
    """Return x₁ (n,), x₂ (n,) and f (n, n) on a grid over box = (left, right, bottom, top).

    Where f is infinite or NaN, outside its domain, the entry is NaN.
    """
    x1, x2 = np.linspace(box[0], box[1], n), np.linspace(box[2], box[3], n)
    with np.errstate(all="ignore"):
        values = np.array([[float(f(np.array([a, b]))) for a in x1] for b in x2])
    return x1, x2, np.where(np.isfinite(values), values, np.nan)


def contour(
    ax: Axes,
    f: Callable[[Vector], float],
    box: Box,
    *,
    levels: int | Sequence[float] = 12,
    power: float = 2.0,
    beyond: float = 1.0,
    n: int = GRID,
    **more: Any,
) -> QuadContourSet:
    """Draw contours of f over box, closer together in value towards the minimum.

    Parameters
    ----------
    ax : Axes
        Where to draw.
    f : callable
        f(x) of a vector (2,); an Objective will do, and one that is maximised has its contours close
        together at the top.
    box : (left, right, bottom, top)
        The rectangle.
    levels : int or sequence of float
        How many contours, or their values.
    power : float
        Level i lies at the fraction (i/levels)^power of the range: 2 spaces the contours of a
        quadratic evenly.
    beyond : float
        Draw so many times further than the box, on levels that go on as they do inside it: an axis of
        equal aspect may come to show more.
    n : int
        Points per side of the box at which f is evaluated; more make small contours rounder.
    **more
        For ``Axes.contour``.
    """
    x1, x2, values = values_on_grid(f, _grown(box, beyond), 1 + int(beyond * (n - 1)))
    seen = values[np.ix_((box[2] <= x2) & (x2 <= box[3]), (box[0] <= x1) & (x1 <= box[1]))]
    low, high = float(np.nanmin(seen)), float(np.nanmax(seen))
    count = levels if isinstance(levels, int) else len(levels)
    t = (np.arange(4 * count) + 0.5) / count
    if not isinstance(levels, int):
        chosen = np.asarray(levels, dtype=float)
    elif not high > low:
        chosen = np.array([low])
    elif getattr(f, "sense", "minimize") == "maximize":
        chosen = (high - (high - low) * t**power)[::-1]
    elif float(np.median(rising := seen[seen > low])) < low + STEEP * (high - low):
        inside = (np.arange(count) + 0.5) / count
        chosen = np.unique(np.quantile(rising, inside))
    else:
        chosen = low + (high - low) * t**power
    style = {"colors": [PALE], "linewidths": 1.3, "zorder": 1, "linestyles": "solid", **more}
    return ax.contour(x1, x2, values, levels=chosen, **style)


def _grown(box: Box, factor: float) -> Box:
    """Return the box scaled about its centre."""
    x, y = 0.5 * (box[0] + box[1]), 0.5 * (box[2] + box[3])
    w, h = 0.5 * factor * (box[1] - box[0]), 0.5 * factor * (box[3] - box[2])
    return x - w, x + w, y - h, y + h


def contour_path(
    ax: Axes,
    f: Callable[[Vector], float],
    results: Result | Mapping[str, Result],
    *,
    best: Vector | None = None,
    box: Box | None = None,
    units: Sequence[str] = (),
) -> dict[str, Line2D]:
    """Draw the paths of runs in two variables on the contours of f.

    Parameters
    ----------
    ax : Axes
        Where to draw.
    f : callable or Objective
        f(x) of a vector (2,).
    results : Result or mapping from label to Result
        One run or several.
    best : (2,) array, optional
        The optimum, marked with a star.
    box : (left, right, bottom, top), optional
        What to show; by default all that the paths and the optimum need.
    units : (2,) sequence of str, optional
        The units of the two variables, written behind them on the axes; "none" for a pure number.

    Returns
    -------
    dict
        The line of each label.

    Raises
    ------
    ValueError
        If a run is not one in two variables.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> import optidemo, optidemo.plots
    >>> f = optidemo.Quadratic([[2.0, 1.0], [0.0, 1.0]])
    >>> res = optidemo.gradient_descent(f)
    >>> path = optidemo.plots.contour_path(Figure().subplots(), f, res)
    """
    runs = {"": results} if isinstance(results, Result) else dict(results)
    for label, run in runs.items():
        if run.trajectory.x.shape[1] != 2:
            raise ValueError(
                f"contour_path draws two variables, but {label or 'the run'} has "
                f"{run.trajectory.x.shape[1]}. Use convergence(ax, results)."
            )
    if box is None:
        ends = [run.x for run in runs.values() if run.success]
        box = _around(np.vstack([run.trajectory.x for run in runs.values()]), ends, best)
    width, height = box[1] - box[0], box[3] - box[2]
    square = 1 / SQUARE < width / height < SQUARE
    if square:
        box = _filling(ax, box)
    power = 2.0 if getattr(f, "smooth", True) else 1.0  # from a kink f rises like a line
    contour(ax, expanded(f), box, beyond=1.3 if square else 1.0, power=power)
    lines: dict[str, Line2D] = {}
    n = len(PALETTE)
    for i, (label, run) in enumerate(runs.items()):
        x = _until_it_leaves(run.trajectory.x, box)
        many = len(x) > 40
        leaves = len(runs) > 1 and len(x) < len(run.trajectory.x)  # it would cover the others
        (lines[label],) = ax.plot(
            x[:, 0], x[:, 1], color=PALETTE[i % n], linestyle=LINES[i % n] if many else "-",
            marker=MARKERS[i % n], markevery=max(1, len(x) // 12) if many else 1,
            markeredgecolor="white", label=label or "_path",
            zorder=2.5 if leaves else 3 + 0.1 * i, alpha=0.4 if leaves else None,
        )  # fmt: skip
    start = next(iter(runs.values())).trajectory.x[0]
    ax.plot(*start, marker="o", color="white", markeredgecolor=INK, markeredgewidth=2, zorder=5)
    if best is not None:
        ax.plot(
            *best,
            marker="*",
            color=INK,
            markersize=2 * mpl.rcParams["lines.markersize"],
            markeredgecolor="white",
            zorder=6,
        )
    ax.set_xlim(*box[:2], auto=square)
    ax.set_ylim(*box[2:], auto=square)
    if square:
        ax.set_aspect("equal", adjustable="datalim")
    letter = getattr(f, "variable", "x")
    first, second = ("a", "b") if letter == "v" else (f"{letter}_1", f"{letter}_2")
    units = units or ("none", "none")
    ax.set(xlabel=with_unit(f"${first}$", units[0]), ylabel=with_unit(f"${second}$", units[1]))
    for spine in ax.spines.values():
        spine.set(visible=True, color=GREY)
    # the two numbers at the corner must not meet
    ax.tick_params(pad=1.5 * mpl.rcParams["xtick.major.pad"])
    return lines


def _until_it_leaves(x: Matrix, box: Box) -> Matrix:
    """Return the path up to the first point far outside the box: a diverging one would cover it all."""
    low, high = np.array(box[::2]), np.array(box[1::2])
    side = high - low
    far = ~((x >= low - side) & (x <= high + side)).all(axis=1)
    return x[: int(np.argmax(far)) + 1] if far.any() else x


def _filling(ax: Axes, box: Box) -> Box:
    """Return the box, made wider or taller to have the shape that the axis has now."""
    x, y = 0.5 * (box[0] + box[1]), 0.5 * (box[2] + box[3])
    w, h = box[1] - box[0], box[3] - box[2]
    shape = float(ax.bbox.width / ax.bbox.height)
    w, h = max(w, h * shape), max(h, w / shape)
    return x - 0.5 * w, x + 0.5 * w, y - 0.5 * h, y + 0.5 * h


def _around(points: Matrix, ends: Sequence[Vector], best: Vector | None) -> Box:
    """Return a box that holds the points and the ends, with a margin; a diverging tail may leave it."""
    points = points[np.isfinite(points).all(axis=1)]
    centre = points[0] if best is None else np.asarray(best)
    reach = 1.6 * float(np.abs(points[0] - centre).max() or 1.0)
    points = np.vstack([points[(np.abs(points - centre) <= reach).all(axis=1)], [centre], *ends])
    low, high = points.min(axis=0), points.max(axis=0)
    side = high - low
    side = np.maximum(side, 1e-6 * side.max()) if side.max() > 0 else np.ones(2)
    if side.max() < 2 * SQUARE * side.min():
        side = np.maximum(side, 0.35 * side.max())
    middle = 0.5 * (low + high)
    return (
        float(middle[0] - 0.65 * side[0]), float(middle[0] + 0.65 * side[0]),
        float(middle[1] - 0.65 * side[1]), float(middle[1] + 0.65 * side[1]),
    )  # fmt: skip
