"""Newton's method in a trust region."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from optidemo.solvers.curvature import DIFFERENCED, below_rounding, blur_of, close_enough
from optidemo.solvers.problem import EPS, Problem, norm_of
from optidemo.solvers.run import SILENT, Run
from optidemo.solvers.second_look import runs_away
from optidemo.solvers.trust_region import agreement, model_step, resized
from optidemo.status import Status

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike

    from optidemo.arrays import Matrix, Vector
    from optidemo.objective import Objective
    from optidemo.solvers.result import Result

__all__ = ["newton"]

PATIENCE = 3  # iterations close to a minimum whose Hessian is singular
EVERYWHERE = 1e100  # a radius that does not bind
FLAT = (
    "The gradient has all but vanished and no step changes f, yet the curvature shows no minimum: a "
    "plateau, or a fall below the rounding error of f. Start elsewhere."
)
STUCK = (
    "No step inside the trust region lowers f, however short: the gradient or the Hessian "
    "contradicts the function values, or f has a kink here. optidemo.check_gradient tells."
)


@SILENT
def newton(
    fun: Callable[..., Any] | Objective,
    x0: ArrayLike | None = None,
    args: tuple[Any, ...] = (),
    *,
    jac: Callable[..., Any] | bool | None = None,
    hess: Callable[..., Any] | None = None,
    radius: float | None = None,
    tol: float = 1e-8,
    maxiter: int = 1_000,
    callback: Callable[..., Any] | None = None,
    **scipy_options: Any,
) -> Result:
    """Minimise f by Newton's method, kept inside a region where its quadratic model is trusted.

    Each step p minimises gᵀp + ½pᵀHp over ‖p‖ ≤ Δ, exactly. Δ grows where the model predicts f
    well and shrinks where it does not. Negative curvature is followed downhill, so a saddle is left.

    Parameters
    ----------
    fun, x0, args, jac, callback, **scipy_options
        As in `optidemo.gradient_descent`.
    hess : callable, optional
        ``hess(x, *args) -> (d, d)``. Without it: the objective's own Hessian, else central
        differences of the gradient, 2d gradients an iteration.
    radius : float, optional
        The first Δ; by default max(‖x₀‖, 1), and none for a convex quadratic, which one Newton step
        solves.
    tol : float
        Stop when ‖∇f(x)‖ ≤ tol ‖∇f(x₀)‖, the Hessian is positive semidefinite, the fall that the
        model still predicts, ½gᵀH⁻¹g, is at most tol² times the fall so far, and each entry of
        Newton's step at most tol times its variable's size; or when fall or step drop below the
        rounding error of f or x. (Where the Hessian is singular at the minimum, the steps shrink
        but linearly: then tol^¾ for three more iterations will do.) So a huge ‖∇f(x₀)‖ cannot fake success.
    maxiter : int
        Iterations at most.

    Returns
    -------
    Result
        See `optidemo.solvers.result.Result`.

    Notes
    -----
    Near a minimum with H ≻ 0 the steps are Newton's own and converge quadratically. Source: Conn,
    Gould and Toint, Trust-Region Methods, 2000, chapters 6 and 7.
    """
    problem = _smooth(Problem(fun, x0, args, jac, hess))
    run = Run("newton", problem, tol=tol, maxiter=maxiter, callback=callback, options=scipy_options)
    x = problem.x0
    f, g, H = problem.derivatives(x)
    noise = EPS if problem.has_hessian else DIFFERENCED
    own = jac is None and hess is None  # else the model need not be f
    delta = _first_radius(problem, own=own) if radius is None else radius
    if not delta > 0:
        raise ValueError(f"radius must be > 0, but is {radius!r}.")
    f0, length, way, near, blur = f, math.nan, np.zeros(problem.d), 0, 0.0
    while True:
        p, predicted, interior = model_step(g, H, delta, noise)
        way = np.maximum(way, np.abs(x - problem.x0))
        strict, loose = interior and below_rounding(predicted, p, x, f, blur), False
        if norm_of(g) <= run.target:
            scale = np.maximum(way, np.abs(x))
            whole, fall, minimum = model_step(g, H, EVERYWHERE, noise)
            if minimum:
                strict = strict or close_enough(fall, whole, scale, f0 - f, tol**2, tol)
                near += close_enough(fall, whole, scale, f0 - f, tol**2, tol**0.75)
                strict = strict or near > PATIENCE
                loose = close_enough(fall, whole, scale, f0 - f, tol, tol**0.5)
        answer = _last_digits(problem, (x, f, g), p, run.target, noise) if strict else None
        if run.done(x, f, g, length, certified=strict, answer=answer):
            return run.result()
        if not interior and (_no_model(run, H) or runs_away(run)):
            return run.result()
        trusted = delta
        while True:
            x_new = x + p
            f_new, g_new, H_new = problem.derivatives(x_new)
            known = np.isfinite(H_new).all()
            ratio = agreement(f, f_new, predicted, g, g_new, blur) if known else -1.0
            delta = resized(delta, ratio, norm_of(p))
            if ratio > 1e-4 or f_new == -math.inf:
                break
            if delta <= 1e-3 * EPS * norm_of(x) or delta < 1e-300:
                blurred = blur_of(problem, x, f)
                if not blurred > blur:
                    return _stuck(run, H, noise, blur, loose=loose)
                blur, delta = blurred, trusted
            p, predicted, interior = model_step(g, H, delta, noise)
        length, x, f, g, H = norm_of(p), x_new, f_new, g_new, H_new


def _no_model(run: Run, H: Matrix) -> bool:
    """Stop where the Hessian is not finite, as it may be at the start alone."""
    return not np.isfinite(H).all() and run.stop(
        Status.NOT_FINITE,
        f"The Hessian is not finite at x = {run.x}, though f and its gradient are: start elsewhere, or "
        "use optidemo.gradient_descent.",
    )


def _stuck(run: Run, H: Matrix, noise: float, blur: float, *, loose: bool) -> Result:
    """End the run where no step lowers f: perhaps since rounding errors alone are left to fall."""
    whole, fall, minimum = model_step(run.g, H, EVERYWHERE, noise)
    if loose or (minimum and below_rounding(fall, whole, run.x, run.f, blur)):
        run.stop(Status.CONVERGED)
    else:
        run.stop(Status.LINE_SEARCH_FAILED, FLAT if run.norm <= run.target else STUCK)
    return run.result()


def _last_digits(
    problem: Problem, point: tuple[Vector, float, Vector], p: Vector, target: float, noise: float
) -> tuple[Vector, float, Vector]:
    """Take the Newton step p that is computed already, if it lowers the gradient.

    Where the certificate holds, Newton's method doubles the digits of x by each step; this one
    costs a gradient, and without it x has only half the digits that its rounding errors allow.
    Where f is large, its rounding error hides more from the certificate: steps follow until the
    gradient meets its target or is no longer halved.
    """
    x, f, g = point
    while norm_of(p) > 4 * EPS * norm_of(x):
        f_new, g_new = problem.evaluate(x + p)
        if not norm_of(g_new) < norm_of(g):
            break
        halved = norm_of(g_new) <= 0.5 * norm_of(g)
        x, f, g = x + p, f_new, g_new
        if norm_of(g) <= target or not halved:
            break
        p, _, interior = model_step(g, problem.curvature(x, g), EVERYWHERE, noise)
        if not interior:
            break
    return x, f, g


def _smooth(problem: Problem) -> Problem:
    """Refuse an objective with kinks."""
    f = problem.objective
    if f is not None and not f.smooth:
        raise TypeError(
            f"{f!r} is not compatible with newton: it has kinks, where there is no Hessian. "
            "Use optidemo.solve(f), which chooses a solver for kinks."
        )
    return problem


def _first_radius(problem: Problem, *, own: bool) -> float:
    """Return max(‖x₀‖, 1), or no bound where the model is f itself."""
    f = problem.objective
    exact = own and f is not None and f.constant_hessian and f.convex
    return math.inf if exact else max(norm_of(problem.x0), 1.0)
