"""Before a gradient is accused: is the reference beyond doubt?

Differences alone can be wrong and sure of it. A function computed in float32, rounded, or found by an
iteration is a staircase: over short steps its slope is 0 or arbitrary, and by chance two entries of an
extrapolation table agree to every digit. A narrow bump is jumped over by long steps. So where no other
witness backs the differences, the slope is taken anew over many scales, and only a *plateau* counts: a
run of scales that agree. A gradient that lies on any plateau is not accused.

Where every partial derivative exists there need be no derivative, as at 0 for min(|x₁|, |x₂|): the slope
along a slanting direction is then not what the partial derivatives say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optidemo.checks.differences import slopes_along
from optidemo.checks.noise import stair
from optidemo.checks.witnesses import ENTRYWISE, MARGIN, scales_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from optidemo.arrays import Vector
    from optidemo.checks.problem import Problem
    from optidemo.checks.samples import Sample

__all__ = ["plateaus", "settle"]

RUN = 3  # neighbouring scales that must agree
AGREE = 0.03  # to this part of the slope
INNER = 0.6  # the second step of each scale; no power of two, so that no staircase is met in step
ENOUGH = 4  # references that a second look confirms: then the rest is believed


def settle(problem: Problem, sample: Sample) -> None:
    """Correct what `sample` says of the entries in which it contradicts grad, where it must not."""
    if sample.yours is None or problem.out_shape != ():
        return
    r = sample.reference
    _unkink(problem, sample)
    unsettled = ~sample.close(sample.yours)
    if sample.x.size <= ENTRYWISE:  # beyond, most entries are not asked for at all
        unsettled |= ~sample.known & ~r.kink
    doubtful = np.flatnonzero(unsettled)
    if doubtful.size == 0 or not np.isfinite(sample.yours).all():
        return
    backed = np.zeros(r.value.size, dtype=bool)
    for witness in (r.autograd, r.complex_step):
        if witness is not None:  # one that does not see through a rounding says 0, too
            backed |= (witness == r.value) & (r.value != 0)
    shaken = False
    for k, j in enumerate(doubtful[~backed[doubtful]]):
        if k >= ENOUGH and not shaken:
            break
        before, bar = r.value[j], MARGIN * r.error[j] + sample.tol * abs(r.value[j])
        _look_again(problem, sample, int(j))
        shaken |= bool(np.abs(r.value[j] - before) > bar) or bool(sample.close(sample.yours)[j])
    if not bool(sample.close(sample.yours).all()) and _bends(problem, sample):
        r.kink[:] = True
        r.left[:] = np.where(np.isnan(r.left), r.value, r.left)
        r.right[:] = np.where(np.isnan(r.right), r.value, r.right)


def _axis(problem: Problem, sample: Sample, j: int) -> Callable[[float], float]:
    """Give f along the jth variable, through the point."""

    def phi(t: float) -> float:
        z = sample.x.copy()
        z[j] += t
        return float(problem.value(z, sample.args)[0])

    return phi


def _unkink(problem: Problem, sample: Sample) -> None:
    """Drop the kinks that are none, but the edge of a stair."""
    for j in np.flatnonzero(sample.reference.kink):
        if stair(_axis(problem, sample, int(j)), _steps(abs(float(sample.x[j])))) > 0:
            sample.reference.kink[j] = False
            sample.reference.error[j] = np.inf


def _look_again(problem: Problem, sample: Sample, j: int) -> None:
    """Put the plateau on which grad lies in place of the reference, or else the surest one."""
    if sample.yours is None:
        return
    found = plateaus(_axis(problem, sample, j), abs(float(sample.x[j])))
    if not found:
        return
    r, mine = sample.reference, float(sample.yours[j])
    surest = min(found, key=lambda p: p[1] / abs(p[0]) if p[0] else np.inf)
    for value, error in [*found, surest]:
        r.value[j], r.error[j] = value, max(error, 0.0)
        bound = sample.tol * max(abs(mine), abs(value)) + MARGIN * error + sample.floor[j]
        if abs(mine - value) <= bound:
            return


def plateaus(phi: Callable[[float], float], size: float) -> list[tuple[float, float]]:
    """Find the slopes (value, error) of ``phi`` at 0 on which a run of scales agrees, surest first.

    A plateau within the error of a surer one is the same plateau seen less sharply, and left out.
    """
    top, bottom = 0.3 * max(size, 1.0), 1e-9 * max(size, 1e-9)
    h = np.geomspace(top, bottom, int(2 * np.log10(top / bottom)) + 1)

    def central(step: float) -> float:
        return (phi(step) - phi(-step)) / (2 * step)

    outer, inner = (np.array([central(float(part * t)) for t in h]) for part in (1.0, INNER))
    slopes = (inner - INNER**2 * outer) / (1 - INNER**2)
    runs = np.lib.stride_tricks.sliding_window_view(slopes, RUN)
    errors = np.ptp(runs, axis=1) + 2 * stair(phi, h) / h[RUN - 1 :]
    values = np.median(runs, axis=1)[np.isfinite(errors)]
    errors = errors[np.isfinite(errors)]
    order = np.argsort(errors, kind="stable")
    found: list[tuple[float, float]] = []
    for k in order:
        value, error = float(values[k]), float(errors[k])
        if found and error > AGREE * abs(value):
            continue
        if all(abs(value - v) > MARGIN * max(error, e) for v, e in found):
            found.append((value, error))
    return found


def _bends(problem: Problem, sample: Sample) -> bool:
    """Tell whether the slopes along slanting directions are not those that the partials imply."""
    r, d = sample.reference, sample.x.size
    if d < 2 or sample.yours is None or not bool(sample.known.all()):
        return False
    rng = np.random.default_rng(4)
    u = rng.choice([-1.0, 1.0], size=(2, d)) * rng.uniform(0.5, 1.0, size=(2, d))
    size = float(np.max(np.abs(sample.x), initial=0.0))

    def line(direction: Vector) -> Callable[[float], Vector]:
        return lambda t: problem.value(sample.x + t * direction, sample.args)

    lines = [line(v) for v in u]
    s = slopes_along(lines, [scales_for(size, size)] * 2, [size] * 2, problem.eps)
    scale = np.abs(u) @ np.maximum(np.abs(r.value), np.abs(sample.yours))
    allowed = 1e-4 * scale + MARGIN * (s.error[:, 0] + np.abs(u) @ r.error)
    bent = s.kink[:, 0] | (np.abs(s.value[:, 0] - u @ r.value) > allowed)
    steps = _steps(size)
    return any(
        bool(b) and stair(lambda t, phi=phi: float(phi(t)[0]), steps) == 0  # type: ignore[misc]
        for b, phi in zip(bent, lines, strict=True)
    )


def _steps(size: float) -> Vector:
    """Nineteen steps from the size of x downwards."""
    top = max(size, 1.0)
    return np.geomspace(top, 1e-9 * top, 19)
