"""Sums of hinges, an L1 norm and a linear function: the linear program that minimises them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse
from scipy.optimize import linprog

if TYPE_CHECKING:
    from optidemo.arrays import Vector

__all__ = ["PiecewiseLinear"]

UNBOUNDED = 3  # linprog's status


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
        The linear program is min Σ cᵢsᵢ + λ Σ (pⱼ + qⱼ) + yᵀ(p − q) subject to sᵢ ≥ bᵢ − zᵢᵀ(p − q)
        and s, p, q ≥ 0, where w = p − q; without an L1 norm w stays whole and free.

        Raises
        ------
        ArithmeticError
            If the linear program cannot be solved; the message is HiGHS's.
        """
        n, d = self.Z.shape
        Z = scipy.sparse.csr_array(self.Z)
        split = [Z, -Z] if self.lam > 0 else [Z]
        cost = [self.lam + self.y, self.lam - self.y] if self.lam > 0 else [self.y]
        costs = np.concatenate([*cost, self.c])
        unit = float(np.abs(costs).max()) or 1.0  # HiGHS's tolerances are absolute
        answer = linprog(
            costs / unit,
            A_ub=scipy.sparse.hstack([*(-part for part in split), -scipy.sparse.eye_array(n)]),
            b_ub=-self.b,
            bounds=[(0 if self.lam > 0 else None, None)] * (len(split) * d) + [(0, None)] * n,
        )
        if answer.status == UNBOUNDED:
            return None
        if answer.status != 0:
            raise ArithmeticError(f"The linear program was not solved: {answer.message}")
        w = answer.x[:d] - (answer.x[d : 2 * d] if self.lam > 0 else 0.0)
        return np.asarray(w), np.clip(-unit * answer.ineqlin.marginals, 0.0, self.c)

    def certificate(self, w: Vector, alpha: Vector) -> tuple[float, float, float]:
        """Return f(w), the duality gap, which bounds f(w) − min f, and the size of what they are made of.

        The dual is max bᵀα subject to 0 ≤ α ≤ c and |Zᵀα − y| ≤ λ. Rounding spoils the last; what
        that costs at w, Σ |wⱼ| times the excess, is counted.
        """
        hinges = np.maximum(self.b - self.Z @ w, 0.0)
        parts = self.c @ hinges, self.lam * np.abs(w).sum(), self.y @ w
        excess = np.maximum(np.abs(self.Z.T @ alpha - self.y) - self.lam, 0.0)
        dual = float(self.b @ alpha - excess @ np.abs(w))
        f = float(sum(parts))
        size = float(np.abs(parts).sum() + np.abs(self.b) @ alpha + np.abs(self.y) @ np.abs(w))
        return f, max(f - dual, 0.0), size
