"""The covariance of the samples, in one pass where that costs no digit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse

from optidemo.storage.partial_sums import dense

if TYPE_CHECKING:
    from optidemo.arrays import Matrix, Vector
    from optidemo.rows import Rows

__all__ = ["centred", "covariance"]

PASSES = 3  # over the data at most, each with a better mean


def covariance(rows: Rows) -> tuple[Vector, Matrix]:
    """Return mean (d,) and covariance (d, d), without the cancellation of E[xx] − E[x]E[x].

    One pass suffices if the mean of the first block is near the mean of all; otherwise a second
    pass starts from the mean that the first one found. A sparse matrix is first tried as it is.
    Entries whose squares are not finite make a covariance that is not.
    """
    n, d = rows.shape
    shift = np.zeros(d)
    if not scipy.sparse.issparse(rows.X):
        shift = rows.first(_worthwhile_shift)
    for _ in range(PASSES):

        def moments(X: Any, shift: Vector = shift) -> tuple[Vector, Matrix]:
            X = centred(X, shift)
            return np.ones(X.shape[0]) @ X, X.T @ X

        with np.errstate(over="ignore", invalid="ignore"):
            total, G = rows.sum(moments)
        if not (np.isfinite(total).all() and np.isfinite(G).all()):
            return total, G
        delta = total / n
        G = G - n * np.outer(delta, delta)
        if np.all(n * delta**2 <= np.diag(G)) or not np.any(delta):
            break
        shift = shift + delta
    return shift + delta, G / (n - 1)


def centred(X: Any, shift: Vector) -> Any:
    """Return X − shift; where there is nothing to subtract, no copy, and what is sparse stays so."""
    return dense(X) - shift if shift.any() else X


def _worthwhile_shift(X: Matrix) -> Vector:
    """Return the mean where it exceeds the spread, so that subtracting it saves digits."""
    with np.errstate(over="ignore", invalid="ignore"):
        mean = X.mean(axis=0)
        return np.where(mean**2 > np.mean((X - mean) ** 2, axis=0), mean, 0.0)
