"""The support vector machine with a ridge on classes that overlap."""

from __future__ import annotations

from typing import Any

import numpy as np

from optidemo.bench.contest import Contest, Peer, Row, Work, at_least
from optidemo.objectives import SVM, SquaredL2Norm
from optidemo.solvers.solve import solve

__all__ = ["rows"]

TOL = 1e-6


def rows(contest: Contest) -> list[Row]:
    """Minimise hinge + ½‖w‖² to a duality gap of 1e-6 f; the peer stops after its 1000 rounds."""
    n, d = contest.size(100_000, 300), contest.size(50, 4)
    rng = np.random.default_rng(0)
    X = rng.standard_normal((n, d))
    w = 2.0 * rng.standard_normal(d) / np.sqrt(d)
    y = np.where(X @ w + rng.standard_normal(n) > 0, 1.0, -1.0)
    f = SVM(X, y) + 0.5 * SquaredL2Norm(d)
    best = solve(f, tol=1e-10)
    lowest = best.fun - best.gap

    def above(found: Any) -> str:
        return f"f within {f.value(np.ravel(found)) / lowest - 1.0:.0e}"

    def sklearn() -> Work:
        from sklearn.svm import LinearSVC

        model = LinearSVC(loss="hinge", C=1.0, fit_intercept=False, random_state=0)
        return lambda: model.fit(X, y).coef_

    peer = Peer("scikit-learn LinearSVC(loss='hinge')", at_least(3), sklearn, above)
    return contest.rows(
        f"SVM, {n} × {d}",
        lambda: solve(SVM(X, y) + 0.5 * SquaredL2Norm(d), tol=TOL).x,
        [peer],
        above,
    )
