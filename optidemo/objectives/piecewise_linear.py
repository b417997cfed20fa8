"""Sums of hinges, an L1 norm and a linear function: the linear program that minimises them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse

from optidemo.arrays import EPS
from optidemo.linalg.scale import power_of_two

if TYPE_CHECKING:
    from optidemo.arrays import Vector

__all__ = ["PiecewiseLinear"]

INFEASIBLE = 2  # linprog's status


@dataclass(frozen=True)
class PiecewiseLinear:
    """f(w) = Σ cᵢ max(0, bᵢ − zᵢᵀw) + λ‖w‖₁ + yᵀw.

    Attributes
    ----------
    Z : (n, d) array or sparse matrix
        One zᵢ a row.
    b, c : (n,) array
        The hinges' places and their weights cᵢ > 0.
    lam : float
        λ ≥ 0.
    y : (d,) array
        The linear part.
    """

    Z: Any
    b: Vector
    c: Vector
    lam: float
    y: Vector

    def minimum(self) -> tuple[Vector, Vector] | None:
        """Return a minimiser w (d,) and the hinges' multipliers α (n,); None if f is unbounded below.

        Notes
        -----
        As a program in w it has a constraint for each sample. Its dual is max bᵀα subject to
        |Zᵀα − y| ≤ λ and 0 ≤ α ≤ c, with d constraints alone: Zᵀα − v = y where |vⱼ| ≤ λ. What they
        cost, their multipliers, is w. If f is unbounded below, no α fulfils them.

        Raises
        ------
        ArithmeticError
            If the linear program cannot be solved; the message is HiGHS's.
        """
        from scipy.optimize import linprog

        n, d = self.Z.shape
        Z = scipy.sparse.csr_array(self.Z)
        largest = abs(Z).max(axis=0).toarray().ravel() if n else np.zeros(d)
        scale = power_of_two(largest)  # HiGHS's tolerances are absolute: columns and costs near 1
        unit = float(np.max([*self.c, self.lam, *np.abs(self.y)])) or 1.0
        limits = scale * self.lam / unit
        answer = linprog(
            -np.r_[self.b, np.zeros(d)],
            A_eq=scipy.sparse.hstack([(Z * scale).T, -scipy.sparse.eye_array(d)]),
            b_eq=scale * self.y / unit,
            bounds=np.r_[
                np.column_stack((0.0 * self.c, self.c / unit)), np.column_stack((-limits, limits))
            ],
            method="highs-ipm",
        )
        if answer.status == INFEASIBLE:
            return None
        if answer.status != 0:
            raise ArithmeticError(f"The linear program was not solved: {answer.message}")
        w = -scale * answer.eqlin.marginals
        return np.asarray(w), np.clip(unit * answer.x[:n], 0.0, self.c)

    def certificate(self, w: Vector, alpha: Vector) -> tuple[float, float, float, float]:
        """Return f(w), the duality gap, which bounds f(w) − min f, the size of both, and their rounding.

        The dual is max bᵀα subject to 0 ≤ α ≤ c and |Zᵀα − y| ≤ λ. Rounding spoils the last; what
        that costs at w, Σ |wⱼ| times the excess, is counted. Of separable classes the minimum is 0,
        and f(w) nothing but the rounding of the margins that are exactly 1.
        """
        hinges = np.maximum(self.b - self.Z @ w, 0.0)
        parts = self.c @ hinges, self.lam * np.abs(w).sum(), self.y @ w
        excess = np.maximum(np.abs(self.Z.T @ alpha - self.y) - self.lam, 0.0)
        dual = float(self.b @ alpha - excess @ np.abs(w))
        f = float(sum(parts))
        size = float(np.abs(parts).sum() + np.abs(self.b) @ alpha + np.abs(self.y) @ np.abs(w))
        terms = np.abs(self.b) + abs(self.Z) @ np.abs(w)
        return f, max(f - dual, 0.0), size, float(EPS * (self.c * (hinges > 0)) @ terms)
