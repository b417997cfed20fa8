"""Success is denied where f is lower close by, and not denied elsewhere."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.special import logsumexp, softmax
from smooth_solvers import SMOOTH

from optidemo import Status, newton, subgradient_descent

SOLVERS: list[Any] = [*SMOOTH, subgradient_descent]


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

    @pytest.mark.battery(0)
    @pytest.mark.parametrize("tol", [0.5, 1e-2, 1e-4])
    def test_a_minimum_that_is_loosely_met(self, solver: Any, tol: float) -> None:
        Z = np.random.default_rng(2).standard_normal((12, 3))
        f = lambda x: float(logsumexp(Z @ x) + 0.1 * x @ x)  # noqa: E731
        jac = lambda x: Z.T @ softmax(Z @ x) + 0.2 * x  # noqa: E731
        res = solver(f, np.ones(3), jac=jac, tol=tol, maxiter=2000)
        assert res.success or (solver is subgradient_descent and res.status is Status.MAXITER)

    def test_a_noisy_function(self, solver: Any) -> None:
        rng = np.random.default_rng(0)
        noisy = lambda x: float(x @ x + 1e-6 * rng.standard_normal())  # noqa: E731
        assert solver(noisy, [1.0, 2.0], jac=lambda x: 2 * x).success


@pytest.mark.parametrize("x0", [1e8, 1e6, 1e-6])
@pytest.mark.parametrize("jac", [lambda x: 1 - np.exp(-np.log(x)), lambda x: 1 - 1 / x])
def test_the_hessian_by_differences_stays_in_the_domain(x0: float, jac: Any) -> None:
    """From 10⁶ the minimum at 1 lies so close to the barrier that long differences cross it.

    There the first gradient is NaN; the second is finite, and only f knows where its domain ends.
    """
    res = newton(lambda x: x[0] - np.log(x[0]), [x0], jac=jac)
    assert res.success, res.message
    np.testing.assert_allclose(res.x, [1.0], rtol=1e-6)


@pytest.mark.parametrize(
    ("power", "accuracy"), [(2, 1e-15), (4, 1e-3)], ids=["square", "fourth power"]
)
def test_terms_that_cancel_at_the_minimum(power: int, accuracy: float) -> None:
    """Multiplied out, (x − 1)ᵖ rounds to 0 there: |f| says nothing of its rounding error."""
    f = np.polynomial.Polynomial([-1.0, 1.0]) ** power
    res = newton(lambda x: f(x[0]), [5.0], jac=f.deriv(), tol=1e-12)
    assert res.success, res.message
    np.testing.assert_allclose(res.x, [1.0], rtol=accuracy)


U = np.array([0.6, 0.8])
LARGE = pytest.mark.parametrize("constant", [1e4, 1e8])


def tilted(x: np.ndarray, width: float) -> tuple[float, np.ndarray]:
    """Return f, with f′ = (t + 1)(t² + width) along t = ⟨u, x⟩, and ∇f: −1 is the minimum."""
    t, s = U @ x, x[0] * U[1] - x[1] * U[0]
    along = t**4 / 4 + t**3 / 3 + width * (t**2 / 2 + t)
    across = np.array([U[1], -U[0]])
    return float(along + s**2), (t + 1) * (t**2 + width) * U + 2 * s * across


@LARGE
@pytest.mark.parametrize("width", [0.0, 1e-10, 1e-6, 1e-4])
def test_an_inflection_that_a_large_constant_hides(constant: float, width: float) -> None:
    """No difference of f shows the fall beyond it; those of the gradient do."""
    res = newton(
        lambda x: tilted(x, width)[0] + constant, [1.0, 1.0], jac=lambda x: tilted(x, width)[1]
    )
    assert not res.success or res.x @ U == pytest.approx(-1, abs=1e-6)


@LARGE
@pytest.mark.parametrize("width", [0.1, 1.0])
def test_a_large_constant_does_not_cost_the_digits_of_a_minimum(
    constant: float, width: float
) -> None:
    res = newton(
        lambda x: tilted(x, width)[0] + constant, [-3.0, 1.0], jac=lambda x: tilted(x, width)[1]
    )
    assert res.success, res.message
    np.testing.assert_allclose(res.x, -U, atol=1e-7)


def test_a_gradient_in_single_precision_is_not_denied() -> None:
    X = np.random.default_rng(5).standard_normal((30, 3))
    single: Any = X.astype(np.float32)
    jac = lambda x: single.T @ softmax(single @ x.astype(np.float32)) + np.float32(0.2) * x  # noqa: E731
    res = newton(lambda x: float(logsumexp(X @ x) + 0.1 * x @ x), np.ones(3), jac=jac, tol=1e-5)
    assert res.success, res.message


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
