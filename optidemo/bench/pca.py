"""Principal components, tall and wide."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from optidemo.bench.contest import Contest, Peer, Row, Work, at_least
from optidemo.linalg.eigen import pca

__all__ = ["rows"]

GOALS = {"covariance_eigh": 1.0, "randomized": 3.0, "full": 6.0}


def rows(contest: Contest) -> list[Row]:
    """Find five components of data whose spectrum falls slowly."""
    sizes = [(100_000, 200), (20_000, 1000)] if not contest.quick else [(200, 12), (60, 20)]
    return [row for n, d in sizes for row in _size(contest, n, d)]


def _size(contest: Contest, n: int, d: int, k: int = 5) -> list[Row]:
    rng = np.random.default_rng(0)
    X = rng.standard_normal((n, d)) * np.linspace(3.0, 1.0, d) + 10.0

    def sklearn(solver: str) -> Work:
        from sklearn.decomposition import PCA

        model = PCA(k, svd_solver=solver, random_state=0)
        return lambda: model.fit(X).explained_variance_

    exact = np.linalg.eigvalsh(np.cov(X.T))[::-1][:k]

    def accuracy(found: Any) -> str:
        return f"{np.abs(found / exact - 1.0).max():.0e}"

    peers = [
        Peer(f"scikit-learn {solver}", at_least(goal), partial(sklearn, solver), accuracy)
        for solver, goal in GOALS.items()
    ]
    work = f"PCA, {n} × {d}, k = {k}"
    return contest.rows(work, lambda: pca(X, k).explained_variance, peers, accuracy)
