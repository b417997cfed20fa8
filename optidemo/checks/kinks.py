"""At a kink: is this a subgradient in Clarke's sense, and whose convention is it?

F. H. Clarke, *Optimization and Nonsmooth Analysis* (1983), section 2.1: g belongs to the generalised
gradient at x exactly if ``g·u ≤ f°(x; u)`` for every direction u. For a convex f, f° is the one-sided
derivative f′(x; u); in general it is the upper limit of the derivatives nearby, which are sampled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from optidemo.arrays import Vector
    from optidemo.checks.problem import Problem
    from optidemo.checks.samples import Sample

__all__ = ["convention_at", "outside_clarke"]

SLACK = 1e-4


def outside_clarke(problem: Problem, sample: Sample, seed: int = 0) -> Vector | None:
    """Give a direction u with g·u > f°(x; u), or None if g is a subgradient as far as is seen."""
    g, x = sample.yours, sample.x
    if g is None:
        return None
    if not np.isfinite(g).all():
        return np.where(np.isfinite(g), 0.0, 1.0)
    rng = np.random.default_rng(seed)
    d = x.size
    step = 1e-6 * max(float(np.max(np.abs(x), initial=0.0)), 1e-2)
    noise = 100 * problem.eps * float(np.abs(sample.f).max()) / step
    near = _gradients_nearby(problem, sample, step, rng)
    directions = [*(g - h for h in near), *rng.standard_normal((16, d))]
    if near:
        directions.append(g - np.mean(near, axis=0))
    if d <= 64:
        directions += [*np.eye(d), *-np.eye(d)]
    for direction in directions:
        length = float(np.linalg.norm(direction))
        if length < 1e-7 * (1.0 + float(np.linalg.norm(g))):
            continue
        u = direction / length
        ahead = _one_sided(problem, sample, u, step)
        behind = -_one_sided(problem, sample, -u, step)
        upper = max([ahead, behind, *(float(h @ u) for h in near)])
        scale = float(np.linalg.norm(g)) + max(
            (float(np.linalg.norm(h)) for h in near), default=0.0
        )
        slack = SLACK * max(scale, abs(upper)) + noise
        if np.isfinite(upper) and float(g @ u) > upper + slack:
            return np.asarray(u)
    return None


def _one_sided(problem: Problem, sample: Sample, u: Vector, step: float) -> float:
    f0 = problem.value(sample.x, sample.args)[0]
    rise = [(problem.value(sample.x + h * u, sample.args)[0] - f0) / h for h in (step, step / 2)]
    return float(2 * rise[1] - rise[0])


def _gradients_nearby(
    problem: Problem, sample: Sample, step: float, rng: np.random.Generator
) -> list[Vector]:
    """Gradients at points so near that they count as limits, from autograd or from differences."""
    found = []
    d = sample.x.size
    for _ in range(24):
        point = sample.x + step * rng.standard_normal(d)
        value = problem.value(point, sample.args)
        if not np.isfinite(value).all():
            continue
        jac = problem.tracer.jacobian(problem.give(point), sample.args, value)
        if jac is not None:
            found.append(jac.ravel())
        elif d <= 16:
            found.append(_coarse(problem, sample, point, step * 1e-2))
    return [g for g in found if np.isfinite(g).all()]


def _coarse(problem: Problem, sample: Sample, point: Vector, h: float) -> Vector:
    columns = [
        (
            problem.value(point + h * e, sample.args)[0]
            - problem.value(point - h * e, sample.args)[0]
        )
        / (2 * h)
        for e in np.eye(point.size)
    ]
    return np.array(columns)


def convention_at(sample: Sample) -> str:
    """Name whose convention a right gradient follows at a kink."""
    r, g = sample.reference, sample.yours
    if g is None:
        return ""
    k = r.kink
    left, right, mine = r.left[k], r.right[k], g[k]
    size = 1e-6 * (np.abs(left) + np.abs(right))

    def same(other: Vector) -> bool:
        return bool((np.abs(mine - other) <= size).all())

    middle = 0.5 * (left + right)
    if same(middle) and bool((np.abs(middle) <= size).all()):
        return "numpy"  # sign(0) = 0
    least = np.where(np.abs(left) <= np.abs(right), left, right)
    if same(np.where(np.abs(np.abs(left) - np.abs(right)) <= size, left, least)):
        return "lecture"  # 1(wᵀx > 0), 1(x > 0) − 1(x ≤ 0): the kink counts with the lower side
    if r.autograd is not None and same(r.autograd[k]):
        return "autograd"
    if same(middle):
        return "numpy"
    return "right-hand" if same(right) or same(np.where(least == left, right, left)) else "another"
