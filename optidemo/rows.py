"""The samples as row blocks, so that a sum over samples is a sum of partial sums."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from optidemo.arrays import Matrix, Vector, as_matrix, as_vector

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import ArrayLike

T = TypeVar("T")

CACHED = 2**17  # numbers that fit a core's second-level cache: 1 MB
LARGEST = 2**21  # numbers in a block at most: 16 MB
TALL = 1024  # rows that make a d × d product worth its d × d sum

__all__ = ["Rows"]


class Rows:
    """n samples: the rows of X (n, d) and, where there are any, their targets y (n,).

    Parameters
    ----------
    X : (n, d) array
        One sample a row.
    y, weights : (n,) array, optional
        What belongs to each sample.
    """

    def __init__(
        self, X: ArrayLike, y: ArrayLike | None = None, weights: ArrayLike | None = None
    ) -> None:
        self.X: Matrix = as_matrix(X, "X")
        n, d = self.X.shape
        given = {"y": y, "weights": weights}
        self.vectors = [as_vector(v, name, n) for name, v in given.items() if v is not None]
        self.y: Vector = self.vectors[0] if self.vectors else np.empty(0)
        self.shape: tuple[int, int] = (n, d)
        self.block_length = n if n * d <= CACHED else block_length(d)

    def blocks(self) -> Iterator[tuple[Any, ...]]:
        """Yield (X, y, ...) of one block of rows after another."""
        for i in range(0, self.shape[0], self.block_length):
            block = slice(i, i + self.block_length)
            yield self.X[block], *(v[block] for v in self.vectors)

    def sum(self, term: Callable[..., T]) -> T:
        """Return the sum of ``term(X_block, y_block)`` over the row blocks.

        A term may return a tuple: each entry is summed, in one pass over the data.
        """
        if self.block_length == self.shape[0]:
            return term(self.X, *self.vectors)
        blocks = self.blocks()
        whole: Any = term(*next(blocks))
        for block in blocks:
            part: Any = term(*block)
            if isinstance(whole, tuple):
                whole = tuple(a + b for a, b in zip(whole, part, strict=True))
            else:
                whole = whole + part
        return whole  # type: ignore[no-any-return]


def block_length(d: int) -> int:
    """Return how many rows of d numbers make a block."""
    return max(CACHED // d, min(TALL, LARGEST // d), 1)
