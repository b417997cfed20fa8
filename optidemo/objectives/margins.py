"""The signs of margins, proved: rounding errors are bounded, and what they hide is computed exactly."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from optidemo.arrays import EPS
from optidemo.storage.partial_sums import dense

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from optidemo.arrays import Matrix, Vector
    from optidemo.rows import Rows

__all__ = ["chosen", "exact", "on_the_plane", "signed", "signs"]

MOST = 20_000  # margins computed exactly; more of them would take seconds


def exact(v: Vector) -> list[Fraction]:
    """Return the entries as fractions, which a float64 is."""
    return [Fraction(float(entry)) for entry in v]


def signs(rows: Rows, columns: NDArray[np.intp], v: list[Fraction]) -> set[int] | None:
    """Return which signs the margins (2yᵢ − 1) xᵢᵀv have: a subset of {−1, 0, 1}.

    Parameters
    ----------
    rows : Rows
        The samples, with labels 0 and 1.
    columns : (k,) array of int
        The columns that v belongs to; at the others it is 0.
    v : list of k fractions

    Returns
    -------
    set of int or None
        None if too many margins would have to be computed exactly, or one overflows.
    """
    approximate = np.array([float(entry) for entry in v])

    def term(X: Matrix, y: Vector) -> tuple[list[int], list[Matrix]]:
        X = chosen(X, columns)
        m = (2.0 * y - 1.0) * (X @ approximate)
        size = abs(X) @ np.abs(approximate)
        error = (len(v) + 4) * EPS * size
        unclear = ~(np.abs(m) > error + 1e-290) & (size > 0.0)
        clear = np.unique(np.sign(m[~unclear])).astype(int).tolist()
        return clear, [signed(X[unclear][: MOST + 1], y[unclear][: MOST + 1])]

    with np.errstate(over="ignore", invalid="ignore"):
        clear, unclear = rows.sum(term)
    if sum(map(len, unclear)) > MOST:
        return None
    found = set(clear)
    for block in unclear:
        for row in block:
            margin = sum(
                (
                    Fraction(float(x)) * entry
                    for x, entry in zip(row, v, strict=True)
                    if x and entry
                ),
                Fraction(0),
            )
            found.add((margin > 0) - (margin < 0))
            if -1 in found:
                return found
    return found


def on_the_plane(A: Matrix, v: Vector) -> list[Fraction]:
    """Return a v near the given one with Av = 0 exactly, by Gauss–Jordan elimination in fractions."""
    rest = [exact(row) for row in A]
    answer = exact(v)
    pivots: list[tuple[int, list[Fraction]]] = []
    for j in np.argsort(-np.abs(A).max(axis=0, initial=0.0)).tolist():
        row = next((r for r in rest if r[j]), None)
        if row is None:
            continue
        rest.remove(row)
        row = [entry / row[j] for entry in row]
        rest = [_minus(r, r[j], row) for r in rest]
        rest = [r for r in rest if any(r)]
        pivots = [(k, _minus(r, r[j], row)) for k, r in pivots] + [(j, row)]
    bound = {k for k, _ in pivots}
    free = [j for j in range(len(answer)) if j not in bound]
    for k, row in pivots:
        answer[k] = -sum((row[j] * answer[j] for j in free), Fraction(0))
    return answer


def _minus(a: list[Fraction], c: Fraction, b: list[Fraction]) -> list[Fraction]:
    return [x - c * y for x, y in zip(a, b, strict=True)] if c else a


def chosen(X: Matrix, columns: NDArray[np.intp]) -> Matrix:
    """Return these columns of X, without a copy if they are all."""
    return X if len(columns) == X.shape[1] else X[:, columns]


def signed(X: Matrix, y: Vector) -> Matrix:
    """Return the rows (2yᵢ − 1) xᵢ, dense."""
    return np.asarray((2.0 * y - 1.0)[:, None] * dense(X))
