"""Bad input, wherever it is stored: one clear error that names the array and the remedy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dask
import dask.array as da
import numpy as np
import pytest
import scipy.sparse

from optidemo.linalg.eigen import pca
from optidemo.linalg.least_squares import lstsq

if TYPE_CHECKING:
    from pathlib import Path

N = 30
X = np.arange(3.0 * N).reshape(N, 3) ** 0.5


@pytest.mark.parametrize(
    ("samples", "y", "kind", "message"),
    [
        ([[1.0], [1.0, 2.0]], np.ones(2), ValueError, "X must be an array of numbers whose rows"),
        (
            np.zeros((3, 2), "M8[s]"),
            np.ones(3),
            TypeError,
            "X must hold numbers, but has dtype dat",
        ),
        (
            np.zeros((3, 2), "m8[s]"),
            np.ones(3),
            TypeError,
            "X must hold numbers, but has dtype tim",
        ),
        (np.zeros(3, [("a", float)]), np.ones(3), TypeError, "X must hold numbers, but has dtype"),
        (np.full((3, 2), 10**400), np.ones(3), TypeError, "X must hold numbers, but has dtype obj"),
        (X, scipy.sparse.coo_array(np.ones(N)), TypeError, "y is sparse.*Use y.toarray().ravel()"),
        (X, scipy.sparse.coo_array(np.ones((N, 1))), TypeError, "y is sparse"),
        (None, np.ones(3), TypeError, "X must hold the samples, one a row, but is None"),
        (da.ones((4, 2), dtype=complex), np.ones(4), TypeError, "X is complex"),
        (da.ones((4, 2)), scipy.sparse.coo_array(np.ones(4)), TypeError, "y is sparse"),
    ],
)
def test_what_is_no_array_of_numbers_is_refused(
    samples: Any, y: Any, kind: Any, message: str
) -> None:
    with pytest.raises(kind, match=message.replace("()", r"\(\)")):
        lstsq(samples, y)


def test_files_of_another_kind_are_refused_by_their_name(tmp_path: Path) -> None:
    (tmp_path / "text.npy").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"text.npy is no .npy file, or holds Python objects"):
        pca(tmp_path / "text.npy", 1)
    np.savez(tmp_path / "two.npz", X=X)
    with pytest.raises(ValueError, match=r"two.npz is an .npz archive: save its array alone"):
        pca(tmp_path / "two.npz", 1)


def test_bad_rows_of_sparse_blocks_on_a_cluster_are_named() -> None:
    spoiled = X.copy()
    spoiled[17, 1] = np.nan
    blocks = da.from_array(spoiled, chunks=(10, 3)).map_blocks(scipy.sparse.csr_array, dtype=float)
    message = r"X must be finite, but row 17 \(block 2 of 3\) of X holds NaN or inf"
    with dask.config.set(scheduler="synchronous"), pytest.raises(ValueError, match=message):
        pca(blocks, 1)


def test_a_number_that_is_not_finite_is_not_called_an_entry_of_an_array() -> None:
    with pytest.raises(ValueError, match="ridge must be finite, but it is nan"):
        lstsq(X, X[:, 0], ridge=np.nan)
