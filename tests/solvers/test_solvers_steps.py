"""Step rules: how long the steps are that they take."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from optidemo import Armijo, Fixed, accelerated_gradient, gradient_descent
from optidemo.solvers.line_search import backtrack
from optidemo.solvers.problem import Problem

CURVATURES = np.array([2.0, 8.0])


def bowl(x: np.ndarray) -> float:
    return float(0.5 * CURVATURES @ x**2)


def slope(x: np.ndarray) -> np.ndarray:
    return np.asarray(CURVATURES * x)


class TestArmijo:
    """Backtracking neither crawls nor stops where f can no longer judge a step."""

    @pytest.mark.parametrize("start", [(0.1, 0.5001), (1.0, 0.3), (-1.3, 0.77)])
    def test_the_step_is_not_locked_next_to_the_longest_stable_one(
        self, start: tuple[float, float]
    ) -> None:
        assert gradient_descent(bowl, start, jac=slope).nit <= 40

    def test_random_starts_of_a_quadratic_of_condition_4(self) -> None:
        starts = np.random.default_rng(0).standard_normal((40, 2))
        nit = [gradient_descent(bowl, x0, jac=slope).nit for x0 in starts]
        assert max(nit) <= 40  # a step just below 2/L took thousands

    def test_a_fall_that_drowns_does_not_shorten_the_steps(self) -> None:
        """−exp(−½xᵀHx) is −1 to rounding long before its gradient is down to tol times the first."""

        def bump(x: np.ndarray) -> float:
            return -float(np.exp(-bowl(x)))

        for x0 in np.random.default_rng(1).standard_normal((15, 2)) / 2:
            res = gradient_descent(bump, x0, jac=lambda x: -bump(x) * slope(x))
            assert res.success, res.message
            assert res.nit <= 100

    @pytest.mark.parametrize("solver", [gradient_descent, accelerated_gradient])
    def test_terms_that_cancel_do_not_shorten_the_steps(self, solver: Any) -> None:
        """Near its minimum (x − b)² multiplied out trembles by far more than its own size tells."""
        rng = np.random.default_rng(0)
        for _ in range(20):
            b, x0 = 10 * rng.standard_normal(2), rng.standard_normal(2)
            res = solver(
                lambda x, b: bowl(x) - float(CURVATURES @ (b * x)) + bowl(b), x0, (b,),
                jac=lambda x, b: slope(x - b),
            )  # fmt: skip
            assert res.success, res.message
            assert res.nit <= 100

    def test_a_constant_that_hides_f_hides_no_step_that_is_too_long(self) -> None:
        """10⁶ + f is the same number on both sides: the slope alone tells that x overshoots."""
        problem = Problem(lambda x: 1e6 + bowl(x), [0.0, 1e-6], jac=slope)
        x = problem.x0
        f, g = problem.evaluate(x)
        move, following = backtrack(problem, Armijo(), x, f, g, -g, 0.2499, ceiling=f)
        assert move.f == f
        assert abs(move.g[1]) <= (1 - 2 * 0.3) * abs(g[1])
        assert following == move.step  # it was shortened, so the next trial is no longer
        move, following = backtrack(problem, Armijo(), x, f, g, -g, 1e-6, ceiling=f)
        assert following == 1.9 * move.step  # too short a step grows, although f shows no fall
        res = gradient_descent(lambda x: 1e6 + bowl(x), [1.0, 0.3], jac=slope)
        assert res.success
        assert res.nit <= 40


@pytest.mark.parametrize("rule", [Armijo, Fixed])
@pytest.mark.parametrize("solver", [gradient_descent, accelerated_gradient])
def test_a_class_in_place_of_a_step_rule_is_named(solver: Any, rule: type) -> None:
    with pytest.raises(
        TypeError, match=rf"step is the class {rule.__name__}; .*step={rule.__name__}\("
    ):
        solver(bowl, (1.0, 1.0), jac=slope, step=rule)
