"""Piecewise linear objectives: exact minima, a duality gap that vouches for them, honest refusals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import scipy.optimize
import scipy.sparse

from optidemo import SVM, L1Norm, L2Norm, Linear, LinearRegression, ReLU, Status, solve
from optidemo.objectives.piecewise_linear import PiecewiseLinear
from optidemo.solvers.linear_program import linear_program

RNG = np.random.default_rng(0)
X = RNG.standard_normal((80, 5))
Y = np.sign(X @ [1.0, -1.0, 0.0, 0.0, 0.0] + 0.8 * RNG.standard_normal(80))
C = RNG.standard_normal(5)
CASES: dict[str, Any] = {
    "svm": SVM(X, Y),
    "sparse svm": SVM(scipy.sparse.csr_array(X), Y) + L1Norm(5),
    "l1 svm": SVM(X, Y) + 0.5 * L1Norm(5),
    "few features": SVM(X, Y) + 5 * L1Norm(5),
    "none left": SVM(X, Y) + 100 * L1Norm(5),
    "shifted": 3 * SVM(X, Y) + L1Norm(5) + Linear(C),
    "relu": ReLU(C) + ReLU(-2 * C) + Linear(C),
    "strong norm": Linear(C) + 3 * L1Norm(5),
    "small unit": 1e-9 * SVM(X, Y) + 0.5e-9 * L1Norm(5),
    "large features": SVM(1e6 * X, Y) + 0.5e6 * L1Norm(5),
}


@pytest.mark.parametrize("name", CASES)
def test_the_minimum_is_exact(name: str) -> None:
    f = CASES[name]
    res = solve(f)
    assert res.success, res.message
    assert "piecewise linear" in res.message
    scale = f.value(f.x0) + np.finfo(float).tiny
    assert 0 <= res.gap <= 1e-10 * scale
    assert res.fun == f.value(res.x)
    rng = np.random.default_rng(1)
    size = np.abs(res.x).max() or 1.0
    for reach in (1e-3, 0.1, 10.0):
        others = res.x + reach * size * rng.standard_normal((20, 5))
        assert all(f.value(w) >= res.fun - 1e-12 * scale for w in others)


def test_the_penalty_leaves_features_out() -> None:
    zeros = [
        np.count_nonzero(solve(CASES[n]).x == 0) for n in ("l1 svm", "few features", "none left")
    ]
    assert zeros == sorted(zeros)
    assert zeros[-1] == 5
    assert 0 < zeros[1] < 5


def test_a_linear_part_that_outweighs_the_kinks_is_unbounded() -> None:
    for f, mend in (
        (Linear([3.0, 0.0]) + L1Norm(2), "Give the norm more weight."),
        (ReLU([1.0, 2.0]) + Linear([-2.0, -4.0]), "Add a multiple of L1Norm(2)."),
    ):
        res = solve(f)
        assert res.status is Status.UNBOUNDED
        assert "falls without end" in res.message
        assert res.message.endswith(mend)
    edge = solve(Linear([1.0, 0.0]) + L1Norm(2))  # not unbounded, but flat
    assert (edge.success, edge.fun) == (True, 0.0)


def test_a_wrong_answer_is_not_certified(monkeypatch: pytest.MonkeyPatch) -> None:
    exact = PiecewiseLinear.minimum

    def perturbed(self: PiecewiseLinear) -> Any:
        solution = exact(self)
        assert solution is not None
        return solution[0] + 1e-3, solution[1]

    monkeypatch.setattr(PiecewiseLinear, "minimum", perturbed)
    res = solve(CASES["l1 svm"])
    assert res.status is Status.MAXITER
    assert not res.success
    assert "duality gap" in res.message


def test_a_program_that_fails_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    failed = scipy.optimize.OptimizeResult(status=4, message="numerical difficulties")
    monkeypatch.setattr("scipy.optimize.linprog", lambda *_a, **_k: failed)
    with pytest.raises(ArithmeticError, match="numerical difficulties"):
        solve(CASES["svm"])


@pytest.mark.parametrize(
    "f",
    [
        LinearRegression(X, Y),
        SVM(X, Y) + L2Norm(5),
        -SVM(X, Y),
        SVM(X, Y) + LinearRegression(X, Y),
        Linear(C),
    ],
    ids=repr,
)
def test_other_forms_are_refused(f: Any) -> None:
    with pytest.raises(TypeError, match="not compatible with linear_program"):
        linear_program(f)


def test_solve_says_that_it_cannot_vouch() -> None:
    res = solve(SVM(X, Y) + L2Norm(5), maxiter=50)
    assert res.status is Status.MAXITER
    assert "cannot vouch" in res.message
