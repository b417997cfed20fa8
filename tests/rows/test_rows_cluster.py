"""A Dask array: reduced where it lies, on the user's scheduler, even if a worker dies."""

from __future__ import annotations

import os
import pickle
import signal
import threading
import time
from typing import TYPE_CHECKING, Any

import dask
import dask.array as da
import numpy as np
import pytest
from numpy.testing import assert_allclose

from optidemo.linalg.eigen import pca
from optidemo.linalg.least_squares import least_squares, lstsq
from optidemo.objectives import SVM, LinearRegression, LogisticRegression, SquaredL2Norm
from optidemo.rows import Rows
from optidemo.solvers.newton import newton
from optidemo.solvers.solve import solve

if TYPE_CHECKING:
    from collections.abc import Iterator

N, D = 2_000, 4


@pytest.fixture(autouse=True)
def in_this_thread() -> Iterator[None]:
    with dask.config.set(scheduler="synchronous"):
        yield


@pytest.fixture(name="samples")
def samples_fixture() -> tuple[Any, Any]:
    rng = np.random.default_rng(0)
    X = rng.standard_normal((N, D)) + 0.5
    return X, X @ np.arange(D) + rng.standard_normal(N)


@pytest.mark.battery(0)
def test_sums_least_squares_and_pca(samples: tuple[Any, Any]) -> None:
    X, y = samples
    w = np.ones(D)
    exact = lstsq(X, y)
    for y_stored in (y, da.from_array(y, chunks=700), y.tolist()):
        stored = da.from_array(X, chunks=(150, -1))
        rows = Rows(stored, y_stored)
        value, gradient = rows.sum(lambda X, y: (np.sum((X @ w - y) ** 2), X.T @ (X @ w - y)))
        assert_allclose(value, np.sum((X @ w - y) ** 2), rtol=1e-13)
        assert_allclose(gradient, X.T @ (X @ w - y), rtol=1e-12)
        assert_allclose(rows.y, y)
        for found in (
            least_squares(stored, y_stored, method="normal equations"),
            least_squares(stored, y_stored, method="qr"),
        ):
            assert_allclose(found.x, exact, rtol=1e-13)
    assert_allclose(pca(stored, 2).components, pca(X, 2).components, atol=1e-12)
    assert sum(len(X) for X, _ in rows.blocks()) == N


@pytest.mark.battery(0)
def test_an_svm_with_a_ridge_is_solved_where_its_samples_lie(samples: tuple[Any, Any]) -> None:
    X, target = samples
    y = np.where(target > target.mean(), 1.0, -1.0)
    longest = 0

    def watched(block: Any) -> Any:
        nonlocal longest
        longest = max(longest, len(block))
        return block

    stored = da.from_array(X, chunks=(600, -1)).map_blocks(watched, dtype=float)
    ridge = SquaredL2Norm(D)
    expected = solve(SVM(X, y) + ridge)
    for labels in (y, da.from_array(y, chunks=700)):
        found = solve(SVM(stored, labels) + ridge)
        assert found.success
        assert found.solver == "interior_point"
        assert_allclose(found.x, expected.x, rtol=1e-12)
        assert_allclose(found.dual, expected.dual, atol=1e-9)
    assert longest == 600


def test_float32_is_added_up_in_float64() -> None:
    X = np.ones((N, 1), dtype=np.float32) * np.float32(0.1)
    whole = Rows(da.from_array(X, chunks=(500, 1))).sum(lambda X: X.sum())
    assert whole == pytest.approx(N * float(np.float32(0.1)), rel=1e-14)


def test_only_the_sums_travel(samples: tuple[Any, Any]) -> None:
    X, y = samples
    f = LinearRegression(da.from_array(X, chunks=(500, D)), y)
    assert len(pickle.dumps(f.rows.storage)) < 200
    task = f.rows.storage._tasks(lambda X, y: X.T @ y)[0]  # type: ignore[union-attr]
    assert np.shape(task.compute()) == (D,)


