"""The step of a trust region: within its radius, whatever the sizes of the numbers."""

from __future__ import annotations

import numpy as np
import pytest

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
