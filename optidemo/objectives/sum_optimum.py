"""What the terms of a sum tell of its optimum."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import scipy.linalg

from optidemo.arrays import EPS
from optidemo.objectives.finite_sum import FiniteSum
from optidemo.objectives.logistic_regression import LogisticRegression
from optidemo.objectives.norm import Norm, SquaredL2Norm
from optidemo.status import NoClosedForm, Optimum, Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optidemo.arrays import Vector
    from optidemo.objective import Objective

    Parts = Sequence[tuple[float, Objective]]  # (c, f) of Σ c · f

__all__ = ["coercive", "of_quadratic", "solution", "with_partial_ridge"]

ROUNDING = 64  # rounding errors per variable that an entry that should be 0 may reach
CLEAR = 1e-8  # part of the gradient that is no rounding error


def coercive(parts: Parts) -> bool:
    """Are all terms convex and ≥ 0, and does one of them grow without end?"""
    convex = all(c > 0 and isinstance(f, FiniteSum | Norm) for c, f in parts)
    return convex and any(f.coercive for _, f in parts)


def with_partial_ridge(parts: Parts, x: Vector | None) -> Optimum | None:
    """Ask logistic regression (near x, if given) if all other terms are ridges that spare variables."""
    losses = [f for c, f in parts if c > 0 and isinstance(f, LogisticRegression)]
    ridges = [f.penalized for c, f in parts if c > 0 and isinstance(f, SquaredL2Norm)]
    if len(losses) != 1 or not ridges or 1 + len(ridges) != len(parts):
        return None
    free = np.sum(ridges, axis=0) == 0
    return losses[0].optimum_over(free) if x is None else losses[0].optimum_over_near(free, x)


def of_quadratic(f: Objective) -> Optimum | None:
    """Decide for f(x) = f(0) + gᵀx + ½xᵀHx; None where rounding errors hide the answer.

    f is minimised at a point if and only if H ⪰ 0 and g has no part in the null space of H. The unit
    of each variable is chosen such that H has a unit diagonal, so that a small curvature is told from
    a rounding error.
    """
    c, falls = (1.0, "falls") if f.sense == "minimize" else (-1.0, "rises")
    g, H = f.gradient(np.zeros(f.d)), f.hessian(np.zeros(f.d))
    size = np.sqrt(np.abs(np.diag(H)))
    size[size == 0] = size.max() or 1.0
    h, Q = np.linalg.eigh(c * H / size[:, None] / size)
    rounding = ROUNDING * h.size * EPS
    flat = np.abs(h) <= rounding * max(float(np.abs(h).max()), 1.0)
    slopes = c * Q.T @ (g / size)
    if h[0] < 0 and not flat[0]:
        v = Q[:, 0] / size
        return Optimum(
            Status.UNBOUNDED,
            f"f is quadratic, and along an eigenvector of its Hessian it {falls} without end.",
            v / np.linalg.norm(v),
        )
    across, whole = float(np.linalg.norm(slopes[flat])), float(np.linalg.norm(slopes))
    if across > CLEAR * whole:
        v = -(Q[:, flat] @ slopes[flat]) / size
        return Optimum(
            Status.UNBOUNDED,
            "f is quadratic, and where its Hessian has no curvature its gradient is not 0: along such a "
            f"direction it {falls} without end.",
            v / np.linalg.norm(v),
        )
    if across > rounding * whole:
        return None
    if not flat.any():
        return Optimum(Status.CONVERGED, "f is strongly convex: its one optimum is attained.")
    return Optimum(
        Status.CONVERGED, "f is a convex quadratic with a stationary point: it is optimal."
    )


def solution(f: Objective) -> Vector:
    """Return the optimum of a quadratic f, shape (d,); raise `NoClosedForm` unless there is just one."""
    c = 1.0 if f.sense == "minimize" else -1.0
    zero = np.zeros(f.d)
    try:
        factor = scipy.linalg.cho_factor(c * f.hessian(zero))
    except np.linalg.LinAlgError as error:
        known = f.optimum()
        reason = "" if known is None or known.attained else f" {known.reason}"
        raise NoClosedForm(
            f"{f} has no unique optimum: its Hessian is not positive definite.{reason}"
        ) from error
    return np.asarray(scipy.linalg.cho_solve(factor, -c * f.gradient(zero)))
