"""The look of every figure: sizes, fonts and colours, as a context that leaves no trace.

``with style("slides"):`` sets matplotlib's parameters, all of them, so that neither the user's
matplotlibrc nor what ran before can change a figure; on leaving, everything is as it was.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
from cycler import cycler
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure

from optidemo.names import unknown_name
from optidemo.plots.canvas import Canvas

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "BLUE",
    "CONTRAST",
    "GOLD",
    "GREEN",
    "GREY",
    "INK",
    "LINES",
    "MARKERS",
    "PALE",
    "PALETTE",
    "PURPLE",
    "RED",
    "STYLES",
    "Style",
    "StyledFigure",
    "contrast",
    "legible",
    "new_figure",
    "style",
]

BLUE, RED, GREEN, PURPLE, GOLD = "#1261A6", "#BF3A00", "#2CA58D", "#7A1F6E", "#C48600"
INK, GREY, PALE = "#222222", "#6B6B6B", "#D5D9DE"

PALETTE = (BLUE, RED, GREEN, PURPLE, GOLD, INK)
"""Okabe and Ito's hues, darkened until each stands out from white and from the others in
deuteranopia too; colour is never the only channel, see `LINES` and `MARKERS`."""

LINES: tuple[Any, ...] = (
    "-", (0, (6, 2)), (0, (3, 1.5, 1, 1.5)), (0, (1.2, 1.2)), (0, (9, 2, 1, 2)), (0, (4, 1)),
)  # fmt: skip
"""One line style per colour."""

MARKERS = ("o", "s", "^", "D", "v", "P")
"""One marker per colour."""


CONTRAST = 4.5  # of text to its ground, at least: WCAG 2.1, 1.4.3


def contrast(color: str, ground: str = "white") -> float:
    """Return the contrast of two colours, from 1 to 21: (L₁ + 0.05)/(L₂ + 0.05) (WCAG 2.1)."""
    low, high = sorted(map(_luminance, (color, ground)))
    return (high + 0.05) / (low + 0.05)


def _luminance(color: str) -> float:
    """Return the relative luminance of a colour, from 0, black, to 1, white (WCAG 2.1)."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(color)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@cache
def legible(color: str) -> str:
    """Return a colour for text: the colour itself, or as much darker as letters must be on a pale tint.

    White, for text on a dark ground, stays white.
    """
    if color == "white":
        return color
    if contrast(color) >= CONTRAST:
        return color
    r, g, b = to_rgb(color)
    shades = (to_hex((r * part, g * part, b * part)) for part in np.arange(0.99, 0.0, -0.01))
    return next(shade for shade in shades if contrast(shade) >= 1.3 * CONTRAST)


@dataclass(frozen=True)
class Style:
    """What differs between a projector, a page and a screen.

    Attributes
    ----------
    name : str
        slides, paper or notebook.
    width, height : float
        Inches. A slide is 13.33 inches wide, as in PowerPoint and Beamer's 16:9.
    dpi : int
        Dots per inch of a PNG.
    font : float
        Points of ordinary text; ticks are a little smaller, titles larger.
    line : float
        Points of a data line.
    """

    name: str
    width: float
    height: float
    dpi: int
    font: float
    line: float


STYLES = {
    "slides": Style("slides", 40 / 3, 7.5, 120, 22.0, 3.0),
    "paper": Style("paper", 6.75, 3.8, 240, 10.0, 1.4),
    "notebook": Style("notebook", 9.6, 5.4, 100, 14.5, 2.0),
}


def parameters(look: Style) -> dict[Any, Any]:
    """Return every matplotlib parameter but the backend: the defaults, changed by the style."""
    defaults: dict[str, Any] = {
        str(key): value
        for key, value in mpl.rcParamsDefault.items()
        if key not in ("backend", "backend_fallback", "interactive", "toolbar")
    }
    thin = 0.4 * look.line
    return {
        **defaults,
        "figure.figsize": (look.width, look.height),
        "figure.dpi": look.dpi,
        "savefig.dpi": look.dpi,
        "figure.constrained_layout.use": True,
        "figure.constrained_layout.w_pad": 0.5 * look.font / 72,
        "figure.constrained_layout.h_pad": 0.4 * look.font / 72,
        "figure.constrained_layout.wspace": 0.03,
        "font.family": "STIXGeneral",
        "mathtext.fontset": "stix",
        "font.size": look.font,
        "axes.titlesize": 1.05 * look.font,
        "axes.labelsize": look.font,
        "xtick.labelsize": 0.86 * look.font,
        "ytick.labelsize": 0.86 * look.font,
        "legend.fontsize": 0.9 * look.font,
        "figure.titlesize": 1.2 * look.font,
        "axes.titlelocation": "left",
        "axes.titlepad": 0.6 * look.font,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.edgecolor": GREY,
        "axes.labelcolor": INK,
        "axes.linewidth": thin,
        "xtick.color": GREY,
        "ytick.color": GREY,
        "xtick.labelcolor": INK,
        "ytick.labelcolor": INK,
        "xtick.major.width": thin,
        "ytick.major.width": thin,
        "xtick.minor.width": 0.6 * thin,
        "ytick.minor.width": 0.6 * thin,
        "xtick.major.size": 2.0 * look.line,
        "ytick.major.size": 2.0 * look.line,
        "text.color": INK,
        "lines.linewidth": look.line,
        "lines.markersize": 3.0 * look.line,
        "lines.solid_capstyle": "round",
        "axes.prop_cycle": cycler(color=PALETTE) + cycler(linestyle=LINES),
        "legend.frameon": False,
        "legend.handlelength": 3.0,
        "axes.formatter.use_mathtext": True,
        "axes.formatter.limits": (-4, 5),
        "svg.fonttype": "path",
        "svg.hashsalt": "optidemo",
        "pdf.fonttype": 42,
    }


@contextmanager
def style(name: str = "slides") -> Iterator[Style]:
    """Draw and save in a style; afterwards matplotlib's parameters are what they were.

    Parameters
    ----------
    name : {"slides", "paper", "notebook"}
        The style.

    Raises
    ------
    ValueError
        If the style is unknown; the message names the nearest one.
    """
    if name not in STYLES:
        raise ValueError(unknown_name("style", name, STYLES))
    look = STYLES[name]
    with mpl.rc_context(parameters(look)):
        yield look


class StyledFigure(Figure):
    """A figure on an Agg canvas that remembers its style, so that it is saved in it, too.

    Attributes
    ----------
    look : Style
        The style.
    alt : str
        What one sees, where only the numbers tell; "" where the registry's text does.
    """

    look: Style
    alt: str = ""

    def lay_out(self) -> None:
        """Give every panel its place, as drawing would, without drawing."""
        engine = self.get_layout_engine()
        if engine is not None:
            engine.execute(self)


def new_figure(name: str = "slides", *, tall: float = 1.0) -> StyledFigure:
    """Return an empty figure of a style's size; to be called, and drawn on, inside `style`.

    Parameters
    ----------
    name : str
        The style.
    tall : float
        The height as a multiple of the style's own.
    """
    look = STYLES[name]
    figure = StyledFigure(figsize=(look.width, tall * look.height))
    Canvas(figure)
    figure.look = look
    return figure
