"""Tables that fit the terminal: no word is broken and no number cut.

Where the columns have no room side by side, each row becomes a paragraph that names its cells.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from rich import box
from rich.console import Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    Rows: TypeAlias = Sequence[Sequence[Text | str]]

__all__ = ["Column", "aligned", "print_table", "records"]

GAP = 2  # between two columns, of a table and of the items of a paragraph
EDGE = 1  # before the first column and after the last
INDENT = 3  # of the items of a paragraph


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes
    ----------
    name : str
        Its head, which may have several lines; empty where the cells speak for themselves.
    right : bool
        Is it aligned to the right, as numbers are?
    wraps : bool
        May its cells take several lines, broken between words?
    title : bool
        Does it head the paragraph where a row becomes one? There an empty cell, or a dash, is left out.
    """

    name: str
    right: bool = False
    wraps: bool = False
    title: bool = False


def print_table(out: Console, columns: Sequence[Column], rows: Rows) -> None:
    """Print a table if it fits, else a paragraph for each row."""
    table = aligned(out, columns, rows)
    out.print(records(out, columns, rows) if table is None else table)


def aligned(out: Console, columns: Sequence[Column], rows: Rows) -> Table | None:
    """Return the rows as a table; None if even its longest words have no room side by side."""
    widths = _widths(columns, rows, out.width - 2 * EDGE - GAP * (len(columns) - 1))
    if widths is None:
        return None
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for column, width in zip(columns, widths, strict=True):
        table.add_column(
            column.name, justify="right" if column.right else "left", width=width,
            no_wrap=not column.wraps,
        )  # fmt: skip
    for row in rows:
        table.add_row(*row)
    return table


def _widths(columns: Sequence[Column], rows: Rows, room: int) -> list[int] | None:
    """Give each column the width of its longest word, and what is left to those that need it most."""
    cells = [[c.name, *map(str, cells)] for c, *cells in zip(columns, *rows, strict=True)]
    most = [max(len(line) for cell in column for line in cell.split("\n")) for column in cells]
    least = [
        max(len(word) for cell in texts for word in cell.split() or [""]) if column.wraps else width
        for column, texts, width in zip(columns, cells, most, strict=True)
    ]
    text = [sum(map(len, column)) for column in cells]
    widths = list(least)
    if sum(widths) > room:
        return None
    while sum(widths) < room and widths != most:
        short = [j for j, width in enumerate(widths) if width < most[j]]
        widths[max(short, key=lambda j: text[j] / widths[j])] += 1
    return widths


def records(out: Console, columns: Sequence[Column], rows: Rows) -> Group:
    """Return each row as a paragraph: its titles, then the other cells with their names."""
    page: list[Text | Padding] = [Text()]
    first = next((column for column in columns if column.title), None)
    for row in rows:
        items = []
        for column, cell in zip(columns, row, strict=True):
            if str(cell) in ("", "—"):
                continue
            if column.title:
                style = "bold" if column is first else ""
                page.append(Padding(Text.assemble(cell, style=style), (0, 0, 0, EDGE)))
            else:
                items.append(Text.assemble((_label(column), "dim"), cell))
        page += [Padding(line, (0, 0, 0, INDENT)) for line in _flow(items, out.width - INDENT)]
    return Group(*page, Text())


def _label(column: Column) -> str:
    """Return the column's name, which stands in several lines above a table, before a cell."""
    return f"{column.name} ".replace("\n", "").lstrip()


def _flow(items: Sequence[Text], room: int) -> list[Text]:
    """Put items on lines, each item on one line where it has room there."""
    lines: list[Text] = []
    for item in items:
        if lines and len(lines[-1]) + GAP + len(item) <= room:
            lines[-1].append(" " * GAP).append_text(item)
        else:
            lines.append(item)
    return lines
