"""Does a plane separate two classes? Then logistic regression has no minimum."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import scipy.linalg

from optidemo.storage.partial_sums import dense

if TYPE_CHECKING:
    from optidemo.arrays import Matrix, Vector
    from optidemo.rows import Rows

__all__ = ["lowest_margin", "minimum_is_near", "separating_direction"]

FEASIBLE = 1e-7  # HiGHS's feasibility tolerance, on margins of columns scaled to 1
MANY = 2_000  # rows of the first linear program
SINGULAR = 1e-12  # a scaled Hessian with an eigenvalue below this proves nothing


def minimum_is_near(largest: float, g: Vector, H: Matrix) -> bool:
    """Do the derivatives of logistic regression at w prove that its minimum is attained?

    Parameters
    ----------
    largest : float
        max |wᵀxᵢ|.
    g, H : (d,) and (d, d) array
        ∇f(w) and ∇²f(w).

    Notes
    -----
    Along w + tv with vᵀHv = 1 put h(t) = f(w + tv). The weight φ″ = σ(1 − σ) obeys |φ‴| ≤ φ″, so it
    shrinks by exp(−t|xᵢᵀv|) at most, and h″(t) ≥ exp(−Rt) with R = max |xᵢᵀv|. Hence
    h′(∞) ≥ −ν + 1/R, where ν = √(gᵀH⁻¹g) is the Newton decrement: if νR < 1, f rises in the end along
    every line, and its minimum is attained. Since φ″ᵢ xᵢxᵢᵀ ≼ H, R ≤ 1/√(min φ″ᵢ), which costs
    nothing. We ask for νR ≤ ½, which leaves room for rounding. The condition is sufficient, and at
    the minimum, where ν = 0, it holds unless rounding is in the way.

    References
    ----------
    Bach, Self-concordant analysis for logistic regression, Electron. J. Statist. 4, 2010.
    """
    scale = np.sqrt(np.diag(H))
    if not (np.isfinite(scale).all() and scale.all()):
        return False
    S = H / np.outer(scale, scale)
    S[np.diag_indices_from(S)] -= SINGULAR
    try:
        factor = scipy.linalg.cho_factor(S)
    except np.linalg.LinAlgError:
        return False
    u = g / scale
    decrement = np.sqrt(u @ scipy.linalg.cho_solve(factor, u))
    # 1/√(σ(q)(1 − σ(q))) = 2 cosh(q/2)
    return bool(largest < 1400 and decrement * 2.0 * np.cosh(0.5 * largest) <= 0.5)


def separating_direction(rows: Rows) -> Vector | None:
    """Return v ≠ 0 with mᵢ = (2yᵢ − 1) xᵢᵀv ≥ 0 for all i, and > 0 for some; None if none exists.

    Where one has mᵢ > 0 for all i, such a one is returned.

    Parameters
    ----------
    rows : Rows
        The samples, with labels 0 and 1.

    Notes
    -----
    It exists exactly when the minimum of logistic regression is not attained (Albert and Anderson,
    Biometrika 71, 1984). It is the solution of the linear program max Σ mᵢ subject to mᵢ ≥ 0 and
    |vⱼ| ≤ 1, whose value is 0 when the classes overlap. If it is not, max t subject to mᵢ ≥ t tells
    separable data, t > 0, from quasi-separable ones. The columns are scaled to |xᵢⱼ| ≤ 1.
    """
    scale: Vector = np.max(rows.sum(lambda X, _y: [np.abs(X).max(axis=0)]), axis=0)
    scale[scale == 0] = 1.0
    total = rows.sum(lambda X, y: X.T @ (2.0 * y - 1.0)) / scale
    weak = _linear_program(rows, scale, np.r_[total, 0.0])
    if weak is None:
        return None
    strict = _linear_program(rows, scale, np.r_[0.0 * total, 1.0])
    return weak if strict is None else strict


def _linear_program(rows: Rows, scale: Vector, gain: Vector) -> Vector | None:
    """Maximise gainᵀ(v, t) over mᵢ ≥ t and −1 ≤ vⱼ ≤ 1, 0 ≤ t ≤ 1; None if no margin is positive.

    Few of the n constraints matter: the program is solved with some of them, and those that its
    solution violates are added, until none is.
    """
    from scipy.optimize import linprog

    every = slice(0, None, 1 + rows.shape[0] // MANY)
    some = np.vstack(rows.sum(lambda X, y: [_signed(X[every], y[every])])) / scale
    last = gain[-1]  # t is 0 unless it is wanted
    bounds = [(-1.0, 1.0)] * len(scale) + [(0.0, last)]
    while True:
        A = np.column_stack([-some, np.ones(len(some))])
        answer = linprog(-gain, A_ub=A, b_ub=np.zeros(len(A)), bounds=bounds)
        v, t = answer.x[:-1], answer.x[-1]
        if (t if last else np.max(some @ v)) <= 100 * FEASIBLE:
            return None
        v = np.asarray(v / scale)
        violated = rows.sum(lambda X, y, v=v, t=t: [_violated(X, y, v, t)])
        if sum(map(len, violated)) == 0:
            return v
        some = np.vstack([some, *(block / scale for block in violated)])


def lowest_margin(rows: Rows, v: Vector) -> float:
    """Return min (2yᵢ − 1) xᵢᵀv."""
    return float(min(rows.sum(lambda X, y: [np.min((2.0 * y - 1.0) * (X @ v))])))


def _signed(X: Matrix, y: Vector) -> Matrix:
    return np.asarray((2.0 * y - 1.0)[:, None] * dense(X))


def _violated(X: Matrix, y: Vector, v: Vector, t: float) -> Matrix:
    """Return (2yᵢ − 1) xᵢ of the rows of a block whose margins fall farthest below t."""
    margins = (2.0 * y - 1.0) * (X @ v)
    worst = np.argsort(margins)[: len(v)]
    return _signed(X[worst], y[worst])[margins[worst] < t - 10 * FEASIBLE]
