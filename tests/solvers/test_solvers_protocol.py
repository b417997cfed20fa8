"""Every solver is a plain function and a valid scipy custom minimizer."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import scipy.optimize
from scipy.optimize import OptimizeWarning
from smooth_solvers import SMOOTH

from optidemo import (
    Armijo,
    BarzilaiBorwein,
    Diminishing,
    Fixed,
    InverseLipschitz,
    LinearRegression,
    LogisticRegression,
    Quadratic,
    Status,
    accelerated_gradient,
    gradient_descent,
    newton,
    solve,
    subgradient_descent,
)

if TYPE_CHECKING:
    from collections.abc import Callable

A = np.array([[3.0, 1.0, 0.0], [-0.5, 2.0, 0.3], [0.2, 0.0, 1.5]])  # not symmetric
C = np.array([1.0, -2.0, 0.5])
BEST = np.linalg.solve(A + A.T, C)
START = np.array([2.0, 1.0, -1.0])
SOLVERS: list[Any] = [*SMOOTH, subgradient_descent]


def fun(x: np.ndarray, scale: float = 1.0) -> float:
    return float(scale * (x @ A @ x - C @ x))


def jac(x: np.ndarray, scale: float = 1.0) -> np.ndarray:
    return np.asarray(scale * ((A + A.T) @ x - C))


def hess(_x: np.ndarray, scale: float = 1.0) -> np.ndarray:
    return np.asarray(scale * (A + A.T))


class Counted:
    """A callable that counts its calls."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function, self.calls = function, 0

    def __call__(self, *args: Any) -> Any:
        self.calls += 1
        return self.function(*args)


@pytest.mark.parametrize("solver", SMOOTH)
class TestScipy:
    """Through scipy.optimize.minimize."""

    def test_minimize_finds_the_closed_form(self, solver: Any) -> None:
        res = scipy.optimize.minimize(fun, START, jac=jac, method=solver)
        assert res.success, res.message
        np.testing.assert_allclose(res.x, BEST, atol=1e-7)

    def test_args_reach_fun_and_jac(self, solver: Any) -> None:
        res = scipy.optimize.minimize(fun, START, args=(1e6,), jac=jac, method=solver)
        np.testing.assert_allclose(res.x, BEST, atol=1e-7)
        assert res.fun == pytest.approx(1e6 * fun(BEST), rel=1e-12)

    def test_jac_true(self, solver: Any) -> None:
        both = lambda x: (fun(x), jac(x))  # noqa: E731
        for res in (
            scipy.optimize.minimize(both, START, jac=True, method=solver),
            solver(both, START, jac=True),
        ):
            np.testing.assert_allclose(res.x, BEST, atol=1e-7)

    @pytest.mark.parametrize("given", [None, "2-point", False])
    def test_without_jac_autograd_differentiates(self, solver: Any, given: Any) -> None:
        res = scipy.optimize.minimize(lambda x: x @ A @ x - C @ x, START, jac=given, method=solver)
        np.testing.assert_allclose(res.x, BEST, atol=1e-7)

    def test_both_callback_protocols(self, solver: Any) -> None:
        points: list[np.ndarray] = []
        values: list[float] = []

        def by_result(intermediate_result: scipy.optimize.OptimizeResult) -> None:
            values.append(intermediate_result.fun)
            intermediate_result.x[:] = np.nan  # a copy: the run does not notice

        one = scipy.optimize.minimize(fun, START, jac=jac, method=solver, callback=points.append)
        two = scipy.optimize.minimize(fun, START, jac=jac, method=solver, callback=by_result)
        np.testing.assert_array_equal(points, one.trajectory.x[1:])  # scipy: after each iteration
        np.testing.assert_array_equal(values, two.trajectory.fun[1:])
        np.testing.assert_array_equal(one.x, two.x)

    def test_stop_iteration_keeps_the_partial_run(self, solver: Any) -> None:
        def stop(_xk: np.ndarray) -> None:
            raise StopIteration

        res = scipy.optimize.minimize(fun, START, jac=jac, method=solver, callback=stop)
        assert (res.status, res.success, res.nit) == (Status.STOPPED, False, 1)
        assert res.status == 99
        np.testing.assert_array_equal(res.trajectory.x, [START, res.x])
        none = scipy.optimize.minimize(
            fun, START, jac=jac, method=solver, callback=stop, options={"maxiter": 0}
        )
        assert none.status is Status.MAXITER

    def test_tol_and_options(self, solver: Any) -> None:
        loose = scipy.optimize.minimize(fun, START, jac=jac, method=solver, tol=1e-1)
        tight = scipy.optimize.minimize(fun, START, jac=jac, method=solver, tol=1e-10)
        assert loose.nit <= tight.nit
        assert np.linalg.norm(tight.jac) <= 1e-10 * np.linalg.norm(jac(START))
        short = scipy.optimize.minimize(
            fun, START, jac=jac, method=solver, options={"maxiter": 1, "tol": 1e-14}
        )
        assert (short.status, short.nit) == (Status.MAXITER, 1)
        assert "maxiter = 1" in short.message

    def test_an_unknown_option_is_warned_about_by_name(self, solver: Any) -> None:
        with pytest.warns(OptimizeWarning, match="learning_rate"):
            scipy.optimize.minimize(
                fun, START, jac=jac, method=solver, options={"learning_rate": 1}
            )

    @pytest.mark.parametrize(
        "limits", [{"bounds": [(0, 1)] * 3}, {"constraints": {"type": "eq", "fun": np.sum}}]
    )
    def test_bounds_and_constraints_are_refused(self, solver: Any, limits: dict[str, Any]) -> None:
        with pytest.raises(ValueError, match=next(iter(limits))):
            scipy.optimize.minimize(fun, START, jac=jac, method=solver, **limits)

    def test_x0_is_neither_changed_nor_returned(self, solver: Any) -> None:
        x0 = START.copy()
        res = solver(fun, x0, jac=jac)
        np.testing.assert_array_equal(x0, START)
        assert not np.shares_memory(res.x, x0)
        assert not np.shares_memory(res.trajectory.x, x0)

    def test_a_start_of_integers(self, solver: Any) -> None:
        res = solver(fun, [2, 1, -1], jac=jac)
        np.testing.assert_allclose(res.x, BEST, atol=1e-7)


