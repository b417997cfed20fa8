"""Principal components without the covariance: the same digits, and no direction missed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import scipy.sparse

from optidemo.linalg import eigen, krylov
from optidemo.linalg.eigen import pca
from optidemo.rows import Rows

if TYPE_CHECKING:
    from optidemo.arrays import Matrix, Vector

N, D, K = 1500, 320, 3


def strong(spread: tuple[float, ...] = (10.0, 9.0, 8.0), seed: int = 0) -> Matrix:
    """Samples with a few strong directions above a decaying tail."""
    rng = np.random.default_rng(seed)
    U, _ = np.linalg.qr(rng.standard_normal((D, len(spread))))
    tail = rng.standard_normal((N, D)) * np.geomspace(1.0, 0.1, D)
    return np.asarray(tail + (rng.standard_normal((N, len(spread))) * spread) @ U.T + 1.0)


def exact(X: Matrix, k: int = K) -> tuple[Vector, Matrix]:
    centred = X - X.mean(axis=0)
    centred -= centred.mean(axis=0)
    _, sigma, Vt = np.linalg.svd(centred, full_matrices=False)
    return sigma[:k] ** 2 / (len(X) - 1), Vt[:k]


@pytest.fixture
def no_covariance(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_rows: Rows) -> None:
        raise AssertionError("the covariance was formed")

    monkeypatch.setattr(eigen, "covariance", refuse)


@pytest.mark.usefixtures("no_covariance")
@pytest.mark.parametrize("offset", [0.0, 10.0, 2.0**30])
def test_strong_components_are_exact_without_the_covariance(offset: float) -> None:
    X = np.round(strong() * 2.0**20) / 2.0**20 + offset  # exact sums
    found = pca(X, K)
    variances, directions = exact(X - offset)
    np.testing.assert_allclose(found.explained_variance, variances, rtol=1e-13)
    error = np.linalg.norm(
        directions - found.components * np.sign(np.sum(directions * found.components, 1))[:, None],
        axis=1,
    )
    assert np.all(error <= found.error_bound + 1e-14)
    assert np.all(found.error_bound < 1e-11)
    assert np.abs(found.components @ found.components.T - np.eye(K)).max() < 1e-14
    size = np.abs(found.components)
    assert np.all(found.components[np.arange(K), size.argmax(axis=1)] > 0.0)
    np.testing.assert_allclose(found.mean, X.mean(axis=0), rtol=1e-14, atol=1e-14)


def test_both_ways_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    X = strong(seed=1)
    one = pca(X, K)
    monkeypatch.setattr(krylov, "FEWEST", 10**9)
    other = pca(X, K)
    np.testing.assert_allclose(one.components, other.components, atol=1e-13)
    np.testing.assert_allclose(one.explained_variance, other.explained_variance, rtol=1e-13)
    np.testing.assert_allclose(one.error_bound, other.error_bound, rtol=10.0)


@pytest.mark.usefixtures("no_covariance")
def test_equal_variances_span_their_plane_and_say_so() -> None:
    rng = np.random.default_rng(2)
    Q, _ = np.linalg.qr(rng.standard_normal((D, D)))
    spectrum = np.concatenate(([4.0, 4.0 - 1e-14, 2.0], np.geomspace(0.1, 1e-4, D - 3)))
    root = (Q * np.sqrt(spectrum)) @ Q.T
    found = pca(np.vstack((root, -root)), K)
    plane = found.components[:2]
    np.testing.assert_allclose(plane.T @ plane, Q[:, :2] @ Q[:, :2].T, atol=1e-12)
    assert found.error_bound[0] > 1e-3
    assert found.error_bound[2] < 1e-11


@pytest.mark.usefixtures("no_covariance")
def test_a_direction_of_the_last_rows_alone_is_not_missed() -> None:
    X = strong()
    hidden = np.zeros(D)
    hidden[7] = 1.0
    X[:, 7] = 1.0  # the first samples know nothing of it
    X[-20:, 7] += np.linspace(300.0, 310.0, 20)
    found = pca(X, K)
    np.testing.assert_allclose(found.explained_variance, exact(X)[0], rtol=1e-13)
    assert abs(found.components[0] @ hidden) > 0.99


def test_a_flat_spectrum_is_left_to_the_covariance() -> None:
    X = np.random.default_rng(3).standard_normal((N, D)) * np.linspace(3.0, 1.0, D)
    assert krylov.leading_components(Rows(X), K + 1) is None
    np.testing.assert_allclose(pca(X, K).explained_variance, exact(X)[0], rtol=1e-13)


@pytest.mark.usefixtures("no_covariance")
def test_sparse_samples_stay_sparse() -> None:
    X = np.where(np.random.default_rng(4).random((N, D)) < 0.1, strong() - 1.0, 0.0)
    X[:, :K] += strong()[:, :K] * 50.0
    found = pca(scipy.sparse.csr_array(X), K)
    np.testing.assert_allclose(found.explained_variance, exact(X)[0], rtol=1e-13)


def test_a_file_is_read_once_or_twice_not_for_every_product(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(krylov, "_iterate", None)  # calling it is an error
    path = f"{tmp_path}/X.npy"
    np.save(path, strong())
    np.testing.assert_allclose(pca(path, K).explained_variance, exact(strong())[0], rtol=1e-12)


def test_an_entry_that_is_not_finite_is_named() -> None:
    X = strong()
    X[1200, 3] = np.nan
    with pytest.raises(ValueError, match="row 1200"):
        pca(X, K)


@pytest.mark.parametrize("part", ["middle", "total"])
def test_products_that_are_not_centred_would_be_noticed(
    part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = krylov._Covariance.__call__

    def crooked(self: krylov._Covariance, V: Matrix) -> Matrix:
        mean = self.mean if part == "total" else np.zeros_like(self.mean)
        product = honest(krylov._Covariance(self.rows, mean, self.shift), V)
        return product + np.outer(mean, mean @ V) if part == "total" else product

    monkeypatch.setattr(krylov._Covariance, "__call__", crooked)
    found = pca(strong(), K)
    assert np.abs(found.explained_variance / exact(strong())[0] - 1.0).max() > 1e-6
