"""The problems that a student's own solver is tried on, with every call counted."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from optidemo.objectives import LinearRegression

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optidemo.arrays import Vector

__all__ = ["TooManyCalls", "Trial", "family"]

SIZES = (1, 2, 5)
PATIENCE = 100_000  # calls of the gradient in a run, beyond 50 per iteration that it was allowed
PROBE = 1e-4  # from x0 to a point that only measures a difference, at most, as a part of x0's size


class TooManyCalls(BaseException):
    """Ends a solver that never stops; not an Exception, so that no ``except`` holds it up."""


@dataclass
class Trial:
    """One least-squares problem, its counted functions, and the step 1/L."""

    f: LinearRegression
    x0: Vector
    limit: float = math.inf
    calls: dict[str, int] = field(default_factory=lambda: {"fun": 0, "grad": 0})
    first_step: Vector | None = None  # from x0 to where the gradient was asked for next
    furthest: float = 0.0  # from x0, of the points where the gradient was asked for

    @property
    def name(self) -> str:
        """Say how large it is."""
        return f"a least-squares problem in {self.f.d} variable{'s' if self.f.d > 1 else ''}"

    def begin(self, maxiter: int) -> None:
        """Forget the calls of the run before, and set how many the next one may make."""
        self.calls = {"fun": 0, "grad": 0}
        self.limit = 50 * maxiter + PATIENCE
        self.first_step, self.furthest = None, 0.0

    def fun(self, x: Any) -> float:
        """Return f(x), counted."""
        self.calls["fun"] += 1
        return self.f.value(x)

    def grad(self, x: Any) -> Vector:
        """Return ∇f(x), counted."""
        self.calls["grad"] += 1
        if self.calls["grad"] > self.limit:
            raise TooManyCalls
        g = self.f.gradient(x)
        away = np.asarray(x, dtype=float) - self.x0
        distance = float(np.linalg.norm(away))
        self.furthest = max(self.furthest, distance)
        if self.first_step is None and distance > PROBE * (1 + float(np.linalg.norm(self.x0))):
            self.first_step = away
        return g

    def iterations(self, tol: float) -> int:
        """Return how many steps of 1/L theory asks for to come as near as `tol`."""
        rate = 1.0 - self.f.strong_convexity() / self.f.lipschitz()
        return 20 + (math.ceil(2 * math.log(0.1 * tol) / math.log(rate)) if rate > 0 else 0)


def family(seed: int) -> Iterator[Trial]:
    """Draw least-squares problems of several sizes, all well conditioned."""
    rng = np.random.default_rng(seed)
    for d in SIZES:
        X = rng.standard_normal((4 * d + 4, d)) * rng.uniform(0.7, 1.4, d)
        y = X @ rng.uniform(1.0, 3.0, d) + 0.3 * rng.standard_normal(len(X))
        yield Trial(LinearRegression(X, y), rng.standard_normal(d))
