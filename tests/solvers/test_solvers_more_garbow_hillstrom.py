"""Solvers on the nonconvex test set: what is solved, and that success is never claimed falsely."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from autograd import grad
from more_garbow_hillstrom import PROBLEMS, TestFunction

from optidemo import (
    Armijo,
    BarzilaiBorwein,
    Status,
    accelerated_gradient,
    gradient_descent,
    newton,
    subgradient_descent,
)
from optidemo.solvers.falsify import contradiction
from optidemo.solvers.problem import Problem

if TYPE_CHECKING:
    from optidemo.solvers.result import Result

pytestmark = [
    pytest.mark.filterwarnings("ignore:overflow encountered", "ignore:divide by zero"),
    pytest.mark.battery(0),
]
NAMED = pytest.mark.parametrize("problem", PROBLEMS, ids=lambda p: p.name)


def at_published_minimum(problem: TestFunction, f: float, f0: float = 0.0) -> bool:
    return any(abs(f - m) <= max(1e-5 * m or 1e-9, 1e-16 * f0) for m in problem.minima)


def at_local_minimum(problem: TestFunction, res: Result) -> bool:
    """Judge by the exact Hessian, which only `newton` may have seen: no fall left, no saddle."""
    g, H = problem.jac(res.x), problem.hess(res.x)
    size = np.sqrt(np.maximum(np.abs(np.diag(H)), 1e-300))
    h, Q = np.linalg.eigh(H / np.outer(size, size))
    if h[0] < -1e-6:
        return False
    fall = 0.5 * np.sum((Q.T @ (g / size)) ** 2 / np.maximum(h, 1e-12))
    return bool(fall <= 1e-6 * max(abs(res.fun), 1e-6))


def assert_honest(problem: TestFunction, res: Result) -> None:
    if res.success:
        assert at_published_minimum(problem, res.fun, res.trajectory.fun[0]) or at_local_minimum(
            problem, res
        ), (
            f"{problem.name}: success claimed at f = {res.fun:.6g}, but the minima are "
            f"{problem.minima}. {res.message}"
        )
    assert res.status is not Status.UNBOUNDED, "a sum of squares is bounded below"
    assert "contradicts the function values" not in res.message, "a false accusation"


def test_the_set_has_the_eighteen_problems_in_twenty_five_instances() -> None:
    assert len(PROBLEMS) == 25
    assert len({problem.residuals for problem in PROBLEMS}) == 18


@NAMED
def test_the_published_minimum_is_a_value_of_the_function(problem: TestFunction) -> None:
    """The formulas are transcribed rightly: f never goes below, and newton finds the minimum."""
    res = newton(problem.fun, problem.start(1), jac=problem.jac, hess=problem.hess)
    assert res.fun >= min(problem.minima) * (1 - 1e-5)
    assert at_published_minimum(problem, res.fun)
    assert res.success, res.message


@NAMED
def test_newton_solves_it_with_a_differenced_hessian(problem: TestFunction) -> None:
    res = newton(problem.fun, problem.start(1), jac=problem.jac)
    assert res.success, res.message
    assert at_published_minimum(problem, res.fun)
    assert res.nhev == 0


@NAMED
def test_newton_is_honest_from_far_away(problem: TestFunction) -> None:
    res = newton(problem.fun, problem.start(100), jac=problem.jac, maxiter=60)
    assert_honest(problem, res)


@pytest.mark.parametrize(
    ("solver", "factor", "options"),
    [
        (gradient_descent, 1, {"step": Armijo()}),
        (gradient_descent, 1, {"step": BarzilaiBorwein()}),
        (gradient_descent, 100, {"step": BarzilaiBorwein()}),
        (gradient_descent, 1, {"momentum": 0.9}),
        (accelerated_gradient, 1, {}),
        (subgradient_descent, 1, {}),
    ],
)
def test_first_order_solvers_are_honest(solver, factor, options) -> None:  # type: ignore[no-untyped-def]
    for problem in PROBLEMS:
        x0 = problem.start(factor)
        assert_honest(problem, solver(problem.fun, x0, jac=problem.jac, maxiter=30, **options))


def test_a_huge_first_gradient_does_not_make_success() -> None:
    """At 100·x₀ the gradient falls by 10⁸ long before a minimum: that alone once sufficed."""
    problem = next(p for p in PROBLEMS if p.name == "chebyquad-9")
    res = newton(problem.fun, problem.start(100), jac=problem.jac, maxiter=60)
    assert res.trajectory.gradient_norm[-1] < 1e-8 * res.trajectory.gradient_norm[0]
    assert not res.success
    assert res.fun > 1


@NAMED
def test_the_gradient_is_that_of_autograd(problem: TestFunction) -> None:
    for factor in (1.0, 3.0):
        x = problem.start(factor) + 0.01
        g = grad(problem.traced)(x)
        np.testing.assert_allclose(problem.jac(x), g, rtol=1e-12, atol=1e-14 * np.abs(g).max())


@NAMED
def test_a_right_gradient_is_not_accused(problem: TestFunction) -> None:
    rng = np.random.default_rng(1)
    for _ in range(2):
        x = problem.start(1) + 0.1 * rng.standard_normal(len(problem.x0))
        y = x + 0.1 * rng.standard_normal(len(problem.x0))
        view = Problem(problem.fun, x, (), problem.jac)
        g = problem.jac(y)
        assert (
            contradiction(view, x, y, problem.fun(y), g, float(np.linalg.norm(problem.jac(x))))
            == ""
        )
