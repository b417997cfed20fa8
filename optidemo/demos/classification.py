"""Logistic regression on Challenger's O-rings, and the SVM on irises."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import scipy.optimize

from optidemo.checks.check import Check
from optidemo.checks.reference import against_minimize, to_printed_digits
from optidemo.datasets import (
    DataError,
    Design,
    design as make_design,
    load_dataset,
    manageable,
    npy_file,
)
from optidemo.datasets.units import weight_units
from optidemo.demos.case import Case, Demo, Planned, as_it_ends, part_of
from optidemo.demos.newton_point import newton_point
from optidemo.objectives import SVM, LogisticRegression
from optidemo.objectives.separation import lowest_margin
from optidemo.solvers.newton import newton
from optidemo.solvers.steps import BarzilaiBorwein
from optidemo.status import Status

if TYPE_CHECKING:
    from optidemo.arrays import Vector

__all__ = ["CLASSIFICATION"]

PROGRAM = 1_000_000  # numbers in X beyond which the linear program takes minutes
LONG = (
    "On so many samples the linear program for the exact minimum would take very long: subgradient "
    "descent comes near it. Add a ridge for a minimum that is found fast: "
    "optidemo.solve(SVM(X, y) + SquaredL2Norm(d))."
)
RIDGE = "in Python, optidemo.solve({}(X, y) + 0.1 * SquaredL2Norm(d)) has one answer"
LAUNCH = 31.0  # °F at the joints on the morning of 28 January 1986


def two_classes(made: Design, low: float) -> Vector:
    """Return the user's labels as `low` and 1; they may be written 0/1 or −1/1."""
    assert made.y is not None  # noqa: S101  (both demos need a target)
    found = np.unique(made.y)
    if len(found) != 2 or not set(found.tolist()) <= {-1.0, 0.0, 1.0}:
        shown = ", ".join(f"{v:g}" for v in found[:5]) + (", …" if len(found) > 5 else "")
        one = " Both classes are needed." if len(found) == 1 else ""
        raise DataError(
            f"the target {made.target!r} must hold two labels, 0 and 1 or −1 and 1, but holds {shown}.{one}"
        )
    return np.where(made.y == found[1], 1.0, low)


def _logistic(seed: int, design: Design | None) -> Case:
    """P(distress) against temperature, the 23 flights before the accident."""
    dataset = load_dataset("challenger_orings")
    own = design is not None
    made = manageable(design) if design is not None else make_design(
        dataset, "any_distress", ["temperature_F"], standardize=True
    )  # fmt: skip
    f = LogisticRegression(made.X, two_classes(made, 0.0))
    known = f.optimum() or f.optimum_near(newton(f).x)
    attained = known.attained

    def references(w: Vector) -> list[Check]:
        if not attained:
            v = known.direction
            assert v is not None  # noqa: S101
            worst = max(-lowest_margin(f.rows, v), 0.0)
            return [Check("the direction separates: min (2yᵢ−1)xᵢᵀv ≥ 0", worst, 1e-9)]
        gap = f.stationarity(w) / _largest_gradient(f)
        checks = [
            against_minimize(f, w),
            Check("Xᵀ(σ(Xw) − y) = 0, relative to Σ |xᵢⱼ|", gap, 1e-8),
        ]
        if not own:
            constant, slopes = made.coefficients(w)
            checks += [
                to_printed_digits("published intercept", constant, "15.0429"),
                to_printed_digits("published slope", float(slopes[0]), "-0.2322"),
                to_printed_digits("published deviance", 2 * f.value(w), "20.315"),
                to_printed_digits("P(distress at 31 °F)", _at(made, w, LAUNCH), "0.9996"),
            ]
        return checks

    def findings(w: Vector) -> list[str]:
        constant, slopes = made.coefficients(w)
        names = made.features[1:] if made.intercept else made.features
        terms = " ".join(f"{b:+.5g} {n}" for b, n in zip(slopes, names, strict=True))
        found = [f"P({made.target} = 1) = σ({constant:.6g} {terms})"]
        if not own:
            found.append(
                f"P(distress at {LAUNCH:g} °F) = {_at(made, w, LAUNCH):.4f}: do not launch."
            )
        return found

    status = Status.CONVERGED if attained else known.status
    runs: tuple[Planned, ...] = (
        Planned("newton", {}, status, 1e-6 if own else 1e-9),
        Planned("gradient-descent", {}, status, 1e-4),
        Planned("accelerated-gradient", {}, status, 1e-4),
        Planned("gradient-descent", {"step": BarzilaiBorwein()}, status, 1e-4),
    )
    large = own and made.large
    if own and (attained or large):
        runs = (runs[0], *as_it_ends(runs[1:], made))
    return Case(
        objective=f,
        data=f"{f.n} samples × {f.d} columns"
        if own
        else f"23 flights, standardised temperature: {dataset.title}",
        source="the file given" if own else dataset.source,
        runs=runs,
        best=newton_point(f) if attained and not large else None,
        references=references,
        lecture="Objective 9 is the probability alone; with the likelihood of objective 16 it can be fitted.",
        findings=findings,
        notes=made.notes,
        part=_logistic(seed, part_of(made, npy_file.LARGE)) if large else None,
        units=weight_units(made, "log-odds"),
    )


