"""Least squares by an orthogonal factorisation: exact to the last digit, and of any rank."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import scipy.linalg

from optidemo.arrays import EPS
from optidemo.linalg import doubledouble as dd, scale as scales
from optidemo.linalg.certificate import LeastSquares, sensitivity
from optidemo.linalg.refinement import Refinement
from optidemo.linalg.triangular import TriangularFactor, pivoted
from optidemo.rows import Rows
from optidemo.storage.partial_sums import dense

if TYPE_CHECKING:
    from typing import TypeAlias

    from numpy.typing import NDArray

    from optidemo.arrays import Matrix, Vector

    Indices: TypeAlias = NDArray[np.intp]

__all__ = ["solve"]

REFINE_COV = 10_000_000  # n d² above which the covariance is left as R gives it


def solve(rows: Rows, ridge: float, *, refine_cov: bool = True) -> LeastSquares:
    """Minimise Σ wᵢ (yᵢ − xᵢᵀx)² + ridge ‖x‖² by QR with pivoting and refinement.

    Columns are scaled by powers of two (which rounds nothing), so that no unit of measurement
    counts in the choice of the independent ones; if some are dependent, the solution of minimum
    norm, in the units as given, is found in the null space.
    """
    n, d = rows.shape
    factor = rows.sum(_factor_of_block)
    if ridge > 0.0:
        factor += TriangularFactor(np.sqrt(ridge) * np.eye(d, d + 1))
    lengths = scales.lengths(factor.R)
    scale = scales.power_of_two(lengths)
    scaled = factor.R * scale
    R, Qty, order, rank = pivoted(scaled[:, :d], scaled[:, d])
    if rank == 0:
        return _zero(rows, float(lengths[d]), ridge)

    first, R = order[:rank], R[:rank]
    refinement = Refinement(rows, first, scale[first], float(scale[d]), ridge, R[:, :rank])
    refined = refinement.solve(scipy.linalg.solve_triangular(R[:, :rank], Qty[:rank]))
    with np.errstate(over="ignore", invalid="ignore"):  # by a column of 1e-200 H is inf
        if refine_cov and n * rank**2 <= REFINE_COV:
            H = refinement.inverse()
        else:
            half = scipy.linalg.solve_triangular(R[:, :rank] / scale[first], np.eye(rank))
            H = half @ half.T

    x, error = np.zeros(d), np.zeros(d)
    inverse = np.zeros((d, d))
    x[first], error[first], inverse[np.ix_(first, first)] = refined.x.hi, refined.error, H
    singular = scipy.linalg.svdvals(R[:, :rank] / np.linalg.norm(R[:, :rank], axis=0))
    condition = float(singular[0] / singular[-1])
    if rank < d:
        null = _null_space(refinement, order, scale[:d])
        x, inverse = _minimum_norm(x, inverse, null)
        rounding = 10.0 * EPS * condition * scales.length(refined.x.hi)
        error = np.full(d, scales.length(error) + rounding)
    gradient = rows.sum(lambda X, y, w=1.0: X.T @ (w * (y - X @ x))) - ridge * x
    gradient[first] = refined.gradient if rank == d else gradient[first]
    return LeastSquares(
        x=x,
        error_bound=error,
        gradient=gradient,
        rss=refined.rss,
        dof=_count(rows) - rank,
        rank=rank,
        condition=condition,
        sensitivity=sensitivity(inverse, lengths[:d], x, float(lengths[d]), refined.rss),
        inverse=inverse,
        method="QR, refined",
        ridge=ridge,
    )


def _factor_of_block(X: Matrix, y: Vector, w: Vector | None = None) -> TriangularFactor:
    block = np.column_stack((dense(X), y))  # of a sparse matrix too, but one block at a time
    return TriangularFactor.of(block if w is None else np.sqrt(w)[:, None] * block)


def _count(rows: Rows) -> int:
    """Return the number of samples that have weight."""
    return int(rows.sum(lambda _, y, w=None: len(y) if w is None else int(np.sum(w > 0.0))))


def _null_space(refinement: Refinement, order: Indices, scale: Vector) -> Matrix:
    """Return N (d, d − rank) with XN = 0: each dependent column less what makes it up."""
    d, rank = len(order), len(refinement.columns)
    null = np.zeros((d, d - rank))
    for i, j in enumerate(order[rank:]):
        null[j, i] = scale[j]
        coordinates = refinement.coordinates(j, scale[j])
        null[refinement.columns, i] = -scale[refinement.columns] * coordinates
    return null


def _minimum_norm(x: Vector, inverse: Matrix, null: Matrix) -> tuple[Vector, Matrix]:
    """Take the part in the null space out of x and of the covariance."""
    null = null * scales.power_of_two(scales.lengths(null))
    unit = scales.power_of_two(np.abs(x).max())
    seen = (
        unit * x
    )  # where an entry vanishes in this unit, no part of the null space is seen either
    inside = solve(Rows(null, seen), 0.0, refine_cov=False).x
    Q, _ = np.linalg.qr(null)
    with np.errstate(over="ignore", invalid="ignore"):  # where a part of the covariance is inf
        projected = inverse - Q @ (Q.T @ inverse)
        projected = projected - (projected @ Q) @ Q.T
    return np.where(
        (seen == 0.0) & (x != 0.0), x, dd.residual(seen, null, inside).hi / unit
    ), projected


def _zero(rows: Rows, y_length: float, ridge: float) -> LeastSquares:
    """Return the solution for an X that is zero throughout."""
    d = rows.shape[1]
    return LeastSquares(
        x=np.zeros(d),
        error_bound=np.zeros(d),
        gradient=np.zeros(d),
        rss=y_length**2,
        dof=_count(rows),
        rank=0,
        condition=1.0,
        sensitivity=np.zeros(d),
        inverse=np.zeros((d, d)),
        method="QR, refined",
        ridge=ridge,
    )
