"""What stopped a student's file, in one sentence with the line."""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from pathlib import Path

__all__ = ["ForbiddenProcessError", "Stopped", "Trouble", "explain", "line_in", "line_in_dump"]


class Stopped(BaseException):
    """Raised where a file calls ``os._exit``, which would end the process without a word."""


class ForbiddenProcessError(PermissionError):
    """Raised where a file starts or ends another process."""


@dataclass
class Trouble(Exception):  # noqa: N818  (it is the student's trouble, not an error of this program)
    """Why a file could not be checked.

    Attributes
    ----------
    kind : str
        In one word, for programs: syntax, import, exit, memory, timeout, crash, name, ...
    sentence : str
        For people.
    line : int or None
        Where in the file.
    """

    kind: str
    sentence: str
    line: int | None = None


def line_in(error: BaseException, path: str) -> int | None:
    """Return the last line of the file that was being executed when `error` was raised."""
    lines = [
        frame.lineno
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename == path
    ]
    return lines[-1] if lines else None


def line_in_dump(dump: str, path: str) -> int | None:
    """Return the innermost line of the file in what `faulthandler` wrote, most recent call first."""
    name = path.encode("ascii", "backslashreplace").decode()
    for text in dump.splitlines():
        before, _, after = text.partition(f'File "{name}", line ')
        if after and not before.strip():
            return int(after.split()[0])
    return None


def explain(error: BaseException, path: str, memory: int) -> Trouble:
    """Say what an exception means for somebody who only wanted a gradient checked.

    Parameters
    ----------
    error
        What running the file, or one of its functions, raised.
    path
        The file.
    memory
        The limit in MB.
    """
    line = line_in(error, path)
    if isinstance(error, SyntaxError):
        return _syntax(error, path)
    if isinstance(error, Stopped | SystemExit | KeyboardInterrupt):
        return Trouble(
            "exit",
            "ends the program here, before its functions can be checked; remove the call, or put it "
            "under if __name__ == '__main__':",
            line,
        )
    for types, kind, sentence in (
        (ForbiddenProcessError, "process", f"{error}"),
        (
            MemoryError,
            "memory",
            f"asks for more than the {memory} MB of memory it may take ({_first(error) or 'a list that '}"
            f"{'' if _first(error) else 'grows without end?'}); --memory sets the limit.",
        ),
        (RecursionError, "recursion", "calls itself without end: there is no case that stops it."),
        (
            ModuleNotFoundError,
            "import",
            f"imports {getattr(error, 'name', '')!r}, which is neither installed nor in the file's "
            "folder.",
        ),
        (ImportError, "import", f"cannot import: {_first(error)}."),
        (
            EOFError,
            "input",
            "reads from the keyboard (input), but in a check nobody types; write the value into the "
            "file, or pass it as an argument.",
        ),
    ):
        if isinstance(error, types):
            return Trouble(kind, sentence, line)
    return Trouble(
        "raises", f"raises {type(error).__name__}: {_first(error) or 'no message'}.", line
    )


def _first(error: BaseException) -> str:
    text = str(error).strip().splitlines()
    return text[0].rstrip(".") if text else ""


def _syntax(error: SyntaxError, path: str) -> Trouble:
    where = "" if error.filename == path else f"{Path(str(error.filename)).name}: "
    message = error.msg or "invalid syntax"
    text = error.text or ""
    if "∇" in text and "U+2207" in message:
        sentence = (
            "∇ is a mathematical sign and no letter, so Python takes it in no name (the lecture's own "
            "`def ∇f` is a SyntaxError too); call the function grad_f."
        )
    elif text.lstrip()[:1] in {"%", "!"}:
        sentence = "lines with % and ! are commands of a notebook; remove them from a Python file."
    elif "invalid" in message and "character" in message:
        sentence = f"{message}: names are made of letters, digits and _."
    else:
        sentence = f"this is not valid Python: {message}."
    return Trouble("syntax", where + sentence, error.lineno)
