"""Samples that this process holds: an array, a mapped file or a sparse matrix, block by block."""

from __future__ import annotations

import mmap
import os
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import scipy.sparse

from optidemo.arrays import as_array, as_stored
from optidemo.storage.columns import FileColumns
from optidemo.storage.mapped import map_npy, mapping_of
from optidemo.storage.partial_sums import dense, sum_of_blocks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")

CACHED = 2**17  # numbers that fit a core's second-level cache: 1 MB
LARGEST = 2**21  # numbers in a block at most: 16 MB
TALL = 1024  # rows that make a d × d product worth its d × d sum
SHOWN = 5  # bad rows that a message lists

__all__ = ["RowBlocks", "block_length", "locate", "opened"]


def block_length(d: int) -> int:
    """Return how many rows of d numbers make a block."""
    return max(CACHED // d, min(TALL, LARGEST // d), 1)


class RowBlocks:
    """X (n, d) and what belongs to its rows, read in blocks of rows as float64.

    Parameters
    ----------
    given : dict of name to array
        ``{"X": ..., "y": ...}``: X first.
    finite : bool
        Whether the numbers are known to be finite; else they are looked at in the first pass.
    """

    def __init__(self, given: dict[str, Any], *, finite: bool = False) -> None:
        self.names = list(given)
        self.arrays = [opened(array, name) for name, array in given.items()]
        X = self.arrays[0]
        _refuse_shapes(X, dict(zip(self.names[1:], self.arrays[1:], strict=True)))
        self.shape: tuple[int, int] = X.shape
        n, d = self.shape
        numbers = X.nnz if scipy.sparse.issparse(X) else n * d
        self.block_length = n if numbers <= CACHED else min(n, block_length(max(numbers // n, 1)))
        self.mappings = [_mapping(a) for a in self.arrays]
        self.finite = finite

    def blocks(self) -> Iterator[tuple[Any, ...]]:
        """Yield (X, y, ...) of one block after another, float64.

        Raises
        ------
        ValueError
            If a block holds a number that is not finite; the message says which rows.
        """
        for start in range(0, self.shape[0], self.block_length):
            rows = slice(start, start + self.block_length)
            yield tuple(self._read(i, rows) for i in range(len(self.arrays)))
            for mapping in self.mappings:
                if mapping is not None:
                    mapping.madvise(mmap.MADV_DONTNEED)
        self.finite = True

    def sum(self, term: Callable[..., T]) -> T:
        """Return the sum of the term over the blocks."""
        return sum_of_blocks(term, self.blocks())  # type: ignore[no-any-return]

    def first(self, term: Callable[..., T]) -> T:
        """Return the term for the first block alone."""
        return dense(term(*next(self.blocks())))  # type: ignore[no-any-return]

    def check(self) -> None:
        """Look at every number once."""
        self.finite = False
        for _ in self.blocks():
            pass

    def _read(self, which: int, rows: slice) -> Any:
        array = self.arrays[which]
        block = array[rows]
        if isinstance(block, np.ndarray):
            copied = bool(self.mappings) and any(m is not None for m in self.mappings)
            block = np.array(block, dtype=np.float64, copy=True if copied else None, order="K")
        elif block.dtype != np.float64:
            block = block.astype(np.float64)
        if not self.finite:
            numbers = block if isinstance(block, np.ndarray) else block.data
            with np.errstate(over="ignore", invalid="ignore"):
                suspicious = not np.isfinite(numbers.sum())  # one NaN or inf spoils the sum
            if suspicious:
                name, n = self.names[which], self.shape[0]
                part = rows.start // self.block_length + 1, -(-n // self.block_length)
                locate(block, name, rows.start, part)
        return block


def locate(block: Any, name: str, start: int, part: tuple[int, int]) -> None:
    """Raise the error that names the rows of a block which are not finite, if there are any."""
    if isinstance(block, np.ndarray):
        bad = np.flatnonzero(~np.isfinite(block).reshape(len(block), -1).all(axis=1))
    else:
        coordinates = block.tocoo()
        bad = np.unique(coordinates.row[~np.isfinite(coordinates.data)])
    if len(bad) == 0:
        return  # finite numbers whose sum overflows
    shown = ", ".join(str(start + i) for i in bad[:SHOWN]) + (", …" if len(bad) > SHOWN else "")
    where = f" (block {part[0]} of {part[1]})" if part[1] > 1 else ""
    raise ValueError(
        f"{name} must be finite, but {'row' if len(bad) == 1 else f'{len(bad)} rows'} "
        f"{shown}{where} of {name} {'holds' if len(bad) == 1 else 'hold'} NaN or inf, counting "
        "from 0. Remove those rows or replace the entries."
    )


def opened(array: Any, name: str) -> Any:
    """Return a real array or a CSR array that can be cut into rows, uncopied where possible."""
    if isinstance(array, FileColumns):
        return array
    if isinstance(array, str | os.PathLike):
        array = map_npy(array)
    if scipy.sparse.issparse(array):
        if name != "X":
            raise TypeError(
                f"{name} is sparse, which X alone may be. Use {name}.toarray().ravel()."
            )
        array = scipy.sparse.csr_array(array)
    else:
        if np.ma.is_masked(array):
            raise ValueError(f"{name} has masked entries. Fill them or leave out their rows.")
        array = as_stored(array, name)
    if array.dtype.kind in "fiub":
        return array
    sample = array.data if scipy.sparse.issparse(array) else array
    as_array(sample, name)  # says what is wrong with complex numbers, text, objects
    return array.astype(np.float64)


def _mapping(array: Any) -> mmap.mmap | None:
    """Return the mapped file that an array is read from, if it is and its pages may be dropped."""
    stored = array.stored if isinstance(array, FileColumns) else array
    return mapping_of(stored) if isinstance(stored, np.ndarray) else None


def _refuse_shapes(X: Any, vectors: dict[str, Any]) -> None:
    if X.ndim != 2:
        hint = " For one column use X[:, None]." if X.ndim == 1 else ""
        raise ValueError(f"X must have shape (n, d), but has shape {X.shape}.{hint}")
    if 0 in X.shape:
        raise ValueError(f"X is empty: it has shape {X.shape}.")
    for name, vector in vectors.items():
        if vector.shape != (X.shape[0],):
            column = vector.ndim == 2 and 1 in vector.shape
            hint = f" Use {name}.ravel()." if column else ""
            wanted = f"({X.shape[0]},)"
            raise ValueError(
                f"{name} must have shape {wanted}, but has shape {vector.shape}.{hint}"
            )
