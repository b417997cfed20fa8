"""The step of a trust region: within its radius, whatever the sizes of the numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from optidemo import newton
from optidemo.solvers.trust_region import model_step


@pytest.mark.parametrize("curvature", [1.0, 1e150, 1e250])
@pytest.mark.parametrize("radius", [1e-3, 1e-200, 1e-280])
def test_a_step_keeps_within_its_radius(curvature: float, radius: float) -> None:
    """Next to a kink differences of the gradient are huge and the radius is tiny."""
    g = np.array([1.0, -1.0])
    p, predicted, _ = model_step(g, curvature * np.eye(2), radius)
    assert np.linalg.norm(p / radius) <= 1.01
    assert predicted >= 0
    assert g @ p <= 0


@pytest.mark.parametrize("curvature", [-1.0, -1e150, -1e300])
@pytest.mark.parametrize("slope", [1.0, 1e200, 1e-5])
@pytest.mark.parametrize("radius", [1.0, 1e-150, 1e100])
def test_a_step_along_negative_curvature_is_as_long_as_its_radius(
    curvature: float, slope: float, radius: float
) -> None:
    """Beside a pole, as that of 1/x, gradient and curvature grow beyond all bounds."""
    g = np.array([slope, 0.0])
    p, predicted, interior = model_step(g, np.diag([curvature, -curvature]), radius)
    assert not interior
    assert np.linalg.norm(p / radius) == pytest.approx(1.0, rel=1e-9)
    assert p[0] < 0
    assert predicted > 0


@pytest.mark.parametrize(
    ("fun", "jac", "x0"),
    [
        (lambda x: 1 / x[0], lambda x: -1 / x**2, -1.0),
        (lambda x: float(np.log(x[0])), lambda x: 1 / x, 1.0),
    ],
)
def test_a_pole_is_no_wrong_gradient(fun: Any, jac: Any, x0: float) -> None:
    res = newton(fun, [x0], jac=jac)
    assert not res.success
    assert "contradicts" not in res.message
    assert "a pole" in res.message
