"""The first row of a CSV file: what separates the cells, and what the columns are called."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from optidemo.datasets.table import DataError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["column_names", "delimiter_of"]


def delimiter_of(header: str) -> str:
    """Take the delimiter that is most frequent in the header, outside quotes."""
    bare = "".join(header.split('"')[::2])
    return max(",;\t", key=bare.count)


def column_names(path: Path, header: str, delimiter: str, *, all_used: bool) -> tuple[str, ...]:
    """Read the names of the columns."""
    try:
        rows = list(csv.reader(header.splitlines(keepends=True), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise DataError(f"{path}, header (line 1): {error}. Check the quotes.") from error
    names = tuple(name.strip() for name in rows[0]) if rows else ()
    if not any(names):
        raise DataError(f"{path}, line 1 is blank; it must name the columns.")
    if all(_is_number(name) for name in names):
        raise DataError(
            f"{path}, line 1 holds numbers ({', '.join(names[:3])}); it must name the columns."
        )
    for place, name in enumerate(names):
        if name and name in names[:place]:
            both = f"columns {names.index(name) + 1} and {place + 1}"
            raise DataError(f"{path}: {both} are both named {name!r}; rename one.")
        if not name and all_used:
            mend = "name it, or choose the columns to read with --columns"
            raise DataError(f"{path}: column {place + 1} has no name in the header; {mend}.")
    return names


def _is_number(text: str) -> bool:
    try:
        float(text.replace(",", "."))
    except ValueError:
        return False
    return True
