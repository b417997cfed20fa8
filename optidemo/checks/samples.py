"""One point with everything that is known there, and the one rule by which two gradients are equal."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from optidemo.checks.witnesses import MARGIN, Reference, reference_at

if TYPE_CHECKING:
    from optidemo.arrays import Vector
    from optidemo.checks.marks import Index, Mask
    from optidemo.checks.problem import Answer, Problem

__all__ = ["Sample", "take"]

EPS = float(np.finfo(np.float64).eps)


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
    reference = reference_at(problem, x, args, columns)
    if answer.single:
        tol = max(tol, 1e-4)
    floor = _rounding(problem, x, args, yours) if yours is not None else np.zeros(0)
    return Sample(x, args, where, f, answer, yours, reference, floor, tol)


def fits(shape: tuple[int, ...], expected: tuple[int, ...]) -> bool:
    """Tell whether x − t·g keeps the shape of x: one number fits a scalar or a vector of one entry."""
    if shape == expected:
        return True
    one = int(np.prod(shape)) == 1 and int(np.prod(expected)) == 1
    return one and (len(shape) <= len(expected) or len(expected) == 0)


def _rounding(problem: Problem, x: Vector, args: tuple[Any, ...], yours: Vector) -> Vector:
    """How far rounding of x and of the data may move each entry: its change under a change of 1e-6."""
    rng = np.random.default_rng(1)
    delta = 1e-6
    floor: Vector = 8 * EPS * np.abs(yours) + 1e-14 * np.max(np.abs(yours), initial=0.0)

    def jitter(a: Any) -> Any:
        if isinstance(a, np.ndarray) and a.dtype.kind == "f":
            return a * (1 + delta * rng.choice([-1.0, 1.0], size=a.shape))
        return a

    for point, given in (
        (x * (1 + delta * rng.choice([-1.0, 1.0], size=x.shape)), args),
        (x, tuple(jitter(a) for a in args)),
    ):
        other = problem.answer(point, given)
        if other.array is not None and other.array.size == yours.size:
            change = np.abs(other.array.ravel() - yours)
            floor += 64 * EPS / delta * np.where(np.isfinite(change), change, 0.0)
    return floor
