"""Odd calls: each is answered as scipy answers it, or by one sentence that says how to mend it."""

from __future__ import annotations

from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
import scipy.optimize
import scipy.special
from smooth_solvers import SMOOTH

from optidemo import (
    PCA,
    SVM,
    L1Norm,
    Linear,
    LinearRegression,
    LogisticRegression,
    Quadratic,
    SquaredL2Norm,
    gradient_descent,
    power_iteration,
    projected_gradient,
    proximal_gradient,
    solve,
    sphere_gradient,
)
from optidemo.solvers.closed_form import closed_form
from optidemo.solvers.interior_point import interior_point
from optidemo.solvers.lasso import lasso
from optidemo.solvers.linear_program import linear_program
from optidemo.solvers.norm_svm import norm_svm

A = np.array([[3.0, 1.0], [-0.5, 2.0]])  # not symmetric
Q = Quadratic(A)


def bowl(x: np.ndarray, c: float = 1.0) -> float:
    return float(c * (x - 1) @ (x - 1))


def slope(x: np.ndarray, c: float = 1.0) -> Any:
    return 2 * c * (x - 1)


@pytest.mark.parametrize("solver", SMOOTH)
class TestPlainFunctions:
    """What fun and jac may take and return."""

    def test_a_single_argument_need_not_be_a_tuple(self, solver: Any) -> None:
        res = solver(bowl, [3.0, 4.0], 2.0, jac=slope)
        assert res.success
        assert res.trajectory.fun[0] == bowl(np.array([3.0, 4.0]), 2.0)
        through = scipy.optimize.minimize(bowl, [3.0, 4.0], 2.0, jac=slope, method=solver)
        np.testing.assert_array_equal(through.x, res.x)
        weights = np.array([1.0, 2.0])
        both = solver(lambda x, w: w @ x**2, [3.0, 4.0], weights, jac=lambda x, w: 2 * w * x)
        assert both.success

    @pytest.mark.parametrize(
        ("fun", "error", "match"),
        [
            (lambda _x: None, TypeError, "returned None: is its return missing"),
            (lambda x: (x @ x, 2 * x), TypeError, "pass jac=True"),
            (lambda x: complex(x @ x, 1), TypeError, "real number"),
            (lambda _x: "3", TypeError, "real number"),
            (lambda x: x, ValueError, r"one number, but returned shape \(2,\)"),
            (3.0, TypeError, "fun must be a function or an Objective, but is 3.0"),
        ],
    )
    def test_what_is_no_number_is_refused(
        self, solver: Any, fun: Any, error: Any, match: str
    ) -> None:
        with pytest.raises(error, match=match):
            solver(fun, [3.0, 4.0], jac=slope)

    @pytest.mark.parametrize(
        ("jac", "match"),
        [
            (lambda _x: None, "jac must return the gradient, but returned None"),
            (lambda x: 1j * x, "real numbers"),
            (3.0, "jac must be callable"),
        ],
    )
    def test_what_is_no_gradient_is_refused(self, solver: Any, jac: Any, match: str) -> None:
        with pytest.raises(TypeError, match=match):
            solver(bowl, [3.0, 4.0], jac=jac)

    @pytest.mark.parametrize("pair", [bowl, lambda x: [bowl(x), slope(x), 3], lambda _x: None])
    def test_jac_true_needs_a_pair(self, solver: Any, pair: Any) -> None:
        with pytest.raises(TypeError, match=r"must return \(f, gradient\)"):
            solver(pair, [3.0, 4.0], jac=True)

    @pytest.mark.parametrize(
        "fun",
        [
            lambda x: float(x @ x),
            lambda x: np.ones(2) @ np.array(getattr(x, "_value", x)) ** 2,
            lambda x: scipy.special.xlogy(x[0], x[0]),
            lambda x: A.dot(x) @ x,
            lambda x: x[0].item() ** 2,
        ],
    )
    def test_what_autograd_cannot_trace_is_refused(self, solver: Any, fun: Any) -> None:
        with pytest.raises(TypeError, match=r"autograd cannot differentiate fun.*autograd\.numpy"):
            solver(fun, [3.0, 4.0])

    @pytest.mark.parametrize(
        "fun",
        [
            lambda _x: 3.0,
            lambda x: 0.0 if x[0] > 0 else x @ x,
            lambda x: 0.0 * (x @ x),
        ],
    )
    def test_a_function_that_is_flat_is_not_accused(self, solver: Any, fun: Any) -> None:
        res = solver(fun, [3.0, 4.0])
        np.testing.assert_array_equal(res.jac, 0)

    def test_a_start_at_the_minimum_is_not_accused(self, solver: Any) -> None:
        assert solver(lambda x: anp.sum((x - 1) ** 2), [1.0, 1.0]).success
        assert solver(lambda x: anp.sum(x**4), np.zeros(2)).success

    @pytest.mark.parametrize("x0", [[], [[1.0, 2.0]], [1j, 2.0], ["a", "b"], [np.nan, 1.0]])
    def test_a_start_that_is_no_vector_is_refused(self, solver: Any, x0: Any) -> None:
        with pytest.raises((TypeError, ValueError), match="x0"):
            solver(bowl, x0, jac=slope)


