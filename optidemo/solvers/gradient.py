"""Gradient descent, with momentum as an option, and Nesterov's accelerated gradient."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from optidemo.arrays import is_number
from optidemo.solvers.problem import Problem
from optidemo.solvers.run import SILENT, Run
from optidemo.solvers.second_look import give_up
from optidemo.solvers.step_argument import as_step_rule
from optidemo.solvers.steps import (
    Armijo,
    Diminishing,
    Fixed,
    InverseLipschitz,
)
from optidemo.status import Incompatible

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike

    from optidemo.arrays import Vector
    from optidemo.objective import Objective
    from optidemo.solvers.result import Result
    from optidemo.solvers.step_rule import StepRule

__all__ = ["accelerated_gradient", "gradient_descent"]

STUCK = (
    "No step along −∇f lowers f, however short: either f cannot resolve the fall (its rounding error "
    "is larger), or f has a kink here, or the gradient is wrong. optidemo.check_gradient tells."
)


@SILENT
def gradient_descent(
    fun: Callable[..., Any] | Objective,
    x0: ArrayLike | None = None,
    args: tuple[Any, ...] = (),
    *,
    jac: Callable[..., Any] | bool | None = None,
    step: StepRule | float | None = None,
    momentum: float = 0.0,
    tol: float = 1e-8,
    maxiter: int = 10_000,
    callback: Callable[..., Any] | None = None,
    **scipy_options: Any,
) -> Result:
    """Minimise f by steps against its gradient: p ← momentum · p − ∇f(x), x ← x + t p.

    An objective whose sense is "maximize" is climbed instead. The function is also a valid
    ``scipy.optimize.minimize(..., method=gradient_descent)``.

    Parameters
    ----------
    fun : callable or Objective
        ``fun(x, *args) -> float``.
    x0 : (d,) array_like, optional
        The start; an Objective brings its own.
    args : tuple
        Extra arguments of fun and jac; a single one need not be a tuple.
    jac : callable, True or None
        ∇f; True if fun returns (f, ∇f); None differentiates fun with autograd.
    step : float or step rule, optional
        A number is `Fixed`. By default 1/L where the objective knows L, else `Armijo`.
    momentum : float
        The heavy ball's β in [0, 1); 0 is plain descent (Polyak, 1964).
    tol : float
        Stop when ‖∇f(x)‖ ≤ tol ‖∇f(x₀)‖.
    maxiter : int
        Iterations at most.
    callback : callable, optional
        ``callback(xk)`` or ``callback(intermediate_result=…)`` after each iteration; StopIteration ends
        the run.
    **scipy_options
        What scipy passes besides; bounds and constraints are refused, others warned about.

    Returns
    -------
    Result
        See `optidemo.solvers.result.Result`.

    Raises
    ------
    ValueError
        If shapes do not fit; if the start is not finite or outside the domain; if step, momentum, tol
        or maxiter is out of its range; or for bounds and constraints.
    TypeError
        If fun, jac or callback is no function, or step no step rule; if fun or jac gives no real
        numbers, or autograd cannot differentiate fun; if x0 is missing or not real; or if
        `InverseLipschitz` meets an f that knows no L.

    Notes
    -----
    On a quadratic with curvatures between μ and L and the step 1/L the error shrinks by the factor
    1 − μ/L or better each iteration; a fixed step above 2/L diverges, with momentum β one above
    2(1 + β)/L.
    """
    if not (is_number(momentum) and 0 <= momentum < 1):
        raise ValueError(f"momentum must be in [0, 1), but is {momentum!r}.")
    problem = Problem(fun, x0, args, jac)
    run = Run(
        "gradient_descent", problem, tol=tol, maxiter=maxiter, callback=callback, options=scipy_options
    )  # fmt: skip
    if momentum:
        run.longest = (2.0 * (1.0 + momentum), "2(1 + β)/L")
    x = problem.x0
    f, g = problem.evaluate(x)
    go = as_step_rule(step, problem).start(problem, f, g)
    p = -g
    t = math.nan
    while not run.done(x, f, g, t):
        t, x, f, g = go(x, f, g, p)
        if t == 0:
            give_up(run, STUCK)
            break
        p = -g if momentum == 0 else momentum * p - g
        if momentum and p @ g >= 0:  # the ball rolls uphill: let it start anew
            p = -g
    return run.result()


@SILENT
def accelerated_gradient(
    fun: Callable[..., Any] | Objective,
    x0: ArrayLike | None = None,
    args: tuple[Any, ...] = (),
    *,
    jac: Callable[..., Any] | bool | None = None,
    step: StepRule | float | None = None,
    restart: bool = True,
    tol: float = 1e-8,
    maxiter: int = 10_000,
    callback: Callable[..., Any] | None = None,
    **scipy_options: Any,
) -> Result:
    """Minimise f by Nesterov's accelerated gradient, with adaptive restart.

    y is x extrapolated along its last move; x ← y − t ∇f(y). When the move goes uphill, the
    extrapolation starts anew (O'Donoghue and Candès, Found. Comput. Math. 15, 2015).

    Parameters
    ----------
    fun, x0, args, jac, step, tol, maxiter, callback, **scipy_options
        As in `gradient_descent`.
    restart : bool
        Restart adaptively; without it f ripples.

    Returns
    -------
    Result
        The trajectory is that of y, where the gradient is known.

    Raises
    ------
    ValueError
        As `gradient_descent`.
    TypeError
        As `gradient_descent`; also for a step rule other than `Fixed`, `InverseLipschitz`, `Armijo`
        and `Diminishing`.

    Notes
    -----
    For convex f, f(x) − f* ≤ 2L‖x₀ − x*‖²/(k+1)² (Nesterov, 1983); with restart the rate on a
    strongly convex f is about 1 − √(μ/L). On a quadratic, momentum near 1 bears no step above 4/(3L).
    """
    problem = Problem(fun, x0, args, jac)
    run = Run(
        "accelerated_gradient", problem, tol=tol, maxiter=maxiter, callback=callback, options=scipy_options
    )  # fmt: skip
    run.longest = (4.0 / 3.0, "4/(3L)")
    x = y = problem.x0
    f, g = problem.evaluate(y)
    go = _start_at_extrapolation(as_step_rule(step, problem), problem, f, g)
    theta, t = 1.0, math.nan
    while not run.done(y, f, g, t):
        t, x_next = go(y, f, g)
        if t == 0:
            give_up(run, STUCK)
            break
        if restart and g @ (x_next - x) > 0:
            theta = 1.0
        theta_next = 0.5 * (1.0 + math.sqrt(1.0 + 4.0 * theta**2))
        y = x_next + (theta - 1.0) / theta_next * (x_next - x)
        f, g = problem.evaluate(y)
        if not np.isfinite(f) and theta > 1.0:  # extrapolated out of the domain
            y, theta_next = x_next, 1.0
            f, g = problem.evaluate(y)
        x, theta = x_next, theta_next
    return run.result()


def _start_at_extrapolation(
    rule: StepRule, problem: Problem, f: float, g: Vector
) -> Callable[[Vector, float, Vector], tuple[float, Vector]]:
    """Return the step from y: its length and x, where a fixed step needs neither f nor ∇f.

    A search must reach Nesterov's condition f(x) ≤ f(y) − ½t‖∇f(y)‖², or the extrapolation
    oscillates; so Armijo's c is raised to ½, and the step grows but slowly.
    """
    if isinstance(rule, InverseLipschitz):
        rule = rule.fixed(problem)
    if isinstance(rule, Fixed):
        t = float(rule.step)
        return lambda y, _f, g: (t, y - t * g)
    if isinstance(rule, Armijo):
        rule = replace(rule, c=max(rule.c, 0.5), grow=min(rule.grow, 1.1))
    elif not isinstance(rule, Diminishing):
        raise Incompatible(
            f"{rule!r} is not compatible with accelerated_gradient, whose extrapolation needs a step "
            "of about 1/L: use InverseLipschitz(), Armijo() or a number."
        )
    go = rule.start(problem, f, g)
    return lambda y, f, g: go(y, f, g, -g)[:2]
