"""The assignment as its author writes it: four checks of a submitted module."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from optidemo import LinearRegression
from optidemo.testing import assert_gradient, assert_minimizer, assert_solver

if TYPE_CHECKING:
    from types import ModuleType

__all__ = ["EXERCISES"]

rng = np.random.default_rng(4420)
A = rng.standard_normal((3, 3))
X, y = rng.standard_normal((12, 3)), rng.standard_normal(12)


def exercise_1(hw: ModuleType, **options: Any) -> None:
    """The gradient of xᵀAx."""
    assert_gradient(lambda x, A: x @ A @ x, hw.quadratic_grad, np.ones(3), args=(A,), **options)


def exercise_2(hw: ModuleType, **options: Any) -> None:
    """The gradient of ½ Σ (wᵀxᵢ − yᵢ)²."""
    fun = lambda w, X, y: 0.5 * np.sum((X @ w - y) ** 2)  # noqa: E731
    assert_gradient(fun, hw.regression_grad, np.ones(3), args=(X, y), **options)


def exercise_3(hw: ModuleType, **options: Any) -> None:
    """The minimiser, without a search."""
    assert_minimizer(LinearRegression(X, y), hw.best_w(X, y), **options)


def exercise_4(hw: ModuleType, **options: Any) -> None:
    """Gradient descent."""
    assert_solver(hw.gradient_descent, **options)


EXERCISES = (exercise_1, exercise_2, exercise_3, exercise_4)
