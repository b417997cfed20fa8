"""Least squares where columns are so far from 0 that rounding takes them for multiples of the intercept.

A column of 1e15 ± 1 beside a column of ones is independent of it, but no factor in float64 shows it.
Less a number near all its entries it is an ordinary column, and that difference is exact: each entry
is within a factor of two of the number (P. H. Sterbenz, Floating-Point Computation, 1974). What was
subtracted, times the weight, goes over to the intercept.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from optidemo.arrays import EPS
from optidemo.linalg import doubledouble as dd, orthogonal
from optidemo.linalg.certificate import LeastSquares, sensitivity
from optidemo.storage.partial_sums import dense

if TYPE_CHECKING:
    from optidemo.arrays import Matrix, Vector
    from optidemo.rows import Rows

__all__ = ["solve"]


def solve(rows: Rows, *, refine_cov: bool = True) -> LeastSquares | None:
    """Return the least-squares solution; None if the columns are dependent after the shift as well.

    None, too, without a column of ones, or of another power of two, and where nothing is far from 0.
    """
    found = _shift(rows)
    if found is None:
        return None
    ones, shift = found
    near = orthogonal.solve(rows.shifted(shift), 0.0, refine_cov=refine_cov)
    if near.rank < len(shift) or near.inverse is None:
        return None
    size = rows.first(lambda X, *_: float(dense(X)[0, ones]))
    part = shift / size
    x, error = near.x.copy(), near.error_bound.copy()
    x[ones] = (-dd.dot(part, near.x)).plus(near.x[ones]).hi
    error[ones] += float(np.abs(part) @ near.error_bound) + 0.5 * EPS * abs(x[ones])
    back = np.eye(len(x))
    back[ones] -= part
    inverse = back @ near.inverse @ back.T

    def sums(X: Any, y: Vector, w: Any = 1.0) -> tuple[Vector, Vector, float]:
        X, weighted = dense(X), w * (y - X @ x)
        return X.T @ weighted, np.sum((X.T**2 * w).T, axis=0), float(w * y @ y)

    gradient, squares, y_square = rows.sum(sums)
    lengths = np.sqrt(squares)
    return replace(
        near,
        x=x,
        error_bound=error,
        gradient=gradient,
        condition=_condition(inverse, lengths),
        sensitivity=sensitivity(inverse, lengths, x, float(np.sqrt(y_square)), near.rss),
        inverse=inverse,
    )


def _shift(rows: Rows) -> tuple[int, Vector] | None:
    """Return which column is the intercept, and a number near all entries of each column far from 0."""

    def ends(X: Any, *_: Any) -> list[tuple[Vector, Vector]]:
        X = dense(X)
        return [(X.min(axis=0), X.max(axis=0))]

    blocks = rows.sum(ends)
    low, high = np.min([a for a, _ in blocks], axis=0), np.max([b for _, b in blocks], axis=0)
    ones = np.flatnonzero((low == high) & (np.abs(np.frexp(low)[0]) == 0.5))
    far = (low < high) & (np.maximum(low, -high) >= 0.5 * np.maximum(high, -low))
    if not (ones.size and far.any()):
        return None
    return int(ones[0]), np.where(far, 0.5 * low + 0.5 * high, 0.0)


def _condition(inverse: Matrix, lengths: Vector) -> float:
    """Return the condition number of X with columns of equal length, from (XᵀX)⁻¹, to a factor √d."""
    alike = inverse * np.outer(lengths, lengths)
    return float(np.sqrt(len(lengths) * np.linalg.eigvalsh(alike)[-1]))
