"""The terms that may stand in a gradient: x, sign(x), 1, the data, and their products."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from optidemo.checks.rebinding import variable_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from optidemo.arrays import Vector
    from optidemo.checks.mistakes.case import Case
    from optidemo.checks.samples import Sample

__all__ = ["Term", "library"]


class Term(NamedTuple):
    """A vector that may stand in a gradient, and the data it is made of."""

    value: Vector
    uses: frozenset[str]


def library(case: Case, s: Sample, other: Mapping[str, Any] | None = None) -> dict[str, Term]:
    """All candidate terms at a point, simplest first: x, sign(x), 1, the data, and their products.

    They bear the names that the student gave to x and to the data; `other` are other values of data.
    """
    d = s.x.size
    x = variable_name(case.problem.fun)
    none: frozenset[str] = frozenset()
    vectors: dict[str, Term] = {
        x: Term(s.x, none),
        "1": Term(np.ones(d), none),
        f"sign({x})": Term(np.sign(s.x), none),
    }
    matrices: dict[str, Term] = {}
    shape = case.problem.shape
    for datum in case.data:
        a = np.asarray(s.args[datum.position] if datum.position is not None else datum.value)
        a = np.asarray((other or {}).get(datum.name, a))
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
            if a.T.shape == shape:
                vectors[datum.name + "ᵀ"] = Term(a.T.ravel(), uses)
        elif a.ndim >= 1:
            vectors[datum.name] = Term(a.ravel(), uses)
    full = dict(vectors)
    if len(shape) == 2 and min(shape) > 1:
        full |= _matrix_products(x, s.x.reshape(shape), matrices)
    else:
        once = _products(matrices, vectors)
        full |= once | _products(matrices, once) | _residuals(matrices, vectors, x, s.x)
        whole = {n: t for n, t in full.items() if t.value.size == d}
        if d > 1:  # in one dimension f and 1 − f are matters of the chain rule
            full |= {f"f·{n}": Term(s.f[0] * t.value, t.uses) for n, t in whole.items()}
    full |= _scalar_products(vectors, x, s.x)
    full |= _elementwise(vectors, x, s.x)
    return {n: t for n, t in full.items() if t.value.size == d and np.isfinite(t.value).all()}


def _times(left: str, right: str) -> str:
    """Write a product: Ax, but Pm·mu, for Pmmu could be read otherwise."""
    names = re.findall(r"\w+", re.sub("[ᵀₙ²]", "", left + " " + right))
    return f"{left}·{right}" if any(len(n) > 1 for n in names) else left + right


def _transposed(name: str) -> str:
    return name[:-1] if name.endswith("ᵀ") else name + "ᵀ"


def _products(matrices: dict[str, Term], vectors: dict[str, Term]) -> dict[str, Term]:
    return {
        _times(m, v): Term(a.value @ u.value, a.uses | u.uses)
        for m, a in matrices.items()
        for v, u in vectors.items()
        if not v.startswith("sign(") and a.value.shape[1] == u.value.size
    }


def _residuals(
    matrices: dict[str, Term], vectors: dict[str, Term], x: str, at: Vector
) -> dict[str, Term]:
    """The whole gradient of ½‖Ax − b‖²: a data term that was left out."""
    return {
        f"{_transposed(m)}({_times(m, x)} − {v})": Term(
            a.value.T @ (a.value @ at - u.value), a.uses | u.uses
        )
        for m, a in matrices.items()
        for v, u in vectors.items()
        if u.uses and a.value.shape == (u.value.size, at.size)
    }


def _matrix_products(x: str, at: Any, matrices: dict[str, Term]) -> dict[str, Term]:
    found: dict[str, Term] = {f"{x}ᵀ": Term(at.T.ravel(), frozenset())}
    for name, a in matrices.items():
        for left, right, text in ((a.value, at, (name, x)), (at, a.value, (x, name))):
            if left.shape[1] == right.shape[0]:
                found[_times(*text)] = Term((left @ right).ravel(), a.uses)
        if name.endswith("ᵀ") or a.value.shape[1] != at.shape[0]:
            continue
        found[_times(f"{name}ᵀ", _times(name, x))] = Term(
            (a.value.T @ (a.value @ at)).ravel(), a.uses
        )
    for m, a in matrices.items():
        for n, b in matrices.items():
            if a.value.shape[1] == b.value.shape[0]:
                found[_times(m, n)] = Term((a.value @ b.value).ravel(), a.uses | b.uses)
    return found


def _scalar_products(vectors: dict[str, Term], x: str, at: Vector) -> dict[str, Term]:
    found = {}
    for name, v in vectors.items():
        if name in {f"sign({x})", "1", "1ₙ"}:
            continue
        if v.value.size == at.size > 1:
            inner = float(v.value @ at)
            found[f"({name}·{x}) {name}"] = Term(inner * v.value, v.uses)
            found[f"({name}·{x}) {x}"] = Term(inner * at, v.uses)
            for other, w in vectors.items():
                if w.uses and w.uses != v.uses and w.value.size == at.size:
                    found[f"({name}·{x}) {other}"] = Term(inner * w.value, v.uses | w.uses)
        if at.size == 1 and v.uses:
            total = v.value.sum()
            found[f"Σ{name}"] = Term(np.array([total]), v.uses)
            found[f"Σ{name}·{x}"] = Term(total * at, v.uses)
            found[f"Σ{name}/{x}"] = Term(total / at, v.uses)
            found[f"Σ{name}/(1 − {x})"] = Term(total / (1 - at), v.uses)
    return found


def _elementwise(vectors: dict[str, Term], x: str, at: Vector) -> dict[str, Term]:
    none: frozenset[str] = frozenset()
    found = {
        f"1/{x}": Term(1 / at, none),
        f"1/(1 − {x})": Term(1 / (1 - at), none),
        f"{x}²": Term(at**2, none),
        f"{x}³": Term(at**3, none),
        f"e^{x}": Term(np.exp(at), none),
        f"e^−{x}": Term(np.exp(-at), none),
        f"{x}/‖{x}‖": Term(at / np.linalg.norm(at), none),
    }
    for name, v in vectors.items():
        if v.uses and v.value.size == at.size:
            found[f"{name}∘{x}"] = Term(v.value * at, v.uses)
            found[f"{name}²"] = Term(v.value**2, v.uses)
    return found
