"""Sums of L1 and L2 norms, whose proximal operators can be composed: the sparse group lasso's penalty."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optidemo.objectives.norm import L1Norm, L2Norm
from optidemo.objectives.sum import Sum, weighted_terms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optidemo.arrays import Vector
    from optidemo.objective import Objective

__all__ = ["NormSum", "are_norms"]


def are_norms(terms: Sequence[Objective]) -> bool:
    """Is every term a positive multiple of an L1 or an L2 norm?"""
    return all(
        c > 0 and isinstance(f, L1Norm | L2Norm) for t in terms for c, f in weighted_terms(t)
    )


class NormSum(Sum):
    """h(x) = a‖x‖₁ + b‖x‖₂, with a, b ≥ 0.

    Notes
    -----
    Its proximal operator is that of b‖·‖₂ after that of a‖·‖₁: the block threshold shortens a vector
    and changes no sign, so that the subgradient of ‖·‖₁ stays the same (Friedman, Hastie and
    Tibshirani, A note on the group lasso and a sparse group lasso, arXiv:1001.0736, 2010).
    """

    def __init__(self, *terms: Objective) -> None:
        super().__init__(*terms)
        parts = weighted_terms(self)
        self.a = sum(c for c, f in parts if isinstance(f, L1Norm))
        self.b = sum(c for c, f in parts if isinstance(f, L2Norm))

    def offers(self, method: str) -> bool:
        """The proximal operator, and 0 as the minimum."""
        return method != "hessian" and super(Sum, self).offers(method)

    def prox(self, x: Vector, t: float) -> Vector:
        """Return the soft threshold, then the block soft threshold."""
        return L2Norm(self.d).prox(L1Norm(self.d).prox(x, t * self.a), t * self.b)

    def subdifferential_distance(self, x: Vector, g: Vector) -> float:
        """Return the distance from g to a sign(x) + b x/‖x‖, or to the box plus the ball at 0."""
        if not x.any():
            return max(float(np.linalg.norm(L1Norm(self.d).prox(g, self.a))) - self.b, 0.0)
        rest = g - self.b * L2Norm(self.d).gradient(x)
        nearest = np.where(x == 0, np.clip(rest, -self.a, self.a), self.a * np.sign(x))
        return float(np.linalg.norm(rest - nearest))
