"""A second look at what a run is about to claim: at the curvature, the values, and far away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optidemo.arrays import EPS
from optidemo.solvers.curvature import below_rounding, blur_of, close_enough, survey
from optidemo.solvers.falsify import contradiction, escape
from optidemo.solvers.neighbourhood import falls_along, lower_nearby, plateau, unsettled
from optidemo.solvers.problem import norm_of
from optidemo.status import Status

if TYPE_CHECKING:
    from optidemo.arrays import Vector
    from optidemo.solvers.run import Run

__all__ = ["FAR", "confirmed", "give_up", "look_along", "runs_away", "second_look", "way_out"]

LOWER = (
    "The gradient all but vanishes, but f is lower close by: an inflection or a saddle without curvature, "
    "or a wrong gradient, which optidemo.check_gradient(fun, jac) would tell. Start elsewhere."
)
VANISHED = (
    "f has fallen below the smallest numbers on a way without end: its infimum 0 is approached and not "
    "attained. Add a regulariser."
)
APART = (
    "The gradient norm is small enough, and no step lowers f, but along single variables f still falls: "
    "their units are too far apart. Rescale them, or use optidemo.newton."
)
PLATEAU = (
    "The gradient is exactly zero, but f is flat here and lower elsewhere: a plateau, not a minimum. "
    "Start elsewhere."
)
AXES = 3  # variables along which f is followed one by one
UNDERFLOW = 1e-280  # f so small, and then 0, is a number that ran out of digits
FEW = 3  # iterations, after which one can tell whether a run is about to end
STRIDE = 1e-6  # of the way: the last step of a run that is not about to end
FAR = 1e4  # growth of the way travelled after which f is asked again whether it falls without end
TIGHTEN = 0.1  # of the gradient norm, where the curvature denies that a minimum is close


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


def _scale(run: Run) -> Vector:
    """Return how large each variable is or how far it has been from its start, shape (d,)."""
    way = np.abs(np.array(run.recorder.x) - run.problem.x0).max(axis=0)
    return np.asarray(np.maximum(way, np.abs(run.x)))


def confirmed(run: Run) -> bool:
    """Does the curvature agree that a small gradient means a minimum close by?

    If not, the target is tightened and the run goes on; at a saddle, where ∇f has no part along
    the negative curvature, it is stopped.
    """
    objective = run.problem.objective
    run.model = None
    if run.constrained:
        return True
    x, f = run.x, run.f
    scale, drop = _scale(run), run.recorder.fun[0] - f
    mu = 0.0
    if objective is not None:
        known = objective.optimum()
        if not objective.smooth or (known is not None and not known.attained):
            return True
        mu = objective.strong_convexity()
    if mu > 0:
        fall, move = 0.5 * run.norm**2 / mu, run.norm / mu
        if close_enough(fall, move, scale, drop, run.tol**1.5, run.tol**0.75):
            return True
    if _unsettled(run):
        run.target = TIGHTEN * run.norm
        return False
    run.model = found = survey(run.problem, x, run.g)
    if found is None:
        return True
    v = found.downhill
    if v is not None and found.sideways:
        if falls_along(run.problem, x, f, run.g, scale, v, _negligible(run)):
            return _saddle(run, v / norm_of(v))
        v = None  # it is flat
    if v is None and (
        below_rounding(found.fall, found.move, x, f)
        or close_enough(found.fall, found.move, scale, drop, run.tol**1.5, run.tol**0.75)
    ):
        return True
    run.target = TIGHTEN * run.norm
    return False


def _unsettled(run: Run) -> bool:
    fall = max(_negligible(run), 1e3 * EPS * abs(run.f))
    return unsettled(run.problem, run.x, run.g, run.slopes, fall)


def _negligible(run: Run) -> float:
    """Return the fall of f that counts as none: a small part of the fall so far."""
    return float(run.tol**1.5 * (run.recorder.fun[0] - run.f))


def give_up(run: Run, message: str) -> None:
    """End the run where no step lowers f: perhaps since rounding errors alone are left to fall."""
    if run.norm <= run.tol * run.first and _within_rounding(run):
        run.stop(Status.CONVERGED)
    else:
        small = run.norm <= run.tol * run.first and _unsettled(run)
        run.stop(Status.LINE_SEARCH_FAILED, APART if small else message)


def _within_rounding(run: Run) -> bool:
    """Does the model say that what is left of the fall cannot be seen in f?"""
    problem, x, f, g = run.problem, run.x, run.f, run.g
    run.model = found = survey(problem, x, g)
    if found is None or _unsettled(run):
        return False
    v = found.downhill
    if v is not None and falls_along(problem, x, f, g, _scale(run), v, _negligible(run)):
        return False
    return below_rounding(found.fall, found.move, x, f, blur_of(problem, x, f))


def _saddle(run: Run, v: Vector) -> bool:
    found = escape(run.problem, (v, -v), run.x, run.problem.x0, run.f)
    if found is not None:
        return run.stop(*found)
    return run.stop(
        Status.LINE_SEARCH_FAILED,
        f"The gradient vanishes, but f curves downwards along ±{v.round(4)}: this is a saddle or a "
        "maximum. Start off it, or use optidemo.newton, which leaves saddles.",
    )


def second_look(run: Run) -> None:
    """Hold a plain function's claim against its values: a wrong gradient? no minimum at all?"""
    start = run.recorder.x[0]
    wrong = contradiction(run.problem, start, run.x, run.f, run.g, run.first)
    if wrong:
        run.claim(Status.LINE_SEARCH_FAILED, wrong)
        return
    if run.norm == 0 and plateau(run.problem, run.x, run.f):
        run.claim(Status.LINE_SEARCH_FAILED, PLATEAU)
        return
    look_beyond(run)
    if run.status is Status.CONVERGED and _lower(run):
        run.claim(Status.LINE_SEARCH_FAILED, LOWER)


def _lower(run: Run) -> bool:
    problem, x, g = run.problem, run.x, run.g
    model = run.model or survey(problem, x, g)
    back = problem.x0 - x
    return lower_nearby(problem, x, run.f, g, _scale(run), back, model, _negligible(run))


def look_along(run: Run) -> None:
    """Do the same for a run whose certificate is not the gradient itself, on a set or with kinks."""
    problem, start = run.problem, run.recorder.x[0]
    if run.status in (Status.CONVERGED, Status.MAXITER) and not problem.own:
        first = norm_of(problem.gradient(start))
        f, g = problem.evaluate(run.x)
        wrong = contradiction(problem, start, run.x, f, g, first)
        if wrong:
            run.claim(Status.LINE_SEARCH_FAILED, wrong)
            return
    look_beyond(run)


def look_beyond(run: Run) -> None:
    """Does f fall all the way along a ray? Then there is no minimum, whatever the solver claims."""
    if run.constrained and run.whole is None:
        return
    if run.status in (Status.CONVERGED, Status.MAXITER, Status.LINE_SEARCH_FAILED):
        if (found := way_out(run, run.x, run.f, run.g)) is not None:
            run.claim(*found)
        elif _vanished(run):
            run.claim(Status.NOT_ATTAINED, VANISHED)


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