class TestSolve:
    """Its method and its options."""

    @pytest.mark.parametrize("method", [gradient_descent, "gradient_descent", "gradient-descent"])
    def test_a_method_is_a_name_or_a_solver(self, method: Any) -> None:
        res = solve(Q, method=method, step=0.1)
        assert res.success
        assert res.solver == "gradient_descent"

    def test_a_method_of_the_users_own(self) -> None:
        def mine(fun: Any, x0: Any, *, tricks: int) -> Any:
            return fun, x0, tricks

        assert solve(Q, [1.0, 2.0], method=mine, tricks=3) == (Q, [1.0, 2.0], 3)

    @pytest.mark.parametrize("options", [{"step": -1}, {"step": 0.1}, {"stepp": 1}])
    def test_an_option_that_the_chosen_solver_lacks_is_refused(self, options: Any) -> None:
        with pytest.raises(TypeError, match=r"newton takes no option 'step.*Name a method"):
            solve(Q, **options)
        with pytest.raises(TypeError, match=r"closed-form takes no option 'step.*it takes tol"):
            solve(Q, method="closed-form", **options)

    def test_a_step_that_is_not_positive_is_refused_where_there_is_one(self) -> None:
        for method in ("gradient-descent", "accelerated-gradient", "subgradient-descent"):
            with pytest.raises(ValueError, match="step must be > 0"):
                solve(Q, method=method, step=-1)

    def test_bounds_are_refused_with_a_remedy(self) -> None:
        with pytest.raises(ValueError, match="projected_gradient"):
            solve(LogisticRegression(np.eye(2), [0, 1]) + SquaredL2Norm(2), bounds=[(0, 1)] * 2)


class TestSphere:
    """Starts and signs on the sphere."""

    def test_an_objective_that_starts_at_zero_gets_another_start(self) -> None:
        res = sphere_gradient(Linear([3.0, -4.0]))
        assert res.success, res.message
        np.testing.assert_allclose(res.x, [-0.6, 0.8], atol=1e-7)
        fit = sphere_gradient(LinearRegression(np.array([[1.0, 2.0], [3.0, 1.0]]), [1.0, 1.0]))
        assert fit.success, fit.message
        with pytest.raises(ValueError, match="x0 is the zero vector"):
            sphere_gradient(Linear([3.0, -4.0]), [0.0, 0.0])

    @pytest.mark.parametrize("f", [-PCA(A), 2 * Quadratic(A), L1Norm(2)], ids=repr)
    def test_power_iteration_says_what_it_takes(self, f: Any) -> None:
        with pytest.raises(TypeError, match=r"largest eigenvalue of a matrix.*−A for the smallest"):
            power_iteration(f)


@pytest.mark.parametrize("solver", [linear_program, interior_point, norm_svm, closed_form, lasso])
def test_a_plain_function_is_refused_where_an_objective_is_needed(solver: Any) -> None:
    with pytest.raises(TypeError, match=f"not compatible with {solver.__name__}"):
        solver(bowl, [1.0, 2.0])


@pytest.mark.parametrize("solver", SMOOTH)
def test_settings_of_another_kind_are_named(solver: Any) -> None:
    for options, match in (
        ({"maxiter": None}, "maxiter must be a whole number"),
        ({"maxiter": np.inf}, "maxiter must be a whole number"),
        ({"maxiter": "3"}, "maxiter must be a whole number"),
        ({"callback": 3}, "callback must be a function"),
    ):
        with pytest.raises((TypeError, ValueError), match=match):
            solver(bowl, [3.0, 4.0], jac=slope, **options)
    assert solver(bowl, [3.0, 4.0], jac=slope, maxiter=np.int64(30)).success


class TestWrongGradients:
    """A gradient that is given beside an objective, or to a solver with a set or a kink, is doubted too."""

    X = np.random.default_rng(0).standard_normal((40, 3))
    y = X @ [1.0, -1.0, 0.5]

    def value(self, w: np.ndarray) -> float:
        return 0.5 * float(np.sum((self.X @ w - self.y) ** 2))

    def right(self, w: np.ndarray) -> Any:
        return self.X.T @ (self.X @ w - self.y)

    def wrong(self, w: np.ndarray) -> Any:
        return self.right(w) + 1.0

    def runs(self, jac: Any) -> list[Any]:
        f, h = LinearRegression(self.X, self.y), L1Norm(3)
        ball = lambda x: x / max(1.0, float(np.linalg.norm(x)))  # noqa: E731
        return [
            *(solver(f, jac=jac) for solver in SMOOTH),
            proximal_gradient(
                self.value, np.zeros(3), jac=jac, prox=h.prox, penalty=h.value, maxiter=300
            ),
            projected_gradient(self.value, 0.1 * np.ones(3), jac=jac, projection=ball, maxiter=300),
        ]

    def test_a_right_one_is_believed(self) -> None:
        assert all(res.success for res in self.runs(self.right))

    def test_a_wrong_one_is_not(self) -> None:
        for res in self.runs(self.wrong):
            assert not res.success
            assert "contradicts the function values" in res.message

    def test_on_the_sphere(self) -> None:
        M = np.array([[3.0, 1.0, 0.0], [-2.0, 2.0, 0.3], [0.2, 0.0, 1.5]])
        form = lambda x: x @ M @ x  # noqa: E731
        assert sphere_gradient(form, [1.0, 2.0, 3.0], jac=lambda x: (M + M.T) @ x).success
        assert not sphere_gradient(
            form, [1.0, 2.0, 3.0], jac=lambda x: (M + M.T + 1) @ x, maxiter=200
        ).success


def test_a_gap_is_called_a_gap() -> None:
    X, y = TestWrongGradients.X, TestWrongGradients.y
    assert "duality gap" in lasso(LinearRegression(X, y) + L1Norm(3), maxiter=0).message
    svm = SVM(X, np.sign(y)) + SquaredL2Norm(3)
    assert "duality gap" in interior_point(svm, maxiter=1).message
