"""Adding up what a term gave for one block after another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["add", "dense", "sum_of_blocks"]


def add(a: Any, b: Any) -> Any:
    """Return a + b; tuples entry by entry."""
    if isinstance(a, tuple):
        return tuple(add(x, y) for x, y in zip(a, b, strict=True))
    return a + b


def add_to(whole: Any, part: Any) -> Any:
    """Return whole + part, in the memory of the former where it is an array."""
    if isinstance(whole, tuple):
        return tuple(add_to(x, y) for x, y in zip(whole, part, strict=True))
    same = isinstance(part, np.ndarray) and isinstance(whole, np.ndarray) and whole.ndim
    if same and part.shape == whole.shape and part.dtype == whole.dtype:
        return np.add(whole, part, out=whole)
    return whole + part


def dense(part: Any) -> Any:
    """Turn a sparse result, such as XᵀX (d, d), into an array; tuples and lists by entries."""
    if isinstance(part, tuple | list):
        return type(part)(map(dense, part))
    return part.toarray() if hasattr(part, "toarray") else part


def sum_of_blocks(term: Callable[..., Any], blocks: Iterable[tuple[Any, ...]]) -> Any:
    """Return the sum of ``term(*block)`` over the blocks, of which there is at least one."""
    parts = (dense(term(*block)) for block in blocks)
    whole = next(parts)
    second = next(parts, None)
    if second is None:
        return whole
    whole = add(whole, second)  # a new array, so that it may be added to in place
    for part in parts:
        whole = add_to(whole, part)
    return whole
