"""Objectives with a simple term that has kinks, or a convex set: proximal and projected gradient."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from optidemo.arrays import EPS, as_array
from optidemo.objective import Objective
from optidemo.solvers.problem import Problem, norm_of
from optidemo.solvers.run import SILENT, Run
from optidemo.solvers.splitting import Split, first_step, proximal_step, taken_apart
from optidemo.solvers.step_argument import as_length
from optidemo.solvers.surroundings import Surroundings
from optidemo.solvers.way_out import runs_away
from optidemo.status import Incompatible, Status

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike

    from optidemo.arrays import Vector
    from optidemo.solvers.result import Result
    from optidemo.solvers.steps import Fixed

__all__ = ["projected_gradient", "proximal_gradient"]

SHORT = 1e-6  # of the first step
LONGEST = 1e300  # a step that is infinite would make any residual 0
TOO_SHORT = (
    "The step {:.4g} is too short to move x by a digit. Take a longer one, or leave step out."
)
STUCK = (
    "No step lowers f, however short, and 0 is no subgradient here: f has noise or a kink that the "
    "proximal operator does not know, or its gradient contradicts its values."
)


@SILENT
def proximal_gradient(
    fun: Callable[..., Any] | Objective,
    x0: ArrayLike | None = None,
    args: tuple[Any, ...] = (),
    *,
    jac: Callable[..., Any] | bool | None = None,
    prox: Callable[[Vector, float], Vector] | None = None,
    penalty: Callable[[Vector], float] | None = None,
    step: Fixed | float | None = None,
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
        h(x) itself, for the values; 0 if left out, as on a set whose projection `prox` is.
    step : float or Fixed, optional
        The first trial of t; by default 1/L. It is halved until f lies below its quadratic model.
    accelerated : bool
        FISTA with adaptive restart (Beck and Teboulle, SIAM J. Imaging Sci. 2, 2009); else ISTA.

    Returns
    -------
    Result
        Success rests on the proximal residual ‖x − prox(x − t∇f(x))‖/t, measured at the x returned,
        relative to the first one. `jac` is the gradient of the smooth part. The trajectory is that
        of x, with f + h there; its `gradient_norm` is the residual at the point y that FISTA
        extrapolates from x (for ISTA y = x). With maxiter=0, x is x0.

    Raises
    ------
    TypeError
        If the objective has no proximal operator, or `penalty` is given without `prox`.
    """
    return _descend(
        "proximal_gradient", taken_apart(fun, prox, penalty), _start(fun, x0), args, jac=jac, step=step,
        accelerated=accelerated, tol=tol, maxiter=maxiter, callback=callback, options=scipy_options,
    )  # fmt: skip


