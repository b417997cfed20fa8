"""How rough is f in its own arithmetic? A staircase of rounding errors looks like a kink, and is none.

J. J. Moré and S. M. Wild, *Estimating computational noise* (SIAM J. Sci. Comput. 33, 2011): high
differences of f at close, equispaced points leave the noise alone, since f itself is a polynomial
there. A formula such as log(1 − p) with p near 1 is rougher than eps · |f| by far.
"""

from __future__ import annotations

from math import factorial
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from optidemo.arrays import Vector
    from optidemo.checks.problem import Problem
    from optidemo.checks.samples import Sample

__all__ = ["measured_noise", "noise_near", "stair", "too_rough"]

POINTS = 24
ORDER = 5
SUSPICIOUS = 1e3  # times the rounding of f: is that noise, or f itself?
SHORTER = 3  # times that the step is shortened to find out


def measured_noise(problem: Problem, x: Vector, args: tuple[Any, ...]) -> Vector:
    """Rounding error of fun near x, from third differences of values so close that f is straight there.

    A sum that cancels has a larger error than its own last place. A bump may be so narrow that f bends
    even there: what falls with the cube of the step is f itself.
    """
    step = 1e-10 * np.random.default_rng(6).uniform(0.5, 1.0, size=x.size)
    step = step * np.maximum(np.abs(x), 1e-3 * np.max(np.abs(x), initial=0.0))
    noise, size = _roughness(problem, x, args, step)
    for _ in range(SHORTER):
        if not (noise > SUSPICIOUS * problem.eps * size).any():
            break
        step = 0.1 * step
        shorter, _ = _roughness(problem, x, args, step)
        if (shorter > 0.1 * noise).any() or not shorter.any():
            break
        noise = shorter
    return noise


def _roughness(
    problem: Problem, x: Vector, args: tuple[Any, ...], step: Vector
) -> tuple[Vector, Vector]:
    """Give the noise, as far as these values tell it from f, and the size of f."""
    values = np.array([problem.value(x + k * step, args) for k in range(-4, 5)])
    third = np.diff(values, 3, axis=0)
    if not np.isfinite(third).all():
        return np.zeros(problem.outputs), np.ones(problem.outputs)
    return 2 * np.sqrt(np.mean(third**2, axis=0) / 20.0), np.abs(values).max(axis=0)


def noise_near(problem: Problem, sample: Sample, step: float, seed: int = 0) -> float:
    """Estimate the noise of f on one side of the sample, up to `step` away from it."""
    rng = np.random.default_rng(seed)
    u = rng.standard_normal(sample.x.size)
    u /= np.linalg.norm(u)
    offsets = step * np.arange(1, POINTS + 1) / POINTS
    f = np.array([problem.value(sample.x + t * u, sample.args)[0] for t in offsets])
    if not np.isfinite(f).all():
        return 0.0
    high = np.diff(f, ORDER)
    # The median, since a kink on the way taints ORDER of the differences, and is no noise.
    return float(np.median(np.abs(high)) / 0.6745 * factorial(ORDER) / factorial(2 * ORDER) ** 0.5)


def stair(phi: Callable[[float], float], h: Vector) -> float:
    """Height of the step, where phi is flat near 0 and then jumps; 0.0 where it is continuous.

    Flat near 0 may mean the slope 0, or a staircase whose slope shows over longer steps only.
    """
    start = phi(0.0)
    for side in (1.0, -1.0):
        moves = np.array([phi(side * float(t)) != start for t in h])
        if moves.all() or not moves.any():
            continue
        k = int(np.flatnonzero(moves)[-1])  # the shortest step that leaves the flat
        if k + 1 == len(h):
            continue
        inside, outside = float(h[k + 1]), float(h[k])
        for _ in range(40):
            middle = 0.5 * (inside + outside)
            inside, outside = (inside, middle) if phi(side * middle) != start else (middle, outside)
        height = abs(phi(side * outside) - start)
        if height > 1e-3 * abs(phi(side * float(h[k])) - start):
            return height
    return 0.0


def too_rough(problem: Problem, sample: Sample, slack: float = 1e-4) -> bool:
    """Tell whether the noise hides what a kink would show: slopes near x to a part of `slack`."""
    if sample.yours is None:
        return False
    largest = max(float(np.max(np.abs(sample.x), initial=0.0)), 1e-2)
    size = float(np.linalg.norm(np.nan_to_num(sample.yours)))
    # The steps of a staircase may be wide: look over a short distance, and over a longer one.
    steps = (1e-6 * largest, 1e-2 * largest)
    if any(20 * noise_near(problem, sample, step) / step > slack * size for step in steps):
        return True
    u = np.random.default_rng(7).standard_normal(sample.x.size)
    u /= np.linalg.norm(u)

    def phi(t: float) -> float:
        return float(problem.value(sample.x + t * u, sample.args)[0])

    return stair(phi, np.geomspace(largest, 1e-9 * largest, 19)) > 0
