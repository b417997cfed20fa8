"""Entries of different units: a small one counts by its own size, one that is mere rounding does not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.special import expit

from optidemo import check_gradient

X = np.random.default_rng(3).standard_normal((8, 3)) * np.array([1e6, 1.0, 1e-6])
Y = np.random.default_rng(4).standard_normal(8)
W = np.array([1e-6, 1.0, 1e6])


def mixed(x: Any) -> Any:
    return 1e12 * x[0] ** 2 + 1e-12 * x[1] ** 2


@pytest.mark.parametrize(("part", "ok"), [(2.0, True), (1.0, False)])
def test_a_small_entry_that_is_known_well_counts(part: float, ok: bool) -> None:
    report = check_gradient(
        mixed, lambda x: np.array([2e12 * x[0], part * 1e-12 * x[1]]), np.array([1e-6, 1e6])
    )
    assert report.ok is ok
    if not ok:
        assert report.mistake is not None
        assert report.mistake.evidence["entries"] == [(1,)]


@pytest.mark.parametrize(("part", "ok"), [(1.0, True), (0.5, False)])
def test_least_squares_with_columns_of_different_units(part: float, ok: bool) -> None:
    def grad(w: Any, X: Any, y: Any) -> Any:
        return X.T @ (X @ w - y) * np.array([1.0, 1.0, part])

    report = check_gradient(lambda w, X, y: 0.5 * np.sum((X @ w - y) ** 2), grad, W, args=(X, Y))
    assert report.ok is ok


def test_what_saturates_far_out_is_right() -> None:
    def grad(x: Any) -> Any:
        return 1 - expit(-x)  # 0 where the truth is 1e-44

    x = np.array([1.0, -100.0, 50.0])
    assert check_gradient(lambda x: np.sum(np.logaddexp(0, x)), grad, x).ok
    assert check_gradient(
        lambda x: np.logaddexp(0, 1e3 * x).sum(), lambda x: 1e3 * grad(1e3 * x), x
    ).ok


def test_a_narrow_s_is_no_kink() -> None:
    rng = np.random.default_rng(0)
    X, y = rng.standard_normal((7, 2)) * np.array([4.5e8, 2e-2]), rng.standard_normal(7)

    def fun(w: Any) -> Any:
        return np.sum((np.tanh(X @ w) - y) ** 2)

    def grad(w: Any) -> Any:
        t = np.tanh(X @ w)
        return X.T @ (2 * (t - y) * (1 - t**2))

    w = rng.standard_normal(2) / np.array([4.5e8, 2e-2])
    assert check_gradient(fun, grad, w).ok
    mistake = check_gradient(fun, lambda w: -grad(w), w).mistake
    assert mistake is not None
    assert mistake.kind == "sign"
    kinked = check_gradient(lambda w: np.abs(1e8 * w).sum() + w @ w, lambda w: 2 * w, 0 * w)
    assert kinked.status == "wrong"
