"""A second look at what a run is about to claim: at the curvature, the values, and far away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optidemo.arrays import EPS
from optidemo.solvers.curvature import below_rounding, blur_of, close_enough, survey
from optidemo.solvers.edge import at_edge
from optidemo.solvers.falsify import contradiction, escape
from optidemo.solvers.messages import sentence
from optidemo.solvers.neighbourhood import falls_along, lower_nearby, plateau, unsettled
from optidemo.solvers.problem import norm_of
from optidemo.solvers.way_out import FEW, look_beyond, way_out
from optidemo.status import Status

if TYPE_CHECKING:
    from optidemo.arrays import Vector
    from optidemo.solvers.run import Run

__all__ = ["confirmed", "give_up", "look_along", "second_look", "settled"]

LOWER = (
    "The gradient all but vanishes, but f is lower close by: an inflection or a saddle without curvature, "
    "or a wrong gradient, which optidemo.check_gradient(fun, jac) would tell. Start elsewhere."
)
NO_MINIMUM = (
    "The {measure} all but vanishes, but f is lower close by: a saddle, a maximum or an inflection, "
    "or a wrong gradient, which optidemo.check_gradient(fun, jac) would tell. Start elsewhere."
)
APART = (
    "The gradient norm is small enough, and no step lowers f, but along single variables f still falls: "
    "their units are too far apart. Rescale them, or use optidemo.newton."
)
PLATEAU = (
    "The gradient is exactly zero, but f is flat here and lower elsewhere: a plateau, not a minimum. "
    "Start elsewhere."
)
POLE = (
    "f has fallen ever more steeply, up to where its derivatives leave the range of numbers: a pole, or the "
    "edge of its domain. There is no minimum on this way. Start elsewhere, or add a constraint."
)
STEEP = 1e50  # growth of the gradient on the way to one
TIGHTEN = 0.1  # of the gradient norm, where the curvature denies that a minimum is close


def _scale(run: Run) -> Vector:
    """Return how large each variable is or how far it has been from its start, shape (d,)."""
    way = np.abs(np.array(run.recorder.x) - run.problem.x0).max(axis=0)
    return np.asarray(np.maximum(way, np.abs(run.x)))


def confirmed(run: Run) -> bool:
    """Does the curvature agree that a small gradient means a minimum close by?

    If not, the target is tightened and the run goes on; at a saddle, where ∇f has no part along
    the negative curvature, it is stopped.
    """
    run.model = None
    return run.constrained or _curvature_agrees(run)


def _curvature_agrees(run: Run) -> bool:
    objective = run.problem.objective
    x, f = run.x, run.f
    scale, drop = _scale(run), run.recorder.fun[0] - f
    mu = 0.0
    if objective is not None:
        known = objective.optimum()
        if not objective.smooth or (known is not None and not known.attained):
            return True
        mu = objective.strong_convexity()
    if mu > 0:
        move = run.norm / mu
        fall = 0.5 * run.norm * move
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
        held = run.constrained  # by a set, perhaps: `look_along` judges saddles there
        if not held and falls_along(run.problem, x, f, run.g, scale, v, _negligible(run)):
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
    return unsettled(run.problem, run.x, run.g, run.slopes, _seen(run))


def settled(run: Run) -> bool:
    """Is no variable of a proximal run left to fall? If one is, the target is tightened.

    A step t falls by half of t times the square of the residual, at least. Where nothing holds x, as
    inside a set, all is asked that is asked of gradient descent.
    """
    if run.around is None:
        return True
    fall = _seen(run)
    sure = 0.5 * run.around.t * run.norm * run.norm  # no power, which may overflow
    if sure > fall or run.around.unsettled(run.x, run.f, run.g, fall):
        run.target = TIGHTEN * run.norm
        return False
    if not run.around.free(run.g) or _curvature_agrees(run):
        return True
    return way_out(run, run.x, run.f, run.g) is not None  # then there is nothing to go on for


def _negligible(run: Run) -> float:
    """Return the fall of f that counts as none: a small part of the fall so far."""
    return float(run.tol**1.5 * (run.recorder.fun[0] - run.f))


def _seen(run: Run) -> float:
    """Return the least fall of f that counts and is none of its rounding errors."""
    return max(_negligible(run), 1e3 * EPS * abs(run.f))


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
    """Hold a claim that no verdict backs against f itself: a wrong gradient? no minimum at all?"""
    stuck = run.status in (Status.LINE_SEARCH_FAILED, Status.MAXITER)
    if stuck and (found := at_edge(run)) is not None:
        run.claim(*found)
        return
    problem, start = run.problem, run.recorder.x[0]
    kinked = problem.own and problem.objective is not None and not problem.objective.smooth
    wrong = "" if kinked else contradiction(problem, start, run.x, run.f, run.g, run.first)
    if wrong:
        run.claim(Status.LINE_SEARCH_FAILED, wrong)
        return
    if run.status is Status.LINE_SEARCH_FAILED and run.norm > STEEP * run.first:
        run.claim(Status.LINE_SEARCH_FAILED, POLE)
        return
    if run.norm == 0 and plateau(run.problem.value, run.x, run.f):
        L, step = problem.lipschitz(), run.recorder.step[-1]
        if L and step > run.longest[0] / L:  # which threw x there
            run.claim(Status.DIVERGED, sentence(run, Status.DIVERGED, step))
        else:
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
    if run.status is not Status.CONVERGED or (around := run.around) is None:
        return
    x, back = run.x, problem.x0 - run.x
    if run.norm == 0 and around.on_plateau(x, run.f):
        run.claim(Status.LINE_SEARCH_FAILED, PLATEAU)
    elif around.lower(x, run.f, _scale(run), back, _negligible(run), fresh=run.nit <= FEW):
        run.claim(Status.LINE_SEARCH_FAILED, NO_MINIMUM.format(measure=run.measure))
