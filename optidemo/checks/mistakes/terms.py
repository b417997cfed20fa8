"""One term too few, one too many, or one with a wrong sign or factor."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from optidemo.checks.mistakes.library import Term, library
from optidemo.checks.problem import Problem
from optidemo.checks.rebinding import Datum, with_datum
from optidemo.checks.report import Mistake
from optidemo.checks.witnesses import reference_at

if TYPE_CHECKING:
    from optidemo.arrays import Vector
    from optidemo.checks.mistakes.case import Case
    from optidemo.checks.samples import Sample

__all__ = ["wrong_term"]


def wrong_term(case: Case) -> Mistake | None:
    """Find c and one term t of the library with ``∇f = grad + c t`` at every point."""
    if case.problem.out_shape != () or len(case.smooth) < 2:
        return None
    found: list[tuple[int, str, float, frozenset[str]]] = []
    first = case.misfits[0] if case.misfits else case.smooth[0]
    for rank, (name, term) in enumerate(_terms(case, first).items()):
        if not _could_be(case, first, term.value):  # the library of every point costs more
            continue

        def value(s: Sample, name: str = name) -> Vector:
            got = _terms(case, s).get(name)
            return got.value if got is not None else np.full(s.x.size, np.nan)

        def residual(s: Sample, value: Any = value) -> tuple[Vector, Vector]:
            return s.reference.value - case.yours(s), value(s)

        c = case.constant(residual)
        if c is None or c == 0:
            continue
        if case.fits(lambda s, c=c, value=value: case.yours(s) + c * value(s)):  # type: ignore[misc]
            found.append((rank + (0 if _simple(c, case.data) else 10_000), name, c, term.uses))
    if not found:
        return None
    _, name, c, uses = min(found)
    missing = _is_missing(case, uses, c)
    kind = "missing-term" if missing else "extra-term"
    what = "constant vector 1" if name == "1" else name
    said = "is missing" if missing else "should not be there"
    sentence = f"a multiple of {what} {said}, or this term has a wrong sign or factor."
    return Mistake(kind, sentence, {"term": name, "coefficient": c})


def _could_be(case: Case, s: Sample, t: Vector) -> bool:
    """Tell whether some multiple of t mends the gradient at this one point."""
    k = s.known
    unit = float(np.abs(t[k]).max(initial=0.0))
    if unit == 0:
        return False
    v = t / unit
    c = float((s.reference.value - case.yours(s))[k] @ v[k]) / float(v[k] @ v[k])
    return bool(s.close(case.yours(s) + c * v).all())


def _terms(case: Case, s: Sample) -> dict[str, Term]:
    if "terms" not in s.extra:
        s.extra["terms"] = library(case, s)
    terms: dict[str, Term] = s.extra["terms"]
    return terms


def _simple(c: float, data: list[Datum]) -> bool:
    """Tell whether c is a small fraction or a short decimal, times a scalar among the data."""
    scalars = [1.0]
    for d in data:
        if np.ndim(d.value) == 0 and float(d.value) != 0:
            scalars += [float(d.value) ** p for p in (1, 2, -1, -2)]
        elif np.ndim(d.value):
            scalars += [float(np.shape(d.value)[0]), 1 / float(np.shape(d.value)[0])]
    for unit in scalars:
        ratio = c / unit
        near = Fraction(ratio).limit_denominator(6)
        if near and abs(float(near) - ratio) <= 1e-6 * abs(ratio) and abs(near.numerator) <= 12:
            return True
        if abs(float(f"{ratio:.1e}") - ratio) <= 1e-6 * abs(ratio):
            return True
    return False


def _by_variable(case: Case) -> list[bool]:
    """Does only one of the two depend on x itself?"""

    def varies(values: list[Vector]) -> bool:
        size = max(float(np.abs(v).max()) for v in values)
        return any(float(np.abs(v - values[0]).max()) > 1e-7 * size for v in values)

    needed = varies([s.reference.value for s in case.smooth])
    used = varies([case.yours(s) for s in case.smooth])
    return [needed] if needed != used else []


def _is_missing(case: Case, uses: frozenset[str], c: float) -> bool:
    """Missing: f's gradient depends on an argument and grad does not. Extra: the reverse. Else the sign."""
    suspects = [d for d in case.data if d.name in uses or np.ndim(d.value) == 0]
    verdicts = []
    for datum in suspects:
        changes = [_depend(case, s, datum) for s in case.smooth[:3]]
        needed, used = (any(c[k] for c in changes) for k in (0, 1))
        if needed != used:
            verdicts.append(needed)
    if not verdicts:
        verdicts = _by_variable(case)
    if verdicts:
        return all(verdicts) if len(set(verdicts)) == 1 else c > 0
    return c > 0


def _depend(case: Case, s: Sample, datum: Datum) -> tuple[bool, bool]:
    """Do the derivative of f and the answer of grad at `s` change with `datum`?"""
    value = np.asarray(
        s.args[datum.position] if datum.position is not None else datum.value, dtype=np.float64
    )
    other = np.where(value == 0, 0.37, 1.37 * value)
    changed = other if other.ndim else float(other)
    fun, args = with_datum(case.problem.fun, s.args, datum, changed)
    moved = Problem(fun, case.problem.grad, case.problem.shape, args)
    needed = not bool(s.close(reference_at(moved, s.x).value).all())
    grad, args = with_datum(case.problem.grad, s.args, datum, changed)
    answer = Problem(case.problem.fun, grad, case.problem.shape, args).answer(s.x)
    if answer.array is None or answer.array.size != s.x.size:
        return False, False
    return needed, not np.allclose(answer.array.ravel(), case.yours(s), rtol=1e-7, atol=0)
