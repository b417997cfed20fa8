"""Time and memory against the number of rows."""

from __future__ import annotations

import statistics
import tracemalloc
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from optidemo.bench.contest import Contest, Row, at_most, timed
from optidemo.bench.logistic import logistic_data
from optidemo.linalg.least_squares import lstsq
from optidemo.objectives import LogisticRegression
from optidemo.solvers.newton import newton

if TYPE_CHECKING:
    from collections.abc import Callable

    from optidemo.arrays import Matrix, Vector
    from optidemo.bench.contest import Work

__all__ = ["rows"]

EXPONENT = 1.1  # linear, with room for the noise of a fit over five sizes


def rows(contest: Contest) -> list[Row]:
    """Fit time ∝ rowsᵏ, and count what is allocated beyond the data at the largest size."""
    return [
        row
        for name, fit in (("lstsq", lstsq), ("logistic regression", _newton))
        for row in _scaling(contest, name, fit)
    ]


def _newton(X: Matrix, y: Vector) -> Any:
    return newton(LogisticRegression(X, y), tol=1e-10)


def _scaling(contest: Contest, name: str, fit: Callable[[Matrix, Vector], Any]) -> list[Row]:
    d = contest.size(50, 4)
    sizes = [contest.size(25_000, 4000) * 2**k for k in range(6 if not contest.quick else 3)]
    X, y = logistic_data(sizes[-1], d)
    fit(X[: sizes[0]], y[: sizes[0]])
    seconds = [_median(partial(fit, X[:n], y[:n]), 1 if contest.quick else 5) for n in sizes]
    exponent = float(np.polyfit(np.log(sizes), np.log(seconds), 1)[0])
    megabytes = peak_memory(lambda: fit(X, y)) / 1e6
    range_ = f"{sizes[0]} to {sizes[-1]} × {d}"
    return [
        Row(
            f"{name}, {range_}", "its own time at other sizes",
            at_most(EXPONENT, "= exponent of time in rows"), exponent, (seconds[0], seconds[-1]),
        ),
        Row(
            f"{name}, {sizes[-1]} × {d}", f"the data, {X.nbytes / 1e6:.0f} MB",
            at_most(100, "MB beyond the data"), megabytes,
        ),
    ]  # fmt: skip


def _median(work: Work, times: int) -> float:
    return statistics.median(timed(work, 1) for _ in range(times))


def peak_memory(work: Callable[[], Any]) -> int:
    """Return the bytes that are allocated at most at a time during the work; numpy counts them."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
