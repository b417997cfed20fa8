"""Every sum over samples has the same minimum wherever its samples lie."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dask
import dask.array as da
import numpy as np
import pytest
import scipy.sparse
from numpy.testing import assert_allclose

from optidemo import SVM, LinearRegression, LogisticRegression, SquaredL2Norm, Status, solve
from optidemo.solvers.stochastic import stochastic_gradient_descent
from optidemo.storage import blocks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from optidemo.objective import Objective

N, D = 300, 4


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(blocks, "CACHED", 50 * D)
    monkeypatch.setattr(blocks, "TALL", 50)
    with dask.config.set(scheduler="synchronous"):
        yield


def samples() -> tuple[Any, Any]:
    rng = np.random.default_rng(0)
    X = np.rint(4.0 * rng.standard_normal((N, D))) * (rng.random((N, D)) < 0.6)
    X[:, 0] = 1.0
    return X, (rng.random(N) < 1.0 / (1.0 + np.exp(-X @ np.linspace(-1.0, 1.0, D)))).astype(float)


def stored(kind: str, X: Any, tmp_path: Path) -> Any:
    if kind == "file":
        np.save(tmp_path / "X.npy", X)
        return tmp_path / "X.npy"
    if kind == "sparse":
        return scipy.sparse.csr_array(X)
    return X.astype(np.float32) if kind == "float32" else da.from_array(X, chunks=(70, D))


KINDS = ["file", "sparse", "float32", "cluster"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_minimum(kind: str, tmp_path: Path) -> None:
    X, alpha = samples()
    S = stored(kind, X, tmp_path)
    ridge = 0.5 * SquaredL2Norm(D)
    pairs: list[tuple[Objective, Objective]] = [
        (LinearRegression(X, alpha), LinearRegression(S, alpha)),
        (LogisticRegression(X, alpha), LogisticRegression(S, alpha)),
        (SVM(X, 2 * alpha - 1), SVM(S, 2 * alpha - 1)),
        (SVM(X, 2 * alpha - 1) + ridge, SVM(S, 2 * alpha - 1) + ridge),
    ]
    for here, there in pairs:
        expected, found = solve(here), solve(there)
        assert found.success == expected.success
        assert_allclose(found.x, expected.x, rtol=1e-6, atol=1e-8)
        assert_allclose(found.fun, expected.fun, rtol=1e-9)


@pytest.mark.parametrize("kind", KINDS)
def test_separable_data_are_found_out(kind: str, tmp_path: Path) -> None:
    X, _ = samples()
    result = solve(LogisticRegression(stored(kind, X, tmp_path), (X[:, 1] > 0.0).astype(float)))
    assert result.status == Status.NOT_ATTAINED


@pytest.mark.parametrize("kind", [k for k in KINDS if k != "cluster"])
def test_single_samples_can_be_drawn(kind: str, tmp_path: Path) -> None:
    X, alpha = samples()
    here, there = (LinearRegression(A, alpha) for A in (X, stored(kind, X, tmp_path)))
    expected, found = (stochastic_gradient_descent(f, maxiter=3) for f in (here, there))
    assert_allclose(found.x, expected.x, rtol=1e-12)
