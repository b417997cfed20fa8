"""Mistakes of the gradient as a whole: its shape, its sign, a constant factor, f itself."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from optidemo.checks.mistakes.dependence import alone, moving_factor, used_by_one
from optidemo.checks.rebinding import variable_name
from optidemo.checks.report import Mistake
from optidemo.checks.samples import Sample, fits

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from optidemo.checks.mistakes.case import Case
    from optidemo.checks.rebinding import Datum

__all__ = ["describe_constant", "factor", "not_differentiated", "raises", "shape", "sign"]


COUNTS: tuple[tuple[Callable[[int], float], str, str], ...] = (
    (lambda n: n, "n", "was the 1/n of a mean forgotten?"),
    (lambda n: 1 / n, "1/n", "is f a sum, and this the gradient of a mean?"),
    (lambda n: (n - 1) / n, "(n−1)/n", "is it divided by n in place of n − 1?"),
    (lambda n: n / (n - 1), "n/(n−1)", "is it divided by n − 1 in place of n?"),
    (lambda n: 2 / n, "2/n", "is f half a sum, and this the gradient of a mean?"),
)
"""What makes a mean a sum, or the reverse: the factor, its name, and a question to the student."""

FEW = 5  # samples, below which a fraction is no more 1/n than any other


def raises(case: Case) -> Mistake | None:
    """Find a point where grad fails and fun does not."""
    for s in case.samples:
        a = s.answer
        if not a.error or (s.kinked and a.array is not None):
            continue  # nan at a kink is a matter for `kink`
        given = s is case.samples[0] and case.given
        somewhere = any(t.answer.array is not None for t in case.samples)
        if somewhere and not given and (a.overflow or s.where == "zero" or s.blurred):
            continue  # nor is it a fault to refuse a point at which f has no slope to speak of
        x = variable_name(case.problem.fun)
        point = np.array2string(np.asarray(case.problem.give(s.x)), precision=4, threshold=8)
        sentence = f"grad fails at {x} = {point}, where fun does not: {a.error}."
        if a.error.startswith("it returns"):
            sentence = f"at {x} = {point} grad {a.error.removeprefix('it ')}."
        return Mistake("raises", sentence, {"x": case.problem.give(s.x), "error": a.error})
    return None


def shape(case: Case) -> Mistake | None:
    """Find an answer whose entries may be right but whose shape is not that of x."""
    expected = case.problem.out_shape + case.problem.shape
    wrong = [
        s
        for s in case.samples
        if s.answer.array is not None
        and s.where != "zero"
        and not fits(s.answer.array.shape, expected)
    ]
    if not wrong:
        return None
    got = wrong[0].answer.array.shape
    right_values = all(_right_up_to_shape(s) for s in wrong)
    if not right_values and (not_differentiated(case) or _other_variable(case)):
        return None
    name = "a scalar" if got == () else f"shape {got}"
    x = variable_name(case.problem.fun)
    due = f"{x} has shape {{}}" if case.problem.out_shape == () else "shape {} is due"
    sentence = f"grad returns {name} where {due.format(expected)}: {_remedy(got, expected, x)}"
    return Mistake(
        "shape", sentence, {"shape": got, "expected": expected, "values_right": right_values}
    )


def _remedy(got: tuple[int, ...], expected: tuple[int, ...], x: str) -> str:
    if got == ():
        return (
            f"broadcasting hides it; return one entry per variable (np.zeros_like({x}) for zero)."
        )
    if got == expected[::-1]:
        return "it is transposed."
    if int(np.prod(got)) == int(np.prod(expected)):
        return f"the entries are as many; reshape it to the shape of {x}."
    if len(got) == 2 and got[0] == got[1]:
        return "a row met a column and was broadcast to a square."
    return f"{x} − t·gradient would not keep its shape."


def _right_up_to_shape(s: Sample) -> bool:
    got = s.answer.array
    size = s.reference.value.size
    rows = [got.ravel(), got.T.ravel()] if got.size == size else []
    if got.size == 1:
        rows = [np.full(size, got.ravel()[0])]
    elif got.ndim == 2 and got.shape[0] == got.shape[1] == size:
        rows = [got[0], got[:, 0], np.diag(got), got.sum(axis=0), got.sum(axis=1)]
    return any(
        bool((np.abs(r - s.reference.value) <= 10 * _tolerance(s, r))[s.known].all()) for r in rows
    )


def _tolerance(s: Sample, candidate: Any) -> Any:
    r = s.reference
    return s.tol * np.maximum(np.abs(candidate), np.abs(r.value)) + 10 * r.error


def _other_variable(case: Case) -> bool:
    from optidemo.checks.mistakes.variable import wrong_variable  # a shape that is another's

    return wrong_variable(case, any_shape=True) is not None


def not_differentiated(case: Case) -> Mistake | None:
    """Find f returned in place of its derivative."""
    if case.problem.out_shape != ():
        return None
    seen = False
    for s in case.samples:
        if s.answer.array is None or s.answer.error:
            continue
        if not np.allclose(s.answer.array, s.f[0], rtol=1e-9, atol=0):
            return None
        seen = seen or s.f[0] != 0
    if not seen or _is_right(case):
        return None
    return Mistake("not-differentiated", "grad returns f itself, not its derivative.")


def _is_right(case: Case) -> bool:
    return bool(case.smooth) and not case.misfits


def sign(case: Case) -> Mistake | None:
    """Find −∇f."""
    if not case.fits(lambda s: -case.yours(s)):
        return None
    return Mistake("sign", f"the whole {case.problem.what} has the wrong sign.", {"factor": -1.0})


def factor(case: Case) -> Mistake | None:
    """Find c·∇f for a constant c."""
    c = case.constant(lambda s: (s.reference.value, case.yours(s)))
    if c is None or c == 0 or not case.fits(lambda s: c * case.yours(s)):
        return None
    lone = used_by_one(case, frozenset())
    name = describe_constant(1 / c, case, moving_factor(case, c))
    why = alone(lone, missing=True) or alone(lone, missing=False)
    why = f"{why}." if why else ""
    sentence = f"the whole {case.problem.what} is {name} times what it should be"
    sentence += why or _question(name) or "."
    return Mistake("factor", sentence, {"factor": 1 / c, "name": name})


def _question(name: str) -> str:
    symbol = name.partition(" (")[0].rpartition("= ")[2]
    return next((f": {question}" for _, text, question in COUNTS if text == symbol), "")


def describe_constant(c: float, case: Case, first: Collection[Datum] = ()) -> str:
    """Name a constant: a simple fraction, n, 1/n, (n−1)/n, or a scalar among the data.

    Those among `first` come first: numbers with which the constant is known to change.
    """
    if name := _by_scalars(c, first):
        return name
    plain = Fraction(c).limit_denominator(12)
    if abs(float(plain) - c) <= 1e-6 * abs(c):
        rows = {np.shape(d.value)[0] for d in case.data if np.ndim(d.value)}
        name = _by_count(c, [n for n in rows if n >= FEW])  # of four samples 2/n is but a half
        return f"{plain} = {name.partition(' (')[0]}" if name else str(plain)
    counts = {k for d in case.data for k in np.shape(d.value)} | {case.problem.size} - {1}
    return _by_scalars(c, case.data) or _by_count(c, counts) or f"{c:.6g}"


def _by_count(c: float, counts: Iterable[int]) -> str:
    """Name what makes a mean a sum, or the reverse."""
    for n in sorted(counts):
        for value, name, _ in COUNTS:
            if n > 1 and abs(value(n) - c) <= 1e-6 * abs(c):
                return f"{name} (n = {n})"
    return ""


def _by_scalars(c: float, data: Collection[Datum]) -> str:
    """Name a number among the data, its inverse, its square, or a small fraction of these."""
    for d in data:
        if np.ndim(d.value) or float(d.value) in {0.0, 1.0}:
            continue
        for power, name in (
            (1, d.name),
            (-1, f"1/{d.name}"),
            (2, f"{d.name}²"),
            (-2, f"1/{d.name}²"),
        ):
            unit = float(d.value) ** power
            ratio = Fraction(c / unit).limit_denominator(4)
            if ratio and abs(float(ratio) * unit - c) <= 1e-6 * abs(c):
                return name if ratio == 1 else f"{ratio}·{name}"
    return ""