@pytest.mark.parametrize(
    ("X", "kind", "message"),
    [
        (da.ones((10, 4), chunks=(5, 2)), ValueError, r"cut along its columns.*rechunk\(\{1: -1"),
        (da.ones((0, 4), chunks=(1, 4)), ValueError, "X is empty"),
        (da.ones((10, 4), chunks=((5, 0, 5), 4)), ValueError, "Block 2 of 3 of X has no rows"),
        (da.ones(10), ValueError, r"but has shape \(10,\)"),
        (da.ones((10, 4)) * 1j, TypeError, "X is complex"),
        (da.ones((10, 4))[da.ones(10) > 0], ValueError, "compute_chunk_sizes"),
    ],
)
def test_chunks_that_cannot_be_summed_are_refused(X: Any, kind: Any, message: str) -> None:
    with pytest.raises(kind, match=message):
        Rows(X)


def test_single_samples_are_not_drawn_from_a_cluster() -> None:
    with pytest.raises(TypeError, match="cannot be drawn from a Dask array"):
        Rows(da.ones((10, 4)), np.ones(10)).take([1, 2])


def test_targets_must_fit() -> None:
    with pytest.raises(ValueError, match=r"y must have shape \(10,\), but has shape \(9,\)"):
        Rows(da.ones((10, 4)), np.ones(9))
    with pytest.raises(TypeError, match="y is a Dask array, but X is not"):
        Rows(np.ones((10, 4)), da.ones(10))


def test_bad_rows_are_named(samples: tuple[Any, Any]) -> None:
    X, y = samples
    X[1234, 2] = np.nan
    stored = da.from_array(X, chunks=(100, D))
    message = r"X must be finite, but row 1234 \(block 13 of 20\) of X holds NaN or inf"
    with pytest.raises(ValueError, match=message):
        LinearRegression(stored, y).gradient(np.ones(D))
    for call in (lambda: lstsq(stored, y), lambda: pca(stored, 2)):
        with pytest.raises(ValueError, match=message):
            call()


def test_changing_widths_are_named() -> None:
    parts = [dask.delayed(np.ones)((10, 3)), dask.delayed(np.ones)((10, 2))]
    X = da.concatenate([da.from_delayed(p, (10, 3), dtype=float) for p in parts])
    with pytest.raises(ValueError, match=r"Block 2 of 2 of X should have shape \(10, 3\)"):
        Rows(X).sum(lambda X: X.sum(axis=0))


def test_a_cluster_that_is_gone_is_one_clear_error(samples: tuple[Any, Any]) -> None:
    from distributed import Client, LocalCluster

    X, y = samples
    with (
        LocalCluster(
            n_workers=1, threads_per_worker=1, processes=False, dashboard_address=":0"
        ) as cluster,
        Client(cluster) as client,
        dask.config.set(scheduler=client),
    ):
        rows = Rows(da.from_array(X, chunks=(500, D)), y)
        assert rows.sum(lambda _, y: len(y)) == N
        many = 1_500_000  # numbers: to send them is no reason for Dask's warning of large graphs
        rows = Rows(da.ones((many, 1), chunks=(many // 3, 1)), np.ones(many))
        assert rows.sum(lambda _, y: float(y.sum())) == many
        rows = Rows(da.from_array(X, chunks=(500, D)), y)
        client.close()
        with pytest.raises(ConnectionError, match=r"cluster could not finish .* start it again"):
            rows.sum(lambda _, y: len(y))


@pytest.mark.battery(0)
def test_a_worker_that_dies_costs_time_and_not_the_result(samples: tuple[Any, Any]) -> None:
    from distributed import Client, LocalCluster

    X, y = samples
    labels = (y > np.median(y)).astype(float)
    expected = newton(LogisticRegression(X, labels)).x
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as cluster,
        Client(cluster) as client,
        dask.config.set(scheduler=client),
    ):
        pids = list(client.run(os.getpid).values())
        slowed = da.from_array(X, chunks=(200, D)).map_blocks(slowly, dtype=float)
        f = LogisticRegression(slowed, labels)
        threading.Timer(0.3, os.kill, (pids[0], signal.SIGKILL)).start()
        found = newton(f)
        assert pids[0] not in client.run(os.getpid).values()
    assert found.success
    assert_allclose(found.x, expected, rtol=1e-9)


def slowly(block: Any) -> Any:
    """Give the killer time to strike in the middle of the fit."""
    time.sleep(0.01)
    return block
