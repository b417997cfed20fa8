"""Nothing simpler fits: is it a gradient at all? A gradient's Jacobian is symmetric (Schwarz)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optidemo.checks.differences import slope_along
from optidemo.checks.report import Mistake
from optidemo.checks.witnesses import scales_for

if TYPE_CHECKING:
    from optidemo.arrays import Matrix, Vector
    from optidemo.checks.mistakes.case import Case
    from optidemo.checks.samples import Sample

__all__ = ["jacobian_of", "other_function"]


def jacobian_of(case: Case, s: Sample) -> Matrix | None:
    """Differentiate grad itself, column by column; None where it has a jump or leaves its domain."""
    d = s.x.size
    if d > 64:
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


def other_function(case: Case) -> Mistake | None:
    """Tell a field that no function has from the gradient of another function."""
    seen = 0
    for s in case.smooth[:6]:
        j = jacobian_of(case, s)
        if j is None:
            continue
        seen += 1
        gap = np.abs(j - j.T).max()
        if gap > 1e-3 * np.abs(j).max():
            sentence = "no function has this gradient: its Jacobian is not symmetric."
            return Mistake("not-a-gradient", sentence, {"asymmetry": float(gap)})
    if not seen:
        return None
    return Mistake("wrong-function", "this is the gradient of another function than f.")
