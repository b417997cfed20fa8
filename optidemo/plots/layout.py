"""Does every label of a figure stand on its own, and is every axis named?

Text that overlaps other text, leaves the canvas or lies upon a line of the data is a fault, and so
is an axis with numbers but without a label.
"""

from __future__ import annotations

import re
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axis import Axis
from matplotlib.text import Text

from optidemo.plots.style import StyledFigure, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.backends.backend_agg import RendererAgg
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.transforms import Bbox

__all__ = ["faults"]

NUMBER = re.compile(r"(\\(mathdefault|times|cdot)|[\d\s.,+\-−^{}$])+")
LETTERS = 0.2  # of a box is empty above and below small letters
SLACK = 1.0  # pixels by which boxes, which hold the letters loosely, may touch


def faults(figure: StyledFigure) -> list[str]:
    """Name each pair of texts that overlap, each that leaves the canvas or lies on a line, each bare axis.

    Lines in the background (zorder ≤ 0) are guides, which a label may cross, and so are contours,
    which are no lines of matplotlib's.

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
        boxes = _text_boxes(figure)
    return [
        *_off_canvas(figure, boxes),
        *_overlaps(boxes),
        *(fault for axes in figure.axes for fault in _on_lines(axes, boxes)),
        *(fault for n, axes in enumerate(figure.axes) for fault in _bare(axes, n)),
    ]


def _text_boxes(figure: Figure) -> list[tuple[Text, Bbox]]:
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
            boxes.append((text, box))
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


def _off_canvas(figure: Figure, boxes: list[tuple[Text, Bbox]]) -> list[str]:
    width, height = figure.canvas.get_width_height()
    return [
        f"{text.get_text()!r} leaves the canvas"
        for text, box in boxes
        if box.x0 < -SLACK or box.y0 < -SLACK or box.x1 > width + SLACK or box.y1 > height + SLACK
    ]


def _overlaps(boxes: list[tuple[Text, Bbox]]) -> list[str]:
    found = []
    for (first, a), (second, b) in combinations(boxes, 2):
        wide = min(a.x1, b.x1) - max(a.x0, b.x0)
        tall = min(a.y1, b.y1) - max(a.y0, b.y0)
        if wide > SLACK and tall > SLACK:
            names = f"{first.get_text()!r} and {second.get_text()!r}"
            found.append(f"{names} overlap by {wide:.0f} × {tall:.0f} pixels")
    return found


def _on_lines(axes: Axes, boxes: list[tuple[Text, Bbox]]) -> list[str]:
    """Name the labels inside an axis that lie upon one of its lines or markers."""
    if axes.name == "3d":
        return []  # its data are not in the plane
    found = []
    for text, box in boxes:
        trim = -LETTERS * min(box.width, box.height)
        letters = box.padded(trim, trim)
        found += [
            f"{text.get_text()!r} lies upon the line {line.get_label()}"
            for line in (axes.get_lines() if text in axes.texts else [])
            if line.get_visible() and line.get_zorder() > 0 and _touches(line, letters)
        ]
    return found


def _touches(line: Line2D, box: Bbox) -> bool:
    """Does a line, or one of its markers, cross the box?"""
    path = line.get_transform().transform_path(line.get_path())
    if line.get_linestyle() != "None" and path.intersects_bbox(box, filled=False):
        return True
    every = line.get_markevery()
    points = np.asarray(path.vertices)[
        every if isinstance(every, list) else slice(None, None, every)
    ]
    inside = [box.contains(x, y) for x, y in points]
    return line.get_marker() not in ("", "None", None) and any(inside)


def _bare(axes: Axes, n: int) -> list[str]:
    """Name the axes of panel n with numbers along them but no label.

    Names along an axis, as of bars, explain themselves; the height of a surface is named by the text
    above it.
    """
    if not (axes.axison and axes.get_visible()):
        return []
    axises = {"x": axes.xaxis, "y": axes.yaxis}
    if hasattr(axes, "zaxis") and not any(text.get_text() for text in axes.texts):
        axises["z"] = axes.zaxis
    found = []
    for letter, axis in axises.items():
        labels = axis.get_ticklabels()
        shown = [text.get_text() for text in labels if text.get_visible() and text.get_text()]
        numbers = bool(shown) and all(NUMBER.fullmatch(text) for text in shown)
        if numbers and not axis.label.get_text():
            found.append(f"the {letter} axis of panel {n} has no label")
    return found
