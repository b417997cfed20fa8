"""Newton's method solves a convex quadratic in one step, whatever its scale."""

from __future__ import annotations

import numpy as np
import pytest

from optidemo import GaussianLikelihood, LinearRegression, Quadratic, newton


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
def test_one_step_is_enough(scale: float) -> None:
    rng = np.random.default_rng(0)
    X = rng.standard_normal((20, 3))
    y = scale * rng.standard_normal(20)
    for f in (LinearRegression(X, y), GaussianLikelihood(y, scale), Quadratic(X.T @ X)):
        result = newton(f)
        assert result.success
        assert result.nit == 1


def test_a_gradient_that_is_small_enough_is_not_called_too_large() -> None:
    """Beside an intercept a column of 1e9 ± 1 leaves Newton a gradient that only looks small."""
    rng = np.random.default_rng(0)
    a, b, noise = rng.standard_normal((3, 40))
    X = np.column_stack([np.ones(40), a + 1e9, b])
    result = newton(LinearRegression(X, 2 * a - b + noise / 10 + 1e12), maxiter=3)
    assert not result.success
    assert float(np.linalg.norm(result.jac)) <= 1e-8 * result.trajectory.gradient_norm[0]
    assert ", at most " in result.message
    assert "above" not in result.message
