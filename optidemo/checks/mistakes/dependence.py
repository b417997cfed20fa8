"""Which data the derivative of f depends on, and which the answer of grad."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from optidemo.checks.differences import LINE
from optidemo.checks.mistakes.library import library
from optidemo.checks.problem import Problem
from optidemo.checks.rebinding import Datum, with_datum
from optidemo.checks.witnesses import reference_at

if TYPE_CHECKING:
    from collections.abc import Callable

    from optidemo.arrays import Vector
    from optidemo.checks.mistakes.case import Case
    from optidemo.checks.samples import Sample

__all__ = ["alone", "by_variable", "moving_factor", "scale_of", "strays", "used_by_one"]

ANOTHER = 1.37  # times what a datum is: what changes with it?


def by_variable(case: Case) -> set[bool]:
    """Does only one of the two depend on x itself?"""

    def varies(values: list[Vector]) -> bool:
        size = max(float(np.abs(v).max()) for v in values)
        return any(float(np.abs(v - values[0]).max()) > 1e-7 * size for v in values)

    needed = varies([s.reference.value for s in case.smooth])
    used = varies([case.yours(s) for s in case.smooth])
    return {needed} if needed != used else set()


def used_by_one(case: Case, uses: frozenset[str]) -> dict[str, bool]:
    """Name the data that only one of the two depends on: True if ∇f does, False if grad does."""
    lone = {}
    most = 3 if case.problem.affords(3 * LINE * case.problem.size) else 1
    for datum in case.data:
        if datum.name not in uses and np.ndim(datum.value):
            continue
        changes = [_depend(case, s, datum) for s in case.smooth[:most]]
        needed, used = (any(c[k] for c in changes) for k in (0, 1))
        if needed != used:
            lone[datum.name] = needed
    return lone


def alone(lone: dict[str, bool], *, missing: bool) -> str:
    """Say what only one of the two depends on, if that is why something is missing or too much."""
    if not lone or set(lone.values()) != {missing}:
        return ""
    names = " and ".join(lone)
    if missing:
        return f": ∇f depends on {names}, grad does not"
    return f": grad depends on {names}, ∇f does not"


def scale_of(case: Case, residual: Callable[[Sample], Vector]) -> str:
    """Name the number among the data with which the residual ∇f − grad grows: the λ of λx."""
    s = case.smooth[0]
    grown = ANOTHER * residual(s)
    for datum in _numbers(case):
        needed, used = _with_another(case, s, datum)
        if used is not None and np.allclose(needed - used, grown, rtol=1e-4, atol=0):
            return datum.name
    return ""


def strays(case: Case, s: Sample, name: str, c: float) -> set[str]:
    """Name the arrays among the data with which ∇f − grad changes otherwise than c times a term does."""
    found = set()
    for datum in case.data:
        if not np.ndim(datum.value):
            continue
        term = library(case, s, {datum.name: _another(s, datum)}).get(name)
        needed, used = _with_another(case, s, datum)
        if used is None or term is None or not np.isfinite(needed - used).all():
            continue  # fun or grad does not take such data
        size = max(float(np.abs(v).max()) for v in (needed, used))
        if not np.allclose(needed - used, c * term.value, rtol=1e-4, atol=1e-6 * size):
            found.add(datum.name)
    return found


def moving_factor(case: Case, c: float) -> list[Datum]:
    """Find the numbers among the data that change the constant c of ∇f = c · grad."""
    s = case.smooth[0]
    moving = []
    for datum in _numbers(case):
        needed, used = _with_another(case, s, datum)
        if used is not None and not np.allclose(needed, c * used, rtol=1e-4, atol=0):
            moving.append(datum)
    return moving


def _numbers(case: Case) -> list[Datum]:
    return [d for d in case.data if not np.ndim(d.value) and float(d.value)]


def _depend(case: Case, s: Sample, datum: Datum) -> tuple[bool, bool]:
    """Do the derivative of f and the answer of grad at `s` change with `datum`?"""
    needed, used = _with_another(case, s, datum)
    if used is None:
        return False, False
    changed = not bool(s.close(needed).all())
    return changed, not np.allclose(used, case.yours(s), rtol=1e-7, atol=0)


def _another(s: Sample, datum: Datum) -> Any:
    value = np.asarray(
        s.args[datum.position] if datum.position is not None else datum.value, dtype=np.float64
    )
    other = np.where(value == 0, 0.37, ANOTHER * value)
    return other if other.ndim else float(other)


def _with_another(case: Case, s: Sample, datum: Datum) -> tuple[Vector, Vector | None]:
    """Return the derivative of f and the answer of grad at `s` if `datum` were another; None: unknown."""
    if not case.affords(s.x.size):
        return np.full(s.x.size, np.nan), None
    changed = _another(s, datum)
    fun, args = with_datum(case.problem.fun, s.args, datum, changed)
    moved = Problem(fun, case.problem.grad, case.problem.shape, args)
    needed = reference_at(moved, s.x).value
    case.problem.seconds += moved.seconds
    case.problem.calls += moved.calls
    grad, args = with_datum(case.problem.grad, s.args, datum, changed)
    answer = Problem(case.problem.fun, grad, case.problem.shape, args).answer(s.x)
    if answer.array is None or answer.array.size != s.x.size:
        return needed, None
    return needed, answer.array.ravel()
