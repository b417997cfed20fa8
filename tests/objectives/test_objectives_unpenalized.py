"""The ridge that leaves the intercept out."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.differentiate import derivative

from optidemo import LinearRegression, LogisticRegression, SquaredL2Norm, solve


def test_value_gradient_hessian_and_prox_agree() -> None:
    f = SquaredL2Norm(3, unpenalized=[1])
    x = np.array([1.0, -2.0, 3.0])
    assert f.value(x) == 10.0
    for i, e in enumerate(np.eye(3)):
        slope = derivative(np.vectorize(lambda t, e=e: f.value(x + t * e)), 0.0).df
        assert f.gradient(x)[i] == pytest.approx(slope, abs=1e-9)
        np.testing.assert_array_equal(f.hessian(x) @ e, f.gradient(e))
    u = f.prox(x, 0.3)
    np.testing.assert_allclose(u + 0.3 * f.gradient(u), x)
    assert f.strong_convexity() == 0.0
    assert SquaredL2Norm(3).strong_convexity() == 2.0


def test_ridge_regression_with_a_free_intercept_is_that_of_centred_data() -> None:
    rng = np.random.default_rng(0)
    A, y = rng.standard_normal((30, 3)) + 5.0, rng.standard_normal(30) + 9.0
    X = np.column_stack([np.ones(30), A])
    res = solve(LinearRegression(X, y) + 0.5 * SquaredL2Norm(4, unpenalized=[0]))
    centred = A - A.mean(axis=0)
    w = np.linalg.solve(centred.T @ centred + np.eye(3), centred.T @ (y - y.mean()))
    np.testing.assert_allclose(res.x, [y.mean() - A.mean(axis=0) @ w, *w], rtol=1e-10)


def test_logistic_regression_with_a_free_intercept_predicts_the_frequency() -> None:
    rng = np.random.default_rng(0)
    X = np.column_stack([np.ones(50), rng.standard_normal((50, 2))])
    y = (X[:, 1] + rng.standard_normal(50) > 0.5).astype(float)
    f = LogisticRegression(X, y)
    res = solve(f + 0.5 * SquaredL2Norm(3, unpenalized=[0]))
    assert res.success
    assert f.probability(res.x, X).mean() == pytest.approx(y.mean(), rel=1e-10)
    assert f.probability(solve(f + 0.5 * SquaredL2Norm(3)).x, X).mean() != pytest.approx(y.mean())


def test_an_index_out_of_range_is_named() -> None:
    with pytest.raises(ValueError, match="unpenalized holds 3, but the variables are 0 to 2"):
        SquaredL2Norm(3, unpenalized=[3])
