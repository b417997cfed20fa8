"""The Hessian by central differences of the gradient."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.linalg.blas import dnrm2

from optidemo.arrays import EPS

if TYPE_CHECKING:
    from optidemo.arrays import Matrix, Vector
    from optidemo.solvers.problem import Problem

__all__ = ["differences"]

APART = 1e-3  # of a step: one for which a variable so small is a long way
UNEQUAL = 0.1  # part by which the differences of a short step may differ ahead and behind


def differences(problem: Problem, x: Vector, g: Vector) -> Matrix:
    """Return central differences of the gradient, made symmetric: 2d gradients, at most 10d.

    Where those ahead of x and behind it, where the gradient is g, have opposite signs, the step
    is too long and may have left the domain: a shorter one is taken, if there they agree. Steps
    are of the size of each variable, but not much below that of the largest, since a variable may
    be 0 but for rounding errors; unless it is tiny and two short steps agree that its unit is.
    """
    H = np.empty((problem.d, problem.d))
    scale = np.maximum(np.abs(x), np.abs(x - problem.x0))
    steps = np.cbrt(EPS) * np.maximum(scale, 1e-2 * (scale.max() or 1e2))
    for i, step in enumerate(steps):
        own = np.cbrt(EPS) * scale[i]
        if 0 < own < APART * step and _two_agree(problem, x, i, own, H[i]):
            continue
        for shorter, allowed in ((1.0, 1.0), (1e-3, UNEQUAL), (1e-6, UNEQUAL)):
            e = np.zeros(problem.d)
            e[i] = shorter * step
            ahead, behind = problem.gradient(x + e), problem.gradient(x - e)
            both = ahead - behind
            agree = dnrm2(ahead - 2 * g + behind) <= allowed * dnrm2(both)
            if shorter == 1.0 or agree or not np.isfinite(H[i]).all():
                H[i] = both / (2.0 * e[i])
            if agree:
                break
    return 0.5 * (H + H.T)


def _two_agree(problem: Problem, x: Vector, i: int, step: float, row: Vector) -> bool:
    """Do central differences over two short steps agree? Then the first is written into the row."""
    rows = []
    for length in (step, 10 * step):
        e = np.zeros(problem.d)
        e[i] = length
        rows.append((problem.gradient(x + e) - problem.gradient(x - e)) / (2.0 * length))
    if not dnrm2(rows[0] - rows[1]) <= UNEQUAL * dnrm2(rows[0]) > 0:
        return False
    row[:] = rows[0]
    return True
