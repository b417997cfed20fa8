"""Units of measurement: powers of two, by which a multiplication rounds nothing.

A float64 reaches from 1e-308 to 1e308, but a square, as every sum of squares holds them, is right
only from 1e-154 to 1e154. Data beyond that are brought to size 1, solved, and the answer is brought
back; so it has the same digits in any unit, as long as a float64 can hold it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optidemo.arrays import Matrix, Vector

__all__ = [
    "LONGEST",
    "SHORTEST",
    "held",
    "length",
    "lengths",
    "power_of_two",
    "safe",
    "times",
    "units",
]

REACH = 300  # exponent up to which sums of products of two numbers are safe: 1e90
SHORTEST, LONGEST = 2.0**-REACH, 2.0**REACH


def safe(length: float) -> bool:
    """May this length be squared, and multiplied by another, without a second thought?"""
    return length == 0.0 or SHORTEST <= length <= LONGEST


def units(largest: Sequence[float], count: int) -> tuple[int, ...]:
    """Return the exponents of two that bring these magnitudes to about 1; 0 where that is safe.

    Safe means: so are they, and so is the length of a vector of `count` such numbers.
    """
    longest = math.sqrt(count)
    return tuple(
        0 if safe(size) and safe(longest * size) else -math.frexp(size)[1] for size in largest
    )


def times(array: Any, exponent: Any) -> Any:
    """Return array · 2**exponent, rounded to what a float64 can hold: inf and 0 at the ends.

    One exponent, or one for each entry.
    """
    with np.errstate(over="ignore", under="ignore"):
        return np.ldexp(array, exponent)


def held(array: Vector, exponent: Any, name: str, remedy: str) -> Vector:
    """Return array · 2**exponent.

    Raises
    ------
    ValueError
        If the greatest entry is more, or less, than a float64 can hold to all its digits.
    """
    size = float(np.max(np.abs(array), initial=0.0))
    answer = np.asarray(times(array, exponent))
    if size and not np.finfo(float).tiny <= np.max(np.abs(answer)) < np.inf:
        entries = np.ma.log10(np.abs(array)) + np.asarray(exponent) * math.log10(2.0)
        power = round(float(entries.max()))
        raise ValueError(
            f"{name} has entries of about 1e{power}, which no float64 can hold. {remedy} by a "
            "power of ten that brings it nearer to 1."
        )
    return answer


def power_of_two(lengths: Vector) -> Vector:
    """Return the powers of two that bring columns of these lengths to about 1; 1 for length 0."""
    significand, exponent = np.frexp(np.where(lengths > 0.0, lengths, 1.0))
    return np.ldexp(1.0, np.where(significand > math.sqrt(0.5), -exponent, 1 - exponent))


def length(v: Vector) -> float:
    """Return ‖v‖₂; no square overflows or vanishes."""
    return float(lengths(v[:, None])[0])


def lengths(R: Matrix) -> Vector:
    """Return the lengths of the columns; no square overflows or vanishes."""
    unit = power_of_two(np.max(np.abs(R), axis=0, initial=0.0))
    return np.asarray(np.linalg.norm(R * unit, axis=0) / unit)
