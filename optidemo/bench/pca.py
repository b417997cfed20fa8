"""Principal components, tall and wide."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from optidemo.bench.contest import Contest, Peer, Row, Work, at_least
from optidemo.linalg.eigen import pca

if TYPE_CHECKING:
    from collections.abc import Callable

    from optidemo.arrays import Matrix

__all__ = ["rows"]

GOALS = {"covariance_eigh": 1.0, "randomized": 3.0, "full": 6.0}
POWERS = 30  # power iterations that give `randomized` two digits where its 7 give one


def rows(contest: Contest) -> list[Row]:
    """Find five components where they stand out, as in most data, and where nothing does."""
    tall, wide = ((200, 12), (60, 20)) if contest.quick else ((100_000, 200), (20_000, 1000))
    works = [(tall, flat), (wide, flat), (wide, strong)]
    return [row for size, spectrum in works for row in _work(contest, *size, spectrum)]


def flat(n: int, d: int) -> Matrix:
    """Variances that fall slowly from 9 to 1, the hardest kind: neighbours differ by a percent."""
    rng = np.random.default_rng(0)
    return rng.standard_normal((n, d)) * np.linspace(3.0, 1.0, d) + 10.0


def strong(n: int, d: int) -> Matrix:
    """Five directions of standard deviation 10 to 6 above a tail that falls from 1 to 0.1."""
    rng = np.random.default_rng(0)
    directions, _ = np.linalg.qr(rng.standard_normal((d, 5)))
    tail = rng.standard_normal((n, d)) * np.geomspace(1.0, 0.1, d)
    factors = rng.standard_normal((n, 5)) * np.linspace(10.0, 6.0, 5)
    return np.asarray(tail + factors @ directions.T + 10.0)


def _work(
    contest: Contest, n: int, d: int, spectrum: Callable[[int, int], Matrix], k: int = 5
) -> list[Row]:
    X = spectrum(n, d)

    def sklearn(solver: str, powers: int | Literal["auto"] = "auto") -> Work:
        from sklearn.decomposition import PCA

        model = PCA(k, svd_solver=solver, iterated_power=powers, random_state=0)
        return lambda: model.fit(X).explained_variance_

    exact = np.linalg.eigvalsh(np.cov(X.T))[::-1][:k]

    def accuracy(found: Any) -> str:
        return f"{np.abs(found / exact - 1.0).max():.0e}"

    peers = [
        Peer(f"scikit-learn {solver}", at_least(goal), partial(sklearn, solver), accuracy)
        for solver, goal in GOALS.items()
    ]
    if spectrum is flat:
        name, goal = f"scikit-learn randomized, {POWERS} iterations", at_least(GOALS["randomized"])
        peers.append(Peer(name, goal, partial(sklearn, "randomized", POWERS), accuracy))
    kind = "flat spectrum" if spectrum is flat else f"{k} strong components"
    work = f"PCA, {n} × {d}, k = {k}, {kind}"
    return contest.rows(work, lambda: pca(X, k).explained_variance, peers, accuracy)
