"""The linear program of the hinge loss: any number of samples, dense or sparse, any kind of data."""

from __future__ import annotations

from typing import Any

import dask
import dask.array as da
import numpy as np
import pytest
import scipy.sparse
from scipy.optimize import linprog

from optidemo.objectives.svm import SVM
from optidemo.solvers.solve import solve


def by_the_primal(f: SVM) -> float:
    """Solve the textbook program in w and ξ, with its n constraints."""
    X, y, n, d = f.rows.X, f.rows.y, f.n, f.d
    answer = linprog(
        np.r_[np.zeros(d), np.ones(n)],
        A_ub=-np.hstack((X * y[:, None], np.eye(n))),
        b_ub=-np.ones(n),
        bounds=[(None, None)] * d + [(0, None)] * n,
    )
    return float(answer.fun)


@pytest.mark.parametrize(
    "kind", ["overlapping", "separable", "equal columns", "zero", "integers", "units"]
)
def test_the_minimum_is_that_of_the_textbook_program(kind: str) -> None:
    rng = np.random.default_rng(0)
    X = rng.standard_normal((60, 4))
    y = np.where(X @ np.ones(4) + (kind != "separable") * rng.standard_normal(60) > 0, 1.0, -1.0)
    if kind == "equal columns":
        X[:, 1] = X[:, 0]
    if kind == "zero":
        X[:] = 0.0
    if kind == "integers":
        X = np.round(X)
    lowest = by_the_primal(SVM(X, y))
    if kind == "units":
        X *= [1e-12, 1.0, 1e9, 1e-3]  # which the textbook program does not survive
    f = SVM(X, y)
    w = f.linear_program()
    assert f(w) == pytest.approx(lowest, rel=1e-12, abs=1e-12)
    assert f.optimality(w) < 1e-12 * np.abs(X).max(initial=1.0)


def test_many_samples_cost_d_constraints(monkeypatch: pytest.MonkeyPatch) -> None:
    shapes = []

    def watched(c: Any, *, A_eq: Any, **rest: Any) -> Any:
        assert "A_ub" not in rest
        shapes.append(A_eq.shape)
        return linprog(c, A_eq=A_eq, **rest)

    monkeypatch.setattr("scipy.optimize.linprog", watched)
    rng = np.random.default_rng(1)
    X = rng.standard_normal((20_000, 3))
    result = solve(SVM(X, np.where(X[:, 0] + rng.standard_normal(20_000) > 0, 1.0, -1.0)))
    assert result.success
    assert shapes == [(3, 20_003)]


def test_sparse_samples_stay_sparse() -> None:
    rng = np.random.default_rng(2)
    X = scipy.sparse.random_array((300, 20), density=0.2, rng=rng, format="csr")
    y = np.sign(rng.standard_normal(300))
    w = SVM(X, y).linear_program()
    dense = SVM(X.toarray(), y)
    assert dense(w) == pytest.approx(by_the_primal(dense), rel=1e-12)


def test_the_blocks_of_a_dask_array_are_fetched() -> None:
    rng = np.random.default_rng(3)
    X, y = rng.standard_normal((40, 3)), np.tile([1.0, -1.0], 20)
    blocks = da.from_array(X, chunks=(15, 3))
    expected = SVM(X, y)(SVM(X, y).linear_program())
    for stored in (blocks, blocks.map_blocks(scipy.sparse.csr_array, dtype=float)):
        with dask.config.set(scheduler="synchronous"):
            w = SVM(stored, y).linear_program()
        assert SVM(X, y)(w) == pytest.approx(expected, rel=1e-12)
