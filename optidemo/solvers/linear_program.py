"""Piecewise linear objectives, solved exactly as linear programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse

from optidemo.arrays import EPS
from optidemo.objective import Objective
from optidemo.objectives.activation import ReLU
from optidemo.objectives.linear import Linear
from optidemo.objectives.norm import L1Norm
from optidemo.objectives.piecewise_linear import PiecewiseLinear
from optidemo.objectives.sum import weighted_terms
from optidemo.objectives.svm import SVM
from optidemo.solvers.problem import Problem
from optidemo.solvers.run import Run
from optidemo.status import Incompatible, Status

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from optidemo.arrays import Vector
    from optidemo.solvers.result import Result

__all__ = ["is_piecewise_linear", "linear_program"]

UNBOUNDED = "f falls without end, says the linear program: a linear part outweighs the terms with kinks. {}."


def is_piecewise_linear(fun: Objective) -> bool:
    """Is f a sum of hinge losses, ReLUs, L1 norms and linear functions, with a kink?"""
    return not fun.smooth and fun.sense == "minimize" and _parts(fun) is not None


def linear_program(
    fun: Objective, x0: ArrayLike | None = None, *, tol: float = 1e-8, **scipy_options: Any
) -> Result:
    """Minimise a piecewise linear f exactly, as a linear program.

    Parameters
    ----------
    fun : Objective
        SVM(X, y), ReLU(x), L1Norm(d) and Linear(y), added and scaled, such as
        ``SVM(X, y) + 0.5 * L1Norm(d)``: the hinge loss with the penalty that leaves features out.
    x0 : (d,) array_like, optional
        Checked, and not needed.
    tol : float
        Success means that the duality gap is at most tol times the size of f's terms.
    **scipy_options
        As in `optidemo.gradient_descent`.

    Returns
    -------
    Result
        With `gap`, the duality gap: f(x) − min f is no larger. `x` is a vertex of the set of
        minimisers, which need not be unique.

    Raises
    ------
    TypeError
        If the objective is of another form.

    References
    ----------
    Zhu, Rosset, Hastie and Tibshirani, 1-norm support vector machines, NIPS 2003.
    """
    parts = _parts(fun) if isinstance(fun, Objective) and is_piecewise_linear(fun) else None
    if parts is None:
        raise Incompatible(
            f"{fun!r} is not compatible with linear_program: it must be a sum of positive multiples "
            "of SVM(X, y), ReLU(x) and L1Norm(d), with or without Linear(y)."
        )
    program = _program(*parts)
    problem = Problem(fun, x0)
    run = Run(
        "linear_program", problem, tol=tol, maxiter=0, callback=None, options=scipy_options,
        measure="duality gap", constrained=True,
    )  # fmt: skip
    solution = program.minimum()
    if solution is None:
        run.done(problem.x0, *problem.evaluate(problem.x0))
        mend = (
            "Give the norm more weight" if program.lam > 0 else f"Add a multiple of L1Norm({fun.d})"
        )
        run.stop(Status.UNBOUNDED, UNBOUNDED.format(mend))
        return run.result()
    w, alpha = solution
    _, gap, size, rounding = program.certificate(w, alpha)
    f, g = problem.evaluate(w)
    allowed = max(tol, 16 * EPS) * size + 16 * rounding
    run.done(w, f, g, residual=gap, certified=gap <= allowed)
    if run.status is Status.MAXITER:
        run.stop(
            Status.MAXITER,
            f"The duality gap {gap:.3g} is above {allowed:.3g}: the problem is too ill-conditioned. "
            "Scale the columns of X.",
        )
    if run.status is Status.CONVERGED:
        run.message = f"Converged: the duality gap {gap:.3g} is at most {allowed:.3g}."
    return run.result(gap=gap)


def _parts(fun: Objective) -> tuple[list[tuple[SVM | ReLU, float]], float, Vector] | None:
    """Return the terms with hinges and their weights, λ and y of f; None if f is of another form."""
    hinges: list[tuple[SVM | ReLU, float]] = []
    lam, y = 0.0, np.zeros(fun.d)
    for weight, f in weighted_terms(fun):
        if isinstance(f, Linear):
            y += weight * f.y
        elif weight > 0 and isinstance(f, L1Norm):
            lam += weight
        elif weight > 0 and isinstance(f, ReLU | SVM):
            hinges.append((f, weight))
        else:
            return None
    return hinges, lam, y


def _program(hinges: list[tuple[SVM | ReLU, float]], lam: float, y: Vector) -> PiecewiseLinear:
    """Return the program; the samples of a Dask array are fetched for it."""
    rows = [(np.empty((0, len(y))), 0.0, 0.0)]  # zᵢ, and the same bᵢ and cᵢ for all rows
    for f, weight in hinges:
        if isinstance(f, SVM):
            rows.append((f.signed_rows(), 1.0, weight))
        else:
            rows.append((-f.x[None, :], 0.0, weight))
    Z = scipy.sparse.vstack([scipy.sparse.csr_array(z) for z, _, _ in rows], format="csr")
    b, c = (np.concatenate([np.full(part[0].shape[0], part[i]) for part in rows]) for i in (1, 2))
    return PiecewiseLinear(Z, b, c, lam, y)
