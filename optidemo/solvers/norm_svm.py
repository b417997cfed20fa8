"""The support vector machine with a norm that is not squared: the ridge that touches the norm."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.optimize import brentq

from optidemo.arrays import EPS
from optidemo.objective import Objective
from optidemo.objectives.norm import L2Norm, SquaredL2Norm
from optidemo.objectives.sum import weighted_terms
from optidemo.objectives.svm import SVM
from optidemo.solvers.interior_point import interior_point
from optidemo.solvers.problem import Problem, norm_of
from optidemo.solvers.run import Run
from optidemo.status import Incompatible, Status

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from optidemo.arrays import Vector
    from optidemo.solvers.result import Result

__all__ = ["is_norm_svm", "norm_svm"]


def is_norm_svm(fun: Objective) -> bool:
    """Is f a positive multiple of one hinge loss plus L2 norms?"""
    return _parts(fun) is not None


def norm_svm(
    fun: Objective, x0: ArrayLike | None = None, *, tol: float = 1e-8, **scipy_options: Any
) -> Result:
    """Minimise C Σ max(0, 1 − yᵢ⟨xᵢ, w⟩) + b‖w‖₂ by some ten support vector machines with a ridge.

    Parameters
    ----------
    fun : Objective
        Such as ``SVM(X, y) + 0.5 * L2Norm(d)``.
    x0 : (d,) array_like, optional
        Checked, and not needed.
    tol : float
        Success means that the duality gap is at most tol · f: no w has a lower f than (1 − tol) f.
    **scipy_options
        As in `optidemo.gradient_descent`.

    Returns
    -------
    Result
        With `gap`, the duality gap, and `dual`, the multipliers α in [0, C]ⁿ.

    Raises
    ------
    TypeError
        If the objective is of another form.

    Notes
    -----
    For every t > 0, b‖w‖ ≤ b‖w‖²/(2t) + bt/2, with equality at t = ‖w‖. So the minimiser is that of
    the ridge ½(b/t)‖w‖² whose own minimiser w(t) has the length t. There w(t) = (t/b) Zᵀα, where
    zᵢ = yᵢxᵢ and α are the multipliers of `interior_point`; hence ‖Zᵀα‖ = b, one equation in t whose
    left side falls as t grows (the minimum over w is convex in t). It has no solution where
    C‖Σ zᵢ‖ ≤ b: then 0 is the minimiser.

    The dual is max Σ αᵢ subject to ‖Zᵀα‖ ≤ b and 0 ≤ α ≤ C, so that α min(1, b/‖Zᵀα‖) gives the gap.
    """
    parts = _parts(fun) if isinstance(fun, Objective) else None
    if parts is None:
        raise Incompatible(
            f"{fun!r} is not compatible with norm_svm: it must be c * SVM(X, y) plus positive multiples "
            "of L2Norm(d)."
        )
    loss, C, b = parts
    problem = Problem(fun, x0)
    run = Run(
        "norm_svm", problem, tol=tol, maxiter=0, callback=None, options=scipy_options,
        measure="duality gap as a part of f", constrained=True,
    )  # fmt: skip

    def length(alpha: Vector) -> float:
        v = loss.rows.beside(alpha=alpha).sum(lambda X, y, alpha: X.T @ (y * alpha))
        return norm_of(np.asarray(v))

    def ridge(log_t: float) -> Result:
        return interior_point(
            C * loss + 0.5 * b * math.exp(-log_t) * SquaredL2Norm(fun.d), tol=1e-12
        )

    w, alpha = np.zeros(fun.d), np.full(loss.n, C)
    if length(alpha) > b:
        high = 1.0 + math.log(loss.n * C / b)  # f(w) ≤ f(0) bounds b‖w‖
        low = high - 2.0
        while length(ridge(low).dual) <= b:
            low -= 2.0
        root = brentq(
            lambda log_t: length(ridge(log_t).dual) - b, low, high, xtol=1e-15, rtol=1e-14
        )
        touching = ridge(root)
        w, alpha = touching.x, touching.dual
    alpha = alpha * min(1.0, b / (length(alpha) or b))
    f, g = problem.evaluate(w)
    gap = max(f - float(alpha.sum()), 0.0)
    run.done(w, f, g, residual=gap / f, certified=gap <= max(tol, 16 * EPS) * f)
    if run.status is Status.CONVERGED:
        run.message = (
            f"Converged: the duality gap {gap:.3g} is at most tol·{f:.6g} (tol = {tol:g})."
        )
    return run.result(gap=gap, dual=alpha)


def _parts(fun: Objective) -> tuple[SVM, float, float] | None:
    """Return the hinge loss, C and b of C · SVM + b‖w‖₂; None if f is of another form."""
    loss, C, b = None, 0.0, 0.0
    for c, f in weighted_terms(fun):
        if c > 0 and isinstance(f, L2Norm):
            b += c
        elif c > 0 and isinstance(f, SVM) and loss is None:
            loss, C = f, c
        else:
            return None
    return None if loss is None or b == 0 else (loss, C, b)
