"""Least squares in one pass over the data: a single Newton step from a good guess.

f is quadratic, so one step from any w₀ lands on the minimiser:

    w = w₀ + (XᵀCX + ridge·I)⁻¹ (XᵀC(y − Xw₀) − ridge·w₀).

Hessian and gradient are summed together, block by block, so X is read once. With w₀ = 0 this is
the textbook formula; taking w₀ from the first block makes the step short, and with it the rounding
error that the condition number multiplies. What error is left is bounded, and where the bound
promises too little, the answer is None.

Source: N. J. Higham, Accuracy and Stability of Numerical Algorithms (2nd ed., SIAM 2002), 20.4;
rounding errors of long sums: N. J. Higham and T. Mary, SIAM J. Sci. Comput. 41 (2019).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.linalg

from optidemo.arrays import EPS
from optidemo.linalg.certificate import LeastSquares, sensitivity
from optidemo.linalg.scale import LONGEST, SHORTEST, safe

if TYPE_CHECKING:
    from optidemo.arrays import Matrix, Vector
    from optidemo.rows import Rows

__all__ = ["solve"]

PROMISE = 1e-12  # relative error, in the scaled unknowns, that the bound has to promise


def solve(rows: Rows, ridge: float) -> LeastSquares | None:
    """Return the least-squares solution, or None where 12 digits cannot be promised."""
    d = rows.shape[1]
    guess = _guess(rows)

    def newton(X: Matrix, y: Vector, w: Vector | None = None) -> tuple[Any, ...]:
        r = y - X @ guess
        if w is None:
            return X.T @ X, r @ X, r @ r, y @ y, int(y.any()), len(y)
        root = np.sqrt(w)
        C = X * root[:, None]
        r, v = root * r, root * y
        return C.T @ C, r @ C, r @ r, v @ v, int(y.any()), int(np.sum(w > 0.0))

    with np.errstate(over="ignore", invalid="ignore"):
        G, g, rss, y_square, seen, n = rows.sum(newton)
    lengths = np.sqrt(np.diag(G) + ridge)
    if not (np.isfinite(G).all() and np.isfinite(g).all() and safe(float(np.sqrt(y_square)))):
        return None
    if y_square == 0.0 and seen:  # y is not zero, but its square is
        return None
    if not np.all((lengths >= SHORTEST) & (lengths <= LONGEST)):
        return None
    H = G + ridge * np.eye(d)
    scaled = H / lengths / lengths[:, None]
    factor, failed = scipy.linalg.lapack.dpotrf(scaled)
    if failed:
        return None
    upper, _ = scipy.linalg.lapack.dpotri(factor)
    inverse = (np.triu(upper) + np.triu(upper, 1).T) / lengths / lengths[:, None]

    gradient = g - ridge * guess
    step = scipy.linalg.cho_solve((factor, False), gradient / lengths) / lengths
    x = guess + step
    left = gradient - H @ step

    # |computed − exact| ≤ γ‖a‖‖b‖ for an inner product of m numbers, γ ≈ 4√m·eps/2 (Higham, Mary);
    # summed by blocks, no number passes through more than m additions
    longest = rows.block_length + n / rows.block_length
    gamma = 2.0 * np.sqrt(longest) * EPS
    y_length, r_length = np.sqrt(y_square), np.sqrt(rss)
    r_rounding = (np.sqrt(d) + 1.0) * EPS * (y_length + lengths @ np.abs(guess))
    rounding = lengths * (gamma * (r_length + lengths @ np.abs(step)) + r_rounding)
    error = np.abs(inverse) @ (np.abs(left) + rounding) + EPS * np.abs(x)
    if not np.max(error * lengths) <= PROMISE * np.max(np.abs(x) * lengths):
        return None
    eigenvalues = scipy.linalg.eigvalsh(scaled, check_finite=False)
    final = max(rss - float(step @ (g + g - G @ step)), 0.0)
    return LeastSquares(
        x=x,
        error_bound=error,
        gradient=left,
        rss=final,
        dof=n - d,
        rank=d,
        condition=float(np.sqrt(eigenvalues[-1] / eigenvalues[0])),
        sensitivity=sensitivity(inverse, lengths, x, y_length, final),
        inverse=inverse,
        method="normal equations",
        ridge=ridge,
    )


def _guess(rows: Rows) -> Vector:
    """Return the solution for the first block alone; any guess is good enough, zero too."""
    with np.errstate(over="ignore", invalid="ignore"):
        G, c = rows.first(lambda X, y, *_: (X.T @ X, X.T @ y))
    damped = G + 1e-8 * np.diag(np.diag(G))
    factor, failed = scipy.linalg.lapack.dpotrf(damped)
    w = scipy.linalg.lapack.dpotrs(factor, c)[0] if not failed else np.zeros_like(c)
    return w if np.isfinite(w).all() else np.zeros_like(c)
