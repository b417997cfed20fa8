"""The lasso of few features, solved exactly from their Gram matrix by an active-set method."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import scipy.linalg

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from optidemo.arrays import Matrix, Vector

__all__ = ["small_lasso"]

ROUNDING = 1e-12


def small_lasso(G: Matrix, c: Vector, lam: float, w: Vector, maxiter: int = 1000) -> Vector:
    """Minimise ½wᵀGw − cᵀw + λ‖w‖₁ from a guess w; G is (k, k), positive semidefinite.

    Notes
    -----
    With the signs s of the active features fixed, f is a quadratic whose minimiser u solves
    G u = c − λs. The features that violate |c − Gw| ≤ λ become active with the sign of c − Gw, and
    w moves towards u. A new feature whose u has the wrong sign is left out again: for the others
    u − w is then a descent direction. On the way f has kinks where an entry becomes 0; w stops at
    the lowest of these points and u. Every step lowers f, and there are finitely many sign patterns,
    so the method ends, with w exact but for rounding.

    References
    ----------
    Lee, Battle, Raina and Ng, Efficient sparse coding algorithms, NIPS 2006 (one feature a step;
    here all violators at once).
    """
    w = w.copy()
    only_one = False
    for _ in range(maxiter):
        g = c - G @ w
        nonzero = w != 0
        violation = np.where(nonzero, 0.0, np.abs(g) - lam)
        entering = violation > ROUNDING * lam
        signs = np.where(nonzero, np.sign(w), np.sign(g))
        if only_one and entering.any():
            entering = np.arange(len(w)) == np.argmax(violation)
        elif not entering.any() and (np.abs(g - lam * signs)[nonzero] <= ROUNDING * lam).all():
            break
        active, u = _target(G, c - lam * signs, nonzero, entering, signs)
        step = u - w[active]
        settled = np.abs(step).max(initial=0.0) <= ROUNDING * np.abs(u).max(initial=1e-300)
        if settled and (only_one or not entering.any()):
            break
        only_one = settled  # the violators stand in each other's way: take them one by one
        if len(active):
            w[active] = _lowest(G[np.ix_(active, active)], g[active], lam, w[active], step)
    return w


def _target(
    G: Matrix, right: Vector, nonzero: NDArray[np.bool_], entering: NDArray[np.bool_], signs: Vector
) -> tuple[NDArray[np.intp], Vector]:
    """Return the active features and the minimiser u for their signs, which new ones obey."""
    while True:
        active = np.flatnonzero(nonzero | entering)
        u = _solve(G[np.ix_(active, active)], right[active])
        wrong = active[entering[active] & (u * signs[active] <= 0)]
        if len(wrong) == 0:
            return active, u
        entering = entering.copy()
        entering[wrong] = False


def _solve(A: Matrix, b: Vector) -> Vector:
    """Solve a positive definite system; columns that depend on each other get a tiny ridge."""
    if len(b) == 0:
        return b
    try:
        factor = scipy.linalg.cho_factor(A)
    except np.linalg.LinAlgError:
        factor = scipy.linalg.cho_factor(A + 1e-11 * np.diag(np.diag(A)))
    return np.asarray(scipy.linalg.cho_solve(factor, b))


def _lowest(A: Matrix, g: Vector, lam: float, w: Vector, step: Vector) -> Vector:
    """Return the lowest of w + step and the points before it where an entry becomes 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        crossing = -w / step
    on_the_way = (crossing > 0) & (crossing < 1)
    t = np.append(crossing[on_the_way], 1.0)
    points = w[:, None] + step[:, None] * t
    points[on_the_way, np.arange(np.count_nonzero(on_the_way))] = 0.0
    values = -(g @ step) * t + 0.5 * (step @ (A @ step)) * t**2 + lam * np.abs(points).sum(axis=0)
    return np.asarray(points[:, np.argmin(values)])
