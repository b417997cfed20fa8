"""Adding up what a term gave for one block after another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["add", "dense", "sum_of_blocks"]


def add(a: Any, b: Any) -> Any:
    """Return a + b; tuples entry by entry."""
    if isinstance(a, tuple):
        return tuple(add(x, y) for x, y in zip(a, b, strict=True))
    return a + b


def dense(part: Any) -> Any:
    """Turn a sparse result, such as XᵀX (d, d), into an array; tuples entry by entry."""
    if isinstance(part, tuple):
        return tuple(dense(entry) for entry in part)
    return part.toarray() if hasattr(part, "toarray") else part


def sum_of_blocks(term: Callable[..., Any], blocks: Iterable[tuple[Any, ...]]) -> Any:
    """Return the sum of ``term(*block)`` over the blocks, of which there is at least one."""
    whole = None
    for block in blocks:
        part = dense(term(*block))
        whole = part if whole is None else add(whole, part)
    return whole
