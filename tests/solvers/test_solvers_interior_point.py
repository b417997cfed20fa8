"""The interior point method for the SVM with a ridge: exact references, duality, invariances."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import scipy.sparse
from hypothesis import given, settings, strategies as st
from scipy.optimize import Bounds, lsq_linear, minimize

from optidemo import SVM, L1Norm, SquaredL2Norm, Status, load_dataset, solve
from optidemo.solvers.interior_point import interior_point, is_ridge_svm

if TYPE_CHECKING:
    from optidemo.arrays import Matrix, Vector

EXACT: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "data" / "REFERENCE.json").read_text(encoding="utf-8")
)["iris.csv"]["reference"]["svm"]


def overlapping(seed: int = 0, n: int = 120, d: int = 4) -> tuple[Matrix, Vector]:
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((n, d))
    return X, np.where(X @ np.ones(d) + rng.standard_normal(n) > 0, 1.0, -1.0)


def iris(name: str) -> tuple[Matrix, Vector, float]:
    """Return the two petal (or one petal and one sepal) columns and ones, the labels, and C."""
    data = load_dataset("iris")
    species = np.array(data.column("species"))
    negative, positive = (
        ("setosa", "versicolor") if "setosa" in name else ("versicolor", "virginica")
    )
    second = "sepal_length_cm" if "sepalL" in name else "petal_width_cm"
    rows = (species == negative) | (species == positive)
    X = np.column_stack([data.matrix("petal_length_cm", second), np.ones(len(data))])[rows]
    C = EXACT[name]["C"]
    return X, np.where(species[rows] == positive, 1.0, -1.0), 1000.0 if "hard" in C else float(C)


@pytest.mark.parametrize("name", EXACT)
def test_iris_to_all_printed_digits(name: str) -> None:
    X, y, C = iris(name)
    res = solve(C * SVM(X, y) + 0.5 * SquaredL2Norm(3, unpenalized=[2]))
    assert res.solver == "interior_point"
    assert res.success
    exact = [*EXACT[name]["w_exact"], EXACT[name]["b_exact"]]
    np.testing.assert_allclose(res.x, [float(Fraction(e)) for e in exact], rtol=1e-13, atol=1e-13)
    assert res.fun == pytest.approx(float(EXACT[name]["objective"]), rel=1e-11)
    margins = y * (X @ res.x)
    assert np.count_nonzero(np.abs(margins - 1) < 1e-9) == EXACT[name]["on_margin"]
    assert np.count_nonzero(margins < 0) == EXACT[name]["training_errors"]


@pytest.mark.parametrize("C", [1e-6, 1.0, 1e4])
@pytest.mark.parametrize("scale", [1e-3, 1.0, 1e3])
def test_the_multipliers_prove_the_optimum(C: float, scale: float) -> None:
    X, y = overlapping()
    X = X * scale
    f = C * SVM(X, y) + 0.5 * SquaredL2Norm(4)
    res = interior_point(f, tol=1e-10)
    assert res.success
    alpha = res.dual
    assert alpha.min() >= 0
    assert alpha.max() <= C
    lower = alpha.sum() - 0.5 * np.sum((X.T @ (y * alpha)) ** 2)
    assert res.fun - lower <= 1e-10 * res.fun
    assert res.gap == pytest.approx(max(res.fun - lower, 0.0), abs=1e-13 * res.fun)
    apart = res.x - X.T @ (y * alpha)
    assert 0.5 * apart @ apart <= res.fun - lower + 1e-14 * res.fun


def test_the_dual_solved_by_scipy_gives_the_same() -> None:
    X, y = overlapping(n=30)
    Z = y[:, None] * X
    dual = minimize(
        lambda a: (0.5 * np.sum((Z.T @ a) ** 2) - a.sum(), Z @ (Z.T @ a) - 1.0),
        np.full(30, 0.5), jac=True, bounds=Bounds(0.0, 1.0), options={"maxiter": 10_000, "ftol": 1e-15},
    )  # fmt: skip
    res = solve(SVM(X, y) + 0.5 * SquaredL2Norm(4))
    np.testing.assert_allclose(res.x, Z.T @ dual.x, atol=1e-4)
    assert res.fun == pytest.approx(-dual.fun, rel=1e-8)


def test_zero_is_a_subgradient_at_the_answer() -> None:
    X, y = overlapping()
    f = SVM(X, y) + 0.5 * SquaredL2Norm(4)
    res = solve(f)
    assert f.stationarity(res.x) < 1e-12
    assert f.stationarity(res.x + 1e-3) > 1e-3  # the measure sees a wrong answer
    on = np.abs(y * (X @ res.x) - 1) < 1e-9
    inside = y * (X @ res.x) < 1 - 1e-9
    Z = y[:, None] * X
    rest = lsq_linear(Z[on].T, res.x - Z[inside].sum(axis=0), bounds=(0.0, 1.0))
    assert np.linalg.norm(rest.fun) < 1e-9


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6), d=st.integers(1, 5), copies=st.integers(1, 3))
def test_permuted_and_repeated_rows(seed: int, d: int, copies: int) -> None:
    X, y = overlapping(seed, 40, d)
    order = np.random.default_rng(seed).permutation(copies * 40) % 40
    once = solve(float(copies) * SVM(X, y) + 0.5 * SquaredL2Norm(d), tol=1e-12)
    many = solve(SVM(X[order], y[order]) + 0.5 * SquaredL2Norm(d), tol=1e-12)
    assert many.fun == pytest.approx(once.fun, rel=1e-11)
    np.testing.assert_allclose(many.x, once.x, atol=1e-5)


def test_scaled_columns_with_a_scaled_ridge() -> None:
    X, y = overlapping()
    plain = solve(SVM(X, y) + 0.5 * SquaredL2Norm(4))
    scaled = solve(SVM(10.0 * X, y) + 50.0 * SquaredL2Norm(4))
    np.testing.assert_allclose(10.0 * scaled.x, plain.x, rtol=1e-12)
    assert scaled.fun == pytest.approx(plain.fun, rel=1e-13)


def test_equal_columns_without_a_ridge() -> None:
    X, y = overlapping()
    f = SVM(np.column_stack([X, X[:, 0]]), y) + 0.5 * SquaredL2Norm(5, unpenalized=[0, 4])
    reference = solve(SVM(X, y) + 0.5 * SquaredL2Norm(4, unpenalized=[0]))
    res = solve(f)
    assert res.success
    assert res.fun == pytest.approx(reference.fun, rel=1e-10)


def test_sparse_samples_in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    X, y = overlapping()
    X[np.abs(X) < 0.5] = 0.0
    dense = solve(SVM(X, y) + 0.5 * SquaredL2Norm(4))
    monkeypatch.setattr("optidemo.storage.blocks.CACHED", 64)
    monkeypatch.setattr("optidemo.storage.blocks.TALL", 8)
    for stored in (X, scipy.sparse.csr_array(X)):
        f = SVM(stored, y)
        assert f.rows.block_length < len(y)
        res = solve(f + 0.5 * SquaredL2Norm(4))
        np.testing.assert_allclose(res.x, dense.x, rtol=1e-12)


class TestWithAnL1Norm:
    """SVM + ridge + L1: a quadratic program as well, with d hinges more."""

    def dual(self, X: Matrix, y: Vector, C: float, lam: float, rho: float) -> tuple[Vector, float]:
        """Return w and min f from the dual, max Σα − ‖soft(Zᵀα, λ)‖²/(2ρ), by scipy."""
        Z = y[:, None] * X

        def soft(v: Vector) -> Vector:
            return np.asarray(np.sign(v) * np.maximum(np.abs(v) - lam, 0.0))

        res = minimize(
            lambda a: (
                0.5 * np.sum(soft(Z.T @ a) ** 2) / rho - a.sum(),
                Z @ soft(Z.T @ a) / rho - 1,
            ),
            np.full(len(y), 0.5 * C),
            jac=True,
            bounds=Bounds(0.0, C),
            options={"maxiter": 10_000, "maxfun": 10**5, "ftol": 1e-15},
        )
        return soft(Z.T @ res.x) / rho, -res.fun

    @pytest.mark.parametrize("lam", [0.1, 5.0, 1e3])
    def test_the_dual_solved_by_scipy_gives_the_same(self, lam: float) -> None:
        X, y = overlapping(n=40)
        res = solve(1.5 * SVM(X, y) + lam * L1Norm(4) + 0.3 * SquaredL2Norm(4))
        assert res.solver == "interior_point"
        assert res.success
        w, f = self.dual(X, y, 1.5, lam, 0.6)
        assert res.fun == pytest.approx(f, rel=1e-9)
        np.testing.assert_allclose(res.x, w, atol=1e-5)

    def test_features_are_left_out_exactly_and_the_multipliers_say_why(self) -> None:
        X, y = overlapping()
        X = np.column_stack([X, np.random.default_rng(1).standard_normal((120, 6))])
        res = solve(SVM(X, y) + 12.0 * L1Norm(10) + 0.5 * SquaredL2Norm(10))
        v = X.T @ (y * res.dual)
        left_out = res.x == 0
        assert 2 <= np.count_nonzero(left_out) <= 8
        assert np.abs(v[left_out]).max() <= 12.0 * (1 + 1e-12)
        np.testing.assert_allclose(v[~left_out], (res.x + 12.0 * np.sign(res.x))[~left_out])

    def test_a_vanishing_l1_norm_changes_nothing(self) -> None:
        X, y = overlapping()
        ridge = SVM(X, y) + 0.5 * SquaredL2Norm(4)
        np.testing.assert_allclose(solve(ridge + 1e-12 * L1Norm(4)).x, solve(ridge).x, rtol=1e-10)

    def test_sparse_samples_in_blocks(self, monkeypatch: pytest.MonkeyPatch) -> None:
        X, y = overlapping()
        penalty = 8.0 * L1Norm(4) + 0.5 * SquaredL2Norm(4)
        whole = solve(SVM(X, y) + penalty)
        monkeypatch.setattr("optidemo.storage.blocks.CACHED", 64)
        monkeypatch.setattr("optidemo.storage.blocks.TALL", 8)
        res = solve(SVM(scipy.sparse.csr_array(X), y) + penalty)
        np.testing.assert_allclose(res.x, whole.x, rtol=1e-12)


def test_too_few_iterations_are_no_success() -> None:
    X, y = overlapping()
    f = SVM(X, y) + 0.5 * SquaredL2Norm(4)
    res = interior_point(f, maxiter=3)
    assert res.status is Status.MAXITER
    assert res.gap > 1e-8 * res.fun
    assert res.fun - res.gap <= solve(f).fun <= res.fun
    assert res.nit == 3
    assert len(res.trajectory) == 4


def test_other_objectives_are_refused_by_name() -> None:
    X, y = overlapping()
    for f in (SVM(X, y), SVM(X, y) + L1Norm(4), SquaredL2Norm(4) + SquaredL2Norm(4)):
        assert not is_ridge_svm(f)
        with pytest.raises(TypeError, match="not compatible with interior_point"):
            interior_point(f)
    assert is_ridge_svm(2.0 * SVM(X, y) + SquaredL2Norm(4))


def test_a_callback_sees_every_iterate_and_may_stop() -> None:
    X, y = overlapping()
    seen: list[Vector] = []

    def callback(w: Vector) -> None:
        seen.append(w.copy())
        if len(seen) == 4:
            raise StopIteration

    res = interior_point(SVM(X, y) + 0.5 * SquaredL2Norm(4), callback=callback)
    assert res.status is Status.STOPPED
    assert len(seen) == 4
