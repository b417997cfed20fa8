"""What a function under test gives back: numbers, or the reason why there are none."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Answer", "attempt", "not_finite", "not_numbers", "real_array"]

NAMED = 5  # entries that are numbered in a sentence


def attempt(function: Callable[..., Any], *arguments: Any) -> tuple[Any, str]:
    """Call; give (result, "") or (None, "ValueError: …")."""
    try:
        return function(*arguments), ""
    except (Exception, SystemExit) as error:  # noqa: BLE001 - a student's code may raise anything
        text = str(error).strip().splitlines()
        return None, f"{type(error).__name__}: {text[0] if text else 'no message'}"


@dataclass
class Answer:
    """What grad returned at one point."""

    array: Any = None  # float array in the shape it came in; None if it is no array of numbers
    error: str = ""  # why there is none
    changed: str = ""  # the name of an input that was changed
    overflow: bool = False  # the failure is an overflow of the formula, not an error in it
    unsteady: bool = False  # called again it returned something else
    single: bool = False  # computed in single precision


def real_array(out: Any) -> Any:
    """Give `out` as a float64 array, or None if it is not one of real numbers."""
    if out is None or isinstance(out, str | bytes):
        return None
    if hasattr(out, "toarray"):  # scipy.sparse
        out = out.toarray()
    array, error = attempt(np.asarray, out)
    if error or array.dtype.kind not in "fiubcO":
        return None
    if array.dtype.kind == "c":
        return array.real.astype(np.float64) if not array.imag.any() else None
    result, error = attempt(array.astype, np.float64)
    return None if error else result


def not_finite(array: Any) -> str:
    """Count the entries that are nan or inf, and number some of them, if others are not."""
    bad = np.argwhere(~np.isfinite(array))
    text = f"{len(bad)} of {array.size} entries are nan or inf"
    if len(bad) == array.size:
        return text
    index = [", ".join(map(str, k)) for k in bad[:NAMED].tolist()]
    shown = "; ".join(index) if array.ndim > 1 else ", ".join(index)
    return f"{text} ({shown}{', …' if len(bad) > NAMED else ''}, counted from 0)"


def not_numbers(out: Any) -> str:
    """Say why `out` is no array of real numbers."""
    if out is None:
        return "it returns None (a return statement is missing on this path)"
    if isinstance(out, str | bytes):
        return f"it returns text, {out!r:.40}"
    with suppress(ValueError):  # a ragged list
        if np.iscomplexobj(out):
            return "it returns complex numbers"
    return f"it returns {type(out).__name__}, which is no array of real numbers"
