"""The user's CSV is read as it was written, or the error says which cell to mend."""

from __future__ import annotations

import os
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from optidemo.datasets import DataError, csv_file, load_dataset, read_table
from optidemo.datasets.csv_file import read_csv

EXPECTED = [[1.5, -2.0, 3e5], [4.0, 0.25, -6.0], [7.0, 8.0, 9.125]]
PLAIN = "a,b,c\n1.5,-2,3e5\n4,.25,-6.0\n7,8,9.125\n"


def write(folder: Path, content: str | bytes, name: str = "my.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.fixture(params=[1 << 20, 1], ids=["one chunk", "a chunk a line"])
def chunk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    size: int = request.param
    monkeypatch.setattr(csv_file, "CHUNK", size)
    return size


SAME_TABLE = {
    "comma": PLAIN,
    "semicolon": PLAIN.replace(",", ";"),
    "tab": PLAIN.replace(",", "\t"),
    "decimal comma, semicolon": PLAIN.replace(",", ";").replace(".", ","),
    "decimal comma, tab": PLAIN.replace(",", "\t").replace(".", ","),
    "byte-order mark": "\ufeff" + PLAIN,
    "Windows line ends": PLAIN.replace("\n", "\r\n"),
    "old Macintosh line ends": PLAIN.replace("\n", "\r"),
    "no last line end": PLAIN.rstrip(),
    "empty rows at the end": PLAIN + "\n,,\n  \n",
    "spaces": PLAIN.replace(",", " , "),
    "every cell quoted": '"' + PLAIN.replace(",", '","').replace("\n", '"\n"')[:-1],
    "one cell quoted": PLAIN.replace("8", '"8"'),
}


@pytest.mark.usefixtures("chunk")
@pytest.mark.parametrize("text", SAME_TABLE.values(), ids=SAME_TABLE)
def test_every_dialect_gives_the_same_table(tmp_path: Path, text: str) -> None:
    table = read_table(write(tmp_path, text))
    assert table.columns == table.numeric == ("a", "b", "c")
    assert table.values.tolist() == EXPECTED
    assert table.values.dtype == np.float64
    assert len(table) == 3
    assert table.column("b").tolist() == [-2.0, 0.25, 8.0]
    assert repr(table) == "Table 'my.csv': 3 rows of a, b, c"


@pytest.mark.usefixtures("chunk")
def test_unused_columns_may_hold_anything(tmp_path: Path) -> None:
    text = 'a,name,b\n1,"Smith, ""J""\nJr.",2\n3,,4\n5,nan,6\n7,x_1,8\n'
    table = read_table(write(tmp_path, text), columns=["b", "a"])
    assert table.columns == ("b", "a")
    assert table.values.tolist() == [[2, 1], [4, 3], [6, 5], [8, 7]]


def test_names_may_be_quoted_in_any_script_and_hold_delimiters(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, '"Größe, cm";"σ"\n1;2\n3;4\n'))
    assert table.columns == ("Größe, cm", "σ")


def test_the_shipped_sets_read_as_user_files_are_the_same() -> None:
    for name in ("longley", "iris", "forbes"):
        dataset = load_dataset(name)
        path = Path(csv_file.__file__).with_name(f"{name}.csv")
        table = read_table(path, dataset.numeric)
        assert np.array_equal(table.values, dataset.matrix())


FINITE = st.floats(allow_nan=False, allow_infinity=False)


@pytest.mark.battery(0)
@given(rows=st.lists(st.lists(FINITE, min_size=2, max_size=2), min_size=2, max_size=30))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@pytest.mark.parametrize("quote", ["", '"'])
def test_every_float_comes_back_exactly(
    tmp_path: Path, rows: list[list[float]], quote: str
) -> None:
    lines = [",".join(f"{quote}{value!r}{quote}" for value in row) for row in rows]
    table = read_table(write(tmp_path, "\n".join(["a,b", *lines])))
    assert np.array_equal(table.values, np.array(rows))


