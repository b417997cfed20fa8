"""What a step rule is, to a solver: any object that starts so is one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from optidemo.arrays import Vector
    from optidemo.solvers.line_search import Move
    from optidemo.solvers.problem import Problem

__all__ = ["StepRule", "Stepper"]


class Stepper(Protocol):
    """What a started rule is."""

    def __call__(self, x: Vector, f: float, g: Vector, p: Vector) -> Move:
        """Go from x along p."""
        ...


class StepRule(Protocol):
    """What a rule is."""

    def start(self, problem: Problem, f: float, g: Vector) -> Stepper:
        """Begin a run at the start of `problem`, where f and ∇f are given."""
        ...
