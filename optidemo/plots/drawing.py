"""The set, drawn into files, several at a time."""

from __future__ import annotations

import gc
import os
import signal
import sys
import tempfile
import threading
import time
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from multiprocessing import get_context, parent_process
from typing import TYPE_CHECKING

from optidemo.names import unknown_name
from optidemo.plots.lecture import FIGURES, file_stem
from optidemo.plots.save import FORMATS, save_figure
from optidemo.plots.style import STYLES, StyledFigure, new_figure, style

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from optidemo.checks.check import Check

__all__ = ["Drawn", "chosen", "draw_figure", "draw_set"]

_AT_WORK = threading.Lock()  # held while a figure is drawn and written


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
    alt : str
        What one sees who cannot see it.
    """

    name: str
    files: tuple[str, ...]
    seconds: float
    checks: tuple[Check, ...]
    alt: str

    @property
    def passed(self) -> bool:
        """Did every check hold?"""
        return all(check.passed for check in self.checks)


def chosen(names: Sequence[str]) -> list[str]:
    """Return the figures of these names, in the order of the lecture; no names mean all.

    A figure may also be called by its number or its file, with or without the suffix.

    Raises
    ------
    ValueError
        For an unknown name; the message has the nearest one.
    """
    known: dict[str, str] = {}
    for name in FIGURES:
        stem = file_stem(name)
        number = stem.partition("-")[0]
        files = [f"{stem}.{kind}" for kind in FORMATS]
        known |= dict.fromkeys([name, stem, number, number.lstrip("0"), *files], name)
    for name in names:
        if name not in known:
            raise ValueError(unknown_name("figure", name, FIGURES))
    wanted = {known[name] for name in names}
    return [name for name in FIGURES if not names or name in wanted]


def draw_figure(name: str, look: str = "slides") -> tuple[StyledFigure, tuple[Check, ...]]:
    """Draw one figure of the set in a style; return it, laid out, with its checks."""
    item = FIGURES[name]
    with style(look):
        figure = new_figure(look)
        checks = tuple(item.draw(figure))
        figure.lay_out()
        figure.set_layout_engine("none")  # laid out once, so that every format shows the same
    return figure, checks


def draw_set(
    names: Sequence[str],
    out: Path,
    *,
    formats: Sequence[str] = ("png",),
    look: str = "slides",
    jobs: int | None = None,
    stop: Callable[[], bool] = lambda: False,
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
    stop : callable
        Asked after each figure: are no more wanted? Those at work are finished, and yielded.

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
    workers = min(jobs or _cores(), len(names))
    task = partial(_draw_files, out=out, formats=tuple(formats), look=look)
    if workers <= 1:
        for name in names:
            if stop():
                return
            yield task(name)
        return
    # A fresh interpreter imports once; a fork would inherit the threads of the numerical libraries.
    pool = ProcessPoolExecutor(workers, get_context("spawn"), initializer=_start_worker)
    todo = iter(names)
    at_work: set[Future[Drawn]] = set()
    ready = workers  # a process gets its next figure when it has drawn one: none waits in a queue
    try:
        while at_work or ready:
            with _signals_held():
                at_work |= {pool.submit(task, name) for name in islice(todo, ready)}
            finished, at_work = wait(at_work, return_when=FIRST_COMPLETED)
            yield from (future.result() for future in finished)
            ready = 0 if stop() else len(finished)
    finally:
        pool.shutdown(cancel_futures=True)  # after Ctrl-C the figures at work are still finished


def _cores() -> int:
    """Return how many cores this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def _signals_held() -> Iterator[None]:
    """Start processes here that Ctrl-C in a terminal, which reaches them too, will not end as they import."""
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _start_worker() -> None:
    """Leave Ctrl-C to the parent; what is imported need not be searched for garbage again and again."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    gc.freeze()
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End this worker, between two figures, if its parent was killed and will never tell it to."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        with _AT_WORK:
            os._exit(1)


def _draw_files(name: str, *, out: Path, formats: tuple[str, ...], look: str) -> Drawn:
    start = time.perf_counter()
    with _AT_WORK:
        figure, checks = draw_figure(name, look)
        stem = out / file_stem(name)
        files = [save_figure(figure, f"{stem}.{kind}", small=True).name for kind in formats]
    alt = figure.alt or FIGURES[name].alt
    return Drawn(name, tuple(files), time.perf_counter() - start, checks, alt)


def _writable(out: Path) -> None:
    """Raise OSError if the folder cannot be made or written."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out):
            pass
    except OSError as error:
        raise OSError(f"cannot write into the folder {out}: {error.strerror or error}.") from error
