"""Products in double-double precision at the speed of float64: numbers cut into slices of few bits.

Double-double arithmetic takes some thirty operations for each number of X, each through memory: on
500 000 × 50 samples eight times what numpy's lstsq takes in all. Here X = X₁ + … + X₄ and
w = w₁ + … + w₆, each slice a multiple of one power of two and of so few bits that the products Xᵢwⱼ
and their sums fit a float64: the matrix products of the BLAS then round nothing, in whatever order
they add. What is left to double-double arithmetic are six numbers for each row.

Source: K. Ozaki, T. Ogita, S. Oishi and S. M. Rump, "Error-free transformations of matrix
multiplication by using fast routines of matrix multiplication and its applications", Numer.
Algorithms 59 (2012).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from optidemo.linalg.doubledouble import DoubleDouble, quick_two_sum

if TYPE_CHECKING:
    from optidemo.arrays import Matrix, Vector

__all__ = ["SlicedMatrix"]

BITS = 51  # of a float64's 53: two are for the sum of four products
PARTS = 4  # slices of a matrix: the last holds what small entries have beyond the others' bits
DEPTH = 6  # slices of a vector: some 110 bits, as many as double-double has


@dataclass(frozen=True)
class SlicedMatrix:
    """A (m, d) as a sum of matrices, each of few bits.

    The errors of its products are those of double-double arithmetic on the greatest entries: scale
    the columns to about equal length beforehand.
    """

    parts: list[Matrix]
    bits: int

    @classmethod
    def of(cls, A: Matrix) -> SlicedMatrix:
        """Cut A such that its products with a sliced vector, and their sums, are exact."""
        bits = (BITS - math.ceil(math.log2(max(A.shape)))) // 2  # of each factor
        top = _exponent(A)
        parts = []
        for i in range(1, PARTS):
            parts.append(_rounded(A, top - i * bits))
            A = A - parts[-1]
        return cls([*parts, A], bits)

    def residual(self, y: Vector, x: DoubleDouble) -> DoubleDouble:
        """Return y − Ax (m,), rounded once and not before the cancellation."""
        r = DoubleDouble(y, np.zeros_like(y))
        for level in self._levels(self.parts, x):
            r = r.plus(-level)
        return r

    def transposed_dot(self, r: DoubleDouble) -> DoubleDouble:
        """Return Aᵀr (d,)."""
        first, *others = self._levels([part.T for part in self.parts], r)
        g = DoubleDouble(first, np.zeros_like(first))
        for level in others:
            g = g.plus(level)
        return g

    def _levels(self, parts: list[Matrix], x: DoubleDouble) -> Matrix:
        """Return Σ_{i+j=k} Aᵢxⱼ for k = 2, 3, …: the first of full size, each next 2^bits smaller."""
        slices = _slices(x, self.bits)
        levels = slices @ parts[0].T
        for i, part in enumerate(parts[1:], 1):
            levels[i:] += slices[:-i] @ part.T
        return np.asarray(levels)


def _slices(x: DoubleDouble, bits: int) -> Matrix:
    """Cut a vector (m,) into slices (DEPTH, m)."""
    slices = np.empty((DEPTH, len(x.hi)))
    grid = _exponent(x.hi)
    for i in range(DEPTH):
        grid -= bits
        slices[i] = _rounded(x.hi, grid)
        x = quick_two_sum(x.hi - slices[i], x.lo)
    return slices


def _exponent(A: Matrix) -> int:
    """Return e with |A| < 2**e."""
    return math.frexp(max(float(A.max()), -float(A.min())))[1]


def _rounded(A: Matrix, exponent: int) -> Matrix:
    """Round to multiples of 2**exponent, by adding a number whose last bit this is."""
    anchor = math.ldexp(1.5, exponent + 52)
    rounded: Matrix = A + anchor
    rounded -= anchor
    return rounded
