"""The samples as row blocks, so that a sum over samples is a sum of partial sums."""

from __future__ import annotations

import copy
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import numpy as np
import scipy.sparse

from optidemo.storage.blocks import RowBlocks
from optidemo.storage.cluster import ClusterBlocks, is_dask
from optidemo.storage.partial_sums import dense

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from optidemo.arrays import Vector

T = TypeVar("T")

Samples: TypeAlias = Any
"""What `Rows` takes; neither scipy.sparse nor Dask says its types to a type checker."""

__all__ = ["Rows", "Samples"]


class Rows:
    """n samples: the rows of X (n, d) and, where there are any, their targets y (n,).

    Parameters
    ----------
    X : (n, d) array, sparse matrix, `numpy.memmap`, path of an ``.npy`` file, or Dask array
        One sample a row. Nothing is copied: float32 and integers become float64 block by block, a
        file is read block by block, a sparse matrix stays sparse (in CSR form), and the blocks of
        a Dask array are reduced where they lie.
    y, weights : (n,) array, path or Dask array, optional
        What belongs to each sample.
    check : bool
        Look for entries that are not finite now; otherwise `check` does it.

    Attributes
    ----------
    shape : (n, d)
    block_length : how many rows the longest block has

    Raises
    ------
    ValueError
        If a shape is wrong or an entry not finite; the message says which rows.
    TypeError
        If the entries are not real numbers.

    Examples
    --------
    >>> import numpy as np
    >>> X, y, w = np.eye(3), np.array([1.0, 2.0, 3.0]), np.ones(3)
    >>> Rows(X, y).sum(lambda X, y: X.T @ (X @ w - y))
    array([ 0., -1., -2.])
    """

    def __init__(
        self, X: Samples, y: Samples = None, weights: Samples = None, *, check: bool = True
    ) -> None:
        if X is None:
            raise TypeError("X must hold the samples, one a row, but is None.")
        given = {"X": X, "y": y, "weights": weights}
        given = {name: array for name, array in given.items() if array is not None}
        on_cluster = any(is_dask(array) for array in given.values())
        self.storage = ClusterBlocks(given) if on_cluster else RowBlocks(given, finite=not check)
        self.shape: tuple[int, int] = self.storage.shape
        self.block_length: int = self.storage.block_length
        self._exponents: tuple[int | NDArray[np.intp], ...] = ()
        self._shift: Vector | None = None
        self._whole: tuple[Any, ...] | None = None
        if isinstance(self.storage, RowBlocks):
            if self.block_length == self.shape[0]:
                (self._whole,) = self.storage.blocks()  # converted once, for tight loops
            elif check and not any(self.storage.mappings):
                self.storage.check()

    @property
    def X(self) -> Any:  # noqa: N802  (the lecture's letter)
        """The samples, as they are stored."""
        return self._whole[0] if self._whole else self._times(self.storage.arrays[0])[0]

    @property
    def on_cluster(self) -> bool:
        """Are the samples a Dask array?"""
        return isinstance(self.storage, ClusterBlocks)

    @property
    def in_memory(self) -> bool:
        """Does a further pass over the samples cost no more than reading this process's memory?"""
        return isinstance(self.storage, RowBlocks) and not any(self.storage.mappings)

    @property
    def y(self) -> Any:
        """The targets (n,), in memory."""
        if self._whole:
            return self._whole[1]
        y = self._times(*self.storage.arrays[:2])[1]
        return np.asarray(y.compute() if is_dask(y) else y, dtype=np.float64)

    def take(self, indices: Any) -> tuple[Any, ...]:
        """Return (X, y, ...) of the chosen samples, as a stochastic solver needs them.

        Raises
        ------
        TypeError
            If the samples are on a cluster, where fetching a few rows costs a whole block.
        """
        if isinstance(self.storage, ClusterBlocks):
            raise TypeError(
                "Single samples cannot be drawn from a Dask array at a bearable price. Use a "
                "solver that sums over all of them (newton, gradient_descent), or load a part: "
                "X[:100_000].compute()."
            )
        arrays = self._whole or self._times(*self.storage.arrays)
        return tuple(array[indices].astype(np.float64, copy=False) for array in arrays)

    def blocks(self) -> Iterator[tuple[Any, ...]]:
        """Yield (X, y, ...) of one block of rows after another."""
        if self._whole:
            return iter([self._whole])
        return (self._times(*block) for block in self.storage.blocks())

    def first(self, term: Callable[..., T]) -> T:
        """Return the term for the first block alone."""
        return self.storage.first(self._scaled_term(term))

    def check(self) -> None:
        """Raise the error that names the rows that are not finite, if there are any."""
        self.storage.check()

    def sum(self, term: Callable[..., T]) -> T:
        """Return the sum of ``term(X_block, y_block)`` over the row blocks.

        A term may return a tuple: each entry is summed, in one pass over the data.
        """
        if self._whole:
            part: T = term(*self._whole)
            return part if type(part) is np.ndarray else dense(part)
        return self.storage.sum(self._scaled_term(term))

    def beside(self, **vectors: Vector) -> RowBlocks | ClusterBlocks:
        """Return the blocks of (X, y, ...) with those of further vectors (n,) beside them.

        The vectors are finite. To a cluster n numbers are sent for each; X stays where it is.
        """
        if isinstance(self.storage, ClusterBlocks):
            arrays = dict(zip(self.storage.names, self.storage.arrays, strict=True))
            return ClusterBlocks({**arrays, **vectors})
        return RowBlocks({"X": self.X, "y": self.y, **vectors}, finite=True)

    def largest(self) -> tuple[float, ...]:
        """Return the greatest magnitude in X, in y, ..."""
        blocks = self.sum(lambda *block: [[_largest(array) for array in block]])
        return tuple(np.max(blocks, axis=0).tolist())

    def largest_in_columns(self) -> Vector:
        """Return the greatest magnitude in each column of X."""
        blocks = self.sum(lambda X, *_: [np.ravel(dense(abs(X).max(axis=0)))])
        return np.asarray(np.max(blocks, axis=0))

    def scaled(self, *exponents: int | NDArray[np.intp]) -> Rows:
        """Return the samples with X times 2**exponents[0], y times 2**exponents[1], ...

        The first may be one exponent for each column. Nothing is rounded, and nothing is copied but
        one block at a time.
        """
        other = copy.copy(self)
        whole = _times(exponents, self._whole) if self._whole else None
        vars(other).update(_exponents=exponents, _whole=whole)
        return other

    def shifted(self, shift: Vector) -> Rows:
        """Return the samples with shift (d,) subtracted from each row of X, one block at a time."""
        other = copy.copy(self)
        whole = _changed((), shift, self._whole) if self._whole else None
        vars(other).update(_shift=shift, _whole=whole)
        return other

    def _times(self, *arrays: Any) -> tuple[Any, ...]:
        return _changed(self._exponents, self._shift, arrays)

    def _scaled_term(self, term: Callable[..., T]) -> Callable[..., T]:
        exponents, shift = self._exponents, self._shift
        if shift is None and not any(np.any(e) for e in exponents):
            return term
        return lambda *block: term(*_changed(exponents, shift, block))


def _changed(
    exponents: tuple[int | NDArray[np.intp], ...], shift: Vector | None, arrays: tuple[Any, ...]
) -> tuple[Any, ...]:
    """Return the arrays scaled, and the first of them shifted."""
    X, *others = _times(exponents, arrays)
    return (X if shift is None else dense(X) - shift, *others)


def _times(
    exponents: tuple[int | NDArray[np.intp], ...], arrays: tuple[Any, ...]
) -> tuple[Any, ...]:
    """Return each array times 2**exponent, in two factors, neither of which overflows alone."""
    return tuple(
        _scaled(_scaled(array, e // 2), e - e // 2) if np.any(e) else array
        for array, e in zip_longest(arrays, exponents[: len(arrays)], fillvalue=0)
    )


def _scaled(array: Any, exponent: int | NDArray[np.intp]) -> Any:
    """Return array · 2**exponent; what is sparse stays so."""
    factor = np.ldexp(1.0, exponent)
    return array.multiply(factor).tocsr() if scipy.sparse.issparse(array) else array * factor


def _largest(array: Any) -> float:
    numbers = array if isinstance(array, np.ndarray) else array.data
    return float(np.max(np.abs(numbers), initial=0.0))
