"""Logistic regression on a Dask cluster of two workers on this machine."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import expit

from optidemo.bench.contest import Contest, Peer, Row, Work, at_least
from optidemo.bench.logistic import logistic_data
from optidemo.objectives import LogisticRegression
from optidemo.solvers.solve import solve

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["rows"]

TOL = 1e-8
GOAL = at_least(2.0)
WORKERS = 2


def rows(contest: Contest) -> list[Row]:
    """Minimise to a gradient of 1e-8 of the first one, the samples lying on the workers."""
    n, d = contest.size(200_000, 400), contest.size(20, 3)
    work = f"logistic regression on a Dask cluster, {n} × {d}"
    try:
        from dask.array import from_array
        from dask.distributed import Client, LocalCluster
    except ImportError:
        return [Row(work, "dask-glm", GOAL, None)]
    X, y = logistic_data(n, d)
    chunk = n // (2 * WORKERS)
    with (
        LocalCluster(
            n_workers=WORKERS, threads_per_worker=1, dashboard_address=":0",
            silence_logs=logging.ERROR,
        ) as cluster,
        Client(cluster),
    ):  # fmt: skip
        far_X = from_array(X, chunks=(chunk, d)).persist()
        far_y = from_array(y, chunks=chunk).persist()
        first = np.linalg.norm(X.T @ (0.5 - y))

        def accuracy(w: Any) -> str:
            return f"gradient {np.linalg.norm(X.T @ (expit(X @ w) - y)) / first:.0e}"

        def dask_glm(name: str, **options: Any) -> Callable[[], Work]:
            def prepare() -> Work:
                from dask_glm import algorithms, families

                solver = getattr(algorithms, name)
                return lambda: solver(far_X, far_y, family=families.Logistic, **options)

            return prepare

        peers = [
            Peer("dask-glm newton", GOAL, dask_glm("newton", tol=TOL, max_iter=100), accuracy),
            Peer(
                "dask-glm lbfgs", GOAL,
                dask_glm("lbfgs", tol=1e-12, max_iter=10_000, regularizer=None, lamduh=0.0),
                accuracy,
            ),
        ]  # fmt: skip
        return contest.rows(
            work, lambda: solve(LogisticRegression(far_X, far_y), tol=TOL).x, peers, accuracy
        )
