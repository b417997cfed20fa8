"""Where every partial derivative exists there need be no derivative, as at 0 for min(|x₁|, |x₂|).

The slope along a slanting direction is then not what the partial derivatives say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optidemo.checks.differences import MARGIN, slopes_along
from optidemo.checks.noise import stair
from optidemo.checks.witnesses import scales_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from optidemo.arrays import Vector
    from optidemo.checks.problem import Problem
    from optidemo.checks.samples import Sample

__all__ = ["bends", "steps_for"]


def bends(problem: Problem, sample: Sample) -> bool:
    """Tell whether the slopes along slanting directions are not those that the partials imply."""
    r, d = sample.reference, sample.x.size
    if d < 2 or sample.yours is None or not bool(sample.known.all()):
        return False
    rng = np.random.default_rng(4)
    u = rng.choice([-1.0, 1.0], size=(2, d)) * rng.uniform(0.5, 1.0, size=(2, d))
    size = float(np.max(np.abs(sample.x), initial=0.0))
    own = np.abs(sample.x)  # each variable moves by a part of its own size, where it has one
    own = np.where(own == 0, problem.usual if problem.usual.size == d else size, own)
    u *= np.where(own == 0, size, own) / size if size else 1.0

    def line(direction: Vector) -> Callable[[float], Vector]:
        return lambda t: problem.value(sample.x + t * direction, sample.args)

    lines = [line(v) for v in u]
    s = slopes_along(lines, [scales_for(size, size)] * 2, [size] * 2, problem.eps, sample.rough)
    scale = np.abs(u) @ np.maximum(np.abs(r.value), np.abs(sample.yours))
    allowed = 1e-4 * scale + MARGIN * (s.error[:, 0] + np.abs(u) @ r.error)
    bent = s.kink[:, 0] | (np.abs(s.value[:, 0] - u @ r.value) > allowed)
    steps = steps_for(size)
    return any(
        bool(b) and stair(lambda t, phi=phi: float(phi(t)[0]), steps) == 0  # type: ignore[misc]
        for b, phi in zip(bent, lines, strict=True)
    )


def steps_for(size: float) -> Vector:
    """Nineteen steps from the size of x downwards."""
    top = max(size, 1.0)
    return np.geomspace(top, 1e-9 * top, 19)
