"""The lecture's worked examples and exercises, each an objective with its derived gradient.

An example is data: two formulas, two functions, three steps. `EXAMPLES` lists them in the order of
the lecture; `jacobian_example` is the one with two outputs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optidemo.objectives.example import Example, linear, minimum, quadratic, unbounded
from optidemo.objectives.exercises import final_exercises, five_item_list
from optidemo.status import Optimum, Status

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from optidemo.arrays import Matrix, Vector

__all__ = ["EXAMPLES", "Example", "jacobian_example"]


def jacobian_example(x: ArrayLike) -> tuple[Vector, Matrix]:
    """Return f = (2x₁ − x₃, x₁ + x₂) and its Jacobian [[2, 0, −1], [1, 1, 0]].

    A function with two outputs has a matrix of partials, (2, 3), not a vector of three: "the
    derivative has the input's dimension" holds for one output only.
    """
    J = np.array([[2.0, 0.0, -1.0], [1.0, 1.0, 0.0]])
    return J @ np.asarray(x, dtype=float), J


def _slides() -> list[Example]:
    """The examples before the list, in the order of the slides."""
    ln3 = np.log(3.0)
    nowhere = "; ∇f is nowhere zero."
    falls = f"f falls without end{nowhere}"
    return [
        Example(
            "slope", "Function and the derivative", "0.3x² + 0.2", "0.6x",
            lambda x: 0.3 * x[0] ** 2 + 0.2, lambda x: 0.6 * x,
            ("f = 0.3 x·x + 0.2", "df/dx = 0.3 · 2x", "f′ = 0.6x; at 1 the tangent rises by 0.6, f by 0.9"),
            1, minimum("A parabola that opens upwards: minimum 0.2 at 0."), (0.0,),
            **quadratic("0.6", [[0.6]], L=0.6, mu=0.6),
        ),
        Example(
            "several-inputs", "Functions with multiple input and output", "x₁ + 2x₂ − 3x₃", "(1, 2, −3)",
            lambda x: x[0] + 2 * x[1] - 3 * x[2], lambda _x: [1.0, 2.0, -3.0],
            ("it is multiplied out", "∂₁ = 1, ∂₂ = 2, ∂₃ = −3", "∇f = (1, 2, −3)"), 3,
            unbounded((-1, -2, 3), falls), **linear(3),
        ),
        Example(
            "method-1a", "Combining Vectors and Matrices with Calculus", "x₁ + x₂² − 4x₃", "(1, 2x₂, −4)",
            lambda x: x[0] + x[1] ** 2 - 4 * x[2], lambda x: [1.0, 2 * x[1], -4.0],
            ("it is multiplied out", "∂₁ = 1, ∂₂ = 2x₂, ∂₃ = −4", "∇f = (1, 2x₂, −4)"), 3,
            unbounded((-1, 0, 4), falls),
            **quadratic("diag(0, 2, 0)", np.diag([0.0, 2.0, 0.0]), L=2.0),
        ),
        Example(
            "method-1b", "Combining Vectors and Matrices with Calculus", "e^x₁ + ln x₂²", "(e^x₁, 2/x₂)",
            lambda x: np.exp(x[0]) + 2 * np.log(abs(x[1])), lambda x: [np.exp(x[0]), 2 / x[1]],
            ("ln x₂² = 2 ln |x₂|", "∂₁ = e^x₁, ∂₂ = 2/x₂", "∇f = (e^x₁, 2/x₂)"), 2,
            Optimum(Status.UNBOUNDED, f"f falls without end as x₂ → 0{nowhere}"),
            inside=lambda x: bool(x[1] != 0), domain="x₂ ≠ 0",
            hess=lambda x: np.diag([np.exp(x[0]), -2 / x[1] ** 2]), hessian_formula="diag(e^x₁, −2/x₂²)",
        ),
        Example(
            "single", "Derivative for Functions of single versus multiple inputs", "2x − eˣ", "2 − eˣ",
            lambda x: 2 * x[0] - np.exp(x[0]), lambda x: 2 - np.exp(x),
            ("it is multiplied out", "d(2x)/dx = 2, d(eˣ)/dx = eˣ", "f′ = 2 − eˣ, zero at ln 2: a maximum"),
            1, unbounded((-1,), "f is concave, with its maximum at ln 2; it falls without end both ways."),
            start=(0.0,), hess=lambda x: -np.exp(x), hessian_formula="−eˣ",
        ),
        Example(
            "several", "Derivative for Functions of single versus multiple inputs",
            "2x₁ − e^x₂ − ln x₃", "(2, −e^x₂, −1/x₃)",
            lambda x: 2 * x[0] - np.exp(x[1]) - np.log(x[2]),
            lambda x: [2.0, -np.exp(x[1]), -1 / x[2]],
            ("it is multiplied out", "∂₁ = 2, ∂₂ = −e^x₂, ∂₃ = −1/x₃", "∇f = (2, −e^x₂, −1/x₃)"), 3,
            unbounded((-1, 1, 1), falls), inside=lambda x: bool(x[2] > 0), domain="x₃ > 0",
            hess=lambda x: np.diag([0.0, -np.exp(x[1]), 1 / x[2] ** 2]),
            hessian_formula="diag(0, −e^x₂, 1/x₃²)",
        ),
        Example(
            "quick-1", "Quickly Consolidate what we just learned", "x₁² − ln x₂ + e^(−x₃)",
            "(2x₁, −1/x₂, −e^(−x₃))",
            lambda x: x[0] ** 2 - np.log(x[1]) + np.exp(-x[2]),
            lambda x: [2 * x[0], -1 / x[1], -np.exp(-x[2])],
            ("it is multiplied out", "∂₁ = 2x₁, ∂₂ = −1/x₂, ∂₃ = −e^(−x₃)", "at (1, 1, 0): (2, −1, −1)"), 3,
            unbounded((0, 1, 0), f"f falls without end, like −ln x₂{nowhere}"),
            inside=lambda x: bool(x[1] > 0), domain="x₂ > 0", start=(1.0, 1.0, 0.0), convex=True,
            hess=lambda x: np.diag([2.0, 1 / x[1] ** 2, np.exp(-x[2])]),
            hessian_formula="diag(2, 1/x₂², e^(−x₃))",
        ),
        Example(
            "quick-2", "Quickly Consolidate what we just learned",
            "x₁² − x₁ − ln x₂ + e^(−x₁ + x₂) + 2x₂ − 3",
            "(2x₁ − 1 − e^(−x₁ + x₂), −1/x₂ + e^(−x₁ + x₂) + 2)",
            lambda x: x[0] ** 2 - x[0] - np.log(x[1]) + np.exp(x[1] - x[0]) + 2 * x[1] - 3,
            lambda x: [2 * x[0] - 1 - np.exp(x[1] - x[0]), -1 / x[1] + np.exp(x[1] - x[0]) + 2],
            (
                "it is multiplied out", "∂₁ = 2x₁ − 1 − e^(−x₁ + x₂), ∂₂ = −1/x₂ + e^(−x₁ + x₂) + 2",
                "at (0, 1): (−1 − e, 1 + e); the slide prints (−e, −1 + e)",
            ),
            2,
            minimum(
                "f is strictly convex: minimum −0.776 at (0.821, 0.378), where x₂ = 1/(2x₁ + 1) and "
                "e^(−x₁ + x₂) = 2x₁ − 1, which no formula solves."
            ),
            inside=lambda x: bool(x[1] > 0), domain="x₂ > 0", start=(0.0, 1.0), convex=True,
            hess=lambda x: np.exp(x[1] - x[0]) * np.array([[1, -1], [-1, 1]]) + np.diag([2, 1 / x[1] ** 2]),
            hessian_formula="[[2 + q, −q], [−q, 1/x₂² + q]], q = e^(−x₁ + x₂)",
        ),
        *five_item_list(),
        Example(
            "real-life", "In Real Life", "log₃(2x²) − 2xe^(3x) + 2", "2/(x ln 3) − 2e^(3x) − 6xe^(3x)",
            lambda x: (np.log(2.0) + 2 * np.log(abs(x[0]))) / ln3 - 2 * x[0] * np.exp(3 * x[0]) + 2,
            lambda x: 2 / (x * ln3) - 2 * np.exp(3 * x) - 6 * x * np.exp(3 * x),
            (
                "log₃(2x²) = ln(2x²)/ln 3", "d/dx: 4x/(2x² ln 3); the product rule gives −2e^(3x) − 6xe^(3x)",
                "f′ = 2/(x ln 3) − 2e^(3x) − 6xe^(3x)",
            ),
            1,
            Optimum(
                Status.UNBOUNDED,
                "f falls without end as x → 0 and as x → ∞; in between, at 0.248, is its one stationary "
                "point, a maximum.",
            ),
            inside=lambda x: bool(x[0] != 0), domain="x ≠ 0",
            hess=lambda x: -2 / (x**2 * ln3) - (12 + 18 * x) * np.exp(3 * x),
            hessian_formula="−2/(x² ln 3) − 12e^(3x) − 18xe^(3x)",
        ),
    ]  # fmt: skip


EXAMPLES: tuple[Example, ...] = (*_slides(), *final_exercises())
