"""The lasso, solved with a working set: few features take part, and a duality gap vouches for the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from optidemo.arrays import EPS
from optidemo.objectives.norm import L1Norm, SquaredL2Norm
from optidemo.objectives.regression import LinearRegression
from optidemo.objectives.sum import weighted_terms
from optidemo.solvers.active_set import small_lasso
from optidemo.solvers.problem import Problem
from optidemo.solvers.run import Run
from optidemo.status import Incompatible, Status

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

    from optidemo.arrays import Matrix, Vector
    from optidemo.objective import Objective
    from optidemo.rows import Rows
    from optidemo.solvers.result import Result

__all__ = ["is_lasso", "lasso"]

FIRST = 64  # features in the first working set; it doubles at most from round to round


def is_lasso(fun: Objective) -> bool:
    """Is f a positive multiple of one least-squares loss plus L1 norms, perhaps plus ridges?"""
    return _parts(fun) is not None


def lasso(
    fun: Objective,
    x0: ArrayLike | None = None,
    *,
    tol: float = 1e-8,
    maxiter: int = 200,
    callback: Callable[..., Any] | None = None,
    **scipy_options: Any,
) -> Result:
    """Minimise ½‖Xw − y‖² + λ‖w‖₁ (+ ½ρ‖w‖²), with most entries of w exactly 0.

    Parameters
    ----------
    fun : Objective
        Such as ``LinearRegression(X, y) + lam * L1Norm(d)``; with a ridge it is the elastic net.
    x0 : (d,) array_like, optional
        The method starts at 0, where the first gap is known; only the features that are not 0 in x0
        enter the first working set.
    tol : float
        Stop when the duality gap is at most tol times the gap at w = 0.
    maxiter : int
        Rounds at most.
    callback, **scipy_options
        As in `optidemo.gradient_descent`.

    Returns
    -------
    Result
        With `gap`, the duality gap: f(x) − min f is no larger. `jac` is the gradient of the smooth
        part.

    Raises
    ------
    TypeError
        If the objective is of another form.

    Notes
    -----
    With the residual r = y − Xw, optimal are Xᵀr = λ sign(w) where w ≠ 0 and |Xᵀr| ≤ λ elsewhere.
    Each round solves the problem of the features in the working set exactly (`small_lasso`), on their
    Gram matrix alone; one pass over the data then gives Xᵀr, and the features that violate |Xᵀr| ≤ λ
    most enter the set. Every pass is a sum over row blocks, so X may lie anywhere.

    The gap: θ = r min(1, λ/‖Xᵀr‖∞) satisfies |Xᵀθ| ≤ λ, hence min f ≥ yᵀθ − ½‖θ‖². A ridge is the
    same problem with √ρ I below X and zeros below y.

    References
    ----------
    Osborne, Presnell and Turlach, IMA J. Numer. Anal. 20, 2000. Massias, Gramfort and Salmon,
    Celer: a fast solver for the lasso with dual extrapolation, ICML 2018.
    """
    parts = _parts(fun)
    if parts is None:
        raise Incompatible(
            f"{fun!r} is not compatible with lasso: it must be c * LinearRegression(X, y) plus "
            "positive multiples of L1Norm(d) and, perhaps, SquaredL2Norm(d)."
        )
    rows, c, lam, rho = parts
    problem = Problem(fun, x0)
    run = Run(
        "lasso", problem, tol=tol, maxiter=maxiter, callback=callback, options=scipy_options,
        measure="duality gap", constrained=True,
    )  # fmt: skip
    w, work = np.zeros(fun.d), WorkingSet(rows, rho)
    entering = np.flatnonzero(problem.x0) if x0 is not None else np.empty(0, dtype=np.intp)
    while True:
        correlation, rr, yr = work.pass_over_data(w)
        problem.nfev, problem.njev = problem.nfev + 1, problem.njev + 1
        f = 0.5 * rr + lam * float(np.abs(w).sum())
        scale = min(1.0, lam / max(float(np.abs(correlation).max()), 1e-300))
        gap = max(f - scale * yr + 0.5 * scale**2 * rr, 0.0)
        if run.done(w, c * f, -c * correlation, residual=c * gap):
            break
        entering = np.union1d(entering, work.violators(correlation, lam))
        if len(entering) == 0:
            settled = gap <= 16 * EPS * (rr + abs(yr))  # what rounding alone can leave of it
            run.stop(
                Status.CONVERGED if settled else Status.LINE_SEARCH_FAILED,
                f"No feature is left to enter; rounding keeps the duality gap at {c * gap:.3g}.",
            )
            break
        work.extend(entering)
        w = work.solve(lam, w)
        entering = entering[:0]
    if run.status is Status.CONVERGED and c * gap <= run.target:
        run.message = (
            f"Converged: the duality gap {c * gap:.3g} is at most tol·{run.first:.6g}, the gap at 0 "
            f"(tol = {tol:g}); {np.count_nonzero(w)} of {fun.d} entries are not 0."
        )
    return run.result(gap=c * gap)


def _parts(fun: Objective) -> tuple[Rows, float, float, float] | None:
    """Return the samples, c, λ/c and ρ/c of c · ½‖Xw − y‖² + λ‖w‖₁ + ½ρ‖w‖², or None."""
    factor, lam, rho, rows = 0.0, 0.0, 0.0, None
    for c, f in weighted_terms(fun):
        if c > 0 and isinstance(f, L1Norm):
            lam += c
        elif c > 0 and isinstance(f, SquaredL2Norm) and f.penalized.all():
            rho += 2.0 * c
        elif c > 0 and isinstance(f, LinearRegression) and rows is None:
            factor, rows = c, f.rows
        else:
            return None
    return None if rows is None or lam == 0 else (rows, factor, lam / factor, rho / factor)


class WorkingSet:
    """The features that take part, the Gram matrix among them, and their products with y."""

    def __init__(self, rows: Rows, rho: float) -> None:
        self.rows, self.rho = rows, rho
        self.features: NDArray[np.intp] = np.empty(0, dtype=np.intp)
        self.gram: Matrix = np.empty((0, 0))
        self.products: Vector = np.empty(0)

    def pass_over_data(self, w: Vector) -> tuple[Vector, float, float]:
        """Return Xᵀr − ρw (d,), ‖r‖² + ρ‖w‖² and yᵀr, where r = y − Xw."""
        support = np.flatnonzero(w)
        values = w[support]

        def term(X: Matrix, y: Vector) -> tuple[Vector, float, float]:
            r = y - X[:, support] @ values if len(support) else y
            return X.T @ r, float(r @ r), float(y @ r)

        correlation, rr, yr = self.rows.sum(term)
        if not len(self.products):
            self.all_products = correlation
        return correlation - self.rho * w, rr + self.rho * float(w @ w), yr

    def violators(self, correlation: Vector, lam: float) -> NDArray[np.intp]:
        """Return the features outside the set that violate |Xᵀr| ≤ λ most, in order of index."""
        size = np.abs(correlation)
        size[self.features] = 0.0
        many = max(FIRST, len(self.features))
        found = np.flatnonzero(size > lam)
        if len(found) > many:
            found = found[np.argpartition(-size[found], many)[:many]]
        return np.sort(found)

    def extend(self, entering: NDArray[np.intp]) -> None:
        """Take features in, with their part of the Gram matrix."""
        inside = self.features

        def term(X: Matrix, _y: Vector) -> tuple[Matrix, Matrix]:
            new = X[:, entering]
            return X[:, inside].T @ new, new.T @ new

        across, among = self.rows.sum(term)
        among = among + self.rho * np.eye(len(entering))
        self.gram = np.block([[self.gram, across], [across.T, among]])
        self.features = np.concatenate([inside, entering])
        self.products = self.all_products[self.features]

    def solve(self, lam: float, w: Vector) -> Vector:
        """Return the minimiser over the working set, (d,); w is the guess."""
        solution = np.zeros_like(w)
        solution[self.features] = small_lasso(self.gram, self.products, lam, w[self.features])
        return solution
