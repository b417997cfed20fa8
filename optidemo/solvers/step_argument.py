"""What a user may pass as `step`: a number, a rule, or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optidemo.names import unknown_name
from optidemo.solvers.steps import Armijo, Fixed, InverseLipschitz
from optidemo.status import Incompatible

if TYPE_CHECKING:
    from optidemo.solvers.problem import Problem
    from optidemo.solvers.step_rule import StepRule

__all__ = ["as_length", "as_step_rule"]


def as_step_rule(step: StepRule | float | None, problem: Problem) -> StepRule:
    """Return a rule: a number is `Fixed`; None is 1/L where L is known on all of ℝᵈ, else `Armijo`."""
    if step is None:
        f = problem.objective
        L = problem.lipschitz() if f is not None and f.whole_space else None
        return InverseLipschitz() if L is not None and L > 0 else Armijo()
    if isinstance(step, str):
        choices = ("Fixed", "InverseLipschitz", "Armijo", "Diminishing", "BarzilaiBorwein")
        raise TypeError(f"{unknown_name('step rule', step, choices)} Pass the object: Armijo().")
    if isinstance(step, int | float | np.number):
        return Fixed(step)
    if isinstance(step, type) and hasattr(step, "start"):
        raise TypeError(
            f"step is the class {step.__name__}; pass an object of it: step={step.__name__}(…)."
        )
    if not hasattr(step, "start"):
        raise TypeError(f"step must be a number or a step rule such as Armijo(), but is {step!r}.")
    return step


def as_length(step: Fixed | float | None, solver: str) -> float | None:
    """Return the length of a fixed step, for a solver that takes no other rule; None stays None."""
    if step is None or isinstance(step, Fixed):
        return None if step is None else float(step.step)
    if not isinstance(step, int | float | np.number):
        raise Incompatible(f"{solver} takes a number or Fixed as its step, not {step!r}.")
    return float(Fixed(step).step)
