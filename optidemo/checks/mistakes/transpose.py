"""Ax or 2Ax where (A + Aᵀ)x is due, A where Aᵀ is due: alone or inside a product."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from optidemo.checks.answer import attempt, real_array
from optidemo.checks.mistakes.probe import ALL, Probe
from optidemo.checks.rebinding import Datum, with_datum
from optidemo.checks.report import Mistake

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from optidemo.checks.mistakes.case import Case
    from optidemo.checks.samples import Sample

__all__ = ["missing_transpose"]

USES = 12


def missing_transpose(case: Case) -> Mistake | None:
    """Play the transpose at each use of each square matrix, and see whether that mends the gradient."""
    for datum in case.data:
        a = np.asarray(datum.value)
        if a.ndim != 2 or a.shape[0] != a.shape[1] or len(a) < 2:
            continue
        for use in _uses(case, datum):
            found = _mends(case, datum, use)
            if found:
                sentence = f"a transpose of {datum.name} is missing: {found}."
                return Mistake("missing-transpose", sentence, {"matrix": datum.name, "use": use})
    return _by_jacobian(case) or _of_variable(case)


def _uses(case: Case, datum: Datum) -> Iterator[int]:
    probe = Probe.of(_matrix(case.smooth[0], datum), -1, "zero") if case.smooth else None
    if probe is None:
        return
    _play(case, case.smooth[0], datum, probe)
    count = min(probe.counter.count + 1, USES)
    yield from range(count)
    if count > 1:
        yield ALL


def _matrix(s: Sample, datum: Datum) -> Any:
    return s.args[datum.position] if datum.position is not None else datum.value


def _play(case: Case, s: Sample, datum: Datum, probe: Probe) -> Any:
    grad, args = with_datum(case.problem.grad, s.args, datum, probe)
    out, error = attempt(grad, case.problem.give(s.x), *args)
    if error:
        return None
    if isinstance(out, Probe):
        out = out.plain()
    return real_array(out)


def _mends(case: Case, datum: Datum, use: int) -> str:
    def played(s: Sample, play: str) -> Any:
        key = f"{datum.name} {use} {play}"
        if key not in s.extra:
            s.extra[key] = _play(case, s, datum, Probe.of(_matrix(s, datum), use, play))
            if s.extra[key] is None or s.extra[key].size != s.reference.value.size:
                s.extra[key] = np.full(s.reference.value.size, np.nan)
            s.extra[key] = s.extra[key].ravel()
        return s.extra[key]

    yours = case.yours
    n = datum.name
    if case.fits(lambda s: played(s, "transpose")):
        return f"{n} stands where {n}ᵀ is due{_unless_symmetric(n)}"
    if case.fits(lambda s: 0.5 * (yours(s) + played(s, "transpose"))):
        doubled = _doubled(case, datum, lambda s: yours(s) - played(s, "zero"))
        return doubled + _unless_symmetric(n)
    if case.fits(lambda s: yours(s) + played(s, "transpose") - played(s, "zero")):
        return f"{n} stands where {n} + {n}ᵀ is due"  # half of it where A is symmetric
    return ""


def _unless_symmetric(name: str) -> str:
    return f". It is right only where {name} is symmetric"


def _doubled(case: Case, datum: Datum, part: Callable[[Sample], Any]) -> str:
    """Say what stands in place of the symmetric part; `part` is what comes of it in the answer."""
    s, n = case.smooth[0], datum.name
    a, t = np.asarray(_matrix(s, datum)), part(s)
    for m, name in ((a, n), (a.T, f"{n}ᵀ")):
        v = _applied(m, s.x.reshape(case.problem.shape))
        if v.size != t.size or not v.any():
            continue
        c = float(t @ v) / float(v @ v)
        if np.allclose(t, c * v, rtol=1e-7, atol=1e-9 * np.abs(t).max()):
            if abs(c - 1) <= 1e-9:
                return f"{name} stands where ½({n} + {n}ᵀ) is due"
            return f"2{name} stands where {n} + {n}ᵀ is due"
    return f"2{n} stands where {n} + {n}ᵀ is due"


def _applied(m: Any, x: Any) -> Any:
    row = x.ndim == 2 and x.shape[0] == 1
    return (m @ (x.T if row else x)).ravel() if m.shape[1] == x.shape[int(row)] else np.zeros(0)


def _by_jacobian(case: Case) -> Mistake | None:
    """Without access to A: is the derivative of grad J where the Hessian is J + Jᵀ or ½(J + Jᵀ)?"""
    d = case.problem.size
    if case.problem.out_shape != () or not 2 <= d <= 64 or not case.smooth:
        return None
    from optidemo.checks.mistakes.jacobian import jacobian_of

    j = jacobian_of(case, case.smooth[0])
    if j is None or np.abs(j - j.T).max() <= 1e-5 * np.abs(j).max():
        return None
    even, odd = np.abs(j + j.T), np.abs(j - j.T)
    if even[~np.eye(d, dtype=bool)].max() <= 1e-5 * odd.max():
        return (
            None  # that A would be antisymmetric: no term of f, but a rotation added to a gradient
        )
    for name, alternative in (
        (
            f"2A stands where A + Aᵀ is due{_unless_symmetric('A')}",
            lambda s: case.yours(s) + 0.5 * (j.T - j) @ s.x,
        ),
        ("A stands where A + Aᵀ is due", lambda s: case.yours(s) + j.T @ s.x),
    ):
        if _roughly(case, alternative):
            sentence = f"a transpose is missing: {name}."
            return Mistake("missing-transpose", sentence, {"matrix": "", "use": 0})
    return None


def _roughly(case: Case, alternative: Any) -> bool:
    """Fit to the accuracy of a Jacobian by differences, at every point."""
    for s in case.smooth:
        miss = np.abs(alternative(s) - s.reference.value)[s.known]
        if miss.max(initial=0.0) > 1e-5 * np.abs(s.reference.value[s.known]).max(initial=0.0):
            return False
    return True


def _square(case: Case, s: Sample) -> Any:
    d = round(case.yours(s).size ** 0.5)
    return case.yours(s).reshape(d, d)


def _of_variable(case: Case) -> Mistake | None:
    """Find that x itself is a square matrix, and grad the transpose of the gradient."""
    shape = case.problem.out_shape + case.problem.shape
    if len(shape) != 2 or shape[0] != shape[1] or shape[0] < 2:
        return None
    if case.problem.out_shape:
        for c in (0.5, 1.0):  # a Hessian 2A or A where A + Aᵀ is due
            if case.fits(lambda s, c=c: c * (_square(case, s) + _square(case, s).T).ravel()):  # type: ignore[misc]
                sentence = "a Hessian is symmetric: A stands where A + Aᵀ is due."
                return Mistake("missing-transpose", sentence, {"matrix": ""})
    if not case.fits(lambda s: _square(case, s).T.ravel()):
        return None
    return Mistake(
        "missing-transpose", "the matrix that grad returns is transposed.", {"matrix": "x"}
    )
