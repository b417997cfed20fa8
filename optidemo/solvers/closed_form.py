"""The closed form, certified like any other answer."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from optidemo.arrays import EPS
from optidemo.objective import Objective
from optidemo.solvers.messages import OVERFLOWS, SCALE
from optidemo.solvers.problem import Problem, norm_of
from optidemo.solvers.run import SILENT, Run
from optidemo.status import Incompatible, Status

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from optidemo.arrays import Vector
    from optidemo.solvers.result import Result

__all__ = ["closed_form"]

PROBES = 16  # random choices of signs: in some of them the moves of the entries cancel


@SILENT
def closed_form(
    fun: Objective, x0: ArrayLike | None = None, *, tol: float = 1e-8, **scipy_options: Any
) -> Result:
    """Return the closed form as a Result, certified by its optimality residual.

    Parameters
    ----------
    fun : Objective
        One that has a closed form.
    x0 : (d,) array_like, optional
        Where the residual is measured for comparison.
    tol : float
        Success means that the residual is at most tol times that at x0. Neither depends on the unit
        of f, so it may be met where f itself overflows; the message then says so.
    **scipy_options
        As in `optidemo.gradient_descent`.

    Returns
    -------
    Result
        With `residual`, that of the optimality condition.

    Raises
    ------
    NoClosedForm
        If there is none; the message says why.
    """
    if not isinstance(fun, Objective):
        raise Incompatible(f"{fun!r} is not compatible with closed_form: it must be an Objective.")
    x = fun.closed_form()
    start = Problem(fun, x0).x0
    problem = Problem(fun, x)
    run = Run(
        "closed_form",
        problem,
        tol=tol,
        maxiter=0,
        callback=None,
        options=scipy_options,
        constrained=True,
    )
    residual, scale = fun.optimality(x), max(fun.optimality(start), np.finfo(float).tiny)
    f, g = problem.evaluate(x)
    run.done(x, f, g, residual=residual)
    if not (fun.smooth and math.isclose(residual, norm_of(g))):
        run.measure = "optimality residual"
    overflows = f" {OVERFLOWS} there. {SCALE}" if math.isinf(f) else ""
    met = residual <= tol * scale < math.inf and not math.isnan(f)
    if met:
        run.stop(Status.CONVERGED, f"Its optimality residual is {residual:.3g}.{overflows}")
        run.message += _where(fun)
    elif not (math.isfinite(residual) and math.isfinite(f)):
        run.stop(
            Status.NOT_FINITE,
            f"Its optimality residual is {residual:g}: the numbers are too large or too small. {SCALE}",
        )
    elif residual <= _made_by_rounding(fun, x, f):
        run.stop(
            Status.CONVERGED,
            f"Its optimality residual {residual:.3g} is what the last digit of x makes of it.",
        )
        run.message += _where(fun)
    else:
        run.stop(
            Status.MAXITER,
            f"Its optimality residual {residual:.3g} is above {tol * scale:.3g}: the problem is too "
            "ill-conditioned for this formula.",
        )
    return run.result(residual=residual)


def _made_by_rounding(fun: Objective, x: Vector, f: float) -> float:
    """Return how far the gradient moves if the entries of x move by their rounding.

    No float64 beside x can then be told to be nearer to the optimum. Where f has kinks or x lies on a
    set, it is a residual that changes f by no more than its rounding.
    """
    if not fun.smooth or fun.constraint:
        return 1e-12 * abs(f) / norm_of(x) if x.any() and math.isfinite(f) else 0.0
    rng = np.random.default_rng(0)
    moves = EPS * x * rng.choice([-1.0, 1.0], (PROBES, x.size))
    g = fun.gradient(x)
    return max(norm_of(fun.gradient(x + move) - g) for move in moves)


def _where(fun: Objective) -> str:
    """Say on which set the closed form is optimal, and what holds on all of ℝᵈ."""
    if not fun.constraint:
        return ""
    known = fun.optimum()
    return f" It is the optimum on {fun.constraint}." + (
        "" if known is None else f" On all of ℝᵈ: {known.reason}"
    )
