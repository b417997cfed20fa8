"""Is an objective's derived gradient right? Three witnesses, each a `Check`."""

from __future__ import annotations

import math
import warnings
from typing import TYPE_CHECKING

import numpy as np
from scipy.differentiate import derivative

from optidemo.checks.check import Check
from optidemo.checks.problem import Problem
from optidemo.checks.textbook import textbook
from optidemo.checks.witnesses import taylor_slope

if TYPE_CHECKING:
    from optidemo.arrays import Vector
    from optidemo.objective import Objective

__all__ = ["check_derived"]

POINTS = 10  # as many random points as the lecture takes
MANY = 200_000  # numbers in the data beyond which a fifth of them must do


def check_derived(f: Objective, seed: int = 0, points: int | None = None) -> list[Check]:
    """Compare the derived gradient at random points inside the domain.

    Parameters
    ----------
    f : Objective
        Its `sample` gives the points.
    seed : int
        Of the points.
    points : int, optional
        How many; by default 10, and 2 where the data have more than 200 000 numbers.

    Returns
    -------
    list of Check
        Against autograd on the textbook formula; against `scipy.differentiate`; the Taylor slope,
        whose error is its distance below 2, the slope of a right gradient.
    """
    rng = np.random.default_rng(seed)
    if points is None:
        points = POINTS if f.n * f.d <= MANY else POINTS // 5
    where = [f.sample(rng) for _ in range(points)]
    checks = [_against_differences(f, where), _taylor(f, where, seed)]
    formula = textbook(f)
    if formula is not None:
        import autograd

        gradient = autograd.grad(formula)
        worst = max(_relative(f.gradient(x), np.asarray(gradient(x))) for x in where)
        name = "derived gradient = autograd of the textbook formula"
        checks.insert(0, Check(name, worst, 1e-9, f"{points} random points"))
    return checks


def _relative(a: Vector, b: Vector) -> float:
    """Return ‖a − b‖/‖b‖, or ‖a‖ where b is zero."""
    return float(np.linalg.norm(a - b) / (np.linalg.norm(b) or 1.0))


def _against_differences(f: Objective, where: list[Vector]) -> Check:
    worst, bound = 0.0, 0.0
    for x in where:
        g, error = np.empty(f.d), np.empty(f.d)
        for i in range(f.d):

            def along(t: Vector, i: int = i, x: Vector = x) -> Vector:
                values = np.empty(t.size)
                for k, u in enumerate(t.ravel()):
                    z = x.copy()
                    z[i] = u
                    values[k] = f.value(z)
                return values.reshape(t.shape)

            with warnings.catch_warnings():
                warnings.simplefilter("ignore", RuntimeWarning)  # it may step out of the domain
                step = 0.05 * max(abs(x[i]), 0.1 * float(np.abs(x).max()), 1e-12)
                d = derivative(along, x[i], initial_step=step)
            g[i], error[i] = d.df, d.error
        size = float(np.linalg.norm(g)) or 1.0
        worst = max(worst, _relative(f.gradient(x), g))
        bound = max(bound, float(np.nan_to_num(np.linalg.norm(error) / size, nan=0.0)))
    name = "derived gradient = differences (scipy.differentiate)"
    return Check(name, worst, 1e-6 + 10 * bound, "tolerance from its own error estimate")


def _taylor(f: Objective, where: list[Vector], seed: int) -> Check:
    """Measure the slope of log |f(x + hv) − f(x) − h∇f(x)ᵀv| over log h at each point.

    A point where the remainder drowns in rounding, since f is linear there, counts as better than
    any slope: a wrong gradient would leave a remainder that is seen.
    """
    slopes = [_slope(f, x, seed + k) for k, x in enumerate(where)]
    seen = [slope for slope in slopes if slope is not None]
    if 2 * len(seen) < len(where):
        told = f"at {len(where) - len(seen)} of {len(where)} points"
        return Check.whether("Taylor remainder is 0: f is linear there", True, told)  # noqa: FBT003
    slope = float(np.median([math.inf if s is None else s for s in slopes]))
    return Check("Taylor slope is 2", max(2.0 - slope, 0.0), 0.1, f"slope {slope:.3f}")


def _slope(f: Objective, x: Vector, seed: int) -> float | None:
    """Take each variable in units of its size at x, so that no column of the data is left behind."""
    size = np.abs(x) + (x == 0)
    unit = Problem(lambda z: f.value(size * z), lambda z: size * f.gradient(size * z), (f.d,))
    longest = 10.0 if f.smooth else 1e-5  # a long step would cross kinks
    return taylor_slope(unit, x / size, size * f.gradient(x), seed, longest).slope
