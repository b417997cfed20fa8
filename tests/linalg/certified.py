"""Exact rational least squares, and the NIST sets: what the linear algebra is measured by."""

from __future__ import annotations

import json
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optidemo.arrays import Matrix, Vector

__all__ = ["SETS", "Certified", "exact_least_squares", "nist", "worst_digits"]

SETS: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "data" / "nist_strd.json").read_text(encoding="utf-8")
)["sets"]


@dataclass(frozen=True)
class Certified:
    """A NIST data set: its design in exact decimals, and the certified values."""

    decimals: list[list[Fraction]]
    targets: list[Fraction]
    coef: Vector
    sd: Vector
    residual_sd: float

    @property
    def design(self) -> Matrix:
        """The design as a user builds it: decimals rounded to float64 and powers taken then."""
        return np.array(self.decimals, dtype=float)

    @property
    def y(self) -> Vector:
        return np.array(self.targets, dtype=float)


def nist(name: str) -> Certified:
    entry = SETS[name]
    certified = entry["certified"]
    rows = [
        [Fraction(x) ** p for p in entry["powers"] for x in (row if p else row[:1])]
        for row in entry["x"]
    ]
    return Certified(
        decimals=rows,
        targets=[Fraction(y) for y in entry["y"]],
        coef=np.array(certified["coef"], dtype=float),
        sd=np.array(certified["sd"], dtype=float),
        residual_sd=float(certified["residual_sd"]),
    )


def exact_solve(A: list[list[Fraction]], b: Sequence[Fraction]) -> list[Fraction]:
    """Solve Ax = b by Gauss and Jordan, without rounding."""
    rows = [[*row, entry] for row, entry in zip(A, b, strict=True)]
    for i in range(len(rows)):
        pivot = next(j for j in range(i, len(rows)) if rows[j][i])
        rows[i], rows[pivot] = rows[pivot], rows[i]
        rows[i] = [entry / rows[i][i] for entry in rows[i]]
        for j, row in enumerate(rows):
            if j != i and row[i]:
                rows[j] = [a - row[i] * b for a, b in zip(row, rows[i], strict=True)]
    return [row[-1] for row in rows]


def exact_least_squares(
    X: Sequence[Sequence[Any]],
    y: Sequence[Any],
    weights: Sequence[Any] | None = None,
    ridge: float = 0.0,
) -> list[Fraction]:
    """Solve the normal equations for these very float64 numbers, without rounding."""
    A = [[Fraction(a) for a in row] for row in X]
    b = [Fraction(a) for a in y]
    c = [Fraction(1)] * len(b) if weights is None else [Fraction(a) for a in weights]
    d = range(len(A[0]))
    gram = [
        [
            sum((ci * row[j] * row[k] for ci, row in zip(c, A, strict=True)), Fraction(0))
            + (Fraction(ridge) if j == k else 0)
            for k in d
        ]
        for j in d
    ]
    right = [
        sum((ci * row[j] * bi for ci, row, bi in zip(c, A, b, strict=True)), Fraction(0)) for j in d
    ]
    return exact_solve(gram, right)


def worst_digits(found: Vector, exact: Sequence[Any]) -> float:
    """Correct digits (log relative error) of the worst entry, at most 15: NIST prints no more."""
    errors = [
        abs((Fraction(a) - Fraction(e)) / Fraction(e)) if e else abs(Fraction(a))
        for a, e in zip(found.tolist(), exact, strict=True)
    ]
    return float(min(15.0, -np.log10(float(max(errors)) + 1e-30)))
