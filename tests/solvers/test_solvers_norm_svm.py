"""The SVM with a norm that is not squared: the dual by scipy, the gap, and when 0 is the answer."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.optimize import minimize

from optidemo import SVM, L1Norm, L2Norm, LinearRegression, SquaredL2Norm, solve
from optidemo.solvers.norm_svm import is_norm_svm, norm_svm

RNG = np.random.default_rng(3)
X = RNG.standard_normal((40, 3))
Y = np.where(X @ [1.0, -1.0, 0.5] + 0.7 * RNG.standard_normal(40) > 0, 1.0, -1.0)
Z = Y[:, None] * X


@pytest.mark.battery(3)
@pytest.mark.parametrize("b", [0.01, 3.0, 20.0])
@pytest.mark.parametrize("C", [0.1, 1.0])
def test_the_multipliers_prove_the_optimum(b: float, C: float) -> None:
    res = solve(C * SVM(X, Y) + b * C * L2Norm(3))
    assert res.solver == "norm_svm"
    assert res.success, res.message
    alpha, w = res.dual, res.x
    assert alpha.min() >= 0
    assert alpha.max() <= C
    np.testing.assert_allclose(Z.T @ alpha, b * C * w / np.linalg.norm(w), rtol=1e-9)
    assert res.fun - alpha.sum() <= 1e-12 * res.fun  # no w has less than Σα
    assert res.gap == pytest.approx(max(res.fun - alpha.sum(), 0.0), abs=1e-15 * res.fun)


def test_the_dual_solved_by_scipy_gives_the_same() -> None:
    few, b = Z[:12], 2.0
    dual = minimize(
        lambda a: -a.sum(), np.full(12, 0.01), method="SLSQP", bounds=[(0.0, 1.0)] * 12,
        constraints={"type": "ineq", "fun": lambda a: b**2 - np.sum((few.T @ a) ** 2)},
        options={"ftol": 1e-13, "maxiter": 500},
    )  # fmt: skip
    assert solve(SVM(X[:12], Y[:12]) + b * L2Norm(3)).fun == pytest.approx(-dual.fun, rel=1e-7)


def test_zero_is_the_answer_exactly_where_the_norm_outweighs_the_samples() -> None:
    threshold = float(np.linalg.norm(Z.sum(axis=0)))
    above = solve(SVM(X, Y) + 1.001 * threshold * L2Norm(3))
    assert above.success
    assert not above.x.any()
    below = solve(SVM(X, Y) + 0.999 * threshold * L2Norm(3))
    assert below.success
    assert below.x.any()
    assert below.fun < 40.0


def test_separable_samples() -> None:
    y = np.sign(X[:, 0])
    res = solve(SVM(X, y) + 1e-3 * L2Norm(3))
    assert res.success, res.message
    assert (y * (X @ res.x)).min() > 1 - 1e-9


@pytest.mark.parametrize(
    "f", [SVM(X, Y), SVM(X, Y) + L2Norm(3) + SquaredL2Norm(3), L2Norm(3) + L1Norm(3),
          LinearRegression(X, Y) + L2Norm(3)], ids=repr,
)  # fmt: skip
def test_other_forms_are_refused(f: Any) -> None:
    assert not is_norm_svm(f)
    with pytest.raises(TypeError, match="not compatible with norm_svm"):
        norm_svm(f)
