"""A log-likelihood of one parameter with its maximum."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optidemo.plots.curves import graph
from optidemo.plots.marks import dot, note
from optidemo.plots.style import RED
from optidemo.solvers.newton import newton

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from optidemo.objective import Objective

__all__ = ["log_likelihood"]


def log_likelihood(ax: Axes, f: Objective, span: tuple[float, float], label: str) -> float:
    """Draw a log-likelihood of one parameter with its maximum, found by Newton; return where that is."""
    graph(ax, f, span)
    run = newton(f, tol=1e-13)
    best = float(run.x[0])
    ax.plot(
        [best, best],
        [f.value(run.x), ax.get_ylim()[0]],
        color=RED,
        linestyle=":",
        linewidth=1.8,
        zorder=2,
    )
    dot(ax, best, f.value(run.x), color=RED)
    note(
        ax,
        label.format(best).replace(",", r"\,"),  # thin space between thousands
        (best, f.value(run.x)),
        (0, 0.9),
        ha="center",
        va="bottom",
        color=RED,
    )
    low, high = ax.get_ylim()
    ax.set_ylim(low, high + 0.22 * (high - low))
    ax.set_xlim(*span)
    return best
