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
