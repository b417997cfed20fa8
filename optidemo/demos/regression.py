"""Linear regression on Longley's economy, Forbes' boiling points, Ezekiel's cars and Anscombe's warning."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import scipy.linalg

from optidemo.arrays import EPS
from optidemo.checks.check import Check
from optidemo.checks.reference import against_minimize, to_printed_digits
from optidemo.datasets import (
    Dataset,
    Design,
    design as make_design,
    load_dataset,
    manageable,
    npy_file,
)
from optidemo.datasets.units import weight_units
from optidemo.demos.case import Case, Demo, Planned, as_it_ends, part_of
from optidemo.linalg.least_squares import lstsq
from optidemo.linalg.scale import power_of_two
from optidemo.objectives import LinearRegression
from optidemo.solvers.steps import BarzilaiBorwein
from optidemo.status import Status

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from optidemo.arrays import Matrix, Vector

__all__ = ["REGRESSION"]

LONGLEY = {
    "intercept": "-3482258.63459582",
    "gnp_deflator": "15.0618722713733",
    "gnp_millions": "-0.358191792925910E-01",
    "unemployed_thousands": "-2.02022980381683",
    "armed_forces_thousands": "-1.03322686717359",
    "population_thousands": "-0.511041056535807E-01",
    "year": "1829.15146461355",
}
"""NIST StRD certified coefficients."""

LOST = 1e-2  # an error that would leave no more than two digits of w
MINIMUM_NORM = "in Python, optidemo.lstsq(X, y) gives the w of minimum norm"
LECTURE = "∇f = Xᵀ(Xw − y); set to zero it gives the normal equations."


def _case(made: Design, data: str, source: str, published: list[Check], *, slow: bool) -> Case:
    """Fit y by X; `slow` says that plain descent is not expected to arrive."""
    assert made.y is not None  # noqa: S101  (every caller names a target)
    X, y = made.X, made.y
    f = LinearRegression(X, y)
    best = f.closed_form()

    def references(w: Vector) -> list[Check]:
        summed = np.abs(X).T @ (np.abs(X) @ np.abs(w) + np.abs(y))  # what rounding is relative to
        residual = float(np.max(np.abs(X.T @ (X @ w - y)) / np.where(summed > 0, summed, 1.0)))
        return [
            _against_scipy(X, y, w),
            Check("Xᵀ(Xw − y) = 0, relative to |X|ᵀ(|X||w| + |y|)", residual, 1e-11),
            against_minimize(f, w, tolerance=1e-5),
            *published,
        ]

    def findings(w: Vector) -> list[str]:
        constant, slopes = made.coefficients(w)
        names = made.features[1:] if made.intercept else made.features
        terms = [f"{b:+.6g} {name}" for b, name in zip(slopes, names, strict=True)]
        left = f"{constant:.7g} " if made.intercept or made.standardized else ""
        deviation = y - y.mean()
        total = float(deviation @ deviation - deviation.sum() ** 2 / y.size)
        fit = f"{made.target} = {left}{' '.join(terms)}"
        if total == 0:
            return [fit, f"{made.target} is constant, so R² is not defined."]
        return [fit, f"R² = {1 - 2 * f.value(w) / total:.6g}"]

    plain = Planned(
        "gradient-descent", {"maxiter": 2000}, Status.MAXITER if slow else Status.CONVERGED, 1e-3
    )
    runs = (
        Planned("closed-form"), Planned("newton", error=1e-6), plain,
        Planned("accelerated-gradient", {"maxiter": 20_000}, error=1e-2),
        Planned("gradient-descent", {"step": BarzilaiBorwein(), "maxiter": 20_000}, error=1e-2),
    )  # fmt: skip
    return Case(
        f, data, source, runs, best, references, LECTURE, findings, notes=made.notes,
        units=weight_units(made),
    )  # fmt: skip


def _against_scipy(X: Matrix, y: Vector, w: Vector) -> Check:
    """Compare with scipy's answer, as far as its rounding goes: the condition number times 2e-16.

    Where the columns are independent they are given to it in like units, or it takes those that are
    small beside others for dependent. Else the shortest answer is meant, which a unit would change.
    Where rounding may leave w less than two digits, f is compared. The error is relative to w or, where
    y hardly depends on X, to ‖y‖/‖X‖, the least w that such an X needs to reach as far as y.
    """
    dependent = 10.0 * EPS * np.sqrt(X.shape[1])  # `lstsq` draws its line there, too
    unit = power_of_two(np.abs(X).max(axis=0))
    other, _, rank, sigma = scipy.linalg.lstsq(X * unit, y, cond=dependent)
    if rank < X.shape[1]:
        unit = np.ones(X.shape[1])
        other, _, rank, sigma = scipy.linalg.lstsq(X, y, cond=dependent)
    allowed = max(1e-6, 100 * float(EPS * sigma[0] / sigma[rank - 1]))
    if allowed > LOST:
        f = LinearRegression(X, y)
        more = (f.value(w) - f.value(other * unit)) / (0.5 * float(y @ y) or 1.0)
        name = "f is no worse than scipy.linalg.lstsq's; w is lost to rounding"
        return Check(name, max(more, 0.0), 1e-6)
    size = max(float(np.linalg.norm(other)), float(np.linalg.norm(y) / sigma[0])) or 1.0
    error = float(np.linalg.norm(w / unit - other)) / size
    return Check("w = scipy.linalg.lstsq", error, allowed)


def _own(made: Design) -> Case:
    """Fit the user's data: how an iterative solver ends there is not known beforehand."""
    data = f"{len(made.X)} samples × {made.X.shape[1]} columns"
    case = _case(made, data, "the file given", [], slow=True)
    part = _own(part_of(made, npy_file.LARGE)) if made.large else None
    return replace(case, runs=as_it_ends(case.runs, made), part=part)


