"""A table of numbers read from the user's own file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from optidemo.names import unknown_name
from optidemo.storage.columns import FileColumns

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from optidemo.arrays import Vector
    from optidemo.rows import Samples

__all__ = ["DataError", "Progress", "Table", "chosen", "positions"]

Progress: TypeAlias = Callable[[int, int], object]
"""Called as ``progress(bytes_done, bytes_total)`` while a file is read."""


class DataError(ValueError):
    """The user's data cannot be used; the message names the file, the row, the column, the mend."""


@dataclass(frozen=True, eq=False, repr=False)
class Table:
    """Named columns of finite numbers.

    Attributes
    ----------
    path
        The file they were read from.
    columns
        The names, in the order of `values`' columns.
    values
        The numbers, ``(n, d)``: an array, a read-only view of the file if that is a float64 ``.npy``,
        or `FileColumns` of a large ``.npy`` of any type.
    """

    path: Path
    columns: tuple[str, ...]
    values: Samples

    @property
    def name(self) -> str:
        """The file's name, for messages and titles."""
        return self.path.name

    @property
    def numeric(self) -> tuple[str, ...]:
        """The columns that hold numbers: all of them."""
        return self.columns

    @property
    def units(self) -> dict[str, str]:
        """The units that are known: none, for a file of numbers does not tell."""
        return {}

    def column(self, name: str) -> Vector:
        """Give one column, ``(n,)``; raises `DataError` with the nearest name if there is none."""
        column = self.matrix(name)
        return (column.read() if isinstance(column, FileColumns) else column)[:, 0]

    def matrix(self, *names: str) -> Samples:
        """Give columns side by side, ``(n, d)``: those named, else all; all of them uncopied."""
        if names in {(), self.columns}:
            return self.values
        where = positions(self.name, self.columns, names)
        if isinstance(self.values, FileColumns):
            return self.values.columns(where)
        return self.values[:, where]

    def __len__(self) -> int:
        return len(self.values)

    def __repr__(self) -> str:
        return f"Table {self.name!r}: {len(self)} rows of {', '.join(self.columns)}"


def positions(file: str, columns: tuple[str, ...], names: Iterable[str]) -> list[int]:
    """Find columns by name.

    Raises
    ------
    DataError
        If one is missing (the message has the nearest name) or is named twice.
    """
    found: list[int] = []
    for name in names:
        if name not in columns:
            raise DataError(unknown_name(f"column of {file}", name, columns))
        if columns.index(name) in found:
            raise DataError(f"column {name!r} of {file} is asked for twice; name it once.")
        found.append(columns.index(name))
    return found


def chosen(
    file: str, header: tuple[str, ...], columns: Sequence[str] | None, target: str | None
) -> list[int]:
    """Find the columns to read: those named (None: all), and the target, which must be there."""
    names = list(header if columns is None else columns)
    return positions(file, header, names if target in {None, *names} else [*names, str(target)])
