"""At kinks, boundaries and odd scales the right are not accused, and the wrong are still caught."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from gradient_corpus_edges import RIGHT, WRONG, X0, A, S, Y

from optidemo import Quadratic, check_gradient, check_hessian, check_jacobian


@pytest.mark.battery(6)
@pytest.mark.parametrize("name", RIGHT)
def test_a_right_gradient_is_not_accused(name: str) -> None:
    fun, grad, x = RIGHT[name]
    report = check_gradient(fun, grad, x)
    assert report.ok, report.headline


@pytest.mark.battery(6)
@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_gradient_is_caught_and_named(name: str) -> None:
    kinds, fun, grad, x = WRONG[name]
    report = check_gradient(fun, grad, x)
    assert not report.ok
    assert report.mistake is not None
    assert report.mistake.kind in kinds.split(), report.headline


@pytest.mark.parametrize(
    ("grad", "convention"), [(np.sign, "numpy"), (lambda x: 1.0 * (x > 0) - (x <= 0), "lecture")]
)
def test_the_report_says_which_convention_a_gradient_follows_at_a_kink(
    grad: Any, convention: str
) -> None:
    report = check_gradient(lambda x: np.sum(np.abs(x)), grad, np.array([0.0, 1.0, -2.0]))
    assert report.convention == convention


def test_a_symmetric_matrix_among_the_arguments_does_not_hide_a_missing_transpose() -> None:
    report = check_gradient(lambda x, A: x @ A @ x, lambda x, A: 2 * A @ x, X0, args=(S,))
    assert report.mistake is not None
    assert report.mistake.kind == "missing-transpose"


def test_what_needs_a_symmetric_matrix_is_not_accused_of_it() -> None:
    def fun(x: Any, S: Any) -> Any:
        return x @ np.linalg.solve(S, x)

    assert check_gradient(fun, lambda x, S: 2 * np.linalg.solve(S, x), X0, args=(S,)).ok


def test_a_matrix_that_grad_changes_is_named() -> None:
    def grad(x: Any, A: Any) -> Any:
        A += A.T
        return A @ x

    mine = A.copy()
    report = check_gradient(lambda x, A: x @ A @ x, grad, X0, args=(mine,))
    assert report.mistake is not None
    assert report.mistake.kind == "mutates-input"
    assert report.mistake.evidence["changed"] == "A"
    assert np.array_equal(mine, A)  # only a copy was changed


@pytest.mark.battery(0)
@pytest.mark.parametrize(
    "wrap", [lambda f: f, lambda f: lambda x: float(f(x))], ids=["traced", "not traced"]
)
def test_one_wrong_entry_among_a_thousand_is_found(wrap: Any) -> None:
    x = np.random.default_rng(0).standard_normal(1000)

    def grad(x: Any) -> Any:
        g = np.cos(x)
        g[417] *= 1.0001
        return g

    report = check_gradient(wrap(lambda x: np.sum(np.sin(x))), grad, x)
    assert report.mistake is not None
    assert report.mistake.evidence["entries"] == [(417,)]
    assert check_gradient(wrap(lambda x: np.sum(np.sin(x))), np.cos, x).ok


def test_a_point_may_be_prescribed_and_a_wrong_size_is_refused() -> None:
    report = check_gradient(lambda x: Y @ x, lambda x: Y + 0 * x, X0, points=[2 * X0, 3 * X0])
    assert [p["where"] for p in report.points] == ["x", "points", "points"]
    with pytest.raises(ValueError, match=r"a point has shape \(3,\), but x has shape \(4,\)"):
        check_gradient(lambda x: Y @ x, lambda x: Y + 0 * x, X0, points=[X0, np.ones(3)])


def test_points_alone_settle_the_shape_of_x() -> None:
    points = [np.array([1.0, 2.0]), np.array([1e-3, 5.0])]
    right = check_gradient(lambda x: np.sum(np.log(x)), lambda x: 1 / x, points=points)
    assert right.ok, right.headline
    assert [list(p["x"]) for p in right.points] == [list(p) for p in points]
    wrong = check_gradient(lambda x: np.sum(np.log(x)), lambda x: 2 / x, points=points)
    assert wrong.mistake is not None
    assert wrong.mistake.kind == "factor"
    with pytest.raises(ValueError, match=r"a point has shape \(1, 4\), but x has shape \(4,\)"):
        check_gradient(np.sum, np.ones_like, points=[X0, X0[None, :]])


def test_points_alone_settle_the_shape_for_a_jacobian_and_a_hessian() -> None:
    points = [np.ones(4), X0]
    jacobian = check_jacobian(lambda x: x**2, lambda x: np.diag(2 * x), points=points)
    assert (jacobian.ok, len(jacobian.points)) == (True, 2)
    hessian = check_hessian(lambda x: np.sum(x**3), lambda x: np.diag(6 * x), points=points)
    assert (hessian.ok, len(hessian.points)) == (True, 2)
    hessian = check_hessian(Quadratic(A), points=points)
    assert (hessian.ok, len(hessian.points)) == (True, 2)


def test_a_function_of_several_outputs_cannot_be_checked_as_one() -> None:
    report = check_gradient(lambda x: 2 * x, lambda x: 2 + 0 * x, X0)
    assert report.status == "unchecked"
    assert "check_jacobian" in report.reason


def test_what_is_no_function_is_refused() -> None:
    with pytest.raises(TypeError, match="grad is missing"):
        check_gradient(lambda x: x)
    with pytest.raises(TypeError, match="must be functions"):
        check_gradient(3.0, lambda x: x)


def test_a_naive_log_loss_that_lost_its_digits_accuses_nobody() -> None:
    for seed in (24, 3):
        rng = np.random.default_rng(seed)
        X, y = rng.normal(size=(12, 3)), (rng.random(12) < 0.5).astype(float)

        def loss(w: Any, X: Any, y: Any) -> Any:
            p = 1 / (1 + np.exp(-X @ w))
            return -np.sum(y * np.log(p) + (1 - y) * np.log(1 - p))

        def right(w: Any, X: Any, y: Any) -> Any:
            return X.T @ (1 / (1 + np.exp(-X @ w)) - y)

        assert check_gradient(loss, right, args=(X, y), seed=seed).ok
        wrong = check_gradient(loss, lambda w, X, y: -right(w, X, y), args=(X, y), seed=seed)
        assert wrong.status == "wrong"


def test_a_point_outside_the_domain_is_left_out_and_named() -> None:
    x = np.ones(2)
    report = check_gradient(
        lambda x: np.log(x).sum(), lambda x: 1 / x, x, points=[[-1.0, 1.0], [2.0, 3.0], [0.0, -1.0]]
    )
    assert report.ok
    assert report.notes[-1].endswith("no finite value there: points[0], points[2].")
