"""The set, drawn into files, several at a time."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from typing import TYPE_CHECKING

from optidemo.names import unknown_name
from optidemo.plots.lecture import FIGURES, file_stem
from optidemo.plots.save import FORMATS, save_figure
from optidemo.plots.style import STYLES, StyledFigure, new_figure, style

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from optidemo.checks.check import Check

__all__ = ["Drawn", "chosen", "draw_figure", "draw_set"]


@dataclass(frozen=True)
class Drawn:
    """What came of one figure.

    Attributes
    ----------
    name : str
        The figure.
    files : tuple of str
        What was written, relative to the folder.
    seconds : float
        Computing, drawing and writing.
    checks : tuple of Check
        What its numbers were held against.
    """

    name: str
    files: tuple[str, ...]
    seconds: float
    checks: tuple[Check, ...]

    @property
    def passed(self) -> bool:
        """Did every check hold?"""
        return all(check.passed for check in self.checks)


def chosen(names: Sequence[str]) -> list[str]:
    """Return the figures of these names, in the order of the lecture; no names mean all.

    Raises
    ------
    ValueError
        For an unknown name; the message has the nearest one.
    """
    for name in names:
        if name not in FIGURES:
            raise ValueError(unknown_name("figure", name, FIGURES))
    return [name for name in FIGURES if not names or name in names]


def draw_figure(name: str, look: str = "slides") -> tuple[StyledFigure, tuple[Check, ...]]:
    """Draw one figure of the set in a style; return it, laid out, with its checks."""
    item = FIGURES[name]
    with style(look):
        figure = new_figure(look)
        checks = tuple(item.draw(figure))
        figure.draw_without_rendering()
        figure.set_layout_engine("none")  # laid out once, so that every format shows the same
    return figure, checks


def draw_set(
    names: Sequence[str],
    out: Path,
    *,
    formats: Sequence[str] = ("png",),
    look: str = "slides",
    jobs: int | None = None,
) -> Iterator[Drawn]:
    """Draw figures into a folder, several at a time; yield each as it is finished.

    Parameters
    ----------
    names : sequence of str
        Figures, of `FIGURES`.
    out : Path
        The folder; made if it is missing.
    formats : sequence of {"png", "svg", "pdf"}
        What to write of each.
    look : {"slides", "paper", "notebook"}
        The style.
    jobs : int, optional
        Processes; by default one per core that this process may use.

    Raises
    ------
    ValueError
        For an unknown format or style.
    OSError
        If the folder cannot be written, before anything is drawn.
    """
    for kind in formats:
        if kind not in FORMATS:
            raise ValueError(unknown_name("format", kind, FORMATS))
    if look not in STYLES:
        raise ValueError(unknown_name("style", look, STYLES))
    if jobs is not None and jobs < 1:
        raise ValueError(f"jobs must be at least 1, but is {jobs}.")
    _writable(out)
    workers = min(
        jobs or len(os.sched_getaffinity(0))
        if sys.platform == "linux"
        else jobs or os.cpu_count() or 1,
        len(names),
    )
    task = partial(_draw_files, out=out, formats=tuple(formats), look=look)
    if workers <= 1:
        yield from map(task, names)
        return
    # A fresh interpreter imports once; a fork would inherit the threads of the numerical libraries.
    pool = ProcessPoolExecutor(workers, get_context("spawn"), initializer=_ignore_interrupt)
    try:
        for future in as_completed([pool.submit(task, name) for name in names]):
            yield future.result()
    finally:
        pool.shutdown(cancel_futures=True)  # after Ctrl-C the figures at work are still finished


def _cores() -> int:
    """Return how many cores this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _ignore_interrupt() -> None:
    """Leave Ctrl-C to the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _draw_files(name: str, *, out: Path, formats: tuple[str, ...], look: str) -> Drawn:
    start = time.perf_counter()
    figure, checks = draw_figure(name, look)
    files = [
        save_figure(figure, out / f"{file_stem(name)}.{kind}", small=True).name for kind in formats
    ]
    return Drawn(name, tuple(files), time.perf_counter() - start, checks)


def _writable(out: Path) -> None:
    """Raise OSError if the folder cannot be made or written."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out):
            pass
    except OSError as error:
        raise OSError(f"cannot write into the folder {out}: {error.strerror or error}.") from error
