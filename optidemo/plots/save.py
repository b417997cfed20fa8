"""Writing a figure: whole or not at all, and the same bytes every time."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from optidemo.files import atomic_path
from optidemo.names import unknown_name
from optidemo.plots.canvas import Canvas
from optidemo.plots.style import StyledFigure, style

if TYPE_CHECKING:
    import os

    from matplotlib.figure import Figure

__all__ = ["FORMATS", "picture", "quantized", "save_figure"]

UNDATED: dict[str, dict[str, Any]] = {
    "png": {},
    "svg": {"metadata": {"Date": None, "Creator": None}},
    "pdf": {"metadata": {"CreationDate": None, "Creator": None, "Producer": None}},
}
"""What ``savefig`` is told, so that neither date nor version enters the file."""

FORMATS = tuple(UNDATED)
COLORS = (
    128  # of a PNG: enough for smooth edges and surfaces, at a third of the size of true colour
)


def save_figure(
    figure: Figure, path: str | os.PathLike[str], format: str | None = None,  # noqa: A002  (savefig's name)
    *, small: bool = False,
) -> Path:  # fmt: skip
    """Write a figure to `path`; the same figure gives the same bytes.

    Parameters
    ----------
    figure : Figure
        One of this package's, which remembers its style, or any other, drawn in the style "slides".
    path : path
        The file; its folder is made if it is missing.
    format : {"png", "svg", "pdf"}, optional
        By default the suffix of `path`.
    small : bool
        Reduce a PNG to a palette, a third of the size for a tenth of a second more.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    ValueError
        If the format is unknown.
    OSError
        If it cannot be written. What was there before is untouched.
    """
    kind = (format or Path(path).suffix.lstrip(".")).lower()
    if kind not in UNDATED:
        raise ValueError(unknown_name("format", kind, FORMATS))
    name = figure.look.name if isinstance(figure, StyledFigure) else "slides"
    with style(name) as look, atomic_path(path) as temporary:
        if kind == "png":
            image = picture(figure)
            if small:
                image = quantized(image, COLORS)
            level = 9 if small else 1
            image.save(temporary, "png", compress_level=level, dpi=(look.dpi, look.dpi))
        else:
            figure.savefig(temporary, format=kind, **UNDATED[kind])
    return Path(path)


def picture(figure: Figure) -> Image.Image:
    """Return the figure as an image in true colour; to be called inside its style."""
    before = figure.canvas
    canvas = Canvas(figure)
    canvas.draw()  # type: ignore[no-untyped-call]  # matplotlib types only some methods
    figure.set_canvas(before)  # a user's figure keeps its window
    pixels = np.asarray(canvas.buffer_rgba())  # type: ignore[no-untyped-call]
    return Image.fromarray(pixels).convert("RGB")


def quantized(image: Image.Image, colors: int, like: Image.Image | None = None) -> Image.Image:
    """Return the image with a palette of its own, or that of `like`; the background stays exact."""
    reduced = image.quantize(colors, palette=like, dither=Image.Dither.NONE)
    palette = reduced.getpalette() or []
    corner = reduced.getpixel((0, 0))
    background = image.getpixel((0, 0))
    if isinstance(corner, int) and isinstance(background, tuple):
        palette[3 * corner : 3 * corner + 3] = [int(part) for part in background]
        reduced.putpalette(palette)
    return reduced
