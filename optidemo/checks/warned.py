"""A library that warns of its own result: far from x an integral is missed, an iteration does not end.

What fun returns there is not what it stands for, and its slope is no evidence against a gradient.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["misgivings"]

Result = TypeVar("Result")


def misgivings(call: Callable[[], Result]) -> tuple[Result, set[type]]:
    """Give the result of `call`, and the kinds of warnings by which a library doubted a value.

    These have a class of the library's own, as scipy's IntegrationWarning, or are RuntimeWarnings
    (fsolve). A student's own plain warning casts no doubt, nor does arithmetic that overflows.
    """
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        result = call()
    return result, {w.category for w in seen if _doubts(w.category, str(w.message))}


def _doubts(kind: type, text: str) -> bool:
    if kind is RuntimeWarning:
        return " encountered" not in text  # numpy's words for overflow, division by 0 and nan
    return kind.__module__ != "builtins"
