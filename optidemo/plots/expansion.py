"""Objectives of many samples on a grid of ten thousand points, as contours need them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from optidemo.arrays import Vector
    from optidemo.objective import Objective

__all__ = ["affordable", "expanded"]

AFFORDABLE = 400_000  # numbers in the samples that f may look at for each point
FEW = 10_000  # samples that need no shortcut


def affordable(f: Objective) -> bool:
    """Can f (of two variables) be evaluated on a whole grid in a few seconds?"""
    return _has_expansion(f) or f.n * f.d <= AFFORDABLE


def _has_expansion(f: Any) -> bool:
    return bool(getattr(f, "constant_hessian", False)) and f.sense == "minimize"


def expanded(f: Callable[[Vector], float]) -> Callable[[Vector], float]:
    """Return a quadratic f of many samples as what it is, f(0) + ∇f(0)ᵀx + ½xᵀHx: no sum over them."""
    objective: Any = f
    if not _has_expansion(f) or objective.n <= FEW:
        return f
    origin = np.zeros(2)
    f0, g0 = objective.value(origin), objective.gradient(origin)
    H = objective.hessian(origin)
    return lambda x: float(f0 + g0 @ x + 0.5 * x @ H @ x)
