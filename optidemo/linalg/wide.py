"""Least squares with many more unknowns than samples: the one solution of minimum norm.

With A = UΣVᵀ it is x = VΣ⁻¹Uᵀy, in O(n²d) and without a d × d matrix. A ridge is a wider problem
still: the x of min ‖Xx − y‖² + ridge ‖x‖² is the first part of the (x, s) of minimum norm with
Xx + √ridge s = y, since s = (y − Xx) / √ridge.

Source: Å. Björck, Numerical Methods for Least Squares Problems (SIAM 1996), 1.2.5 and 2.7.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import scipy.linalg

from optidemo.arrays import EPS
from optidemo.linalg import doubledouble as dd
from optidemo.linalg.certificate import LeastSquares
from optidemo.storage.partial_sums import dense

if TYPE_CHECKING:
    from optidemo.arrays import Matrix, Vector
    from optidemo.rows import Rows

__all__ = ["solve"]


def solve(rows: Rows, ridge: float) -> LeastSquares:
    """Minimise Σ wᵢ (yᵢ − xᵢᵀx)² + ridge ‖x‖²; of several minimisers, take that of least norm."""
    d = rows.shape[1]
    root, X, y = _gathered(rows)
    A, b = root[:, None] * X, root * y
    if ridge > 0.0:
        A = np.hstack((A, np.sqrt(ridge) * np.eye(len(b))))
    U, sigma, Vt = scipy.linalg.svd(A, full_matrices=False, check_finite=False)
    rank = int(np.sum(sigma > 10.0 * EPS * np.sqrt(d) * sigma[0]))
    U, sigma, Vt = U[:, :rank], sigma[:rank], Vt[:rank]
    condition = float(sigma[0] / sigma[-1]) if rank else 1.0

    whole = Vt.T @ ((U.T @ b) / sigma)
    correction = Vt.T @ ((U.T @ dd.residual(b, A, whole).hi) / sigma)
    x = (whole + correction)[:d]
    error = np.linalg.norm(correction) + EPS * condition * np.linalg.norm(x)
    r = y - X @ x
    return LeastSquares(
        x=x,
        error_bound=np.full(d, error),
        gradient=X.T @ (root**2 * r) - ridge * x,
        rss=float(r @ (root**2 * r)),
        dof=len(b) - rank,
        rank=d if ridge > 0.0 else rank,
        condition=condition,
        sensitivity=np.full(d, EPS * condition * np.linalg.norm(x)),
        inverse=None,
        method="singular values",
        ridge=ridge,
    )


def _gathered(rows: Rows) -> tuple[Vector, Matrix, Vector]:
    """Return √w (n,), X (n, d) and y (n,) of the samples that have weight."""
    blocks = list(rows.blocks())
    X = np.vstack([dense(block[0]) for block in blocks])
    y = np.concatenate([block[1] for block in blocks])
    if len(blocks[0]) == 2:
        return np.ones(len(y)), X, y
    w = np.concatenate([block[2] for block in blocks])
    return np.sqrt(w[w > 0.0]), X[w > 0.0], y[w > 0.0]
