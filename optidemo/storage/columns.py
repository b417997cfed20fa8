"""Some columns of a file as a matrix whose rows are made when they are asked for."""

from __future__ import annotations

import mmap
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from optidemo.storage.mapped import mapping_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from optidemo.arrays import Matrix, Vector

__all__ = ["FileColumns"]

BLOCK = 2**20  # numbers read in one go
FAR = 256  # rows here and there that are read in one go


@dataclass(frozen=True, eq=False, repr=False)
class FileColumns:
    """A design matrix (n, d) that is not held: its rows are cut from a mapped file.

    Attributes
    ----------
    stored : (n, D) array
        The mapped file, of any real type.
    used : tuple of int
        Which of its columns.
    intercept : bool
        Is there a column of ones before them?
    shifts : tuple of (d,) array
        What is subtracted from each row, one after the other: the mean, and what rounding left of it.
    scale : (d,) array or None
        What each row is then divided by.
    """

    stored: NDArray[Any]
    used: tuple[int, ...]
    intercept: bool = False
    shifts: tuple[Vector, ...] = ()
    scale: Vector | None = None

    ndim: ClassVar[int] = 2
    dtype: ClassVar[np.dtype[np.float64]] = np.dtype(np.float64)

    @property
    def shape(self) -> tuple[int, int]:
        """Return (n, d)."""
        return len(self.stored), len(self.used) + self.intercept

    def __len__(self) -> int:
        return len(self.stored)

    def __getitem__(self, rows: Any) -> Matrix:
        """Return the chosen rows, float64: a slice or an array of indices."""
        if isinstance(rows, slice):
            return self._shaped(self.stored[rows])
        parts = []
        for start in range(0, len(rows), FAR):  # each index may load many pages around it
            parts.append(self._shaped(self.stored[rows[start : start + FAR]]))
            self._drop()
        return np.concatenate(parts)

    def _shaped(self, block: NDArray[Any]) -> Matrix:
        """Choose the columns of a block of the file, and transform them."""
        X = np.empty((len(block), self.shape[1]))
        first, last = self.used[0], self.used[-1] + 1
        side_by_side = self.used == tuple(range(first, last))
        X[:, int(self.intercept) :] = block[:, first:last] if side_by_side else block[:, self.used]
        if self.intercept:
            X[:, 0] = 1.0
        for shift in self.shifts:
            X -= shift
        if self.scale is not None:
            X /= self.scale
        return X

    def columns(self, positions: Sequence[int]) -> FileColumns:
        """Return some of these columns."""
        return replace(self, used=tuple(self.used[j] for j in positions))

    def blocks(self) -> Iterator[tuple[slice, Matrix]]:
        """Yield the rows block by block; the file's pages are dropped after each."""
        step = max(1, BLOCK // self.stored.shape[1])
        for start in range(0, len(self), step):
            rows = slice(start, min(start + step, len(self)))
            yield rows, self[rows]
            self._drop()

    def read(self) -> Matrix:
        """Return the whole matrix, in memory."""
        X = np.empty(self.shape)
        for rows, block in self.blocks():
            X[rows] = block
        return X

    def _drop(self) -> None:
        """Let go of the pages that were read."""
        mapping = mapping_of(self.stored)
        if mapping is not None:
            mapping.madvise(mmap.MADV_DONTNEED)
