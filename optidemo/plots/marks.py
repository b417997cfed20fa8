"""The small marks that figures share: a headline, a label beside its line, an arrow, a halo."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
from matplotlib.patheffects import withStroke

from optidemo.plots.style import GREY, INK, legible

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.text import Annotation, Text
    from numpy.typing import ArrayLike

__all__ = ["arrow", "dot", "equal", "frame", "halo", "headline", "note", "with_unit"]


def headline(figure: Figure, text: str) -> Text:
    """Write the figure's message above everything."""
    return figure.suptitle(text, x=0.012, ha="left", color=INK)


def with_unit(words: str, unit: str) -> str:
    """Return an axis's label: what is shown and, unless it is a pure number, its unit."""
    return words if unit == "none" else f"{words} ({unit})"


def halo() -> list[withStroke]:
    """Return the white rim that keeps a label legible where it crosses a line."""
    return [withStroke(linewidth=0.22 * mpl.rcParams["font.size"], foreground="white")]


def note(
    ax: Axes, text: str, at: ArrayLike, shift: tuple[float, float] = (0.0, 0.0), *,
    color: str = INK, ha: str = "left", va: str = "center", pointer: bool = False, **more: Any,
) -> Annotation:  # fmt: skip
    """Write a label at a point of the data, shifted by so many widths of the font.

    Its colour is darkened where letters need it, so that a line's own can be given. With `pointer`,
    a thin line leads from the label to the point.
    """
    line = {"arrowstyle": "-", "color": GREY, "linewidth": 0.35 * mpl.rcParams["lines.linewidth"]}
    return ax.annotate(
        text, _pair(at), xytext=shift, textcoords="offset fontsize", color=legible(color), ha=ha,
        va=va, arrowprops=line if pointer else None, zorder=8, **{"path_effects": halo(), **more},
    )  # fmt: skip


def _pair(point: ArrayLike) -> tuple[float, float]:
    x, y = np.asarray(point, dtype=float)
    return float(x), float(y)


def arrow(
    ax: Axes, tail: ArrayLike, head: ArrayLike, *, color: str = INK, wide: float = 1.0
) -> Annotation:
    """Draw an arrow from tail to head, in the units of the data."""
    width = wide * mpl.rcParams["lines.linewidth"]
    shape = {
        "arrowstyle": "-|>", "color": color, "linewidth": width, "mutation_scale": 7 * width,
        "shrinkA": 0.0, "shrinkB": 0.0,
    }  # fmt: skip
    return ax.annotate(
        "", _pair(head), _pair(tail), arrowprops=shape, zorder=6, annotation_clip=False
    )


def dot(
    ax: Axes, x: float, y: float, *, color: str = INK, marker: str = "o", open: bool = False, **more: Any  # noqa: A002
) -> Line2D:  # fmt: skip
    """Draw one point, on top of the lines; an open one is not part of the graph."""
    looks = {
        "color": "white" if open else color,
        "markeredgecolor": color if open else "white",
        "markeredgewidth": mpl.rcParams["lines.linewidth"] * (0.6 if open else 0.4),
        "markersize": 1.25 * mpl.rcParams["lines.markersize"],
        "linestyle": "none",
        "zorder": 7,
    }
    return ax.plot([x], [y], marker=marker, **{**looks, **more})[0]


def frame(ax: Axes) -> None:
    """Close the box around a map, which has no axis of its own to lean on."""
    for spine in ax.spines.values():
        spine.set(visible=True, color=GREY)


def equal(ax: Axes, xlim: tuple[float, float], ylim: tuple[float, float]) -> None:
    """Show at least these limits with one unit as long in x as in y, and fill the room there is."""
    ax.set_xlim(*xlim, auto=True)
    ax.set_ylim(*ylim, auto=True)
    ax.set_aspect("equal", adjustable="datalim")
