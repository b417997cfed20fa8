"""Proximal and projected gradient deny success where f + h is lower close by, and only there."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from optidemo import (
    L1Norm,
    Linear,
    Quadratic,
    ReLU,
    Status,
    gradient_descent,
    projected_gradient,
    proximal_gradient,
    sphere_gradient,
    subgradient_descent,
)

BOTH = pytest.mark.parametrize("accelerated", [False, True])


def box(x: np.ndarray) -> np.ndarray:
    return np.asarray(np.clip(x, -1, 1))


def ball(x: np.ndarray) -> np.ndarray:
    return np.asarray(x / max(float(np.linalg.norm(x)), 1.0))


S = np.diag([2.0] * 8 + [0.0, 0.0])  # of a saddle in ten variables: the last two as xy
S[8, 9] = S[9, 8] = -1.0

NO_MINIMA: dict[str, tuple[Any, Any, Any, Any]] = {
    "a saddle": (lambda x: x[0] * x[1], lambda x: x[::-1].copy(), [0.0, 0.0], box),
    "a saddle on a face": (
        lambda x: x[0] * x[1] - 10 * x[2] ** 2,
        lambda x: np.array([x[1], x[0], -20 * x[2]]), [0.0, 0.0, 1.0], box,
    ),
    "a saddle on the sphere": (
        lambda x: -x[0] ** 2 - 2 * x[1] ** 2, lambda x: np.array([-2 * x[0], -4 * x[1]]), [1.0, 0.0], ball,
    ),
    "a saddle of many variables": (
        lambda x: 0.5 * x @ S @ x, lambda x: S @ x, np.zeros(10), box,
    ),
    "a stiff saddle": (
        lambda x: 1e6 * x[0] ** 2 - 0.1 * (x[0] + x[1]) ** 2,
        lambda x: np.array([2e6 * x[0], 0.0]) - 0.2 * (x[0] + x[1]), [0.0, 0.0], box,
    ),
    "a maximum": (lambda x: -x[0] ** 2, lambda x: -2 * x, [0.0], box),
    "a saddle run into": (
        lambda x: np.cos(x[0]) + x[1] ** 2, lambda x: np.array([-np.sin(x[0]), 2 * x[1]]), [0.0, 1.0], box,
    ),
    "an inflection": (lambda x: x[0] ** 3, lambda x: 3 * x**2, [0.0], box),
    "a plateau": (
        lambda x: -np.exp(-(x[0] ** 2)), lambda x: 2 * x * np.exp(-(x**2)), [60.0],
        lambda x: np.clip(x, -90, 90),
    ),
    "a slope hidden by its unit": (
        lambda x: (1e-8 * x[0] - 1) ** 2 + (1e8 * x[1] - 1) ** 2,
        lambda x: np.array([2e-8 * (1e-8 * x[0] - 1), 2e8 * (1e8 * x[1] - 1)]), [-1e8, 0.0], lambda x: x,
    ),
}  # fmt: skip

MINIMA: dict[str, tuple[Any, Any, Any, Any]] = {
    "a vertex": (lambda x: (x - 3) @ (x - 3), lambda x: 2 * (x - 3), [0.0, 0.5], box),
    "an end of a concave f": (lambda x: -x[0] ** 2, lambda x: -2 * x, [0.3], box),
    "an inflection at the end": (lambda x: x[0] ** 3, lambda x: 3 * x**2, [0.0], abs),
    "a point on the sphere": (lambda x: x[0] + 2 * x[1], lambda _x: np.array([1.0, 2.0]), [0.1, 0.2], ball),
    "a flat one": (lambda x: np.sum((x - 0.3) ** 4), lambda x: 4 * (x - 0.3) ** 3, [0.0, 1.0], box),
    "a circle": (lambda x: (x @ x - 1) ** 2, lambda x: 4 * (x @ x - 1) * x, [0.2, 0.1], box),
    "the only point": (lambda x: -x[0] ** 2, lambda x: -2 * x, [0.0], lambda x: 0 * x),
    "a constant": (lambda _x: 3.0, lambda x: 0 * x, [0.1, 0.0], box),
}  # fmt: skip


@BOTH
@pytest.mark.parametrize("name", NO_MINIMA)
def test_a_small_residual_alone_is_no_minimum(name: str, accelerated: bool) -> None:
    fun, jac, x0, projection = NO_MINIMA[name]
    res = projected_gradient(
        fun, x0, jac=jac, projection=projection, accelerated=accelerated, maxiter=300
    )
    assert not res.success or res.fun < 1e-6  # a hidden slope may be followed to its end
    assert res.success or res.status in (Status.LINE_SEARCH_FAILED, Status.MAXITER)


@BOTH
@pytest.mark.parametrize("name", MINIMA)
def test_a_minimum_is_not_denied(name: str, accelerated: bool) -> None:
    fun, jac, x0, projection = MINIMA[name]
    res = projected_gradient(fun, x0, jac=jac, projection=projection, accelerated=accelerated)
    assert res.success, res.message


@pytest.mark.parametrize(("weight", "minimum"), [(0.5, True), (0.0, False)])
def test_the_penalty_decides_whether_a_maximum_of_f_is_a_minimum(
    weight: float, minimum: bool
) -> None:
    h = L1Norm(1)
    res = proximal_gradient(
        lambda x: -(x[0] ** 2), [0.0], jac=lambda x: -2 * x,
        prox=lambda x, t: h.prox(x, weight * t), penalty=lambda x: weight * h.value(x),
    )  # fmt: skip
    assert res.success is minimum, res.message


@pytest.mark.parametrize("seed", range(4))
def test_noise_is_no_fall(seed: int) -> None:
    rng = np.random.default_rng(seed)
    noisy = lambda x: float(x @ x + 1e-6 * rng.standard_normal())  # noqa: E731
    res = projected_gradient(noisy, [1.0, 2.0], jac=lambda x: 2 * x, projection=box)
    assert "close by" not in res.message


def test_a_saddle_on_the_sphere_is_run_into() -> None:
    """A plain function has no eigenvalues to tell: from there on the third axis f is lower."""
    A = np.diag([3.0, 2.0, 1.0])
    res = sphere_gradient(lambda x: x @ A @ x, [1.0, 1.0, 0.0], jac=lambda x: 2 * A @ x)
    assert not res.success
    assert "along the sphere all but vanishes, but f is lower close by" in res.message
    assert sphere_gradient(lambda x: x @ A @ x, [1.0, 1.0, 0.1], jac=lambda x: 2 * A @ x).success


def test_a_kink_beside_the_way_is_no_wrong_gradient() -> None:
    res = subgradient_descent(L1Norm(2) + Linear([-2.0, 0.0]), maxiter=500)
    assert res.status is Status.UNBOUNDED, res.message


def test_a_residual_whose_square_overflows_is_no_error() -> None:
    w = 1e200 * np.array([1.0, 10.0])
    res = projected_gradient(
        lambda x: w @ (x - 1) ** 2, [0.0, 3.0], jac=lambda x: 2 * w * (x - 1), projection=lambda x: x
    )  # fmt: skip
    assert res.success, res.message
    assert gradient_descent(Quadratic(np.diag(w))).success


def test_opposite_a_point_of_the_sphere_beyond_the_origin_nothing_is_asked() -> None:
    res = sphere_gradient(ReLU([0.1, -0.1]), step=0.03)
    assert res.success, res.message
    assert res.fun == 0.0
