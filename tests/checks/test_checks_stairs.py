"""f that moves in steps or carries an inner solver's error: neither accused for it, nor let off by it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.optimize import brentq, minimize_scalar

from optidemo.checks.gradient import check_gradient
from optidemo.checks.smoothing import smoothed_slope

X = np.array([0.3, -1.2, 2.2])


def bisection(a: Any, tol: float = 1e-12) -> Any:
    """The root of y³ + y = a, which reaches its value by comparisons only."""
    low, high = -60.0, 60.0
    while high - low > tol:
        middle = 0.5 * (low + high)
        low, high = (middle, high) if middle**3 + middle - a < 0 else (low, middle)
    return 0.5 * (low + high)


def root_slope(a: Any) -> Any:
    return 1 / (3 * bisection(a, 2e-14) ** 2 + 1)


def decay(k: Any, **options: Any) -> Any:
    """exp(−sin k), at no k stiff."""
    return solve_ivp(lambda _t, u: -np.sin(k) * u, (0, 1), [1.0], **options).y[0, -1]


def decay_slope(k: Any) -> Any:
    return -np.cos(k) * np.exp(-np.sin(k))


def lowest(a: Any) -> Any:
    return minimize_scalar(lambda t: np.cosh(t - a) + 0.3 * t**2).fun


def lowest_slope(a: Any) -> Any:
    t = minimize_scalar(lambda t: np.cosh(t - a) + 0.3 * t**2).x
    return -np.sinh(t - a)


def ripple(height: float) -> Any:
    def fun(x: Any) -> float:
        wave = math.sin(1e9 * float(x @ np.arange(1.0, len(x) + 1)))
        return float(np.sum(np.sin(x))) + height * wave

    return fun


NOISY = [
    pytest.param(bisection, root_slope, 1.7, id="bisection"),
    pytest.param(
        lambda a: brentq(lambda t: t**3 + t - a, -100, 100, xtol=1e-6), root_slope, 1.5, id="brentq"
    ),
    pytest.param(lambda k: decay(k, rtol=1e-6), decay_slope, 0.8, id="ode"),
    pytest.param(lowest, lowest_slope, 1.3, id="minimize-scalar"),
    pytest.param(ripple(1e-6), np.cos, X, id="ripple"),
]


@pytest.mark.battery(0)
@pytest.mark.parametrize(("fun", "grad", "x"), NOISY)
def test_noise_neither_accuses_nor_excuses(fun: Any, grad: Any, x: Any) -> None:
    report = check_gradient(fun, grad, x)
    assert report.ok, report
    for c, kind in ((-1.0, "sign"), (2.0, "factor")):
        report = check_gradient(fun, lambda z, c=c: c * grad(z), x)
        assert report.mistake is not None
        assert report.mistake.kind == kind


@pytest.mark.battery(0)
def test_a_loose_ode_is_no_reason_to_accuse() -> None:
    """Its value is a smooth function of k near the true one, but with a slope of its own."""
    assert check_gradient(decay, decay_slope, 0.8).ok
    assert check_gradient(decay, lambda k: 1.1 * decay_slope(k), 0.8).status == "wrong"


STAIRS = [
    pytest.param(lambda x: np.round(x).sum(), id="round"),
    pytest.param(lambda x: np.floor(5 * x).sum(), id="floor"),
    pytest.param(lambda x: float(sum(int(v) for v in x)), id="int"),
    pytest.param(lambda x: float(np.sum(x > 0.5)), id="count"),
    pytest.param(lambda x: float((10 * np.abs(x)).astype(np.uint8).sum()), id="uint8"),
]


@pytest.mark.battery(0)
@pytest.mark.parametrize("fun", STAIRS)
def test_no_other_derivative_of_a_staircase_is_right_than_zero(fun: Any) -> None:
    assert check_gradient(fun, np.zeros_like, X).ok
    for wrong in (lambda x: 5 + 0 * x, lambda x: -2 * x):
        assert check_gradient(fun, wrong, X).status != "right"


@pytest.mark.battery(0)
def test_rounding_for_display_leaves_the_slope() -> None:
    def fun(x: Any) -> Any:
        return np.round(x @ x, 2)

    assert check_gradient(fun, lambda x: 2 * x, X).status != "wrong"
    assert check_gradient(fun, lambda x: -2 * x, X).status == "wrong"
    assert check_gradient(lambda x: np.round(x @ x, 4), lambda x: 2 * x, X).ok


@pytest.mark.battery(0)
def test_autograd_is_not_believed_where_it_sees_nothing() -> None:
    """Through a comparison autograd says 0: the root's part of this gradient must not be left out."""

    def fun(x: Any) -> Any:
        return sum(bisection(v) for v in x) + x @ x

    def grad(x: Any) -> Any:
        return np.array([root_slope(v) for v in x]) + 2 * x

    assert check_gradient(fun, grad, X[:2]).ok
    assert check_gradient(fun, lambda x: 2 * x, X[:2]).status == "wrong"
    assert check_gradient(fun, lambda x: 4 * x - grad(x), X[:2]).status == "wrong"


