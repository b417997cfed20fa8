"""Collect the samples: a few points looked at entry by entry, many along one direction only."""

from __future__ import annotations

import time
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np

from optidemo.checks.differences import slopes_along
from optidemo.checks.points import around, scouts, skewed_args, with_zeros
from optidemo.checks.rebinding import TINY, vocabulary
from optidemo.checks.samples import Sample, fits, take
from optidemo.checks.witnesses import MARGIN, scales_for

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from optidemo.arrays import Vector
    from optidemo.checks.problem import Problem
    from optidemo.checks.rebinding import Datum

__all__ = ["Collector"]

POINTS = 9  # looked at entry by entry
SCOUTS = 36  # looked at along one direction
NEGLIGIBLE = 1e-12  # of the usual gradient: an error that only its own smallness makes look large
SECONDS = 0.6  # what a slow fun may cost, roughly: it gets fewer points, at least 2 and 4

# A function that calls one of these may well be meant for symmetric matrices only.
SYMMETRIC = {
    "inv", "pinv", "solve", "cholesky", "cho_solve", "cho_factor", "eigh", "eigvalsh", "det",
    "slogdet", "logm", "sqrtm", "expm", "matrix_power", "multivariate_normal", "symmetric", "covariance",
}  # fmt: skip


@dataclass
class Collector:
    """Chooses points for one problem and takes the samples there."""

    problem: Problem
    x: Vector
    given: bool
    data: list[Datum]
    rng: np.random.Generator
    tol: float

    def collect(self, points: Sequence[Any] | None) -> list[Sample]:
        """Look at x first, then at `points`, or else at adversarial ones."""
        p = self.problem
        start, before = time.perf_counter(), p.calls
        samples = [take(p, self.x, "x" if self.given else "random", self.tol)]
        if points is not None:
            return samples + self._at(points)
        each = (time.perf_counter() - start) / max(p.calls - before, 1)
        share = SECONDS / max(each * (p.calls - before) * POINTS, 1e-9)
        full = int(np.clip(share * POINTS, 2, POINTS))
        candidates = ((where, self._like_x(z)) for where, z in around(p.shape, self.x, self.rng))
        inside = ((where, z) for where, z in candidates if p.inside(z))
        samples += [take(p, z, where, self.tol) for where, z in islice(inside, full)]
        count = int(np.clip(SECONDS / max(60 * each, 1e-9), 4, SCOUTS))
        samples += [take(p, z, "scout", self.tol) for z in self._suspects(count)]
        zeros = [self._like_x(z) for z in with_zeros(self.x, self.rng)]
        samples += [take(p, z, "zero", self.tol) for z in zeros if p.inside(z)]
        samples += self._skewed()
        self._forgive_guards(samples[1:])
        _raise_floors(samples)
        return samples

    def _forgive_guards(self, samples: list[Sample]) -> None:
        """log(clip(p, 1e-12, …)) is flat outside the domain that it guards: no evidence there."""
        words = vocabulary(self.problem.fun)
        if TINY in words and words & {"clip", "maximum", "minimum", "max", "min", "where"}:
            for s in samples:
                s.reference.value[s.reference.value == 0] = np.nan

    def _at(self, points: Sequence[Any]) -> list[Sample]:
        samples = []
        for point in points:
            flat = np.asarray(point, dtype=np.float64).ravel()
            if flat.size != self.problem.size:
                shape = self.problem.shape
                raise ValueError(f"a point has {flat.size} entries, but x has shape {shape}.")
            if self.problem.inside(flat):
                samples.append(take(self.problem, flat, "points", self.tol))
        return samples

    def _like_x(self, point: Vector) -> Vector:
        """Keep a symmetric x symmetric where fun is one of those that are written for such."""
        shape = self.problem.shape
        if len(shape) != 2 or shape[0] != shape[1] or shape[0] < 2:
            return point
        x = self.x.reshape(shape)
        if not (self.given and np.array_equal(x, x.T) and self._words & SYMMETRIC):
            return point
        m = point.reshape(shape)
        half: Vector = (0.5 * (m + m.T)).ravel()
        return half

    @property
    def _words(self) -> set[str]:
        return vocabulary(self.problem.fun) | vocabulary(self.problem.grad)

    def _suspects(self, count: int) -> list[Vector]:
        """Look along one random direction at many points; give the three that contradict most."""
        p = self.problem
        failing, looked, jacobians = [], [], []
        for raw in islice(scouts(self.x, self.rng), count):
            point = self._like_x(raw)
            if not p.inside(point):
                continue
            answer = p.answer(point)
            if answer.array is None or not fits(answer.array.shape, p.out_shape + p.shape):
                failing.append(point)
                continue
            looked.append(point)
            jacobians.append(answer.array.reshape(p.outputs, p.size))
        if not looked:
            return failing[:3]
        scores = contradictions(p, looked, jacobians, self.rng, self.tol)
        worst = [int(i) for i in np.argsort(-scores, kind="stable") if scores[i] > 1]
        return [*failing, *(looked[i] for i in worst)][:3]

    def _skewed(self) -> list[Sample]:
        """Where a matrix in args is symmetric, look at one that is not: 2Ax is right for no other."""
        if self._words & SYMMETRIC:
            return []
        p = self.problem
        samples = []
        for datum, args in skewed_args(self.data, p.args, self.rng):
            other = (*args[: datum.position], 1.37 * datum.array, *args[datum.position + 1 :])
            points = [self.x] if np.any(self.x) else []
            points += [self.rng.standard_normal(p.size) for _ in range(2)]
            moved = any(not np.array_equal(p.value(z, other), p.value(z)) for z in points)
            usable = [z for z in points if p.inside(z, args) and p.inside(z)]
            if moved or not np.any(self.x):
                samples += [take(p, z, "skewed", self.tol, args) for z in usable]
        return samples


