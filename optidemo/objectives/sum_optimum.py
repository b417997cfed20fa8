"""What the terms of a sum tell of its optimum."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optidemo.objectives.finite_sum import FiniteSum
from optidemo.objectives.logistic_regression import LogisticRegression
from optidemo.objectives.norm import Norm, SquaredL2Norm

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optidemo.arrays import Vector
    from optidemo.objective import Objective
    from optidemo.status import Optimum

    Parts = Sequence[tuple[float, Objective]]  # (c, f) of Σ c · f

__all__ = ["coercive", "with_partial_ridge"]


def coercive(parts: Parts) -> bool:
    """Are all terms convex and ≥ 0, and does one of them grow without end?"""
    convex = all(c > 0 and isinstance(f, FiniteSum | Norm) for c, f in parts)
    return convex and any(f.coercive for _, f in parts)


def with_partial_ridge(parts: Parts, x: Vector | None) -> Optimum | None:
    """Ask logistic regression (near x, if given) if all other terms are ridges that spare variables."""
    losses = [f for c, f in parts if c > 0 and isinstance(f, LogisticRegression)]
    ridges = [f.penalized for c, f in parts if c > 0 and isinstance(f, SquaredL2Norm)]
    if len(losses) != 1 or not ridges or 1 + len(ridges) != len(parts):
        return None
    free = np.sum(ridges, axis=0) == 0
    return losses[0].optimum_over(free) if x is None else losses[0].optimum_over_near(free, x)
