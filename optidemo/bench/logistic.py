"""Logistic regression on columns of very different scale."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import expit

from optidemo.bench.contest import Contest, Peer, Row, Work, at_least
from optidemo.objectives import LogisticRegression
from optidemo.solvers.solve import solve

if TYPE_CHECKING:
    from optidemo.arrays import Matrix, Vector

__all__ = ["logistic_data", "rows"]

TOL = 1e-10


def logistic_data(n: int, d: int, seed: int = 0) -> tuple[Matrix, Vector]:
    """Return normal samples whose columns have scales from 0.1 to 10, and labels that overlap."""
    rng = np.random.default_rng(seed)
    scale = np.logspace(-1, 1, d)
    X = rng.standard_normal((n, d)) * scale
    w = 2.0 * rng.standard_normal(d) / scale / np.sqrt(d)
    return X, (rng.random(n) < expit(X @ w)).astype(float)


def rows(contest: Contest) -> list[Row]:
    """Minimise to a gradient of 1e-10 of the first one; the peers are asked for the same."""
    n, d = contest.size(200_000, 500), contest.size(50, 4)
    X, y = logistic_data(n, d)
    first = np.linalg.norm(X.T @ (0.5 - y))

    def accuracy(w: Any) -> str:
        return f"gradient {np.linalg.norm(X.T @ (expit(X @ np.ravel(w)) - y)) / first:.0e}"

    def sklearn(solver: str, tol: float) -> Work:
        from sklearn.linear_model import LogisticRegression as Theirs

        model = Theirs(C=np.inf, solver=solver, tol=tol, max_iter=100_000, fit_intercept=False)
        return lambda: model.fit(X, y).coef_

    def statsmodels() -> Work:
        from statsmodels.discrete.discrete_model import Logit

        return lambda: Logit(y, X).fit(disp=0, tol=1e-14, maxiter=1000).params

    lbfgs_tol = TOL * float(np.abs(X.T @ (0.5 - y)).max()) / n  # it judges max |gradient| / n
    peers = [
        Peer(
            "scikit-learn newton-cholesky", at_least(1.4),
            lambda: sklearn("newton-cholesky", TOL), accuracy,
        ),
        Peer("scikit-learn lbfgs", at_least(50), lambda: sklearn("lbfgs", lbfgs_tol), accuracy),
        Peer("statsmodels Logit", at_least(5), statsmodels, accuracy),
    ]  # fmt: skip
    work = f"logistic regression, {n} × {d}"
    return contest.rows(work, lambda: solve(LogisticRegression(X, y), tol=TOL).x, peers, accuracy)
