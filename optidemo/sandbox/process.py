"""A child process from outside: what it says, what it prints, and its end."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import threading
import time
from typing import IO, TYPE_CHECKING, Any

from optidemo.sandbox.trouble import Trouble, line_in_dump

if TYPE_CHECKING:
    import subprocess

__all__ = ["Reader", "end", "explain_death"]


class Reader:
    """Reads a pipe in a thread, so that a child that prints without end is neither blocked nor kept."""

    def __init__(self, pipe: IO[bytes] | None, limit: int, word: str = "") -> None:
        assert pipe is not None  # noqa: S101  (for the type checker)
        self.pipe, self.limit, self.word = pipe, limit, word.encode()
        self.kept = bytearray()
        self.lines: list[dict[str, Any]] = []
        self.news = threading.Condition()
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    def _read(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            while chunk := os.read(self.pipe.fileno(), 65536):
                self.kept += chunk[: max(self.limit - len(self.kept), 0)]
                if self.word and b"\n" in chunk:
                    self._parse()
        with contextlib.suppress(OSError):
            self.pipe.close()

    def _parse(self) -> None:
        *whole, rest = bytes(self.kept).split(b"\n")
        self.kept = bytearray(rest)
        for line in whole:
            if line.startswith(self.word + b" "):
                with self.news:
                    self.lines.append(json.loads(line[len(self.word) :]))
                    self.news.notify_all()

    def wait(self, count: int, child: subprocess.Popen[bytes], seconds: float) -> bool:
        """Wait until `count` messages are here, the child has ended, or the time is over."""
        end = time.monotonic() + seconds
        while len(self.lines) < count and time.monotonic() < end:
            if child.poll() is not None:
                self.thread.join(1.0)
                break
            with self.news:
                self.news.wait(0.02)
        return len(self.lines) >= count

    def text(self) -> str:
        """Return what was kept, as text."""
        text = bytes(self.kept).decode("utf-8", "replace")
        return text + "\n… (more was printed)" if len(self.kept) >= self.limit else text


def end(child: subprocess.Popen[bytes]) -> None:
    """Kill the child with everything that it may have started."""
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
    else:
        child.kill()
    child.wait()


def explain_death(code: int | None, dump: str, path: str, timeout: float) -> Trouble:
    """Say why a child ended without an answer."""
    line = line_in_dump(dump, path)
    if dump.startswith("Timeout") or code is None:
        return Trouble(
            "timeout",
            f"is still running after {timeout:g} s: is there a loop without end? --timeout gives "
            "it more.",
            line,
        )
    if code < 0 or "Fatal Python error" in dump or "Windows fatal" in dump:
        name = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        what = "crashes Python itself"
        if name == "SIGKILL":
            what = "is killed by the system, perhaps for its memory"
        return Trouble("crash", f"{what} ({name}).", line)
    return Trouble(
        "exit",
        f"ends the process (exit code {code}) before there is an answer; a check needs its functions.",
        line,
    )
