"""The terms that may stand in a gradient: x, sign(x), 1, the data, and their products."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from optidemo.arrays import Vector
    from optidemo.checks.mistakes.case import Case
    from optidemo.checks.samples import Sample

__all__ = ["Term", "library"]


class Term(NamedTuple):
    """A vector that may stand in a gradient, and the data it is made of."""

    value: Vector
    uses: frozenset[str]


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
