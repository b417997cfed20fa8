"""Double-double arithmetic: a number is an unevaluated sum hi + lo of two float64, about 32 digits.

The residual y − Xw of a good fit loses, in float64, the very digits that would improve the fit.
Error-free transformations keep them: a sum or product of two float64 is *exactly* the sum of its
rounded value and a rounding error that is itself a float64.

Sources: T. J. Dekker, "A floating-point technique for extending the available precision",
Numer. Math. 18 (1971); D. E. Knuth, TAOCP vol. 2, 4.2.2; T. Ogita, S. M. Rump and S. Oishi,
"Accurate sum and dot product", SIAM J. Sci. Comput. 26 (2005).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

__all__ = ["DoubleDouble", "dot", "matvec", "quick_two_sum", "residual", "two_prod", "two_sum"]

SPLITTER = 2.0**27 + 1.0  # float64 has 53 bits: the halves of 26 bits multiply without rounding


@dataclass(frozen=True, slots=True)
class DoubleDouble:
    """The unevaluated sum ``hi + lo``, entry by entry, with ``|lo| <= ulp(hi) / 2``."""

    hi: Array
    lo: Array

    def __add__(self, other: DoubleDouble) -> DoubleDouble:
        s = two_sum(self.hi, other.hi)
        return quick_two_sum(s.hi, s.lo + (self.lo + other.lo))

    def plus(self, a: Array) -> DoubleDouble:
        """Add a float64 array."""
        s = two_sum(self.hi, a)
        return quick_two_sum(s.hi, s.lo + self.lo)

    def __neg__(self) -> DoubleDouble:
        return DoubleDouble(-self.hi, -self.lo)

    def times(self, a: Array) -> DoubleDouble:
        """Multiply by a float64 array."""
        p = two_prod(self.hi, a)
        return quick_two_sum(p.hi, p.lo + self.lo * a)

    def __getitem__(self, index: Any) -> DoubleDouble:
        return DoubleDouble(self.hi[index], self.lo[index])


def two_sum(a: Array, b: Array) -> DoubleDouble:
    """Return s = fl(a + b) and the exact error e, so that a + b = s + e (Knuth)."""
    s = a + b
    shadow = s - a
    return DoubleDouble(s, (a - (s - shadow)) + (b - shadow))


def quick_two_sum(a: Array, b: Array) -> DoubleDouble:
    """Return the same as `two_sum` where |a| >= |b|, in half the operations (Dekker)."""
    s = a + b
    return DoubleDouble(s, b - (s - a))


def split(a: Array) -> tuple[Array, Array]:
    """Cut a 53-bit number into two of 26 bits (Veltkamp)."""
    shifted = SPLITTER * a
    high = shifted - (shifted - a)
    return high, a - high


def two_prod(a: Array, b: Array) -> DoubleDouble:
    """Return p = fl(a b) and the exact error e, so that a b = p + e (Dekker, Veltkamp).

    Exact for 2**-480 < |a|, |b| < 2**480, or zeros: scale the data by powers of two beforehand.
    """
    p = a * b
    a_high, a_low = split(a)
    b_high, b_low = split(b)
    e = ((a_high * b_high - p) + a_high * b_low + a_low * b_high) + a_low * b_low
    return DoubleDouble(p, e)


def total(terms: DoubleDouble) -> DoubleDouble:
    """Sum along the first axis: neighbours in pairs, so that n terms take log2(n) roundings."""
    while len(terms.hi) > 1:
        half = len(terms.hi) // 2
        odd = terms[2 * half :]
        terms = terms[:half] + terms[half : 2 * half]
        if len(odd.hi):
            terms = DoubleDouble(
                np.concatenate((terms.hi, odd.hi)), np.concatenate((terms.lo, odd.lo))
            )
    return DoubleDouble(terms.hi.sum(axis=0), terms.lo.sum(axis=0))


def dot(A: Array, x: Array | DoubleDouble) -> DoubleDouble:
    """Return Aᵀx: the sum over rows i of A[i] x[i], for A (n, d) or (n,) and x (n,)."""
    exact = x if isinstance(x, DoubleDouble) else DoubleDouble(x, np.zeros_like(x))
    column = (slice(None),) + (None,) * (A.ndim - 1)
    return total(exact[column].times(A))


def matvec(A: Array, x: Array | DoubleDouble) -> DoubleDouble:
    """Return Ax, for A (n, d) and x (d,)."""
    return dot(A.T, x)


def residual(y: Array, A: Array, x: Array | DoubleDouble) -> DoubleDouble:
    """Return y − Ax, rounded once and not before the cancellation."""
    return (-matvec(A, x)).plus(y)
