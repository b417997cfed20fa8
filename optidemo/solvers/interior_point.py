"""The support vector machine with a ridge, solved by an interior point method on d × d systems."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.linalg

from optidemo.objectives.algebra import weighted_terms
from optidemo.objectives.norm import SquaredL2Norm
from optidemo.objectives.svm import SVM
from optidemo.solvers.problem import EPS, Problem
from optidemo.solvers.run import Run
from optidemo.status import Status
from optidemo.storage.blocks import RowBlocks
from optidemo.storage.cluster import ClusterBlocks
from optidemo.storage.partial_sums import dense

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike

    from optidemo.arrays import Matrix, Vector
    from optidemo.objective import Objective
    from optidemo.rows import Rows
    from optidemo.solvers.result import Result

__all__ = ["interior_point", "is_ridge_svm"]

TO_THE_WALL = 0.99  # of the step that would make a variable zero


def is_ridge_svm(fun: Objective) -> bool:
    """Is f a positive multiple of one hinge loss plus ridges, with its samples in this process?"""
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
    """Minimise C Σ max(0, 1 − yᵢ⟨xᵢ, w⟩) + ½ Σ ρⱼwⱼ² by a primal-dual interior point method.

    Parameters
    ----------
    fun : Objective
        Such as ``C * SVM(X, y) + 0.5 * SquaredL2Norm(d)``. For an intercept add a column of ones to
        X and ``unpenalized=[its index]`` to the norm.
    x0 : (d,) array_like, optional
        Only the trajectory begins there: the method has a start of its own.
    tol : float
        Stop when the duality gap is at most tol · f: no w has a lower f than (1 − tol) f.
    maxiter, callback, **scipy_options
        As in `optidemo.gradient_descent`.

    Returns
    -------
    Result
        With `gap`, the duality gap, and `dual`, the multipliers α in [0, C]ⁿ: yᵢxᵢαᵢ sum to ρ ∘ w.
        A sample is a support vector if αᵢ > 0.

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
    one of Newton's method for logistic regression, and some twenty suffice for any n. The predictor
    and corrector are Mehrotra's. In the end the samples on the margin are guessed, and the linear
    equations that hold there are solved: if the guess was right, w is exact but for rounding.

    References
    ----------
    Ferris and Munson, Interior-point methods for massive support vector machines, SIAM J. Optim. 13,
    2003. Mehrotra, SIAM J. Optim. 2, 1992.
    """
    parts = _parts(fun)
    if parts is None:
        raise TypeError(
            f"{fun!r} is not compatible with interior_point: it must be c * SVM(X, y) plus positive "
            "multiples of SquaredL2Norm(d), with X in memory or in a file."
        )
    problem = Problem(fun, x0)
    run = Run(
        "interior_point",
        problem,
        tol=tol,
        maxiter=maxiter,
        callback=callback,
        options=scipy_options,
    )
    run.constrained = True  # the duality gap certifies more than a look at values could
    f, g = problem.evaluate(problem.x0)
    program = HingeProgram(*parts)
    state, step = program.start(), math.nan
    while True:
        f, gap = program.certificate(state.w, state.alpha, state.s - state.xi + 1.0)
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
    return run.result((w, *problem.evaluate(w)), gap=gap, dual=alpha)


def _parts(fun: Objective) -> tuple[Rows, float, Vector] | None:
    """Return the samples, C and ρ of C · SVM + ½ Σ ρⱼwⱼ²; None if f is of another form."""
    C, rows, rho = 0.0, None, np.zeros(fun.d)
    for c, f in weighted_terms(fun):
        if c > 0 and isinstance(f, SquaredL2Norm):
            rho += 2.0 * c * f.penalized
        elif c > 0 and isinstance(f, SVM) and rows is None:
            C, rows = c, f.rows
        else:
            return None
    if rows is None or not rho.any() or isinstance(rows.storage, ClusterBlocks):
        return None
    return rows, C, rho


@dataclass(frozen=True)
class State:
    """w (d,), the multipliers α (n,), and what they multiply: s = Zw − 1 + ξ and ξ (n,)."""

    w: Vector
    alpha: Vector
    s: Vector
    xi: Vector


class HingeProgram:
    """The quadratic program min ½wᵀRw + C Σ ξᵢ, R = diag(ρ), over the samples zᵢ = yᵢxᵢ."""

    def __init__(self, rows: Rows, C: float, rho: Vector) -> None:
        self.X, self.y, self.C, self.rho = rows.X, rows.y, C, rho
        self.n, self.d = rows.shape

    # --- products with Z, one block of rows after another ------------------------------------

    def sum(self, term: Callable[..., Any], **vectors: Vector) -> Any:
        """Return the sum of ``term(X, y, *vectors)`` over the blocks."""
        return RowBlocks({"X": self.X, "y": self.y, **vectors}, finite=True).sum(term)

    def times(self, w: Vector) -> Vector:
        """Return Zw, shape (n,)."""
        return np.concatenate(self.sum(lambda X, y: [y * (X @ w)]))

    def transposed(self, t: Vector) -> Vector:
        """Return Zᵀt, shape (d,)."""
        return np.asarray(self.sum(lambda X, y, t: X.T @ (y * t), t=t))

    def weighted(self, theta: Vector, t: Vector) -> tuple[Matrix, Vector]:
        """Return ZᵀΘZ and Zᵀt; the signs y cancel in the first."""

        def term(X: Matrix, y: Vector, theta: Vector, t: Vector) -> tuple[Matrix, Vector]:
            V = X * np.sqrt(theta)[:, None]
            return V.T @ V, X.T @ (y * t)

        H, v = self.sum(term, theta=theta, t=t)
        return H, v

    # --- the method --------------------------------------------------------------------------

    def start(self) -> State:
        """Return w = 0, multipliers in the middle of their range, and slacks of size 1."""
        one = np.ones(self.n)
        return State(np.zeros(self.d), 0.5 * self.C * one, one, 2.0 * one)

    def certificate(
        self, w: Vector, alpha: Vector, margins: Vector | None = None
    ) -> tuple[float, float]:
        """Return f(w) and the duality gap, which bounds f(w) − min f; margins is Zw, if it is known.

        For a w_j without a ridge the dual asks for (Zᵀα)_j = 0, which rounding spoils: what that
        costs at w_j, |w_j (Zᵀα)_j|, is counted.
        """
        v, free = self.transposed(alpha), self.rho == 0
        hinges = np.maximum(1.0 - (self.times(w) if margins is None else margins), 0.0)
        primal = 0.5 * float(self.rho @ w**2) + self.C * float(hinges.sum())
        ridge = 0.5 * float(np.sum(v[~free] ** 2 / self.rho[~free]))
        dual = float(alpha.sum()) - ridge - float(np.abs(w[free]) @ np.abs(v[free]))
        return primal, max(primal - dual, 0.0)

    def iterate(self, state: State) -> tuple[State, float]:
        """Take one predictor-corrector step; also return its length, at most 1."""
        w, a, s, xi = state.w, state.alpha, state.s, state.xi
        b = self.C - a
        theta = 1.0 / (s / a + xi / b)
        H, v = self.weighted(theta, a)
        H[np.diag_indices(self.d)] += self.rho
        try:
            factor = scipy.linalg.cho_factor(H)
        except np.linalg.LinAlgError:  # two columns without a ridge may be equal
            factor = scipy.linalg.cho_factor(H + 1e-13 * np.diag(np.diag(H)))
        dual_residual = self.rho * w - v

        def direction(towards_s: Vector, towards_xi: Vector) -> tuple[Vector, ...]:
            """Solve a Δs + s Δa = towards_s and b Δξ − ξ Δa = towards_xi with the linear rest."""
            t = theta * (towards_s / a - towards_xi / b)
            dw = scipy.linalg.cho_solve(factor, self.transposed(t) - dual_residual)
            da = t - theta * self.times(dw)
            return dw, da, (towards_s - s * da) / a, (towards_xi + xi * da) / b

        _, da, ds, dxi = direction(-a * s, -b * xi)
        step = longest((a, da), (b, -da), (s, ds), (xi, dxi))
        mu = float(a @ s + b @ xi) / (2 * self.n)
        reached = (a + step * da) @ (s + step * ds) + (b - step * da) @ (xi + step * dxi)
        target = mu * (float(reached) / (2 * self.n * mu)) ** 3
        dw, da, ds, dxi = direction(target - a * s - da * ds, target - b * xi + da * dxi)
        step = TO_THE_WALL * longest((a, da), (b, -da), (s, ds), (xi, dxi))
        return State(w + step * dw, a + step * da, s + step * ds, xi + step * dxi), step

    def exact(self, state: State) -> tuple[Vector, Vector]:
        """Return w and α from the equations of the samples that seem to lie on the margin.

        A sample is taken to be outside (αᵢ = 0), inside (αᵢ = C) or on the margin (zᵢᵀw = 1) by
        whichever of αᵢ/C, 1 − αᵢ/C, sᵢ and ξᵢ is smallest beside its partner.
        """
        share = state.alpha / self.C
        inside = state.xi > 1.0 - share
        on = (state.s < share) & ~inside
        alpha = np.where(inside, self.C, 0.0)
        if np.count_nonzero(on) > 2 * self.d:
            return state.w, state.alpha
        Z = np.vstack(
            self.sum(
                lambda X, y, on: [dense(X[on > 0]) * y[on > 0, None]], on=on.astype(np.float64)
            )
        )
        K = np.block([[np.diag(self.rho), -Z.T], [Z, np.zeros((len(Z), len(Z)))]])
        right = np.concatenate([self.transposed(alpha), np.ones(len(Z))])
        solution = np.linalg.lstsq(K, right)[0]
        alpha[on] = np.clip(solution[self.d :], 0.0, self.C)
        return solution[: self.d], alpha


def longest(*pairs: tuple[Vector, Vector]) -> float:
    """Return the longest step ≤ 1 that keeps every v + step · dv ≥ 0."""
    return 1.0 / max(1.0, *(float(np.max(-dv / v)) for v, dv in pairs))
