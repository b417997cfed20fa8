"""The least and greatest entry, the mean and the standard deviation of every column."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optidemo.rows import Rows

if TYPE_CHECKING:
    from optidemo.arrays import Matrix, Vector
    from optidemo.rows import Samples

__all__ = ["ends", "spread"]


def ends(X: Samples) -> tuple[Vector, Vector]:
    """Give the least and the greatest entry of each column."""
    blocks = Rows(X, check=False).sum(lambda X: [(X.min(axis=0), X.max(axis=0))])
    return np.min([low for low, _ in blocks], axis=0), np.max([high for _, high in blocks], axis=0)


def spread(features: Samples) -> tuple[Vector, Vector, Vector]:
    """Give the mean of each column, what rounding left of it, and the standard deviation."""
    rows = Rows(features, check=False)
    n = rows.shape[0]
    largest = np.max(rows.sum(lambda X: [np.abs(X).max(axis=0)]), axis=0)
    size = np.ldexp(1.0, np.frexp(largest)[1] - 1)  # so that no sum or square overflows or vanishes
    mean = rows.sum(lambda X: (X / size).sum(axis=0)) / n * size
    rest = rows.sum(lambda X: ((X - mean) / size).sum(axis=0)) / n * size

    def squares(X: Matrix) -> Vector:
        Z = (X - mean - rest) / size
        return np.asarray(np.einsum("ij,ij->j", Z, Z))

    return mean, rest, np.sqrt(rows.sum(squares) / (n - 1)) * size
