"""What a sum of quadratics and linear functions knows of its optimum beforehand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from optidemo import Linear, LinearRegression, Quadratic, SquaredL2Norm, Status, newton

RANK_TWO = np.array([[1.0, 2.0, 3.0], [2.0, -1.0, 1.0], [0.5, 1.0, 1.5], [3.0, 1.0, 4.0]])
RANGE = RANK_TWO.sum(axis=0)  # no part of it lies in the null space of RANK_TWO


@pytest.mark.parametrize(
    ("f", "status"),
    [
        (Linear([1.0, 2.0]) + Quadratic(np.diag([1.0, 0.0])), Status.UNBOUNDED),
        (Linear([1.0, 0.0]) + Quadratic(np.diag([1.0, 0.0])), Status.CONVERGED),
        (Linear([1.0, 2.0]) + SquaredL2Norm(2, unpenalized=[0]), Status.UNBOUNDED),
        (Linear([1.0, 2.0]) + Quadratic([[1.0, 3.0], [0.0, 1.0]]), Status.UNBOUNDED),
        (-Linear([1.0, 2.0]) - Quadratic(np.diag([1.0, 0.0])), Status.UNBOUNDED),
        (LinearRegression(RANK_TWO, np.ones(4)) + Linear([1.0, 0.0, 0.0]), Status.UNBOUNDED),
        (LinearRegression(RANK_TWO, np.ones(4)) + Linear(RANGE), Status.CONVERGED),
        (Linear([1.0, 1.0]) + Quadratic(np.diag([1e20, 1e-20])), Status.CONVERGED),
    ],
    ids=repr,
)
def test_a_sum_that_is_quadratic_knows_its_optimum(f: Any, status: Status) -> None:
    known = f.optimum()
    assert known is not None
    assert known.status is status
    assert ("rises" in known.reason) is (f.sense == "maximize" and status is Status.UNBOUNDED)
    assert newton(f, maxiter=3).success is known.attained
    if known.direction is not None:
        assert np.linalg.norm(known.direction) == pytest.approx(1)
        far, farther = (f.value(t * known.direction) for t in (1e4, 1e8))
        assert farther < far < -1e3 if f.sense == "minimize" else farther > far > 1e3
