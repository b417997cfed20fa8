"""Least squares from a triangular factor, refined until the last digit stands.

With X = QR computed in float64, R preconditions the normal equations: R⁻ᵀ XᵀX R⁻¹ = I + E with
‖E‖ ≈ κ(X)·1e-16. So the step

    g = Xᵀ(y − Xw)        in double-double arithmetic
    w ← w + R⁻¹ R⁻ᵀ g

leaves only that part of the error, as long as g and w carry more digits than float64: a handful
of steps reach the exact minimiser, although κ² alone would forbid the normal equations.

Source: the corrected semi-normal equations, Å. Björck, Numerical Methods for Least Squares
Problems (SIAM 1996), 2.4.6 and 2.9; extra-precise refinement, J. Demmel, Y. Hida, E. J. Riedy and
X. S. Li, ACM Trans. Math. Softw. 35 (2009).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.linalg

from optidemo.arrays import EPS
from optidemo.linalg.doubledouble import DoubleDouble
from optidemo.linalg.slices import SlicedMatrix
from optidemo.storage.partial_sums import dense, sum_of_blocks

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from numpy.typing import NDArray

    from optidemo.arrays import Matrix, Vector
    from optidemo.rows import Rows

    Target: TypeAlias = Callable[[Matrix, Vector], Vector]

__all__ = ["Refined", "Refinement"]

MAX_STEPS = 30
SMALL = EPS / 16.0  # a last step of this relative size leaves no doubt about any bit
PIECE = 2**17  # numbers whose slices fit the cache
LONGEST = 2**12  # rows in a piece: the more are added, the fewer bits a slice may have


@dataclass(frozen=True)
class Refined:
    """The minimiser in double-double, and what is left of its error."""

    x: DoubleDouble
    error: Vector  # (k,) what a further step would change, and the rounding to float64
    gradient: Vector  # (k,) the optimality condition XᵀW(y − Xx) − ridge·x, all digits right
    rss: float  # Σ wᵢ (yᵢ − xᵢᵀx)²


@dataclass(frozen=True)
class Refinement:
    """Minimise Σ wᵢ (yᵢ − xᵢᵀx)² + ridge ‖x‖² over the chosen columns of X.

    Parameters
    ----------
    rows : Rows
        The samples (X, y) or (X, y, weights).
    columns : (k,) array
        The columns of X that take part.
    scale : (k,) array
        Powers of two that bring those columns to about unit length; exact.
    y_scale : float
        A power of two that brings y to about unit length.
    ridge : float
        Weight of ‖x‖².
    R : (k, k) array
        Triangular factor of the scaled columns, ridge and weights included.
    """

    rows: Rows
    columns: NDArray[np.intp]
    scale: Vector
    y_scale: float
    ridge: float
    R: Matrix

    def solve(self, start: Vector) -> Refined:
        """Return the least-squares solution, from a first one in the scaled unknowns."""
        none = np.zeros(len(self.columns))
        z, step, gradient, rss = self._refine(lambda _, y: self.y_scale * y, none, start)
        unit = self.scale / self.y_scale
        x = DoubleDouble(z.hi * unit, z.lo * unit)
        error = np.abs(step) * unit + 0.5 * EPS * np.abs(x.hi)
        return Refined(x, error, gradient / self.scale / self.y_scale, rss / self.y_scale**2)

    def inverse(self) -> Matrix:
        """Return (XᵀWX + ridge·I)⁻¹ (k, k), refined column by column."""
        columns = [self._refine(lambda _, y: 0.0 * y, e)[0].hi for e in np.diag(self.scale)]
        return np.array(columns) * self.scale

    def coordinates(self, j: int, scale: float) -> Vector:
        """Return column j of X, times its scale, as a combination of the scaled columns."""
        return self._refine(
            lambda X, _: scale * dense(X[:, [j]]).ravel(), np.zeros(len(self.columns))
        )[0].hi

    def _refine(
        self, target: Target, b: Vector, start: Vector | None = None
    ) -> tuple[DoubleDouble, Vector, Vector, float]:
        """Solve (XᵀWX + ridge·I) z = XᵀW·target + b in the scaled unknowns.

        Returns z, its last change, the gradient there and Σ w (target − Xz)².
        """
        z = DoubleDouble(np.zeros_like(b) if start is None else start, np.zeros_like(b))
        before = np.inf
        for _ in range(MAX_STEPS):
            g, rss = self._gradient(z, target)
            gradient = g.plus(b).hi
            half = scipy.linalg.solve_triangular(self.R, gradient, trans=1, check_finite=False)
            step = scipy.linalg.solve_triangular(self.R, half, check_finite=False)
            length = float(np.linalg.norm(half))  # ‖step‖ in the norm that the steps contract in
            if length > 0.5 * before or not np.isfinite(length):
                break
            z, before = z.plus(step), length
            size = np.abs(z.hi)
            if np.all(np.abs(step) <= np.maximum(SMALL * size, EPS**2 * size.max())):
                break  # the next step would be smaller still, by the factor of this one
        return z, step, gradient, rss

    def _gradient(self, z: DoubleDouble, target: Target) -> tuple[DoubleDouble, float]:
        """Return XᵀW(target − Xz) − ridge·z in the scaled unknowns, and Σ w (target − Xz)²."""

        def term(X: Matrix, y: Vector, w: Vector | None = None) -> tuple[DoubleDouble, float]:
            columns = dense(X[:, self.columns]) * self.scale
            sliced = SlicedMatrix.of(columns)
            r = sliced.residual(target(X, y), z)
            weighted = r if w is None else r.times(w)
            return sliced.transposed_dot(weighted), float(weighted.hi @ r.hi)

        def in_pieces(*block: Any) -> tuple[DoubleDouble, float]:
            n, d = block[0].shape
            length = min(max(PIECE // d, 1), LONGEST)
            pieces = (tuple(b[i : i + length] for b in block) for i in range(0, n, length))
            return sum_of_blocks(term, pieces)  # type: ignore[no-any-return]

        gradient, rss = self.rows.sum(in_pieces)
        shrink = self.ridge * self.scale * self.scale  # the square alone might overflow
        return gradient + -z.times(shrink), rss