def _longley(seed: int, design: Design | None) -> Case:  # noqa: ARG001
    """Standardised columns for the iterative solvers; NIST's coefficients in the data's own units."""
    if design is not None:
        return _own(manageable(design))
    longley = load_dataset("longley")
    features = [name for name in LONGLEY if name != "intercept"]
    raw = make_design(longley, "employed_thousands", features)
    scaled = make_design(longley, "employed_thousands", features, standardize=True)
    assert raw.y is not None  # noqa: S101
    coefficients = lstsq(raw.X, raw.y)
    published = [
        to_printed_digits(f"NIST: {name}", float(value), LONGLEY[name])
        for name, value in zip(raw.features, coefficients, strict=True)
    ]
    return _case(
        scaled, f"16 years × 6 standardised columns and an intercept: {longley.title}", longley.source,
        published, slow=True,
    )  # fmt: skip


def _one_feature(
    name: str, number: str, title: str, feature: str, target: str, published: tuple[str, str]
) -> Demo:
    def build(seed: int, design: Design | None) -> Case:  # noqa: ARG001
        if design is not None:
            return _own(manageable(design))
        dataset = load_dataset(name)
        made = make_design(dataset, target, [feature], standardize=True)
        raw = make_design(dataset, target, [feature])
        assert raw.y is not None  # noqa: S101
        w = lstsq(raw.X, raw.y)
        checks = [
            to_printed_digits("published intercept", float(w[0]), published[0]),
            to_printed_digits("published slope", float(w[1]), published[1]),
        ]
        data = f"{len(dataset)} points: {dataset.title}"
        return _case(made, data, dataset.source, checks, slow=False)

    return Demo(
        f"linear-regression-{name}", number, title, LinearRegression.formula, "regression", build,
        takes_data=True, target=True, intercept=True, few_rows=MINIMUM_NORM,
    )  # fmt: skip


def _anscombe(seed: int, design: Design | None) -> Case:  # noqa: ARG001
    """Four data sets, one line: the first is fitted, all four are compared."""
    if design is not None:
        return _own(manageable(design))
    anscombe = load_dataset("anscombe")
    group, x, y = (np.asarray(anscombe.column(c), dtype=float) for c in anscombe.columns)
    published = []
    for i in (1, 2, 3, 4):
        X = np.column_stack([np.ones(11), x[group == i]])
        w = lstsq(X, y[group == i])
        published += [
            to_printed_digits(f"published intercept, set {i}", float(w[0]), "3.00"),
            to_printed_digits(f"published slope, set {i}", float(w[1]), "0.500"),
        ]
    made = make_design(_Only(anscombe, group == 1), "y", ["x"], standardize=True)
    case = _case(made, f"set 1 of 4: {anscombe.title}", anscombe.source, published, slow=False)
    warning = "All four sets give this line; only the first looks like it. Plot the data."
    return replace(case, notes=(*case.notes, warning))


class _Only:
    """Some rows of a data set."""

    def __init__(self, dataset: Dataset, rows: NDArray[np.bool_]) -> None:
        self.dataset, self.rows = dataset, rows
        self.name, self.numeric, self.units = dataset.name, dataset.numeric, dataset.units

    def matrix(self, *names: str) -> Matrix:
        return np.asarray(self.dataset.matrix(*names)[self.rows])


REGRESSION = (
    Demo(
        "linear-regression", "5", "Longley's economy, made to break least squares",
        LinearRegression.formula, "regression", _longley, takes_data=True, target=True, intercept=True,
        few_rows=MINIMUM_NORM,
    ),
    _one_feature(
        "cars", "5a", "A line through the cars of the 1920s",
        "speed_mph", "stopping_distance_ft", ("-17.5791", "3.9324"),
    ),
    _one_feature(
        "forbes", "5b", "A line through Forbes' boiling points",
        "boiling_point_F", "pressure_inHg", ("-81.0637271", "0.522892401"),
    ),
    Demo(
        "linear-regression-anscombe", "5c", "Anscombe's warning", LinearRegression.formula, "regression",
        _anscombe, takes_data=True, target=True, intercept=True, few_rows=MINIMUM_NORM,
    ),
)  # fmt: skip
