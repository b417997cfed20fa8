"""PCA on Fisher's irises."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import scipy.linalg

from optidemo.checks.check import Check
from optidemo.checks.reference import same_eigenvector, to_printed_digits
from optidemo.datasets import DataError, Design, design as make_design, load_dataset
from optidemo.datasets.spread import ends
from optidemo.demos.case import Case, Demo, Planned, as_it_ends
from optidemo.linalg.eigen import pca
from optidemo.objectives import PCA
from optidemo.rows import Rows

if TYPE_CHECKING:
    from optidemo.arrays import Matrix, Vector
    from optidemo.rows import Samples

__all__ = ["COMPONENTS"]

PUBLISHED = ("4.22824171", "0.24267075", "0.0782095", "0.02383509")


def _pca(seed: int, design: Design | None) -> Case:  # noqa: ARG001  (nothing is random)
    """The covariance of the data; its top eigenvector on the sphere."""
    own = design is not None
    iris = load_dataset("iris")
    made = design if design is not None else make_design(iris, intercept=False)
    if made.X.shape[1] < 2:
        raise DataError(
            f"pca needs two columns or more, but the data have one: {made.features[0]}."
        )
    components = pca(made.X, min(made.X.shape))
    if not components.explained_variance.any():
        raise DataError(
            f"pca needs a column that varies, but all are constant: {', '.join(made.features)}."
        )
    S = _covariance(made.X, components.mean)
    f = PCA(S)

    def references(x: Vector) -> list[Check]:
        values, vectors = scipy.linalg.eigh(S)
        top = values >= values[-1] * (1 - 1e-12)
        mine = np.zeros_like(values)  # with fewer rows than columns the rest have variance 0
        mine[-len(components.explained_variance) :] = np.sort(components.explained_variance)
        checks = [
            same_eigenvector("x = scipy.linalg.eigh's eigenvector, up to sign", x, vectors[:, top], 1e-7),
            Check("xᵀSx = its largest eigenvalue", abs(float(x @ S @ x) / values[-1] - 1), 1e-12),
            Check("variances = eigenvalues", float(np.abs(mine - values).max() / values[-1]), 1e-12),
            Check("‖x‖ = 1 (∂f/∂λ = 0)", abs(f.lam_gradient(x)), 1e-14),
        ]  # fmt: skip
        if not own:
            pairs = zip(components.explained_variance, PUBLISHED, strict=True)
            checks += [
                to_printed_digits(f"published eigenvalue {i}", float(v), p)
                for i, (v, p) in enumerate(pairs, 1)
            ]
        return checks

    def findings(x: Vector) -> list[str]:
        share = float(x @ S @ x) / float(np.trace(S))
        named = ", ".join(f"{v:+.3f} {n}" for v, n in zip(x, made.features, strict=True))
        return [
            f"The first principal axis is {named}.",
            f"Along it the variance is {float(x @ S @ x):.4f}, {100 * share:.1f} % of the total.",
        ]

    runs = (
        Planned("closed-form"), Planned("sphere-gradient"), Planned("power-iteration", {"tol": 1e-10}),
    )  # fmt: skip
    return Case(
        objective=f,
        data=f"covariance (divisor n − 1) of {len(made.X)} samples × {made.X.shape[1]} columns"
        + ("" if own else f": {iris.title}"),
        source="the file given" if own else iris.source,
        runs=as_it_ends(runs, made) if own else runs,
        best=f.closed_form(),
        references=references,
        lecture="The eigenvector of the largest eigenvalue gives the highest f, true on the sphere "
        "xᵀx = 1.",
        findings=findings,
        sphere=True,
        notes=_notes(made),
    )


def _notes(made: Design) -> tuple[str, ...]:
    """Say which variances are 0 beforehand."""
    n, d = made.X.shape
    low, high = ends(made.X)
    constant = [name for name, a, b in zip(made.features, low, high, strict=True) if a == b]
    notes = []
    if constant:
        notes.append(
            f"Constant, so of variance 0 and in no axis that has one: {', '.join(constant)}."
        )
    if n <= d:
        notes.append(
            f"{n} rows for {d} columns: at most {n - 1} of the components have a variance."
        )
    return tuple(notes)


def _covariance(X: Samples, mean: Vector) -> Matrix:
    """Return the covariance as the textbook has it, in one pass over the samples.

    What rounding left in the mean is corrected for: beside an offset of 1e15 it is no small part of
    the spread.
    """

    def moments(X: Matrix) -> tuple[Vector, Matrix]:
        centred = X - mean
        return centred.sum(axis=0), centred.T @ centred

    left, squares = Rows(X).sum(moments)
    return np.asarray(squares - np.outer(left, left) / len(X)) / (len(X) - 1)


COMPONENTS = (
    Demo(
        "pca", "13", "Principal components of Fisher's irises", PCA.formula, "components", _pca,
        takes_data=True,
    ),
)  # fmt: skip
