"""A terminal, or a pipe, whose encoding lacks the lecture's letters."""

from __future__ import annotations

import codecs
import io
import sys

__all__ = ["escape_what_is_missing"]


def escape_what_is_missing() -> None:
    """From now on print what standard output and error cannot encode in JSON's escapes."""
    codecs.register_error("optidemo", _escaped)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="optidemo")


def _escaped(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    units = error.object[error.start : error.end].encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[i : i + 4]}" for i in range(0, len(units), 4)), error.end
