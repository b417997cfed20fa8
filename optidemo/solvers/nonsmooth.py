"""Solvers for objectives with kinks or constraints: subgradients, proximal steps, projections."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from optidemo.objective import Objective
from optidemo.objectives.linear import Linear
from optidemo.objectives.sum import Sum
from optidemo.solvers.problem import Problem, norm_of
from optidemo.solvers.run import SILENT, Run
from optidemo.solvers.steps import Diminishing, StepRule, as_step_rule
from optidemo.status import Status

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike

    from optidemo.arrays import Vector
    from optidemo.solvers.result import Result

__all__ = ["projected_gradient", "proximal_gradient", "subgradient_descent"]


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
        `x` is the best point met, not the last. Success means that 0 is a subgradient there, within
        tol of the first subgradient's norm: it is claimed only where the objective knows its
        subdifferential, and a method this slow seldom gets there.

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
        if f < best[1]:
            best = (x, f, g)
    return run.result(best if run.status is not Status.CONVERGED else None)


def _distance(problem: Problem, x: Vector) -> float | None:
    """Return the distance from 0 to the subdifferential; None without that knowledge."""
    if problem.objective is None or problem.objective.smooth:
        return None
    return problem.objective.stationarity(x)


@SILENT
def proximal_gradient(
    fun: Callable[..., Any] | Objective,
    x0: ArrayLike | None = None,
    args: tuple[Any, ...] = (),
    *,
    jac: Callable[..., Any] | bool | None = None,
    prox: Callable[[Vector, float], Vector] | None = None,
    penalty: Callable[[Vector], float] | None = None,
    step: float | None = None,
    accelerated: bool = True,
    tol: float = 1e-8,
    maxiter: int = 10_000,
    callback: Callable[..., Any] | None = None,
    **scipy_options: Any,
) -> Result:
    """Minimise a smooth f plus a simple h with kinks: x ← prox_{t h}(x − t ∇f(x)), ISTA or FISTA.

    Parameters
    ----------
    fun : callable or Objective
        Either an objective with one term that has a proximal operator, such as
        ``LinearRegression(X, y) + 0.1 * L1Norm(d)``, or the smooth f alone, with `prox` and
        `penalty`.
    x0, args, jac, tol, maxiter, callback, **scipy_options
        As in `optidemo.gradient_descent`.
    prox : callable, optional
        ``prox(x, t)`` = argmin_u h(u) + ‖u − x‖²/(2t), if fun is the smooth part alone.
    penalty : callable, optional
        h(x) itself, for the values.
    step : float, optional
        The first trial of t; by default 1/L. It is halved until f lies below its quadratic model.
    accelerated : bool
        FISTA with adaptive restart (Beck and Teboulle, SIAM J. Imaging Sci. 2, 2009); else ISTA.

    Returns
    -------
    Result
        Success rests on the proximal residual ‖x − prox(x − t∇f(x))‖/t, measured where the solver
        stops, relative to the first one. `jac` is the gradient of the smooth part.

    Raises
    ------
    TypeError
        If the objective has no proximal operator.
    """
    smooth, h, proximal = _composite(fun, prox, penalty)
    problem = Problem(smooth, _start(fun, x0), args, jac)
    run = Run(
        "proximal_gradient", problem, tol=tol, maxiter=maxiter, callback=callback, options=scipy_options
    )  # fmt: skip
    run.measure = "proximal residual"
    run.constrained = True  # the smooth part alone is not what is minimised
    L = problem.lipschitz()
    x = y = problem.x0
    f, g = problem.evaluate(y)
    t = step if step is not None else (1.0 / L if L else 1.0 / max(norm_of(g), 1e-300))
    if not t > 0:
        raise ValueError(f"step must be > 0, but is {step!r}.")
    theta, taken, total, residual = 1.0, math.nan, f + h(x), math.inf
    while True:
        t, x_next, f_next = _proximal_step(problem, proximal, y, f, g, t)
        residual = norm_of((y - x_next) / t)
        if run.done(y, total, g, taken, residual=residual):
            break
        if accelerated and (y - x_next) @ (x_next - x) > 0:
            theta = 1.0
        theta_next = 0.5 * (1.0 + math.sqrt(1.0 + 4.0 * theta**2))
        y = x_next + ((theta - 1.0) / theta_next if accelerated else 0.0) * (x_next - x)
        x, theta, taken = x_next, theta_next, t
        f, g = problem.evaluate(y)
        total = f + h(y)
    return run.result((x_next, f_next + h(x_next), problem.gradient(x_next)), residual=residual)


def _proximal_step(
    problem: Problem, proximal: Callable[[Vector, float], Vector], y: Vector, f: float, g: Vector, t: float
) -> tuple[float, Vector, float]:  # fmt: skip
    """Return t, prox(y − t g) and f there, with t halved until f is below its quadratic model."""
    rounding = 1e-15 * abs(f)
    while True:
        x = proximal(y - t * g, t)
        move = x - y
        f_new = problem.value(x)
        if f_new <= f + g @ move + (move @ move) / (2 * t) * (1 + 1e-12) + rounding or t < 1e-300:
            return t, x, f_new
        t *= 0.5


def _composite(fun: Any, prox: Any, penalty: Any) -> Any:
    """Return the smooth part, h and its proximal operator, all to be minimised."""
    if not isinstance(fun, Objective):
        if prox is None:
            raise TypeError(
                "proximal_gradient needs the proximal operator of the term with kinks: pass "
                "prox=(x, t) -> x, or an objective such as LinearRegression(X, y) + 0.1 * L1Norm(d)."
            )
        return fun, (penalty or (lambda _x: 0.0)), prox
    if prox is not None:
        return fun, (penalty or (lambda _x: 0.0)), prox
    if not fun.offers("prox") or fun.sense != "minimize":
        raise TypeError(
            f"{fun!r} is not compatible with proximal_gradient: it must implement prox(x, t), or be "
            "a sum to be minimised with exactly one such term."
        )
    if not isinstance(fun, Sum):
        return Linear(np.zeros(fun.d)), fun.value, fun.prox
    assert fun.nonsmooth is not None  # noqa: S101  (offers("prox") says so)
    rest = fun.smooth_part if fun.smooth_part is not None else Linear(np.zeros(fun.d))
    return rest, fun.nonsmooth.value, fun.nonsmooth.prox


def _start(fun: Any, x0: ArrayLike | None) -> ArrayLike | None:
    return getattr(fun, "x0", None) if x0 is None else x0


def projected_gradient(
    fun: Callable[..., Any] | Objective,
    x0: ArrayLike | None = None,
    args: tuple[Any, ...] = (),
    *,
    projection: Callable[[Vector], Vector] | None = None,
    **options: Any,
) -> Result:
    """Minimise f over a convex set: x ← P(x − t ∇f(x)), where P is the projection on the set.

    Parameters
    ----------
    fun, x0, args
        As in `optidemo.gradient_descent`.
    projection : callable, optional
        P(x), the nearest point of the set, shape (d,). An objective that has a method `project`
        brings its own.
    **options
        As in `proximal_gradient`, of which this is the case where h is 0 on the set and infinite
        outside.

    Returns
    -------
    Result
        Success rests on the projected residual ‖x − P(x − t∇f(x))‖/t.

    Raises
    ------
    TypeError
        If no projection is given.
    """
    project = projection or getattr(fun, "project", None)
    if project is None:
        raise TypeError(
            f"{fun!r} is not compatible with projected_gradient: it must implement project(x), or "
            "pass projection=."
        )
    start = _start(fun, x0)
    if start is None:
        raise TypeError("x0 is missing: only an Objective brings its own start.")
    feasible = project(np.array(start, dtype=float))
    result = proximal_gradient(
        fun, feasible, args, prox=lambda x, _t: project(x), **{"accelerated": False, **options}
    )
    result.solver = "projected_gradient"
    return result
