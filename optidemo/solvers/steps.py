"""Step rules: small frozen objects that check themselves and say how far to go.

A rule is immutable. ``rule.start(problem, f, g)`` returns the function that one run uses: it takes
the iterate x, f, ∇f and a direction p, and returns the step and the next iterate.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from optidemo.arrays import EPS, is_number, is_whole
from optidemo.solvers.line_search import Move, backtrack, first_step
from optidemo.status import Incompatible

if TYPE_CHECKING:
    from optidemo.arrays import Vector
    from optidemo.solvers.problem import Problem
    from optidemo.solvers.step_rule import Stepper

__all__ = [
    "Armijo",
    "BarzilaiBorwein",
    "Diminishing",
    "Fixed",
    "InverseLipschitz",
]


def _check(rule: object, name: str, number: float, *, below: float = math.inf) -> None:
    if not (is_number(number) and 0 < number < below):
        limit = "" if below == math.inf else f" and < {below:g}"
        raise ValueError(f"{type(rule).__name__}: {name} must be > 0{limit}, but is {number!r}.")


@dataclass(frozen=True)
class Fixed:
    """The same step every time: x ← x + step · p.

    Parameters
    ----------
    step : float
        t > 0. Plain descent diverges above 2/L.

    Raises
    ------
    ValueError
        If step is not a finite number > 0.
    """

    step: float

    def __post_init__(self) -> None:
        _check(self, "step", self.step)

    def start(self, problem: Problem, f: float, g: Vector) -> Stepper:  # noqa: ARG002
        """Begin a run."""
        t, evaluate = float(self.step), problem.evaluate

        def go(x: Vector, f: float, g: Vector, p: Vector) -> Move:  # noqa: ARG001
            x = x + t * p
            return Move(t, x, *evaluate(x))

        return go


@dataclass(frozen=True)
class InverseLipschitz:
    """The step 1/L, which makes plain gradient descent converge on every convex f.

    Raises
    ------
    TypeError
        By the solver, when its run starts: if f is a plain function or an objective that knows no L.

    Notes
    -----
    Source: Nesterov, Lectures on Convex Optimization, 2018, theorem 2.1.14.
    """

    def start(self, problem: Problem, f: float, g: Vector) -> Stepper:
        """Begin a run; raises TypeError if the objective knows no L."""
        return self.fixed(problem).start(problem, f, g)

    def fixed(self, problem: Problem) -> Fixed:
        """Return the fixed step 1/L of a problem; 1 where L = 0."""
        L = problem.lipschitz()
        if L is None:
            name = "A plain function" if problem.objective is None else repr(problem.objective)
            raise Incompatible(
                f"{name} is not compatible with InverseLipschitz: it must implement lipschitz(), "
                "and have a finite one. Use step=Armijo()."
            )
        return Fixed(1.0 / L if L > 0 else 1.0)


@dataclass(frozen=True)
class Diminishing:
    """The step initial/k^power, k = 1, 2, …: for kinks and noise, where a fixed step does not settle.

    Parameters
    ----------
    initial : float
        The first step.
    power : float
        How fast the steps shrink, 0 < power ≤ 1: their sum must grow without end, or x may never
        get to the minimum.
    normalized : bool
        Divide the direction by its length, which makes the steps distances.

    Raises
    ------
    ValueError
        If initial is not a finite number > 0, or power not in (0, 1].
    """

    initial: float = 1.0
    power: float = 0.5
    normalized: bool = True

    def __post_init__(self) -> None:
        _check(self, "initial", self.initial)
        _check(self, "power", self.power, below=1.0 + EPS)

    def start(self, problem: Problem, f: float, g: Vector) -> Stepper:  # noqa: ARG002
        """Begin a run."""
        k = 0

        def go(x: Vector, f: float, g: Vector, p: Vector) -> Move:  # noqa: ARG001
            nonlocal k
            k += 1
            t = self.length(k, p)
            x = x + t * p
            return Move(t, x, *problem.evaluate(x))

        return go

    def length(self, k: int, p: Vector) -> float:
        """Return the k-th step along p, k = 1, 2, …"""
        size = float(np.linalg.norm(p)) if self.normalized else 1.0
        return float(self.initial / k**self.power / (size or 1.0))


@dataclass(frozen=True)
class Armijo:
    """Backtracking until f falls by at least c · t · |pᵀ∇f|.

    Where the fall of f drowns in its rounding error, the slope decides instead (Hager and Zhang's
    approximate Wolfe condition), so that the gradient can still shrink.

    Parameters
    ----------
    c : float
        Part of the fall that the slope promises which f must reach, 0 < c < 1. On a quadratic it
        allows steps up to 2(1 − c)/L: with a c near 0 they may be just below 2/L, where x jumps to
        and fro across the valley and hardly gets closer.
    shrink : float
        Factor, below 1, of a step that is refused.
    grow : float
        Factor, at least 1, of the next first trial after a step that was taken at once. It is no
        power of `shrink`, else the steps would repeat the same few lengths for ever.
    initial : float, optional
        The first trial; by default the step that moves x by the distance max(‖x‖, 1).

    Raises
    ------
    ValueError
        If a parameter is out of its range.

    Notes
    -----
    Sources: Armijo, Pacific J. Math. 16, 1966; Hager and Zhang, SIAM J. Optim. 16, 2005.
    """

    c: float = 0.3
    shrink: float = 0.5
    grow: float = 1.9
    initial: float | None = None

    def __post_init__(self) -> None:
        _check(self, "c", self.c, below=1.0)
        _check(self, "shrink", self.shrink, below=1.0)
        _check(self, "grow", self.grow)
        if self.grow < 1:
            raise ValueError(f"Armijo: grow must be ≥ 1, but is {self.grow!r}.")
        if self.initial is not None:
            _check(self, "initial", self.initial)

    def start(self, problem: Problem, f: float, g: Vector) -> Stepper:  # noqa: ARG002
        """Begin a run."""
        t = self.initial or first_step(problem.x0, g)

        def go(x: Vector, f: float, g: Vector, p: Vector) -> Move:
            nonlocal t
            move, t = backtrack(problem, self, x, f, g, p, t, ceiling=f)
            return move

        return go


@dataclass(frozen=True)
class BarzilaiBorwein:
    """The step sᵀs/sᵀy of the last move s and change of gradient y, under a nonmonotone search.

    Parameters
    ----------
    memory : int
        f must fall below the largest of so many last values; with 1 it must fall at every step.

    Raises
    ------
    ValueError
        If memory is not a whole number ≥ 1.

    Notes
    -----
    Sources: Barzilai and Borwein, IMA J. Numer. Anal. 8, 1988; Raydan, SIAM J. Optim. 7, 1997.
    """

    memory: int = 10

    def __post_init__(self) -> None:
        if not (is_whole(self.memory) and self.memory >= 1):
            raise ValueError(
                f"BarzilaiBorwein: memory must be a whole number ≥ 1, but is {self.memory!r}."
            )

    def start(self, problem: Problem, f: float, g: Vector) -> Stepper:
        """Begin a run."""
        search = Armijo(c=1e-4)
        recent = deque([f], maxlen=int(self.memory))
        t = first_step(problem.x0, g)

        def go(x: Vector, f: float, g: Vector, p: Vector) -> Move:
            nonlocal t
            move, _ = backtrack(problem, search, x, f, g, p, t, ceiling=max(recent))
            recent.append(move.f)
            s, y = move.x - x, move.g - g
            curvature = float(s @ y)
            t = float(s @ s) / curvature if curvature > 0 else 2.0 * (move.step or t)
            return move

        return go
