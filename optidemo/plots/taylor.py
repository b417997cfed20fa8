"""The Taylor test: does |f(x + hu) − f(x) − h ∇f·u| fall like h², or only like h?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from optidemo.plots.legend import LineNames

if TYPE_CHECKING:
    import os
    from pathlib import Path

    from matplotlib.axes import Axes

__all__ = ["save_taylor", "taylor"]


def taylor(ax: Axes, test: dict[str, Any]) -> None:
    """Draw the remainders of a Taylor test, with lines of slope 1 and 2 beside them.

    Parameters
    ----------
    ax : Axes
        Where to draw.
    test : dict
        The entry `taylor` of `GradientReport.to_dict`: h, remainder and slope.
    """
    h = np.asarray(test["h"], dtype=float)
    remainder = np.array([np.nan if r is None else r for r in test["remainder"]], dtype=float)
    seen = np.isfinite(remainder) & (remainder > 0)
    lines = ax.loglog(h[seen], remainder[seen], "o", label="remainder")
    if seen.any():
        largest = int(np.argmax(np.where(seen, h, 0.0)))
        for power, look in ((2, "-"), (1, "--")):
            line = remainder[largest] * (h / h[largest]) ** power
            lines += ax.loglog(h, line, look, color="0.4", label=f"slope {power}", zorder=0)
        ax.set_ylim(0.1 * remainder[seen].min(), 10 * remainder[seen].max())
    slope = test["slope"]
    if slope is None:
        verdict = "no remainder above the rounding or noise of f"
    elif slope > 1.5:
        verdict = f"slope {slope:.2f}: the gradient is right"
    else:
        verdict = f"slope {slope:.2f}, not 2: the gradient is wrong"
    ax.set_title(verdict)
    ax.set_xlabel("h")
    ax.set_ylabel("|f(x + hu) − f(x) − h ∇f(x)·u|")
    # the axis itself names the dots
    LineNames(ax, {str(line.get_label()): line for line in lines[1:]}, lines)


def save_taylor(test: dict[str, Any], path: str | os.PathLike[str]) -> Path:
    """Draw the Taylor test into a file of its own, whose suffix is the format.

    Raises
    ------
    OSError, ValueError
        If the file cannot be written, or the format is unknown.
    """
    from optidemo.plots.save import save_figure
    from optidemo.plots.style import new_figure, style

    with style("notebook"):
        figure = new_figure("notebook")
        taylor(figure.subplots(), test)
        return save_figure(figure, path)
