"""Why autograd could not follow, and how to write it: a line that fits what the student wrote."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import scipy.optimize as so
from scipy import special
from scipy.integrate import solve_ivp

from optidemo.checks.tracing import Tracer

A = np.array([[1.0, 2.0], [0.0, 1.0]])


def writes(x: Any) -> Any:
    out = np.zeros(2)
    out[0] = x[0] ** 2
    return out.sum()


def end_of_an_ode(x: Any) -> Any:
    return solve_ivp(lambda _t, y: -x[0] * y, (0, 1), [1.0]).y[0, -1]


CASES: dict[str, tuple[Any, str]] = {
    "A.dot": (lambda x: np.sum(np.exp(A.dot(x)[:, None])), "write A @ x"),
    "float": (lambda x: float(special.erf(x[0])), "leave float out, use numpy's or scipy.special's"),
    "float around dot": (lambda x: float(np.dot(x, x)), "leave float out"),
    "math in a helper": (lambda x: next(math.gamma(v) for v in x), "use numpy's or scipy.special's"),
    "writing": (writes, "build it with np.array"),
    "fixed point": (
        lambda x: so.fixed_point(lambda t: 0.5 * np.cos(t + x[0]), 0.3), "scipy's fixed_point (",
    ),
    "a differential equation": (end_of_an_ode, "scipy's solve_ivp ("),
    "a minimum": (lambda x: so.minimize(lambda t: (t[0] - x[0]) ** 2, [0.0]).fun, "scipy's minimize ("),
    "a root at 0": (lambda x: np.sqrt(x[0] - 1), "nan or inf here (as it does for a norm or a root at 0)"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_the_advice_fits(name: str) -> None:
    fun, advice = CASES[name]
    tracer = Tracer(fun)
    with np.errstate(all="ignore"):
        x = np.array([1.0, 2.0])
        assert tracer.jacobian(x, (), np.array([fun(x)])) is None
    assert advice in tracer.reason
    others = ("A @ x", "numpy's", "np.array", "scipy's ")
    assert sum(other in tracer.reason for other in others) <= 1