def _largest_gradient(f: LogisticRegression | SVM) -> float:
    """Return the norm of Σᵢ |xᵢⱼ|, beyond which no gradient lies, so that the units of X do not count."""
    return float(np.linalg.norm(f.rows.sum(lambda X, _y: np.abs(X).sum(axis=0)))) or 1.0


def _at(made: Design, w: Vector, x: float) -> float:
    constant, slopes = made.coefficients(w)
    return float(1 / (1 + np.exp(-(constant + slopes[0] * x))))


def _svm(seed: int, design: Design | None) -> Case:
    """Versicolor against virginica, by the length and width of the petal."""
    own = design is not None
    iris = load_dataset("iris")
    if design is not None:
        design = manageable(design)
        X, y = design.X, two_classes(design, -1.0)
        features, notes = design.features, design.notes
    else:
        species = np.asarray(iris.column("species"))
        rows = species != species[0]
        petal = iris.matrix("petal_length_cm", "petal_width_cm")[rows]
        X = np.column_stack([np.ones(len(petal)), petal])
        y = np.where(species[rows] == species[-1], 1.0, -1.0)
        features, notes = ("intercept", "petal_length_cm", "petal_width_cm"), ()
    f = SVM(X, y)
    long = design is not None and design.size > PROGRAM

    def references(w: Vector) -> list[Check]:
        n = len(y)
        dual = scipy.optimize.linprog(
            -np.ones(n),
            A_eq=(X * y[:, None]).T,
            b_eq=np.zeros(f.d),
            bounds=(0, 1),
            method="highs-ds",
        )
        least = np.nan if dual.fun is None else -dual.fun  # None: scipy found no answer
        gap = abs(f.value(w) - least) / max(f.value(w), 1.0)
        distance = f.stationarity(w) / _largest_gradient(f)
        return [
            Check("f = the dual linear program (scipy.optimize.linprog)", gap, 1e-9),
            Check("0 is a subgradient, relative to Σ |xᵢⱼ|", distance, 1e-9),
        ]

    def findings(w: Vector) -> list[str]:
        wrong = int(f.rows.sum(lambda X, y: np.sum(y * (X @ w) <= 0)))
        weights, names = w, features
        if design is not None and (design.standardized or design.intercept):
            constant, slopes = design.coefficients(w)
            weights = np.r_[constant, slopes]
            names = ("intercept", *(features[1:] if design.intercept else features))
        named = " ".join(f"{v:+.5g} {n}" for v, n in zip(weights, names, strict=True))
        return [
            f"The sign of {named} decides; {wrong} of {len(y)} samples are on the wrong side.",
            f"The hinge loss is {f.value(w):.6g}.",
        ]

    descent = Planned("subgradient-descent", {"maxiter": 2000}, Status.MAXITER)
    runs = (descent,) if long else (Planned("linear-program"), descent)
    return Case(
        objective=f,
        data=f"{len(y)} samples × {f.d} columns"
        if own
        else "100 flowers, petal length and width in cm",
        source="the file given" if own else iris.source,
        runs=runs if design is None else as_it_ends(runs, design),
        best=None if long else f.linear_program(),
        references=references,
        lecture="∇f = −Σ yᵢxᵢ over the samples whose margin is below 1.",
        findings=findings,
        flat=True,
        notes=(
            *notes,
            LONG if long else "The minimiser may not be unique, so f is compared, not w.",
        ),
        part=_svm(seed, part_of(design, PROGRAM)) if design is not None and long else None,
    )


CLASSIFICATION = (
    Demo(
        "logistic-regression", "9′", "Challenger's O-rings: would you launch at 31 °F?",
        LogisticRegression.formula, "classification", _logistic, takes_data=True, target=True, intercept=True,
        few_rows=RIDGE.format("LogisticRegression"),
    ),
    Demo(
        "svm", "12", "Hinge loss: two kinds of iris", SVM.formula, "classification", _svm,
        takes_data=True, target=True, intercept=True, few_rows=RIDGE.format("SVM"),
    ),
)  # fmt: skip
