"""Values where the products overflow: ±inf or 0 with the right sign, never NaN, never a warning."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from optidemo import PCA, Gaussian, Quadratic, TraceGaussian, TraceQuadratic

A = np.array([[2.0, 1.0, -3.0], [0.0, 1.0, 1.0], [-1.0, 0.0, 4.0]])
MATRICES = [A, -A, np.diag([1.0, -2.0, 0.5])]
DIRECTIONS = [[1.0, -1.0, 1.0], [1.0, 1.0, 1.0], [1.0, 0.0, -1.0], [1.0, 2.0, -1.0]]


@pytest.mark.parametrize("matrix", MATRICES, ids=["definite", "negative", "indefinite"])
@pytest.mark.parametrize("direction", DIRECTIONS, ids=str)
@pytest.mark.parametrize("size", [1e160, 1e200, 1e300])
class TestFarOut:
    """At points of size 1e160 and beyond."""

    @pytest.mark.parametrize("make", [Quadratic, TraceQuadratic, PCA, lambda M: PCA(M, 0.1)])
    def test_a_form_is_infinite_with_its_sign(
        self, make: Any, matrix: Any, direction: Any, size: float
    ) -> None:
        f, x = make(matrix), np.array(direction)
        near = f.value(x) - f.value(0 * x)
        with np.errstate(over="ignore", invalid="ignore"):
            for value in (f.value(size * x), f.value_and_gradient(size * x)[0]):
                assert value == np.copysign(np.inf, near)
        assert f.value(size * x) == np.copysign(np.inf, near)  # warnings are errors

    @pytest.mark.parametrize("make", [Gaussian, TraceGaussian])
    def test_a_bump_vanishes_or_overflows(
        self, make: Any, matrix: Any, direction: Any, size: float
    ) -> None:
        f, x = make(matrix), np.array(direction)
        expected = 0.0 if x @ matrix @ x > 0 else np.inf
        assert f.value(size * x) == expected
        g = f.gradient(size * x)
        assert not np.isnan(g).any()
        assert (np.abs(g) <= expected).all()


@pytest.mark.parametrize("make", [Quadratic, TraceQuadratic])
def test_a_form_that_is_zero_along_a_direction_is_zero_far_out(make: Any) -> None:
    assert make([[1.0, 0.0], [0.0, -1.0]]).value([1e300, 1e300]) == 0
