"""What the log-likelihoods, objectives 14 to 17, have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optidemo.arrays import Vector, as_vector
from optidemo.linalg.moments import exact_sum
from optidemo.objective import Objective
from optidemo.status import DomainError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["Likelihood", "shown"]

LEAST = 2.0**-480  # and 1/LEAST: from 1e-144 to 1e144 an inverse square is far from the ends


class Likelihood(Objective):
    """What the five have in common: a sample, its log-likelihood, one maximum."""

    sense = "maximize"
    convex = True
    sample_name = "x"
    rule = "numbers"
    d = 1

    def __init__(self, x: ArrayLike) -> None:
        self.x = as_vector(x, self.sample_name).copy()
        self.n = self.x.size
        self.total = exact_sum(self.x)
        self._check()

    @staticmethod
    def impossible(x: Vector) -> NDArray[np.bool_]:
        """Which observations can the distribution not produce? Those that break `rule`."""
        return np.zeros(x.shape, dtype=bool)

    def _check(self) -> None:
        """Refuse observations that the distribution cannot produce."""
        bad = self.impossible(self.x)
        if bad.any():
            i = int(np.argmax(bad))
            name = self.sample_name
            raise ValueError(
                f"{name} must hold {self.rule}, but {name}[{i}] is {shown(self.x[i])}."
            )

    def _refuse_size(self, what: str, size: float) -> None:
        """Refuse a sample in whose unit no float64 can hold the curvature of f."""
        if size and not LEAST <= size <= 1.0 / LEAST:
            raise ValueError(
                f"{what} is {size:.0e}, and its inverse square, with which the curvature of f goes, is "
                f"beyond what a float64 can hold. Multiply {self.sample_name} by a power of ten that "
                "brings it nearer to 1."
            )

    def _inside(self, x: ArrayLike) -> Vector:
        x = self.point(x)
        if not self.contains(x):
            raise DomainError(f"{self.variable} = {x} lies outside the domain {self.domain}.")
        return x


def shown(value: float) -> str:
    """Return a number with as many digits as tell it from its neighbours."""
    return repr(float(value)).removesuffix(".0")
