"""The data sets that ship with the package.

Each is a CSV file in this folder (UTF-8, a header row, one observation a row) and an entry of
``catalogue.toml`` with its title, source, status and units. ``SOURCES.md`` says where the numbers
were read and how they were verified.
"""

from __future__ import annotations

import csv
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from optidemo.names import unknown_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from optidemo.arrays import Matrix

    Column: TypeAlias = NDArray[np.float64] | NDArray[np.str_]

__all__ = ["Dataset", "list_datasets", "load_dataset"]


@dataclass(frozen=True, eq=False, repr=False)
class Dataset:
    """A small real data set: named columns of equal length, and where they come from.

    Attributes
    ----------
    name
        The name by which it is loaded.
    title
        One line that says what was observed.
    source
        The publication the numbers come from.
    status
        Why they may be shipped: public domain, or bare facts.
    note
        What one must know before fitting a model to them.
    columns
        The column names in the file's order.
    units
        The unit of each column, as it is written on an axis; ``"none"`` for a pure number, and
        ``"label"`` or ``"date"`` for text.
    values
        Each column as a read-only array ``(n,)``: float64, or str for a text column.
    """

    name: str
    title: str
    source: str
    status: str
    note: str
    columns: tuple[str, ...]
    units: dict[str, str]
    values: dict[str, Column]

    @property
    def numeric(self) -> tuple[str, ...]:
        """The columns that hold numbers."""
        return tuple(c for c in self.columns if self.values[c].dtype.kind == "f")

    def column(self, name: str) -> Column:
        """Give one column, ``(n,)``.

        Raises
        ------
        ValueError
            If there is no such column; the message names the nearest one.
        """
        if name not in self.values:
            raise ValueError(unknown_name(f"column of {self.name}", name, self.columns))
        return self.values[name]

    def matrix(self, *names: str) -> Matrix:
        """Give columns side by side, ``(n, d)``: those named, else every one that holds numbers.

        Raises
        ------
        ValueError
            If a column is unknown or holds text.
        """
        for name in names:
            if self.column(name).dtype.kind != "f":
                raise ValueError(
                    f"column {name!r} of {self.name} holds text ({self.units[name]}), not numbers. "
                    f"The columns of numbers are: {', '.join(self.numeric)}."
                )
        return np.column_stack([self.values[name] for name in names or self.numeric])

    def __len__(self) -> int:
        return len(self.values[self.columns[0]])

    def __repr__(self) -> str:
        lines = [f"Dataset {self.name!r}: {self.title} ({len(self)} rows)"]
        width = max(map(len, self.columns))
        for name in self.columns:
            column = self.values[name]
            first = ", ".join(
                f"{value:.10g}" if column.dtype.kind == "f" else value for value in column[:3]
            )
            lines.append(f"  {name:<{width}}  [{self.units[name]}]  {first}, …")
        return "\n".join([*lines, f"  source: {self.source}"])


def list_datasets() -> list[str]:
    """Name the data sets, in the order of the lecture's objectives that use them.

    Returns
    -------
    list of str
        The names that `load_dataset` takes.
    """
    return list(_catalogue())


def load_dataset(name: str) -> Dataset:
    """Load one of the data sets that ship with the package.

    Parameters
    ----------
    name : str
        One of `list_datasets`, such as ``"iris"``.

    Returns
    -------
    Dataset
        Its columns, their units and their source.

    Raises
    ------
    ValueError
        If there is no such data set; the message names the nearest one.

    Examples
    --------
    >>> from optidemo.datasets import load_dataset
    >>> load_dataset("iris").matrix("petal_length_cm", "petal_width_cm").shape
    (150, 2)
    """
    catalogue = _catalogue()
    if not isinstance(name, str) or name not in catalogue:
        raise ValueError(unknown_name("data set", name, catalogue))
    entry = catalogue[name]
    text = (resources.files("optidemo.datasets") / f"{name}.csv").read_text(encoding="utf-8")
    header, *rows = csv.reader(text.splitlines())
    columns = zip(*rows, strict=True)
    return Dataset(
        name=name,
        title=entry["title"],
        source=entry["source"],
        status=entry["status"],
        note=entry.get("note", ""),
        columns=tuple(header),
        units=dict(entry["units"]),
        values={key: _as_column(cells) for key, cells in zip(header, columns, strict=True)},
    )


@cache
def _catalogue() -> dict[str, dict[str, Any]]:
    text = (resources.files("optidemo.datasets") / "catalogue.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _as_column(cells: Sequence[str]) -> Column:
    column: Column
    try:
        column = np.array(cells, dtype=np.float64)
    except ValueError:
        column = np.array(cells, dtype=np.str_)
    column.flags.writeable = False
    return column
