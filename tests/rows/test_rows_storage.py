"""One sum, wherever the samples lie; and one clear error for what cannot be summed."""

from __future__ import annotations

import pickle
import subprocess
import sys
import tracemalloc
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import scipy.sparse
from numpy.testing import assert_allclose, assert_array_equal

from optidemo.linalg.eigen import pca
from optidemo.linalg.least_squares import least_squares, lstsq
from optidemo.objectives import LinearRegression
from optidemo.rows import Rows
from optidemo.storage import blocks
from optidemo.storage.mapped import mapping_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

N, D = 700, 6


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seven blocks of 100 rows instead of one."""
    monkeypatch.setattr(blocks, "CACHED", 100 * D)
    monkeypatch.setattr(blocks, "TALL", 100)


@pytest.fixture(name="samples")
def samples_fixture() -> tuple[Any, Any]:
    rng = np.random.default_rng(0)
    X = np.rint(rng.standard_normal((N, D)) * 8) * (rng.random((N, D)) < 0.7)
    X[:, 0] = 1.0
    return X, X @ np.arange(D) + np.rint(rng.standard_normal(N) * 8)


def saved(path: Path, array: Any) -> Path:
    np.save(path, array)
    return path


STORAGES: dict[str, Callable[[Any, Path], Any]] = {
    "list": lambda X, _: X.tolist(),
    "Fortran order": lambda X, _: np.asfortranarray(X),
    "every other row of a bigger array": lambda X, _: np.repeat(X, 2, axis=0)[::2],
    "masked array": lambda X, _: np.ma.array(X),
    "float32": lambda X, _: X.astype(np.float32),
    "integer": lambda X, _: X.astype(np.int16),
    "CSR matrix": lambda X, _: scipy.sparse.csr_matrix(X),
    "CSC array of float32": lambda X, _: scipy.sparse.csc_array(X.astype(np.float32)),
    "COO array of integers": lambda X, _: scipy.sparse.coo_array(X.astype(np.int64)),
    "path": lambda X, tmp: saved(tmp / "X.npy", X),
    "path as text": lambda X, tmp: str(saved(tmp / "X.npy", X)),
    "path, Fortran order, float32": lambda X, tmp: saved(
        tmp / "X.npy", np.asfortranarray(X.astype(np.float32))
    ),
    "memmap": lambda X, tmp: np.load(saved(tmp / "X.npy", X), mmap_mode="r"),
    "columns of a memmap": lambda X, tmp: np.load(
        saved(tmp / "X.npy", np.hstack((X, X))), mmap_mode="r"
    ).view(np.ndarray)[:, :D],
    "memmap, copy on write": lambda X, tmp: np.load(saved(tmp / "X.npy", X), mmap_mode="c"),
}


@pytest.mark.parametrize("storage", STORAGES)
def test_the_same_sums_wherever_the_samples_lie(
    storage: str, samples: tuple[Any, Any], tmp_path: Path
) -> None:
    X, y = samples
    w = np.linspace(-1.0, 1.0, D)
    rows = Rows(STORAGES[storage](X, tmp_path), y)
    assert rows.shape == (N, D)
    assert rows.block_length == 100 or scipy.sparse.issparse(rows.X)

    def term(X: Any, y: Any) -> tuple[Any, ...]:
        assert X.dtype == np.float64
        r = X @ w - y
        return 0.5 * (r @ r), X.T @ r, X.T @ X, [len(y)]

    value, gradient, hessian, lengths = rows.sum(term)
    assert sum(lengths) == N
    assert len(lengths) > 1
    assert_allclose(value, 0.5 * np.sum((X @ w - y) ** 2), rtol=1e-14)
    assert_allclose(gradient, X.T @ (X @ w - y), rtol=1e-13)
    assert isinstance(hessian, np.ndarray)
    assert_array_equal(hessian, X.T @ X)  # whole numbers: no rounding, in any order
    assert_array_equal(rows.y, y)
    some, targets = rows.take(np.array([3, 500, 3]))
    assert some.dtype == np.float64
    assert_array_equal(some @ w, X[[3, 500, 3]] @ w)
    assert_array_equal(targets, y[[3, 500, 3]])


@pytest.mark.battery(0)
@pytest.mark.parametrize("method", ["auto", "qr", "normal equations"])
@pytest.mark.parametrize("storage", STORAGES)
def test_least_squares_wherever_the_samples_lie(
    storage: str, method: Any, samples: tuple[Any, Any], tmp_path: Path
) -> None:
    X, y = samples
    stored = STORAGES[storage](X, tmp_path)
    found = least_squares(stored, y, method=method)
    exact = least_squares(X, y, method="qr")
    assert_allclose(found.x, exact.x, rtol=1e-12)
    assert_allclose(found.cov, exact.cov, rtol=1e-10)


@pytest.mark.parametrize("storage", STORAGES)
def test_pca_wherever_the_samples_lie(
    storage: str, samples: tuple[Any, Any], tmp_path: Path
) -> None:
    X, _ = samples
    found, exact = pca(STORAGES[storage](X, tmp_path), 3), pca(X, 3)
    assert_allclose(found.components, exact.components, atol=1e-12)
    assert_allclose(found.explained_variance, exact.explained_variance, rtol=1e-13)


def test_wide_sparse_data_are_not_made_dense(monkeypatch: pytest.MonkeyPatch) -> None:
    X = scipy.sparse.random(20, 300, density=0.3, random_state=0, format="csr")
    expected = pca(X.toarray(), 3)

    def refuse(self: Any) -> None:
        raise AssertionError(f"{self.shape} was made dense")

    dense = scipy.sparse.csr_array.toarray
    monkeypatch.setattr(
        scipy.sparse.csr_array, "toarray", lambda s: dense(s) if s.shape == (20, 20) else refuse(s)
    )
    found = pca(X, 3)
    assert_allclose(found.components, expected.components, atol=1e-12)
    assert_allclose(found.explained_variance, expected.explained_variance, rtol=1e-13)


def test_a_sparse_gram_matrix_needs_no_dense_block(
    samples: tuple[Any, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    X, y = samples
    shapes: list[Any] = []
    dense = scipy.sparse.csr_array.toarray

    def noted(self: Any) -> Any:
        shapes.append(self.shape)
        return dense(self)

    monkeypatch.setattr(scipy.sparse.csr_array, "toarray", noted)
    least_squares(scipy.sparse.csr_array(X), y, method="normal equations")
    assert set(shapes) <= {(D, D)}
    least_squares(scipy.sparse.csr_array(X), y, method="qr")  # does need them, one by one
    assert max(shapes)[0] in range(100, N)


def test_targets_may_lie_in_a_file_too(samples: tuple[Any, Any], tmp_path: Path) -> None:
    X, y = samples
    path: Any = saved(tmp_path / "y.npy", y)
    assert_allclose(lstsq(saved(tmp_path / "X.npy", X), path), lstsq(X, y), rtol=1e-14)


def test_pages_that_were_written_to_are_not_dropped(
    samples: tuple[Any, Any], tmp_path: Path
) -> None:
    path = saved(tmp_path / "X.npy", samples[0])
    assert mapping_of(np.load(path, mmap_mode="r")) is not None
    mapped = np.load(path, mmap_mode="c")
    assert mapping_of(mapped[:, 1:]) is None
    mapped[:] = 7.0
    assert Rows(mapped).sum(lambda X: float(X.sum())) == 7.0 * N * D
    assert mapped[N - 1, 0] == 7.0


def test_an_objective_reads_a_file(samples: tuple[Any, Any], tmp_path: Path) -> None:
    X, y = samples
    path: Any = saved(tmp_path / "X.npy", X)
    f = LinearRegression(path, y)
    assert_allclose(f.gradient(np.ones(D)), X.T @ (X @ np.ones(D) - y), rtol=1e-13)
    assert_allclose(f.closed_form(), lstsq(X, y), rtol=1e-13)


def spoiled(X: Any) -> Any:
    X = X.copy()
    X[[640, 655], 2] = np.nan
    return X


@pytest.mark.parametrize("storage", [s for s in STORAGES if "int" not in s])
def test_bad_rows_are_named(storage: str, samples: tuple[Any, Any], tmp_path: Path) -> None:
    X, y = samples
    stored = STORAGES[storage](spoiled(X), tmp_path)
    message = r"X must be finite, but 2 rows 640, 655 \(block \d of \d\) of X hold NaN or inf"
    with pytest.raises(ValueError, match=message):
        Rows(stored, y).sum(lambda X, y: float(np.sum(X @ np.ones(D) - y)))
    for method in ("normal equations", "qr"):
        with pytest.raises(ValueError, match=message):
            least_squares(stored, y, method=method)
    with pytest.raises(ValueError, match=message):
        pca(stored, 2)


def test_bad_targets_are_named(samples: tuple[Any, Any]) -> None:
    X, y = samples
    y[5] = np.inf
    with pytest.raises(ValueError, match=r"y must be finite, but row 5 \(block 1 of 7\) of y hold"):
        Rows(X, y)
    with pytest.raises(ValueError, match="y must be finite, but row 5"):
        lstsq(X, y)
    with pytest.raises(ValueError, match="y must be finite, but row 5 of y holds"):
        Rows(X[:50], y[:50])


def test_many_bad_rows_are_counted() -> None:
    with pytest.raises(ValueError, match=r"but 50 rows 0, 1, 2, 3, 4, … of X hold"):
        Rows(np.full((50, 2), np.inf))


def test_finite_numbers_whose_sum_overflows_are_let_through() -> None:
    assert Rows(np.full((4, 2), 1.5e308)).shape == (4, 2)


@pytest.mark.parametrize(
    ("X", "y", "kind", "message"),
    [
        (np.ones((3, 2)) * 1j, np.ones(3), TypeError, "X is complex"),
        (np.array([["a", "b"]]), np.ones(1), TypeError, "X must hold numbers"),
        (np.ones((3, 2)), np.ones(3) * 1j, TypeError, "y is complex"),
        (scipy.sparse.eye_array(3) * 1j, np.ones(3), TypeError, "X is complex"),
        (np.ones(3), np.ones(3), ValueError, r"X must have shape \(n, d\), but has shape \(3,\)"),
        (np.ma.masked_equal(np.eye(3), 0.0), np.ones(3), ValueError, "X has masked entries"),
        (np.ones((0, 2)), np.ones(0), ValueError, "X is empty"),
        (np.ones((3, 2)), np.ones((3, 1)), ValueError, r"y must have shape \(3,\).*Use y.ravel()"),
        (np.ones((3, 2)), np.ones(4), ValueError, r"y must have shape \(3,\), but has shape \(4,"),
        ([[1.0], [1.0, 2.0]], np.ones(2), (TypeError, ValueError), "inhomogeneous"),
    ],
)
def test_what_cannot_be_summed_is_refused(X: Any, y: Any, kind: Any, message: str) -> None:
    with pytest.raises(kind, match=message):
        Rows(X, y)
    with pytest.raises(kind, match=message):
        lstsq(X, y)


def test_a_truncated_file_is_refused(samples: tuple[Any, Any], tmp_path: Path) -> None:
    path = saved(tmp_path / "X.npy", samples[0])
    path.write_bytes(path.read_bytes()[:-8])
    with pytest.raises(ValueError, match=r"X.npy is cut off"):
        Rows(path)
    path.write_bytes(b"\x93NUMPY")
    with pytest.raises(ValueError, match=r"X.npy is not a whole .npy file"):
        Rows(path)
    path.write_bytes(b"")
    with pytest.raises(ValueError, match=r"X.npy is not a whole .npy file"):
        Rows(path)


class Trap:
    """Runs when it is unpickled."""

    def __reduce__(self) -> Any:
        return (pytest.fail, ("a pickle was loaded",))


def test_a_pickle_in_a_file_is_never_loaded(tmp_path: Path) -> None:
    path = tmp_path / "X.npy"
    np.save(path, np.array([[Trap()]], dtype=object), allow_pickle=True)
    with pytest.raises(ValueError, match="holds Python objects"):
        Rows(path)
    path.write_bytes(pickle.dumps(Trap()))
    with pytest.raises(ValueError, match="holds Python objects"):
        Rows(path)


def test_memory_beyond_the_data_is_a_few_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()  # blocks of their true size
    rng = np.random.default_rng(0)
    X = rng.standard_normal((200_000, 20))  # 32 MB
    y = X.sum(axis=1)
    peaks = []
    for work in (
        lambda: lstsq(X, y),
        lambda: pca(X + 3.0, 2),
        lambda: least_squares(X[:60_000], y[:60_000], method="qr"),
        lambda: LinearRegression(X, y).value_and_gradient(np.ones(20)),
    ):
        tracemalloc.start()
        work()
        peaks.append(tracemalloc.get_traced_memory()[1] / 2**20)
        tracemalloc.stop()
    assert peaks[1] > 30.0  # this one does copy: the measure sees it
    assert max(peaks[0], *peaks[2:]) < 16.0


PEAK = """
import resource, sys
import numpy as np
from optidemo.linalg.least_squares import lstsq
lstsq(np.ones((4, 1)), np.ones(4))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(*lstsq(sys.argv[1], sys.argv[2]).round(6))
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024)
"""


@pytest.mark.battery(0)
@pytest.mark.skipif(sys.platform != "linux", reason="ru_maxrss counts kilobytes on Linux")
def test_a_file_is_solved_in_less_memory_than_it_has(tmp_path: Path) -> None:
    n, d = 400_000, 25
    X = np.lib.format.open_memmap(tmp_path / "X.npy", mode="w+", shape=(n, d))  # 80 MB
    rng = np.random.default_rng(0)
    for start in range(0, n, 50_000):
        X[start : start + 50_000] = rng.standard_normal((50_000, d))
    np.save(tmp_path / "y.npy", X @ np.arange(d))
    command = [sys.executable, "-c", PEAK, str(tmp_path / "X.npy"), str(tmp_path / "y.npy")]
    answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    solution, peak = answer.splitlines()
    assert_array_equal(np.array(solution.split(), dtype=float), np.arange(d))
    assert float(peak) < 40.0  # megabytes
