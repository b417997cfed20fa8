"""The matrix and target of a model are the table's columns, and undoing them gives its units."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from optidemo.datasets import DataError, Table, design, load_dataset, read_design
from optidemo.datasets.units import weight_units

VALUES = np.array([[1.0, 10.0, 3.0], [2.0, 30.0, 5.0], [4.0, 20.0, 8.0], [8.0, 40.0, 9.0]])
TABLE = Table(Path("my.csv"), ("a", "b", "y"), VALUES)


def test_intercept_comes_first() -> None:
    made = design(TABLE, "y")
    assert made.features == ("intercept", "a", "b")
    assert made.X.tolist() == [[1, 1, 10], [1, 2, 30], [1, 4, 20], [1, 8, 40]]
    assert made.y is not None
    assert made.y.tolist() == [3, 5, 8, 9]
    assert (made.target, made.intercept, made.standardized, made.notes) == ("y", True, False, ())
    assert made.mean.tolist() == [0, 0, 0]
    assert made.scale.tolist() == [1, 1, 1]


def test_without_intercept_and_target_nothing_is_copied() -> None:
    made = design(TABLE, intercept=False)
    assert made.X is VALUES
    assert made.y is None
    assert made.features == ("a", "b", "y")


def test_columns_in_the_order_asked() -> None:
    made = design(TABLE, "y", ["b", "a"], intercept=False)
    assert made.X[1].tolist() == [30, 2]


@pytest.mark.parametrize("intercept", [True, False])
def test_standardised_features_have_mean_0_and_deviation_1(*, intercept: bool) -> None:
    before = VALUES.copy()
    made = design(TABLE, "y", intercept=intercept, standardize=True)
    X = made.X[:, 1:] if intercept else made.X
    np.testing.assert_allclose(X.mean(axis=0), 0, atol=1e-16)
    np.testing.assert_allclose(X.std(axis=0, ddof=1), 1, rtol=1e-15)
    np.testing.assert_allclose(
        made.X * made.scale + made.mean, design(TABLE, "y", intercept=intercept).X, rtol=1e-15
    )
    assert np.array_equal(VALUES, before)


def test_standardising_survives_a_large_mean() -> None:
    values = np.array([[1e9 + k, float(k)] for k in range(7)])
    made = design(Table(Path("t"), ("a", "b"), values), standardize=True, intercept=False)
    np.testing.assert_allclose(made.X[:, 0], made.X[:, 1], atol=1e-15)


@pytest.mark.parametrize("intercept", [True, False])
@pytest.mark.parametrize("standardize", [True, False])
def test_coefficients_predict_in_the_units_of_the_data(
    *, intercept: bool, standardize: bool
) -> None:
    made = design(TABLE, "y", intercept=intercept, standardize=standardize)
    w = np.arange(1.0, made.X.shape[1] + 1)
    constant, slopes = made.coefficients(w)
    # The terms are as large as 100 and cancel: rounding is relative to them, not to their sum.
    np.testing.assert_allclose(VALUES[:, :2] @ slopes + constant, made.X @ w, rtol=0, atol=1e-13)
    with pytest.raises(ValueError, match="w must have shape"):
        made.coefficients(w[:-1])


def test_a_shipped_data_set_is_a_table_too() -> None:
    longley = load_dataset("longley")
    made = design(longley, "employed_thousands")
    assert made.X.shape == (16, 7)
    iris = design(load_dataset("iris"), intercept=False, standardize=True)
    eigenvalues = np.linalg.eigvalsh(np.cov(iris.X.T))[::-1]
    # Published: the eigenvalues of the correlation matrix.
    np.testing.assert_allclose(
        eigenvalues, [2.91849782, 0.91403047, 0.14675688, 0.02071484], atol=5e-9
    )


def test_constant_columns() -> None:
    values = VALUES.copy()
    values[:, 1] = 7
    table = Table(Path("my.csv"), ("a", "b", "y"), values)
    with pytest.raises(DataError, match=r"column 'b' of my.csv is 7 in every row.*--no-intercept"):
        design(table, "y")
    with pytest.raises(DataError, match="its standard deviation is 0; leave it out"):
        design(table, "y", intercept=False, standardize=True)
    assert design(table, "y", intercept=False).X[:, 1].tolist() == [7] * 4
    assert design(table, "b").y is not None


def test_columns_that_do_not_fit() -> None:
    with pytest.raises(DataError, match=r"'y' of my.csv is the target and a feature"):
        design(TABLE, "y", ["a", "y"])
    with pytest.raises(DataError, match="no column left for a feature beside 'y'"):
        design(Table(Path("my.csv"), ("y",), VALUES[:, :1]), "y")
    with pytest.raises(DataError, match=r"unknown column of my.csv 'z'"):
        design(TABLE, "z")
    with pytest.raises(ValueError, match="unknown column of iris 'petal_lenth_cm'"):
        design(load_dataset("iris"), "petal_lenth_cm")


def test_fewer_rows_than_unknowns_is_noted() -> None:
    table = Table(Path("my.csv"), ("a", "b", "y"), VALUES[:2])
    assert design(table, "y", intercept=False).notes == ()
    assert design(table, "y").notes == (
        "2 rows for 3 unknowns: infinitely many fits are equally good.",
    )


def test_reading_and_building_in_one_go(tmp_path: Path) -> None:
    path = tmp_path / "my.csv"
    path.write_text("name,a,y\nx,1,2\nz,3,5\n")
    seen: list[int] = []
    made = read_design(path, "y", ["a"], progress=lambda done, _total: seen.append(done))
    assert made.X.tolist() == [[1, 1], [1, 3]]
    assert seen == [path.stat().st_size]
    with pytest.raises(DataError, match=r"column 'name': 'x' is not a number.*--columns"):
        read_design(path, "y")
    with pytest.raises(DataError, match="the target and a feature"):
        read_design(path, "y", ["a", "y"])
    # Not the text in a cell, which is found later, but what the user mistyped.
    with pytest.raises(DataError, match=r"unknown column of my.csv 'yy'. Did you mean 'y'"):
        read_design(path, "yy")


@pytest.mark.parametrize(
    ("options", "units"),
    [
        ({}, ("feet", "feet per mph")),
        ({"standardize": True}, ("feet", "feet per s.d.")),
        ({"intercept": False}, ("feet per mph",)),
    ],
)
def test_a_weights_unit_is_the_targets_over_the_features(
    options: dict[str, bool], units: tuple[str, ...]
) -> None:
    made = design(load_dataset("cars"), "stopping_distance_ft", ["speed_mph"], **options)
    assert weight_units(made) == units
    assert weight_units(made, "log-odds")[-1] == units[-1].replace("feet", "log-odds")


def test_pure_numbers_have_no_unit_and_a_file_has_none_that_is_known(tmp_path: Path) -> None:
    anscombe = load_dataset("anscombe")
    assert weight_units(design(anscombe, "y", ["x"])) == ("none", "none")
    assert weight_units(design(anscombe, "y", ["x"], standardize=True)) == ("none", "per s.d.")
    (tmp_path / "own.csv").write_text("x,y\n1,2\n2,3\n3,5\n")
    made = read_design(tmp_path / "own.csv", "y", standardize=True)
    assert weight_units(made) == weight_units(made, "log-odds") == ()