@pytest.mark.parametrize("solver", SOLVERS)
class TestResult:
    """What is counted, recorded and returned."""

    def test_the_counts_match_a_counting_wrapper(self, solver: Any) -> None:
        f, g = Counted(fun), Counted(jac)
        res = solver(f, START, jac=g, maxiter=50)
        assert (res.nfev, res.njev) == (f.calls, g.calls)

    def test_what_is_returned_is_evaluated_at_the_returned_point(self, solver: Any) -> None:
        for maxiter in (0, 1, 7, 50):
            res = solver(fun, START, jac=jac, maxiter=maxiter)
            assert res.fun == fun(res.x)
            np.testing.assert_array_equal(res.jac, jac(res.x))

    def test_the_trajectory_is_complete(self, solver: Any) -> None:
        res = solver(fun, START, jac=jac, maxiter=20)
        path = res.trajectory
        assert len(path) == res.nit + 1
        assert path.x.shape == (res.nit + 1, 3)
        np.testing.assert_array_equal(path.fun, [fun(x) for x in path.x])
        np.testing.assert_allclose(
            path.gradient_norm, [np.linalg.norm(jac(x)) for x in path.x], rtol=1e-12
        )
        moved = np.linalg.norm(np.diff(path.x, axis=0), axis=1)
        assert np.isnan(path.step[0])
        assert (np.sign(path.step[1:]) == np.sign(moved)).all()
        assert (np.diff(path.time) >= 0).all()

    def test_a_maximisation_is_reported_in_its_own_sense(self, solver: Any) -> None:
        q = Quadratic(A)
        down, up = solver(q, START, maxiter=30), solver(-q, START, maxiter=30)
        np.testing.assert_array_equal(down.x, up.x)
        assert down.fun == -up.fun
        np.testing.assert_array_equal(down.jac, -up.jac)
        np.testing.assert_array_equal(down.trajectory.fun, -up.trajectory.fun)

    @pytest.mark.battery(0)
    def test_a_reused_gradient_buffer_does_no_harm(self, solver: Any) -> None:
        buffer = np.empty(3)

        def reusing(x: np.ndarray) -> np.ndarray:
            buffer[:] = jac(x)
            return buffer

        one, two = solver(fun, START, jac=reusing), solver(fun, START, jac=jac)
        np.testing.assert_array_equal(one.x, two.x)

    @pytest.mark.battery(0)
    def test_a_function_that_changes_its_argument_does_no_harm(self, solver: Any) -> None:
        def rude(x: np.ndarray) -> float:
            f = fun(x)
            x[:] = 0
            return f

        np.testing.assert_array_equal(solver(rude, START, jac=jac).x, solver(fun, START, jac=jac).x)

    @pytest.mark.battery(0)
    def test_an_array_of_one_number_is_a_value(self, solver: Any) -> None:
        res = solver(lambda x: np.array([fun(x)]), START, jac=jac)
        np.testing.assert_array_equal(res.x, solver(fun, START, jac=jac).x)
        with pytest.raises(ValueError, match=r"fun must return one number.*\(3,\)"):
            solver(lambda x: x, START, jac=jac)

    def test_a_gradient_of_another_shape_is_refused(self, solver: Any) -> None:
        with pytest.raises(ValueError, match=r"shape \(3,\).*returned \(3, 1\)"):
            solver(fun, START, jac=lambda x: jac(x)[:, None])

    def test_bad_settings_are_named(self, solver: Any) -> None:
        for options, match in (
            ({"tol": -1.0}, "tol"), ({"tol": 1.0}, "tol"), ({"maxiter": -1}, "maxiter"),
            ({"maxiter": 1.5}, "maxiter"), ({"maxiter": True}, "maxiter"),
        ):  # fmt: skip
            with pytest.raises(ValueError, match=match):
                solver(fun, START, jac=jac, **options)

    def test_a_missing_start_is_named(self, solver: Any) -> None:
        with pytest.raises(TypeError, match="x0 is missing"):
            solver(fun, jac=jac)


