"""What the success of Newton's method rests on: gradient, curvature, and what the model still promises."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optidemo.arrays import EPS
from optidemo.solvers.curvature import (
    DIFFERENCED,
    below_rounding,
    blur_of,
    close_enough,
    greatest_fall,
)
from optidemo.solvers.problem import norm_of
from optidemo.solvers.trust_region import model_step
from optidemo.status import Status

if TYPE_CHECKING:
    from optidemo.arrays import Vector
    from optidemo.solvers.run import Run
    from optidemo.solvers.trust_region import Point, Step

__all__ = ["Certificate"]

PATIENCE = 3  # iterations close to a minimum whose Hessian is singular
ROUNDING = 64  # rounding errors of f that the fall along singular directions may reach
EVERYWHERE = 1e100  # a radius that does not bind
FLAT = (
    "The gradient has all but vanished and no step changes f, yet the curvature shows no minimum: a "
    "plateau, or a fall below the rounding error of f. Start elsewhere."
)
STUCK = (
    "No step inside the trust region lowers f, however short: the gradient or the Hessian "
    "contradicts the function values, or f has a kink here. optidemo.check_gradient tells."
)

ILL = (
    "No step lowers f, but the Hessian is singular to rounding, so that f may still fall far from here: "
    "some variables all but determine others. Centre the columns of the data, or add a regulariser."
)


class Certificate:
    """Is an iterate a minimum? What is asked is in `optidemo.newton`, under tol.

    Parameters
    ----------
    run : Run
        The run, which knows tol and the target of the gradient norm.
    f0 : float
        f at the start.

    Attributes
    ----------
    noise : float
        The relative error of the Hessian.
    blur : float
        The rounding error of f, if it is larger than |f| tells.
    """

    def __init__(self, run: Run, f0: float) -> None:
        self.run, self.problem, self.f0 = run, run.problem, f0
        self.noise = EPS if run.problem.has_hessian else DIFFERENCED
        self.blur = 0.0
        self._way = np.zeros(
            run.problem.d
        )  # the farthest that each variable has been from its start
        self._near = 0  # iterations so far within tol^¾ of a minimum
        self._loose = False  # is this iterate within √tol of one?

    def met(self, at: Point, step: Step) -> bool:
        """Is the iterate a minimum? `step` is the next one."""
        self._way = np.maximum(self._way, np.abs(at.x - self.problem.x0))
        self._loose = False
        met = step.interior and below_rounding(step.predicted, step.p, at.x, at.f, self.blur)
        if norm_of(at.g) <= self.run.target:
            newton = model_step(at.g, at.H, EVERYWHERE, self.noise)
            met = (newton.interior and self._all_but_there(at, newton)) or met
        return met and self._sound(at)

    def _all_but_there(self, at: Point, newton: Step) -> bool:
        """Does Newton's step promise next to nothing, or little enough for the PATIENCE-th time?"""
        tol = self.run.tol
        self._near += self._promises_little(at, newton, tol**2, tol**0.75)
        self._loose = self._promises_little(at, newton, tol, tol**0.5)
        return self._promises_little(at, newton, tol**2, tol) or self._near > PATIENCE

    def _promises_little(self, at: Point, newton: Step, of_fall: float, of_scale: float) -> bool:
        scale = np.maximum(self._way, np.abs(at.x))
        return close_enough(newton.predicted, newton.p, scale, self.f0 - at.f, of_fall, of_scale)

    def _sound(self, at: Point) -> bool:
        """Is the fall negligible even if the smallest curvatures are nothing but rounding errors?"""
        fall = greatest_fall(at.g, at.H, self.noise)
        of_drop = self.run.tol**1.5 * (self.f0 - at.f)
        return bool(fall <= max(of_drop, ROUNDING * EPS * abs(at.f), self.blur))

    def allows_more_rounding(self, at: Point) -> bool:
        """Where no step lowers f: do its values tremble more than was thought? Then `blur` grows."""
        seen = blur_of(self.problem, at.x, at.f)
        if not seen > self.blur:
            return False
        self.blur = seen
        return True

    def give_up(self, at: Point) -> None:
        """End the run where no step lowers f: perhaps since rounding errors alone are left to fall."""
        newton = model_step(at.g, at.H, EVERYWHERE, self.noise)
        hidden = newton.interior and below_rounding(
            newton.predicted, newton.p, at.x, at.f, self.blur
        )
        if not (self._loose or hidden):
            small = self.run.norm <= self.run.target
            self.run.stop(Status.LINE_SEARCH_FAILED, FLAT if small else STUCK)
        elif self._sound(at):
            self.run.stop(Status.CONVERGED)
        else:
            self.run.stop(Status.LINE_SEARCH_FAILED, ILL)

    def last_digits(self, at: Point, step: Step) -> tuple[Vector, float, Vector]:
        """Take the Newton step that is computed already, if it lowers the gradient: x, f and ∇f.

        Where the certificate holds, Newton's method doubles the digits of x by each step; this one
        costs a gradient, and without it x has only half the digits that its rounding errors allow.
        Where f is large, its rounding error hides more from the certificate: steps follow until the
        gradient meets its target or is no longer halved.
        """
        x, f, g, p = at.x, at.f, at.g, step.p
        while norm_of(p) > 4 * EPS * norm_of(x):
            f_new, g_new = self.problem.evaluate(x + p)
            if not norm_of(g_new) < norm_of(g):
                break
            halved = norm_of(g_new) <= 0.5 * norm_of(g)
            x, f, g = x + p, f_new, g_new
            if norm_of(g) <= self.run.target or not halved:
                break
            p, _, interior = model_step(g, self.problem.curvature(x, g), EVERYWHERE, self.noise)
            if not interior:
                break
        return x, f, g
