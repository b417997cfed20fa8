"""How far may computed values be off? A formula that cancels moves in tiny jumps, and no formula tells.

(1 − cos t)/t² near 0 is a saw: smooth between jumps that come at every scale, from the last place of t to
a part of t itself. So the values are looked at in windows of many widths. High differences of f at close,
equispaced points leave the noise alone (Moré and Wild, see `noise`), but they leave a narrow bump as well.
Jumps tell the two apart: halve an interval again and again, and f comes to rest there, but noise does not.
"""

from __future__ import annotations

from math import factorial
from typing import TYPE_CHECKING

import numpy as np

from optidemo.checks.differences import MARGIN
from optidemo.checks.witnesses import differences_at

if TYPE_CHECKING:
    from collections.abc import Callable

    from optidemo.arrays import Vector
    from optidemo.checks.marks import Index
    from optidemo.checks.problem import Problem
    from optidemo.checks.samples import Sample
    from optidemo.checks.witnesses import Reference

    Path = Callable[[float], Vector]

__all__ = ["allow_for_jumps", "doubt", "excuse_no_rounding", "roughness"]

WINDOWS = (0.2, 1e-2, 1e-4, 1e-7)  # on one side of the point, since a kink in it is no noise
NODES = 20
ORDER = 5
HALVINGS = 28
LAST = 6  # of the halvings, in which a jump shows and a bend no longer does
SIGMAS = 5.0  # of the roughness are allowed for
CALLS = 240  # of fun or grad, for all of this
CLEAN = 3  # different gradients at least that need no excuse
EXACT = 1e-12  # of its size: what rounding does to a gradient
MOVED = 1e-3  # of their size, by which they differ
ROUGH = 100.0  # roundings: where f itself is less exact, grad may be, too
JUMP = 0.05  # of the roughness: so large a jump at least, or it is f that bends


def allow_for_jumps(problem: Problem, sample: Sample) -> None:
    """Allow for the jumps of computed values: of grad's in `floor`, of f's in the differences.

    That is done until a point is found at which they excuse nothing.
    """
    r, yours = sample.reference, sample.yours
    if yours is None or not np.isfinite(yours).all() or r.asked is None or r.differences is None:
        return
    doubtful = np.flatnonzero((~sample.close(yours) | r.kink) & r.asked)
    if doubtful.size == 0 or problem.examined or not problem.affords(CALLS):
        return
    u = np.random.default_rng(5).choice([-1.0, 1.0], size=sample.x.size)
    nowhere = np.full(yours.size, np.nan)

    def gradient(t: float) -> Vector:
        array = problem.answer(sample.x * (1 + t * u), sample.args).array
        return array.ravel() if array is not None and array.size == yours.size else nowhere

    def value(t: float) -> Vector:
        return problem.value(sample.x * (1 + t * u), sample.args)

    if not sample.answer.single:
        sample.strict = sample.floor
        sample.floor = SIGMAS * roughness(gradient, sample.floor / SIGMAS, doubtful)
    known = problem.eps * np.abs(sample.f)
    sample.rough = float(roughness(value, known, np.zeros(1, dtype=np.intp))[0])
    if sample.rough > known[0]:
        new = differences_at(problem, sample.x, sample.args, doubtful, sample.rough)
        old = r.differences, r.error, r.kink, r.left, r.right
        for mine, found in zip(old, new, strict=True):
            mine[doubtful] = found.ravel()[doubtful]
        r.weigh()
        if sample.where == "large":
            doubt(r)
        sloped = MARGIN * r.error[doubtful] < np.abs(r.value[doubtful])
        problem.sloped |= bool((sloped & ~r.kink[doubtful]).any())
    problem.examined = not bool(sample.close(yours)[doubtful].all())


def excuse_no_rounding(samples: list[Sample], eps: float) -> None:
    """Take back what the jumps of grad excuse, unless grad has all its digits at more points.

    A formula that cancels loses digits near one place, and mostly f does so with it. A gradient that
    is rounded has too few of them wherever it moves; only where it is all but constant it may be right.
    """
    clean: list[Vector] = []
    excused = []
    for s in samples:
        g = s.yours
        if g is None or s.where == "zero" or not s.known.all():
            continue
        size = np.abs(g).max(initial=0.0)
        exact = s.tolerance(g) - s.floor + EXACT * size
        if (np.abs(g - s.reference.value) <= exact).all():
            if all(np.abs(g - other).max(initial=0.0) > MOVED * size for other in clean):
                clean.append(g)
        elif s.strict is not None and s.rough <= ROUGH * eps * np.abs(s.f).max():
            excused.append(s)
    for s in excused if len(clean) < max(CLEAN, len(excused)) else ():
        s.floor = s.floor if s.strict is None else s.strict


def doubt(reference: Reference) -> None:
    """Widen every bar of a far point where f is mostly rounding error.

    There a naive formula, log(1 − p) with p near 1, has lost its digits, and autograd repeats their
    loss: the derivative of what is computed is not the derivative of f.
    """
    error = reference.error[np.isfinite(reference.error)]
    size = np.abs(reference.value[np.isfinite(reference.value)])
    if error.size and error.max() > 1e-2 * size.max(initial=0.0):
        reference.error = np.maximum(reference.error, error.max())


def roughness(path: Path, known: Vector, asked: Index) -> Vector:
    """Give the size of the jumps of each entry of ``path(t)`` for small t > 0, where above `known`.

    Whether it jumps is seen from that one of the entries `asked` which moves most.
    """
    rough = known.copy()
    norm = factorial(ORDER) / factorial(2 * ORDER) ** 0.5 / 0.6745
    for width in WINDOWS:
        t = width * np.arange(1, NODES + 1) / NODES
        values = np.array([path(float(s)) for s in t])
        if not np.isfinite(values).all():
            continue
        # The median, since a kink on the way taints ORDER of the differences, and is no noise.
        found = norm * np.median(np.abs(np.diff(values, ORDER, axis=0)), axis=0)
        j = int(asked[np.argmax((found / np.maximum(rough, 1e-300))[asked])])
        if found[j] > rough[j] and _jump(path, t, values, j) > JUMP * found[j]:
            rough = np.maximum(rough, found)
    return rough


def _jump(path: Path, t: Vector, values: Vector, j: int) -> float:
    """Give the height of the jump to which the largest move within the window narrows down."""
    k = int(np.argmax(np.abs(np.diff(values[:, j], 2))))
    a, b, fa, fb = t[k], t[k + 2], values[k, j], values[k + 2, j]
    jump = 0.0
    for halving in range(HALVINGS):
        middle = 0.5 * (a + b)
        f = float(path(middle)[j])
        if halving >= HALVINGS - LAST:
            jump = max(jump, abs(float(fb - 2 * f + fa)))  # a mere slope is no jump
        if abs(f - fa) >= abs(fb - f):
            b, fb = middle, f
        else:
            a, fa = middle, f
    return jump
