"""Mean and standard deviation to the last digit, as the Gaussian likelihood's maximum needs them.

The textbook √(mean(x²) − mean(x)²) subtracts two nearly equal numbers: for 10⁷ ± 0.1 nothing is
left. Here the mean is the exact sum, rounded once and divided; deviations are taken from it, and
what rounding left in it is corrected for (the corrected two-pass algorithm).

Source: T. F. Chan, G. H. Golub and R. J. LeVeque, "Algorithms for computing the sample variance",
Am. Stat. 37 (1983); the test data NumAcc1 to NumAcc4 are NIST's.
"""

from __future__ import annotations

import math
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from optidemo.arrays import as_vector

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from optidemo.arrays import Vector

__all__ = ["exact_sum", "mean", "standard_deviation"]

BLOCK = 2**16  # numbers that are Python's at a time: each then takes four times its eight bytes


def exact_sum(x: Vector) -> float:
    """Return Σ xᵢ, rounded once."""
    blocks = (x[i : i + BLOCK].tolist() for i in range(0, len(x), BLOCK))
    return math.fsum(chain.from_iterable(blocks))


def mean(x: ArrayLike) -> float:
    """Return Σ xᵢ / n; the sum is exact before it is rounded.

    Raises
    ------
    ValueError
        If x (n,) is empty or not finite.
    """
    x = as_vector(x, "x")
    scale = 2.0 ** math.ceil(math.log2(len(x)))  # so that the sum of large numbers stays finite
    return exact_sum(x / scale) / (len(x) / scale)


def standard_deviation(x: ArrayLike, *, ddof: int = 1) -> float:
    """Return √(Σ (xᵢ − x̄)² / (n − ddof)).

    Parameters
    ----------
    x : (n,) array
        The sample.
    ddof : int
        1 for the sample standard deviation, 0 for the maximum-likelihood estimate of σ.

    Raises
    ------
    ValueError
        If n ≤ ddof.
    """
    x = as_vector(x, "x")
    if len(x) <= ddof:
        raise ValueError(
            f"A standard deviation with ddof={ddof} needs more than {ddof} samples, but there are "
            f"{len(x)}."
        )
    deviation = x - mean(x)
    unit = float(np.max(np.abs(deviation))) or 1.0  # so that no square overflows or vanishes
    deviation = deviation / unit
    squares = exact_sum(deviation**2)
    shift = exact_sum(deviation)
    return unit * math.sqrt((squares - shift**2 / len(x)) / (len(x) - ddof))
