"""Jacobians and Hessians are checked like gradients."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import optidemo
from optidemo import Quadratic, SquaredL2Norm, check_hessian, check_jacobian
from optidemo.checks import problem

A = np.array([[1.0, 2.0, 0.5], [-1.0, 3.0, 0.0], [0.3, 1.0, -2.0]])
X0 = np.array([0.5, -2.0, 1.0])
J = np.array([[2.0, 0.0, -1.0], [1.0, 1.0, 0.0]])


def two(x: Any) -> Any:
    return np.array([2 * x[0] - x[2], x[0] + x[1]])


def quadratic(x: Any) -> Any:
    return x @ A @ x


def test_the_lectures_two_outputs_have_a_2_by_3_jacobian() -> None:
    report = check_jacobian(two, lambda _x: J, X0)
    assert report.ok
    assert report.entries[0].index in {(i, j) for i in range(2) for j in range(3)}
    assert check_jacobian(two, lambda _x: J).ok


@pytest.mark.parametrize(
    ("wrong", "kind"),
    [(J.T, "shape"), (-J, "sign"), (2 * J, "factor"), (J + np.eye(2, 3), "wrong-entries")],
)
def test_wrong_jacobians_are_named(wrong: Any, kind: str) -> None:
    report = check_jacobian(two, lambda _x: wrong, X0)
    assert report.mistake is not None
    assert report.mistake.kind == kind


@pytest.mark.battery(3)
@pytest.mark.parametrize(
    ("hess", "kind"),
    [
        (A + A.T, None),
        (2 * A, "missing-transpose"),
        (A, "missing-transpose"),
        (-A - A.T, "sign"),
        (0.5 * (A + A.T), "factor"),
        ((A + A.T)[0], "shape"),
    ],
)
@pytest.mark.battery(2)
def test_hessians(hess: Any, kind: str | None) -> None:
    report = check_hessian(quadratic, lambda _x: hess, X0)
    assert (report.mistake.kind if report.mistake else None) == kind


@pytest.mark.battery(0)
@pytest.mark.parametrize(("c", "kind"), [(1.0, None), (-1.0, "sign")])
def test_hessians_by_differences(
    c: float, kind: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(problem, "SECONDS", 0.5)  # it would look at more points
    B = A[:2, :2]
    report = check_hessian(lambda x: float(x @ B @ x), lambda _x: c * (B + B.T), X0[:2])
    assert (report.mistake.kind if report.mistake else None) == kind


def test_an_objective_brings_its_own_hessian_and_gradient() -> None:
    assert check_hessian(optidemo.Gaussian(A)).ok
    assert not check_hessian(optidemo.Gaussian(A), lambda x: -optidemo.Gaussian(A).hessian(x)).ok
    with pytest.raises(TypeError, match="hess is missing"):
        check_hessian(quadratic)


def test_the_hessian_of_an_objective() -> None:
    assert check_hessian(Quadratic([[1.0, 2.0], [0.0, 3.0]])).ok
    assert check_hessian(SquaredL2Norm(2)).ok
