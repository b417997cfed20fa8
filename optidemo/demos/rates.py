"""How fast did it converge, and how fast did theory promise?"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from optidemo.demos.case import Planned
    from optidemo.objective import Objective
    from optidemo.solvers.result import Result

__all__ = ["measured_rate", "promised_rate"]


def measured_rate(result: Result) -> float | None:
    """Return the factor per iteration of the gradient norm, fitted over the last half of the run.

    None for Newton's method, and for runs of fewer than ten iterations above rounding.
    """
    if result.solver == "newton":  # it has no linear rate: the digits double each iteration
        return None
    norm = result.trajectory.gradient_norm
    last = len(norm)
    usable = np.flatnonzero(norm > 1e-14 * norm.max())
    if usable.size:
        last = int(usable[-1]) + 1
    half = norm[last // 2 : last]
    if half.size < 5 or not (np.isfinite(half).all() and (half > 0).all()):
        return None
    return float(np.exp(np.polyfit(np.arange(half.size), np.log(half), 1)[0]))


def promised_rate(f: Objective, plan: Planned, result: Result) -> float | None:
    """Return the factor of the gradient norm that μ and L promise near the optimum, for a fixed step t.

    Gradient descent: max |1 − t h| over the curvatures h between μ and L, the Hessian's extreme
    eigenvalues at the optimum. Accelerated: √(1 − √(μt)), since f − f* shrinks by 1 − √(μt) and
    ‖∇f‖ ≤ √(2L(f − f*)). That is proved for the method that knows μ; the one with restarts, which does not,
    reaches it but for a constant. Power iteration: (λ₂ + c)/(λ₁ + c) with its shift c.
    """
    if plan.solver == "power-iteration":
        return _power_rate(f)
    if plan.solver not in ("gradient-descent", "accelerated-gradient") or not f.offers("hessian"):
        return None
    if plan.options.get("momentum") or not math.isfinite(result.fun):
        return None
    steps = result.trajectory.step[1:]
    if steps.size == 0 or not np.allclose(steps, steps[0]):
        return None
    sign = 1.0 if f.sense == "minimize" else -1.0
    h = np.linalg.eigvalsh(sign * f.hessian(result.x))
    if h[0] <= 1e-12 * abs(h[-1]):
        return None
    t, L, accelerated = float(steps[0]), f.lipschitz(), plan.solver == "accelerated-gradient"
    proved = 1.0 / float(h[-1]) if accelerated else 2.0 / L if L and not f.constant_hessian else t
    if t > proved * (1.0 + 1e-9):  # a longer step may swing for ever
        return None
    if accelerated:
        return math.sqrt(max(0.0, 1.0 - math.sqrt(float(h[0]) * t)))
    return float(np.abs(1.0 - t * h).max())


def _power_rate(f: Objective) -> float | None:
    eigenvalues = f.eigenvalues
    if eigenvalues is None or len(eigenvalues) < 2:
        return None
    shift = max(0.0, -float(eigenvalues[0]))
    return float((eigenvalues[-2] + shift) / (eigenvalues[-1] + shift))
