"""From a table to the matrix X and the target y of a model."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

import numpy as np

from optidemo.arrays import as_vector
from optidemo.datasets import npy_file
from optidemo.datasets.spread import ends, spread
from optidemo.datasets.table import DataError, Progress
from optidemo.datasets.user_file import read_table
from optidemo.storage.columns import FileColumns

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    from optidemo.arrays import Vector
    from optidemo.rows import Samples

__all__ = ["Design", "design", "read_design"]

INTERCEPT = "intercept"


class Columns(Protocol):
    """What `design` needs: a `Table` and a `Dataset` have it."""

    @property
    def name(self) -> str:
        """What the data are called in messages."""

    @property
    def numeric(self) -> tuple[str, ...]:
        """The columns that hold numbers."""

    @property
    def units(self) -> dict[str, str]:
        """The unit of each column, where it is known."""

    def matrix(self, *names: str) -> Samples:
        """Give the named columns side by side."""


@dataclass(frozen=True, eq=False)
class Design:
    """The matrix and the target of a model, and how they were made from the data's columns.

    Attributes
    ----------
    X
        One row a sample, ``(n, d)``; with an intercept its first column is all ones. An array, or
        `FileColumns` where the file is too large to be held.
    y
        The target, ``(n,)``; None if there is none.
    features
        The name of each column of `X`.
    target
        The name of `y`.
    intercept
        Whether the first column of `X` is the intercept.
    standardized
        Whether each feature was centred and divided by its standard deviation.
    mean, scale
        What was subtracted from each column of `X` and what it was then divided by, ``(d,)``: 0 and
        1 for an intercept, and throughout if nothing was standardised.
    notes
        What the user should know about the data, one sentence each.
    units
        The unit of each column of the data, where it is known.
    origin
        What was subtracted from the target; 0 unless `manageable` did.
    file
        The name of the file or of the data set, for messages.
    """

    X: Samples
    y: Vector | None
    features: tuple[str, ...]
    target: str | None
    intercept: bool
    standardized: bool
    mean: Vector
    scale: Vector
    notes: tuple[str, ...]
    units: dict[str, str] = field(default_factory=dict)
    origin: float = 0.0
    file: str = "the data"

    @property
    def size(self) -> int:
        """How many numbers does X have?"""
        return self.X.shape[0] * self.X.shape[1]  # type: ignore[no-any-return]

    @property
    def large(self) -> bool:
        """Is X so large that a pass over it takes noticeable time?"""
        return isinstance(self.X, FileColumns) or self.size > npy_file.LARGE

    def part(self, count: int) -> Design:
        """Give so many of the samples, in memory, evenly spread: over y, so that no class is left out."""
        order = np.arange(len(self.X)) if self.y is None else np.argsort(self.y, kind="stable")
        some = np.sort(order[np.linspace(0, len(order) - 1, min(count, len(order))).astype(int)])
        return replace(self, X=self.X[some], y=None if self.y is None else self.y[some])

    def coefficients(self, w: Vector) -> tuple[float, Vector]:
        """Express the linear function ``w @ x`` of a row of `X` in the units of the data.

        Parameters
        ----------
        w
            The weights of the columns of `X`, ``(d,)``.

        Returns
        -------
        constant : float
            Its value where all features are 0: ``origin + w_0 − Σ wⱼ meanⱼ / scaleⱼ``.
        slopes : ndarray
            ``wⱼ / scaleⱼ`` for each feature, without the intercept.

        Raises
        ------
        DataError
            If a slope is beyond what a float64 can hold.
        """
        w = as_vector(w, "w", self.X.shape[1])
        with np.errstate(over="ignore"):
            slopes = w / self.scale
        if not np.isfinite(slopes).all():
            column = self.features[int(np.argmin(np.isfinite(slopes)))]
            raise DataError(
                f"the slope of column {column!r} is beyond what a float64 can hold; multiply the "
                "column by a power of ten that brings it nearer to 1."
            )
        constant = self.origin - float(slopes @ self.mean)
        return (constant + float(w[0]), slopes[1:]) if self.intercept else (constant, slopes)


def design(
    table: Columns,
    target: str | None = None,
    columns: Sequence[str] | None = None,
    *,
    intercept: bool = True,
    standardize: bool = False,
) -> Design:
    """Build the matrix X, and y if a target is named.

    Parameters
    ----------
    table
        A `Table` read from a file, or a `Dataset`.
    target
        The column to be explained; it is not a feature.
    columns
        The features, in the order wanted; None means every column of numbers but the target.
    intercept
        Put a column of ones before the features.
    standardize
        Subtract each feature's mean and divide by its standard deviation (divisor ``n − 1``, so
        that the covariance of the result is the correlation of the data).

    Returns
    -------
    Design
        `X` is the table's own memory, uncopied, if it is all of its columns as they are.

    Raises
    ------
    DataError
        If a column is missing, the target is among the features, no feature is left, or a feature
        is constant while there is an intercept (the two cannot be told apart) or it is to be
        standardised (its standard deviation is 0).
    """
    if columns is None:
        columns = [name for name in table.numeric if name != target]
    if target in columns:
        raise DataError(f"column {target!r} of {table.name} is the target and a feature; choose.")
    if not columns:
        raise DataError(f"{table.name} has no column left for a feature beside {target!r}.")
    features = table.matrix(*columns)
    y = None if target is None else _column(table.matrix(target))
    _refuse_constants(table.name, features, columns, intercept=intercept, standardize=standardize)
    first, d = int(intercept), int(intercept) + len(columns)
    mean, rest, scale = np.zeros(d), np.zeros(d), np.ones(d)
    if standardize:
        mean[first:], rest[first:], scale[first:] = spread(features)
    X: Samples
    if isinstance(features, FileColumns):
        X = replace(features, intercept=intercept)
        if standardize:
            X = replace(X, shifts=(mean, rest), scale=scale)
    else:
        X = np.column_stack([np.ones(len(features)), features]) if intercept else features
        if standardize:
            X = (X - mean - rest) / scale
    names = ((INTERCEPT,) if intercept else ()) + tuple(columns)
    notes, units = _notes(X), table.units
    return Design(
        X, y, names, target, intercept, standardize, mean + rest, scale, notes, units, file=table.name
    )  # fmt: skip


def _column(column: Samples) -> Vector:
    whole = column.read() if isinstance(column, FileColumns) else column
    return np.ascontiguousarray(whole[:, 0])


def read_design(
    path: str | os.PathLike[str],
    target: str | None = None,
    columns: Sequence[str] | None = None,
    *,
    intercept: bool = True,
    standardize: bool = False,
    progress: Progress | None = None,
) -> Design:
    """Read the user's file and build X and y: `read_table`, then `design`.

    Only the columns that are needed are read, so the others may hold text.
    """
    table = read_table(path, columns, progress, target)
    return design(table, target, columns, intercept=intercept, standardize=standardize)


def _refuse_constants(
    name: str, features: Samples, columns: Sequence[str], *, intercept: bool, standardize: bool
) -> None:
    if not (intercept or standardize):
        return
    low, high = ends(features)
    constant = np.flatnonzero(low == high)
    if constant.size:
        j = int(constant[0])
        reason = "its standard deviation is 0" if standardize else "the intercept is constant too"
        mend = "leave it out with --columns" + ("" if standardize else " or use --no-intercept")
        raise DataError(
            f"column {columns[j]!r} of {name} is {low[j]:g} in every row, and {reason}; {mend}."
        )


def _notes(X: Samples) -> tuple[str, ...]:
    n, d = X.shape
    if n >= d:
        return ()
    return (f"{n} rows for {d} unknowns: infinitely many fits are equally good.",)
