"""The lasso with more features than samples."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from optidemo.bench.contest import Contest, Peer, Row, Work, at_least, at_most
from optidemo.objectives import L1Norm, LinearRegression
from optidemo.solvers.solve import solve

if TYPE_CHECKING:
    from collections.abc import Callable

    from optidemo.arrays import Vector

__all__ = ["rows"]

REDUCTION = 1e-8


def rows(contest: Contest) -> list[Row]:
    """Fit at λ = 0.1 λmax until the duality gap is 1e-8 of that at 0, whoever computes it.

    X lies in columns, as the peers want it; they get the loosest tolerance that reaches the gap.
    """
    n, d = contest.size(2_000, 60), contest.size(5_000, 120)
    rng = np.random.default_rng(0)
    X = np.asfortranarray(rng.standard_normal((n, d)))
    w = np.zeros(d)
    w[: d // 50] = rng.standard_normal(d // 50)
    y = X @ w + 0.5 * rng.standard_normal(n)
    lam = 0.1 * float(np.abs(X.T @ y).max())

    def gap(w: Vector) -> float:
        r = y - X @ w
        theta = r * min(1.0, lam / np.abs(X.T @ r).max())
        return float(0.5 * r @ r + lam * np.abs(w).sum() - y @ theta + 0.5 * theta @ theta)

    first = gap(np.zeros(d))

    def shown(w: Any) -> str:
        return f"gap {gap(w) / first:.0e}"

    def equal_gap(make: Callable[[float], Any]) -> Work:
        """Loosen the tolerance as far as the gap allows."""
        for exponent in range(4, 14):
            model = make(10.0**-exponent)
            if gap(model.fit(X, y).coef_) <= REDUCTION * first:
                break
        return lambda: model.fit(X, y).coef_

    def sklearn() -> Work:
        from sklearn.linear_model import Lasso

        return equal_gap(lambda tol: Lasso(lam / n, fit_intercept=False, tol=tol, max_iter=100_000))

    def skglm() -> Work:
        from skglm import Lasso

        return equal_gap(lambda tol: Lasso(lam / n, fit_intercept=False, tol=tol, max_iter=1_000))

    peers = [
        Peer("scikit-learn Lasso", at_least(1.0), sklearn, shown),
        Peer("skglm Lasso", at_most(2.0), skglm, shown),
    ]
    work = f"lasso, {n} × {d}"
    return contest.rows(
        work, lambda: solve(LinearRegression(X, y) + lam * L1Norm(d), tol=REDUCTION).x, peers, shown
    )
