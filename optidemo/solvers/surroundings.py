"""What lies around an answer on a set or beside kinks: is it a minimum of f + h?"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from optidemo.arrays import EPS
from optidemo.solvers.curvature import blur_of
from optidemo.solvers.neighbourhood import (
    NOISE,
    first_change,
    least_shrunk,
    plateau,
    sides_of,
)
from optidemo.solvers.problem import norm_of
from optidemo.solvers.splitting import first_step, proximal_step

if TYPE_CHECKING:
    from optidemo.arrays import Vector
    from optidemo.solvers.problem import Problem
    from optidemo.solvers.splitting import Split

__all__ = ["Surroundings"]

NEAR = 1e-12  # of the step: a proximal step of so little length only goes back to the set
WAYS = 8  # random ones
FREE = 1e-3  # of the gradient: a difference that is rounding
LED = 10  # steps that are followed from beside x: a saddle throws them off
BESIDE = 1e-3  # of the variables' size


class Surroundings:
    """f + h around the points of a run.

    Attributes
    ----------
    t : float
        The step at present.
    whole : callable or None
        f + h, where h is known.
    slopes, first : (d,) array
        The residual (x − prox(x − t∇f(x)))/t, which takes the place of the gradient: at present and at
        the start.
    """

    def __init__(self, problem: Problem, split: Split, *, convex_set: bool = True) -> None:
        self.problem, self.split = problem, split
        self.whole = None if split.whole is None else partial(split.whole, problem)
        f = problem.objective
        self.convex = convex_set and f is not None and f.convex
        self.first = self.slopes = np.zeros(0)

    def now(self, t: float, slopes: Vector) -> None:
        """Take note of the residual at an iterate."""
        self.t, self.slopes = t, slopes
        if not self.first.size:
            self.first = slopes

    def value(self, z: Vector) -> float:
        """Return f + h at the point of the set that is nearest to z; NaN where h is not known."""
        inside, whole = self._nearest(z), self.whole
        if whole is not None:
            return whole(inside)
        return self.problem.value(inside) + self.split.h(inside)

    def unsettled(self, x: Vector, f: float, g: Vector, fall: float) -> bool:
        """Would f + h fall by that much along one of the variables, going by its slope?

        The values decide. Where the step along −∇f is lost in the last digit of a variable, the residual
        is 0, and ∇f takes its place.
        """
        lost = (self.slopes == 0) & (np.abs(self.t * g) <= EPS * np.abs(x))
        slopes = np.where(lost, g, self.slopes)
        for i in least_shrunk(slopes, self.first):
            z = x.copy()
            z[i] -= fall / slopes[i]
            with np.errstate(all="ignore"):
                change = self.value(z) - f
            if change <= -0.5 * fall:
                return self._no_noise(x, change)
        return False

    def free(self, g: Vector) -> bool:
        """Is the residual the gradient, so that h and the set play no part here?"""
        return not self.convex and norm_of(self.slopes - g) <= FREE * norm_of(g) > 0

    def on_plateau(self, x: Vector, f: float) -> bool:
        """Is f + h constant around x, but lower elsewhere?"""
        return plateau(self.value, x, f)

    def lower(
        self, x: Vector, f: float, scale: Vector, back: Vector, negligible: float, *, fresh: bool
    ) -> bool:
        """Is f + h lower close to x, although the residual there is so small?

        So it is at a saddle, a maximum or an inflection, and where the gradient is wrong. On a convex
        f + h no fall is larger than the residual times the distance. f + h is looked at along the
        axes, the way back and random ways; and, if the run is `fresh`, where steps lead that set out
        from beside x: it may have begun on a saddle.
        """
        if self.convex:
            return False
        residual = norm_of(self.slopes)

        def compared(z: Vector) -> tuple[float, float]:
            return self.value(z) - f, residual * norm_of(self._nearest(z) - x)

        sides = sides_of(x, scale, back, random=WAYS)
        for side in sides:

            def probe(h: float, side: Vector = side) -> tuple[float, float]:
                return compared(x + h * side)

            if first_change(probe, f, negligible, lambda: self._blur(x)) < 0:
                return True
        for side in sides[-2:] if fresh else ():
            with np.errstate(all="ignore"):
                change, promised = compared(self._led(x + BESIDE * side))
            if -change > 10 * promised + 1e3 * EPS * abs(f) + negligible:
                return self._no_noise(x, change)
        return False

    def _no_noise(self, x: Vector, change: float) -> bool:
        return abs(change) > NOISE * self._blur(x)

    def _blur(self, x: Vector) -> float:
        return blur_of(self.problem, x, self.problem.value(x))

    def _led(self, z: Vector) -> Vector:
        """Return where a few steps lead from the point of the set that is nearest to z."""
        problem, proximal = self.problem, self.split.proximal
        z = self._nearest(z)
        f, g = problem.evaluate(z)
        t = first_step(proximal, z, g)
        for _ in range(LED):
            t, z, f = proximal_step(problem, proximal, z, f, g, 2 * t)
            g = problem.gradient(z)
        return z

    def _nearest(self, z: Vector) -> Vector:
        return self.split.proximal(z, NEAR * self.t)
