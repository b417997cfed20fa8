"""Options of solvers: which are taken, refused or warned about."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
from scipy.optimize import BFGS, OptimizeWarning, minimize

from optidemo import (
    PCA,
    SVM,
    Armijo,
    BarzilaiBorwein,
    Fixed,
    L1Norm,
    L2Norm,
    LinearRegression,
    Quadratic,
    SquaredL2Norm,
    UniformLikelihood,
    gradient_descent,
    newton,
    projected_gradient,
    proximal_gradient,
    solve,
    sphere_gradient,
    stochastic_gradient_descent,
)
from optidemo.solvers import sphere
from optidemo.solvers.closed_form import closed_form
from optidemo.solvers.solve import SOLVERS

X = np.array([[1.0, 0.5], [1.0, -1.5], [1.0, 2.0], [1.0, -0.3]])
Y = np.array([1.0, -1.0, 1.0, 1.0])
LEAST_SQUARES = LinearRegression(X, Y)
FITTING: dict[str, Any] = {
    "stochastic-gradient-descent": LEAST_SQUARES,
    "proximal-gradient": LEAST_SQUARES + 0.1 * L1Norm(2),
    "projected-gradient": UniformLikelihood([1.0, 2.0, 4.0]),
    "sphere-gradient": PCA(np.diag([1.0, 2.0])),
    "power-iteration": PCA(np.diag([1.0, 2.0])),
    "linear-program": SVM(X, Y) + 0.5 * L1Norm(2),
    "interior-point": SVM(X, Y) + 0.5 * SquaredL2Norm(2),
    "norm-svm": SVM(X, Y) + 0.5 * L2Norm(2),
    "lasso": LEAST_SQUARES + 0.1 * L1Norm(2),
}
NO_STEP = [
    "closed-form", "newton", "power-iteration", "linear-program", "interior-point", "norm-svm", "lasso"
]  # fmt: skip


def bowl(x: np.ndarray) -> float:
    return float(x @ x)


def twice(x: np.ndarray) -> np.ndarray:
    return 2.0 * x


@pytest.mark.parametrize("name", SOLVERS)
def test_every_solver_is_a_method_of_scipys_minimize(name: str) -> None:
    f = FITTING.get(name, LEAST_SQUARES)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        options = {"maxiter": 50} if name == "subgradient-descent" else {}
        ours = SOLVERS[name](f, f.x0, **options)
        theirs = minimize(f, f.x0, method=SOLVERS[name], options=options)
    np.testing.assert_array_equal(theirs.x, ours.x)
    assert theirs.status is ours.status


class TestStep:
    """A step that a solver cannot take is refused by name."""

    @pytest.mark.parametrize("name", NO_STEP)
    def test_a_solver_without_steps_says_so(self, name: str) -> None:
        with pytest.raises(TypeError, match=name.replace("-", "_") + " has no step to choose"):
            SOLVERS[name](FITTING.get(name, LEAST_SQUARES), step=0.1)

    @pytest.mark.parametrize("solver", [sphere_gradient, proximal_gradient, projected_gradient])
    def test_a_fixed_step_is_a_number_or_an_object(self, solver: Any) -> None:
        f = FITTING[solver.__name__.replace("_", "-")]
        one, two = (solver(f, step=step, maxiter=3) for step in (0.01, Fixed(0.01)))
        np.testing.assert_array_equal(one.trajectory.x, two.trajectory.x)
        with pytest.raises(TypeError, match=rf"{solver.__name__} takes a number or Fixed.*Armijo"):
            solver(f, step=Armijo())
        with pytest.raises(ValueError, match="step must be > 0"):
            solver(f, step=-1.0)

    @pytest.mark.parametrize(
        "wrong",
        [
            lambda: BarzilaiBorwein(memory=0.5),  # type: ignore[arg-type]
            lambda: BarzilaiBorwein(memory=True),
            lambda: Armijo(grow=0.5),
            lambda: gradient_descent(bowl, [1.0], jac=twice, step=True),
            lambda: sphere_gradient(PCA(np.eye(2)), step=True),
            lambda: stochastic_gradient_descent(LEAST_SQUARES, batch_size=1.5),  # type: ignore[arg-type]
            lambda: gradient_descent(bowl, [1.0], jac=twice, tol=True),
        ],
    )
    def test_numbers_of_the_wrong_kind_are_refused(self, wrong: Any) -> None:
        with pytest.raises(ValueError, match="must be"):
            wrong()


def test_numpys_numbers_are_numbers() -> None:
    options: dict[str, Any] = {
        "tol": np.float32(1e-3), "maxiter": np.int64(50), "step": np.float32(0.25)
    }  # fmt: skip
    assert gradient_descent(bowl, [1.0], jac=twice, **options).success


@pytest.mark.parametrize(
    "call",
    [
        lambda: gradient_descent(bowl, [1.0], jac=twice, stepp=0.1),
        lambda: proximal_gradient(LEAST_SQUARES + L1Norm(2), stepp=0.1),
        lambda: minimize(bowl, [1.0], jac=twice, method=newton, options={"stepp": 0.1}),
        lambda: newton(bowl, [1.0], jac=twice, hess=BFGS()),
    ],
)
def test_a_warning_points_at_the_line_that_calls(call: Any) -> None:
    with pytest.warns(OptimizeWarning) as caught:
        call()
    assert [w.filename for w in caught] == [__file__]


class TestHessian:
    """What scipy allows as hess."""

    @pytest.mark.parametrize("hess", ["2-point", "3-point", "cs"])
    def test_difference_formulas_mean_differences(self, hess: str) -> None:
        res = minimize(bowl, [1.0, 2.0], jac=twice, hess=hess, method=newton)
        assert res.success
        assert res.nhev == 0

    def test_an_update_is_warned_about(self) -> None:
        with pytest.warns(OptimizeWarning, match=r"hess=BFGS\(\) is ignored"):
            assert minimize(bowl, [1.0, 2.0], jac=twice, hess=BFGS(), method=newton).success

    @pytest.mark.parametrize("hess", [True, "4-point", np.eye(2)])
    def test_anything_else_is_refused(self, hess: Any) -> None:
        with pytest.raises(TypeError, match="hess must be callable"):
            newton(bowl, [1.0, 2.0], jac=twice, hess=hess)


class TestClosedForm:
    """Where it holds, and when `solve` takes it."""

    def test_a_maximum_on_the_sphere_is_called_so(self) -> None:
        f = PCA(np.diag([1.0, 2.0, 3.0]), 2.0)
        for message in (solve(f).message, solve(-f).message, closed_form(2.0 * f).message):
            assert "optimum on the sphere xᵀx = 1" in message
            assert "unbounded above" in message
        assert "sphere" not in solve(Quadratic(np.eye(2))).message

    def test_solve_keeps_to_it_at_any_tolerance_that_it_meets(self) -> None:
        assert solve(LEAST_SQUARES, tol=1e-12).solver == "closed_form"
        assert solve(LEAST_SQUARES, maxiter=5).solver == "newton"
        loss = SVM(X, Y) + 0.5 * L1Norm(2)
        assert solve(loss, tol=1e-6).solver == "linear_program"

    def test_solve_iterates_where_it_does_not_meet_tol(self, monkeypatch: Any) -> None:
        skewed = LEAST_SQUARES.closed_form() * (1 + 1e-6)
        monkeypatch.setattr(LinearRegression, "closed_form", lambda _self: skewed)
        res = solve(LEAST_SQUARES, tol=1e-12)
        assert (res.solver, res.success) == ("newton", True)


def test_power_iteration_solves_the_eigenproblem_once(monkeypatch: Any) -> None:
    solved = []
    eigvalsh = np.linalg.eigvalsh
    monkeypatch.setattr(
        np.linalg,
        "eigvalsh",
        lambda S: (solved.append(1), eigvalsh(S))[1],  # type: ignore[func-returns-value]
    )
    assert sphere.power_iteration([[1.0, 2.0], [0.0, -3.0]]).success
    assert len(solved) == 1