MISTAKES = {
    "text": (PLAIN.replace("8", "many"), r"row 3 \(line 4\), column 'b': 'many' is not a number"),
    "missing value": (PLAIN.replace(".25", ""), r"row 2 \(line 3\), column 'b': the cell is empty"),
    "NA": (PLAIN.replace("7", "NA"), r"row 3 \(line 4\), column 'a': 'NA' is not a number"),
    "nan": (PLAIN.replace("8", "NaN"), r"row 3 \(line 4\), column 'b': 'NaN' is not a finite"),
    "infinity": (PLAIN.replace("3e5", "inf"), r"row 1 \(line 2\), column 'c': 'inf' is not a fin"),
    "overflow": (PLAIN.replace("3e5", "3e500"), r"row 1 \(line 2\), column 'c': '3e500' is not a"),
    "underscore": (PLAIN.replace("7", "7_0"), r"column 'a': '7_0' is not a number"),
    "thousands": (PLAIN.replace("7", '"7,000"'), r"column 'a': '7,000' is not a number"),
    "short row": (PLAIN.replace(",8", ""), r"row 3 \(line 4\), 2 cells, but the header has 3"),
    "long row": (PLAIN.replace("8", "8,8"), r"row 3 \(line 4\), 4 cells, but the header has 3"),
    "empty row": (PLAIN.replace("\n4", "\n\n4"), r"row 2 is empty"),
    "mixed marks": (PLAIN.replace(",", ";").replace("9.", "9,"), "column 'c': in '9,125' the deci"),
    "both marks": ("a;b\n1.000,5;2\n3;4\n", r"row 1 .*'1.000,5' the decimal mark is ambiguous"),
    "one mark, then the other": ("a;b\n1,5;2\n3;4.5\n", r"row 2 .*in '4.5' the decimal mark"),
    "stray quote": ('a,b\n1,2\n"3"x,4\n', r"row 2 \(line 3\), .*Check the quotes"),
    "open quote": ('a,b\n1,2\n3,"4\n5,6\n', "a quote is never closed"),
    "open quote in header": ('a,"b\n1,2\n', r"header \(line 1\): a quote is never closed"),
    "stray quote in header": ('"a"x,"b"\n1,2\n', r"header \(line 1\): .*Check the quotes"),
    "duplicate names": (PLAIN.replace("c", "a"), "columns 1 and 3 are both named 'a'; rename one"),
    "nameless column": (PLAIN.replace("b", ""), "column 2 has no name in the header"),
    "no header": (PLAIN.partition("\n")[2], r"line 1 holds numbers \(1.5, -2, 3e5\)"),
    "blank first line": ("\n" + PLAIN, "line 1 is blank; it must name the columns"),
    "header only": ("a,b\n", "has a header but no rows"),
    "header and empty rows": ("a,b\n,\n\n", "has a header but no rows"),
    "one row": ("a,b\n1,2\n", "has one row only"),
    "empty": ("", "is empty"),
    "white space": ("\ufeff \n\n", "is empty"),
    "Latin-1": ("a,b\n1,2\n3,4ä\n".encode("latin-1"), r"row 2 \(line 3\): byte 0xe4 is not UTF-8"),
    "Latin-1 header": ("ä,b\n1,2\n".encode("latin-1"), r"in the header \(line 1\): byte 0xe4"),
    "cut character": ("a,b\n1,2\n3,4ä".encode()[:-1], r"row 2 \(line 3\): byte 0xc3 is not UTF-8"),
    "UTF-16": ("a,b\n1,2\n".encode("utf-16"), "is in UTF-16; save it as CSV in UTF-8"),
    "spreadsheet": (b"PK\x03\x04...", "is a spreadsheet or zip file; save it as CSV"),
    "compressed": (b"\x1f\x8b...", "is compressed"),
    "binary": (b"a,b\n1\0,2\n", "neither text nor"),
}


@pytest.mark.usefixtures("chunk")
@pytest.mark.parametrize(("content", "message"), MISTAKES.values(), ids=MISTAKES)
def test_mistakes_are_named(tmp_path: Path, content: str | bytes, message: str) -> None:
    path = write(tmp_path, content)
    with pytest.raises(DataError, match=message) as caught:
        read_table(path)
    assert str(path) in str(caught.value)


def test_a_quoted_line_end_does_not_shift_the_line_numbers(tmp_path: Path) -> None:
    path = write(tmp_path, 'a,note\n1,"two\nlines"\nx,\n')
    with pytest.raises(DataError, match=r"row 2 \(line 4\), column 'a': 'x'"):
        read_table(path, columns=["a"])


def test_blank_rows_of_a_single_column(tmp_path: Path, chunk: int) -> None:
    del chunk
    assert read_table(write(tmp_path, "a\n1\n2\n\n\n")).values.tolist() == [[1], [2]]
    with pytest.raises(DataError, match="row 2 is empty"):
        read_table(write(tmp_path, "a\n1\n\n2\n"))


