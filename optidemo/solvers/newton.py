"""Newton's method in a trust region."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.linalg
from scipy.optimize import brentq

from optidemo.solvers.problem import Problem
from optidemo.solvers.run import EPS, Run, norm_of
from optidemo.status import Status

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike

    from optidemo.arrays import Matrix, Vector
    from optidemo.objective import Objective
    from optidemo.solvers.result import Result

__all__ = ["newton"]


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
        The first Δ; by default max(‖x₀‖, 1).
    tol : float
        Stop when ‖∇f(x)‖ ≤ tol ‖∇f(x₀)‖, the Hessian is positive semidefinite, and the fall that
        the model still predicts, ½gᵀH⁻¹g, is at most tol² times the fall so far, or below the
        rounding error of f. The last condition makes a huge ‖∇f(x₀)‖ harmless.
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
    problem = Problem(fun, x0, args, jac, hess)
    run = Run("newton", problem, tol=tol, maxiter=maxiter, callback=callback, options=scipy_options)
    x = problem.x0
    f, g, H = problem.derivatives(x)
    delta = max(norm_of(x), 1.0) if radius is None else radius
    if not delta > 0:
        raise ValueError(f"radius must be > 0, but is {radius!r}.")
    f0, length = f, math.nan
    while True:
        p, predicted, interior = (
            model_step(g, H, delta) if np.isfinite(H).all() else (g, 0.0, False)
        )
        settled = interior and predicted <= max(tol**2 * (f0 - f), 4 * EPS * abs(f), 0.0)
        if run.done(x, f, g, length, hold=not settled):
            return run.result(_last_digits(problem, run, x, g, p))
        while True:
            x_new = x + p
            f_new, g_new, H_new = problem.derivatives(x_new)
            ratio = agreement(f, f_new, predicted, g, g_new)
            if ratio < 0.25:
                delta = 0.25 * norm_of(p)
            elif ratio > 0.75 and norm_of(p) > 0.99 * delta:
                delta *= 3.0
            if ratio > 1e-4:
                break
            if delta <= 4 * EPS * norm_of(x) * 1e-3 or delta < 1e-300:
                settled = norm_of(g) <= math.sqrt(EPS) * run.first
                run.stop(Status.LINE_SEARCH_FAILED, _stuck(settled))
                return run.result()
            p, predicted, interior = model_step(g, H, delta)
        length, x, f, g, H = norm_of(p), x_new, f_new, g_new, H_new


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


def agreement(f: float, f_new: float, predicted: float, g: Vector, g_new: Vector) -> float:
    """Return (actual fall of f)/(predicted fall); below f's rounding error, judge by the gradient."""
    if not (math.isfinite(f_new) and np.isfinite(g_new).all()):
        return -1.0
    if predicted <= 16 * EPS * abs(f) and abs(f - f_new) <= 16 * EPS * abs(f):
        return 1.0 if norm_of(g_new) < norm_of(g) else -1.0
    return (f - f_new) / predicted if predicted > 0 else -1.0


def model_step(g: Vector, H: Matrix, delta: float) -> tuple[Vector, float, bool]:
    """Minimise m(p) = gᵀp + ½pᵀHp over ‖p‖ ≤ delta.

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
    Where H is positive definite and Newton's step fits, a Cholesky factor is enough. Otherwise the
    eigenvalues h of H turn the condition (H + νI)p = −g, ‖p‖ = delta into one equation in ν, which
    has one root above max(0, −hmin); in the hard case, where g has no part along the lowest
    eigenvectors, a multiple of one of them fills p up to delta (Moré and Sorensen, SIAM J. Sci.
    Stat. Comput. 4, 1983).
    """
    try:
        factor = scipy.linalg.cho_factor(H, check_finite=False)
        p = -scipy.linalg.cho_solve(factor, g, check_finite=False)
        if norm_of(p) <= delta:
            return p, -0.5 * float(g @ p), True
    except np.linalg.LinAlgError:
        pass
    h, Q = np.linalg.eigh(H)
    c = Q.T @ g
    floor = max(-float(h[0]), 0.0)
    tiny = h.size * EPS * max(abs(float(h[0])), abs(float(h[-1])))

    def norm_at(nu: float) -> float:
        return norm_of(c / (h + nu))

    low = floor + max(tiny, 1e-300)
    if norm_at(low) <= delta:
        q = -c / (h + low)
        if h[0] >= -tiny:  # singular but not indefinite: the minimum-norm step
            interior = True
        else:
            q[0] += math.copysign(math.sqrt(max(delta**2 - float(q @ q), 0.0)), -c[0] or 1.0)
            interior = False
    else:
        high = floor + norm_of(c) / delta + tiny
        nu = brentq(lambda nu: 1.0 / delta - 1.0 / norm_at(nu), low, high, xtol=1e-300, rtol=1e-10)
        q, interior = -c / (h + nu), False
    return Q @ q, -float(c @ q + 0.5 * (q @ (h * q))), interior


def _stuck(settled: bool) -> str:  # noqa: FBT001  (one caller, above)
    if settled:
        return "The steps fell below the rounding error of x before the certificate was met."
    return (
        "No step inside the trust region lowers f, however short: the gradient or the Hessian "
        "contradicts the function values. optidemo.check_gradient tells."
    )
