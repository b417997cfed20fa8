"""Rounding noise is no kink, and a gradient that never answers is not right."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
from scipy.integrate import IntegrationWarning

from optidemo.checks.gradient import check_gradient
from optidemo.checks.noise import noise_near
from optidemo.checks.problem import Problem
from optidemo.checks.samples import take


def log_loss(w: Any, X: Any, y: Any) -> Any:
    """The slide's formula as it stands: log(1 − p) cancels where p is near 1."""
    p = 1 / (1 + np.exp(-(X @ w)))
    return -np.sum(y * np.log(p) + (1 - y) * np.log(1 - p))


def derived(w: Any, X: Any, y: Any) -> Any:
    return X.T @ (1 / (1 + np.exp(-(X @ w))) - y)


@pytest.mark.parametrize("seed", [10, 19, 20])
def test_a_rough_formula_is_no_reason_to_accuse_a_right_gradient(seed: int) -> None:
    rng = np.random.default_rng(seed)
    d = int(rng.integers(2, 8))
    X, y = rng.standard_normal((2 * d + 3, d)), rng.permutation(np.arange(2 * d + 3) % 2)
    rng.standard_normal(d)
    x = rng.standard_normal(d)
    assert check_gradient(log_loss, derived, x, args=(X, y), seed=seed).ok
    assert not check_gradient(
        log_loss, lambda w, X, y: -derived(w, X, y), x, args=(X, y), seed=seed
    ).ok


def test_the_noise_is_measured() -> None:
    def noise(fun: Any) -> float:
        problem = Problem(fun, lambda x: 2 * x, (2,))
        return noise_near(problem, take(problem, np.ones(2), "x", 1e-6), 1e-6)

    assert noise(lambda x: x @ x) < 1e-15
    assert 1e-11 < noise(lambda x: np.round(x @ x, 9)) < 1e-8


def test_a_wrong_gradient_at_a_kink_is_still_found() -> None:
    report = check_gradient(
        lambda x: np.abs(x).sum(), lambda x: np.where(x == 0, 2, np.sign(x)), np.zeros(2)
    )
    assert report.mistake is not None
    assert report.mistake.kind == "kink"


def test_a_gradient_that_fails_everywhere_is_wrong() -> None:
    report = check_gradient(lambda x: x @ x, lambda _x: 1 / 0)
    assert report.mistake is not None
    assert report.mistake.kind == "raises"


@pytest.mark.battery(0)
@pytest.mark.parametrize("seed", [9, 14, 35])
def test_where_f_has_lost_its_digits_it_vetoes_no_name(seed: int) -> None:
    """Far out log(1 − p) is a staircase, and over short steps only the other terms move."""
    rng = np.random.default_rng(seed)
    d = int(rng.integers(2, 8))
    X, y = rng.standard_normal((2 * d + 3, d)), rng.permutation(np.arange(2 * d + 3) % 2)
    x = rng.standard_normal(d) * (1 + seed % 4 * 2)
    assert check_gradient(log_loss, derived, x, args=(X, y), seed=seed).ok
    for c, kind in ((-1, "sign"), (2, "factor")):
        report = check_gradient(
            log_loss, lambda *a, c=c: c * derived(*a), x, args=(X, y), seed=seed
        )
        assert report.mistake is not None
        assert report.mistake.kind == kind


@pytest.mark.parametrize("seed", [2])
@pytest.mark.battery(0)
def test_single_precision_in_many_variables_is_named_right(seed: int) -> None:
    x = np.random.default_rng(seed).standard_normal(50)

    def fun(x: Any) -> float:
        return float(np.sum(np.sin(x.astype(np.float32))))

    assert check_gradient(fun, np.cos, x, seed=seed).ok
    report = check_gradient(fun, lambda x: -np.cos(x), x, seed=seed)
    assert report.mistake is not None
    assert report.mistake.kind == "sign"


def cancelling(t: Any) -> Any:
    return (1 - np.cos(t)) / t**2


def by_series(t: Any) -> Any:
    closed = (t * np.sin(t) - 2 * (1 - np.cos(t))) / t**3 if abs(t) > 0.1 else None
    return -t / 12 + t**3 / 180 - t**5 / 6720 if closed is None else closed


@pytest.mark.parametrize(("x", "seed"), [(1e-4, 0), (1e-5, 4)])
def test_two_witnesses_that_share_the_formula_share_its_loss_of_digits(x: float, seed: int) -> None:
    assert check_gradient(cancelling, by_series, x, seed=seed).ok
    wrong = check_gradient(cancelling, lambda t: -by_series(t), x, seed=seed)
    assert wrong.mistake is not None
    assert wrong.mistake.kind == "sign"


def missed_far_out(x: Any) -> Any:
    """An integral that scipy's quad would miss, and say so."""
    if x @ x < 9:
        return x @ x
    warnings.warn(
        "The maximum number of subdivisions is reached.", IntegrationWarning, stacklevel=2
    )
    return x @ x + np.sin(x).sum()


def test_where_a_library_doubts_its_own_result_it_is_no_evidence() -> None:
    x = np.array([0.2, 1.7])
    assert check_gradient(missed_far_out, lambda x: 2 * x, x).ok
    report = check_gradient(missed_far_out, lambda x: x, x)
    assert report.mistake is not None
    assert report.mistake.kind == "factor"


def test_a_students_own_warning_is_no_place_to_hide_an_error() -> None:
    def fun(x: Any) -> Any:
        if x[0] < 0:
            warnings.warn("a negative price", stacklevel=2)
        return x @ x

    assert not check_gradient(fun, lambda x: 2 * np.abs(x), np.array([1.0, 2.0])).ok
