"""One point with everything that is known there, and the rule by which a gradient is right at it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from optidemo.arrays import EPS
from optidemo.checks.differences import MARGIN
from optidemo.checks.dispute import settle
from optidemo.checks.roughness import doubt
from optidemo.checks.witnesses import Reference, reference_at

if TYPE_CHECKING:
    from optidemo.arrays import Vector
    from optidemo.checks.answer import Answer
    from optidemo.checks.marks import Index, Mask
    from optidemo.checks.problem import Problem

__all__ = ["Sample", "fits", "repeats", "take"]


@dataclass
class Sample:
    """A point x (flat), the arguments there, grad's answer and the reference."""

    x: Vector
    args: tuple[Any, ...]
    where: str
    f: Vector
    answer: Answer
    yours: Vector | None  # flat; None where the shape or the kind of the answer is wrong
    reference: Reference
    floor: Vector  # what rounding alone may do to each entry
    tol: float
    strict: Vector | None = None  # the floor without what the jumps of grad excuse
    rough: float = 0.0  # how far f itself may be off near x, where that was measured
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def kinked(self) -> bool:
        """Whether f has no derivative here."""
        return bool(self.reference.kink.any())

    @property
    def known(self) -> Mask:
        """Entries for which the reference says something."""
        r = self.reference
        mask: Mask = np.isfinite(r.value) & np.isfinite(r.error) & ~r.kink
        return mask

    @property
    def blurred(self) -> bool:
        """Whether some entry of the reference is hardly known: to a hundredth of the largest."""
        r, k = self.reference, self.known
        size = float(np.abs(r.value[k]).max(initial=0.0))
        return bool(r.error[k].max(initial=0.0) > 1e-2 * size + self.floor.max(initial=0.0))

    def tolerance(self, candidate: Vector) -> Vector:
        """Allowed distance: relative, plus the witness's own error, plus rounding."""
        r = self.reference
        size = np.maximum(np.abs(candidate), np.abs(r.value))
        bound: Vector = self.tol * size + MARGIN * r.error + self.floor
        return bound

    def close(self, candidate: Vector) -> Mask:
        """Tell for each entry whether `candidate` is the derivative, as far as is known."""
        with np.errstate(invalid="ignore"):
            near = np.abs(candidate - self.reference.value) <= self.tolerance(candidate)
        mask: Mask = near | ~self.known
        return mask


def take(
    problem: Problem,
    x: Vector,
    where: str,
    tol: float,
    args: tuple[Any, ...] | None = None,
    columns: Index | None = None,
) -> Sample:
    """Evaluate fun, grad and the witnesses at x."""
    args = problem.args if args is None else args
    f = problem.value(x, args)
    answer = problem.answer(x, args)
    expected = problem.out_shape + problem.shape
    yours = None
    if answer.array is not None and fits(answer.array.shape, expected):
        yours = answer.array.ravel()
    reference = reference_at(problem, x, args, columns, yours)
    if where == "large":
        doubt(reference)
    if answer.single:
        tol = max(tol, 1e-4)
    floor = _rounding(problem, x, args, yours) if yours is not None else np.zeros(0)
    again = problem.answer(x, args).array
    if answer.array is not None and again is not None:
        answer.unsteady = not repeats([answer.array, again])
    sample = Sample(x, args, where, f, answer, yours, reference, floor, tol)
    settle(problem, sample)
    return sample


def repeats(values: list[Any]) -> bool:
    """Tell whether arrays are equal up to rounding."""
    first = values[0]
    for other in values[1:]:
        if np.shape(other) != np.shape(first):
            return False
        bound = 1e-11 * np.max(np.abs(first), initial=0.0)
        same = (np.abs(other - first) <= bound) | (other == first)
        if not bool(np.all(same | (np.isnan(other) & np.isnan(first)))):
            return False
    return True


def fits(shape: tuple[int, ...], expected: tuple[int, ...]) -> bool:
    """Tell whether x − t·g keeps the shape of x: one number fits a scalar or a vector of one entry."""
    if shape == expected:
        return True
    one = int(np.prod(shape)) == 1 and int(np.prod(expected)) == 1
    return one and (len(shape) <= len(expected) or len(expected) == 0)


def _rounding(problem: Problem, x: Vector, args: tuple[Any, ...], yours: Vector) -> Vector:
    """How far rounding may move each entry of a right gradient.

    Rounding of x and of the data moves it by its sensitivity; rounding within the formula (cancellation)
    shows as roughness, the second difference of grad over a step so short that its bend is nothing.
    """
    rng = np.random.default_rng(1)
    delta = 1e-6

    def at(point: Vector, given: tuple[Any, ...]) -> Vector:
        array = problem.answer(point, given).array
        return array.ravel() if array is not None and array.size == yours.size else yours

    def jitter(a: Any) -> Any:
        if isinstance(a, np.ndarray) and a.dtype.kind == "f":
            return a * (1 + delta * rng.choice([-1.0, 1.0], size=a.shape))
        return a

    change, rough = np.zeros_like(yours), np.zeros_like(yours)
    for _ in range(2):
        step = (
            delta * x * rng.uniform(0.5, 1.0, size=x.shape) * rng.choice([-1.0, 1.0], size=x.shape)
        )
        ahead, behind = at(x + step, args), at(x - step, args)
        change = np.fmax(change, np.abs(ahead - behind))
        rough = np.fmax(rough, np.abs(ahead - 2 * yours + behind))
    if args:
        change = np.fmax(change, np.abs(at(x, tuple(jitter(a) for a in args)) - yours))
    size = np.abs(np.where(np.isfinite(yours), yours, 0.0))  # a nan spoils no other entry
    floor: Vector = 8 * EPS * size + (1e-14 + 8 * problem.data_eps) * np.max(size, initial=0.0)
    for part in ((64 * EPS + 8 * problem.data_eps) / delta * change, 4 * rough):
        floor += np.where(np.isfinite(part), part, 0.0)
    return floor
