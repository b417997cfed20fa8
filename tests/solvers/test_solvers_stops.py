"""Honest stops: each status and message, triggered; and no false accusation."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy.special import expit
from smooth_solvers import SMOOTH

from optidemo import (
    PCA,
    Armijo,
    BernoulliLikelihood,
    Gaussian,
    L1Norm,
    Linear,
    LinearRegression,
    Logistic,
    LogisticRegression,
    Quadratic,
    ReLU,
    Sigmoid,
    Status,
    UniformLikelihood,
    accelerated_gradient,
    gradient_descent,
    newton,
    power_iteration,
    projected_gradient,
    proximal_gradient,
    solve,
    sphere_gradient,
    stochastic_gradient_descent,
    subgradient_descent,
)
from optidemo.objectives.examples import EXAMPLES

A = np.array([[3.0, 1.0], [-0.5, 2.0]])  # not symmetric


def paraboloid(x: np.ndarray) -> float:
    return float(x @ x)


def twice(x: np.ndarray) -> np.ndarray:
    return 2 * x


@pytest.mark.parametrize("solver", SMOOTH)
class TestNoMinimum:
    """Functions that have none."""

    def test_a_linear_function_is_unbounded(self, solver: Any) -> None:
        res = solver(
            lambda x: x[0] - 2 * x[1], [1.0, 1.0], jac=lambda _x: np.array([1.0, -2.0]), maxiter=50
        )
        assert res.status is Status.UNBOUNDED
        assert "falls without end" in res.message

    def test_an_indefinite_quadratic_is_unbounded(self, solver: Any) -> None:
        res = solver(Quadratic([[1.0, 2.0], [0.0, -1.0]]), maxiter=20)
        assert res.status is Status.UNBOUNDED
        assert "eigenvalue" in res.message

    @pytest.mark.parametrize(
        ("fun", "jac"),
        [
            (lambda z: float(expit(z[0])), lambda z: expit(z) * expit(-z)),
            (lambda z: math.exp(-z[0]), lambda z: -np.exp(-z)),
        ],
        ids=["sigmoid", "exp(-x)"],
    )
    def test_an_infimum_that_is_not_attained(self, solver: Any, fun: Any, jac: Any) -> None:
        res = solver(fun, [0.5], jac=jac, maxiter=200)
        assert res.status is Status.NOT_ATTAINED, res.message
        assert "not attained" in res.message

    def test_separable_logistic_data(self, solver: Any) -> None:
        X, y = (
            np.array([[1.0, 2.0], [2.0, 1.0], [-1.0, -1.0], [-2.0, 0.5]]),
            np.array([1.0, 1, 0, 0]),
        )
        f = LogisticRegression(X, y)
        for res in (
            solver(f, maxiter=100),
            solver(f.value, np.zeros(2), jac=f.gradient, maxiter=100),
        ):
            assert res.status is Status.NOT_ATTAINED, res.message
            assert not res.success
            assert "regulariser" in res.message

    @pytest.mark.parametrize("f", [Sigmoid(), Logistic([1.0, -2.0]), Linear([1.0, 2.0])], ids=repr)
    def test_the_lecture_objectives_without_a_minimum(self, solver: Any, f: Any) -> None:
        res = solver(f, maxiter=10)
        assert res.status is f.optimum().status
        assert not res.success


@pytest.mark.parametrize("solver", SMOOTH)
class TestStart:
    """Odd starts and odd values."""

    def test_no_iteration_is_allowed(self, solver: Any) -> None:
        res = solver(paraboloid, [1.0, 2.0], jac=twice, maxiter=0)
        assert (res.status, res.nit, res.nfev >= 1) == (Status.MAXITER, 0, True)
        np.testing.assert_array_equal(res.x, [1.0, 2.0])

    @pytest.mark.parametrize("x0", [[0.0, 0.0], [-0.0, -0.0]])
    def test_the_start_is_the_optimum(self, solver: Any, x0: Any) -> None:
        res = solver(paraboloid, x0, jac=twice)
        assert (res.status, res.nit) == (Status.CONVERGED, 0)

    def test_the_start_is_the_optimum_to_rounding(self, solver: Any) -> None:
        rng = np.random.default_rng(0)
        f = LinearRegression(rng.standard_normal((30, 4)), rng.standard_normal(30))
        res = solver(f, f.closed_form())
        assert res.success, res.message
        assert res.nit <= 2

    def test_a_constant_function(self, solver: Any) -> None:
        res = solver(lambda _x: 3.0, [1.0, 2.0], jac=lambda _x: np.zeros(2))
        assert (res.status, res.nit, res.fun) == (Status.CONVERGED, 0, 3.0)

    def test_one_variable(self, solver: Any) -> None:
        res = solver(lambda x: (x[0] - 3) ** 2, 1.0, jac=lambda x: 2 * (x - 3))
        np.testing.assert_allclose(res.x, [3.0], atol=1e-7)

    def test_a_start_outside_the_domain(self, solver: Any) -> None:
        with pytest.raises(ValueError, match="outside the domain"):
            solver(BernoulliLikelihood([0, 1, 1]), [1.5])

    def test_a_plateau(self, solver: Any) -> None:
        flat = lambda x: np.exp(-(x[0] ** 2)) * -1.0  # noqa: E731
        res = solver(flat, [60.0], jac=lambda x: 2 * x * np.exp(-(x[0] ** 2)))
        assert not res.success
        assert "plateau" in res.message

    def test_a_plateau_of_an_objective_that_has_an_optimum_elsewhere(self, solver: Any) -> None:
        res = solver(Gaussian(np.eye(2)), [30.0, 3.0])
        assert not res.success
        assert "higher elsewhere" in res.message

    def test_nan_and_infinity(self, solver: Any) -> None:
        for bad in (math.nan, math.inf):
            res = solver(lambda _x, bad=bad: bad, [1.0], jac=lambda x: x)
            assert (res.status, res.success) == (Status.NOT_FINITE, False)
        res = solver(lambda _x: -math.inf, [1.0], jac=lambda x: x)
        assert res.status is Status.UNBOUNDED
        res = solver(paraboloid, [1.0], jac=lambda x: x * math.nan)
        assert res.status is Status.NOT_FINITE


class TestStep:
    """Steps that are too long or too short."""

    def test_a_step_too_long_names_the_numbers(self) -> None:
        f = Quadratic(A)
        res = gradient_descent(f, step=0.5)
        assert res.status is Status.DIVERGED
        assert f"0.5 > 2/L = {2 / f.lipschitz():.4g}" in res.message
        assert "eigenvector of the largest eigenvalue" in res.message

    def test_just_below_two_over_l_converges(self) -> None:
        f = Quadratic(A)
        assert gradient_descent(f, step=1.99 / f.lipschitz()).success
        assert gradient_descent(f, step=2.05 / f.lipschitz()).status is Status.DIVERGED

    def test_momentum_bears_longer_steps_and_extrapolation_only_shorter_ones(self) -> None:
        f = Quadratic(A)
        L = f.lipschitz()
        runs: list[tuple[float, str, Any, dict[str, float]]] = [
            (3.8, "2(1 + β)/L", gradient_descent, {"momentum": 0.9}),
            (4 / 3, "4/(3L)", accelerated_gradient, {}),
        ]
        for c, bound, solver, more in runs:
            assert solver(f, step=0.97 * c / L, **more).success
            too_long = solver(f, step=1.05 * c / L, **more)
            assert too_long.status is Status.DIVERGED
            assert f"> {bound} = {c / L:.4g}" in too_long.message

    def test_a_tiny_step_is_no_success(self) -> None:
        res = gradient_descent(paraboloid, [1.0], jac=twice, step=1e-9, maxiter=100)
        assert res.status is Status.MAXITER
        assert "maxiter = 100" in res.message

    def test_it_left_the_domain(self) -> None:
        res = gradient_descent(BernoulliLikelihood([0, 1, 1]), step=10.0)
        assert res.status is Status.NOT_FINITE
        assert "outside the domain" in res.message
        assert gradient_descent(BernoulliLikelihood([0, 1, 1]), step=Armijo()).success


@pytest.mark.parametrize("wrong", [lambda x: -2 * x, lambda x: 4 * x - 3, np.zeros_like])
@pytest.mark.parametrize("solver", SMOOTH)
def test_a_gradient_that_contradicts_the_values(solver: Any, wrong: Any) -> None:
    res = solver(paraboloid, [1.0, 2.0], jac=wrong, maxiter=30)
    assert not res.success


@pytest.mark.battery(0)
def test_the_contradiction_is_told() -> None:
    res = newton(paraboloid, [1.0, 2.0], jac=lambda x: 2 * x - 4)
    assert "contradicts the function values" in res.message
    assert "check_gradient" in res.message


def test_right_gradients_are_not_accused() -> None:
    rng = np.random.default_rng(3)
    for f in EXAMPLES:
        for solver in SMOOTH if f.whole_space else ():
            res = solver(f.value, f.sample(rng), jac=f.gradient, maxiter=25)
            assert "contradicts" not in res.message, (f, res.message)


class TestSaddle:
    """A zero gradient that is no minimum."""

    def fun(self, x: np.ndarray) -> float:
        return float(x[0] ** 2 + (x[1] ** 2 - 1) ** 2)

    def jac(self, x: np.ndarray) -> np.ndarray:
        return np.array([2 * x[0], 4 * x[1] * (x[1] ** 2 - 1)])

    @pytest.mark.parametrize("solver", [gradient_descent, accelerated_gradient])
    def test_a_first_order_solver_says_so(self, solver: Any) -> None:
        res = solver(self.fun, [1.0, 0.0], jac=self.jac)
        assert res.status is Status.LINE_SEARCH_FAILED
        assert "saddle" in res.message

    def test_newton_leaves_it(self) -> None:
        for x0 in ([1.0, 0.0], [0.0, 0.0]):
            res = newton(self.fun, x0, jac=self.jac)
            assert res.success
            np.testing.assert_allclose(np.abs(res.x), [0.0, 1.0], atol=1e-7)

    def test_the_sphere_leaves_a_saddle_too(self) -> None:
        S = np.diag([1.0, 5.0, 2.0])
        for x0 in np.eye(3):
            for res in (sphere_gradient(PCA(S), x0), power_iteration(S, x0)):
                assert not res.success or abs(res.x[1]) > 1 - 1e-6, res.message

    @pytest.mark.parametrize("step", [10.0, 1e155, 1e300])
    def test_a_long_step_stays_on_the_sphere(self, step: float) -> None:
        res = sphere_gradient(
            PCA(np.diag([3.0, 1.0, 0.5]), 1.0), [1.0, 1, 1], step=step, maxiter=20
        )
        assert np.linalg.norm(res.x) == pytest.approx(1.0, rel=1e-12)
        assert not res.success

    @pytest.mark.parametrize("unit", [1e160, 1.0, 1e-160])
    def test_no_unit_of_the_matrix_matters(self, unit: float) -> None:
        S = unit * np.diag([1.0, 5.0, 2.0])
        for res in (sphere_gradient(PCA(S)), power_iteration(S)):
            assert res.success, res.message
            assert abs(res.x[1]) == pytest.approx(1.0, rel=1e-12)


class TestKinks:
    """Objectives with kinks and constraints."""

    def test_a_fixed_step_does_not_settle(self) -> None:
        res = gradient_descent(lambda x: abs(x[0]), [0.55], jac=np.sign, step=0.1, maxiter=50)
        assert not res.success

    def test_subgradients_claim_what_they_know(self) -> None:
        assert subgradient_descent(ReLU([1.0, 2.0])).success
        res = subgradient_descent(L1Norm(3), maxiter=50)
        assert not res.success
        assert res.fun == res.trajectory.fun.min()

    def test_the_proximal_residual_is_named_and_measured_at_the_answer(self) -> None:
        rng = np.random.default_rng(2)
        loss = LinearRegression(rng.standard_normal((20, 3)), rng.standard_normal(20))
        f = loss + 2.0 * L1Norm(3)
        res = proximal_gradient(f)
        assert res.success
        assert "proximal residual" in res.message
        assert res.fun == pytest.approx(f.value(res.x), rel=1e-14)
        np.testing.assert_allclose(res.jac, loss.gradient(res.x))
        assert f.stationarity(res.x) <= 1e-6

    def test_projections(self) -> None:
        y = np.array([3.0, -4.0])
        ball = lambda x: x / max(1.0, float(np.linalg.norm(x)))  # noqa: E731
        res = projected_gradient(Linear(y), projection=ball)
        assert res.success, res.message
        np.testing.assert_allclose(res.x, [-0.6, 0.8], atol=1e-7)
        corner = projected_gradient(UniformLikelihood([2.0, 5.0, 3.0]))
        assert corner.success, corner.message
        np.testing.assert_array_equal(corner.x, [2.0, 5.0])
        assert corner.fun == pytest.approx(-3 * math.log(3))


class TestFit:
    """Which solver for which objective."""

    @pytest.mark.parametrize(
        ("call", "match"),
        [
            (lambda: proximal_gradient(Quadratic(A)), r"must implement prox\(x, t\)"),
            (lambda: proximal_gradient(paraboloid, [1.0]), "proximal operator"),
            (lambda: projected_gradient(Quadratic(A)), r"must implement project\(x\)"),
            (lambda: stochastic_gradient_descent(Quadratic(A)), "sum over samples"),  # type: ignore[arg-type]
        ],
    )
    def test_what_is_missing_is_named(self, call: Any, match: str) -> None:
        with pytest.raises(TypeError, match=match):
            call()

    def test_solve_says_what_it_chose(self) -> None:
        rng = np.random.default_rng(1)
        X, y = rng.standard_normal((20, 3)), (rng.random(20) < 0.5).astype(float)
        assert "closed form" in solve(Quadratic(A)).message
        assert "Hessian" in solve(LogisticRegression(X, y)).message
        assert solve(Sigmoid()).status is Status.NOT_ATTAINED


def test_stochastic_descent_reaches_the_minimum_and_repeats_itself() -> None:
    rng = np.random.default_rng(7)
    X = rng.standard_normal((60, 2))
    f = LinearRegression(X, X @ [1.0, -1.0] + 0.01 * rng.standard_normal(60))
    one = stochastic_gradient_descent(f, batch_size=5, maxiter=300)
    two = stochastic_gradient_descent(f, batch_size=5, maxiter=300)
    np.testing.assert_array_equal(one.x, two.x)
    assert one.success, one.message
    np.testing.assert_allclose(one.x, f.closed_form(), atol=1e-2)
    assert one.fun == f.value(one.x)
