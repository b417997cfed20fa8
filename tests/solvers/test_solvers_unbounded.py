"""Functions without a minimum, and bounded ones that look like it: no false verdict either way."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from smooth_solvers import SMOOTH

from optidemo import (
    Linear,
    Logistic,
    Objective,
    Quadratic,
    Sigmoid,
    SquaredL2Norm,
    Status,
    accelerated_gradient,
    gradient_descent,
    newton,
    projected_gradient,
    proximal_gradient,
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
SLOW: dict[str, tuple[Any, Any]] = {
    "exp(x) + y⁴": (lambda x: np.exp(x[0]) + x[1] ** 4, lambda x: [np.exp(x[0]), 4 * x[1] ** 3]),
    "exp(-x²) + y⁴": (
        lambda x: np.exp(-(x[0] ** 2)) + x[1] ** 4,
        lambda x: [-2 * x[0] * np.exp(-(x[0] ** 2)), 4 * x[1] ** 3],
    ),
}


@pytest.mark.parametrize("name", SLOW)
def test_numbers_run_out_beside_a_variable_that_is_slow(name: str) -> None:
    """The slope along x underflows to 0 before y⁴ does: f is not 0, and falls no further."""
    fun, grad = SLOW[name]
    res = newton(fun, [1.0, 1.0], jac=lambda x: np.array(grad(x)))
    assert res.status is Status.NOT_ATTAINED, res.message


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


@pytest.mark.parametrize("x0", [[0.0, 0.0], [0.0, 1.0]])
@pytest.mark.parametrize("solver", [*SMOOTH, proximal_gradient, projected_gradient])
@pytest.mark.battery(4)
def test_a_slope_beside_a_valley_is_unbounded(solver: Any, x0: list[float]) -> None:
    """The way travelled leads out of the valley, where f rises again; x overflows in the end."""
    more: Any = {
        proximal_gradient: {"prox": lambda x, _t: x}, projected_gradient: {"projection": lambda x: x}
    }.get(solver, {})  # fmt: skip
    res = solver(lambda x: x[1] ** 2 - x[0], x0, jac=lambda x: np.array([-1.0, 2 * x[1]]), **more)
    assert np.isfinite(res.x).all()
    assert np.isfinite(res.trajectory.x).all()
    assert len(res.trajectory) == res.nit + 1
    if solver is proximal_gradient:  # which does not know what its prox belongs to
        assert not res.success
    else:
        assert res.status is Status.UNBOUNDED, res.message


@pytest.mark.parametrize(
    "f", [Linear([1.0, 2.0]) + Quadratic(np.diag([1.0, 0.0])), -Linear([1.0, 2.0]) - Linear([0.0, 1.0])]
)  # fmt: skip
def test_solve_says_why_it_does_not_search(f: Any) -> None:
    res = solve(f)
    assert res.status is Status.UNBOUNDED
    assert res.message.startswith("Chose no search")
    assert f.optimum().reason in res.message


class Climb(Objective):
    """x³ + c x⁴, to be maximised, which knows nothing of itself."""

    sense = "maximize"
    d = 1

    def __init__(self, c: float) -> None:
        self.c = c

    def value(self, x: Any) -> float:
        return float(x[0] ** 3 + self.c * x[0] ** 4)

    def gradient(self, x: Any) -> Any:
        return 3 * x**2 + 4 * self.c * x**3


@pytest.mark.parametrize("solver", SMOOTH)
def test_of_a_maximum_the_words_are_turned(solver: Any) -> None:
    res = solver(Climb(1.0), [1.0], maxiter=400)
    assert res.status is Status.UNBOUNDED
    assert "rises without end" in res.message or "rose to +∞" in res.message
    assert "minimum" not in res.message
    at_inflection = solver(Climb(-1.0), [0.0])
    assert "f is higher close by" in at_inflection.message


def test_an_infimum_aslant_is_no_minimum_to_a_proximal_method() -> None:
    """Its gradient is small along the way out, but the curvature there is as small."""
    u, v = np.array([0.6, 0.8]), np.array([0.8, -0.6])
    res = projected_gradient(
        lambda x: np.exp(u @ x) + (v @ x) ** 4, [0.0, 1.0], projection=lambda x: x, maxiter=3000,
        jac=lambda x: np.exp(u @ x) * u + 4 * (v @ x) ** 3 * v,
    )  # fmt: skip
    assert not res.success


def test_a_minimum_where_f_vanishes_is_one_all_the_same() -> None:
    for fun, grad in (
        (lambda x: x[0] ** 4, lambda x: 4 * x**3),
        (lambda x: max(x[0], 0.0) ** 2, lambda x: 2 * np.maximum(x, 0)),
    ):
        for tol in (1e-8, 0.0):
            assert gradient_descent(fun, [1.0], jac=grad, tol=tol).success
            assert newton(fun, [1.0], jac=grad, tol=tol).status is not Status.NOT_ATTAINED


@pytest.mark.parametrize("momentum", [0.5, 0.9, 0.99])
def test_x_that_runs_away_beyond_the_squares_is_no_minimum(momentum: float) -> None:
    res = gradient_descent(lambda x: -np.log(x[0]), [1.0], jac=lambda x: -1 / x, momentum=momentum)
    assert res.status is Status.UNBOUNDED
    assert not {"nan", "inf"} & set(re.findall(r"\w+", res.message))
    slow = gradient_descent(
        lambda x: 1 / np.log(10 + x[0] ** 2), [1.0], momentum=0.9,
        jac=lambda x: -2 * x / (10 + x**2) / np.log(10 + x**2) ** 2,
    )  # fmt: skip
    assert slow.status is Status.NOT_ATTAINED
