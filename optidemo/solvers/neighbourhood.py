"""Is f lower close by, although its gradient all but vanishes? What values and gradients around x say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optidemo.arrays import EPS
from optidemo.solvers.curvature import blur_of
from optidemo.status import DomainError

if TYPE_CHECKING:
    from collections.abc import Callable

    from optidemo.arrays import Vector
    from optidemo.solvers.curvature import Survey
    from optidemo.solvers.problem import Problem

__all__ = [
    "falls_along",
    "first_change",
    "least_shrunk",
    "lower_nearby",
    "plateau",
    "sides_of",
    "unsettled",
]

MOST_AXES = 10  # variables up to which all axes are looked along
DISTANCES = (1e-6, 1e-5, 1e-4, 1e-3, 1e-2)  # of the variables' size: where f is asked
LEAST_SHRUNK = 3  # variables whose slope is asked
NOISE = 10  # times the tremble of f: a fall that is none of it
NEAREST, FARTHEST = 1e-6, 1e-2  # of the variables' size: how far the gradient is asked


def lower_nearby(
    problem: Problem, x: Vector, f: float, g: Vector, scale: Vector, back: Vector, model: Survey | None,
    negligible: float,
) -> bool:  # fmt: skip
    """Is f lower close to x, although its gradient says that it is not?

    So it is at an inflection such as that of x³, at a degenerate saddle, and where the gradient is
    wrong. f is looked at along ± the axes and the way back; and along the step that the model still
    promises and the two directions of least curvature (random ones if there is no model). If f does
    not clearly rise along these, the gradient there decides: a large constant hides a fall from f.

    Parameters
    ----------
    scale : (d,) array
        The size of each variable.
    back : (d,) array
        The way back to the start.
    model : Survey or None
        The quadratic model at x.
    negligible : float
        A fall of f that counts as none.
    """
    scale = _filled(scale)
    sides = sides_of(x, scale, back, random=2 if model is None else 0)
    if any(_change_of_f(problem, x, f, g, side, negligible) < 0 for side in sides):
        return True
    if model is None:
        return False
    farthest = max(FARTHEST, 10 * float(np.max(np.abs(model.move) / scale)))
    for way in (model.move, *model.flattest):
        if not way.any():
            continue
        v = way / np.max(np.abs(way) / scale)
        for side in (v, -v):
            if _change_of_f(problem, x, f, g, side, negligible) > 0:
                continue
            if _gradient_leads_away(problem, x, g, scale, side, farthest, negligible):
                return True
    return False


def sides_of(x: Vector, scale: Vector, back: Vector, *, random: int) -> list[Vector]:
    """Return ± the axes (random ways, where there are many), the way back and some random ways."""
    scale, rng = _filled(scale), np.random.default_rng(0)
    axes = (
        np.diag(scale) if x.size <= MOST_AXES else scale * rng.standard_normal((MOST_AXES, x.size))
    )
    others = scale * rng.standard_normal((random, x.size))
    return [side for v in (*axes, back, *others) for side in (v, -v)]


def falls_along(
    problem: Problem, x: Vector, f: float, g: Vector, scale: Vector, v: Vector, negligible: float
) -> bool:
    """Does f fall along v or −v, close by and by more than what is negligible?"""
    v = v / np.max(np.abs(v) / _filled(scale))
    return any(_change_of_f(problem, x, f, g, side, negligible) < 0 for side in (v, -v))


def _filled(scale: Vector) -> Vector:
    """Put the largest size in the place of those of variables that are 0 and stayed there."""
    return np.where(scale > EPS * scale.max(), scale, scale.max() or 1.0)


def _change_of_f(
    problem: Problem, x: Vector, f: float, g: Vector, side: Vector, negligible: float
) -> float:
    """Return the first change of f along a side, by `first_change`."""
    slope = abs(float(g @ side))

    def probe(h: float) -> tuple[float, float]:
        return problem.value(x + h * side) - f, h * slope

    return first_change(probe, f, negligible, lambda: blur_of(problem, x, f))


def first_change(
    probe: Callable[[float], tuple[float, float]], f: float, negligible: float, blur: Callable[[], float]
) -> float:  # fmt: skip
    """Return the first change of f on a way from x; 0 if it is but rounding errors, or no clear fall.

    The distance grows until f changes by more than ten times what the gradient promises. A fall
    counts where f goes on falling, as noise does not, and by more than f trembles. On a convex f no
    fall is larger than what the gradient promises.

    Parameters
    ----------
    probe : callable
        The change of f at a distance, and the one that the gradient promises.
    f : float
        Its value at x.
    negligible : float
        A fall that counts as none.
    blur : callable
        How much f trembles at x.
    """
    with np.errstate(all="ignore"):
        for h in DISTANCES:
            change, promised = probe(h)
            allowed = 10 * promised + 1e3 * EPS * abs(f) + (negligible if change < 0 else 0.0)
            if not abs(change) <= allowed:
                falls = change < 0 and probe(10 * h)[0] < 3 * change and -change > NOISE * blur()
                return change if falls or not change < 0 else 0.0
    return 0.0


def unsettled(problem: Problem, x: Vector, g: Vector, first: Vector, fall: float) -> bool:
    """Would f fall by that much along one of the variables, going by its slope?

    A gradient norm hears nothing of a variable whose unit is so large that its slope is tiny. Here no
    unit matters: where the slope promises the fall, is it still half as steep? `first` is the gradient
    at the start.
    """
    for i in least_shrunk(g, first):
        z = x.copy()
        z[i] -= fall / g[i]
        if abs(fall / g[i]) <= 16 * EPS * abs(x[i]):
            continue  # x has no more digits
        try:
            with np.errstate(all="ignore"):
                slope = problem.gradient(z)[i]
        except DomainError:
            continue
        if slope / g[i] >= 0.5:
            return True
    return False


def least_shrunk(g: Vector, first: Vector) -> list[int]:
    """Return the three variables whose slopes have shrunk least since the start, and are not 0."""
    with np.errstate(all="ignore"):
        left = np.nan_to_num(np.abs(g) / np.abs(first), posinf=np.inf)
    return [int(i) for i in np.argsort(-left)[:LEAST_SHRUNK] if g[i] != 0]


def _gradient_leads_away(
    problem: Problem, x: Vector, g: Vector, scale: Vector, side: Vector, farthest: float, negligible: float
) -> bool:  # fmt: skip
    """Does the slope of f along a side turn downwards?

    Along any way it turns upwards on both sides of a minimum, and downwards on one side of an
    inflection. It is taken at distances that grow until it is twice as steep as at x, rounding
    errors included, and steeper still at twice the distance; if downwards, until the fall that it
    promises counts. On a convex f no slope gets steeper downwards.
    """
    nudges = 4 * EPS * scale * np.random.default_rng(0).choice([-1.0, 1.0], (3, x.size))
    trembling = np.max([np.abs(problem.gradient(x + nudge) - g) for nudge in nudges], axis=0)
    steep = 2 * abs(float(g @ side)) + 10 * float(trembling @ np.abs(side))
    h = NEAREST
    while h <= farthest:
        near, far = (float(problem.gradient(x + t * side) @ side) for t in (h, 2 * h))
        if abs(near) > steep and far / near > 1.5 and not -negligible <= h * near < 0:
            return near < 0
        h *= 2.0
    return False


def plateau(value: Callable[[Vector], float], x: Vector, f: float) -> bool:
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
                if value(neighbour) != f:
                    return False
        far = [t * x for t in (0.0, 0.01, 0.1, 0.5, 2.0, -1.0)]
        far += [
            x + r * size * rng.standard_normal(x.size) for r in (0.1, 1.0, 10.0) for _ in range(5)
        ]
        return any(value(z) < f - 8 * EPS * abs(f) for z in far)
