"""Pictures written as a film: a GIF, or an MP4 through ffmpeg."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

from optidemo.plots.save import quantized
from optidemo.plots.style import PALETTE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from PIL import Image

__all__ = ["PAUSE", "write_gif", "write_mp4"]

COLORS = 64
PAUSE = 12  # how many times longer the last picture stays
PATCH = 40  # pixels of the side of a square that gives its colour a place in the palette


def write_gif(images: Sequence[Image.Image], path: Path, delay: int) -> None:
    """Write a GIF; all pictures have one palette, that of the last and of every solver's colour."""
    seen = images[-1].copy()
    for i, color in enumerate(PALETTE):  # small marks would lose theirs to the many greys
        seen.paste(color, (PATCH * (i + 1), 0, PATCH * (i + 2), PATCH))
    palette = quantized(seen, COLORS)
    first, *rest = (quantized(image, COLORS, palette) for image in images)
    delays = [delay] * len(rest) + [PAUSE * delay]
    first.save(
        path, "gif", save_all=True, append_images=rest, duration=delays, loop=0, optimize=True
    )


def write_mp4(images: Sequence[Image.Image], path: Path, delay: int) -> None:
    """Write an MP4, for which ffmpeg must be there; raises OSError if it fails."""
    width, height = images[0].size
    program = shutil.which("ffmpeg")
    assert program is not None  # noqa: S101  (the caller has seen it)
    size = f"{width - width % 2}x{height - height % 2}"  # H.264 takes even sides alone
    command = [
        program, "-y", "-loglevel", "error", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", size,
        "-r", f"{1000 / delay:.3f}", "-i", "-", "-pix_fmt", "yuv420p", "-map_metadata", "-1", str(path),
    ]  # fmt: skip
    even = (0, 0, width - width % 2, height - height % 2)
    pixels = b"".join(
        image.crop(even).tobytes() for image in [*images, *[images[-1]] * (PAUSE - 1)]
    )
    done = subprocess.run(command, input=pixels, capture_output=True, check=False)  # noqa: S603  (no shell, fixed words)
    if done.returncode:
        raise OSError(f"ffmpeg failed: {done.stderr.decode(errors='replace').strip()}")
