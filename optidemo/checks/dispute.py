"""Before a gradient is accused: is the reference beyond doubt?

Differences alone can be wrong and sure of it. A function computed in float32, rounded, or found by an
iteration is a staircase: over short steps its slope is 0 or arbitrary, and by chance two entries of an
extrapolation table agree to every digit. A narrow bump is jumped over by long steps. So where no other
witness backs the differences, the slope is taken anew over many scales, and only a *plateau* counts: a
run of scales that agree. A gradient that lies on any plateau is not accused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optidemo.checks.bends import bends, steps_for
from optidemo.checks.differences import MARGIN
from optidemo.checks.noise import stair
from optidemo.checks.plateaus import AGREE, is_flat, plateaus
from optidemo.checks.roughness import allow_for_jumps
from optidemo.checks.smoothing import ripple_error, smoothed_slope

if TYPE_CHECKING:
    from collections.abc import Callable

    from optidemo.checks.marks import Mask
    from optidemo.checks.problem import Problem
    from optidemo.checks.samples import Sample

__all__ = ["allow_for_noise", "settle"]

NOISY = 100  # times the rounding of f: what is more is noise
LOOK = 160  # calls of fun for a second look at one entry
ENOUGH = 4  # references that a second look confirms: then the rest is believed


def settle(problem: Problem, sample: Sample) -> None:
    """Correct what `sample` says of the entries in which it contradicts grad, where it must not."""
    if sample.yours is None or problem.out_shape != ():
        return
    r = sample.reference
    allow_for_jumps(problem, sample)
    _unkink(problem, sample)
    open_case = _part(problem, sample)
    unsettled = ~sample.close(sample.yours)
    if r.asked is not None:
        unsettled |= r.asked & ~sample.known & ~r.kink
    doubtful = np.flatnonzero(unsettled)
    if doubtful.size == 0 or not np.isfinite(sample.yours).all():
        return
    backed, blind = _backed(sample), _blind(sample)
    doubtful = doubtful[~(backed | open_case)[doubtful]]
    doubtful = doubtful[np.argsort(r.value[doubtful] != 0, kind="stable")]  # 0 may be a step's
    shaken = False
    for k, j in enumerate(doubtful):
        hurried = not problem.affords(LOOK)
        if hurried and (k > 0 or problem.confirmed > 0):
            problem.hurried = True
            rest = doubtful[k:]  # nothing may rest on what was not looked at again
            r.error[rest[shaken | ((problem.noise > 0) & (r.value[rest] == 0))]] = np.inf
            break
        if k >= ENOUGH and not shaken:
            break
        before, bar = r.value[j], MARGIN * r.error[j] + sample.tol * abs(r.value[j])
        _look_again(problem, sample, int(j))
        if not blind[j] and not bool(sample.close(sample.yours)[j]):
            _smooth(problem, sample, int(j))
        moved = bool(np.abs(r.value[j] - before) > bar) or bool(sample.close(sample.yours)[j])
        shaken |= moved
        problem.confirmed += not moved
    noisy = problem.noise > 0
    special = sample.where in {"x", "zero", "points"} or problem.affords(LOOK)
    if (
        special
        and not noisy
        and not bool(sample.close(sample.yours).all())
        and bends(problem, sample)
    ):
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
        if stair(_axis(problem, sample, int(j)), steps_for(abs(float(sample.x[j])))) > 0:
            sample.reference.kink[j] = False
            sample.reference.error[j] = np.inf


def _part(problem: Problem, sample: Sample) -> Mask:
    """Settle who is right where autograd contradicts the differences; tell where that stays open.

    autograd does not see what reaches the value by comparisons only (a bisection, a table), and says 0
    with no error at all. So it yields to differences on which many scales agree; where they do not,
    neither may accuse alone.
    """
    r = sample.reference
    undecided: Mask = np.zeros(r.value.size, dtype=bool)
    if r.apart is None or r.autograd is None:
        return undecided
    apart = np.flatnonzero(r.apart & ~r.kink)
    solid = 0
    for j in apart[:ENOUGH]:
        found = plateaus(_axis(problem, sample, int(j)), abs(float(sample.x[j])), sample.rough)
        sharp = [p for p in found if p[1] <= AGREE * abs(p[0])]
        backed = _on_any(found, r.autograd[j], sample.tol)
        near = any(abs(r.value[j] - v) <= AGREE * abs(v) for v, _ in sharp)
        solid += near and not backed and not _seen_from_afar(problem, sample, int(j))
    if apart.size and solid < min(ENOUGH, apart.size):
        gap = np.abs(r.autograd - r.value)
        r.error[apart] = np.maximum(r.error, gap)[apart]
        undecided[apart] = True
    return undecided


def _on_any(found: list[tuple[float, float]], slope: float, tol: float) -> bool:
    return any(abs(slope - v) <= MARGIN * e + tol * abs(v) for v, e in found)


def _seen_from_afar(problem: Problem, sample: Sample, j: int) -> bool:
    """Does the slope over long steps agree with autograd, that over short ones with no witness?

    log(1 − p) with p near 1 is a staircase: over short steps only the other terms still move.
    """
    r, phi = sample.reference, _axis(problem, sample, j)
    steps = np.array([0.3, 0.1, 0.03]) * max(abs(float(sample.x[j])), 1.0)
    slopes = np.array([(phi(float(h)) - phi(-float(h))) / (2 * h) for h in steps])
    slopes = slopes[np.isfinite(slopes)]
    if r.autograd is None or not slopes.size:
        return True
    return bool((np.abs(slopes - r.autograd[j]) < 0.3 * np.abs(slopes - r.value[j])).any())


def _look_again(problem: Problem, sample: Sample, j: int) -> None:
    """Put the plateau on which grad lies in place of the reference, or else the surest one."""
    if sample.yours is None:
        return
    phi = _axis(problem, sample, j)
    found = plateaus(phi, abs(float(sample.x[j])), sample.rough)
    r, mine = sample.reference, float(sample.yours[j])
    size = abs(float(sample.x[j]))
    if _blind(sample)[j] and not _on_any(found, mine, sample.tol):
        telling = [p for p in found if 2 * MARGIN * p[1] <= abs(p[0] - mine)]
        if not _on_any(telling, r.value[j], sample.tol):  # one word against another
            r.error[j] = np.inf
        return
    if not found:
        return
    if is_flat(phi, size) and stair(phi, steps_for(size)) > 0:
        # 0 is right, and perhaps the slope, too.
        # The height of a step bounds what it does to a slope: no margin is due as for an estimate.
        found = [(v, 2 * e / MARGIN) for v, e in found if e < abs(v)]
        problem.sloped |= bool(found)
        if mine == 0 or not found:
            r.value[j], r.error[j], r.flat[j] = 0.0, 0.0, True
            return
    surest = min(found, key=lambda p: p[1] / abs(p[0]) if p[0] else np.inf)
    for value, error in [*found, surest]:
        r.value[j], r.error[j] = value, max(error, 0.0)
        bound = sample.tol * max(abs(mine), abs(value)) + MARGIN * error + sample.floor[j]
        if abs(mine - value) <= bound:
            return


def _smooth(problem: Problem, sample: Sample, j: int) -> None:
    """Put a fit over a wide window in place of the reference, if f carries noise."""
    r = sample.reference
    if _backed(sample).any():  # autograd sees through f elsewhere: what ripples is f itself
        return
    found = smoothed_slope(_axis(problem, sample, j), abs(float(sample.x[j])), problem.noise)
    if found is None or found.ripple <= NOISY * problem.eps:
        return
    problem.noise = max(problem.noise, found.ripple)
    if found.error > r.error[j] or not np.isfinite(r.value[j]):
        r.value[j], r.error[j], r.kink[j] = found.value, found.error, False


def allow_for_noise(problem: Problem, samples: list[Sample]) -> None:
    """Widen the bars of the differences, now that the noise of f is known from all points.

    An inner solver has an absolute tolerance, too: where f is small its noise need not be.
    """
    usual = float(np.abs(samples[0].f).max())
    for s in samples:
        backed = _backed(s)
        if (
            problem.sloped
        ):  # rounded values of a smooth f: where steps hide its slope, it is unknown
            s.reference.value[s.reference.flat & (s.yours != 0)] = np.nan
        if problem.noise > 0 and not backed.all():
            ripple = problem.noise * max(float(np.abs(s.f).max()), usual)
            wider = np.maximum(s.reference.error, ripple_error(ripple, np.abs(s.x)))
            s.reference.error = np.where(backed, s.reference.error, wider)


def _backed(sample: Sample) -> Mask:
    """Tell which entries the differences and another witness vouch for, as far as both were asked."""
    r = sample.reference
    backed: Mask = np.zeros(r.value.size, dtype=bool)
    for witness in (r.autograd, r.complex_step):
        if witness is not None:  # one that does not see through a rounding says 0, too
            backed |= (witness == r.value) & (r.value != 0)
    return backed & ~_blind(sample)


def _blind(sample: Sample) -> Mask:
    """Tell for which entries the differences were asked, and found nothing.

    There (1 − cos t)/t² near 0 may have lost its digits. autograd and the complex step agree even so,
    since both differentiate the formula as it stands, with its loss: they are one witness, not two.
    """
    r = sample.reference
    if r.asked is None or r.differences is None:
        return np.zeros(r.value.size, dtype=bool)
    return np.asarray(r.asked & np.isnan(r.differences) & ~r.kink)
