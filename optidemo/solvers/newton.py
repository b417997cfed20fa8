"""Newton's method in a trust region."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from optidemo.arrays import EPS
from optidemo.solvers.newton_certificate import Certificate
from optidemo.solvers.problem import Problem, norm_of
from optidemo.solvers.run import SILENT, Run
from optidemo.solvers.trust_region import Point, Step, agreement, model_step, resized
from optidemo.solvers.way_out import runs_away
from optidemo.status import Incompatible, Status

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike

    from optidemo.arrays import Matrix
    from optidemo.objective import Objective
    from optidemo.solvers.result import Result

__all__ = ["newton"]

ENOUGH = 1e-4  # of the predicted fall: a step that falls so much is taken


@SILENT
def newton(
    fun: Callable[..., Any] | Objective,
    x0: ArrayLike | None = None,
    args: tuple[Any, ...] = (),
    *,
    jac: Callable[..., Any] | bool | None = None,
    hess: Callable[..., Any] | str | None = None,
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
        ``hess(x, *args) -> (d, d)``. Without it, or with one of scipy's names such as "2-point": the
        objective's own Hessian, else central differences of the gradient: 2d gradients an iteration,
        up to 6d where they disagree.
    radius : float, optional
        The first Δ; by default max(‖x₀‖, 1), and none for a convex quadratic, which one Newton step
        solves.
    tol : float
        Stop when all of these hold, so that a huge ‖∇f(x₀)‖ cannot fake success:

        - the gradient: ‖∇f(x)‖ ≤ tol ‖∇f(x₀)‖;
        - the curvature: H is positive semidefinite;
        - what Newton's step −H⁻¹g still promises: a fall ½gᵀH⁻¹g of at most tol² times the fall so
          far, and no entry larger than tol times its variable's size. If H is singular at the
          minimum, Newton's method converges only linearly; a step below tol^¾ in more than three
          iterations is then accepted.

        Or when that fall drops below the rounding error of f, or the step below that of x.
    maxiter : int
        Iterations at most.

    Returns
    -------
    Result
        See `optidemo.solvers.result.Result`.

    Raises
    ------
    ValueError
        As `optidemo.gradient_descent`; also if radius is not positive, or hess returns another shape.
    TypeError
        As `optidemo.gradient_descent`; also if the objective has kinks, hess is neither a function nor
        one of those names, or a step is given.

    Notes
    -----
    Near a minimum with H ≻ 0 the steps are Newton's own and converge quadratically. Source: Conn,
    Gould and Toint, Trust-Region Methods, 2000, chapters 6 and 7.
    """
    problem = _smooth(Problem(fun, x0, args, jac, hess))
    run = Run("newton", problem, tol=tol, maxiter=maxiter, callback=callback, options=scipy_options)
    at = Point(problem.x0, *problem.derivatives(problem.x0))
    own = jac is None and hess is None  # else the model need not be f
    delta = _first_radius(problem, own=own) if radius is None else radius
    if not delta > 0:
        raise ValueError(f"radius must be > 0, but is {radius!r}.")
    certificate, length = Certificate(run, at.f), math.nan
    while True:
        step = model_step(at.g, at.H, delta, certificate.noise)
        met = certificate.met(at, step)
        answer = certificate.last_digits(at, step) if met else None
        if run.done(at.x, at.f, at.g, length, certified=met, answer=answer):
            break
        if not step.interior and (_no_model(run, at.H) or runs_away(run)):
            break
        lower = _descend(problem, at, step, delta, certificate)
        if lower is None:
            certificate.give_up(at)
            break
        length, at, delta = lower
    return run.result()


def _descend(
    problem: Problem, at: Point, step: Step, delta: float, certificate: Certificate
) -> tuple[float, Point, float] | None:
    """Shorten the step until f falls as its model predicts: its length, where it leads, the next Δ.

    None if no step lowers f, however short.
    """
    trusted = delta
    while True:
        x = at.x + step.p
        new = Point(x, *problem.derivatives(x))
        ratio = agreement(at, new, step.predicted, certificate.blur)
        delta = resized(delta, ratio, norm_of(step.p))
        if ratio > ENOUGH or new.f == -math.inf:
            return norm_of(step.p), new, delta
        if delta <= 1e-3 * EPS * norm_of(at.x) or delta < 1e-300:
            if not certificate.allows_more_rounding(at):
                return None
            delta = trusted
        step = model_step(at.g, at.H, delta, certificate.noise)


def _no_model(run: Run, H: Matrix) -> bool:
    """Stop where the Hessian is not finite, as it may be at the start alone."""
    return not np.isfinite(H).all() and run.stop(
        Status.NOT_FINITE,
        f"The Hessian is not finite at x = {run.x}, though f and its gradient are: start elsewhere, or "
        "use optidemo.gradient_descent.",
    )


def _smooth(problem: Problem) -> Problem:
    """Refuse an objective with kinks."""
    f = problem.objective
    if f is not None and not f.smooth:
        raise Incompatible(
            f"{f!r} is not compatible with newton: it has kinks, where there is no Hessian. "
            "Use optidemo.solve(f), which chooses a solver for kinks."
        )
    return problem


def _first_radius(problem: Problem, *, own: bool) -> float:
    """Return max(‖x₀‖, 1), or no bound where the model is f itself."""
    f = problem.objective
    exact = own and f is not None and f.constant_hessian and f.convex
    return math.inf if exact else max(norm_of(problem.x0), 1.0)
