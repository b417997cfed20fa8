"""Newton's method in a trust region."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.linalg
from scipy.optimize import brentq

from optidemo.solvers.curvature import DIFFERENCED, below_rounding, close_enough
from optidemo.solvers.problem import EPS, Problem, norm_of
from optidemo.solvers.run import SILENT, Run
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
BOUNDARY_ROUNDS = 50  # three or four are usual
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
    f0, length, way, near = f, math.nan, np.zeros(problem.d), 0
    while True:
        p, predicted, interior = model_step(g, H, delta, noise)
        way = np.maximum(way, np.abs(x - problem.x0))
        strict, loose = interior and below_rounding(predicted, p, x, f), False
        if norm_of(g) <= run.target:
            scale = np.maximum(way, np.abs(x))
            whole, fall, minimum = model_step(g, H, EVERYWHERE, noise)
            if minimum:
                strict = strict or close_enough(fall, whole, scale, f0 - f, tol**2, tol)
                near += close_enough(fall, whole, scale, f0 - f, tol**2, tol**0.75)
                strict = strict or near > PATIENCE
                loose = close_enough(fall, whole, scale, f0 - f, tol, tol**0.5)
        if run.done(x, f, g, length, certified=strict):
            return run.result(_last_digits(problem, run, x, g, p))
        if not interior and run.runs_away():
            return run.result()
        while True:
            x_new = x + p
            f_new, g_new, H_new = problem.derivatives(x_new)
            ratio = agreement(f, f_new, predicted, g, g_new)
            if ratio < 0.25:
                delta = 0.25 * norm_of(p)
            elif ratio > 0.75 and norm_of(p) > 0.99 * delta:
                delta *= 3.0
            if ratio > 1e-4 or f_new == -math.inf:
                break
            if delta <= 1e-3 * EPS * norm_of(x) or delta < 1e-300:
                return _stuck(run, loose=loose)
            p, predicted, interior = model_step(g, H, delta, noise)
        length, x, f, g, H = norm_of(p), x_new, f_new, g_new, H_new


def _stuck(run: Run, *, loose: bool) -> Result:
    """End the run where no step lowers f."""
    if loose:  # only rounding errors stand between x and the strict certificate
        run.stop(Status.CONVERGED)
    else:
        run.stop(Status.LINE_SEARCH_FAILED, FLAT if run.norm <= run.target else STUCK)
    return run.result()


def _last_digits(
    problem: Problem, run: Run, x: Vector, g: Vector, p: Vector
) -> tuple[Vector, float, Vector] | None:
    """Take the Newton step that is computed already, if it lowers the gradient.

    Where the certificate holds, Newton's method doubles the digits of x by each step; this one
    costs a gradient, and without it x has only half the digits that its rounding errors allow.
    """
    if run.status is not Status.CONVERGED or norm_of(p) <= 4 * EPS * norm_of(x):
        return None
    f_new, g_new = problem.evaluate(x + p)
    return (x + p, f_new, g_new) if norm_of(g_new) < norm_of(g) else None


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


def agreement(f: float, f_new: float, predicted: float, g: Vector, g_new: Vector) -> float:
    """Return (actual fall of f)/(predicted fall); below f's rounding error, judge by the gradient."""
    if not (math.isfinite(f_new) and np.isfinite(g_new).all()):
        return -1.0
    if predicted <= 16 * EPS * abs(f) and abs(f - f_new) <= 16 * EPS * abs(f):
        return 1.0 if norm_of(g_new) < norm_of(g) else -1.0
    return (f - f_new) / predicted if predicted > 0 else -1.0


def model_step(
    g: Vector, H: Matrix, delta: float, noise: float = EPS
) -> tuple[Vector, float, bool]:
    """Minimise m(p) = gᵀp + ½pᵀHp over ‖p‖ ≤ delta; `noise` is the relative error of H.

    Returns
    -------
    p : (d,) array
        The step.
    predicted : float
        −m(p) ≥ 0, the fall that the model promises.
    interior : bool
        H is positive semidefinite and p its unconstrained minimiser.

    Notes
    -----
    Source: Moré and Sorensen, SIAM J. Sci. Stat. Comput. 4, 1983. Where H is positive definite the
    work is done by Cholesky factors, which keep the small curvatures of a badly scaled H;
    eigenvalues lose them.
    """
    if not np.isfinite(H).all():
        return g, 0.0, False  # f or ∇f is not finite either: the run ends here
    try:
        factor = scipy.linalg.cho_factor(H, check_finite=False)
    except np.linalg.LinAlgError:
        return _indefinite_step(g, H, delta, noise)
    p = -scipy.linalg.cho_solve(factor, g, check_finite=False)
    if norm_of(p) <= delta:
        return p, -0.5 * float(g @ p), True
    nu, eye = 0.0, np.eye(g.size)
    for _ in range(BOUNDARY_ROUNDS):  # Newton's method on 1/‖p(ν)‖ = 1/Δ, from the left
        length = norm_of(p)
        if length <= 1.001 * delta:
            break
        q = scipy.linalg.solve_triangular(factor[0], p, trans=1, check_finite=False)
        nu += (length / norm_of(q)) ** 2 * (length - delta) / delta
        factor = scipy.linalg.cho_factor(H + nu * eye, check_finite=False)
        p = -scipy.linalg.cho_solve(factor, g, check_finite=False)
    return p, -float(g @ p + 0.5 * (p @ H @ p)), False


def _indefinite_step(
    g: Vector, H: Matrix, delta: float, noise: float
) -> tuple[Vector, float, bool]:
    """Do the same for an H that is singular or has negative curvature, by its eigenvalues h.

    (H + νI)p = −g, ‖p‖ = Δ is one equation in ν, which has one root above −hmin. In the hard case,
    where g has no part along the lowest eigenvector, a multiple of that one fills p up to Δ.
    """
    h, Q = np.linalg.eigh(H)
    c = Q.T @ g
    size = h.size * max(abs(float(h[0])), abs(float(h[-1])))
    tiny, singular = max(EPS * size, 1e-300), bool(h[0] >= -max(noise * size, 1e-300))
    above = h - min(float(h[0]), 0.0)  # the unknown is μ = ν + min(hmin, 0): no digit is lost

    def norm_at(mu: float) -> float:
        return norm_of(c / (above + mu))

    if norm_at(tiny) <= delta:
        q = -c / (above + tiny)
        if not singular:
            q[0] += math.copysign(math.sqrt(max(delta**2 - float(q @ q), 0.0)), -c[0] or 1.0)
    else:
        high = 2 * (norm_of(c) / delta + tiny)
        root = brentq(  # of log μ, since μ may lie anywhere between 10⁻³⁰⁰ and 10³⁰⁰
            lambda log_mu: 1 / delta - 1 / norm_at(math.exp(log_mu)),
            math.log(tiny), math.log(high), xtol=1e-11, rtol=1e-11,
        )  # fmt: skip
        q, singular = -c / (above + math.exp(root)), False
    with np.errstate(over="ignore", invalid="ignore"):  # where H = 0 nothing bounds the step
        return Q @ q, -float(c @ q + 0.5 * (q @ (h * q))), singular
