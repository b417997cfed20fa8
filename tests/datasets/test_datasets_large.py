"""A large .npy file is not held: its design is cut from the file, and equals the one in memory."""

from __future__ import annotations

import dataclasses
import tracemalloc
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from optidemo import LinearRegression
from optidemo.datasets import npy_file, read_design
from optidemo.demos import DEMOS
from optidemo.rows import Rows
from optidemo.storage import columns
from optidemo.storage.columns import FileColumns

if TYPE_CHECKING:
    from pathlib import Path

CHOICES = {
    "all": {"intercept": False},
    "an intercept": {"intercept": True},
    "standardised": {"intercept": True, "standardize": True},
    "standardised alone": {"intercept": False, "standardize": True, "columns": ["x3", "x1"]},
}


def file_of(folder: Path, kind: str = "float64", n: int = 900) -> Path:
    rng = np.random.default_rng(0)
    X = 5.0 + rng.standard_normal((n, 4)) * [1.0, 3.0, 0.1, 20.0]
    X[:, 3] = X[:, 0] - 2.0 * X[:, 1] + rng.standard_normal(n)
    np.save(folder / "large.npy", X.astype(kind))
    return folder / "large.npy"


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take 1000 numbers for many, and read few in one go."""
    monkeypatch.setattr(npy_file, "LARGE", 1000)
    monkeypatch.setattr(columns, "BLOCK", 512)
    monkeypatch.setattr(columns, "FAR", 7)


@pytest.mark.parametrize("kind", ["float64", "float32", ">f8", "int64"])
@pytest.mark.parametrize("choice", CHOICES)
def test_the_design_is_that_of_memory(
    choice: str, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = file_of(tmp_path, kind)
    small = read_design(path, "x4", **CHOICES[choice])  # type: ignore[arg-type]
    assert not small.large
    monkeypatch.setattr(npy_file, "LARGE", 1000)
    monkeypatch.setattr(columns, "BLOCK", 512)
    large = read_design(path, "x4", **CHOICES[choice])  # type: ignore[arg-type]
    X: Any = large.X
    assert isinstance(X, FileColumns)
    assert large.large
    assert large.y is not None
    assert small.y is not None
    assert np.array_equal(large.y, small.y)
    assert np.allclose(large.X.read(), small.X, rtol=1e-14, atol=1e-15)
    some = np.array([3, 899, 0])
    assert np.allclose(large.X[some], small.X[some], rtol=1e-14, atol=1e-15)
    assert np.allclose(large.mean, small.mean, rtol=1e-14)
    assert np.allclose(large.scale, small.scale, rtol=1e-14)
    f, g = LinearRegression(large.X, large.y), LinearRegression(small.X, small.y)
    assert np.allclose(f.closed_form(), g.closed_form(), rtol=1e-10)
    w = np.arange(1.0, f.d + 1)
    assert np.allclose(f.gradient(w), g.gradient(w), rtol=1e-12)
    assert not Rows(large.X).in_memory


@pytest.mark.usefixtures("held")
def test_a_part_has_both_classes_even_if_one_is_rare(tmp_path: Path) -> None:
    made = read_design(file_of(tmp_path), "x4", intercept=False)
    rare = np.zeros(900)
    rare[417] = 1.0
    part = dataclasses.replace(made, y=rare).part(20)
    assert part.X.shape == (20, 3)
    assert part.y is not None
    assert set(part.y.tolist()) == {0.0, 1.0}
    assert np.array_equal(part.X[part.y == 1.0], made.X[np.array([417])])


@pytest.mark.battery(2)
@pytest.mark.usefixtures("held")
@pytest.mark.parametrize(
    "name",
    ["linear-regression", "logistic-regression", "svm", "pca", "gaussian-mle", "uniform-mle"],
)
def test_a_demo_on_a_large_file(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("optidemo.demos.classification.PROGRAM", 1000)
    monkeypatch.setattr("optidemo.demos.case.PART", 50)
    demo = DEMOS[name]
    X = np.random.default_rng(1).standard_normal((700, 3))
    X[:, 2] = X[:, 0] + X[:, 1] + np.random.default_rng(2).standard_normal(700)
    if demo.kind == "classification":
        X[:, 2] = X[:, 2] > 0
    np.save(tmp_path / "own.npy", X)
    choice = ["x1"] if demo.kind == "likelihood" else None
    made = read_design(
        tmp_path / "own.npy", "x3" if demo.target else None, choice, intercept=demo.intercept
    )
    report = demo.run(design=made)
    assert report.passed
    partly = [check.name for check in report.checks if "50 of the samples" in check.name]
    assert bool(partly) == (name != "pca")


@pytest.mark.battery(0)
@pytest.mark.usefixtures("held")
@pytest.mark.parametrize("name", ["linear-regression", "svm"])
def test_a_part_of_many_columns_is_not_too_large_itself(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("optidemo.demos.classification.PROGRAM", 1000)
    X = np.random.default_rng(1).standard_normal((60, 31))
    X[:, 30] = X[:, 0] + X[:, 1] > 0
    np.save(tmp_path / "own.npy", X)
    report = DEMOS[name].run(design=read_design(tmp_path / "own.npy", "x31"))
    assert report.passed
    assert any("16 of the samples" in check.name for check in report.checks)


@pytest.mark.usefixtures("held")
def test_the_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    peaks = []
    for n in (60_000, 240_000):
        path = file_of(tmp_path, n=n)
        tracemalloc.start()
        made = read_design(path, None, standardize=True)
        Rows(made.X).sum(lambda X: X.sum(axis=0))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.2 * peaks[0]
