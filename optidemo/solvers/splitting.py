"""f + h, taken apart: a smooth f, and a simple h with a proximal operator."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from optidemo.arrays import EPS
from optidemo.objective import Objective
from optidemo.objectives.linear import Linear
from optidemo.objectives.sum import Sum
from optidemo.solvers.problem import norm_of
from optidemo.status import Incompatible

if TYPE_CHECKING:
    from collections.abc import Callable

    from optidemo.arrays import Vector
    from optidemo.solvers.problem import Problem

__all__ = ["Split", "first_step", "proximal_step", "proximal_term", "taken_apart"]


TREMBLE = 1e-10  # the rounding error of a sum of terms that cancel, relative to the sum


class Split(NamedTuple):
    """f + h, to be minimised: f smooth, h with a proximal operator; `whole` is their sum, if known."""

    smooth: Callable[..., Any] | Objective
    h: Callable[[Vector], float]
    proximal: Callable[[Vector, float], Vector]
    whole: Callable[[Problem, Vector], float] | None


def proximal_term(fun: Objective) -> Objective | None:
    """Return the h that a splitting method takes by its proximal operator; None if there is none."""
    h = fun.nonsmooth if isinstance(fun, Sum) else fun
    return h if fun.sense == "minimize" and h is not None and h.offers("prox") else None


def taken_apart(fun: Any, prox: Any, penalty: Any) -> Split:
    """Return the smooth part, h and its proximal operator, all to be minimised."""
    if penalty is not None and prox is None:
        raise TypeError(
            "penalty is h itself, and proximal_gradient also needs its prox=(x, t) -> x."
        )
    if prox is not None:
        if penalty is None:
            return Split(fun, lambda _x: 0.0, prox, _where_lowest(prox))
        return Split(fun, penalty, prox, _total(penalty))
    if not isinstance(fun, Objective):
        raise TypeError(
            "proximal_gradient needs the proximal operator of the term with kinks: pass "
            "prox=(x, t) -> x, or an objective such as LinearRegression(X, y) + 0.1 * L1Norm(d)."
        )
    h = proximal_term(fun)
    if h is None:
        raise Incompatible(
            f"{fun!r} is not compatible with proximal_gradient: it must implement prox(x, t), or be "
            "a sum to be minimised with exactly one such term."
        )
    rest = (fun.smooth_part if isinstance(fun, Sum) else None) or Linear(np.zeros(fun.d))
    return Split(rest, h.value, h.prox, _total(h.value) if fun.optimum() is None else None)


def _total(h: Callable[[Vector], float]) -> Callable[[Problem, Vector], float]:
    return lambda problem, x: problem.value(x) + h(x)


def _where_lowest(
    prox: Callable[[Vector, float], Vector],
) -> Callable[[Problem, Vector], float]:
    """Return f where the unknown h has its minimum: there prox(x, t) = x, and h is one constant."""

    def whole(problem: Problem, x: Vector) -> float:
        moved = norm_of(prox(x, 1.0) - x)
        return problem.value(x) if moved <= 4 * EPS * norm_of(x) else math.nan

    return whole


def first_step(proximal: Callable[[Vector, float], Vector], x: Vector, g: Vector) -> float:
    """Return the t with which x moves by about max(‖x‖, 1), whatever the units of f and h."""
    t = 1.0 / (norm_of(g) or 1.0)
    moved = norm_of(proximal(x - t * g, t) - x)
    return t * max(norm_of(x), 1.0) / moved if 0 < moved < math.inf else t


def proximal_step(
    problem: Problem, proximal: Callable[[Vector, float], Vector], y: Vector, f: float, g: Vector, t: float
) -> tuple[float, Vector, float]:  # fmt: skip
    """Return t, prox(y − t g) and f there, with t halved until f is below its quadratic model.

    Where f and the model differ by no more than f's terms may tremble, the slopes at both ends decide.
    """
    rounding = 1e-15 * abs(f)
    while True:
        x = proximal(y - t * g, t)
        move = x - y
        f_new = problem.value(x)
        above = f_new - f - g @ move - (move @ move) / (2 * t) * (1 + 1e-12)
        if above <= rounding or t < 1e-300:
            return t, x, f_new
        if above <= TREMBLE * abs(f) and (problem.gradient(x) - g) @ move <= move @ move / t:
            return t, x, f_new
        t *= 0.5
