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

    def _inside(self, x: ArrayLike) -> Vector:
        x = self.point(x)
        if not self.contains(x):
            raise DomainError(f"{self.variable} = {x} lies outside the domain {self.domain}.")
        return x


def shown(value: float) -> str:
    """Return a number with as many digits as tell it from its neighbours."""
    return repr(float(value)).removesuffix(".0")
