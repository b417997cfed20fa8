"""What success rests on: no unit of a variable fakes it, and a curve of minima does not deny it."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pytest

from optidemo import (
    BarzilaiBorwein,
    Status,
    accelerated_gradient,
    gradient_descent,
    newton,
)

FIRST_ORDER: dict[str, Any] = {
    "plain": gradient_descent,
    "momentum": partial(gradient_descent, momentum=0.9),
    "Barzilai-Borwein": partial(gradient_descent, step=BarzilaiBorwein()),
    "accelerated": accelerated_gradient,
}


def valley(x: np.ndarray, unit: float) -> float:
    """Rosenbrock's function of (x₀/unit, x₁·unit)."""
    u, v = x[0] / unit, x[1] * unit
    return float(100 * (v - u**2) ** 2 + (1 - u) ** 2)


def valley_slope(x: np.ndarray, unit: float) -> np.ndarray:
    u, v = x[0] / unit, x[1] * unit
    slopes = [-400 * u * (v - u**2) - 2 * (1 - u), 200 * (v - u**2)]
    return np.array(slopes) * [1 / unit, unit]


@pytest.mark.parametrize("unit", [1e8, 1e-8])
@pytest.mark.parametrize("name", FIRST_ORDER)
def test_a_slope_that_is_small_by_its_unit_alone_certifies_nothing(name: str, unit: float) -> None:
    res = FIRST_ORDER[name](valley, [-1.2 * unit, 1 / unit], (unit,), jac=valley_slope, maxiter=200)
    assert res.success is False or res.fun <= 1e-9
    assert res.status in (Status.CONVERGED, Status.MAXITER, Status.LINE_SEARCH_FAILED)
    assert res.success or "variables" in res.message or "above" in res.message


@pytest.mark.parametrize("unit", [1e8, 1e4, 1e-4, 1e-8])
def test_newton_by_differences_minds_no_unit(unit: float) -> None:
    res = newton(valley, [-1.2 * unit, 1 / unit], (unit,), jac=valley_slope)
    assert res.success, res.message
    np.testing.assert_allclose(res.x, [unit, 1 / unit], rtol=1e-6)


def test_a_variable_that_has_not_moved_is_heard() -> None:
    """Its slope is 10¹⁶ times as small, and its size, 0, does not tell that its minimum is at 10⁸."""
    jac = lambda x: np.array([2e-8 * (1e-8 * x[0] - 1), 2e8 * (1e8 * x[1] - 1)])  # noqa: E731
    fun = lambda x: (1e-8 * x[0] - 1) ** 2 + (1e8 * x[1] - 1) ** 2  # noqa: E731
    for solver in FIRST_ORDER.values():
        res = solver(fun, [0.0, 0.0], jac=jac, maxiter=200)
        assert not res.success or res.fun < 1e-6


CURVES: dict[str, tuple[Any, Any, int]] = {
    "circle": (lambda x: (x @ x - 1) ** 2, lambda x: 4 * (x @ x - 1) * x, 2),
    "sphere": (lambda x: (x @ x - 1) ** 2 + 1, lambda x: 4 * (x @ x - 1) * x, 20),
    "hyperbola": (
        lambda x: (x[0] * x[1] - 1) ** 2, lambda x: 2 * (x[0] * x[1] - 1) * x[::-1], 2,
    ),
    "parabola": (
        lambda x: (x[1] - x[0] ** 2) ** 2,
        lambda x: 2 * (x[1] - x[0] ** 2) * np.array([-2 * x[0], 1.0]), 2,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CURVES)
def test_a_curve_of_minima_is_no_saddle(name: str) -> None:
    """Along the curve f bends downwards at a point beside it, and yet has next to nothing to fall."""
    fun, jac, d = CURVES[name]
    lowest = fun(np.zeros(d)) - 1 if name != "parabola" else 0.0
    rng = np.random.default_rng(1)
    for x0 in rng.standard_normal((4, d)):
        for solver in (FIRST_ORDER["plain"], FIRST_ORDER["momentum"], accelerated_gradient):
            res = solver(fun, x0, jac=jac)
            assert res.success, res.message
            assert res.fun - lowest <= 1e-10


def test_a_target_that_was_tightened_at_a_maximum_does_not_hold_at_the_minimum() -> None:
    """The first step happens to lead to the centre, but for rounding errors; the next ones leave it."""
    fun, jac, _ = CURVES["circle"]
    x0 = np.random.default_rng(23).standard_normal(5)
    res = gradient_descent(fun, x0, jac=jac, step=BarzilaiBorwein(), maxiter=300)
    assert np.linalg.norm(res.trajectory.x[1]) < 1e-12
    assert res.success, res.message


@pytest.mark.parametrize("seed", range(6))
def test_noise_is_no_fall(seed: int) -> None:
    rng = np.random.default_rng(seed)
    fun = lambda x: float(x @ x + 1e-6 * rng.standard_normal())  # noqa: E731
    for solver in (gradient_descent, accelerated_gradient, newton):
        res = solver(fun, [3.0, -1.0], jac=lambda x: 2 * x)
        assert res.success or (
            solver is accelerated_gradient and "its rounding error" in res.message
        )
