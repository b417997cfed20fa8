"""Proximal and projected gradient: what is recorded, counted, certified, and called unbounded."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from optidemo import (
    SVM,
    L1Norm,
    L2Norm,
    Linear,
    LinearRegression,
    LogisticRegression,
    Status,
    UniformLikelihood,
    projected_gradient,
    proximal_gradient,
    solve,
)

RNG = np.random.default_rng(4)
X = RNG.standard_normal((60, 6))
Y = X[:, :2] @ [1.0, -2.0] + 0.1 * RNG.standard_normal(60)
COMPOSITES: dict[str, Any] = {
    "lasso": LinearRegression(X, Y) + 5 * L1Norm(6),
    "group": LinearRegression(X * np.logspace(0, 1, 6), Y) + 5 * L2Norm(6),
    "logistic": LogisticRegression(X, (Y > 0).astype(float)) + 2 * L1Norm(6),
    "norm": L1Norm(6),
    "small": 1e-7 * L1Norm(6),
}
BOTH = pytest.mark.parametrize("accelerated", [True, False])


def ball(x: np.ndarray) -> np.ndarray:
    return x / max(1.0, float(np.linalg.norm(x)))


@BOTH
@pytest.mark.parametrize("name", COMPOSITES)
def test_the_trajectory_is_that_of_the_iterates_and_ends_at_the_answer(
    name: str, accelerated: bool
) -> None:
    f = COMPOSITES[name]
    for maxiter in (0, 1, 2, 7, 5000):
        res = proximal_gradient(f, maxiter=maxiter, accelerated=accelerated)
        path = res.trajectory
        np.testing.assert_array_equal(path.x[0], f.x0)
        np.testing.assert_array_equal(path.x[-1], res.x)
        assert len(path) == res.nit + 1 <= maxiter + 1
        np.testing.assert_allclose(path.fun, [f.value(x) for x in path.x], rtol=1e-13)
        assert res.fun == path.fun[-1]
        smooth = f.smooth_part.gradient(res.x) if name in ("lasso", "group", "logistic") else 0
        np.testing.assert_array_equal(res.jac, smooth * np.ones(6))
    assert res.success, res.message
    assert f.stationarity(res.x) <= 1e-6 * f.stationarity(f.x0)


@BOTH
def test_evaluations_are_counted_and_few(accelerated: bool) -> None:
    calls = {"f": 0, "g": 0}

    def fun(w: np.ndarray) -> float:
        calls["f"] += 1
        return 0.5 * float(np.sum((X @ w - Y) ** 2))

    def jac(w: np.ndarray) -> np.ndarray:
        calls["g"] += 1
        return np.asarray(X.T @ (X @ w - Y))

    h = 5 * L1Norm(6)
    res = proximal_gradient(
        fun, np.ones(6), jac=jac, prox=h.prox, penalty=h.value, accelerated=accelerated
    )
    assert res.success, res.message
    assert (res.nfev, res.njev) == (calls["f"], calls["g"])
    assert res.njev <= res.nit + 5
    known = proximal_gradient(LinearRegression(X, Y) + h, accelerated=accelerated)
    assert known.nfev <= (2 if accelerated else 1) * known.nit + 5


@BOTH
def test_a_plain_function_far_from_its_minimum_is_no_trap_for_the_step(accelerated: bool) -> None:
    """L is unknown, so that the first step is a guess and must be able to grow."""
    c = 1e3 * np.arange(6.0)
    h = L1Norm(6)
    res = proximal_gradient(
        lambda x: 0.5 * (x - c) @ (x - c), np.zeros(6), jac=lambda x: x - c, prox=h.prox,
        penalty=h.value, accelerated=accelerated, maxiter=500,
    )  # fmt: skip
    assert res.success, res.message
    np.testing.assert_allclose(res.x, np.maximum(c - 1, 0), rtol=1e-6)


class TestNoMinimum:
    """f + h may fall without end though f or h alone does not."""

    def test_a_linear_function_beats_a_weak_norm(self) -> None:
        weak, strong = Linear([3.0, 0.0]) + L1Norm(2), Linear([0.9, 0.0]) + L1Norm(2)
        for res in (proximal_gradient(weak), solve(weak), solve(-weak)):
            assert res.status is Status.UNBOUNDED, res.message
            assert "falls without end" in res.message
        res = solve(strong)
        assert res.success, res.message
        np.testing.assert_allclose(res.x, 0, atol=1e-12)

    def test_over_a_set_that_is_unbounded(self) -> None:
        positive = lambda x: np.maximum(x, 0)  # noqa: E731
        res = projected_gradient(Linear([3.0, -4.0]), projection=positive)
        assert res.status is Status.UNBOUNDED
        res = projected_gradient(Linear([3.0, 4.0]), [5.0, 5.0], projection=positive)
        assert res.success
        np.testing.assert_array_equal(res.x, 0)

    @pytest.mark.parametrize("maxiter", [0, 1, 2])
    def test_a_bounded_set_is_never_called_so(self, maxiter: int) -> None:
        res = projected_gradient(
            Linear([3.0, -4.0]), [5.0, 5.0], projection=ball, step=1e-3, maxiter=maxiter
        )
        assert res.status is Status.MAXITER, res.message

    @pytest.mark.parametrize(
        ("fun", "jac", "x0", "status"),
        [
            (lambda x: -np.log(x[0]), lambda x: -1 / x, 1.0, Status.UNBOUNDED),
            (lambda x: 1 / x[0], lambda x: -1 / x**2, 1.0, Status.NOT_ATTAINED),
            (lambda x: np.exp(-x[0]), lambda x: -np.exp(-x), 0.0, Status.NOT_ATTAINED),
        ],
    )
    def test_nor_does_an_unknown_h_where_its_operator_moves_nothing(
        self, fun: Any, jac: Any, x0: float, status: Status
    ) -> None:
        """There h has its minimum, so that f alone decides."""
        for prox in (lambda x, _t: x, lambda x, _t: np.maximum(x, 0)):
            assert proximal_gradient(fun, [x0], jac=jac, prox=prox).status is status
        shrunk = proximal_gradient(
            fun, [x0], jac=jac, prox=lambda x, t: np.sign(x) * np.maximum(np.abs(x) - t, 0)
        )
        assert shrunk.success, "with h = |x| there is a minimum"


@BOTH
def test_without_the_penalty_values_of_f_alone_deny_nothing(*, accelerated: bool) -> None:
    """Off the minimum of f + h, f is lower; what h is there, nobody has said."""

    def soft(x: Any, t: float) -> Any:
        return np.sign(x) * np.maximum(np.abs(x) - 5 * t, 0)

    res = proximal_gradient(
        lambda w: 0.5 * np.sum((X @ w - Y) ** 2), np.zeros(6), jac=lambda w: X.T @ (X @ w - Y),
        prox=soft, accelerated=accelerated,
    )  # fmt: skip
    assert res.success, res.message
    known = proximal_gradient(COMPOSITES["lasso"])
    np.testing.assert_allclose(res.x, known.x, atol=1e-6)


def test_a_small_part_of_a_huge_first_residual_certifies_nothing() -> None:
    """From 10⁻⁸ the slope of x − log x is −10⁸: at 10⁻⁸ of it x is half-way."""
    res = projected_gradient(
        lambda x: x[0] - np.log(x[0]), [1e-8], jac=lambda x: 1 - 1 / x, projection=lambda x: x
    )
    assert res.success
    np.testing.assert_allclose(res.x, 1.0, rtol=1e-4)


@BOTH
def test_a_step_that_values_cannot_tell_to_be_too_long_is_not_taken(*, accelerated: bool) -> None:
    """Beside 10⁶ a residual of 10⁻⁴ is lost in f; a step that went on growing would never settle."""
    res = projected_gradient(
        lambda w: 0.5 * np.sum((X @ w - Y) ** 2) + 1e6, np.full(6, 3.0),
        jac=lambda w: X.T @ (X @ w - Y), projection=ball, accelerated=accelerated,
    )  # fmt: skip
    assert res.success, res.message
    assert res.nit < 1000


@pytest.mark.parametrize("f", [L1Norm(3), LinearRegression(X[:, :3], Y) + L1Norm(3)])
def test_a_step_too_short_to_move_x_is_no_success(f: Any) -> None:
    res = proximal_gradient(f, [5.0, 5.0, 5.0], step=1e-300)
    assert not res.success
    assert "too short to move x" in res.message


def test_a_box_far_from_the_way_is_a_box() -> None:
    res = projected_gradient(
        lambda x: (x[0] - 3) ** 2, [0.0], jac=lambda x: 2 * (x - 3), step=1e-9, maxiter=50,
        projection=lambda x: np.clip(x, -1, 1),
    )  # fmt: skip
    assert res.status is Status.MAXITER, res.message


def test_a_start_outside_the_set_is_projected_first() -> None:
    res = projected_gradient(Linear([3.0, -4.0]), [3.0, 4.0], projection=ball, maxiter=0)
    np.testing.assert_allclose(res.x, [0.6, 0.8], rtol=1e-15)
    np.testing.assert_array_equal(res.trajectory.x, [res.x])
    assert res.nit == 0
    corner = projected_gradient(UniformLikelihood([2.0, 5.0, 3.0]), accelerated=True)
    assert corner.success, corner.message
    np.testing.assert_array_equal(corner.trajectory.x[-1], corner.x)


def test_who_called_solve_is_not_told_to_call_it() -> None:
    f = LinearRegression(X, Y) + SVM(X, np.where(Y > 0, 1.0, -1.0)) + L2Norm(6)
    res = solve(f, maxiter=3)
    assert res.status is Status.MAXITER
    assert "maxiter" in res.message
    assert "optidemo.solve" not in res.message
    assert "optidemo.solve" in proximal_gradient(COMPOSITES["lasso"], maxiter=1).message


@pytest.mark.parametrize("seed", [8, 27, 119])
def test_rounding_of_terms_that_cancel_does_not_shorten_the_steps(seed: int) -> None:
    rng = np.random.default_rng(seed)
    few = 3.0 * rng.standard_normal((3, 2))
    f = LogisticRegression(few, rng.integers(0, 2, 3)) + 0.02 * L1Norm(2)
    res = solve(f)
    assert res.success, res.message
    assert min(res.trajectory.step[1:]) > 0.4 * res.trajectory.step[1]
