"""A second look at a plain function: do its values agree with what the solver is about to claim?

A gradient norm alone certifies nothing if the gradient is wrong, or if it vanishes only at infinity.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from optidemo.status import Status

if TYPE_CHECKING:
    from optidemo.arrays import Vector
    from optidemo.solvers.problem import Problem

__all__ = ["contradiction", "escape", "plateau"]

EPS = float(np.finfo(float).eps)


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
    length = float(np.linalg.norm(u))
    if length == 0:
        u = -g if g.any() else np.random.default_rng(0).standard_normal(x.size)
        length = float(np.linalg.norm(u))
    if length == 0 or not math.isfinite(length):
        return ""
    u = u / length
    promised = float(g @ u)
    size = max(float(np.linalg.norm(x)), float(np.linalg.norm(x0)), EPS)
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
    problem: Problem, rays: tuple[Vector, ...], x: Vector, x0: Vector, f: float
) -> tuple[Status, str] | None:
    """Return UNBOUNDED or NOT_ATTAINED if f falls all the way along a ray from x, else None.

    f is sampled at distances that grow
    from a thousandth to a hundred million times the way travelled, the farthest first: a minimum
    shows at the first sample, since f is higher there.
    """
    travelled = float(np.linalg.norm(x - x0))
    for ray in rays:
        length = float(np.linalg.norm(ray))
        if length == 0 or not math.isfinite(length):
            continue
        u = ray / length
        unit = travelled or max(float(np.linalg.norm(x)), 1.0)
        values = []
        for power in range(8, -4, -1):
            with np.errstate(all="ignore"):
                values.append(problem.value(x + unit * 10.0**power * u))
            nearer = values[-2] if len(values) > 1 else -math.inf
            if not values[-1] < f or values[-1] < nearer:
                break
        else:
            return _verdict(problem, f, values, unit)
    return None


def _verdict(
    problem: Problem, f: float, values: list[float], unit: float
) -> tuple[Status, str] | None:
    """Decide by the falls over the last two pairs of decades: undiminished, or flattening?"""
    if f - values[0] <= 8 * EPS * abs(f):
        return None
    last, before = values[2] - values[0], values[4] - values[2]
    where = f"f = {problem.sign * values[0]:.4g} at the distance {unit * 1e8:.3g}"
    if values[0] == -math.inf or last > 0.5 * before > 0:
        return (
            Status.UNBOUNDED,
            f"f falls without end along a ray ({where}): it has no minimum. Add a constraint or a "
            "regulariser.",
        )
    return (
        Status.NOT_ATTAINED,
        f"f keeps falling along a ray but flattens ({where}): its infimum is approached and not "
        "attained, although the gradient tends to zero. Add a regulariser.",
    )


def plateau(problem: Problem, x: Vector, f: float) -> bool:
    """Is f constant around x, where its gradient is zero, but lower elsewhere?

    A gradient that underflows, or the flat side of a step, looks like a minimum to any gradient
    norm. f is compared with 2d neighbours; then, if all equal it, with points up to a thousand
    times as far, and with multiples of x.
    """
    rng = np.random.default_rng(0)
    size = float(np.abs(x).max()) or 1.0
    axes = rng.permuted(np.arange(x.size))[:20]
    with np.errstate(all="ignore"):
        for i in axes:
            for h in (-1e-3 * size, 1e-3 * size):
                neighbour = x.copy()
                neighbour[i] += h
                if problem.value(neighbour) != f:
                    return False
        far = [t * x for t in (0.0, 0.01, 0.1, 0.5, 2.0, -1.0)]
        far += [
            x + r * size * rng.standard_normal(x.size) for r in (0.1, 1.0, 10.0) for _ in range(5)
        ]
        return any(problem.value(z) < f - 8 * EPS * abs(f) for z in far)
