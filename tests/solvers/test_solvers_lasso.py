"""The lasso: the optimality conditions, the duality gap and invariances pin every digit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import scipy.sparse
from hypothesis import given, settings, strategies as st

from optidemo import (
    L1Norm,
    L2Norm,
    LinearRegression,
    SquaredL2Norm,
    Status,
    proximal_gradient,
    solve,
)
from optidemo.solvers import lasso as room
from optidemo.solvers.active_set import small_lasso
from optidemo.solvers.lasso import is_lasso, lasso

if TYPE_CHECKING:
    from optidemo.arrays import Matrix, Vector


def regression(
    seed: int = 0, n: int = 40, d: int = 100, correlation: float = 0.0
) -> tuple[Matrix, Vector]:
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((n, d)) + correlation * rng.standard_normal((n, 1))
    w = np.where(np.arange(d) % 7 == 0, rng.standard_normal(d), 0.0)
    return X, X @ w + 0.3 * rng.standard_normal(n)


def assert_optimal(X: Matrix, y: Vector, lam: float, w: Vector, rho: float = 0.0) -> None:
    """Hold w against the conditions: Xᵀr − ρw = λ sign(w), or within ±λ where w = 0."""
    g = X.T @ (y - X @ w) - rho * w
    rounding = 1e-11 * np.abs(X.T @ y).max()
    np.testing.assert_allclose(g[w != 0], lam * np.sign(w[w != 0]), atol=rounding)
    assert np.abs(g[w == 0]).max(initial=0.0) <= lam + rounding


@pytest.mark.parametrize("share", [0.9, 0.3, 0.1, 0.01])
@pytest.mark.parametrize("correlation", [0.0, 2.0])
@pytest.mark.parametrize("shape", [(40, 100), (60, 20)])
def test_the_optimality_conditions_hold(
    share: float, correlation: float, shape: tuple[int, int]
) -> None:
    X, y = regression(1, *shape, correlation)
    lam = share * float(np.abs(X.T @ y).max())
    res = solve(LinearRegression(X, y) + lam * L1Norm(shape[1]), tol=1e-14)
    assert res.solver == "lasso"
    assert res.success
    assert_optimal(X, y, lam, res.x)
    with pytest.raises(AssertionError):
        assert_optimal(X, y, lam, np.where(res.x != 0, res.x + 1e-6, 0.0))


def test_the_gap_bounds_the_distance_to_the_minimum() -> None:
    X, y = regression(2)
    lam = 0.05 * float(np.abs(X.T @ y).max())
    f = LinearRegression(X, y) + lam * L1Norm(100)
    exact = solve(f, tol=1e-14)
    rough = lasso(f, maxiter=1)
    assert rough.status is Status.MAXITER
    assert 0 < rough.fun - exact.fun <= rough.gap
    assert exact.gap <= 1e-12 * exact.fun
    assert exact.fun == pytest.approx(f.value(exact.x), rel=1e-13)
    np.testing.assert_allclose(exact.jac, X.T @ (X @ exact.x - y), atol=1e-10 * lam)


def test_the_proximal_gradient_finds_the_same() -> None:
    X, y = regression(3, 60, 20)
    f = LinearRegression(X, y) + 5.0 * L1Norm(20)
    slow = proximal_gradient(f, tol=1e-13, maxiter=100_000)
    np.testing.assert_allclose(solve(f).x, slow.x, atol=1e-9)


def test_an_orthogonal_design_is_a_soft_threshold() -> None:
    Q, _ = np.linalg.qr(np.random.default_rng(0).standard_normal((12, 6)))
    y = np.arange(12.0)
    res = solve(LinearRegression(Q, y) + 1.5 * L1Norm(6))
    np.testing.assert_allclose(res.x, L1Norm(6).prox(Q.T @ y, 1.5), rtol=1e-12)


def test_above_the_largest_penalty_all_is_zero() -> None:
    X, y = regression()
    largest = float(np.abs(X.T @ y).max())
    assert not solve(LinearRegression(X, y) + 1.0001 * largest * L1Norm(100)).x.any()
    one = solve(LinearRegression(X, y) + 0.9999 * largest * L1Norm(100)).x
    assert np.count_nonzero(one) == 1


def test_elastic_net_and_factors() -> None:
    X, y = regression(4)
    lam, rho = 0.1 * float(np.abs(X.T @ y).max()), 3.0
    net = solve(
        2.0 * LinearRegression(X, y) + 2 * lam * L1Norm(100) + rho * SquaredL2Norm(100), tol=1e-14
    )
    assert_optimal(X, y, lam, net.x, rho)
    tall = np.vstack([X, np.sqrt(rho) * np.eye(100)])
    same = solve(LinearRegression(tall, np.r_[y, np.zeros(100)]) + lam * L1Norm(100))
    np.testing.assert_allclose(net.x, same.x, atol=1e-10)
    assert net.gap <= 1e-12 * net.fun


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10**6), correlation=st.floats(0, 5), share=st.floats(1e-3, 0.99))
def test_permutations_signs_and_repeated_rows(seed: int, correlation: float, share: float) -> None:
    X, y = regression(seed, 25, 15, correlation)
    rng = np.random.default_rng(seed)
    lam = share * float(np.abs(X.T @ y).max())
    w = solve(LinearRegression(X, y) + lam * L1Norm(15), tol=1e-14).x
    assert_optimal(X, y, lam, w)
    order, signs = rng.permutation(15), rng.choice([-1.0, 1.0], 15)
    turned = solve(LinearRegression(X[:, order] * signs, y) + lam * L1Norm(15), tol=1e-14).x
    np.testing.assert_allclose(turned * signs, w[order], atol=1e-8 * abs(w).max())
    twice = LinearRegression(np.vstack([X, X]), np.r_[y, y]) + 2 * lam * L1Norm(15)
    np.testing.assert_allclose(solve(twice, tol=1e-14).x, w, atol=1e-8 * abs(w).max())


def test_equal_and_empty_columns() -> None:
    X, y = regression(5, 30, 10)
    doubled = np.column_stack([X, X[:, :4], np.zeros(30)])
    lam = 0.05 * float(np.abs(X.T @ y).max())
    res = solve(LinearRegression(doubled, y) + lam * L1Norm(15))
    plain = solve(LinearRegression(X, y) + lam * L1Norm(10))
    assert res.success
    assert res.fun == pytest.approx(plain.fun, rel=1e-9)
    assert res.x[-1] == 0


def test_sparse_samples_in_blocks_and_few_features_at_a_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    X, y = regression(6)
    X[np.abs(X) < 0.5] = 0.0
    lam = 0.05 * float(np.abs(X.T @ y).max())
    whole = solve(LinearRegression(X, y) + lam * L1Norm(100))
    monkeypatch.setattr("optidemo.storage.blocks.CACHED", 256)
    monkeypatch.setattr("optidemo.storage.blocks.TALL", 8)
    monkeypatch.setattr(room, "FIRST", 3)
    for stored in (X, np.asfortranarray(X), scipy.sparse.csr_array(X)):
        f = LinearRegression(stored, y)
        assert f.rows.block_length < len(y)
        res = solve(f + lam * L1Norm(100))
        assert res.nit > 3
        np.testing.assert_allclose(res.x, whole.x, atol=1e-10)


def test_a_guess_enters_the_first_working_set() -> None:
    X, y = regression(7)
    lam = 0.02 * float(np.abs(X.T @ y).max())
    f = LinearRegression(X, y) + lam * L1Norm(100)
    cold = solve(f)
    warm = solve(f, cold.x)
    assert warm.nit == 1
    np.testing.assert_allclose(warm.x, cold.x, atol=1e-10)


def test_other_objectives_are_refused_by_name() -> None:
    X, y = regression()
    f = LinearRegression(X, y)
    for g in (f, f + L2Norm(100), L1Norm(100), f + f + L1Norm(100), f + L1Norm(100) + L2Norm(100)):
        assert not is_lasso(g)
        with pytest.raises(TypeError, match="not compatible with lasso"):
            lasso(g)


def test_violators_that_exclude_each_other_are_taken_one_by_one() -> None:
    G = np.array([[1.0, 0.999, -0.5], [0.999, 1.0, -0.5], [-0.5, -0.5, 1.0]])
    c = np.array([1.0, 1.0005, -1.2])
    w = small_lasso(G, c, 0.1, np.zeros(3))
    g = c - G @ w
    np.testing.assert_allclose(g[w != 0], 0.1 * np.sign(w[w != 0]), atol=1e-14)
    assert np.abs(g).max() <= 0.1 + 1e-12
