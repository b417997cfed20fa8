"""A progress bar for what takes longer than a second."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from types import TracebackType

__all__ = ["Ticker"]

PATIENCE = 1.0  # seconds before a bar appears


class Ticker:
    """Counts finished parts and, within one, ticks; draws on standard error, and only on a terminal.

    How much of one part is done nobody knows: where there is only one, the bar pulses.
    """

    def __init__(self, total: int, *, quiet: bool = False) -> None:
        self.total = total
        self.quiet = quiet or not sys.stderr.isatty()
        self.start = time.monotonic()
        self.bar: Any = None
        self.finished = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.pause()

    def tick(self, name: str) -> None:
        """Say that `name` is still at work."""
        if self.quiet or time.monotonic() - self.start < PATIENCE:
            return
        if self.bar is None:
            from rich import progress
            from rich.console import Console

            self.bar = progress.Progress(
                progress.TextColumn("{task.description}"), progress.BarColumn(),
                progress.TaskProgressColumn(), progress.TimeElapsedColumn(),
                console=Console(stderr=True), transient=True,
            )  # fmt: skip
            self.task = self.bar.add_task(name, total=None if self.total == 1 else self.total)
            self.bar.start()
        self.bar.update(self.task, description=name, completed=self.finished)

    def done(self) -> None:
        """Count one part as finished."""
        self.finished += 1

    def pause(self) -> None:
        """Take the bar away, so that something can be printed; the next tick brings it back."""
        if self.bar is not None:
            self.bar.stop()
            self.bar = None
