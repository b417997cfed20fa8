"""The evidence a detector looks at: samples, data, and the test "would this have been right?"."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from optidemo.checks.differences import LINE
from optidemo.checks.kinks import outside_clarke
from optidemo.checks.large import FEW
from optidemo.checks.noise import too_rough
from optidemo.checks.samples import Sample

if TYPE_CHECKING:
    from optidemo.arrays import Vector
    from optidemo.checks.problem import Problem
    from optidemo.checks.rebinding import Datum

__all__ = ["Case"]

ENOUGH = 4  # accurate points

Alternative = Callable[[Sample], Any]


@dataclass
class Case:
    """A gradient under test, everywhere it was looked at."""

    problem: Problem
    samples: list[Sample]
    data: list[Datum]
    given: bool

    @cached_property
    def smooth(self) -> list[Sample]:
        """Samples with a derivative and an answer of the right shape: what alternatives must fit."""
        found = [
            s
            for s in self.samples
            if s.yours is not None and not s.answer.error and not s.kinked and s.known.any()
        ]
        # Where f has lost its digits nothing is told that enough accurate points do not tell better.
        accurate = [s for s in found if not s.blurred]
        return accurate if len(accurate) >= ENOUGH else found

    @cached_property
    def misfits(self) -> list[Sample]:
        """The smooth samples at which grad is wrong."""
        return [s for s in self.smooth if not bool(s.close(self.yours(s)).all())]

    @cached_property
    def bad_kinks(self) -> list[Sample]:
        """Samples at a kink whose answer is no subgradient."""
        if self.problem.out_shape != ():
            return []
        return [
            s
            for s in self.samples
            if s.kinked
            and (s is self.samples[0] or not s.answer.error)  # nan at a kink that nobody asked for
            and outside_clarke(self.problem, s) is not None
            and not (not s.answer.error and too_rough(self.problem, s))
        ]

    def affords(self, d: int) -> bool:
        """Tell whether there is time to differentiate d variables more, for a name; a few always."""
        affordable = d <= FEW or self.problem.affords(LINE * d)
        self.problem.hurried |= not affordable
        return affordable

    def wrong(self, s: Sample) -> bool:
        """Tell whether grad is wrong at this sample."""
        if s.yours is None or s.answer.error:
            return True
        return any(s is t for t in self.misfits) or any(s is t for t in self.bad_kinks)

    @property
    def telling(self) -> Sample:
        """The sample to show: the first at which grad is wrong, else the first of all."""
        return next((s for s in self.samples if self.wrong(s)), self.samples[0])

    @property
    def sound(self) -> Sample:
        """The sample to show where nothing is wrong: the first at which grad gave an answer."""
        return next((s for s in self.samples if not self.wrong(s)), self.samples[0])

    def fits(self, alternative: Alternative, samples: list[Sample] | None = None) -> bool:
        """Tell whether `alternative` equals the derivative at every smooth sample."""
        chosen = self.smooth if samples is None else samples
        if not chosen:
            return False
        for s in chosen:
            try:
                candidate = alternative(s)
            except (ValueError, TypeError, IndexError, ZeroDivisionError, np.linalg.LinAlgError):
                return False
            if candidate is None:
                return False
            candidate = np.asarray(candidate, dtype=np.float64)
            if candidate.size != s.reference.value.size:
                return False
            candidate = candidate.ravel()
            if not np.isfinite(candidate).all() or not bool(s.close(candidate).all()):
                return False
        return True

    @staticmethod
    def yours(s: Sample) -> Vector:
        """Give grad's answer as a flat vector (a smooth sample always has one)."""
        return np.zeros(0) if s.yours is None else s.yours

    def constant(self, ratio: Callable[[Sample], tuple[Vector, Vector]]) -> float | None:
        """Find c with ``reference = c * base`` at every smooth sample, for (target, base) of `ratio`.

        c is taken where it is best determined; whether it fits everywhere is for `fits` to say.
        """
        best, weight = None, 0.0
        for s in self.smooth:
            target, base = ratio(s)
            k = s.known & np.isfinite(base) & np.isfinite(target)
            unit = float(np.abs(base[k]).max(initial=0.0))
            if unit == 0:
                continue
            direction = base[k] / unit  # so that nothing underflows where f is 1e-200
            power = float(direction @ direction)
            spread = float(np.abs(s.tolerance(s.reference.value)[k]).max())
            certainty = unit / spread if spread > 0 else np.inf
            if certainty > weight:
                c = float((target[k] / unit) @ direction) / power
                best, weight = (c, certainty) if np.isfinite(c) else (best, weight)
        return best