def test_newton_counts_hessians() -> None:
    f, g, H = Counted(fun), Counted(jac), Counted(hess)
    res = newton(f, START, jac=g, hess=H, radius=100.0)
    assert (res.nfev, res.njev, res.nhev) == (f.calls, g.calls, H.calls)
    assert res.nit == 1
    through = scipy.optimize.minimize(fun, START, (2.0,), jac=jac, hess=hess, method=newton)
    np.testing.assert_allclose(through.x, BEST, atol=1e-12)
    with pytest.raises(ValueError, match=r"hess must return shape \(3, 3\)"):
        newton(fun, START, jac=jac, hess=lambda _x: np.eye(2))


def test_a_gradient_given_beside_an_objective_is_used() -> None:
    res = newton(Quadratic(A), START, jac=lambda x: -jac(x), maxiter=3)
    assert not res.success


def test_a_long_trajectory_is_thinned_but_its_values_are_complete(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("optidemo.solvers.result.MEMORY", 8 * 3 * 10)  # ten points
    res = gradient_descent(fun, START, jac=jac, step=0.01, tol=1e-3)
    path = res.trajectory
    assert res.nit > 100
    assert len(path.fun) == len(path.step) == len(path.gradient_norm) == res.nit + 1
    assert len(path.x) <= 12
    np.testing.assert_array_equal([fun(x) for x in path.x], path.fun[path.iteration])
    assert path.iteration[0] == 0
    assert path.iteration[-1] == res.nit


RULES = [0.05, Fixed(0.05), InverseLipschitz(), Armijo(), BarzilaiBorwein(), None]


def problems() -> list[tuple[str, Any, np.ndarray]]:
    rng = np.random.default_rng(5)
    X = rng.standard_normal((40, 3))
    y = X @ [1.0, -2.0, 0.5] + 0.1 * rng.standard_normal(40)
    labels = (rng.random(40) < 1 / (1 + np.exp(-X @ [1.0, -1.0, 0.5]))).astype(float)
    logistic = LogisticRegression(X, labels)
    reference = scipy.optimize.minimize(
        logistic.value, np.zeros(3), jac=logistic.gradient, hess=logistic.hessian,
        method="trust-exact", options={"gtol": 1e-12},
    )  # fmt: skip
    return [
        ("quadratic", Quadratic(A), np.zeros(3)),
        ("linear-regression", LinearRegression(X, y), np.linalg.lstsq(X, y)[0]),
        ("logistic-regression", logistic, reference.x),
    ]


@pytest.mark.parametrize(("_name", "f", "best"), problems(), ids=[p[0] for p in problems()])
@pytest.mark.parametrize("rule", RULES, ids=repr)
@pytest.mark.parametrize("solver", [gradient_descent, accelerated_gradient])
def test_every_solver_with_every_step_rule(
    solver: Any, rule: Any, _name: str, f: Any, best: np.ndarray
) -> None:
    step = rule if not isinstance(rule, float | Fixed) else min(0.05, 1 / f.lipschitz())
    if isinstance(rule, BarzilaiBorwein) and solver is accelerated_gradient:
        with pytest.raises(TypeError, match="not compatible with accelerated_gradient"):
            solver(f, step=step)
        return
    res = solver(f, step=step)
    assert res.success, res.message
    np.testing.assert_allclose(res.x, best, atol=1e-6)
    assert np.linalg.norm(res.jac) <= 1e-8 * np.linalg.norm(f.gradient(f.x0))


def test_an_accelerated_fixed_step_evaluates_once_an_iteration() -> None:
    res = accelerated_gradient(fun, START, jac=jac, step=0.1, tol=1e-6)
    assert res.nit < res.nfev <= res.nit + 1 + 40  # the start, and the second look at the end
    q = accelerated_gradient(Quadratic(A), START)
    assert q.nfev == q.njev == q.nit + 1


@pytest.mark.parametrize("momentum", [0.0, 0.5, 0.9])
def test_momentum_arrives(momentum: float) -> None:
    res = gradient_descent(fun, START, jac=jac, momentum=momentum, step=0.05)
    np.testing.assert_allclose(res.x, BEST, atol=1e-6)


@pytest.mark.parametrize("momentum", [-0.1, 1.0])
def test_momentum_has_limits(momentum: float) -> None:
    with pytest.raises(ValueError, match="momentum must be in"):
        gradient_descent(fun, START, jac=jac, momentum=momentum)


@pytest.mark.parametrize(
    ("make", "match"),
    [
        (lambda: Fixed(-1.0), "Fixed: step must be > 0"),
        (lambda: Fixed(np.nan), "Fixed: step"),
        (lambda: Armijo(c=1.5), "Armijo: c must be > 0 and < 1"),
        (lambda: Diminishing(power=2.0), "Diminishing: power"),
        (lambda: BarzilaiBorwein(memory=0), "BarzilaiBorwein: memory"),
    ],
)
def test_a_step_rule_names_itself_and_the_argument(make: Any, match: str) -> None:
    with pytest.raises(ValueError, match=match):
        make()


def test_a_step_rule_that_does_not_fit_is_named() -> None:
    with pytest.raises(TypeError, match=r"must implement lipschitz\(\)"):
        gradient_descent(fun, START, jac=jac, step=InverseLipschitz())
    with pytest.raises(TypeError, match="Armijo"):
        gradient_descent(fun, START, jac=jac, step="armijo")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="gradient-descent"):
        solve(Quadratic(A), method="gradient-decent")


def test_no_warning_leaks_from_a_plain_run() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for solver in SOLVERS:
            solver(fun, START, jac=jac, maxiter=30)
