"""Optimisation on the unit sphere xᵀx = 1, where PCA lives."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from optidemo.arrays import EPS, as_square
from optidemo.objective import Objective
from optidemo.objectives.pca import PCA
from optidemo.objectives.quadratic import Quadratic
from optidemo.objectives.scaled import Scaled
from optidemo.solvers.line_search import first_step
from optidemo.solvers.problem import Problem, norm_of
from optidemo.solvers.run import SILENT, Run
from optidemo.solvers.splitting import Split
from optidemo.solvers.step_argument import as_length
from optidemo.solvers.surroundings import Surroundings
from optidemo.status import Incompatible, Status

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike

    from optidemo.arrays import Vector
    from optidemo.solvers.result import Result
    from optidemo.solvers.steps import Fixed

__all__ = ["power_iteration", "sphere_gradient"]

ALONG = "gradient norm along the sphere"
SIDESTEP = 1e-2  # how far a start at a saddle is moved, as a part of its length


@SILENT
def sphere_gradient(
    fun: Callable[..., Any] | Objective,
    x0: ArrayLike | None = None,
    args: tuple[Any, ...] = (),
    *,
    jac: Callable[..., Any] | bool | None = None,
    step: Fixed | float | None = None,
    tol: float = 1e-8,
    maxiter: int = 10_000,
    callback: Callable[..., Any] | None = None,
    **scipy_options: Any,
) -> Result:
    """Minimise (or, by its sense, maximise) f on the unit sphere.

    The gradient is projected on the tangent, g − (xᵀg)x; x moves against it and is scaled back to
    length one.

    Parameters
    ----------
    fun, x0, args, jac, tol, maxiter, callback, **scipy_options
        As in `optidemo.gradient_descent`; x0 is scaled to length one.
    step : float or Fixed, optional
        A fixed step. By default Barzilai and Borwein's step under Armijo's condition.

    Returns
    -------
    Result
        `jac` is the gradient along the sphere, and success rests on its norm. A saddle has a zero
        gradient too: of a quadratic form the eigenvalues tell it apart, and it is left by a step
        aside; a start with a zero gradient is moved aside whatever f is; and where f is lower close to
        the answer, success is denied.

    Raises
    ------
    ValueError
        As `optidemo.gradient_descent`; also if x0 is zero.
    TypeError
        As `optidemo.gradient_descent`; also for a step rule other than `Fixed`.

    Notes
    -----
    For PCA, f = xᵀAx − λ(xᵀx − 1), the gradient along the sphere is 2(Sx − (xᵀSx)x): twice the
    residual of the eigenvector equation, whatever λ is. Source: Absil, Mahony and Sepulchre,
    Optimization Algorithms on Matrix Manifolds, 2008, chapter 4.
    """
    length = as_length(step, "sphere_gradient")
    problem = Problem(fun, x0, args, jac)
    run = Run(
        "sphere_gradient", problem, tol=tol, maxiter=maxiter, callback=callback, options=scipy_options,
        measure=ALONG, constrained=True,
    )  # fmt: skip
    x, f, g, best = _start(problem, given=x0 is not None)
    t, taken = length or 0.5 * first_step(x, g), math.nan
    if best == math.inf:  # no eigenvalues tell a saddle from a minimum
        on_sphere = Split(fun, lambda _x: 0.0, lambda z, _t: _nearest(z), None)
        run.around = Surroundings(problem, on_sphere, convex_set=False)
        run.around.now(t, g)
    while not run.done(x, f, g, taken, certified=False if f > best else None):
        if norm_of(g) <= run.target:  # small, yet f is above its minimum: a saddle
            x = _sidestep(x)
            f, g = _tangent(problem, x)
            t = 0.5 * first_step(x, g)
        trial = t
        while True:
            x_new = _unit(x - trial * g, "x")
            f_new, g_new = _tangent(problem, x_new)
            enough = f_new <= f - 1e-4 * (trial * norm_of(g)) * norm_of(g) + 10 * EPS * abs(f)
            if length is not None or enough:
                break
            trial *= 0.5
            if trial < 1e-18 * t:
                run.stop(Status.LINE_SEARCH_FAILED, "No step along the sphere lowers f.")
                return run.result()
        s, y = x_new - x, g_new - g
        curvature = abs(float(s @ y))
        t = length or (float(s @ s) / curvature if curvature > 0 else 2.0 * trial)
        x, f, g, taken = x_new, f_new, g_new, trial
        if run.around is not None:
            run.around.now(t, g)
    return run.result()


def _start(problem: Problem, *, given: bool) -> tuple[Vector, float, Vector, float]:
    """Return x, f, its gradient along the sphere, and the level above which x is no minimum."""
    if not given and not problem.x0.any():  # 0 is many objectives' own start
        problem.x0 = np.arange(1.0, problem.d + 1)
    x = _unit(problem.x0, "x0")
    f, g = _tangent(problem, x)
    best = _level(problem)
    if norm_of(g) <= 1e-12 * abs(f) and not -math.inf < f <= best < math.inf:
        x = _sidestep(x)
        f, g = _tangent(problem, x)
    return x, f, g, best


def _level(problem: Problem) -> float:
    """Return the minimum of f on the sphere, within rounding; inf where f is no quadratic form."""
    f, c = problem.objective, problem.sign
    if isinstance(f, Scaled):
        c, f = c * f.c, f.f
    if not isinstance(f, PCA | Quadratic):
        return math.inf
    h = c * f.eigenvalues
    return float(h.min() + 1e-8 * (h.max() - h.min()) + 1e-14 * np.abs(h).max())


def _sidestep(x: Vector) -> Vector:
    """Return a unit vector a hundredth away from x, in a direction drawn from a fixed seed."""
    aside = np.random.default_rng(0).standard_normal(x.size)
    return _unit(x + SIDESTEP * _unit(aside - (x @ aside) * x, "x") if x.size > 1 else x, "x")


def _nearest(z: Vector) -> Vector:
    """Return the nearest point of the sphere; of the origin, which is as near to all, NaN."""
    return _unit(z, "x") if z.any() else np.full_like(z, np.nan)


def _unit(x: Vector, name: str) -> Vector:
    if not x.any():
        raise ValueError(f"{name} is the zero vector, which has no direction.")
    x = x / np.abs(x).max()  # or the squares of a long or a short vector leave the range of numbers
    return x / float(np.linalg.norm(x))


def _tangent(problem: Problem, x: Vector) -> tuple[float, Vector]:
    f, g = problem.evaluate(x)
    g = g - (x @ g) * x
    return f, g - (x @ g) * x  # projected twice: once leaves a rounding error of the size of ‖g‖


@SILENT
def power_iteration(
    A: ArrayLike | PCA | Quadratic,
    x0: ArrayLike | None = None,
    *,
    tol: float = 1e-10,
    maxiter: int = 10_000,
    callback: Callable[..., Any] | None = None,
    **scipy_options: Any,
) -> Result:
    """Find the top eigenvector of S = ½(A + Aᵀ): x ← (S + cI)x, scaled to length one.

    Parameters
    ----------
    A : (d, d) array_like, PCA or Quadratic
        Any square matrix, or an objective that holds one.
    x0 : (d,) array_like, optional
        The start; by default a fixed vector without zeros.
    tol : float
        Stop when the residual ‖Sx − (xᵀSx)x‖ is ≤ tol times the first.
    maxiter : int
        Iterations at most.
    callback, **scipy_options
        As in `optidemo.gradient_descent`.

    Returns
    -------
    Result
        `x` the eigenvector, `fun` the eigenvalue xᵀSx (the Rayleigh quotient), `jac` twice the
        residual.

    Raises
    ------
    ValueError
        If A is not square or not finite; if x0 does not fit A, is not finite or is zero; if tol or
        maxiter is out of its range; or for bounds and constraints.
    TypeError
        If A is an objective other than these two, A or x0 does not hold real numbers, callback is no
        function, or a step is given.

    Notes
    -----
    The shift c ≥ 0 makes S + cI positive semidefinite, so that the largest eigenvalue, not the one
    of largest modulus, wins. The error shrinks by (λ₂ + c)/(λ₁ + c) an iteration: slowly where the
    eigengap is small. The shift, and whether x has stopped at a saddle, are read off the eigenvalues
    of S, computed once: the method is here to be watched, `optidemo.top_eigenvectors` to be used.
    Source: Golub and Van Loan, Matrix Computations, section 8.2.
    """
    if callable(A) and not isinstance(A, PCA | Quadratic):
        raise Incompatible(
            f"{A!r} is not compatible with power_iteration, which finds the largest eigenvalue of a "
            "matrix: pass A itself, PCA(A) or Quadratic(A), or −A for the smallest; sphere_gradient "
            "takes any objective."
        )
    matrix = as_square(A.A if isinstance(A, Objective) else A, "A")
    objective = PCA(matrix, 0.0)
    problem = Problem(objective, x0)
    run = Run(
        "power_iteration", problem, tol=tol, maxiter=maxiter, callback=callback, options=scipy_options,
        measure=ALONG, constrained=True,
    )  # fmt: skip
    S = 0.5 * (matrix + matrix.T)
    shift = max(0.0, -float(objective.eigenvalues[0]))
    x, f, g, best = _start(problem, given=x0 is not None)
    while not run.done(x, f, g, certified=False if f > best else None):
        if norm_of(g) <= run.target:
            x = _sidestep(x)
        x = _unit(S @ x + shift * x, "x")
        f, g = _tangent(problem, x)
    return run.result()
