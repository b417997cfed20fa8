"""Collect the samples: a few points looked at entry by entry, many along one direction only."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np

from optidemo.checks.differences import MARGIN, slopes_along
from optidemo.checks.dispute import allow_for_noise
from optidemo.checks.points import around, scouts, skewed_args, with_zeros
from optidemo.checks.rebinding import TINY, vocabulary
from optidemo.checks.roughness import excuse_no_rounding
from optidemo.checks.samples import Sample, fits, take
from optidemo.checks.stabilisers import allow_for_stabiliser
from optidemo.checks.tracing import INNER
from optidemo.checks.warned import misgivings
from optidemo.checks.witnesses import scales_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from optidemo.arrays import Vector
    from optidemo.checks.problem import Problem
    from optidemo.checks.rebinding import Datum

__all__ = ["Collector"]

LEAST, POINTS = 2, 9  # looked at entry by entry: with a slow fun, and with a fast one
LEAST_SCOUTS, SCOUTS = 3, 36  # looked at along one direction
SCOUT_CALLS = 16  # of fun, for one of them
NEGLIGIBLE = 1e-12  # of the usual gradient: an error that only its own smallness makes look large

WELL_KNOWN = 1e-3  # of an entry: so small an error, and the entry counts by its own size

# A function that calls one of these may well be meant for symmetric matrices only.
SYMMETRIC = {
    "inv", "pinv", "solve", "cholesky", "cho_solve", "cho_factor", "eigh", "eigvalsh", "det",
    "slogdet", "logm", "sqrtm", "expm", "matrix_power", "multivariate_normal", "symmetric", "covariance",
}  # fmt: skip
INNER_TOL = 1e-5  # of what these return
REACH, NEAR = 3.0, 1.3  # times as far as x or 1; with the loose tolerance, whose errors grow
LOOSE = 1e-2  # of the slope of what solve_ivp returns by its own rtol of 1e-3


@dataclass
class Collector:
    """Chooses points for one problem and takes the samples there."""

    problem: Problem
    x: Vector
    given: bool
    data: list[Datum]
    rng: np.random.Generator
    tol: float
    negligible: float = NEGLIGIBLE
    cost: int = 0  # calls of fun for one sample
    reach: float = (
        np.inf
    )  # how large x may be: far out a solver within fun or grad may run for minutes
    usual_misgivings: set[type] = field(default_factory=set)  # warnings that x itself calls forth

    def collect(self, points: Sequence[Any] | None) -> list[Sample]:
        """Look at x first, then at `points`, or else at adversarial ones."""
        p = self.problem
        self.usual_misgivings = misgivings(lambda: p.value(self.x))[1]
        before = p.calls
        self._allow_for_inner_solvers()
        p.usual = np.abs(self.x)
        samples = [take(p, self.x, "x" if self.given else "random", self.tol)]
        if points is not None:
            return samples + self._at(points)
        self.cost = p.calls - before
        candidates = ((where, self._like_x(z)) for where, z in around(p.shape, self.x, self.rng))
        self._take(samples, ((w, z) for w, z in candidates if self._sound(z)), LEAST, POINTS)
        if p.confirmed and not p.affords(LEAST_SCOUTS * SCOUT_CALLS):
            p.hurried = True  # an error was found: there is no need to look for one
        else:
            scouts = [("scout", z) for z in self._suspects(LEAST_SCOUTS, SCOUTS)]
            self._take(samples, iter(scouts), 1, 3)
        zeros = [("zero", self._like_x(z)) for z in with_zeros(self.x, self.rng)]
        self._take(samples, ((w, z) for w, z in zeros if self._sound(z)), 1, len(zeros))
        samples += self._skewed()
        self._forgive_guards(samples[1:])
        if not p.hurried:
            excuse_no_rounding(samples, p.eps)
        _raise_floors(samples, self.negligible)
        allow_for_noise(p, samples)
        allow_for_stabiliser(p, samples)
        return samples

    def _sound(self, z: Vector, args: tuple[Any, ...] | None = None) -> bool:
        """Whether z lies in the domain, and fun does not doubt its own value there more than at x."""
        if np.abs(z).max(initial=0.0) > self.reach:
            return False
        inside, warned = misgivings(lambda: self.problem.inside(z, args))
        return inside and warned <= self.usual_misgivings

    def _allow_for_inner_solvers(self) -> None:
        """What minimize_scalar or quad returns is right to their tolerance only, f and grad alike."""
        if self._words & INNER:
            words = vocabulary(self.problem.fun)
            loose = "solve_ivp" in words and TINY not in words  # and no tolerance of the user's
            self.negligible = LOOSE if loose else INNER_TOL
            self.tol = max(self.tol, self.negligible)
            self.reach = (NEAR if loose else REACH) * max(
                1.0, float(np.abs(self.x).max(initial=0.0))
            )

    def _take(
        self, samples: list[Sample], points: Iterator[tuple[str, Vector]], least: int, most: int
    ) -> None:
        """Take `least` of the samples in any case, up to `most` while fun is fast enough."""
        p = self.problem
        for k, (where, z) in enumerate(islice(points, most)):
            if k >= least and not p.affords(2 * self.cost):
                p.hurried = True
                break
            samples.append(take(p, z, where, self.tol))

    def _forgive_guards(self, samples: list[Sample]) -> None:
        """log(clip(p, 1e-12, …)) is flat outside the domain that it guards: no evidence there."""
        words = vocabulary(self.problem.fun)
        if TINY in words and words & {"clip", "maximum", "minimum", "max", "min", "where"}:
            for s in samples:
                s.reference.value[s.reference.value == 0] = np.nan

    def _at(self, points: Sequence[Any]) -> list[Sample]:
        samples = []
        shape = self.problem.shape
        for k, point in enumerate(points):
            array = np.asarray(point, dtype=np.float64)
            if array.shape != shape:
                raise ValueError(f"a point has shape {array.shape}, but x has shape {shape}.")
            flat = array.ravel()
            if self.problem.inside(flat):
                samples.append(take(self.problem, flat, "points", self.tol))
            else:
                self.problem.outside.append(k)
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

    def _suspects(self, least: int, most: int) -> list[Vector]:
        """Look along one random direction at many points; give the three that contradict most."""
        p = self.problem
        failing, looked, jacobians = [], [], []
        for k, raw in enumerate(islice(scouts(self.x, self.rng), most)):
            if k >= least and not p.affords(2 * SCOUT_CALLS * k):
                p.hurried = True
                break
            point = self._like_x(raw)
            if not self._sound(point):
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
            usable = [z for z in points if self._sound(z, args) and self._sound(z)]
            if moved or not np.any(self.x):
                samples += [take(p, z, "skewed", self.tol, args) for z in usable]
        return samples


def _raise_floors(samples: list[Sample], part: float) -> None:
    """Far out, 1 − σ(wᵀx) is 0 where the truth is 1e-59: against the usual gradient that is rounding.

    An entry that is small everywhere, for its units, has a usual size of its own, if it is known as well.
    """
    answers = [s.yours for s in samples if s.yours is not None and np.isfinite(s.yours).all()]
    if not answers:
        return
    sizes = [float(np.abs(g).max(initial=0.0)) for g in answers]
    usual = float(np.median(sizes))
    if answers[0] is samples[0].yours and sizes[0] > 0:
        usual = min(usual, sizes[0])
    largest = np.max(np.abs(answers), axis=0)
    for s in samples:
        if s.yours is not None:
            size = np.maximum(np.abs(s.yours), np.abs(s.reference.value))
            known = MARGIN * s.reference.error <= WELL_KNOWN * size
            s.floor += part * np.where(known, np.minimum(usual, largest), usual)


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