def test_the_slope_of_a_ripple_is_known_to_its_own_error() -> None:
    def phi(t: float) -> float:
        return math.exp(t) + 1e-7 * math.sin(1e6 * t)

    found = smoothed_slope(phi, 1.0)
    assert found is not None
    assert 1e-9 < abs(found.value - 1.0) < 10 * found.error
    assert found.error < 1e-4
    assert 1e-8 < found.ripple < 1e-6
    assert smoothed_slope(lambda t: math.floor(7 * t), 1.0) is None


def test_values_too_rough_for_a_verdict_are_called_so() -> None:
    rng = np.random.default_rng(0)
    table = rng.standard_normal(4096)

    def fun(x: Any) -> float:
        return float(np.sum(x) + table[int(1e9 * abs(float(np.sum(x)))) % 4096])

    assert check_gradient(fun, np.ones_like, X).status != "wrong"
    assert check_gradient(fun, lambda x: -np.ones_like(x), X).status != "right"


@pytest.mark.battery(0)
def test_a_slow_fun_is_called_less_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock is the test's own: each call takes a tenth of a second on it."""
    clock = [0.0]
    monkeypatch.setattr("time.perf_counter", lambda: clock[0])
    calls = {0.0: 0, 0.1: 0}
    for seconds in calls:
        for x in (np.ones(3), np.linspace(0, 1, 200)):

            def fun(x: Any, seconds: float = seconds) -> float:
                clock[0] += seconds
                calls[seconds] += 1
                return float(sum(math.sin(v) for v in x))

            report = check_gradient(fun, lambda x: 2 * np.cos(x), x)
            assert report.mistake is not None
            assert report.mistake.kind == "factor"
            assert bool(report.notes) == bool(seconds)
    assert calls[0.1] < 0.3 * calls[0.0]


@pytest.mark.battery(0)
@pytest.mark.parametrize(("d", "most"), [(1, 280), (8, 620)])
def test_a_slow_wrong_gradient_is_not_looked_at_for_long(
    monkeypatch: pytest.MonkeyPatch, d: int, most: int
) -> None:
    """Each call takes 20 ms on the test's clock, and autograd cannot trace it."""
    clock = [0.0]
    monkeypatch.setattr("time.perf_counter", lambda: clock[0])

    def slow(value: Any) -> Any:
        clock[0] += 0.02
        return value

    signs = np.where(np.arange(d) == 0, -1.0, 1.0)
    report = check_gradient(
        lambda x: slow(float(sum(math.sin(v) for v in x))),
        lambda x: slow(signs * np.cos(x)),
        np.linspace(0.1, 1, d),
    )
    assert report.mistake is not None
    assert report.mistake.kind == ("sign" if d == 1 else "wrong-entries")
    assert "fewer points" in report.notes[-1]
    assert clock[0] < 0.02 * most
