"""The solvers of smooth functions, over which the tests of this room run."""

from __future__ import annotations

from typing import Any

from optidemo import accelerated_gradient, gradient_descent, newton

__all__ = ["SMOOTH"]

SMOOTH: list[Any] = [gradient_descent, accelerated_gradient, newton]
