"""What a solver is given: refused in words, honoured as documented, or passed on with its unit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from optidemo import (
    L1Norm,
    LinearRegression,
    Quadratic,
    RankWarning,
    SquaredL2Norm,
    Status,
    gradient_descent,
    least_squares,
    lstsq,
    pca,
    power_iteration,
    projected_gradient,
    proximal_gradient,
    solve,
    stochastic_gradient_descent,
)
from optidemo.solvers.closed_form import closed_form

if TYPE_CHECKING:
    from optidemo.arrays import Vector

RNG = np.random.default_rng(5)
X, Y = RNG.standard_normal((10, 3)), RNG.standard_normal(10)


@pytest.mark.parametrize("size", [1, 4, 6, 10])
def test_no_batch_is_larger_than_asked(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    plain = LinearRegression.batch_gradient

    def watched(f: LinearRegression, w: Vector, indices: Any) -> Vector:
        sizes.append(len(indices))
        return plain(f, w, indices)

    monkeypatch.setattr(LinearRegression, "batch_gradient", watched)
    stochastic_gradient_descent(LinearRegression(X, Y), batch_size=size, maxiter=2)
    assert sum(sizes) == 2 * len(Y)
    assert max(sizes) <= size


def test_a_step_too_long_for_samples_is_mended_by_what_the_solver_takes() -> None:
    res = stochastic_gradient_descent(LinearRegression(X, Y), step=10.0)
    assert res.status is Status.DIVERGED
    assert "leave step out" in res.message


def test_a_penalty_alone_is_refused() -> None:
    with pytest.raises(TypeError, match="also needs its prox"):
        proximal_gradient(lambda x: x @ x, [1.0], jac=lambda x: 2 * x, penalty=np.sum)


def test_a_formula_that_fails_makes_room_for_a_search(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Quadratic, "closed_form", lambda f: np.full(f.d, 7.0))
    f = Quadratic(np.diag([1.0, 2.0]))
    assert closed_form(f, [1.0, 1.0]).status is Status.MAXITER
    for options in ({}, {"tol": 1e-8}):
        res = solve(f, [1.0, 1.0], **options)  # type: ignore[arg-type]  # a float for tol
        assert res.success
        assert res.solver == "newton"


def test_a_factor_scales_the_residual() -> None:
    f = LinearRegression(X, Y) + 0.5 * L1Norm(3)
    one, thousand = solve(f), solve(1000.0 * f)
    np.testing.assert_allclose(thousand.gap, 1000 * one.gap, rtol=1e-6, atol=1e-12)
    g = LinearRegression(X, Y)
    np.testing.assert_allclose(
        solve(1000.0 * g).residual, 1000.0 * closed_form(g).residual, rtol=1e-12
    )


def test_a_warning_names_the_line_of_the_user() -> None:
    twice = np.column_stack([X[:, 0], X[:, 0]])
    for call in (
        lambda: lstsq(twice, Y),
        lambda: least_squares(twice, Y),
        lambda: LinearRegression(twice, Y).closed_form(),
    ):
        with pytest.warns(RankWarning) as caught:
            call()
        assert [warning.filename for warning in caught] == [__file__]


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: least_squares(X, Y, method="QR"), ValueError, "Did you mean 'qr'"),  # type: ignore[arg-type]
        (lambda: pca(X, float("nan")), ValueError, "k must be a whole number"),  # type: ignore[arg-type]
        (lambda: SquaredL2Norm(3, unpenalized=["a"]), ValueError, "unpenalized holds 'a'"),  # type: ignore[list-item]
        (lambda: power_iteration(lambda x: x), TypeError, "sphere_gradient takes any objective"),  # type: ignore[arg-type]
        (
            lambda: gradient_descent(LinearRegression(X, Y), momentum="0.5"),  # type: ignore[arg-type]
            ValueError,
            "momentum must be in",
        ),
        (lambda: Quadratic(np.eye(2)) / 0, ZeroDivisionError, "divide by another number"),
        (lambda: Quadratic(np.eye(2)) * np.complex128(1j), TypeError, "c is complex"),  # type: ignore[operator]
        (
            lambda: gradient_descent(LinearRegression(X, Y), bounds=[(0, 1)] * 3),
            ValueError,
            r"np\.clip\(x, low, high\)",
        ),
    ],
)
def test_what_is_refused(call: Any, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        call()


def test_a_multiple_of_a_quadratic_form_has_its_eigenvalues() -> None:
    f = -2.0 * Quadratic([[1.0, 0.0], [0.0, 3.0]])
    assert f.eigenvalues is not None
    np.testing.assert_array_equal(f.eigenvalues, [-6.0, -2.0])


def test_of_two_proximal_operators_neither_is_that_of_the_sum() -> None:
    f = LinearRegression(X, Y) + L1Norm(3) + 0.5 * SquaredL2Norm(3)
    assert not f.offers("prox")
    with pytest.raises(NotImplementedError, match="exactly one term"):
        f.prox(np.ones(3), 1.0)
    found, exact = proximal_gradient(f), solve(f)  # which split the sum all the same
    assert found.success
    np.testing.assert_allclose(found.x, exact.x, atol=1e-6)


def test_a_step_that_moves_nothing_is_no_success() -> None:
    """Noise, or a kink, drives the step down until x − t∇f is x: the residual is then 0/t."""

    def fun(w: Vector) -> float:
        return float(0.5 * (w - 1) @ (w - 1) + 1e-2 * np.sin(1e9 * w.sum()))

    noisy = projected_gradient(
        fun, [5.0, 4.0, 3.0], jac=lambda w: w - 1, projection=lambda z: np.clip(z, -9, 9)
    )
    kink = projected_gradient(
        lambda x: abs(x[0] - 1 / 3) + (x[1] - 1) ** 2, [1.0, 0.0], projection=lambda z: z,
        jac=lambda x: np.array([np.sign(x[0] - 1 / 3), 2 * (x[1] - 1)]),
    )  # fmt: skip
    for res in (noisy, kink):
        assert not res.success, res.message
        assert res.status is Status.LINE_SEARCH_FAILED


def test_a_step_beyond_all_numbers_diverges() -> None:
    res = gradient_descent(LinearRegression(X, Y), step=1e300)
    assert res.status is Status.DIVERGED
    assert "2/L" in res.message
