"""The subgradient method, for objectives with kinks."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from optidemo.solvers.problem import Problem
from optidemo.solvers.run import SILENT, Run
from optidemo.solvers.step_argument import as_step_rule
from optidemo.solvers.steps import Diminishing
from optidemo.status import Status

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike

    from optidemo.arrays import Vector
    from optidemo.objective import Objective
    from optidemo.solvers.result import Result
    from optidemo.solvers.step_rule import StepRule

__all__ = ["subgradient_descent"]


@SILENT
def subgradient_descent(
    fun: Callable[..., Any] | Objective,
    x0: ArrayLike | None = None,
    args: tuple[Any, ...] = (),
    *,
    jac: Callable[..., Any] | bool | None = None,
    step: StepRule | float | None = None,
    tol: float = 1e-8,
    maxiter: int = 10_000,
    callback: Callable[..., Any] | None = None,
    **scipy_options: Any,
) -> Result:
    """Minimise a convex f with kinks by steps against a subgradient; keep the best point.

    Parameters
    ----------
    fun, x0, args, jac, tol, maxiter, callback, **scipy_options
        As in `optidemo.gradient_descent`; jac may return any subgradient.
    step : float or step rule, optional
        By default ``Diminishing()``, the distance 1/√k: a fixed step does not settle at a kink.

    Returns
    -------
    Result
        Success means that 0 is all but a subgradient at the last iterate. An objective with kinks
        tells the distance of 0 from its subdifferential, which must be at most tol times the first;
        of any other f the subgradient that jac returns must be so short, as it is where f is smooth
        or flat, but hardly at a kink. A method this slow seldom succeeds; `x` is otherwise the best
        point met, not the last.

    Raises
    ------
    ValueError, TypeError
        As `optidemo.gradient_descent`.

    Notes
    -----
    With steps 1/√k the best value falls as O(log k/√k) (Shor, Minimization Methods for
    Non-Differentiable Functions, 1985).
    """
    problem = Problem(fun, x0, args, jac)
    run = Run(
        "subgradient_descent", problem, tol=tol, maxiter=maxiter, callback=callback, options=scipy_options
    )  # fmt: skip
    x = problem.x0
    f, g = problem.evaluate(x)
    rule = Diminishing() if step is None else as_step_rule(step, problem)
    if _distance(problem, x) is not None:
        run.measure = "distance from 0 to the subdifferential"
    go = rule.start(problem, f, g)
    best, t = (x, f, g), math.nan
    while not run.done(x, f, g, t, residual=_distance(problem, x)):
        t, x, f, g = go(x, f, g, -g)
        if f < best[1] and np.isfinite(x).all():
            best = (x, f, g)
    return run.result(best if run.status is not Status.CONVERGED else None)


def _distance(problem: Problem, x: Vector) -> float | None:
    """Return the distance from 0 to the subdifferential; None without that knowledge."""
    if problem.objective is None or problem.objective.smooth:
        return None
    return problem.objective.stationarity(x)
