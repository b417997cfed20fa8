"""The shipped data sets are, digit for digit, the ones that were verified."""

from __future__ import annotations

import hashlib
import json
from fractions import Fraction
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from optidemo.datasets import list_datasets, load_dataset
from optidemo.datasets.dataset import _catalogue

REFERENCE: dict[str, dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "data" / "REFERENCE.json").read_text(encoding="utf-8")
)
NAMES = [file.removesuffix(".csv") for file in REFERENCE]


def test_every_reference_is_shipped_and_nothing_else() -> None:
    folder = resources.files("optidemo.datasets")
    files = {entry.name for entry in folder.iterdir() if entry.name.endswith(".csv")}
    assert sorted(list_datasets()) == sorted(NAMES)
    assert files == set(REFERENCE)


@pytest.mark.parametrize("name", NAMES)
def test_file_is_the_verified_one(name: str) -> None:
    data = (resources.files("optidemo.datasets") / f"{name}.csv").read_bytes()
    assert hashlib.sha256(data).hexdigest() == REFERENCE[f"{name}.csv"]["sha256"]


@pytest.mark.parametrize("name", NAMES)
def test_rows_columns_and_exact_sums(name: str) -> None:
    facts, dataset = REFERENCE[f"{name}.csv"], load_dataset(name)
    assert len(dataset) == facts["rows"] == _catalogue()[name]["rows"]
    assert list(dataset.columns) == facts["columns"] == list(dataset.units)
    numeric = [c for c in dataset.columns if dataset.column(c).dtype == np.float64]
    assert numeric == list(facts["column_sums"])
    for column, total in facts["column_sums"].items():
        # Decimal fractions have no exact float: the shortest decimal of each float is the cell.
        exact = sum(Fraction(repr(float(value))) for value in dataset.column(column))
        assert exact == Fraction(total), column


@pytest.mark.parametrize("name", NAMES)
def test_metadata_is_complete(name: str) -> None:
    dataset = load_dataset(name)
    assert dataset.name == name
    assert dataset.title
    assert dataset.source
    assert dataset.status.startswith(("public domain", "facts"))
    for column in dataset.columns:
        text = dataset.column(column).dtype.kind == "U"
        unit = dataset.units[column]
        assert text == (unit in {"label", "date"}), column
        assert unit.strip(), column  # "none" for a pure number
    sources = (resources.files("optidemo.datasets") / "SOURCES.md").read_text(encoding="utf-8")
    assert f"| {name}.csv | {len(dataset)} × {len(dataset.columns)} |" in sources


def test_matrix_takes_the_named_columns_in_the_given_order() -> None:
    iris = load_dataset("iris")
    X = iris.matrix("petal_width_cm", "sepal_length_cm")
    assert X.shape == (150, 2)
    assert X[0].tolist() == [0.2, 5.1]
    assert iris.matrix().shape == (150, 4)
    assert iris.column("species")[0] == "setosa"


def test_columns_are_protected_and_matrices_are_yours() -> None:
    iris = load_dataset("iris")
    with pytest.raises(ValueError, match="read-only"):
        iris.column("petal_width_cm")[0] = 1.0
    X = iris.matrix()
    X[0, 0] = -1.0
    assert iris.column("sepal_length_cm")[0] == 5.1


def test_repr_says_what_the_columns_are() -> None:
    text = repr(load_dataset("iris"))
    assert text.splitlines()[0] == "Dataset 'iris': Flowers of three species of iris (150 rows)"
    assert "sepal_length_cm  [cm]  5.1, 4.9, 4.7, …" in text
    assert "species          [label]  setosa, setosa, setosa, …" in text


def test_unknown_names_get_the_nearest() -> None:
    with pytest.raises(ValueError, match=r"unknown data set 'irsi'.*Did you mean 'iris'"):
        load_dataset("irsi")
    with pytest.raises(ValueError, match="Did you mean 'horse_kicks'"):
        load_dataset("Horse-Kick")
    with pytest.raises(ValueError, match=r"column of iris 'petal_width'.*'petal_width_cm'"):
        load_dataset("iris").column("petal_width")
    with pytest.raises(ValueError, match=r"'species' of iris holds text \(label\)"):
        load_dataset("iris").matrix("species")
