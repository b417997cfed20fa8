"""Does every label of a figure stand on its own? Text that overlaps or leaves the canvas is a fault."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from matplotlib.axis import Axis
from matplotlib.text import Text

from optidemo.plots.style import StyledFigure, style

if TYPE_CHECKING:
    from matplotlib.backends.backend_agg import RendererAgg
    from matplotlib.figure import Figure
    from matplotlib.transforms import Bbox

__all__ = ["faults", "text_boxes"]

SLACK = 1.0  # pixels by which boxes, which hold the letters loosely, may touch


def text_boxes(figure: Figure) -> list[tuple[str, Bbox]]:
    """Return every visible text with its box in pixels, as the renderer will draw it."""
    figure.draw_without_rendering()
    renderer: RendererAgg = figure.canvas.get_renderer()  # type: ignore[attr-defined]
    undrawn = _undrawn_tick_labels(figure)
    boxes = []
    for text in figure.findobj(Text, include_self=False):
        assert isinstance(text, Text)  # noqa: S101  (findobj says Artist)
        if not (text.get_visible() and text.get_text().strip()) or id(text) in undrawn:
            continue
        # an Annotation's own extent would include its arrow
        box = Text.get_window_extent(text, renderer)
        if box.width > 0 and box.height > 0:
            boxes.append((text.get_text(), box))
    return boxes


def _undrawn_tick_labels(figure: Figure) -> set[int]:
    """Return the ids of tick labels that exist but are not drawn: outside the limits, or axis off."""
    drawn: set[int] = set()
    for axes in figure.axes:
        axises = [axes.xaxis, axes.yaxis, *([axes.zaxis] if hasattr(axes, "zaxis") else [])]
        if axes.axison and axes.get_visible():
            ticks = [tick for axis in axises if axis.get_visible() for tick in axis._update_ticks()]  # noqa: SLF001  (only matplotlib knows which it draws)
            drawn |= {id(label) for tick in ticks for label in (tick.label1, tick.label2)}
            drawn |= {id(part) for axis in axises for part in (axis.label, axis.offsetText)}
    return {
        id(text)
        for axes in figure.axes
        for axis in axes.findobj(Axis, include_self=False)
        for text in axis.findobj(Text)
        if id(text) not in drawn
    }


def faults(figure: StyledFigure) -> list[str]:
    """Name each pair of texts that overlap and each text that leaves the canvas.

    Parameters
    ----------
    figure : StyledFigure
        A figure of this package.

    Returns
    -------
    list of str
        One sentence per fault; none is what is wanted.
    """
    with style(figure.look.name):
        boxes = text_boxes(figure)
    width, height = figure.canvas.get_width_height()
    found = [
        f"{name!r} leaves the canvas"
        for name, box in boxes
        if box.x0 < -SLACK or box.y0 < -SLACK or box.x1 > width + SLACK or box.y1 > height + SLACK
    ]
    for (first, a), (second, b) in combinations(boxes, 2):
        wide = min(a.x1, b.x1) - max(a.x0, b.x0)
        tall = min(a.y1, b.y1) - max(a.y0, b.y0)
        if wide > SLACK and tall > SLACK:
            found.append(f"{first!r} and {second!r} overlap by {wide:.0f} × {tall:.0f} pixels")
    return found