def _raise_floors(samples: list[Sample]) -> None:
    """Far out, 1 − σ(wᵀx) is 0 where the truth is 1e-59: against the usual gradient that is rounding."""
    answers = [s.yours for s in samples if s.yours is not None and np.isfinite(s.yours).all()]
    sizes = [float(np.abs(g).max(initial=0.0)) for g in answers]
    usual = float(np.median(sizes)) if sizes else 0.0
    if sizes and answers[0] is samples[0].yours and sizes[0] > 0:
        usual = min(usual, sizes[0])
    for s in samples:
        if s.yours is not None:
            s.floor += NEGLIGIBLE * usual


def contradictions(
    p: Problem, points: list[Vector], jacobians: list[Any], rng: np.random.Generator, tol: float
) -> Vector:
    """By how many times the allowed error jac·u misses the slope of f along a random u, per point."""
    u = rng.choice([-1.0, 1.0], size=(len(points), p.size))
    u *= rng.uniform(0.5, 1.0, size=u.shape)
    sizes = [float(np.max(np.abs(point), initial=0.0)) for point in points]

    def line(point: Vector, direction: Vector) -> Callable[[float], Vector]:
        return lambda t: p.value(point + t * direction)

    lines = [line(point, direction) for point, direction in zip(points, u, strict=True)]
    s = slopes_along(lines, [scales_for(size, size)[:3] for size in sizes], sizes, p.eps)
    jac = np.array(jacobians)
    bound = tol * np.einsum("jmd,jd->jm", np.abs(jac), np.abs(u)) + MARGIN * s.error
    bound += NEGLIGIBLE * float(np.nan_to_num(np.median(np.abs(jac).max(axis=(1, 2)))))
    miss = np.abs(np.einsum("jmd,jd->jm", jac, u) - s.value)
    score = np.where(s.kink, 0.0, miss / np.maximum(bound, 1e-300))
    scores: Vector = np.max(np.nan_to_num(score, nan=0.0), axis=1)
    return scores
