"""The user's own file: what kind is it, and can it be read at all."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from optidemo.datasets.csv_file import read_csv
from optidemo.datasets.npy_file import read_npy
from optidemo.datasets.table import DataError, Progress, Table

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

__all__ = ["read_table"]

# The first bytes of files that are often taken for CSV, and what to do about them.
NOT_CSV = {
    b"PK\x03\x04": "is a spreadsheet or zip file; save it as CSV",
    b"\xd0\xcf\x11\xe0": "is an old spreadsheet file; save it as CSV",
    b"\x1f\x8b": "is compressed; unpack it with gunzip",
    b"\xff\xfe": "is in UTF-16; save it as CSV in UTF-8",
    b"\xfe\xff": "is in UTF-16; save it as CSV in UTF-8",
}


def read_table(
    path: str | os.PathLike[str],
    columns: Sequence[str] | None = None,
    progress: Progress | None = None,
    target: str | None = None,
) -> Table:
    """Read the user's own numbers from a CSV file or a NumPy ``.npy`` file.

    Parameters
    ----------
    path
        The file; what it is, is told from its first bytes. See `read_csv` and `read_npy`.
    columns
        The columns to read, in the order wanted; None means every one. A column that is not read
        may hold anything.
    progress
        Called as ``progress(bytes_done, bytes_total)`` from time to time.
    target
        A column that must be there, and is read too.

    Returns
    -------
    Table
        At least two rows of finite float64 numbers.

    Raises
    ------
    DataError
        If that cannot be done; the message names the file, the row, the column and the mend.
    """
    file = Path(path)
    try:
        if file.is_dir():
            raise DataError(f"{file} is a folder; name a CSV file in it.")
        if not file.exists():
            raise DataError(f"there is no file {file}{_beside(file)}.")
        if not file.is_file():
            raise DataError(f"{file} is a device or a pipe; save the data as a file first.")
        if columns is not None and not columns:
            raise DataError(f"no column of {file} is asked for; name at least one.")
        with file.open("rb") as raw:
            head = raw.read(8192)
        if head.startswith(b"\x93NUMPY"):
            return read_npy(file, columns, progress, target)
        if not head.removeprefix(b"\xef\xbb\xbf").strip():
            raise DataError(f"{file} is empty; its first row must name the columns.")
        for magic, problem in NOT_CSV.items():
            if head.startswith(magic):
                raise DataError(f"{file} {problem}.")
        if b"\0" in head or file.suffix == ".npy":
            raise DataError(f"{file} is neither text nor a .npy file; save it as CSV in UTF-8.")
        return read_csv(file, columns, progress, target)
    except OSError as error:
        raise DataError(f"cannot read {file}: {error.strerror or error}.") from error


def _beside(file: Path) -> str:
    """Name the CSV files in the folder where one was looked for."""
    if not file.parent.is_dir():
        return f", nor a folder {file.parent}"
    found = sorted(entry.name for entry in file.parent.glob("*.csv"))[:5]
    return f"; the folder has {', '.join(found)}" if found else ""