def _descend(
    solver: str, split: Split, x0: ArrayLike | None, args: tuple[Any, ...], *, jac: Any,
    step: Fixed | float | None, accelerated: bool, tol: float, maxiter: int,
    callback: Callable[..., Any] | None, options: dict[str, Any],
) -> Result:  # fmt: skip
    """Run both solvers: the projection is a proximal operator."""
    problem = Problem(split.smooth, x0, args, jac)
    run = Run(
        solver, problem, tol=tol, maxiter=maxiter, callback=callback, options=options,
        measure="proximal residual", constrained=True,  # f alone is not what is minimised
    )  # fmt: skip
    run.around = around = Surroundings(problem, split)
    L = problem.lipschitz()
    x = y = problem.x0
    fx, g = problem.evaluate(x)
    fy, theta, taken = fx, 1.0, math.nan
    usual = 1.0 / L if L else first_step(split.proximal, x, g)
    t = as_length(step, solver) or usual
    grow, start = 1.1 if step is None and L is None else 1.0, max(t, usual)  # t was but a guess
    short_enough = t
    while True:
        tried = t
        t, ahead, f_ahead = proximal_step(problem, split.proximal, y, fy, g, tried)
        residual, total = norm_of((y - ahead) / t), fx + split.h(x)
        hidden = 0.5 * t * residual * residual <= 8 * EPS * abs(
            fy
        )  # no value tells whether t is too long
        if t < tried:
            short_enough = t
        around.now(t, (y - ahead) / t)
        if t < SHORT * start:  # rounding hides what of so short a move is left
            residual = max(residual, norm_of((y - split.proximal(y - start * g, start)) / start))
        if y is not x and residual <= max(run.target, 4 * EPS * abs(total)):
            y, theta = x, 1.0  # success is to be measured at x itself
            fy, g = problem.evaluate(y)
            continue
        if run.done(x, total, g, taken, residual=residual) or runs_away(run):
            break
        if y is x and (ahead == x).all():
            too_short = step is not None and t < SHORT * usual
            run.stop(Status.LINE_SEARCH_FAILED, TOO_SHORT.format(t) if too_short else STUCK)
            break
        if accelerated and (y - ahead) @ (ahead - x) > 0:
            theta = 1.0
        last, x, fx, taken = x, ahead, f_ahead, t
        y, fy, g, theta = _extrapolated(problem, x, fx, x - last, theta if accelerated else 0.0)
        t = short_enough if hidden else min(t * grow, LONGEST)
    overflown = run.x is not x
    best = None if overflown else (x, total, g if y is x else problem.gradient(x))
    return run.result(best, residual=residual)


def _extrapolated(
    problem: Problem, x: Vector, f: float, move: Vector, theta: float
) -> tuple[Vector, float, Vector, float]:
    """Return y = x + βmove with f and ∇f there, and the next θ; y is x where β = 0."""
    theta_next = 0.5 * (1.0 + math.sqrt(1.0 + 4.0 * theta**2))
    if theta > 1.0:
        y = x + (theta - 1.0) / theta_next * move
        fy, g = problem.evaluate(y)
        if math.isfinite(fy):  # else it went out of the domain
            return y, fy, g, theta_next
    return x, f, problem.gradient(x), theta_next


def _start(fun: Any, x0: ArrayLike | None) -> ArrayLike | None:
    return getattr(fun, "x0", None) if x0 is None else x0


@SILENT
def projected_gradient(
    fun: Callable[..., Any] | Objective,
    x0: ArrayLike | None = None,
    args: tuple[Any, ...] = (),
    *,
    jac: Callable[..., Any] | bool | None = None,
    projection: Callable[[Vector], Vector] | None = None,
    step: Fixed | float | None = None,
    accelerated: bool = False,
    tol: float = 1e-8,
    maxiter: int = 10_000,
    callback: Callable[..., Any] | None = None,
    **scipy_options: Any,
) -> Result:
    """Minimise f over a convex set: x ← P(x − t ∇f(x)), where P is the projection on the set.

    Parameters
    ----------
    fun, x0, args, jac, tol, maxiter, callback, **scipy_options
        As in `optidemo.gradient_descent`; the run starts at P(x0).
    projection : callable, optional
        P(x), the nearest point of the set, shape (d,). An objective that has a method `project`
        brings its own.
    step, accelerated
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
    project = projection
    if project is None and isinstance(fun, Objective) and fun.offers("project"):
        project = fun.project
    if project is None:
        raise Incompatible(
            f"{fun!r} is not compatible with projected_gradient: it must implement project(x), or "
            "pass projection=."
        )
    if (start := _start(fun, x0)) is None:
        raise TypeError("x0 is missing: only an Objective brings its own start.")

    def whole(problem: Problem, x: Vector) -> float:
        inside = project(x)  # which stays behind where the set is bounded
        return problem.value(inside) if norm_of(inside) > 1e-3 * norm_of(x) else math.nan

    split = Split(fun, lambda _x: 0.0, lambda x, _t: project(x), whole)
    return _descend(
        "projected_gradient", split, project(as_array(start, "x0").astype(float)), args, jac=jac, step=step,
        accelerated=accelerated, tol=tol, maxiter=maxiter, callback=callback, options=scipy_options,
    )  # fmt: skip
