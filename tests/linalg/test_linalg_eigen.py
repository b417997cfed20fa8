"""Leading eigenvectors and principal components: published values, hard data, honest bounds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from optidemo.datasets import load_dataset
from optidemo.linalg import eigen
from optidemo.linalg.eigen import pca, top_eigenvectors

if TYPE_CHECKING:
    from optidemo.arrays import Matrix
    from optidemo.rows import Rows

REFERENCE = json.loads(
    (Path(__file__).parents[1] / "data" / "REFERENCE.json").read_text(encoding="utf-8")
)["iris.csv"]["reference"]


def orthonormality(components: Matrix) -> float:
    return float(np.max(np.abs(components @ components.T - np.eye(len(components)))))


def iris() -> Matrix:
    data = load_dataset("iris")
    return data.matrix(*data.numeric)


def test_iris_is_as_published() -> None:
    found = pca(iris(), 4)
    variances = [float(v) for v in REFERENCE["cov_ddof1_eigenvalues"]]
    np.testing.assert_allclose(found.explained_variance, variances, rtol=1e-13)
    published = np.array(REFERENCE["cov_ddof1_eigenvectors"], dtype=float)
    signs = np.sign(np.sum(found.components * published, axis=1))
    np.testing.assert_allclose(found.components, published * signs[:, None], atol=1e-13)
    np.testing.assert_allclose(found.mean, [float(m) for m in REFERENCE["means"]], rtol=1e-11)
    assert np.all(found.error_bound < 1e-12)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10**6), d=st.integers(1, 12), data=st.data())
def test_top_eigenvectors_are_those_of_the_symmetric_part(
    seed: int, d: int, data: st.DataObject
) -> None:
    k = data.draw(st.integers(1, d))
    A = np.random.default_rng(seed).standard_normal((d, d))
    values, vectors = top_eigenvectors(A, k)
    S = (A + A.T) / 2
    np.testing.assert_allclose(values, np.linalg.eigvalsh(S)[::-1][:k], atol=1e-13)
    np.testing.assert_allclose(S @ vectors, vectors * values, atol=1e-13)
    assert orthonormality(vectors.T) < 1e-14
    assert np.all(vectors[np.argmax(np.abs(vectors), axis=0), np.arange(k)] > 0.0)
    np.testing.assert_array_equal(top_eigenvectors(A.copy(), k)[1], vectors)


def test_a_few_of_many_eigenvectors_are_orthonormal() -> None:
    A = np.random.default_rng(0).standard_normal((150, 150))
    values, vectors = top_eigenvectors(A, 7)
    assert orthonormality(vectors.T) < 1e-14
    np.testing.assert_allclose(values, np.linalg.eigvalsh((A + A.T) / 2)[::-1][:7], rtol=1e-13)


def test_close_pairs_share_a_plane_and_say_so() -> None:
    Q, _ = np.linalg.qr(np.random.default_rng(1).standard_normal((60, 60)))
    spectrum = np.concatenate(([2.0, 2.0 - 1e-13], np.linspace(1.0, 0.1, 58)))
    root = (Q * np.sqrt(spectrum)) @ Q.T
    X = np.sqrt(119.0 / 2.0) * np.vstack((root, -root))  # mean 0, covariance Q Λ Qᵀ
    found = pca(X, 3)
    np.testing.assert_allclose(found.explained_variance[:2], 2.0, rtol=1e-12)
    plane = found.components[:2]
    np.testing.assert_allclose(plane.T @ plane, Q[:, :2] @ Q[:, :2].T, atol=1e-12)
    assert found.error_bound[0] > 1e-3
    assert found.error_bound[2] < 1e-10


@pytest.mark.parametrize("shape", [(300, 6), (6, 300), (5, 5)])
@pytest.mark.parametrize("offset", [0.0, 2.0**30])
def test_a_huge_mean_costs_no_digit(shape: tuple[int, int], offset: float) -> None:
    rng = np.random.default_rng(2)
    X = np.round(rng.standard_normal(shape) * 2.0**20) / 2.0**20 * 4.0  # the sums are exact
    k = min(shape) - 1
    plain, moved = pca(X, k), pca(X + offset, k)
    np.testing.assert_allclose(moved.explained_variance, plain.explained_variance, rtol=1e-12)
    np.testing.assert_allclose(np.abs(moved.components), np.abs(plain.components), atol=1e-11)
    np.testing.assert_allclose(moved.mean, plain.mean + offset, rtol=3e-16)
    exact = np.linalg.svd(X - X.mean(axis=0), compute_uv=False)[:k] ** 2 / (len(X) - 1)
    np.testing.assert_allclose(plain.explained_variance, exact, rtol=1e-12)


def test_a_first_block_far_from_the_others_costs_no_digit() -> None:
    rng = np.random.default_rng(3)
    X = rng.standard_normal((200_000, 2))
    X[:10_000] += 1e9
    found = pca(X, 2)
    centred = X - X.mean(axis=0)
    centred -= centred.mean(axis=0)
    exact = np.linalg.svd(centred, compute_uv=False) ** 2 / (len(X) - 1)
    np.testing.assert_allclose(found.explained_variance, exact, rtol=1e-6)


@pytest.mark.parametrize("shape", [(200, 8), (8, 200)])
def test_graded_data_keep_the_small_variances(shape: tuple[int, int]) -> None:
    X = np.random.default_rng(4).standard_normal(shape)
    X *= 10.0 ** -np.arange(8.0)[:, None] if shape[0] == 8 else 10.0 ** -np.arange(8.0)
    found = pca(X, 7)
    exact = np.linalg.svd(X - X.mean(axis=0), compute_uv=False)[:7] ** 2 / (len(X) - 1)
    np.testing.assert_allclose(found.explained_variance, exact, rtol=1e-8)
    assert orthonormality(found.components) < 1e-14


def test_the_order_of_the_samples_does_not_matter() -> None:
    X = np.random.default_rng(5).standard_normal((5000, 40)) * np.geomspace(1.0, 0.1, 40)
    one, other = pca(X, 3), pca(X[::-1], 3)
    np.testing.assert_allclose(one.components, other.components, atol=1e-11)
    assert np.all(np.linalg.norm(one.components - other.components, axis=1) <= one.error_bound)


def test_signs_do_not_hang_on_a_tie() -> None:
    A = np.array([[0.0, -1.0], [-1.0, 0.0]])
    vector = top_eigenvectors(A)[1][:, 0]
    np.testing.assert_allclose(vector, [0.5**0.5, -(0.5**0.5)])


def test_constant_data_have_no_direction() -> None:
    found = pca(np.full((5, 3), 7.0), 1)
    assert found.explained_variance[0] == 0.0
    assert found.error_bound[0] == 1.0


@pytest.mark.parametrize(
    ("X", "k", "message"),
    [
        (np.ones((1, 3)), 1, "at least two samples"),
        (np.ones((4, 3)), 4, r"min\(n, d\) = 3, but is 4"),
        (np.ones((4, 3)), 0, "but is 0"),
    ],
)
def test_bad_input_is_named(X: Matrix, k: int, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        pca(X, k)


def test_lost_cancellation_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    def textbook(rows: Rows) -> tuple[Matrix, Matrix]:
        X = rows.X
        mean = X.mean(axis=0)
        return mean, (X.T @ X - len(X) * np.outer(mean, mean)) / (len(X) - 1)

    monkeypatch.setattr(eigen, "covariance", textbook)
    with pytest.raises(AssertionError):
        test_a_huge_mean_costs_no_digit((300, 6), 2.0**30)
