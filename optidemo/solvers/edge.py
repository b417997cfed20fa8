"""Has a run come to the edge of the domain, with f still falling beyond?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optidemo.status import Status

if TYPE_CHECKING:
    from optidemo.arrays import Vector
    from optidemo.objective import Objective
    from optidemo.solvers.run import Run

__all__ = ["at_edge"]

CLOSE = 1e-6  # of the variables' size: how far from x the edge may be
HALVINGS = 60  # on the way to it, to the last digit
BEYOND = (
    "f still falls at the edge of its domain, {domain}, to which the run has come. An optimum, if there is "
    "one, lies on that edge{more}: optidemo.projected_gradient stays in a set and follows its edge."
)


def at_edge(run: Run) -> tuple[Status, str] | None:
    """Return the verdict if the ways down along single variables leave the domain close to x.

    f must fall up to the edge itself: where it turns before, the optimum is inside.
    """
    f = run.problem.objective
    if f is None or f.whole_space or not f.contains(run.x):
        return None
    size = np.maximum(np.abs(run.x), np.abs(run.x - run.recorder.x[0]))
    steep = np.flatnonzero(np.abs(run.g) > run.tol * run.norm)
    blocked = [_blocked(run, f, int(i), CLOSE * (size[i] or 1.0)) for i in steep]
    if not any(blocked):
        return None
    cornered = all(blocked)
    message = BEYOND.format(domain=f.domain, more="" if cornered else ", and not at x")
    if cornered and f.convex:
        return Status.NO_STATIONARY_POINT, message
    return Status.LINE_SEARCH_FAILED, message


def _blocked(run: Run, f: Objective, i: int, length: float) -> bool:
    """Does the way down along variable i end at the edge, within that length, and not before?"""

    def at(t: float) -> Vector:
        z: Vector = run.x.copy()
        z[i] -= np.copysign(t, run.g[i])
        return z

    if f.contains(at(length)):
        return False
    inside, outside = 0.0, length
    for _ in range(HALVINGS):
        middle = 0.5 * (inside + outside)
        inside, outside = (middle, outside) if f.contains(at(middle)) else (inside, middle)
    slope = run.problem.gradient(at(inside))[i]
    return bool(slope * run.g[i] > 0)
