"""One term too few, one too many, or one with a wrong sign or factor."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from optidemo.checks.mistakes.dependence import alone, by_variable, scale_of, strays, used_by_one
from optidemo.checks.mistakes.library import Term, library
from optidemo.checks.report import Mistake

if TYPE_CHECKING:
    from optidemo.arrays import Vector
    from optidemo.checks.mistakes.case import Case
    from optidemo.checks.rebinding import Datum
    from optidemo.checks.samples import Sample

__all__ = ["wrong_term"]


def wrong_term(case: Case) -> Mistake | None:
    """Find c and one term t of the library with ``∇f = grad + c t`` at every point."""
    if case.problem.out_shape != () or len(case.smooth) < 2:
        return None
    found: list[tuple[tuple[bool, bool, int], str, float, frozenset[str]]] = []
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
            # In one dimension n may happen to be a multiple of Σy: would it be with other data?
            stray = strays(case, first, name, c) if first.x.size == 1 else set()
            if not stray & term.uses:
                order = (bool(stray), not _simple(c, case.data), rank)
                found.append((order, name, c, term.uses))
    return _mistake(case, *min(found)[1:]) if found else None


def _mistake(case: Case, name: str, c: float, uses: frozenset[str]) -> Mistake:
    lone = used_by_one(case, uses)
    verdicts = set(lone.values()) or by_variable(case)
    scale = scale_of(case, lambda s: c * _terms(case, s)[name].value)
    what = f"a multiple of {scale}·{name}" if scale else f"a multiple of {name}"
    if name == "1" and case.problem.size == 1:
        what = f"the constant {scale}" if scale else "a constant"
    elif name == "1":
        what = f"the constant vector {scale or 1}"
    if len(verdicts) == 1:
        missing = verdicts == {True}
        why = alone(lone, missing=missing) or ", or this term has a wrong sign or factor"
        sentence = f"{what} {'is missing' if missing else 'should not be there'}{why}."
    else:  # the sign of the residual cannot tell a missing −y from a y too much
        missing = c > 0
        sentence = (
            f"it is off by {what}: this term is missing, should not be there, or has a wrong sign or "
            "factor."
        )
    evidence = {"term": name, "coefficient": c} | ({"scalar": scale} if scale else {})
    return Mistake(
        "missing-term" if missing else "extra-term",
        sentence,
        evidence,
        f"∇f = grad {'−' if c < 0 else '+'} {abs(c):.6g}·{name} at every point.",
    )


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
