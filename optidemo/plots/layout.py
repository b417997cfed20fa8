"""Does every label of a figure stand on its own, beside its own line, and is every axis named?

Text that overlaps other text, leaves the canvas or lies upon a line or a bar of the data is a fault,
and so is a name that is nearer to another line, and an axis with numbers but without a label.
"""

from __future__ import annotations

import re
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axis import Axis
from matplotlib.collections import FillBetweenPolyCollection
from matplotlib.colors import to_hex
from matplotlib.contour import ContourSet
from matplotlib.text import Text

from optidemo.plots.labels import THEORY, unbroken
from optidemo.plots.room import marked_points, points_along
from optidemo.plots.style import CONTRAST, StyledFigure, contrast, style

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes
    from matplotlib.backends.backend_agg import RendererAgg
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch
    from matplotlib.path import Path
    from matplotlib.transforms import Bbox

    from optidemo.arrays import Vector

__all__ = ["faults"]

NUMBER = re.compile(r"(\\(mathdefault|times|cdot)|[\d\s.,+\-−^{}$])+")
THEORY_LINE = "_theory"  # the label of a line of theory
LETTERS = 0.2  # of a box is empty above and below small letters
SLACK = 1.0  # pixels by which boxes, which hold the letters loosely, may touch


def faults(figure: StyledFigure) -> list[str]:
    """Name each pair of texts that overlap, each that stands where it should not, each bare axis.

    Lines and patches in the background (zorder ≤ 0) are guides, which a label may cross, and so are
    contours, which are no lines of matplotlib's.

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
        *(fault for axes in figure.axes for fault in _on_data(axes, boxes)),
        *(fault for axes in figure.axes for fault in _astray(axes, boxes)),
        *(fault for axes in figure.axes for fault in _pale(axes, boxes)),
        *(fault for n, axes in enumerate(figure.axes) for fault in _bare(axes, n)),
    ]


def _text_boxes(figure: Figure) -> list[tuple[Text, Bbox]]:
    """Return every visible text with its box in pixels, as the renderer will draw it."""
    figure.draw_without_rendering()
    renderer: RendererAgg = figure.canvas.get_renderer()  # type: ignore[attr-defined]
    undrawn = _undrawn(figure)
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


def _undrawn(figure: Figure) -> set[int]:
    """Return the ids of texts that exist but are not drawn: ticks beyond the limits, hidden legends."""
    drawn: set[int] = set()
    for axes in figure.axes:
        axises = [axes.xaxis, axes.yaxis, *([axes.zaxis] if hasattr(axes, "zaxis") else [])]
        if axes.axison and axes.get_visible():
            ticks = [tick for axis in axises if axis.get_visible() for tick in axis._update_ticks()]  # noqa: SLF001  (only matplotlib knows which it draws)
            drawn |= {id(label) for tick in ticks for label in (tick.label1, tick.label2)}
            drawn |= {id(part) for axis in axises for part in (axis.label, axis.offsetText)}
    legends = filter(None, (axes.get_legend() for axes in figure.axes))
    hidden = {
        id(text) for legend in legends if not legend.get_visible() for text in legend.findobj(Text)
    }
    return hidden | {
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


def _inside(axes: Axes, boxes: list[tuple[Text, Bbox]]) -> list[tuple[Text, Bbox]]:
    """Return the texts within a panel, with the boxes of their letters; none in space."""
    if axes.name == "3d":
        return []  # its data are not in the plane
    within = {id(text) for artist in (*axes.texts, *axes.artists) for text in artist.findobj(Text)}
    found = []
    for text, box in boxes:
        if id(text) in within:
            trim = -LETTERS * min(box.width, box.height)
            found.append((text, box.padded(trim, trim)))
    return found


def _on_data(axes: Axes, boxes: list[tuple[Text, Bbox]]) -> list[str]:
    """Name the labels inside a panel that lie upon one of its lines, markers or bars."""
    found = []
    for text, letters in _inside(axes, boxes):
        found += [
            f"{text.get_text()!r} lies upon the line {line.get_label()}"
            for line in axes.get_lines()
            if line.get_visible() and line.get_zorder() > 0 and _touches(line, letters)
        ]
        found += [
            f"{text.get_text()!r} lies upon the edge of a {type(patch).__name__.lower()}"
            for patch in axes.patches
            if patch.get_visible() and patch.get_zorder() > 0 and _outline(patch, letters)
        ]
    return found


def _touches(line: Line2D, box: Bbox) -> bool:
    """Does a line, or one of its markers, cross the box?"""
    path = line.get_transform().transform_path(line.get_path())
    if line.get_linestyle() != "None" and path.intersects_bbox(box, filled=False):
        return True
    return any(box.contains(x, y) for x, y in marked_points(line, np.asarray(path.vertices)))


def _outline(patch: Patch, box: Bbox) -> bool:
    """Does the outline of a patch cross the box?"""
    path = patch.get_transform().transform_path(patch.get_path())
    return bool(path.intersects_bbox(box, filled=False))


def _pale(axes: Axes, boxes: list[tuple[Text, Bbox]]) -> list[str]:
    """Name the texts inside a panel that stand out too little from white, or from what they are in."""
    inside = _inside(axes, boxes)
    grounds = list(_grounds(axes)) if inside else []
    found = []
    for text, letters in inside:
        ground = np.ones(3)
        for path, color in grounds:
            if path.contains_point(0.5 * (letters.p0 + letters.p1)):
                ground = color[3] * color[:3] + (1.0 - color[3]) * ground
        r, g, b = map(float, ground)
        ratio = contrast(to_hex(text.get_color()), to_hex((r, g, b)))
        if ratio < CONTRAST:
            found.append(f"{text.get_text()!r} has a contrast of {ratio:.2f} only, not {CONTRAST}")
    return found


def _grounds(axes: Axes) -> Iterator[tuple[Path, Vector]]:
    """Yield the outline, in pixels, and the colour (4,) of every filled area of a panel."""
    for patch in axes.patches:
        if patch.get_fill():
            path = patch.get_transform().transform_path(patch.get_path())
            yield path, np.array(patch.get_facecolor())
    for areas in axes.collections:
        if isinstance(areas, FillBetweenPolyCollection | ContourSet):
            faces = np.array(areas.get_facecolor())
            for n, path in enumerate(areas.get_paths() if len(faces) else []):
                yield areas.get_transform().transform_path(path), faces[n % len(faces)]


def _astray(axes: Axes, boxes: list[tuple[Text, Bbox]]) -> list[str]:
    """Name the texts inside a panel that call one of its lines by name, but are nearer to another."""
    names = {line: str(line.get_label()).replace(THEORY_LINE, THEORY) for line in axes.get_lines()}
    names = {line: name for line, name in names.items() if not name.startswith("_")}
    found = []
    for text, letters in _inside(axes, boxes):
        called = unbroken(text.get_text())
        if called in names.values():
            nearest = names[min(names, key=lambda line: _gap(axes, line, letters))]
            if nearest != called:
                found.append(f"{called!r} is nearer to the line {nearest} than to its own")
    return found


def _gap(axes: Axes, line: Line2D, box: Bbox) -> float:
    """Return the pixels between a box and a line, as far as it is seen."""
    path = line.get_transform().transform_path(line.get_path())
    x, y = points_along(path, axes.bbox.extents, 1.0).T
    wide = np.maximum(np.maximum(box.x0 - x, x - box.x1), 0.0)
    high = np.maximum(np.maximum(box.y0 - y, y - box.y1), 0.0)
    return float(np.hypot(wide, high).min(initial=np.inf))


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
