"""Does a plane separate two classes? Then logistic regression has no minimum."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import scipy.linalg

from optidemo.arrays import EPS
from optidemo.linalg.scale import power_of_two
from optidemo.objectives.margins import chosen, exact, on_the_plane, signed, signs
from optidemo.storage.partial_sums import dense

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

    from numpy.typing import NDArray

    from optidemo.arrays import Matrix, Vector
    from optidemo.rows import Rows

__all__ = ["Separation", "lowest_margin", "minimum_is_near", "separation"]

FEASIBLE = 1e-10  # the smallest tolerance that HiGHS takes, on rows and columns scaled to 1
MANY = 2_000  # rows of the first linear program
ROUNDS = 100  # linear programs at most, each with more rows
FEW = 40  # variables up to which a plane through samples is computed in fractions
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


class Separation(NamedTuple):
    """What is proved.

    Attributes
    ----------
    kind : str
        "overlap", "separable" (all margins can be > 0), "quasi-separable" or "undecided".
    v : (d,) array or None
        The direction that separates.
    """

    kind: str
    v: Vector | None = None


def separation(rows: Rows, free: NDArray[np.bool_] | None = None) -> Separation:
    """Is there a v with mᵢ = (2yᵢ − 1) xᵢᵀv ≥ 0 for all i, and > 0 for some?

    Parameters
    ----------
    rows : Rows
        The samples, with labels 0 and 1.
    free : (d,) array of bool, optional
        Where v may be other than 0; by default everywhere.

    Notes
    -----
    It exists exactly when the minimum of logistic regression is not attained (Albert and Anderson,
    Biometrika 71, 1984). The linear program max Σ mᵢ subject to mᵢ ≥ 0 and |uⱼ| ≤ 1 looks for it,
    and max t subject to mᵢ ≥ t for one with all mᵢ > 0. What they find is a candidate; it is proved
    by margins whose sign is exact (`optidemo.objectives.margins`). That none exists is proved by
    Stiemke's theorem: weights cᵢ > 0 with Σ cᵢ (2yᵢ − 1) xᵢ = 0, the multipliers of the first
    program. Columns that depend on others to rounding error count as dependent.
    """
    columns = np.arange(rows.shape[1]) if free is None else np.flatnonzero(free)
    some = _nonzero(_sample(rows, columns))
    for _ in range(ROUNDS):
        if not len(some):
            return Separation("overlap")
        unit = power_of_two(np.abs(some).max(axis=0))
        scaled = some * unit
        scaled = scaled * power_of_two(np.abs(scaled).max(axis=1))[:, None]
        _, s, Vt = np.linalg.svd(scaled, full_matrices=len(scaled) < len(columns))
        rank = int(np.count_nonzero(s > max(scaled.shape) * EPS * s[0]))
        outside = _outside(rows, columns, unit, Vt[rank:].T)
        if len(outside):  # what the sample spans must be what all samples span
            some = np.vstack([some, outside])
            continue
        B = Vt[:rank].T / s[:rank]
        u, c = _linear_program(scaled @ B)
        if _overlap(scaled, B, c):
            return Separation("overlap")
        candidates = [unit * _without_noise(B @ u) for u in (_widest(scaled @ B), u)]
        violated = [_violated(rows, columns, v) for v in candidates]
        for v, bad in zip(candidates, violated, strict=True):
            found = Separation("undecided") if len(bad) else _proved(rows, columns, v, some)
            if found.kind != "undecided":
                return found
        more = np.vstack(violated)
        if not len(more):
            break
        some = np.vstack([some, more])
    return Separation("undecided")


def lowest_margin(rows: Rows, v: Vector) -> float:
    """Return min (2yᵢ − 1) xᵢᵀv."""
    return float(min(rows.sum(lambda X, y: [np.min((2.0 * y - 1.0) * (X @ v))])))


def _linear_program(A: Matrix) -> tuple[Vector, Vector]:
    """Maximise Σ (Au)ᵢ over Au ≥ 0 and |uⱼ| ≤ 1: u, and c = 1 + the multipliers of Au ≥ 0."""
    u, multipliers = _solved(-A.sum(axis=0), -A, [(-1.0, 1.0)] * A.shape[1])
    return u, 1.0 + multipliers


def _widest(A: Matrix) -> Vector:
    """Maximise t over Au ≥ t and |uⱼ| ≤ 1: u."""
    n, d = A.shape
    bounds: list[tuple[float, float | None]] = [*[(-1.0, 1.0)] * d, (0.0, None)]
    u_and_t, _ = _solved(np.r_[np.zeros(d), -1.0], np.column_stack([-A, np.ones(n)]), bounds)
    return u_and_t[:-1]


def _solved(
    cost: Vector, A: Matrix, bounds: Sequence[tuple[float, float | None]]
) -> tuple[Vector, Vector]:
    """Minimise costᵀu over Au ≤ 0: u and the multipliers; zeros, which prove nothing, if HiGHS fails."""
    from scipy.optimize import linprog

    tight = {"primal_feasibility_tolerance": FEASIBLE, "dual_feasibility_tolerance": FEASIBLE}
    answer = linprog(cost, A_ub=A, b_ub=np.zeros(len(A)), bounds=bounds, options=tight)
    if answer.status != 0:
        return np.zeros(len(cost)), np.zeros(len(A))
    return np.asarray(answer.x), np.asarray(-answer.ineqlin.marginals)


def _without_noise(v: Vector) -> Vector:
    """Return v without the entries that are rounding errors, in units where all columns are alike."""
    return np.where(np.abs(v) > 1e-12 * np.abs(v).max(), v, 0.0)


def _overlap(scaled: Matrix, B: Matrix, c: Vector) -> bool:
    """Do the weights c > 0 prove that no v has margins ≥ 0, not all zero?

    Aᵀc = r ≠ 0 is mended by a change of c of at most ‖r‖/σ, where σ is the least singular value of
    A = scaled · B; as long as c stays positive, the proof holds. Rounding errors count against it.
    """
    A = scaled @ B
    n, d = A.shape
    error = (scaled.shape[1] + 2) * EPS * (np.abs(scaled) @ np.abs(B))
    r = np.abs(c @ A) + n * EPS * (np.abs(c) @ np.abs(A)) + np.abs(c) @ error
    least = np.linalg.svd(A, compute_uv=False)[-1] * (1.0 - n * d * EPS) - np.linalg.norm(error)
    return bool(n >= d and least > 0 and np.linalg.norm(r) < 0.5 * least * c.min())


def _proved(rows: Rows, columns: NDArray[np.intp], v: Vector, some: Matrix) -> Separation:
    """Return what the direction v proves, as it is or moved onto the plane of the samples close to it."""
    found = _verdict(rows, columns, exact(v))
    if found.kind == "undecided" and len(v) <= FEW:
        close = np.abs(some @ v) <= 1e-8 * (np.abs(some) @ np.abs(v))
        found = _verdict(rows, columns, on_the_plane(np.unique(some[close], axis=0), v))
    return found


def _verdict(rows: Rows, columns: NDArray[np.intp], v: list[Fraction]) -> Separation:
    found = signs(rows, columns, v)
    if found is None or -1 in found or 1 not in found:
        return Separation("undecided")
    whole = np.zeros(rows.shape[1])
    whole[columns] = [float(entry) for entry in v]
    return Separation("quasi-separable" if 0 in found else "separable", whole)


def _sample(rows: Rows, columns: NDArray[np.intp]) -> Matrix:
    every = slice(0, None, 1 + rows.shape[0] // MANY)
    return np.vstack(rows.sum(lambda X, y: [signed(chosen(X[every], columns), y[every])]))


def _nonzero(A: Matrix) -> Matrix:
    return np.asarray(A[A.any(axis=1)])


def _outside(rows: Rows, columns: NDArray[np.intp], unit: Vector, N: Matrix) -> Matrix:
    """Return the samples that are farthest from the span of those so far: N spans what it is not."""
    if not N.shape[1]:
        return np.empty((0, len(columns)))

    def term(X: Matrix, y: Vector) -> list[Matrix]:
        X = dense(chosen(X, columns))
        distance = np.linalg.norm((X * unit) @ N, axis=1)
        far = distance > 1e-9 * np.linalg.norm(X * unit, axis=1)
        worst = np.argsort(-distance)[: len(columns)]
        return [signed(X, y)[worst][far[worst]]]

    return np.vstack(rows.sum(term))


def _violated(rows: Rows, columns: NDArray[np.intp], v: Vector) -> Matrix:
    """Return (2yᵢ − 1) xᵢ of the rows whose margins fall farthest below 0."""

    def term(X: Matrix, y: Vector) -> list[Matrix]:
        X = chosen(X, columns)
        margins = (2.0 * y - 1.0) * (X @ v)
        size = abs(X) @ np.abs(v)
        worst = np.argsort(margins / np.where(size > 0.0, size, 1.0))[: len(v)]
        low = margins[worst] < -1e-8 * size[worst]
        return [signed(X[worst][low], y[worst][low])]

    return np.vstack(rows.sum(term))
