"""The triangular factor of a tall matrix, block of rows by block of rows.

X = QR, and R is all that least squares needs of a big X: RᵀR = XᵀX without the loss of half the
digits that forming XᵀX costs. Two factors add up: R₁ + R₂ is the factor of X₁ over X₂, so the
factor of n rows is a sum over row blocks like any other (the tall-skinny QR of J. Demmel,
L. Grigori, M. Hoemmen and J. Langou, SIAM J. Sci. Comput. 34 (2012)).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import scipy.linalg

from optidemo.arrays import EPS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from optidemo.arrays import Matrix, Vector

__all__ = ["TriangularFactor", "pivoted"]


@dataclass(frozen=True, slots=True)
class TriangularFactor:
    """R (k, d) with RᵀR = XᵀX; k is the lesser of n and d."""

    R: Matrix

    @classmethod
    def of(cls, X: Matrix) -> TriangularFactor:
        """Factor a block of rows by Householder reflections."""
        R: Matrix = np.asarray(np.linalg.qr(X, mode="r"))
        return cls(R)

    def __add__(self, other: TriangularFactor) -> TriangularFactor:
        return TriangularFactor.of(np.vstack((self.R, other.R)))


def pivoted(R: Matrix, b: Vector) -> tuple[Matrix, Vector, NDArray[np.intp], int]:
    """Reorder the columns of R (k, d) so that the independent ones come first.

    Parameters
    ----------
    R : (k, d)
    b : (k,) a right-hand side, which is turned along

    Returns
    -------
    R : upper triangular, of the reordered columns
    Qᵀb : the right-hand side that goes with it
    order : (d,) which column stands where
    rank : how many columns are independent to rounding
    """
    Q, factor, order = scipy.linalg.qr(R, mode="economic", pivoting=True, check_finite=False)
    diagonal = np.abs(np.diag(factor))
    rounding = 10.0 * EPS * np.sqrt(R.shape[1]) * diagonal[0]
    return factor, Q.T @ b, order, int(np.sum(diagonal > rounding))