def test_columns_that_are_not_there(tmp_path: Path) -> None:
    path = write(tmp_path, "height,weight\n1,2\n3,4\n")
    with pytest.raises(DataError, match=r"unknown column of my.csv 'wieght'.*mean 'weight'"):
        read_table(path, columns=["height", "wieght"])
    with pytest.raises(DataError, match=r"'height' of my.csv is asked for twice"):
        read_table(path, columns=["height", "height"])
    with pytest.raises(DataError, match="name at least one"):
        read_table(path, columns=[])
    with pytest.raises(DataError, match=r"unknown column of my.csv 'length'"):
        read_table(path).column("length")


def test_files_that_are_not_there(tmp_path: Path) -> None:
    write(tmp_path, PLAIN)
    with pytest.raises(DataError, match=r"no file .*mine\.csv; the folder has my\.csv"):
        read_table(tmp_path / "mine.csv")
    with pytest.raises(DataError, match="nor a folder"):
        read_table(tmp_path / "none" / "mine.csv")
    with pytest.raises(DataError, match="is a folder; name a CSV file in it"):
        read_table(tmp_path)
    with pytest.raises(DataError, match="is a device or a pipe"):
        read_table(os.devnull)


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path, PLAIN)

    def refuse(_path: Path, _mode: str) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)  # root may read everything
    with pytest.raises(DataError, match=r"cannot read .*my\.csv: Permission denied\."):
        read_table(path)


def test_a_line_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_file, "LONGEST", 100)
    with pytest.raises(DataError, match="more than 100 characters"):
        read_table(write(tmp_path, "a" * 200))
    with pytest.raises(DataError, match="a quote is never closed"):
        read_table(write(tmp_path, 'a\n"' + "\n" * 200))


def test_memory_is_the_numbers_and_one_chunk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_file, "CHUNK", 1 << 14)
    rows = 30_000
    words = "words that are not read " * 3
    lines = (f"{i}.123456789,{words},{i + 1}\n" for i in range(rows))
    path = write(tmp_path, "a,words,b\n" + "".join(lines))
    seen: list[tuple[int, int]] = []
    tracemalloc.start()
    try:
        table = read_csv(path, ["a", "b"], progress=lambda done, total: seen.append((done, total)))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert table.values[-1].tolist() == [rows - 1 + 0.123456789, rows]
    size = path.stat().st_size
    # The chunk's text is held twice, its lines once. Growing in place counts the numbers twice in
    # some versions of Python. The file, let alone its cells as objects, would be far more.
    assert peak < 2.1 * table.values.nbytes + 300_000 < 0.5 * size
    assert len(seen) > 50
    assert seen == sorted(seen)
    assert seen[-1] == (size, size)


# fmt: off
ODD = [
    "1", "+3", "-.5", "5.", "1e-3", "1E+2", "1,5", "1.5", "0x10", "1_0", "#", "nan", "-inf",
    "1e999", "1e-999", "1d3", "3j", "True", "--1", "1.2.3", "", " 2 ", "1 2", '"7"',
    "\xa08", "\u20289", "\u0661",
]
# fmt: on


@pytest.mark.battery(0)
@given(
    cells=st.lists(st.sampled_from(ODD), min_size=2, max_size=8),
    delimiter=st.sampled_from(",;\t"),
    width=st.sampled_from([1, 2]),
)
@settings(max_examples=200)
def test_both_ways_of_reading_agree(cells: list[str], delimiter: str, width: int) -> None:
    rows = [cells[i : i + width] for i in range(0, len(cells), width)]
    lines = [delimiter.join(row) + "\n" for row in rows]

    def outcome() -> list[list[float]] | str:
        reader = csv_file._Rows(Path("my.csv"), delimiter.join("ab"[:width]))
        try:
            for line in lines:
                reader.extend([line], 1.0)
            values: list[list[float]] = reader.table().values.tolist()
        except DataError as error:
            return str(error)
        return values

    both = outcome()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_file._Rows, "_fast", lambda _rows, _lines: None)
        assert outcome() == both


def test_plain_numbers_go_the_fast_way() -> None:
    comma = csv_file._Rows(Path("my.csv"), "a,b")
    assert comma._fast(["1.5,2\n", "3,4\n"]) is not None
    semicolon = csv_file._Rows(Path("my.csv"), "a;b")
    assert semicolon._fast(["1;2\n"]) is not None
    semicolon.extend(["1,5;2\n"], 0.5)
    block = semicolon._fast(["3,25;4\n"])
    assert block is not None
    assert block.tolist() == [[3.25, 4]]
