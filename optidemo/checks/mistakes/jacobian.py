"""Nothing simpler fits: is it a gradient at all? A gradient's Jacobian is symmetric (Schwarz)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optidemo.checks.differences import LINE, slope_along
from optidemo.checks.report import Mistake
from optidemo.checks.witnesses import ENTRYWISE, scales_for

if TYPE_CHECKING:
    from optidemo.arrays import Matrix, Vector
    from optidemo.checks.mistakes.case import Case
    from optidemo.checks.samples import Sample

__all__ = ["jacobian_of", "other_function"]


def jacobian_of(case: Case, s: Sample) -> Matrix | None:
    """Differentiate grad itself, column by column; None where it has a jump or leaves its domain."""
    d = s.x.size
    if d > ENTRYWISE or not case.affords(d):
        return None
    j, bars = np.zeros((d, d)), np.zeros((d, d))
    size = float(np.max(np.abs(s.x), initial=0.0))
    for k in range(d):
        unit = np.zeros(d)
        unit[k] = 1.0

        def phi(t: float, unit: Vector = unit) -> Vector:
            a = case.problem.answer(s.x + t * unit, s.args).array
            return a.ravel() if a is not None and a.size == d else np.full(d, np.nan)

        slope = slope_along(phi, scales_for(abs(float(s.x[k])), size)[:4], reach=size)
        if not np.isfinite(slope.value).all() or slope.kink.any():
            return None
        j[:, k], bars[:, k] = slope.value, slope.error
    if np.isfinite(bars).all() and bars.max() <= 1e-4 * np.abs(j).max(initial=0.0):
        return j
    return j if not np.abs(j).any() else None


def asymmetry(case: Case, s: Sample) -> tuple[float, float] | None:
    """Give max |J − Jᵀ| and max |J| (of many variables: |uᵀJv − vᵀJu| and |uᵀJv| for random u, v)."""
    d = s.x.size
    if d <= ENTRYWISE and case.affords(d):
        j = jacobian_of(case, s)
        return None if j is None else (float(np.abs(j - j.T).max()), float(np.abs(j).max()))
    rng = np.random.default_rng(5)
    size = float(np.max(np.abs(s.x), initial=0.0))
    gaps, sizes = [0.0], [0.0]
    for _ in range(3):
        u, v = rng.choice([-1.0, 1.0], size=(2, d))

        def along(direction: Vector) -> Vector:
            def phi(t: float) -> Vector:
                a = case.problem.answer(s.x + t * direction, s.args).array
                return a.ravel() if a is not None and a.size == d else np.full(d, np.nan)

            return slope_along(phi, scales_for(size, size)[:2], reach=size).value

        one, two = float(u @ along(v)), float(v @ along(u))
        gaps, sizes = [*gaps, abs(one - two)], [*sizes, abs(one), abs(two)]
    return (max(gaps), max(sizes)) if np.isfinite(gaps).all() else None


def other_function(case: Case) -> Mistake | None:
    """Tell a field that no function has from the gradient of another function."""
    if case.problem.out_shape != ():
        return None
    seen = 0
    for s in case.smooth[: 6 if case.problem.affords(6 * LINE) else 2]:
        found = asymmetry(case, s)
        if found is None:
            continue
        seen += 1
        gap, size = found
        if gap > 1e-3 * size:
            sentence = "no function has this gradient: its Jacobian is not symmetric."
            return Mistake("not-a-gradient", sentence, {"asymmetry": gap})
    if not seen:
        return None
    return Mistake("wrong-function", "this is the gradient of another function than f.")
