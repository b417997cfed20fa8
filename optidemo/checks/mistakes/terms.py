"""One term too few, one too many, or one with a wrong sign or factor."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from optidemo.checks.problem import Problem
from optidemo.checks.rebinding import Datum, with_datum
from optidemo.checks.report import Mistake
from optidemo.checks.witnesses import reference_at

if TYPE_CHECKING:
    from optidemo.arrays import Vector
    from optidemo.checks.mistakes.case import Case
    from optidemo.checks.samples import Sample

__all__ = ["library", "wrong_term"]


class Term(NamedTuple):
    """A vector that may stand in a gradient, and the data it is made of."""

    value: Vector
    uses: frozenset[str]


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


def library(case: Case, s: Sample) -> dict[str, Term]:
    """All candidate terms at a point, simplest first: x, sign(x), 1, the data, and their products."""
    d = s.x.size
    none: frozenset[str] = frozenset()
    vectors: dict[str, Term] = {
        "x": Term(s.x, none),
        "1": Term(np.ones(d), none),
        "sign(x)": Term(np.sign(s.x), none),
    }
    matrices: dict[str, Term] = {}
    shape = case.problem.shape
    for datum in case.data:
        a = np.asarray(s.args[datum.position] if datum.position is not None else datum.value)
        if a.size > 10**6:
            continue
        a, uses = a.astype(np.float64), frozenset({datum.name})
        if a.ndim == 2 and min(a.shape) > 1:
            matrices[datum.name] = Term(a, uses)
            matrices[datum.name + "ᵀ"] = Term(a.T, uses)
            if len(a) == len(a.T):
                matrices[f"({datum.name} + {datum.name}ᵀ)"] = Term(a + a.T, uses)
            if len(a) != d:
                vectors.setdefault("1ₙ", Term(np.ones(len(a)), none))
            if a.size == d:
                vectors[datum.name] = Term(a.ravel(), uses)
        elif a.ndim >= 1:
            vectors[datum.name] = Term(a.ravel(), uses)
    full = dict(vectors)
    if len(shape) == 2 and min(shape) > 1:
        full |= _matrix_products(s.x.reshape(shape), matrices)
    else:
        once = _products(matrices, vectors)
        full |= once | _products(matrices, once) | _residuals(matrices, vectors, s.x)
        whole = {n: t for n, t in full.items() if t.value.size == d}
        if d > 1:  # in one dimension f and 1 − f are matters of the chain rule
            full |= {f"f {n}": Term(s.f[0] * t.value, t.uses) for n, t in whole.items()}
    full |= _scalar_products(vectors, s.x)
    full |= _elementwise(vectors, s.x)
    return {n: t for n, t in full.items() if t.value.size == d and np.isfinite(t.value).all()}


def _products(matrices: dict[str, Term], vectors: dict[str, Term]) -> dict[str, Term]:
    return {
        f"{m}{v}": Term(a.value @ u.value, a.uses | u.uses)
        for m, a in matrices.items()
        for v, u in vectors.items()
        if v != "sign(x)" and a.value.shape[1] == u.value.size
    }


def _residuals(matrices: dict[str, Term], vectors: dict[str, Term], x: Vector) -> dict[str, Term]:
    """The whole gradient of ½‖Ax − b‖²: a data term that was left out."""
    return {
        f"{m}ᵀ({m}x − {v})": Term(a.value.T @ (a.value @ x - u.value), a.uses | u.uses)
        for m, a in matrices.items()
        for v, u in vectors.items()
        if u.uses and a.value.shape == (u.value.size, x.size)
    }


def _matrix_products(x: Any, matrices: dict[str, Term]) -> dict[str, Term]:
    found: dict[str, Term] = {"xᵀ": Term(x.T.ravel(), frozenset())}
    for name, a in matrices.items():
        for left, right, text in ((a.value, x, f"{name}x"), (x, a.value, f"x{name}")):
            if left.shape[1] == right.shape[0]:
                found[text] = Term((left @ right).ravel(), a.uses)
        if name.endswith("ᵀ") or a.value.shape[1] != x.shape[0]:
            continue
        found[f"{name}ᵀ{name}x"] = Term((a.value.T @ (a.value @ x)).ravel(), a.uses)
    for m, a in matrices.items():
        for n, b in matrices.items():
            if a.value.shape[1] == b.value.shape[0]:
                found[f"{m}{n}"] = Term((a.value @ b.value).ravel(), a.uses | b.uses)
    return found


def _scalar_products(vectors: dict[str, Term], x: Vector) -> dict[str, Term]:
    found = {}
    for name, v in vectors.items():
        if name in {"sign(x)", "1", "1ₙ"}:
            continue
        if v.value.size == x.size > 1:
            inner = float(v.value @ x)
            found[f"({name}·x) {name}"] = Term(inner * v.value, v.uses)
            found[f"({name}·x) x"] = Term(inner * x, v.uses)
            for other, w in vectors.items():
                if w.uses and w.uses != v.uses and w.value.size == x.size:
                    found[f"({name}·x) {other}"] = Term(inner * w.value, v.uses | w.uses)
        if x.size == 1 and v.uses:
            found[f"Σ{name}"] = Term(np.array([v.value.sum()]), v.uses)
            found[f"Σ{name} x"] = Term(v.value.sum() * x, v.uses)
            found[f"Σ{name}/x"] = Term(v.value.sum() / x, v.uses)
            found[f"Σ{name}/(1 − x)"] = Term(v.value.sum() / (1 - x), v.uses)
    return found


def _elementwise(vectors: dict[str, Term], x: Vector) -> dict[str, Term]:
    none: frozenset[str] = frozenset()
    found = {
        "1/x": Term(1 / x, none),
        "1/(1 − x)": Term(1 / (1 - x), none),
        "x²": Term(x**2, none),
        "x³": Term(x**3, none),
        "e^x": Term(np.exp(x), none),
        "e^−x": Term(np.exp(-x), none),
        "x/‖x‖": Term(x / np.linalg.norm(x), none),
    }
    for name, v in vectors.items():
        if v.uses and v.value.size == x.size:
            found[f"{name}∘x"] = Term(v.value * x, v.uses)
            found[f"{name}²"] = Term(v.value**2, v.uses)
    return found


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
