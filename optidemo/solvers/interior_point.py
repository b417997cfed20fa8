"""The support vector machine with a ridge, by an interior point method on d × d systems."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from optidemo.arrays import EPS
from optidemo.objective import Objective
from optidemo.objectives.norm import L1Norm, SquaredL2Norm
from optidemo.objectives.sum import weighted_terms
from optidemo.objectives.svm import SVM
from optidemo.solvers.hinge_program import HingeProgram
from optidemo.solvers.problem import Problem
from optidemo.solvers.run import Run
from optidemo.status import Incompatible, Status

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike

    from optidemo.arrays import Vector
    from optidemo.rows import Rows
    from optidemo.solvers.result import Result

__all__ = ["interior_point", "is_ridge_svm"]


def is_ridge_svm(fun: Objective) -> bool:
    """Is f a positive multiple of one hinge loss plus ridges, and perhaps L1 norms?"""
    return _parts(fun) is not None


def interior_point(
    fun: Objective,
    x0: ArrayLike | None = None,
    *,
    tol: float = 1e-8,
    maxiter: int = 200,
    callback: Callable[..., Any] | None = None,
    **scipy_options: Any,
) -> Result:
    """Minimise C Σ max(0, 1 − yᵢ⟨xᵢ, w⟩) + ½ Σ ρⱼwⱼ² (+ λ‖w‖₁) by an interior point method.

    Parameters
    ----------
    fun : Objective
        Such as ``C * SVM(X, y) + 0.5 * SquaredL2Norm(d)``. For an intercept add a column of ones to
        X and ``unpenalized=[its index]`` to the norm. With ``lam * L1Norm(d)`` most w are exactly 0.
    x0 : (d,) array_like, optional
        Only the trajectory begins there: the method has a start of its own.
    tol : float
        Stop when the duality gap is at most tol · f: no w has a lower f than (1 − tol) f.
    maxiter, callback, **scipy_options
        As in `optidemo.gradient_descent`.

    Returns
    -------
    Result
        With `gap`, the duality gap, and `dual`, the multipliers α in [0, C]ⁿ: yᵢxᵢαᵢ sum to ρ ∘ w,
        plus λ sign(w) with the L1 norm. A sample is a support vector if αᵢ > 0.

    Raises
    ------
    TypeError
        If the objective is of another form.

    Notes
    -----
    With zᵢ = yᵢxᵢ the problem is min ½wᵀRw + C Σ ξᵢ subject to sᵢ = zᵢᵀw − 1 + ξᵢ ≥ 0 and ξᵢ ≥ 0;
    its dual is max Σ αᵢ − ½‖Zᵀα‖²_{R⁻¹} subject to 0 ≤ α ≤ C. Optimal are Rw = Zᵀα, αᵢsᵢ = 0 and
    (C − αᵢ)ξᵢ = 0. Newton's method on these equations, with the zeros replaced by a μ that falls to
    zero, leaves after elimination of the 3n other unknowns

        (R + Zᵀ Θ Z) Δw = …,   Θ = diag(1/(sᵢ/αᵢ + ξᵢ/(C − αᵢ))),

    d equations whose matrix is one weighted Gram matrix of the data: an iteration costs as much as
    one of Newton's method for logistic regression, and some twenty suffice for any n. Of a Dask
    array X stays where it is; what has n entries (α, s, ξ) is held here, and six such vectors travel
    in each iteration beside the d² numbers of the matrix. The predictor
    and corrector are Mehrotra's. In the end the samples on the margin are guessed, and the linear
    equations that hold there are solved: if the guess was right, w is exact but for rounding. An L1
    norm adds d hinges, λ|wⱼ| = λwⱼ + 2λ max(0, −wⱼ), whose matrix is diagonal.

    References
    ----------
    Ferris and Munson, Interior-point methods for massive support vector machines, SIAM J. Optim. 13,
    2003. Mehrotra, SIAM J. Optim. 2, 1992.
    """
    parts = _parts(fun) if isinstance(fun, Objective) else None
    if parts is None:
        raise Incompatible(
            f"{fun!r} is not compatible with interior_point: it must be c * SVM(X, y) plus positive "
            "multiples of SquaredL2Norm(d) and, perhaps, L1Norm(d)."
        )
    problem = Problem(fun, x0)
    run = Run(
        "interior_point", problem, tol=tol, maxiter=maxiter, callback=callback, options=scipy_options,
        measure="duality gap as a part of f", constrained=True,
    )  # fmt: skip
    f, g = problem.evaluate(problem.x0)
    program = HingeProgram(*parts)
    state, step = program.start(), math.nan
    while True:
        f, gap = program.certificate(state.w, state.alpha, state.s - state.xi + program.b)
        if run.done(state.w, f, g, step, residual=gap / f, certified=gap <= max(tol, 4 * EPS) * f):
            break
        try:
            with np.errstate(all="ignore"):
                state, step = program.iterate(state)
        except (np.linalg.LinAlgError, ValueError):
            run.stop(
                Status.LINE_SEARCH_FAILED,
                f"Rounding errors spoil the step at the relative duality gap {gap / f:.3g}: "
                "loosen tol, or give every variable a ridge.",
            )
            break
    w, alpha = state.w, state.alpha
    if run.status is Status.CONVERGED:
        guess = program.exact(state)
        better, smaller = program.certificate(*guess)
        if smaller < gap:
            (w, alpha), f, gap = guess, better, smaller
        run.message = (
            f"Converged: the duality gap {gap:.3g} is at most tol·{f:.6g} (tol = {tol:g})."
        )
    return run.result((w, *problem.evaluate(w)), gap=gap, dual=alpha[: program.n])


def _parts(fun: Objective) -> tuple[Rows, float, Vector, float] | None:
    """Return the samples, C, ρ and λ of C · SVM + ½ Σ ρⱼwⱼ² + λ‖w‖₁; None if f is of another form."""
    C, rows, rho, lam = 0.0, None, np.zeros(fun.d), 0.0
    for c, f in weighted_terms(fun):
        if c > 0 and isinstance(f, SquaredL2Norm):
            rho += 2.0 * c * f.penalized
        elif c > 0 and isinstance(f, L1Norm):
            lam += c
        elif c > 0 and isinstance(f, SVM) and rows is None:
            C, rows = c, f.rows
        else:
            return None
    if rows is None or not rho.any():
        return None
    return rows, C, rho, lam
