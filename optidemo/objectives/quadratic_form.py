"""What the quadratic form and PCA share: the matrix, its eigenvalues, and values far out."""

from __future__ import annotations

import math
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from optidemo.arrays import EPS, Matrix, Vector, as_square
from optidemo.objective import Objective

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["QuadraticForm"]


class QuadraticForm(Objective):
    """An objective built on xᵀAx; S = ½(A + Aᵀ).

    Attributes
    ----------
    A, A_plus_AT : (d, d) array
        The matrix, and A + Aᵀ = 2S.
    """

    constant_hessian = True

    def __init__(self, A: ArrayLike) -> None:
        self.A = as_square(A, "A").copy()
        self.d = len(self.A)
        self.A_plus_AT: Matrix = self.A + self.A.T

    @cached_property
    def eigenvalues(self) -> Vector:
        """Eigenvalues of S, ascending, shape (d,)."""
        return np.asarray(np.linalg.eigvalsh(0.5 * self.A_plus_AT), dtype=np.float64)

    @property
    def _rounding(self) -> float:
        return self.d * float(EPS * np.abs(self.eigenvalues).max())

    def form(self, x: Vector) -> float:
        """Return the terms of degree two."""
        return float(x @ self.A @ x)

    def far_out(self, x: Vector) -> float:
        """Return the form at an x whose squares overflow: s² times the form at x/s, s = max |xᵢ|.

        So it is ±inf by its sign, and not the NaN that inf − inf gives.
        """
        s = float(np.abs(x).max())
        return self.form(x / s) * s * s if 0 < s < math.inf else math.nan

    def form_value(self, x: Vector) -> float:
        """Return the form at any x."""
        with np.errstate(over="ignore", invalid="ignore"):
            q = self.form(x)
            return q if math.isfinite(q) else self.far_out(x)
