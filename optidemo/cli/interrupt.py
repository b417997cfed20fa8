"""Ctrl-C, or a request to terminate, ends a run but keeps what it found."""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from types import FrameType, TracebackType

__all__ = ["Interruptible"]


class Interruptible:
    """While it is open, the first Ctrl-C or SIGTERM only sets `requested`; a second one interrupts.

    Attributes
    ----------
    requested : bool
        Was one received?
    exit_code : int
        What the shell is then told: 128 + the number of the signal.
    """

    requested = False
    exit_code = 128 + signal.SIGINT

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            self._before = {
                n: signal.signal(n, self._request) for n in (signal.SIGINT, signal.SIGTERM)
            }
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if threading.current_thread() is threading.main_thread():
            for number, handler in self._before.items():
                signal.signal(number, handler)

    def _request(self, number: int, _frame: FrameType | None) -> None:
        if self.requested:
            raise KeyboardInterrupt
        self.requested, self.exit_code = True, 128 + number

    def check(self) -> None:
        """Raise StopIteration, a callback's way to end a solver, if Ctrl-C was pressed."""
        if self.requested:
            raise StopIteration("Interrupted: this is what was found so far.")
