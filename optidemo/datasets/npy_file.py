"""Reading a NumPy ``.npy`` file of numbers without loading what need not be loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from optidemo.datasets.table import DataError, Progress, Table, chosen
from optidemo.storage.columns import FileColumns
from optidemo.storage.mapped import map_npy

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from optidemo.rows import Samples

__all__ = ["read_npy"]

LARGE = 2**24  # numbers in a file that is not held in memory: 128 MB


def read_npy(
    path: Path,
    columns: Sequence[str] | None = None,
    progress: Progress | None = None,
    target: str | None = None,
) -> Table:
    """Read a two-dimensional array ``(n, d)``; its columns are named ``x1`` to ``xd``.

    A large array stays in the file, of whatever real type, so it may be larger than memory; so does a
    float64 array of any size. Other integers, booleans and floats are converted to float64.

    Parameters
    ----------
    path
        The file.
    columns
        The columns to read; None means every one.
    progress
        Called with the bytes checked so far and the bytes of the array.
    target
        A column that must be there, and is read too.

    Raises
    ------
    DataError
        If the file is damaged, or holds Python objects, complex numbers, text, records, another
        number of dimensions, or an entry that is not finite (whose row and column are named).
    """
    stored = _mapped(path)
    if stored.dtype.kind not in "fiub":
        kind = {"c": "complex numbers", "V": "records"}.get(stored.dtype.kind, "no numbers")
        raise DataError(f"{path} holds {kind} (dtype {stored.dtype}); save it as float64.")
    if stored.ndim != 2 or 0 in stored.shape:
        hint = " Save it as array[:, None] if it is one column." if stored.ndim == 1 else ""
        wanted = "an array of rows and columns, (n, d), is needed"
        raise DataError(f"{path} has shape {stored.shape}; {wanted}.{hint}")
    if len(stored) < 2:
        raise DataError(f"{path} has one row only; at least two are needed.")
    names = tuple(f"x{j + 1}" for j in range(stored.shape[1]))
    used = chosen(path.name, names, columns, target)
    values = _numbers(path, stored, used, progress)
    return Table(path, tuple(names[j] for j in used), values)


def _mapped(path: Path) -> NDArray[Any]:
    """Map the array, or say why it cannot be."""
    try:
        return map_npy(path)
    except ValueError as error:
        raise DataError(str(error)) from error


def _numbers(
    path: Path,
    stored: NDArray[Any],
    used: list[int],
    progress: Progress | None,
) -> Samples:
    """Check block by block that all is finite; copy only what is small and not float64 in the file."""
    columns = FileColumns(stored, tuple(used))
    large = stored.size > LARGE
    whole = stored.dtype == np.float64 and used == list(range(stored.shape[1]))
    values = None if large or whole else np.empty(columns.shape)
    for rows, block in columns.blocks():
        if not np.isfinite(block).all():
            i, j = (int(k) for k in np.argwhere(~np.isfinite(block))[0])
            where = f"row {rows.start + i + 1}, column 'x{used[j] + 1}'"
            raise DataError(f"{path}, {where}: {block[i, j]} is not a finite number.")
        if values is not None:
            values[rows] = block
        if progress is not None:
            progress(rows.stop * stored[0].nbytes, stored.nbytes)
    if large:
        return columns
    return stored.view(np.ndarray) if values is None else values
