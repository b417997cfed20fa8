"""A .npy file is mapped, converted where it must be, or refused with the reason."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Literal

import numpy as np
import pytest

from optidemo.datasets import DataError, read_table
from optidemo.storage import columns

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

X = np.array([[1.5, -2.0, 3.0], [4.0, 5.0, 6.0]])


def save(folder: Path, array: NDArray[np.generic], *, allow_pickle: bool = False) -> Path:
    path = folder / "my.npy"
    np.save(path, array, allow_pickle=allow_pickle)
    return path


@pytest.mark.parametrize("order", ["C", "F"])
def test_float64_stays_in_the_file(tmp_path: Path, order: Literal["C", "F"]) -> None:
    table = read_table(save(tmp_path, X.copy(order=order)))
    assert table.columns == ("x1", "x2", "x3")
    assert np.array_equal(table.values, X)
    assert isinstance(table.values.base, np.memmap)
    assert table.matrix() is table.values


@pytest.mark.parametrize("kind", ["float32", "float16", ">f8", "int64", "uint8", "bool"])
def test_other_numbers_become_float64(tmp_path: Path, kind: str) -> None:
    array = np.abs(X).astype(kind)
    table = read_table(save(tmp_path, array))
    assert table.values.dtype == np.float64
    assert table.values.dtype.isnative
    assert np.array_equal(table.values, array.astype(float))


def test_columns_are_chosen_by_number(tmp_path: Path) -> None:
    table = read_table(save(tmp_path, X), columns=["x3", "x1"])
    assert table.values.tolist() == [[3.0, 1.5], [6.0, 4.0]]
    with pytest.raises(DataError, match=r"unknown column of my.npy 'x4'"):
        read_table(tmp_path / "my.npy", columns=["x4"])


def test_a_bad_entry_is_found_in_its_block(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns, "BLOCK", 8)
    array = np.ones((10, 4))
    array[7, 2] = np.nan
    path = save(tmp_path, array)
    with pytest.raises(DataError, match=r"my.npy, row 8, column 'x3': nan is not a finite number"):
        read_table(path)
    with pytest.raises(DataError, match="row 8, column 'x3'"):
        read_table(path, columns=["x4", "x3"])
    seen: list[tuple[int, int]] = []
    table = read_table(path, ["x4", "x1"], lambda done, total: seen.append((done, total)))
    assert np.array_equal(table.values, np.ones((10, 2)))
    assert seen == [(64 * k, 320) for k in range(1, 6)]


REFUSED = {
    "complex": (X * 1j, "holds complex numbers"),
    "text": (np.array([["a", "b"], ["c", "d"]]), "holds no numbers"),
    "records": (np.zeros((2, 2), dtype=[("a", float)]), "holds records"),
    "one dimension": (X[0], r"shape \(3,\); .*Save it as array\[:, None\]"),
    "three dimensions": (X[None], r"has shape \(1, 2, 3\)"),
    "no rows": (X[:0], r"has shape \(0, 3\)"),
    "one row": (X[:1], "has one row only"),
}


@pytest.mark.parametrize(("array", "message"), REFUSED.values(), ids=REFUSED)
def test_other_arrays_are_refused(tmp_path: Path, array: NDArray[np.generic], message: str) -> None:
    path = save(tmp_path, array)
    with pytest.raises(DataError, match=message) as caught:
        read_table(path)
    assert str(path) in str(caught.value)


def test_pickles_are_not_loaded(tmp_path: Path) -> None:
    path = save(tmp_path, np.array([[1, "a"], [2, "b"]], dtype=object), allow_pickle=True)
    with pytest.raises(DataError, match="holds Python objects"):
        read_table(path)


def test_damaged_files(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    np.save(buffer, X)
    whole, path = buffer.getvalue(), tmp_path / "my.npy"
    path.write_bytes(whole[:-8])
    with pytest.raises(DataError, match="is cut off"):
        read_table(path)
    for cut in (7, 9, 40):
        path.write_bytes(whole[:cut])
        with pytest.raises(DataError, match=r"is not a whole .npy file"):
            read_table(path)
    path.write_text("a,b\n1,2\n3,4\n")
    with pytest.raises(DataError, match=r"neither text nor a .npy file"):
        read_table(path)
