"""Is a point stationary, and is it a minimum? For plain functions and for objectives."""

from __future__ import annotations

import contextlib
import math
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from optidemo.checks.kinks import outside_clarke
from optidemo.checks.points import fits_objective
from optidemo.checks.problem import Problem
from optidemo.checks.samples import take

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from optidemo.arrays import Vector

__all__ = ["compare_minimum", "stationarity"]

Fault = tuple[str, str, str]
"""Where, the sentence, the numbers."""


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep quiet about what overflows or is undefined where f is only tried out."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


@_quiet()
def stationarity(fun: Any, x: Any, args: tuple[Any, ...], tol: float) -> Fault | None:
    """Compare the gradient at x with its usual size around x; None if it is small."""
    problem = _problem(fun, x, args)
    if isinstance(problem, tuple):
        return problem
    flat = x.ravel()
    here = _gradient(problem, flat)
    if here is None:  # a kink: zero must be a subgradient
        sample = take(problem, flat, "x", tol)
        if outside_clarke(problem, sample) is None:
            return None
        return "", "f has a kink at x, and zero is none of its subgradients there.", ""
    usual = _usual_size(problem, flat)
    size = float(np.linalg.norm(here))
    if size <= tol * usual + 1e-12 * (1 + abs(float(problem.value(flat)[0]))):
        return None
    largest = int(np.argmax(np.abs(here)))
    part = f": its norm is {_percent(size / usual)} of that at points around x" if usual > 0 else ""
    return (
        f"(the largest entry of the gradient is entry {largest})",
        f"the gradient is not zero{part}.",
        f"gradient: {here}",
    )


@_quiet()
def compare_minimum(fun: Any, x: Any, args: tuple[Any, ...], tol: float, seed: int) -> Fault | None:
    """Compare x with the optimum of an objective, or with what a search around x finds."""
    if fits_objective(fun):
        return _against_optimum(fun, x, tol)
    fault = stationarity(fun, x, args, tol)
    if fault is not None:
        return fault
    problem = _problem(fun, x, args)
    if isinstance(problem, tuple):
        return problem
    return _search(problem, x.ravel(), tol, seed)


def _against_optimum(f: Any, x: Any, tol: float) -> Fault | None:
    from optidemo.solvers.solve import solve

    if x.shape != (f.d,):
        return "", f"x has shape {x.shape}, but f has {f.d} variables: shape ({f.d},).", ""
    best = solve(f)
    if not best.success:
        raise ValueError(f"{f} has no optimum that a point could be compared with: {best.message}")
    sign = -1.0 if f.sense == "maximize" else 1.0
    value = sign * f.value(x)
    gap = value - sign * best.fun
    start = sign * f.value(f.x0)
    scale = max(abs(start - sign * best.fun), abs(best.fun), 1e-300)
    if math.isfinite(value) and gap <= tol**2 * scale + 1e-12 * abs(best.fun):
        return None
    if not math.isfinite(value):
        return "", "it lies outside the domain of f.", f"the optimum is at {best.x}"
    worse, wrong_way, way = (
        ("larger", "uphill", "fall") if sign > 0 else ("smaller", "downhill", "rise")
    )
    whole = start - sign * best.fun
    sentence = f"f is {worse} there than at the optimum"
    sentence += (
        f"; {_percent(gap / whole)} of the {way} from the start is missing." if whole > 0 else "."
    )
    if value > start:
        sentence = f"f is {worse} there than at the start: has the search gone {wrong_way}?"
    return "", sentence, f"f(x) = {f.value(x)}; the optimum is {best.fun} at {best.x}"


def _search(problem: Problem, x: Vector, tol: float, seed: int) -> Fault | None:
    """Look for a lower value at every distance up to a few times the size of x."""
    rng = np.random.default_rng(seed)
    f0 = float(problem.value(x)[0])
    size = max(float(np.abs(x).max(initial=0.0)), 1.0)
    found: list[tuple[float, Vector]] = []
    for distance in size * 10.0 ** np.arange(-3.0, 0.5, 0.5):
        for _ in range(16):
            u = rng.standard_normal(x.size)
            z = x + distance * u / np.linalg.norm(u)
            f = float(problem.value(z)[0])
            if math.isfinite(f):
                found.append((f, z))
    # A point that is a minimum but for the tolerance has slightly lower ones beside it.
    usual = float(np.median([abs(f - f0) for f, _ in found])) if found else 0.0
    allowed = 100 * tol**2 * usual + 1e-12 * abs(f0)
    lower = [pair for pair in found if pair[0] < f0 - allowed]
    if not lower:
        return None
    best = min(lower, key=lambda pair: pair[0])
    higher = sum(f > f0 + allowed for f, _ in found)
    if higher == 0:
        sentence = "it is a maximum: f falls in every direction from it."
    elif min(float(np.linalg.norm(z - x)) for _, z in lower) > 0.2 * size:
        sentence = "f has a lower value elsewhere."
    else:
        sentence = "it is a saddle: f falls in some directions from it and rises in others."
    return "", sentence, f"f(x) = {f0}, but f({best[1]}) = {best[0]}"


def _percent(ratio: float) -> str:
    return f"{100 * ratio:.0f} %" if ratio > 0.1 else f"{100 * ratio:.2g} %"


def _problem(fun: Any, x: Any, args: tuple[Any, ...]) -> Problem | Fault:
    plain: Callable[..., Any] = fun.value if fits_objective(fun) else fun
    problem = Problem(plain, lambda z, *_: np.zeros(np.shape(z)), x.shape, args)
    value = problem.value(x.ravel())
    if not np.isfinite(value).all():
        why = problem.fun_error or f"f(x) = {value[0]}"
        return "", f"f is not finite at x: {why}.", ""
    return problem


def _gradient(problem: Problem, x: Vector) -> Vector | None:
    """Return the measured gradient; None at a kink."""
    reference = take(problem, x, "x", 1e-6).reference
    return None if reference.kink.any() else np.nan_to_num(reference.value)


def _usual_size(problem: Problem, x: Vector) -> float:
    rng = np.random.default_rng(0)
    distance = max(float(np.linalg.norm(x)), 1.0)
    sizes = []
    for _ in range(6):
        u = rng.standard_normal(x.size)
        z = x + distance * u / np.linalg.norm(u)
        if problem.inside(z):
            g = _gradient(problem, z)
            if g is not None and np.isfinite(g).all():
                sizes.append(float(np.linalg.norm(g)))
    return float(np.median(sizes)) if sizes else 1.0
