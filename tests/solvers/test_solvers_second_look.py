"""Success is denied where f is lower close by, and not denied elsewhere."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.special import logsumexp, softmax

from optidemo import Status, accelerated_gradient, gradient_descent, newton, subgradient_descent

SOLVERS: list[Any] = [gradient_descent, accelerated_gradient, newton, subgradient_descent]


def monkey(x: np.ndarray) -> float:
    """Fall in three directions from 0, where gradient and Hessian vanish."""
    return float(x[0] ** 3 - 3 * x[0] * x[1] ** 2 + (x @ x) ** 2)


def monkey_slope(x: np.ndarray) -> np.ndarray:
    cubic = [3 * x[0] ** 2 - 3 * x[1] ** 2, -6 * x[0] * x[1]]
    return np.asarray(np.array(cubic) + 4 * (x @ x) * x)


def bent(x: np.ndarray, offset: float = 0.0) -> float:
    return float(x[0] ** 3 + x[0] ** 4) + offset


def bent_slope(x: np.ndarray, _offset: float = 0.0) -> np.ndarray:
    return np.asarray(3 * x**2 + 4 * x**3)


@pytest.mark.parametrize("solver", SOLVERS)
class TestLowerNearby:
    """A zero gradient that is no minimum, without curvature to tell."""

    @pytest.mark.parametrize("offset", [0.0, 1.0, -100.0])
    def test_an_inflection(self, solver: Any, offset: float) -> None:
        res = solver(bent, [0.0], (offset,), jac=bent_slope)
        assert res.status is Status.LINE_SEARCH_FAILED
        assert "inflection" in res.message

    def test_an_inflection_that_is_run_into(self, solver: Any) -> None:
        res = solver(bent, [1.0], jac=bent_slope)
        assert not res.success or res.x[0] == pytest.approx(-0.75, abs=1e-6)

    def test_a_saddle_of_third_order(self, solver: Any) -> None:
        assert not solver(monkey, [0.0, 0.0], jac=monkey_slope).success

    def test_a_gradient_that_forgets_a_variable(self, solver: Any) -> None:
        res = solver(
            lambda x: x[0] ** 2 + 3 * x[1] ** 2, [1.0, 2.0], jac=lambda x: np.array([2 * x[0], 0.0])
        )
        assert not res.success
        assert "check_gradient" in res.message


@pytest.mark.parametrize("solver", SOLVERS)
class TestNoFalseDenial:
    """Minima that are flat, noisy, or loosely met."""

    @pytest.mark.parametrize("power", [4, 6])
    def test_a_flat_minimum(self, solver: Any, power: int) -> None:
        res = solver(
            lambda x: float(np.sum((x - 1) ** power)), [0.0, 0.0],
            jac=lambda x: power * (x - 1) ** (power - 1), tol=1e-4,
        )  # fmt: skip
        assert "close by" not in res.message

    @pytest.mark.parametrize("tol", [0.5, 1e-2, 1e-4])
    def test_a_minimum_that_is_loosely_met(self, solver: Any, tol: float) -> None:
        Z = np.random.default_rng(2).standard_normal((12, 3))
        f = lambda x: float(logsumexp(Z @ x) + 0.1 * x @ x)  # noqa: E731
        res = solver(f, np.ones(3), jac=lambda x: Z.T @ softmax(Z @ x) + 0.2 * x, tol=tol)
        assert res.success or (solver is subgradient_descent and res.status is Status.MAXITER)

    def test_a_noisy_function(self, solver: Any) -> None:
        rng = np.random.default_rng(0)
        noisy = lambda x: float(x @ x + 1e-6 * rng.standard_normal())  # noqa: E731
        assert solver(noisy, [1.0, 2.0], jac=lambda x: 2 * x).success


def test_the_hessian_by_differences_stays_in_the_domain() -> None:
    """From 10⁶ the minimum at 1 lies so close to the barrier that long differences cross it."""
    res = newton(lambda x: x[0] - np.log(x[0]), [1e6], jac=lambda x: 1 - np.exp(-np.log(x)))
    assert res.success, res.message
    np.testing.assert_allclose(res.x, [1.0], rtol=1e-6)


def test_a_hessian_that_is_not_finite_ends_newton() -> None:
    """Where it was accepted at a trial point, the radius once shrank for ever."""
    fun: Any = lambda x: abs(x[0]) ** 1.5  # noqa: E731
    jac: Any = lambda x: 1.5 * np.sign(x) * abs(x) ** 0.5  # noqa: E731
    hess = lambda x: np.diag(0.75 / abs(x) ** 0.5)  # noqa: E731
    at_kink = newton(lambda x: fun(x) + x[0], [0.0], jac=lambda x: jac(x) + 1, hess=hess)
    assert at_kink.status is Status.NOT_FINITE
    assert "Hessian is not finite" in at_kink.message
    beyond = newton(fun, [1.0], jac=jac, hess=lambda x: np.full((1, 1), np.nan if x < 0.5 else 1.0))
    assert not beyond.success
    assert 0.5 <= beyond.x[0] <= 1


def test_the_message_says_which_certificate_held() -> None:
    res = newton(lambda x: x @ x - x[0], [1.0, 2.0], jac=lambda x: 2 * x - [1.0, 0.0], tol=0)
    assert res.success
    assert "is above tol" in res.message
    assert "rounding error" in res.message
    met = newton(lambda x: x @ x - x[0], [1.0, 2.0], jac=lambda x: 2 * x - [1.0, 0.0])
    assert "is at most tol" in met.message


@pytest.mark.parametrize("solver", SOLVERS)
def test_an_inflection_under_a_large_constant(solver: Any) -> None:
    """The fall shows only at a hundredth of the variable's size."""
    assert not solver(bent, [0.0], (1e4,), jac=bent_slope).success
