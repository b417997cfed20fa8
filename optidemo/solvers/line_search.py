"""Backtracking: how far to go along a direction, by Armijo's condition."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from optidemo.arrays import EPS
from optidemo.solvers.curvature import blur_of
from optidemo.solvers.problem import norm_of

if TYPE_CHECKING:
    from optidemo.arrays import Vector
    from optidemo.solvers.problem import Problem
    from optidemo.solvers.steps import Armijo

__all__ = ["Move", "backtrack", "first_step"]

SUSPICIOUS = 0.1  # of the first trial: rounding errors alone may refuse all that is longer


class Move(NamedTuple):
    """A step taken: its length, and the next x, f and ∇f. A length of 0 means that none was found."""

    step: float
    x: Vector
    f: float
    g: Vector


def first_step(x: Vector, g: Vector) -> float:
    """Return the step that moves by the distance max(‖x‖, 1), so that it scales as 1/f."""
    size = norm_of(g)
    return max(norm_of(x), 1.0) / size if 0 < size < math.inf else 1.0


def backtrack(
    problem: Problem, rule: Armijo, x: Vector, f: float, g: Vector, p: Vector, t: float, ceiling: float
) -> tuple[Move, float]:  # fmt: skip
    """Shorten t until the step is accepted; return the move and the next first trial.

    A step that f cannot judge, since its fall drowns in the rounding error of f, is judged by the
    slope at its end: no more than (1 − 2c) times as steep uphill as it was downhill. On a quadratic
    that is the same condition, t ≤ 2(1 − c)/h for the curvature h along p. Where terms cancel, |f|
    does not tell its rounding error: it is measured when a step has become suspiciously short, unless
    the ceiling, the largest f that the search allows, is above f anyhow.

    Below 1e-18 of its first length a step no longer moves x: the move returned has the length 0.
    """
    slope = float(g @ p)
    rounding = 10 * EPS * abs(f)
    first, shortest, asked = t, 1e-18 * t, False
    while t > shortest:
        x_new = x + t * p
        f_new = problem.value(x_new)
        drowned = abs(t * slope) <= 4 * rounding
        if f_new <= ceiling + (rounding if drowned else rule.c * t * slope):
            g_new = problem.gradient(x_new)
            if not drowned or float(g_new @ p) <= (1 - 2 * rule.c) * abs(slope):
                return Move(t, x_new, f_new, g_new), (t * rule.grow if t == first else t)
        t *= rule.shrink
        if t < SUSPICIOUS * first and ceiling <= f and not asked:
            asked, blur = True, 2 * blur_of(problem, x, f)  # four samples miss the worst
            if abs(t * slope) <= 4 * blur:
                t, rounding = first, max(rounding, blur)
    return Move(0.0, x, f, g), first
