"""Functions without a minimum, and bounded ones that look like it: no false verdict either way."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from smooth_solvers import SMOOTH

from optidemo import (
    Logistic,
    Sigmoid,
    SquaredL2Norm,
    Status,
    accelerated_gradient,
    gradient_descent,
    newton,
    solve,
)

UNBOUNDED: dict[str, tuple[Any, Any, list[float]]] = {
    "-xx": (lambda x: -x @ x, lambda x: -2 * x, [1.0, 2.0]),
    "saddle": (
        lambda x: x[0] ** 2 - x[1] ** 2, lambda x: np.array([2 * x[0], -2 * x[1]]), [1.0, 1e-3],
    ),
    "on a saddle": (
        lambda x: x[0] ** 2 - x[1] ** 2, lambda x: np.array([2 * x[0], -2 * x[1]]), [0.0, 0.0],
    ),
    "xy": (lambda x: x[0] * x[1], lambda x: x[::-1].copy(), [1.0, 2.0]),
    "-x^3": (lambda x: -x[0] ** 3, lambda x: -3 * x**2, [1.0]),
    "x^3": (lambda x: x[0] ** 3, lambda x: 3 * x**2, [1.0]),
    "-x^4": (lambda x: -x[0] ** 4, lambda x: -4 * x**3, [1.0]),
    "-exp": (lambda x: -np.exp(x[0]), lambda x: -np.exp(x), [1.0]),
    "-exp(xx)": (lambda x: -np.exp(x @ x), lambda x: -2 * x * np.exp(x @ x), [1.0, 0.5]),
    "-sqrt": (lambda x: -np.sqrt(1 + x @ x), lambda x: -x / np.sqrt(1 + x @ x), [1.0, 2.0]),
    "-log": (lambda x: -np.log1p(x @ x), lambda x: -2 * x / (1 + x @ x), [1.0, 2.0]),
    "-loglog": (
        lambda x: -np.log1p(np.log1p(x @ x)),
        lambda x: -2 * x / (1 + x @ x) / (1 + np.log1p(x @ x)), [1.0, 2.0],
    ),
}  # fmt: skip

BOUNDED: dict[str, tuple[Any, Any, list[float]]] = {
    "exp(-x)": (lambda x: np.exp(-x[0]), lambda x: -np.exp(-x), [1.0]),
    "exp(-x) + 1": (lambda x: np.exp(-x[0]) + 1, lambda x: -np.exp(-x), [1.0]),
    "-arctan": (lambda x: -np.arctan(x[0]), lambda x: -1 / (1 + x**2), [1.0]),
    "1/(1+xx)": (lambda x: 1 / (1 + x @ x), lambda x: -2 * x / (1 + x @ x) ** 2, [1.0, 2.0]),
    "1/log": (
        lambda x: 1 / np.log(2 + x @ x),
        lambda x: -2 * x / (2 + x @ x) / np.log(2 + x @ x) ** 2, [1.0, 2.0],
    ),
}  # fmt: skip

FAR_MINIMA: dict[str, tuple[Any, Any, float]] = {
    "quartic": (lambda x: 1e-9 * x[0] ** 4 - x[0] ** 2, lambda x: 4e-9 * x**3 - 2 * x, 5e8**0.5),
    "cosh": (
        lambda x: np.cosh(x[0] / 1e3) - x[0] ** 2, lambda x: np.sinh(x / 1e3) / 1e3 - 2 * x,
        18097.583330811,
    ),
    "log": (
        lambda x: -np.log1p(x @ x) + 1e-20 * x @ x, lambda x: -2 * x / (1 + x @ x) + 2e-20 * x, 1e10,
    ),
}  # fmt: skip


@pytest.mark.parametrize("solver", SMOOTH)
@pytest.mark.parametrize("name", UNBOUNDED)
def test_an_unbounded_function_is_called_so(solver: Any, name: str) -> None:
    """Warnings are errors here: what overflows on the way must not warn."""
    fun, jac, x0 = UNBOUNDED[name]
    res = solver(fun, x0, jac=jac, maxiter=400)
    assert res.status is Status.UNBOUNDED, res.message
    assert not res.success


@pytest.mark.parametrize("solver", SMOOTH)
def test_a_start_on_a_saddle_is_no_success(solver: Any) -> None:
    bounded = lambda x: x[0] ** 2 - x[1] ** 2 + x[1] ** 4  # noqa: E731
    slope = lambda x: np.array([2 * x[0], -2 * x[1] + 4 * x[1] ** 3])  # noqa: E731
    res = solver(bounded, [0.0, 0.0], jac=slope)
    assert res.success is (solver is newton), res.message  # which leaves saddles


@pytest.mark.battery(0)
@pytest.mark.parametrize("solver", SMOOTH)
@pytest.mark.parametrize("name", BOUNDED)
def test_an_infimum_that_is_not_attained_is_neither_unbounded_nor_a_minimum(
    solver: Any, name: str
) -> None:
    fun, jac, x0 = BOUNDED[name]
    for maxiter in (20, 100, 600):
        res = solver(fun, x0, jac=jac, maxiter=maxiter)
        assert res.status is Status.NOT_ATTAINED, res.message


@pytest.mark.parametrize("name", FAR_MINIMA)
def test_a_minimum_far_away_is_found(name: str) -> None:
    fun, jac, best = FAR_MINIMA[name]
    for solver in (newton, gradient_descent):
        res = solver(fun, [1.0], jac=jac)
        assert res.success, res.message
        np.testing.assert_allclose(np.abs(res.x), best, rtol=1e-6)


def test_newton_asks_soon() -> None:
    fun, jac, x0 = UNBOUNDED["-xx"]
    res = newton(fun, x0, jac=jac)
    assert res.nit <= 20
    assert np.isfinite(res.fun)


BLOCKS: dict[str, tuple[Any, Any]] = {
    "exp(x) + y²": (lambda x: np.exp(x[0]) + x[1] ** 2, lambda x: [np.exp(x[0]), 2 * x[1]]),
    "exp(-x²) + y²": (
        lambda x: np.exp(-(x[0] ** 2)) + x[1] ** 2,
        lambda x: [-2 * x[0] * np.exp(-(x[0] ** 2)), 2 * x[1]],
    ),
}


@pytest.mark.parametrize("solver", [newton, gradient_descent, accelerated_gradient])
@pytest.mark.parametrize("name", BLOCKS)
def test_one_variable_that_runs_away_is_seen_beside_one_that_is_settled(
    solver: Any, name: str
) -> None:
    fun, grad = BLOCKS[name]
    res = solver(fun, [0.5, 1.0], jac=lambda x: np.array(grad(x)), maxiter=2000)
    assert res.status is Status.NOT_ATTAINED, res.message


@pytest.mark.parametrize(
    "f",
    [
        Sigmoid() + Sigmoid(),
        Logistic([1.0, 2.0]) + Logistic([2.0, 1.0]),
        Logistic([1.0, 0.0]) + SquaredL2Norm(2, unpenalized=[0]),
    ],
)
def test_numbers_that_run_out_are_no_minimum(f: Any) -> None:
    assert solve(f).status is Status.NOT_ATTAINED


def test_a_minimum_where_f_vanishes_is_one_all_the_same() -> None:
    for fun, grad in (
        (lambda x: x[0] ** 4, lambda x: 4 * x**3),
        (lambda x: max(x[0], 0.0) ** 2, lambda x: 2 * np.maximum(x, 0)),
    ):
        for tol in (1e-8, 0.0):
            assert gradient_descent(fun, [1.0], jac=grad, tol=tol).success
            assert newton(fun, [1.0], jac=grad, tol=tol).status is not Status.NOT_ATTAINED
