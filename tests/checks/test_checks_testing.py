"""The assertions for assignments: what passes, what fails, and how much a message tells."""

from __future__ import annotations

import warnings
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import optidemo
from optidemo import check_gradient, check_hessian, check_jacobian
from optidemo.testing import assert_gradient, assert_minimizer, assert_solver, assert_stationary

A = np.array([[2.0, 1.0], [0.0, 1.0]])
X = np.array([[1.0, 2.0], [0.0, 1.0], [3.0, -1.0]])
Y = np.array([1.0, 0.0, 2.0])


def bowl(x: Any) -> Any:
    return (x - 3) @ A @ (x - 3)


def saddle(x: Any) -> Any:
    return x[0] ** 2 - x[1] ** 2


# --- points --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fun", "x"),
    [
        (bowl, [3.0, 3.0]),
        (bowl, [3.0 + 1e-7, 3.0]),
        (lambda x: 1e8 * bowl(x), [3.0, 3.0]),
        (lambda x: 1e-8 * bowl(x) + 5, [3.0, 3.0]),
        (saddle, [0.0, 0.0]),
        (lambda x: np.abs(x).sum(), [0.0, 0.0]),
        (optidemo.L2Norm(2), [0.0, 0.0]),
        (optidemo.LinearRegression(X, Y), optidemo.LinearRegression(X, Y).closed_form()),
    ],
)
def test_stationary_points_pass(fun: Any, x: Any) -> None:
    assert_stationary(fun, x)


@pytest.mark.parametrize(
    ("fun", "x", "words"),
    [
        (
            bowl,
            [3.0, 3.1],
            "the gradient is not zero: its norm is 1.4 % of that at points around x",
        ),
        (lambda x: 1e-8 * bowl(x), [3.0, 3.01], "the gradient is not zero"),
        (lambda x: x[0] + 2 * x[1], [3.0, 3.1], "its norm is 100 % of that at points around x"),
        (lambda x: np.abs(x).sum() + 2 * x[0], [0.0, 0.0], "none of its subgradients"),
        (lambda x: np.log(x).sum(), [-1.0, 1.0], "not finite"),
        (bowl, [np.nan, 1.0], "x is not finite"),
        (bowl, "nonsense", "no array of numbers"),
    ],
)
def test_other_points_fail(fun: Any, x: Any, words: str) -> None:
    with pytest.raises(AssertionError, match=words), np.errstate(all="ignore"):
        assert_stationary(fun, x)


@pytest.mark.parametrize(
    ("fun", "x"),
    [
        (bowl, [3.0, 3.0]),
        (bowl, [3.0 + 1e-7, 3.0]),
        (lambda x: np.abs(x - 1).sum(), [1.0, 1.0]),
        (lambda x, c: ((x - c) ** 2).sum(), [2.0]),
        (optidemo.Quadratic(A), [0.0, 0.0]),
        (optidemo.GaussianLikelihood([1.0, 2.0, 6.0], 1.0), [3.0]),
    ],
)
def test_minimizers_pass(fun: Any, x: Any) -> None:
    assert_minimizer(fun, x, args=(2.0,) if len(x) == 1 and not hasattr(fun, "value") else ())


@pytest.mark.parametrize(
    ("fun", "x", "words"),
    [
        (bowl, [3.0, 2.0], "gradient is not zero"),
        (saddle, [0.0, 0.0], "saddle"),
        (lambda x: -bowl(x), [3.0, 3.0], "maximum: f falls in every direction"),
        (lambda x: (x**2).sum() - 1.5 * np.exp(-50 * ((x - 1) ** 2).sum()), [0.0], "elsewhere"),
        (
            optidemo.Quadratic(A),
            [0.0, 0.1],
            "at the optimum; 0.25 % of the fall from the start is missing",
        ),
        (optidemo.Quadratic(A), [90.0, 90.0], "gone uphill"),
        (
            optidemo.GaussianLikelihood([1.0, 2.0, 6.0], 1.0),
            [2.0],
            "smaller there than at the optimum; 11 % of the rise",
        ),
        (optidemo.GaussianLikelihood([1.0, 2.0, 6.0], 1.0), [9.0], "has the search gone downhill"),
        (optidemo.ExponentialLikelihood([1.0, 2.0]), [-1.0], "outside the domain"),
        (optidemo.Quadratic(A), [0.0], "has 2 variables"),
    ],
)
def test_other_points_are_no_minimizers(fun: Any, x: Any, words: str) -> None:
    with pytest.raises(AssertionError, match=words):
        assert_minimizer(fun, x)


def test_nothing_minimises_what_has_no_minimum() -> None:
    with pytest.raises(ValueError, match="no optimum"):
        assert_minimizer(optidemo.Linear([1.0, 2.0]), [0.0, 0.0])


def warning_bowl(x: Any) -> Any:
    warnings.warn("slow", UserWarning, stacklevel=1)
    return bowl(x)


