"""Does f fall without end, or towards an infimum that no point attains, on the way that a run took?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optidemo.solvers.falsify import escape
from optidemo.solvers.problem import norm_of
from optidemo.status import Status

if TYPE_CHECKING:
    from optidemo.arrays import Vector
    from optidemo.solvers.run import Run

__all__ = ["FAR", "FEW", "look_beyond", "runs_away", "way_out"]

VANISHED = (
    "f has fallen below the smallest numbers on a way without end: its infimum 0 is approached and not "
    "attained. Add a regulariser."
)
FAR_OFF = (
    "x has run away to ‖x‖ = {:.3g}. Nothing says that f attains a minimum anywhere near. Add a "
    "constraint or a regulariser."
)
ASTRAY = 1e100  # growth of x after which no small gradient certifies anything
AXES = 3  # variables along which f is followed one by one
UNDERFLOW = 1e-280  # f so small, and then 0, is a number that ran out of digits
FEW = 3  # iterations, after which one can tell whether a run is about to end
STRIDE = 1e-6  # of the way: the last step of a run that is not about to end
FAR = 1e4  # growth of the way travelled after which f is asked again whether it falls without end


def runs_away(run: Run) -> bool:
    """Stop if f falls without end on the way from the start to x and beyond.

    A solver may ask at each iterate; f is evaluated each time the way has grown ten thousandfold.
    """
    way = run.x - run.recorder.x[0]
    if norm_of(way) <= run.horizon:
        return False
    run.horizon = FAR * norm_of(way)
    objective = run.problem.objective
    if not run.constrained and objective is not None and objective.optimum() is not None:
        return False  # it knows by itself
    found = way_out(run, run.x, run.f, run.g)
    if found is None or found[0] is not Status.UNBOUNDED:
        return False
    run.over = True
    run.claim(*found)
    return True


def look_beyond(run: Run) -> None:
    """Does f fall all the way along a ray? Then there is no minimum, whatever the solver claims."""
    if run.constrained and run.whole is None:
        return
    start = run.recorder.x[0]
    if run.status in (Status.CONVERGED, Status.MAXITER, Status.LINE_SEARCH_FAILED):
        if (found := way_out(run, run.x, run.f, run.g)) is not None:
            run.claim(*found)
        elif _vanished(run):
            run.claim(Status.NOT_ATTAINED, VANISHED)
        elif run.status is Status.CONVERGED and norm_of(run.x) > ASTRAY * max(norm_of(start), 1.0):
            run.claim(Status.NOT_ATTAINED, FAR_OFF.format(norm_of(run.x)))


def way_out(run: Run, x: Vector, f: float, g: Vector) -> tuple[Status, str] | None:
    """Follow f from an iterate outwards: as the run came here, against ∇f, and along what still moves."""
    if run.constrained and run.whole is None:
        return None
    start = run.recorder.x[0]
    way = x - start
    return escape(run.problem, (way, -g, *_on_the_move(run, way)), x, start, f, run.whole)


def _on_the_move(run: Run, way: Vector) -> list[Vector]:
    """Return the way along each of the variables that still go on; the others may be settled."""
    if way.size == 1 or run.nit < FEW:
        return []
    going = np.abs(_last_move(run)) >= STRIDE * np.abs(way)
    farthest = [int(j) for j in np.argsort(-np.abs(way)) if going[j] and way[j]]
    return [np.where(np.arange(way.size) == j, way, 0.0) for j in farthest[:AXES]]


def _vanished(run: Run) -> bool:
    """Has f fallen beneath all float64 numbers on a way that was not about to end?

    So it does for eˣ. For x⁴ it does, too, but with steps that shrink.
    """
    f = np.array(run.recorder.fun)
    if run.f != 0.0 or run.norm != 0.0 or not f.any():
        return False
    going = norm_of(_last_move(run)) >= STRIDE * norm_of(run.x - run.recorder.x[0])
    return bool(0.0 < f[np.flatnonzero(f)[-1]] < UNDERFLOW and going)


def _last_move(run: Run) -> Vector:
    """Return the last step of the path, (d,); an answer that is polished afterwards is no part of it."""
    path, last = run.recorder.x, run.recorder.last
    return last - path[-2 if path[-1] is last and len(path) > 1 else -1]
