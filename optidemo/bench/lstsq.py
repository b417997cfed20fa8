"""Least squares, well conditioned."""

from __future__ import annotations

from typing import Any

import numpy as np

from optidemo.bench.contest import Contest, Peer, Row, Work, at_least, at_most
from optidemo.linalg.least_squares import lstsq

__all__ = ["rows"]


def rows(contest: Contest) -> list[Row]:
    """Time `optidemo.lstsq` on exact data, so that the digits can be counted."""
    n, d = contest.size(500_000, 500), contest.size(50, 4)
    rng = np.random.default_rng(0)
    X = rng.standard_normal((n, d))
    w = rng.standard_normal(d)
    y = X @ w

    def digits(found: Any) -> float:
        return float(-np.log10(max(np.abs(np.ravel(found) / w - 1.0).max(), 1e-16)))

    def shown(found: Any) -> str:
        return f"{digits(found):.1f} digits"

    def numpy() -> Work:
        return lambda: np.linalg.lstsq(X, y, rcond=None)[0]

    def sklearn() -> Work:
        from sklearn.linear_model import LinearRegression

        model = LinearRegression(fit_intercept=False)
        return lambda: model.fit(X, y).coef_

    work = f"lstsq, {n} × {d}"
    compared = contest.rows(
        work,
        lambda: lstsq(X, y),
        [
            Peer("numpy.linalg.lstsq", at_least(10), numpy, shown),
            Peer("scikit-learn LinearRegression", at_least(10), sklearn, shown),
            Peer("one X.T @ X", at_most(1.3), lambda: lambda: X.T @ X),
        ],
        shown,
    )
    found = digits(lstsq(X, y))
    return [*compared, Row(work, "the exact solution", at_least(12, "digits"), found)]