@pytest.mark.parametrize("check", [assert_stationary, assert_minimizer])
def test_no_warning_leaves_the_assertions(check: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check(warning_bowl, [3.0, 3.0])
        with pytest.raises(AssertionError, match="The point is not"):
            check(optidemo.UniformLikelihood([1.0, 2.0, 3.0]), [1.0, 3.5])


# --- solvers -------------------------------------------------------------------------------------


def descend(fun: Any, grad: Any, x0: Any, step: Any, maxiter: Any) -> Any:
    x = x0.copy()
    for _ in range(maxiter):
        x = x - step * grad(x)
    return x


def history_of_points(grad: Any, start: Any, lr: Any, epochs: Any) -> Any:
    points = [start]
    for _ in range(epochs):
        points.append(points[-1] - lr * grad(points[-1]))
    return points[-1], points


def own_newton(grad: Any, x0: Any, maxiter: Any) -> Any:
    """Ask for 2d + 1 gradients an iteration: the Hessian is made of central differences."""
    x, nit = x0.copy(), 0
    while np.linalg.norm(grad(x)) > 1e-6 and nit < maxiter:
        H = np.array([grad(x + 1e-4 * e) - grad(x - 1e-4 * e) for e in np.eye(x.size)]) / 2e-4
        x, nit = x - np.linalg.solve(H, grad(x)), nit + 1
    return {"x": x, "nit": nit}


def exact_line_search(grad: Any, x0: Any, maxiter: Any) -> Any:
    """Ask for 40 gradients an iteration: the step is found by bisection."""
    x, nit = x0.copy(), 0
    while np.linalg.norm(grad(x)) > 1e-5 and nit < maxiter:
        g, low, high = grad(x), 0.0, 1.0
        while high - low > 1e-12:
            t = (low + high) / 2
            low, high = (t, high) if grad(x - t * g) @ g > 0 else (low, t)
        x, nit = x - low * g, nit + 1
    return {"x": x, "nit": nit}


@pytest.mark.parametrize(
    "solver",
    [
        descend,
        history_of_points,
        own_newton,
        exact_line_search,
        lambda x0, grad, **_o: descend(None, grad, x0, 0.01, 4000),
        lambda f, df, w0: {"x": descend(f, df, w0, 0.01, 4000)},
        optidemo.gradient_descent,
        optidemo.accelerated_gradient,
        optidemo.newton,
        optidemo.subgradient_descent,
    ],
)
def test_right_solvers_pass(solver: Any) -> None:
    assert_solver(solver)


def result(**change: Any) -> Any:
    """Build a solver that reports more than it should."""

    def solver(fun: Any, grad: Any, x0: Any, step: Any, maxiter: Any) -> Any:
        x = descend(fun, grad, x0, step, maxiter)
        honest = {
            "x": x,
            "nit": maxiter,
            "njev": maxiter,
            "nfev": 1,
            "fun": fun(x),
            "success": False,
        }
        return SimpleNamespace(**(honest | change))

    return solver


def forever(grad: Any, x0: Any, step: Any) -> Any:
    x = x0
    while True:
        x = x - step * grad(x)


def until_small(grad: Any, x0: Any, step: Any, maxiter: Any) -> Any:
    x = x0
    while np.linalg.norm(grad(x)) > 1e-6:
        x = x - step * grad(x)
    return x


def dividing(grad: Any, x0: Any, step: Any, maxiter: Any) -> Any:
    x = descend(None, grad, x0, step, maxiter)
    return x + 0 * x / np.zeros(x.size)


def rising(fun: Any, grad: Any, x0: Any, step: Any, maxiter: Any) -> Any:
    x = descend(fun, grad, x0, step, maxiter)
    return x, [fun(x0), fun(x0) + 1.0, fun(x)]


WRONG = [
    (lambda grad, x0, step, maxiter: x0, "returns x0 unchanged"),
    (lambda grad, x0, step, maxiter: descend(0, grad, x0, -step, maxiter), "adds the gradient"),
    (lambda grad, x0, step, maxiter: descend(0, grad, x0, -1e3 * step, 500), "adds the gradient"),
    (lambda grad, x0, step, maxiter: descend(0, grad, x0, 3 * step, maxiter), "x diverges"),
    (lambda grad, x0, step, maxiter: descend(0, grad, x0, 1e3 * step, 500), "steps too long"),
    (dividing, "divided by zero"),
    (until_small, "just as often as with"),
    (lambda grad, x0, step, maxiter: descend(0, grad, x0, step, 2), "of the way from the minimum"),
    (lambda grad, x0, step, maxiter: descend(0, grad, x0, step, 2000), "iterations at most"),
    (lambda grad, x0, step, maxiter: None, "return statement is missing"),
    (lambda grad, x0, step, maxiter: "x", "no point x"),
    (lambda grad, x0, step, maxiter: descend(0, grad, x0, step, maxiter)[:, None], "has shape"),
    (lambda grad, x0, step, maxiter: grad(x0, 1), "it raises TypeError"),
    (
        lambda grad, x0, step, maxiter: np.subtract(x0, step * grad(x0), out=x0),
        "changes x0 in place",
    ),
    (lambda a, b: a, "it is not clear what a and b are"),
    (lambda fun, x0: x0, "but no grad"),
    (forever, "does not stop"),
    (rising, "f rises from entry 0 to entry 1"),
    (result(nit=1), "reports nit = 1 whether"),
    (result(nit=0), "reports nit = 0 whether"),
    (result(nit=19), "reports 19 iterations; 3 were allowed"),
    (result(njev=1), "reports njev = 1"),
    (result(fun=0.0), "not f at the x"),
    (result(success=True), "reports success after 3 iterations"),
    (result(nit=10**6), "were allowed"),
    (
        lambda grad, x0, step, maxiter: (
            descend(0, grad, x0, step, maxiter) * (1 if np.linalg.norm(grad(x0)) > 1e-6 else np.nan)
        ),
        "started at the minimum",
    ),
]


@pytest.mark.parametrize(("solver", "words"), WRONG)
@pytest.mark.battery(2)
def test_wrong_solvers_fail(solver: Any, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("optidemo.checks.trial_problem.PATIENCE", 3000)
    with pytest.raises(AssertionError, match=words):
        assert_solver(solver)


# --- hints ---------------------------------------------------------------------------------------


def messages(check: Any) -> dict[str, str]:
    told = {}
    for hint in ("none", "where", "mistake", "full"):
        with pytest.raises(AssertionError) as failure:
            check(hint)
        told[hint] = str(failure.value)
    return told


def test_hints() -> None:
    told = messages(lambda hint: assert_gradient(bowl, lambda x: 2 * A @ (x - 3), hint=hint))
    assert told["none"] == "The gradient is wrong."
    assert "yours" in told["where"]
    assert "transpose" in told["mistake"]
    assert "transpose" not in told["where"]
    assert "reference" in told["full"]
    assert "reference" not in told["mistake"]
    told = messages(lambda hint: assert_stationary(bowl, [3.0, 3.1], hint=hint))
    assert told["none"] == "The point is not stationary."
    assert "entry" in told["where"]
    assert "of that at points around x" in told["mistake"]
    assert "gradient: [" in told["full"]
    told = messages(lambda hint: assert_minimizer(optidemo.Quadratic(A), [0.0, 0.1], hint=hint))
    assert told["none"] == "The point is not a minimum."
    assert "the optimum is" not in told["mistake"]
    assert "the optimum is" in told["full"]
    told = messages(lambda hint: assert_solver(lambda grad, x0, step, maxiter: x0, hint=hint))
    assert told["none"] == "The solver is wrong."
    assert told["where"] == "The solver is wrong on a least-squares problem in 1 variable."
    assert "unchanged" in told["mistake"]
    assert "the minimum is at" in told["full"]
    checks: tuple[Any, ...] = (assert_gradient, assert_stationary, assert_minimizer)
    for check in checks:
        with pytest.raises(ValueError, match="hint must be one of"):
            check(bowl, [1.0, 1.0], hint="all")
    with pytest.raises(ValueError, match="hint must be one of"):
        assert_solver(descend, hint="all")


@pytest.mark.parametrize("tol", [-1, 1.0, 10, np.nan, np.inf, True, "1e-3", None, 1e-3 + 0j])
def test_a_tolerance_out_of_its_range_is_refused(tol: Any) -> None:
    right: Any
    for right in (
        lambda: check_gradient(bowl, lambda x: (A + A.T) @ (x - 3), tol=tol),
        lambda: check_jacobian(lambda x: A @ x, lambda x: A, tol=tol),
        lambda: assert_stationary(bowl, [3.0, 3.0], tol=tol),
        lambda: assert_minimizer(bowl, [3.0, 3.0], tol=tol),
        lambda: assert_solver(descend, tol=tol),
    ):
        with pytest.raises(ValueError, match="tol must be a number"):
            right()


@pytest.mark.parametrize("seed", [-1, 1.5, "0", None, True])
def test_a_seed_that_is_none_is_refused(seed: Any) -> None:
    right: Any
    for right in (
        lambda: check_gradient(bowl, lambda x: (A + A.T) @ (x - 3), seed=seed),
        lambda: check_hessian(optidemo.Quadratic(A), seed=seed),
        lambda: assert_minimizer(bowl, [3.0, 3.0], seed=seed),
        lambda: assert_solver(descend, seed=seed),
        lambda: optidemo.DEMOS["quadratic"].run(seed=seed),
        lambda: optidemo.stochastic_gradient_descent(optidemo.LinearRegression(X, Y), seed=seed),
    ):
        with pytest.raises(ValueError, match="seed must be a whole number of 0 or more, but is"):
            right()


def test_numbers_of_numpy_are_seeds_and_tolerances() -> None:
    options: dict[str, Any] = {"tol": np.float32(1e-4), "seed": np.int64(3)}
    assert check_gradient(bowl, lambda x: (A + A.T) @ (x - 3), **options).ok
    with pytest.raises(ValueError, match="above 0"):
        assert_solver(descend, tol=0.0)


def test_the_module_is_found_from_the_package() -> None:
    assert optidemo.testing.assert_solver is assert_solver
