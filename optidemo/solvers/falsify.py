"""Attempts to prove a claim wrong by values of f alone: a wrong gradient, and a fall without end.

A gradient norm certifies nothing if the gradient is wrong, or if it vanishes only at infinity.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from optidemo.arrays import EPS
from optidemo.solvers.problem import norm_of
from optidemo.status import DomainError, Status

if TYPE_CHECKING:
    from collections.abc import Callable

    from optidemo.arrays import Vector
    from optidemo.solvers.problem import Problem

__all__ = ["contradiction", "escape"]

FARTHEST = 150.0  # power of ten of the longest distance looked at: its square does not overflow
DRIFTS = (
    "f no longer changes by more than its rounding error, but its gradient still points outwards, "
    "however far: the infimum is approached and not attained. Add a regulariser."
)
HALVINGS = 10  # of the way back to the start
VANISHING = 1e-100  # part of a slope that is left where it runs out of numbers
KEEP_UP = 0.99  # of the fall of −log log, the slowest that counts as unbounded


def slope(problem: Problem, x: Vector, u: Vector, f: float, h: float) -> tuple[float, float, float]:
    """Return the central difference of f along u, how far f bends, and the rounding error."""
    with np.errstate(all="ignore"):
        ahead, behind = problem.value(x + h * u), problem.value(x - h * u)
        rounding = 4 * EPS * (abs(ahead) + abs(behind)) / h
        return (ahead - behind) / (2 * h), abs(ahead - 2 * f + behind) / h, rounding


def contradiction(
    problem: Problem, x0: Vector, x: Vector, f: float, g: Vector, scale: float
) -> str:
    """Return a sentence if f changes along the way travelled as its gradient says it does not.

    The central difference of f is taken along u = x − x₀ (at the start along −g, or a random vector
    if g = 0) with two step lengths. Only where both agree, f does not bend as at a kink, and both
    are far from gᵀu on the scale of the first gradient, is the gradient accused.
    """
    u = x - x0
    length = norm_of(u)
    if length == 0:
        u = -g if g.any() else np.random.default_rng(0).standard_normal(x.size)
        length = norm_of(u)
    if length == 0 or not math.isfinite(length):
        return ""
    u = u / length
    promised = float(g @ u)
    size = max(norm_of(x), norm_of(x0), EPS)
    measured = []
    for h in (3e-5 * size, 1e-5 * size):
        rate, bend, rounding = slope(problem, x, u, f, h)
        if not math.isfinite(rate) or bend > 0.5 * abs(rate) + rounding:
            return ""  # outside the domain, or a kink
        allowed = 1e-2 * max(abs(rate), abs(promised)) + 1e-4 * scale + 10 * rounding
        if abs(rate - promised) <= allowed:
            return ""
        measured.append(rate)
    if abs(measured[0] - measured[1]) > 0.1 * abs(measured[1]):
        return ""
    return (
        "The gradient contradicts the function values: along the way travelled f changes at the "
        f"rate {problem.sign * measured[1]:.4g}, the gradient promises {problem.sign * promised:.4g}. "
        "optidemo.check_gradient(fun, jac) names the mistake."
    )


def escape(
    problem: Problem,
    rays: tuple[Vector, ...],
    x: Vector,
    x0: Vector,
    f: float,
    whole: Callable[[Vector], float] | None = None,
) -> tuple[Status, str] | None:
    """Return UNBOUNDED or NOT_ATTAINED if f falls all the way along a ray from x, else None.

    `whole` replaces f where the problem's is but a part of what is minimised.
    """
    way = x - x0
    for ray in rays:
        length = norm_of(ray)
        if length == 0 or not math.isfinite(length):
            continue
        found = _escape_along(problem, ray / length, x, way, f, whole)
        if found is not None:
            return found
    return None


def _escape_along(
    problem: Problem, u: Vector, x: Vector, way: Vector, f: float, whole: Callable[[Vector], float] | None
) -> tuple[Status, str] | None:  # fmt: skip
    """Do so for one ray, of unit length.

    f is sampled at distances from a hundred million times to a thousandth of the way travelled, the
    farthest first: a minimum shows at the first sample, since f is higher there.
    """
    fun = whole or problem.value
    unit = norm_of(way) or max(norm_of(x), 1.0)
    values: dict[int, float] = {}
    nearer, rounding = -math.inf, 4 * EPS * abs(f)
    for power in range(8, -4, -1):
        with np.errstate(all="ignore"):
            value = fun(x + unit * 10.0**power * u)
        if not nearer - rounding <= value <= f + rounding:
            return None
        values[power] = nearer = value
    if f - values[8] > 8 * EPS * abs(f):
        on_set = whole is not None
        return _verdict(lambda t: fun(x + t * u), problem.sign, unit, values, on_set=on_set)
    if whole is None and (drifts(problem, x, u, unit) or _ran_out(problem, x, u, way)):
        return Status.NOT_ATTAINED, DRIFTS
    return None


def _verdict(
    along: Callable[[float], float], sign: float, unit: float, values: dict[int, float], *, on_set: bool
) -> tuple[Status, str] | None:  # fmt: skip
    """Decide by what f does still farther out: fall without end, flatten, or rise?

    The exponent of the distance doubles from sample to sample: 10², 10⁴, 10⁸ units (in `values`)
    and on to 10¹²⁸. Powers and logarithms then fall ever faster, log log by equal amounts. What is
    bounded falls less and less, even 1/log. So f counts as unbounded only if its last fall keeps up
    with that of −log log.
    """
    origin = max(math.log10(unit), 0.0)
    samples = [(power + origin, values[power]) for power in (2, 4, 8)]
    for power in (16, 32, 64, 128):
        exponent, value = power + origin, samples[-1][1]
        if exponent > FARTHEST or value == -math.inf:
            break
        with np.errstate(all="ignore"):
            farther = along(unit * 10.0**power)
        if farther > value + 8 * EPS * abs(value):
            return None  # a minimum lies on the way
        if math.isnan(farther):
            if on_set:
                return None  # the set ends there
            break
        samples.append((exponent, farther))
    (e0, f0), (e1, f1), (e2, f2) = samples[-3:]
    far = unit * 10.0 ** (e2 - origin)
    told = math.isfinite(f2) and math.isfinite(far)
    where = f" (f = {sign * f2:.4g} at the distance {far:.3g})" if told else ""
    keeping_up = KEEP_UP * math.log(e2 / e1) / math.log(e1 / e0)
    if f2 == -math.inf or f1 - f2 >= keeping_up * (f0 - f1) > 0:
        return (
            Status.UNBOUNDED,
            f"f falls without end along a ray{where}: it has no minimum. Add a constraint or a "
            "regulariser.",
        )
    return (
        Status.NOT_ATTAINED,
        f"f keeps falling along a ray but flattens{where}: its infimum is approached and not "
        "attained, although the gradient tends to zero. Add a regulariser.",
    )


def drifts(problem: Problem, x: Vector, u: Vector, unit: float) -> bool:
    """Does the gradient still point along the ray u, ever shorter, where f no longer changes?

    So it is for −arctan far out: f rounds to its infimum, and yet no point is a minimum. Past a
    minimum the gradient would have turned round, and on a flat one it would be zero.
    """
    slopes = [0.0]
    for t in (4.0, 2.0, 1.0, 0.5, 0.25):
        with np.errstate(all="ignore"):
            rate = float(problem.gradient(x + t * unit * u) @ u)
        if not rate < slopes[-1]:
            return False
        slopes.append(rate)
    return True


def _ran_out(problem: Problem, x: Vector, u: Vector, way: Vector) -> bool:
    """Has the slope along u pointed outwards all the way, until it fell below the smallest numbers?

    So it is for eˣ beside a variable that is not settled: beyond x the slope is 0, and f is not. The
    slope is followed back to the start, whose distance is halved from one to the next. Where it does
    not vanish it must get steeper, by far more than that of any power.
    """
    travelled, slopes = float(way @ u), []
    try:
        for t in (4.0, 1.0, 0.25):
            with np.errstate(all="ignore"):
                if float(problem.gradient(x + t * travelled * u) @ u) != 0:
                    return False
        for k in range(HALVINGS):
            with np.errstate(all="ignore"):
                back = x - travelled * (1.0 - 0.5**k) * u
                slopes.append(float(problem.gradient(back) @ u))
    except DomainError:
        return False
    seen = [rate for rate in slopes if rate != 0][:3]
    if len(seen) < 3 or travelled <= 0:
        return False
    return seen[2] < seen[1] < seen[0] < 0 and seen[0] >= VANISHING * seen[2]
