"""Functions of one variable: the graph, its tangent, its slope, its jumps and its maximum."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np

from optidemo.plots.style import BLUE, GREY, RED

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D

    from optidemo.arrays import Vector
    from optidemo.objective import Objective

__all__ = ["graph", "slope_graph", "subdifferential", "tangent", "values"]

POINTS = 401


def values(f: Callable[[Vector], float], x: Vector) -> Vector:
    """Return f at each x, for a function of a vector (1,); NaN where it is not finite."""
    with np.errstate(all="ignore"):
        y = np.array([float(f(np.array([t]))) for t in x])
    return np.where(np.isfinite(y), y, np.nan)


def graph(ax: Axes, f: Callable[[Vector], float], span: tuple[float, float], **more: Any) -> Line2D:
    """Draw the graph of a function of one variable over span; `more` is for ``Axes.plot``."""
    x = np.linspace(*span, POINTS)
    return ax.plot(x, values(f, x), **{"color": BLUE, "linestyle": "-", **more})[0]


def slope_graph(
    ax: Axes, f: Objective, span: tuple[float, float], kinks: tuple[float, ...] = (), **more: Any
) -> list[Line2D]:
    """Draw f′ over span, interrupted at the kinks; one line per smooth piece."""
    ends = [span[0], *kinks, span[1]]
    lines = []
    for left, right in pairwise(ends):
        inset = 1e-9 * (span[1] - span[0])
        x = np.linspace(left + inset * (left in kinks), right - inset * (right in kinks), POINTS)
        y = np.array([f.gradient(np.array([t]))[0] for t in x])
        lines += ax.plot(x, y, **{"color": RED, "linestyle": "-", **more})
    return lines


def tangent(
    ax: Axes, f: Objective, at: float, span: tuple[float, float], **more: Any
) -> tuple[Line2D, float]:
    """Draw the tangent of f at a point over span; return the line and its slope f′."""
    point = np.array([at])
    slope = float(f.gradient(point)[0])
    x = np.array(span)
    looks = {"color": RED, "linestyle": (0, (6, 2)), **more}
    return ax.plot(x, f.value(point) + slope * (x - at), **looks)[0], slope


def subdifferential(ax: Axes, at: float, low: float, high: float, **more: Any) -> Line2D:
    """Draw the interval of all subgradients at a kink as a bar in the graph of f′."""
    looks = {"color": GREY, "linewidth": 2.2 * mpl.rcParams["lines.linewidth"], "alpha": 0.45}
    return ax.plot(
        [at, at], [low, high], **{**looks, "solid_capstyle": "butt", "zorder": 1, **more}
    )[0]
