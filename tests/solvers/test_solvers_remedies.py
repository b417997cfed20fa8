"""What a run advises after its last iteration."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from optidemo import (
    LogisticRegression,
    ReLU,
    Status,
    accelerated_gradient,
    gradient_descent,
    newton,
    subgradient_descent,
)

X = np.array([[1.0, 0.5], [1.0, -1.5], [1.0, 2.0], [1.0, -0.3]])


def bowl(x: np.ndarray) -> float:
    return float(x @ x)


def twice(x: np.ndarray) -> np.ndarray:
    return 2 * x


class TestRemedy:
    """After the last iteration the message names a way on that exists."""

    def test_a_plain_function_is_sent_to_newton(self) -> None:
        res = gradient_descent(bowl, [1.0, 1.0], jac=twice, step=1e-3, maxiter=20)
        assert "or use optidemo.newton." in res.message
        assert "optidemo.solve" not in res.message

    def test_an_objective_is_sent_to_solve_and_newton_to_nobody(self) -> None:
        f = LogisticRegression(X, [0, 0, 1, 1])
        assert "optidemo.solve chooses" in gradient_descent(f, maxiter=1).message
        assert newton(f, maxiter=1).message.endswith("Raise maxiter or loosen tol.")

    def test_a_step_that_jumps_to_and_fro_is_too_long(self) -> None:
        res = gradient_descent(bowl, [1.0, 1.0], jac=twice, step=1.0, maxiter=50)  # exactly 2/L
        assert res.status is Status.MAXITER
        assert "the step 1 is too long" in res.message
        assert "Raise maxiter" not in res.message

    def test_a_step_that_gets_nearer_is_not_accused(self) -> None:
        for step in (0.9999, 1e-6):
            res = gradient_descent(bowl, [1.0, 1.0], jac=twice, step=step, maxiter=50)
            assert "Raise maxiter" in res.message

    @pytest.mark.parametrize("solver", [gradient_descent, accelerated_gradient])
    @pytest.mark.parametrize("factor", [3.0, 300.0])
    def test_a_step_above_its_bound_is_named_with_it_though_f_may_fall(
        self, solver: Any, factor: float
    ) -> None:
        f = LogisticRegression(X, [0, 0, 1, 1])
        L = f.lipschitz()
        assert L is not None
        res = solver(f, step=factor * 2 / L, maxiter=200)
        assert res.status is Status.MAXITER
        bound = "2/L" if solver is gradient_descent else "4/(3L)"
        assert f"{factor * 2 / L:.4g} > {bound} = " in res.message
        assert "Raise maxiter" not in res.message

    @pytest.mark.parametrize(
        "solver", [gradient_descent, accelerated_gradient, subgradient_descent]
    )
    @pytest.mark.parametrize(
        ("f", "longer"),
        [(LogisticRegression(X, [0, 0, 1, 1]), "to 1/L = "), (ReLU([0.1, -0.1]), "or leave")],
    )
    def test_a_step_that_moves_nothing_is_too_short(self, solver: Any, f: Any, longer: str) -> None:
        for step in (1e-300, 1e-20):
            res = solver(f, step=step, maxiter=50)
            assert res.status is Status.MAXITER
            assert "too long" not in res.message
            assert f"Lengthen it, {longer}" in res.message
