"""Reading a CSV file of numbers, in chunks, with errors that say which cell is wrong.

A chunk that is plainly a block of numbers is converted at once by `numpy.loadtxt`. Any other
(quoted fields, an odd row, a cell that is no number) goes cell by cell through `csv.reader`, which
either reads it or says where the mistake is.
"""

from __future__ import annotations

import csv
import math
from io import TextIOWrapper
from typing import TYPE_CHECKING

import numpy as np

from optidemo.datasets.csv_header import column_names, delimiter_of
from optidemo.datasets.table import DataError, Progress, Table, chosen

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from optidemo.arrays import Matrix

__all__ = ["read_csv"]

CHUNK = 1 << 20  # characters read at a time
LONGEST = 1 << 24  # characters that a header or a quoted field may take


def read_csv(
    path: Path,
    columns: Sequence[str] | None = None,
    progress: Progress | None = None,
    target: str | None = None,
) -> Table:
    """Read columns of numbers from a CSV file.

    The file is UTF-8, with or without a byte-order mark; its first row names the columns; cells are
    separated by commas, semicolons or tabs and may be quoted. With semicolons or tabs the decimal
    mark may be a comma, if it is so throughout. Empty rows at the end are ignored. Memory: the
    numbers that are asked for, and one chunk of the file.

    Parameters
    ----------
    path
        The file.
    columns
        The columns to read, all others being skipped whatever they hold; None means every one.
    progress
        Called with the bytes read so far and the size of the file after each chunk.
    target
        A column that must be there, and is read too.

    Raises
    ------
    DataError
        If the file is not such a table; the message names the file, the row (not counting the
        header), the line and the column.
    """
    total = max(path.stat().st_size, 1)
    try:
        with path.open("rb") as raw, TextIOWrapper(raw, encoding="utf-8-sig") as text:
            header = _whole(text, [text.readline(LONGEST)], f"{path}, header (line 1)")
            rows = _Rows(path, "".join(header), columns, target, lines=len(header))
            while lines := text.readlines(CHUNK):
                lines = _whole(text, lines, f"{path}, after row {rows.row} (line {rows.line})")
                rows.extend(lines, raw.tell() / total)
                if progress is not None:
                    progress(raw.tell(), total)
    except UnicodeDecodeError as error:
        raise DataError(_wrong_byte(path)) from error
    return rows.table()


