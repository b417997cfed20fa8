"""A factor moves no optimum: c * f, -f and c * (f + g) are solved as f is."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from optidemo import (
    PCA,
    SVM,
    L1Norm,
    LinearRegression,
    LogisticRegression,
    Quadratic,
    SquaredL2Norm,
    Status,
    UniformLikelihood,
    accelerated_gradient,
    gradient_descent,
    newton,
    solve,
    stochastic_gradient_descent,
)

RNG = np.random.default_rng(0)
X = RNG.standard_normal((30, 3))
Y = X @ [1.0, 2.0, 3.0] + RNG.standard_normal(30)
A = np.array([[2.0, 1.0, 0.0], [0.0, 3.0, 1.0], [0.0, 0.0, 1.0]])
LASSO = LinearRegression(X, Y) + 0.1 * L1Norm(3)
F: list[Any] = [
    LinearRegression(X, Y),
    LASSO,
    LogisticRegression(X, Y > 0) + 0.5 * L1Norm(3),
    SVM(X, np.where(Y > 0, 1.0, -1.0)),
    PCA(A, 5.0),
    UniformLikelihood([1.0, 2.0, 3.0]),
    Quadratic(np.eye(3)),
]


@pytest.mark.parametrize("f", F, ids=repr)
@pytest.mark.parametrize("c", [2.0, 0.5, -1.0, -3.0])
def test_a_factor_moves_no_optimum(f: Any, c: float) -> None:
    plain, scaled = solve(f), solve(c * f)
    assert plain.success
    assert scaled.success, scaled.message
    assert scaled.fun == pytest.approx(c * plain.fun, rel=1e-7, abs=1e-9)
    assert scaled.trajectory.fun[-1] == pytest.approx(scaled.fun, rel=1e-7, abs=1e-9)


def test_a_factor_of_a_sum_keeps_the_proximal_operator() -> None:
    scaled = 2 * LASSO
    assert scaled.subdifferential_distance(solve(LASSO).x, np.zeros(3)) < 1e-6
    assert scaled.subdifferential_distance(np.zeros(3), np.zeros(3)) > 1.0


def test_an_infinite_residual_certifies_nothing() -> None:
    with np.errstate(all="ignore"):
        result = solve(PCA(A * 1e200, 1.0))
    assert not result.success
    assert result.status is Status.NOT_FINITE


def test_the_default_step_stays_inside_a_bounded_domain() -> None:
    result = gradient_descent(UniformLikelihood([1.0, 2.0, 3.0]), maxiter=50)
    assert np.isfinite(result.fun)
    assert UniformLikelihood([1.0, 2.0, 3.0]).contains(result.x)


def test_a_falling_exponential_is_not_attained() -> None:
    result = gradient_descent(lambda x: float(np.exp(x[0])), [1.0], jac=np.exp)
    assert result.status is Status.NOT_ATTAINED


def test_solve_takes_objectives_alone() -> None:
    with pytest.raises(TypeError, match="gradient_descent"):
        solve(lambda x: x @ x, [1.0])  # type: ignore[arg-type]


def test_a_start_that_is_not_finite_is_named() -> None:
    result = gradient_descent(lambda _x: np.nan, [1.0], jac=lambda x: x)
    assert "x0" in result.message


def test_the_callers_matrix_may_change_afterwards() -> None:
    B = np.eye(2)
    f = Quadratic(B)
    B[:] = 0.0
    assert f.value([1.0, 1.0]) == 2.0


@pytest.mark.parametrize("power", [155, 200, 290])
@pytest.mark.parametrize("ridge", [False, True])
def test_the_closed_form_where_f_itself_overflows(power: int, ridge: bool) -> None:
    """The coefficients can be held, and the normal equations certify them in any unit."""
    unit = 2.0 ** round(power / np.log10(2))
    losses = LinearRegression(X, Y), LinearRegression(X, unit * Y)
    plain, huge = (solve(f + SquaredL2Norm(3) if ridge else f) for f in losses)
    assert huge.success, huge.message
    np.testing.assert_allclose(huge.x, unit * plain.x, rtol=1e-14)
    assert huge.fun == np.inf
    assert "overflows" in huge.message
    assert "Scale the data" in huge.message


def test_a_start_where_f_overflows_is_not_blamed() -> None:
    """No other start would help: the data are too large."""
    for solver in (gradient_descent, newton, accelerated_gradient, stochastic_gradient_descent):
        for x0 in (None, np.ones(3)):
            result = solver(LinearRegression(X, 1e160 * Y), x0)
            assert result.status is Status.NOT_FINITE
            assert "Scale the data" in result.message
            assert "choose another" not in result.message
    far = gradient_descent(LinearRegression(X, Y), 1e200 * np.ones(3))
    assert "choose another" in far.message
