"""Samples in a Dask array: each block is reduced where it lies, and only partial sums travel.

The scheduler is the user's own: threads, processes, or the `dask.distributed.Client` that is
current. What a step sends over the network is the sums themselves: d numbers for a gradient, d²
for a Hessian. If a worker dies, Dask makes its blocks anew elsewhere.
"""

from __future__ import annotations

import math
import warnings
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import scipy.sparse

from optidemo.storage.blocks import RowBlocks, locate, opened
from optidemo.storage.partial_sums import add

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")

BRANCHES = 8  # partial sums that are added in one task

__all__ = ["ClusterBlocks", "is_dask"]


def is_dask(array: object) -> bool:
    """Tell whether this is a Dask array, without importing Dask."""
    return type(array).__module__.startswith("dask.array")


class ClusterBlocks:
    """A Dask array X (n, d), chunked along its rows, and what belongs to its rows.

    Parameters
    ----------
    given : dict of name to array
        ``{"X": ..., "y": ...}``: X first; y may be a Dask array or one in memory, which is sent to
        the cluster once.
    """

    def __init__(self, given: dict[str, Any]) -> None:
        X = given["X"]
        if not is_dask(X):
            raise TypeError(
                "y is a Dask array, but X is not. Make X one too: dask.array.from_array(X)."
            )
        _refuse_chunks(X)
        self.shape: tuple[int, int] = X.shape
        self.lengths: tuple[int, ...] = X.chunks[0]
        self.block_length = max(self.lengths)
        self.names = list(given)
        self.arrays = [X, *(self._alongside(v, name) for name, v in given.items() if name != "X")]

    def blocks(self) -> Iterator[tuple[Any, ...]]:
        """Fetch (X, y, ...) of one block after another."""
        for task in self._tasks(lambda *block: [block]):
            yield from _compute(task)  # a long block comes in the pieces that its worker sums

    def sum(self, term: Callable[..., T]) -> T:
        """Return the sum of the term over the blocks, added up as a tree on the cluster."""
        from dask import delayed

        tasks = self._tasks(term)
        while len(tasks) > 1:
            tasks = [
                delayed(_add_all)(tasks[i : i + BRANCHES]) for i in range(0, len(tasks), BRANCHES)
            ]
        return _compute(tasks[0])  # type: ignore[no-any-return]

    def first(self, term: Callable[..., T]) -> T:
        """Return the term for the first block alone."""
        return _compute(self._tasks(term, RowBlocks.first)[0])  # type: ignore[no-any-return]

    def check(self) -> None:
        """Look at every number once."""
        self.sum(lambda *_: 0)

    def __reduce__(self) -> Any:
        """Stay behind when a term is sent to a worker: the samples are on the cluster already."""
        return (_left_behind, ())

    def _tasks(
        self, term: Callable[..., Any], reduce: Callable[..., Any] = RowBlocks.sum
    ) -> list[Any]:
        from dask import delayed

        shipped = delayed(term, traverse=False, pure=False)
        columns = [array.to_delayed().ravel() for array in self.arrays]
        starts = np.cumsum((0, *self.lengths))
        total = len(self.lengths)
        return [
            delayed(_partial)(
                shipped,
                reduce,
                self.names,
                (length, self.shape[1]),
                int(start),
                (i + 1, total),
                *block,
            )
            for i, (length, start, *block) in enumerate(
                zip(self.lengths, starts, *columns, strict=False)
            )
        ]

    def _alongside(self, vector: Any, name: str) -> Any:
        """Cut a vector as X is cut; send it to the cluster if it is in memory."""
        from dask.array import from_array

        if not is_dask(vector):
            vector = opened(vector, name)
        if vector.shape != (self.shape[0],):
            wanted = f"({self.shape[0]},)"
            raise ValueError(f"{name} must have shape {wanted}, but has shape {vector.shape}.")
        if is_dask(vector):
            return vector.rechunk((self.lengths,))
        with warnings.catch_warnings():  # once is what it takes, and it is sent once
            warnings.filterwarnings("ignore", "Sending large graph", UserWarning)
            return from_array(np.asarray(vector), chunks=(self.lengths,)).persist()


def _partial(
    term: Callable[..., T],
    reduce: Callable[[RowBlocks, Callable[..., T]], T],
    names: list[str],
    shape: tuple[int, int],
    start: int,
    part: tuple[int, int],
    *block: Any,
) -> T:
    """Reduce one block on the worker that holds it, in pieces that fit the cache."""
    found = tuple(np.shape(block[0]))
    if found != shape:
        raise ValueError(
            f"Block {part[0]} of {part[1]} of X should have shape {shape}, but has {found}. "
            "Every block needs the same columns and the length that its Dask array declares."
        )
    for name, array in zip(names, block, strict=True):
        numbers = array.data if scipy.sparse.issparse(array) else array
        if isinstance(numbers, np.ndarray) and numbers.dtype.kind in "fiub":
            with np.errstate(over="ignore", invalid="ignore"):
                if not np.isfinite(numbers.sum()):
                    locate(array, name, start, part)
    return reduce(RowBlocks(dict(zip(names, block, strict=True)), finite=True), term)


def _add_all(parts: list[Any]) -> Any:
    whole = parts[0]
    for part in parts[1:]:
        whole = add(whole, part)
    return whole


def _compute(task: Any) -> Any:
    """Run a task on the user's scheduler."""
    try:
        return task.compute()
    except Exception as error:  # distributed has no common base for its own; all others pass
        if not type(error).__module__.startswith(("distributed", "asyncio", "tornado")):
            raise
        raise ConnectionError(
            f"The Dask cluster could not finish a sum over the samples: {type(error).__name__}: "
            f"{error}. If it went away or ran out of workers, start it again and call again; "
            "nothing was changed."
        ) from error


def _refuse_chunks(X: Any) -> None:
    if X.ndim != 2:
        raise ValueError(f"X must have shape (n, d), but has shape {X.shape}.")
    if X.dtype.kind == "c":
        raise TypeError("X is complex; the lecture's functions take real numbers.")
    if X.dtype.kind not in "fiub":
        raise TypeError(f"X must hold real numbers, but has dtype {X.dtype}. Use X.astype(float).")
    if any(math.isnan(length) for length in X.shape):
        raise ValueError("X has blocks of unknown length. Call X.compute_chunk_sizes() first.")
    if len(X.chunks[1]) != 1:
        raise ValueError(
            f"X is cut along its columns, into {len(X.chunks[1])} chunks, but a sample must lie in "
            "one block. Use X.rechunk({1: -1})."
        )
    if 0 in X.shape:
        raise ValueError(f"X is empty: it has shape {X.shape}.")
    if 0 in X.chunks[0]:
        i = X.chunks[0].index(0) + 1
        raise ValueError(
            f"Block {i} of {len(X.chunks[0])} of X has no rows. Use X.rechunk({{0: 'auto'}})."
        )


def _left_behind() -> None:
    return None
