"""Logistic regression: published optima to 12 digits, and exact verdicts on separation."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from optidemo import (
    BarzilaiBorwein,
    LogisticRegression,
    SquaredL2Norm,
    Status,
    gradient_descent,
    load_dataset,
    newton,
    solve,
)
from optidemo.objectives import logistic_regression, separation

if TYPE_CHECKING:
    from optidemo.arrays import Matrix, Vector
    from optidemo.rows import Rows

PUBLISHED: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "data" / "REFERENCE.json").read_text(encoding="utf-8")
)


def challenger() -> tuple[Matrix, Vector, Any]:
    data = load_dataset("challenger_orings")
    X = np.column_stack([np.ones(len(data)), data.matrix("temperature_F")])
    reference = PUBLISHED["challenger_orings.csv"]["reference"]["binary"]
    return X, data.matrix("any_distress")[:, 0], reference


def iris() -> tuple[Matrix, Vector, Any]:
    data = load_dataset("iris")
    species = np.array(data.column("species"))
    rows = species != "setosa"
    X = np.column_stack([np.ones(len(data)), data.matrix(*data.numeric)])[rows]
    reference = PUBLISHED["iris.csv"]["reference"]["logistic_versicolor_virginica"]
    return X, (species[rows] == "virginica").astype(float), reference


def overlapping(seed: int = 0, n: int = 200, d: int = 4) -> tuple[Matrix, Vector]:
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((n, d)) * np.logspace(-1, 1, d)
    return X, (X @ np.ones(d) + 3.0 * rng.standard_normal(n) > 0).astype(float)


@pytest.mark.parametrize("data", [challenger, iris])
def test_published_optimum_to_twelve_digits(data: Any) -> None:
    X, y, reference = data()
    res = solve(LogisticRegression(X, y))
    assert res.success
    np.testing.assert_allclose(res.x, np.array(reference["coef"], dtype=float), rtol=1e-12)
    assert -res.fun == pytest.approx(float(reference["loglik"]), rel=1e-13)
    covariance = np.linalg.inv(LogisticRegression(X, y).hessian(res.x))
    se = np.array(reference["se"], dtype=float)
    np.testing.assert_allclose(np.sqrt(np.diag(covariance)), se, rtol=1e-9)


def test_one_pass_gives_what_three_give(monkeypatch: pytest.MonkeyPatch) -> None:
    X, y = overlapping()
    monkeypatch.setattr("optidemo.storage.blocks.CACHED", 64)
    monkeypatch.setattr("optidemo.storage.blocks.TALL", 8)
    f = LogisticRegression(X, y)
    assert f.rows.block_length < len(y)
    w = np.full(4, 0.3)
    value, g, H = f.derivatives(w)
    p = 1.0 / (1.0 + np.exp(-X @ w))
    assert value == pytest.approx(-np.sum(np.log(np.where(y == 1, p, 1 - p))), rel=1e-13)
    np.testing.assert_allclose(g, X.T @ (p - y), rtol=1e-12)
    np.testing.assert_allclose(H, X.T @ np.diag(p * (1 - p)) @ X, rtol=1e-12)


@pytest.mark.parametrize("scale", [1.0, 1e3, 1e300])
def test_derivatives_never_overflow(scale: float) -> None:
    X, y = overlapping(n=50)
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        f, g, H = LogisticRegression(X, y).derivatives(scale * np.ones(4))
    assert np.isfinite([f, *g, *H.ravel()]).all()


@pytest.mark.parametrize("factor", [1e-3, 1e3])
def test_scaled_columns_scale_the_optimum(factor: float) -> None:
    X, y = overlapping()
    w = solve(LogisticRegression(X, y)).x
    scaled = solve(LogisticRegression(X * np.array([factor, 1, 1, 1]), y)).x
    np.testing.assert_allclose(scaled * np.array([factor, 1, 1, 1]), w, rtol=1e-11)


def test_permuted_and_doubled_rows_leave_the_optimum() -> None:
    X, y = overlapping()
    w = solve(LogisticRegression(X, y)).x
    order = np.random.default_rng(1).permutation(len(y))
    np.testing.assert_allclose(solve(LogisticRegression(X[order], y[order])).x, w, rtol=1e-12)
    twice = solve(LogisticRegression(np.vstack([X, X]), np.r_[y, y]))
    np.testing.assert_allclose(twice.x, w, rtol=1e-12)
    assert twice.nit == solve(LogisticRegression(X, y)).nit


def test_the_optimum_itself_proves_that_the_classes_overlap(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def never(_rows: Rows, _free: Vector) -> None:
        raise AssertionError("the linear program was solved")

    monkeypatch.setattr(logistic_regression, "separation", never)
    monkeypatch.setattr(logistic_regression, "MANY", 10)
    for X, y in (overlapping(), challenger()[:2], iris()[:2]):
        assert solve(LogisticRegression(X, y)).success


@pytest.mark.parametrize("many", [10, 10_000])
def test_separable_data_have_no_minimum(monkeypatch: pytest.MonkeyPatch, many: int) -> None:
    monkeypatch.setattr(logistic_regression, "MANY", many)
    X, _ = overlapping()
    y = (X @ np.array([1.0, -1.0, 2.0, 0.5]) > 0).astype(float)
    res = solve(LogisticRegression(X, y))
    assert res.status is Status.NOT_ATTAINED
    assert "The data are separable" in res.message
    known = LogisticRegression(X, y).optimum_near(res.x)
    assert known.direction is not None
    assert ((2 * y - 1) * (X @ known.direction)).min() > -1e-7


@pytest.mark.parametrize("many", [10, 10_000])
def test_quasi_separable_data_have_no_minimum(monkeypatch: pytest.MonkeyPatch, many: int) -> None:
    monkeypatch.setattr(logistic_regression, "MANY", many)
    monkeypatch.setattr(separation, "MANY", many)
    X, y = overlapping()
    rare = np.zeros(len(y))
    rare[y == 1] = np.arange(np.count_nonzero(y)) % 9 == 0
    f = LogisticRegression(np.column_stack([X, rare]), y)
    res = solve(f)
    assert res.status is Status.NOT_ATTAINED
    assert "quasi-separable" in res.message
    v = f.optimum_near(res.x).direction
    assert v is not None
    margins = (2 * y - 1) * (f.rows.X @ v)
    assert margins.min() > -1e-6
    assert margins.max() > 1e-3


def test_a_linear_program_of_some_rows_decides_as_that_of_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cases = [overlapping(seed, n=60) for seed in range(4)]
    X, _ = overlapping()
    cases.append((X, (X[:, 0] > 0.05).astype(float)))
    cases.append((X - np.array([0.05, 0, 0, 0]), cases[-1][1]))

    def verdicts() -> list[str]:
        known = (LogisticRegression(X, y).optimum() for X, y in cases)
        return ["" if k is None else k.reason.split(":")[0] for k in known]

    whole = verdicts()
    assert whole[-1] == "The data are separable"
    assert whole[-2] != "The data are separable"
    assert "The classes overlap" in whole
    monkeypatch.setattr(separation, "MANY", 8)
    assert verdicts() == whole


def test_a_flat_or_singular_hessian_proves_nothing() -> None:
    H = np.array([[1.0, 1.0], [1.0, 1.0]])
    assert not separation.minimum_is_near(1.0, np.zeros(2), H)
    assert not separation.minimum_is_near(1.0, np.zeros(2), np.zeros((2, 2)))
    assert not separation.minimum_is_near(1e4, np.zeros(2), np.eye(2))
    assert not separation.minimum_is_near(1.0, np.array([1.0, 0.0]), np.eye(2))
    assert separation.minimum_is_near(1.0, np.array([0.1, 0.0]), np.eye(2))


def test_many_samples_are_solved_from_the_optimum_of_some(monkeypatch: pytest.MonkeyPatch) -> None:
    X, y = overlapping(n=10_000)
    cold = solve(LogisticRegression(X, y), np.zeros(4))
    warm = solve(LogisticRegression(X, y))
    assert warm.nit < cold.nit
    np.testing.assert_allclose(warm.x, cold.x, rtol=1e-11)
    monkeypatch.setattr("optidemo.solvers.solve.SPARE", 26)  # now the samples are too few
    np.testing.assert_array_equal(solve(LogisticRegression(X, y)).trajectory.x[0], np.zeros(4))


def test_a_separable_part_of_the_samples_gives_no_start() -> None:
    X, y = overlapping(n=10_000)
    X[::25, 0], y[::25] = 50.0 * (2.0 * y[::25] - 1.0), y[::25]
    res = solve(LogisticRegression(X, y))
    assert res.success
    np.testing.assert_array_equal(res.trajectory.x[0], np.zeros(4))


def test_newton_passes_over_the_samples_once_an_iteration(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    X = rng.standard_normal((1500, 3))
    f = LogisticRegression(X, (X[:, 0] + rng.standard_normal(1500) > 0).astype(float))
    passes: list[Any] = []
    right = LogisticRegression.derivatives

    def counted(self: LogisticRegression, w: Any) -> Any:
        passes.append(w)
        return right(self, w)

    monkeypatch.setattr(LogisticRegression, "derivatives", counted)
    res = newton(f)
    assert res.success
    assert len(passes) == res.nit + 1  # that a minimum exists is proved by the last of them


@pytest.mark.parametrize(("offset", "unit"), [(1e8, 1.0), (1.7e9, 10.0)])
def test_a_hessian_of_rounding_errors_certifies_nothing(offset: float, unit: float) -> None:
    """Beside so large an offset the Hessian is singular to rounding, and f still falls from 4.159."""
    X = np.column_stack([np.ones(6), offset + unit * np.arange(6.0)])
    res = newton(LogisticRegression(X, [0, 1, 0, 1, 0, 1]))
    if res.success:
        assert res.fun == pytest.approx(3.895013, abs=1e-4)
    else:
        assert "Centre the columns" in res.message


def with_intercept(*columns: Any) -> Matrix:
    return np.column_stack([np.ones(len(columns[0])), *columns])


OVERLAPPING: list[tuple[Matrix, list[int]]] = [
    (with_intercept([3, 4, 5 - 3e-7, 5 + 3e-7, 6, 7]), [0, 0, 1, 0, 1, 1]),
    (with_intercept([3, 4, 5 - 1e-8, 5 + 1e-8, 6, 7]), [0, 0, 1, 0, 1, 1]),
    (np.array([[1.0], [1e12], [-1.0]]), [1, 0, 0]),
    (np.array([[1.0], [1e-12], [-1.0]]), [1, 0, 0]),
    (with_intercept(1e8 + np.arange(6.0)), [0, 1, 0, 1, 0, 1]),
]
SEPARABLE: list[tuple[Matrix, list[int]]] = [
    (with_intercept([3, 4, 5 - 1e-7, 5 + 1e-7, 6, 7]), [0, 0, 0, 1, 1, 1]),
    (with_intercept([3, 4, 5 - 1e-8, 5 + 1e-8, 6, 7]), [0, 0, 0, 1, 1, 1]),
    (np.array([[1.0], [1e12], [-1.0]]), [1, 1, 0]),
    (np.array([[1.0], [1e-12], [-1.0]]), [1, 1, 0]),
    (with_intercept(1e8 + np.arange(6.0)), [0, 0, 0, 1, 1, 1]),
    (with_intercept(1.7e9 + 10 * np.arange(6.0)), [0, 0, 0, 1, 1, 1]),
]
QUASI: list[tuple[Matrix, list[int]]] = [
    (with_intercept([3, 4, 5, 5, 6, 7]), [0, 0, 0, 1, 1, 1]),
    (with_intercept([0.3, 0.4, 0.7, 0.7, 0.8, 1.1]), [0, 0, 0, 1, 1, 1]),
    (with_intercept([0.3, 0.4, 0.7, 0.7, 0.8], [0.1, 0.7, 0.3, 0.3, 0.9]), [0, 0, 0, 1, 1]),
]


KINDS = {"overlap": OVERLAPPING, "separable": SEPARABLE, "quasi-separable": QUASI}


@pytest.mark.parametrize(
    ("kind", "X", "y"), [(kind, *case) for kind, cases in KINDS.items() for case in cases]
)
def test_separation_is_proved_in_exact_arithmetic(kind: str, X: Matrix, y: list[int]) -> None:
    f = LogisticRegression(X, y)
    found = separation.separation(f.rows)
    assert found.kind == kind
    if found.v is None:
        assert newton(f).success or X.max() == 1e8 + 5
    else:
        assert solve(f).status is Status.NOT_ATTAINED


def test_a_gap_below_all_tolerances_is_not_guessed() -> None:
    X = with_intercept([3.0, 4.0, 5.0, np.nextafter(5.0, 6.0), 6.0, 7.0])
    for y, wrong in (([0, 0, 0, 1, 1, 1], "overlap"), ([0, 0, 1, 0, 1, 1], "separable")):
        found = separation.separation(LogisticRegression(X, y).rows)
        assert found.kind not in (wrong, "quasi-separable")


@pytest.mark.parametrize("many", [10, 10_000])
def test_an_intercept_without_penalty_runs_away_with_one_class(
    monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    monkeypatch.setattr(logistic_regression, "MANY", many)
    X = with_intercept(np.random.default_rng(0).standard_normal(20))
    ridge = SquaredL2Norm(2, unpenalized=[0])
    for f in (
        LogisticRegression(X, np.ones(20)) + ridge,
        2 * LogisticRegression(X, np.zeros(20)) + ridge,
    ):
        for res in (solve(f), gradient_descent(f, step=BarzilaiBorwein())):
            assert res.status is Status.NOT_ATTAINED
            assert "unpenalized" in res.message
    apart = (X[:, 1] > 0).astype(float)  # which the penalised variable alone can separate
    assert solve(LogisticRegression(X, apart) + ridge).success
    free = SquaredL2Norm(2, unpenalized=[0, 1])
    assert solve(LogisticRegression(X, apart) + free).status is Status.NOT_ATTAINED
    both = ridge + SquaredL2Norm(2, unpenalized=[1])  # together they penalise all variables
    assert solve(LogisticRegression(X, np.ones(20)) + both).success


def test_a_rare_column_decides_among_samples_that_the_first_program_leaves_out() -> None:
    rng = np.random.default_rng(1)
    X = rng.standard_normal((9_000, 3))
    rare = np.zeros(9_000)
    rare[[7, 1_000, 8_001]] = 1.0
    y = np.where(rare == 1, 1.0, rng.integers(0, 2, 9_000))
    f = LogisticRegression(np.column_stack([X, rare]), y)
    found = separation.separation(f.rows)
    assert found.kind == "quasi-separable"
    assert solve(f).status is Status.NOT_ATTAINED
