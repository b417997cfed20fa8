"""Sums whose optimum lies on the edge of their domain: told so, and not that a gradient is wrong."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from smooth_solvers import SMOOTH

from optidemo import (
    BernoulliLikelihood,
    ExponentialLikelihood,
    Linear,
    PoissonLikelihood,
    SquaredL2Norm,
    Status,
    UniformLikelihood,
    gradient_descent,
    newton,
    solve,
)

HEADS, NONE = BernoulliLikelihood([1, 1, 1]), PoissonLikelihood([0, 0])
SPREAD = UniformLikelihood([1, 2, 5])
ON_THE_EDGE = {
    "all outcomes 1": HEADS + HEADS,
    "minimised": -(HEADS + HEADS),
    "with a ridge": HEADS - 1e-3 * SquaredL2Norm(1),
    "all counts 0": NONE + NONE,
    "counts and a line": NONE - Linear([2.0]),
    "uniform": SPREAD + SPREAD,
}


@pytest.mark.parametrize("solver", [solve, *SMOOTH])
@pytest.mark.parametrize("name", ON_THE_EDGE)
@pytest.mark.battery(4)
def test_an_optimum_on_the_edge_is_named(solver: Any, name: str) -> None:
    f = ON_THE_EDGE[name]
    more = {} if solver is solve else {"maxiter": 700}
    res = solver(f, **more)
    assert not res.success
    assert f"f still {'falls' if f.sense == 'minimize' else 'rises'} at the edge" in res.message
    assert f.domain in res.message
    assert "check_gradient" not in res.message
    expected = Status.NO_STATIONARY_POINT if f.convex else Status.LINE_SEARCH_FAILED
    assert res.status is expected


def test_a_run_that_is_stuck_beside_the_optimum_is_told_so() -> None:
    """At the edge b = 5 the way on along a is lost: x is no optimum, though nothing is wrong."""
    res = newton(SPREAD - 0.1 * SquaredL2Norm(2))
    assert res.status is Status.LINE_SEARCH_FAILED
    assert "and not at x" in res.message


@pytest.mark.parametrize("solver", [newton, gradient_descent])
def test_an_optimum_close_to_the_edge_is_inside(solver: Any) -> None:
    alpha = np.zeros(10**6)
    alpha[0] = 1.0
    f = BernoulliLikelihood(alpha) + BernoulliLikelihood(alpha)
    near = solver(f, [3e-7], maxiter=1)
    assert "edge" not in near.message
    assert newton(f, [3e-7]).success


def test_strong_convexity_up_to_an_edge_attains_nothing() -> None:
    assert (HEADS + HEADS).optimum() is None
    inside = HEADS + BernoulliLikelihood([0, 1])
    assert solve(inside).success
    assert solve(NONE + ExponentialLikelihood([1.0, 2.0])).success
