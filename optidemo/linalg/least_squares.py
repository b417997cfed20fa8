"""Least squares with a certificate: as many digits as the data hold, and a bound on the rest.

Minimise f(w) = ½ Σ cᵢ (wᵀxᵢ − yᵢ)² + ½ ridge ‖w‖² with weights cᵢ. Its gradient
XᵀC(Xw − y) + ridge·w vanishes at w = (XᵀCX + ridge·I)⁻¹ XᵀCy (the lecture's objective 5).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal, overload

import numpy as np

from optidemo.arrays import Matrix, Vector, as_scalar
from optidemo.callers import warn
from optidemo.linalg import far_columns, normal_equations, orthogonal, wide
from optidemo.linalg.certificate import LeastSquares, RankWarning
from optidemo.linalg.scale import SHORTEST, units
from optidemo.names import unknown_name
from optidemo.rows import Rows

if TYPE_CHECKING:
    from optidemo.rows import Samples

__all__ = ["LeastSquares", "RankWarning", "least_squares", "lstsq"]

WIDE = 50  # more columns than rows, from which on no d × d matrix is formed
METHODS = ("auto", "normal equations", "qr")
LARGE = 1_000_000  # numbers in X, from which on the speed of the normal equations is worth having


@overload
def lstsq(
    X: Samples, y: Samples, *, weights: Samples | None = ..., ridge: float = ...
) -> Vector: ...
@overload
def lstsq(
    X: Samples,
    y: Samples,
    *,
    weights: Samples | None = ...,
    ridge: float = ...,
    return_cov: Literal[True],
) -> tuple[Vector, Matrix]: ...
def lstsq(
    X: Samples,
    y: Samples,
    *,
    weights: Samples | None = None,
    ridge: float = 0.0,
    return_cov: bool = False,
) -> Vector | tuple[Vector, Matrix]:
    """Return the w that minimises ½ Σ cᵢ (wᵀxᵢ − yᵢ)² + ½ ridge ‖w‖².

    Parameters
    ----------
    X : (n, d) array
        One sample a row; whatever `Rows` takes: an array, a sparse matrix, the path of an ``.npy``
        file, a Dask array.
    y : (n,) array
        Targets.
    weights : (n,) array, optional
        cᵢ ≥ 0; 1 where left out.
    ridge : float
        Weight of ½‖w‖², ≥ 0.
    return_cov : bool
        Return the covariance of w as well.

    Returns
    -------
    w : (d,) array
        If the columns of X are dependent, the w of least norm, with a `RankWarning`.
    cov : (d, d) array
        Only with ``return_cov``.

    Raises
    ------
    ValueError
        If shapes do not fit, an entry is not finite, a weight or the ridge is negative, the
        solution is beyond what a float64 can hold, or, with ``return_cov``, no degree of freedom is
        left.

    Warns
    -----
    RankWarning
        If the columns of X are linearly dependent.

    Notes
    -----
    The gradient XᵀC(Xw − y) + ridge·w vanishes at w = (XᵀCX + ridge·I)⁻¹XᵀCy, the lecture's objective
    5. `least_squares` says how w is found without that inverse, and how exact it is.

    Examples
    --------
    >>> lstsq([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0]], [1.0, 3.0, 5.0])
    array([1., 2.])
    """
    solution = least_squares(X, y, weights=weights, ridge=ridge, refine_cov=return_cov)
    return (solution.x, solution.cov) if return_cov else solution.x


def least_squares(
    X: Samples,
    y: Samples,
    *,
    weights: Samples | None = None,
    ridge: float = 0.0,
    method: Literal["auto", "normal equations", "qr"] = "auto",
    refine_cov: bool = True,
) -> LeastSquares:
    """Solve as `lstsq` does and return the certificate with the solution.

    Parameters
    ----------
    X, y, weights, ridge
        As for `lstsq`.
    method : str
        "normal equations": one pass over the data, a Cholesky factorisation; "qr": orthogonal
        factor and refinement in double-double arithmetic; "auto": the first for big data, if its
        certificate promises 12 digits, otherwise the second.
    refine_cov : bool
        Refine the covariance to all its digits too ("qr" only).

    Returns
    -------
    LeastSquares
        With ``x``, bounds on its error, rank, condition and covariance. Its ``method`` is what was
        done: "normal equations", "QR, refined", or "singular values" where d > n + 50.

    Raises
    ------
    ValueError
        As `lstsq`, or if the method is unknown, or the normal equations cannot give 12 digits.

    Warns
    -----
    RankWarning
        As `lstsq`.

    Notes
    -----
    "normal equations" is one Newton step from a guess that the first rows give, so that the condition
    number multiplies a small error only. "qr" repeats w ← w + R⁻¹R⁻ᵀ(XᵀC(y − Xw) − ridge·w), where R is
    the triangular factor of √C X with √ridge·I below, until no digit changes. Where rounding takes
    columns far from 0 for multiples of a column of ones, they are centred first, which is exact.

    References
    ----------
    Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., 2002, section 20.4. Björck,
    Numerical Methods for Least Squares Problems, 1996, sections 2.4.6 and 2.9. Demmel, Hida, Riedy and
    Li, ACM Trans. Math. Softw. 35, 2009.
    """
    if method not in METHODS:
        raise ValueError(unknown_name("method", method, METHODS))
    rows = Rows(X, y, weights, check=False)
    ridge = as_scalar(ridge, "ridge")
    if ridge < 0.0:
        raise ValueError(f"ridge must be >= 0, but is {ridge}.")
    if weights is not None and rows.sum(lambda _, __, w: int(np.sum(w < 0.0))):
        raise ValueError("weights must be >= 0, but some are negative.")
    solution = _solve(rows, ridge, method, refine_cov=refine_cov)
    d = rows.shape[1]
    if solution.rank < d:
        warn(
            f"Within rounding, only {solution.rank} of the {d} columns of X are linearly independent, "
            "so the minimiser is not unique: this is the one of minimum norm. Leave out the dependent "
            "columns, or add a ridge.",
            RankWarning,
        )
    return solution


def _solve(rows: Rows, ridge: float, method: str, *, refine_cov: bool) -> LeastSquares:
    """Choose the method; data whose squares a float64 cannot hold are brought to size 1 first."""
    n, d = rows.shape
    if method == "normal equations" or (method == "auto" and n * d >= LARGE and n > d):
        solution = normal_equations.solve(rows, ridge)
        if solution is not None:
            return solution
    rows.check()
    X_size, y_size, *_ = rows.largest()
    x_unit, y_unit = units((max(X_size, math.sqrt(ridge)), y_size), n)
    if x_unit < 0 and math.ldexp(ridge, 2 * x_unit) < np.finfo(float).tiny:
        columns = rows.largest_in_columns()
        if np.min(columns[columns > 0.0]) < SHORTEST * X_size:
            return _by_columns(rows, columns, y_unit, ridge, method, refine_cov=refine_cov)
    if x_unit or y_unit:
        scaled = rows.scaled(x_unit, y_unit)
        solution = _solve(scaled, math.ldexp(ridge, 2 * x_unit), method, refine_cov=refine_cov)
        return solution.in_units(x_unit, y_unit, ridge)
    if method == "normal equations":
        raise ValueError(
            "The normal equations cannot give 12 digits here: X is too ill-conditioned. "
            "Use method='qr'."
        )
    if d > n + WIDE:
        return wide.solve(rows, ridge)
    solution = orthogonal.solve(rows, ridge, refine_cov=refine_cov)
    if solution.rank < d and not ridge:
        return far_columns.solve(rows, refine_cov=refine_cov) or solution
    return solution


def _by_columns(
    rows: Rows, columns: Vector, y_unit: int, ridge: float, method: str, *, refine_cov: bool
) -> LeastSquares:
    """Solve with a unit for each column: one for all would make the smallest of them vanish."""
    sizes = f"columns of sizes from {np.min(columns[columns > 0.0]):.0e} to {np.max(columns):.0e}"
    mend = "Bring them to like sizes by powers of ten"
    if ridge:
        raise ValueError(f"X has {sizes}: a ridge cannot count for all of them in float64. {mend}.")
    x_units = np.where(columns > 0.0, -np.frexp(columns)[1], 0)
    solution = _solve(rows.scaled(x_units, y_unit), 0.0, method, refine_cov=refine_cov)
    if solution.rank < len(columns):
        raise ValueError(
            f"X has {sizes}, and within rounding they are dependent: no float64 can hold the minimiser "
            f"of minimum norm. {mend}, or leave out the dependent ones."
        )
    return solution.in_units(x_units, y_unit, 0.0)
