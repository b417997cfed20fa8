"""What kind of point was found: no minimum where ∇f is not zero, and the same in any unit."""

from __future__ import annotations

import numpy as np
import pytest

from optidemo import newton
from optidemo.checks.optimality import kind_of_point
from optidemo.objectives import (
    L2Norm,
    LinearRegression,
    LogisticRegression,
    Quadratic,
    UniformLikelihood as Uniform,
)

SADDLE = np.diag([1.0, -2.0])


def test_where_the_gradient_is_not_zero_there_is_no_minimum() -> None:
    assert kind_of_point(Quadratic(np.eye(2)), np.array([5.0, 3.0])).kind == "not stationary"
    assert kind_of_point(L2Norm(2), np.array([1e-9, 0.0])).kind == "not stationary"


def test_a_corner_is_the_maximum_over_the_set() -> None:
    f = Uniform([1.0, 2.0, 5.0])
    at = kind_of_point(f, f.closed_form())
    assert at.kind == "maximum on the boundary of the feasible set, where ∇f is not 0"
    assert at.eigenvalues == []
    assert kind_of_point(f, np.array([0.0, 6.0])).kind == "not stationary"


@pytest.mark.parametrize("unit", [1e-12, 1.0, 1e8, 1e30])
def test_the_unit_of_a_column_does_not_change_the_kind(unit: float) -> None:
    x, z = np.random.default_rng(0).normal(size=(2, 40))
    f = LogisticRegression(np.column_stack([np.ones(40), unit * x]), (x + z > 0).astype(float))
    assert kind_of_point(f, newton(f).x).kind == "strict minimum"
    twice = LinearRegression(np.column_stack([x, unit * x, z]), x + 2 * z)
    kind = kind_of_point(twice, np.array([1.0, 0.0, 2.0])).kind
    assert kind == "minimum, flat in 1 direction within rounding"


@pytest.mark.parametrize("unit", [1e-20, 1.0, 1e20])
def test_the_unit_of_f_does_not_change_the_kind(unit: float) -> None:
    at = np.zeros(2)
    assert kind_of_point(Quadratic(unit * np.eye(2)), at).kind == "strict minimum"
    assert kind_of_point(unit * Quadratic(SADDLE), at).kind == "saddle (1 up, 1 down)"
    assert kind_of_point(unit * L2Norm(2), at).kind == "stationary: 0 is a subgradient"
    assert kind_of_point(unit * L2Norm(2), np.ones(2)).kind == "not stationary"


def test_eigenvalues_that_rounding_hides_are_not_shown() -> None:
    assert kind_of_point(Quadratic(np.diag([1.0, 3.0])), np.zeros(2)).eigenvalues == [2.0, 6.0]
    far = kind_of_point(Quadratic(np.diag([1.0, 1e18])), np.zeros(2))
    assert (far.kind, far.eigenvalues) == ("strict minimum", [])
