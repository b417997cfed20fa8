"""The closed form is certified where no neighbour of x can be told to be better, and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from optidemo import PCA, GaussianLikelihood, LinearRegression, Status
from optidemo.solvers.closed_form import closed_form

if TYPE_CHECKING:
    from optidemo.arrays import Vector
    from optidemo.objective import Objective


class Off(LinearRegression):
    """A linear regression whose closed form is wrong by a factor."""

    factor = 1.0

    def closed_form(self) -> Vector:
        """Return the least-squares solution times the factor."""
        return self.factor * super().closed_form()


@pytest.mark.parametrize("offset", [0.0, 1e6, 1e8, 1e10, 1e12])
def test_columns_far_from_zero_are_certified_and_a_wrong_w_is_not(offset: float) -> None:
    a, b, noise = np.random.default_rng(0).standard_normal((3, 40))
    f = Off(np.column_stack([a, b]) + offset, 2 * a - b + noise / 8)
    assert closed_form(f).success
    for factor in (2.0, 0.0):
        f.factor = factor
        assert closed_form(f).status is Status.MAXITER


A = np.random.default_rng(1).standard_normal((4, 4))


@pytest.mark.parametrize(
    "f",
    [PCA(A), PCA(1e160 * A), GaussianLikelihood(A[0], 1.0), LinearRegression(A, A[0])],
    ids=repr,
)
def test_the_optimum_is_a_start_like_any_other(f: Objective) -> None:
    assert closed_form(f, f.closed_form()).success
