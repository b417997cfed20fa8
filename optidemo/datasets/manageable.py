"""Columns that float64 arithmetic cannot bear as they are: far from 0 beside their spread, or beyond 1e±90.

Both are mended without any rounding. The difference of two numbers within a factor of two of each
other is exact (P. H. Sterbenz, Floating-Point Computation, 1974), and so is a product with a power
of two.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from optidemo.datasets.spread import ends
from optidemo.datasets.table import DataError
from optidemo.linalg.scale import LONGEST, SHORTEST
from optidemo.storage.columns import FileColumns

if TYPE_CHECKING:
    from optidemo.arrays import Vector
    from optidemo.datasets.design import Design

__all__ = ["manageable"]

LEAST = (
    2.0**-480
)  # and 1/LEAST: between 1e-144 and 1e144 the sum of the squares is far from the ends
FAR = 1e5  # times its range: XᵀX then tells a column from the intercept by a few digits only


def manageable(design: Design) -> Design:
    """Return the design of an unpenalised fit with its extreme columns shifted and scaled, exactly.

    Where there is an intercept to take it up, a number near all entries of a far column is subtracted
    from it, and from y alike; a column whose squares no float64 can hold is divided by a power of two.
    The fit is the same: `Design.coefficients` gives it in the units of the data.

    Raises
    ------
    DataError
        If the squares of y are beyond what a float64 can hold: f would be, too.
    """
    _refuse_target(design)
    low, high = ends(design.X)
    shift, origin = np.zeros(len(low)), 0.0
    if design.intercept:
        shift = np.array([_near(a, b) for a, b in zip(low.tolist(), high.tolist(), strict=True)])
        if design.y is not None:
            origin = _near(float(design.y.min()), float(design.y.max()))
    size = np.maximum(np.abs(low - shift), np.abs(high - shift))
    unsafe = (size > 0.0) & ((size < SHORTEST) | (size > LONGEST))
    scale = np.where(unsafe, np.ldexp(1.0, np.frexp(size)[1] - 1), 1.0)
    if not (shift.any() or origin or unsafe.any()):
        return design
    X = design.X
    if isinstance(X, FileColumns):
        X = replace(X, shifts=(*X.shifts, shift), scale=scale)
    elif shift.any() or unsafe.any():
        X = (X - shift) / scale
    return replace(
        design,
        X=X,
        y=None if design.y is None else design.y - origin,
        mean=design.mean + shift,
        scale=design.scale * scale,
        origin=design.origin + origin,
        notes=(*design.notes, *_notes(design, shift, origin, scale)),
    )


def _refuse_target(design: Design) -> None:
    largest = 0.0 if design.y is None else float(np.abs(design.y).max())
    if largest and not LEAST <= largest <= 1.0 / LEAST:
        raise DataError(
            f"column {design.target!r} has entries of about {largest:.0e}, and f, which squares them, "
            "is beyond what a float64 can hold; multiply the column by a power of ten that brings it "
            "nearer to 1."
        )


def _near(low: float, high: float) -> float:
    """Return a number of few digits near all entries, if they are far from 0; otherwise 0."""
    width, middle = high - low, 0.5 * low + 0.5 * high
    if not 0.0 < FAR * width < min(abs(low), abs(high)):
        return 0.0
    return float(f"{middle:.{math.ceil(math.log10(abs(middle) / width))}g}")


def _notes(design: Design, shift: Vector, origin: float, scale: Vector) -> list[str]:
    """Say what was done to which column."""
    names = [*design.features, design.target]
    moved = [
        f"{m:.15g} {{}}from {name}" for name, m in zip(names, [*shift, origin], strict=True) if m
    ]
    powers = [
        f"{name} {{}}by 2^{math.frexp(s)[1] - 1}"
        for name, s in zip(design.features, scale, strict=True)
        if s != 1.0
    ]
    same = "This rounds nothing, and the result is in the numbers of the file."
    notes = []
    if moved:
        notes.append(
            f"Before the fit {_listed(moved, 'was subtracted ')}, beside which so small a variation "
            f"would be lost to rounding. {same}"
        )
    if powers:
        notes.append(
            f"Before the fit {_listed(powers, 'was divided ')}, since the squares are beyond what a "
            f"float64 can hold. {same}"
        )
    return notes


def _listed(parts: list[str], verb: str) -> str:
    """Join the parts; the first has the verb."""
    first, *others = parts
    return ", ".join([first.format(verb), *(other.format("") for other in others)])