class _Rows:
    """The rows read so far, and what is known about the way the file writes them."""

    def __init__(
        self,
        path: Path,
        header: str,
        columns: Sequence[str] | None = None,
        target: str | None = None,
        *,
        lines: int = 1,
    ) -> None:
        self.path = path
        self.target = target
        self.delimiter = delimiter_of(header)
        self.header = column_names(path, header, self.delimiter, all_used=columns is None)
        self.used = chosen(path.name, self.header, columns, target)
        self.line = lines
        self.row = self.count = self.empty = 0
        self.mark = "." if self.delimiter == "," else ""  # the decimal mark; unknown until seen
        self.values: Matrix = np.empty((0, len(self.used)))

    def extend(self, lines: list[str], fraction: float) -> None:
        """Add the rows on these lines, which end the given fraction of the file."""
        block = self._fast(lines)
        if block is None:
            block = np.array(list(self._careful(lines))).reshape(-1, len(self.used))
        else:
            self.row += len(lines)
        self.line += len(lines)
        end = self.count + len(block)
        if end > len(self.values):
            # In place: the operating system moves no memory, and what was read is not held twice.
            self.values.resize(
                (max(end, int(1.02 * end / fraction)), len(self.used)), refcheck=False
            )
        self.values[self.count : end] = block
        self.count = end

    def table(self) -> Table:
        """Give what was read."""
        if self.count < 2:
            found = "a header but no rows" if self.count == 0 else "one row only"
            raise DataError(f"{self.path} has {found}; at least two rows of numbers are needed.")
        self.values.resize((self.count, len(self.used)), refcheck=False)
        return Table(self.path, tuple(self.header[i] for i in self.used), self.values)

    def _fast(self, lines: list[str]) -> Matrix | None:
        """Convert lines that are plainly numbers; None if they need a closer look."""
        text = "".join(lines)
        gaps = len(self.header) - 1
        if self.empty or '"' in text or not text.strip():
            return None
        if any(line.count(self.delimiter) != gaps for line in lines):
            return None  # `loadtxt` with `usecols` would not mind
        if self.mark != "." and "." in text:
            return None  # either the mark is not yet known, or there are two
        if self.mark == ",":
            lines = [line.replace(",", ".") for line in lines]
        try:
            block: Matrix = np.loadtxt(
                lines, delimiter=self.delimiter, comments=None, usecols=self.used, ndmin=2
            )
        except ValueError:
            return None
        return block if len(block) == len(lines) and np.isfinite(block).all() else None

    def _careful(self, lines: list[str]) -> Iterator[list[float]]:
        """Convert lines cell by cell."""
        reader = csv.reader(lines, delimiter=self.delimiter, strict=True)
        while True:
            start = self.line + reader.line_num + 1
            try:
                cells = next(reader, None)
            except csv.Error as error:
                self.row += 1
                raise self._error(start, f"{error}. Check the quotes on this line.") from error
            if cells is None:
                return
            self.row += 1
            if not any(cell.strip() for cell in cells):
                self.empty = self.empty or self.row
                continue
            if self.empty:
                mend = "Fill it in or delete it."
                raise DataError(f"{self.path}, row {self.empty} is empty. {mend}")
            if len(cells) != len(self.header):
                found = f"{len(cells)} cells, but the header has {len(self.header)}"
                raise self._error(start, f"{found}. Each row needs one cell for each column.")
            yield [self._number(cells[i].strip(), start, self.header[i]) for i in self.used]

    def _number(self, cell: str, line: int, column: str) -> float:
        """Convert one cell."""
        mend = "Correct the cell or delete the row"
        if column == self.target:
            mend += "; if the column holds the names of two classes, write 0 and 1 for them."
        else:
            mend += "; or leave the column out with --columns."
        where = f"column {column!r}"
        mark = "," if "," in cell else "." if "." in cell else ""
        if mark and self.delimiter != ",":
            self.mark = self.mark or mark
            if mark != self.mark or ("." in cell and "," in cell):
                problem = f"in {cell!r} the decimal mark is ambiguous; use one mark in all cells"
                raise self._error(line, f"{where}: {problem} and none between thousands.")
            cell = cell.replace(",", ".")
        try:
            number = float(cell)
        except ValueError:
            number = None
        if number is None or "_" in cell:
            problem = f"{cell!r} is not a number" if cell else "the cell is empty"
            raise self._error(line, f"{where}: {problem}. {mend}")
        if not math.isfinite(number):
            raise self._error(line, f"{where}: {cell!r} is not a finite number. {mend}")
        return number

    def _error(self, line: int, problem: str) -> DataError:
        return DataError(f"{self.path}, row {self.row} (line {line}), {problem}")


def _whole(text: TextIOWrapper, lines: list[str], where: str) -> list[str]:
    """Complete lines that end inside a quoted field with the lines that follow."""
    quotes = sum(line.count('"') for line in lines)
    length = len(lines[0])
    while quotes % 2 and length < LONGEST and (line := text.readline(LONGEST)):
        lines.append(line)
        quotes += line.count('"')
        length += len(line)
    if quotes % 2:
        raise DataError(f"{where}: a quote is never closed. Close or delete it.")
    if length >= LONGEST:
        raise DataError(f"{where}: a line has more than {LONGEST} characters; this is no CSV file.")
    return lines


def _wrong_byte(path: Path) -> str:
    """Say where the first byte is that is not UTF-8."""
    where = f"{path}: a byte"
    with path.open("rb") as raw:
        for number, line in enumerate(raw, start=1):
            try:
                line.decode()
            except UnicodeDecodeError as error:
                row = "in the header" if number == 1 else f"row {number - 1}"
                where = f"{path}, {row} (line {number}): byte 0x{line[error.start]:02x}"
                break
    return f"{where} is not UTF-8. Save the file as CSV in UTF-8 (in a spreadsheet: 'CSV UTF-8')."
