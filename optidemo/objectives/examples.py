"""The lecture's worked examples and exercises, each an objective with its derived gradient.

An example is data: two formulas, two functions, three steps. `EXAMPLES` lists them in the order of
the lecture; `jacobian_example` is the one with two outputs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import expit

from optidemo.objectives.example import Example
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


def _unbounded(direction: tuple[float, ...], why: str) -> Optimum:
    return Optimum(Status.UNBOUNDED, why, np.array(direction, dtype=float))


def _minimum(why: str) -> Optimum:
    return Optimum(Status.CONVERGED, why)


def _five_item_list() -> list[Example]:
    """The five-item list, differentiated in x, for one y, w and non-symmetric A."""
    y, w = np.array([2.0, -1.0, 0.5]), np.array([1.0, 3.0, -2.0])
    A = np.array([[2.0, 1.0, 0.0], [0.0, 1.0, 3.0], [1.0, 0.0, 1.0]])
    down1, down2, down3 = tuple(w - y), tuple(-A.T @ y), tuple(y - A.T @ y)
    linear = "A linear function falls without end against its gradient."
    place = "Matrix Vector Calculus, item {}"
    return [
        Example(
            "list-1", place.format(1), "yᵀx − wᵀx", "y − w",
            lambda x: y @ x - w @ x, lambda _x: y - w,
            ("f = Σ yᵢxᵢ − Σ wᵢxᵢ", "∂f/∂xᵢ = yᵢ − wᵢ", "∇f = y − w"), 3, _unbounded(down1, linear),
        ),
        Example(
            "list-2", place.format(2), "yᵀAx", "Aᵀy",
            lambda x: y @ A @ x, lambda _x: A.T @ y,
            ("f = Σᵢ Σⱼ yᵢaᵢⱼxⱼ", "∂f/∂xⱼ = Σᵢ aᵢⱼyᵢ", "row j of Aᵀ times y: ∇f = Aᵀy"), 3,
            _unbounded(down2, linear),
        ),
        Example(
            "list-3", place.format(3), "yᵀAx − yᵀx", "Aᵀy − y",
            lambda x: y @ A @ x - y @ x, lambda _x: A.T @ y - y,
            ("f = Σᵢ Σⱼ yᵢaᵢⱼxⱼ − Σⱼ yⱼxⱼ", "∂f/∂xⱼ = Σᵢ aᵢⱼyᵢ − yⱼ", "∇f = Aᵀy − y"), 3,
            _unbounded(down3, linear),
        ),
        Example(
            "list-4", place.format(4), "exp(yᵀAx)", "exp(yᵀAx) Aᵀy",
            lambda x: np.exp(y @ A @ x), lambda x: np.exp(y @ A @ x) * (A.T @ y),
            ("q = yᵀAx, f = e^q", "df/dq = e^q, ∂q/∂xⱼ = (Aᵀy)ⱼ", "∇f = e^(yᵀAx) Aᵀy"), 3,
            Optimum(Status.NOT_ATTAINED, "The infimum 0 is approached along −Aᵀy.", -A.T @ y),
            start=(0.1, 0.1, 0.1),
        ),
        Example(
            "list-5", place.format(5), "ReLU(wᵀx)", "1(wᵀx > 0) w",
            lambda x: max(0.0, w @ x), lambda x: w * (w @ x > 0),
            ("q = wᵀx, f = max(0, q)", "df/dq = 1(q > 0), ∂q/∂xᵢ = wᵢ", "∇f = 1(wᵀx > 0) w"), 3,
            _minimum("The minimum 0 is attained on the half-space wᵀx ≤ 0."), (0.0, 0.0, 0.0),
            smooth=False,
        ),
    ]  # fmt: skip


def _slides() -> list[Example]:
    """The examples before the list, in the order of the slides."""
    ln3 = np.log(3.0)
    falls = "f falls without end."
    return [
        Example(
            "slope", "Function and the derivative", "0.3x² + 0.2", "0.6x",
            lambda x: 0.3 * x[0] ** 2 + 0.2, lambda x: 0.6 * x,
            ("f = 0.3 x·x + 0.2", "df/dx = 0.3 · 2x", "f′ = 0.6x; at 1 the tangent rises by 0.6, f by 0.9"),
            1, _minimum("A parabola that opens upwards: minimum 0.2 at 0."), (0.0,),
        ),
        Example(
            "several-inputs", "Functions with multiple input and output", "x₁ + 2x₂ − 3x₃", "(1, 2, −3)",
            lambda x: x[0] + 2 * x[1] - 3 * x[2], lambda _x: [1.0, 2.0, -3.0],
            ("it is multiplied out", "∂₁ = 1, ∂₂ = 2, ∂₃ = −3", "∇f = (1, 2, −3)"), 3,
            _unbounded((-1, -2, 3), falls),
        ),
        Example(
            "method-1a", "Combining Vectors and Matrices with Calculus", "x₁ + x₂² − 4x₃", "(1, 2x₂, −4)",
            lambda x: x[0] + x[1] ** 2 - 4 * x[2], lambda x: [1.0, 2 * x[1], -4.0],
            ("it is multiplied out", "∂₁ = 1, ∂₂ = 2x₂, ∂₃ = −4", "∇f = (1, 2x₂, −4)"), 3,
            _unbounded((-1, 0, 4), falls),
        ),
        Example(
            "method-1b", "Combining Vectors and Matrices with Calculus", "e^x₁ + ln x₂²", "(e^x₁, 2/x₂)",
            lambda x: np.exp(x[0]) + 2 * np.log(abs(x[1])), lambda x: [np.exp(x[0]), 2 / x[1]],
            ("ln x₂² = 2 ln |x₂|", "∂₁ = e^x₁, ∂₂ = 2/x₂", "∇f = (e^x₁, 2/x₂)"), 2,
            Optimum(Status.UNBOUNDED, "f falls without end as x₂ → 0."),
            inside=lambda x: bool(x[1] != 0), domain="x₂ ≠ 0",
        ),
        Example(
            "single", "Derivative for Functions of single versus multiple inputs", "2x − eˣ", "2 − eˣ",
            lambda x: 2 * x[0] - np.exp(x[0]), lambda x: 2 - np.exp(x),
            ("it is multiplied out", "d(2x)/dx = 2, d(eˣ)/dx = eˣ", "f′ = 2 − eˣ, zero at ln 2: a maximum"),
            1, _unbounded((-1,), "f is concave, with its maximum at ln 2; it falls without end both ways."),
            start=(0.0,),
        ),
        Example(
            "several", "Derivative for Functions of single versus multiple inputs",
            "2x₁ − e^x₂ − ln x₃", "(2, −e^x₂, −1/x₃)",
            lambda x: 2 * x[0] - np.exp(x[1]) - np.log(x[2]),
            lambda x: [2.0, -np.exp(x[1]), -1 / x[2]],
            ("it is multiplied out", "∂₁ = 2, ∂₂ = −e^x₂, ∂₃ = −1/x₃", "∇f = (2, −e^x₂, −1/x₃)"), 3,
            _unbounded((-1, 1, 1), falls), inside=lambda x: bool(x[2] > 0), domain="x₃ > 0",
        ),
        Example(
            "quick-1", "Quickly Consolidate what we just learned", "x₁² − ln x₂ + e^(−x₃)",
            "(2x₁, −1/x₂, −e^(−x₃))",
            lambda x: x[0] ** 2 - np.log(x[1]) + np.exp(-x[2]),
            lambda x: [2 * x[0], -1 / x[1], -np.exp(-x[2])],
            ("it is multiplied out", "∂₁ = 2x₁, ∂₂ = −1/x₂, ∂₃ = −e^(−x₃)", "at (1, 1, 0): (2, −1, −1)"), 3,
            _unbounded((0, 1, 0), "f falls without end, like −ln x₂."),
            inside=lambda x: bool(x[1] > 0), domain="x₂ > 0", start=(1.0, 1.0, 0.0),
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
            2, _minimum("f is strictly convex: minimum −0.776 at (0.821, 0.378)."),
            inside=lambda x: bool(x[1] > 0), domain="x₂ > 0", start=(0.0, 1.0),
        ),
        *_five_item_list(),
        Example(
            "real-life", "In Real Life", "log₃(2x²) − 2xe^(3x) + 2", "2/(x ln 3) − 2e^(3x) − 6xe^(3x)",
            lambda x: (np.log(2.0) + 2 * np.log(abs(x[0]))) / ln3 - 2 * x[0] * np.exp(3 * x[0]) + 2,
            lambda x: 2 / (x * ln3) - 2 * np.exp(3 * x) - 6 * x * np.exp(3 * x),
            (
                "log₃(2x²) = ln(2x²)/ln 3", "d/dx: 4x/(2x² ln 3); the product rule gives −2e^(3x) − 6xe^(3x)",
                "f′ = 2/(x ln 3) − 2e^(3x) − 6xe^(3x)",
            ),
            1, Optimum(Status.UNBOUNDED, "f falls without end as x → 0 and as x → ∞."),
            inside=lambda x: bool(x[0] != 0), domain="x ≠ 0",
        ),
    ]  # fmt: skip


def _final_exercises() -> list[Example]:
    """The last slide: consolidate today's knowledge."""
    y, ones, w = np.array([2.0, 5.0]), np.ones(2), np.array([7.0, 8.0])
    A2, A3 = np.array([[2.0, 1.0], [1.0, 1.0]]), np.array([[4.0, 0.0], [1.0, 1.0]])
    place = "Consolidate Today's knowledge, {}"
    return [
        Example(
            "final-1", place.format(1), "yᵀx + xᵀ1, y = (2, 5)", "y + 1 = (3, 6)",
            lambda x: y @ x + x @ ones, lambda _x: y + ones,
            ("f = 2x₁ + 5x₂ + x₁ + x₂ = 3x₁ + 6x₂", "∂₁ = 3, ∂₂ = 6", "∇f = y + 1 = (3, 6)"), 2,
            _unbounded((-3, -6), "A linear function falls without end against its gradient."),
        ),
        Example(
            "final-2", place.format(2), "xᵀAx, A = [[2, 1], [1, 1]]", "(A + Aᵀ)x = (4x₁ + 2x₂, 2x₁ + 2x₂)",
            lambda x: x @ A2 @ x, lambda x: (A2 + A2.T) @ x,
            ("f = 2x₁² + 2x₁x₂ + x₂²", "∂₁ = 4x₁ + 2x₂, ∂₂ = 2x₁ + 2x₂", "∇f = (A + Aᵀ)x"), 2,
            _minimum("A ≻ 0: minimum 0 at 0."), (0.0, 0.0),
        ),
        Example(
            "final-3", place.format(3), "exp(xᵀAx), A = [[4, 0], [1, 1]]", "exp(xᵀAx) [[8, 1], [1, 2]] x",
            lambda x: np.exp(x @ A3 @ x), lambda x: np.exp(x @ A3 @ x) * ((A3 + A3.T) @ x),
            ("q = 4x₁² + x₁x₂ + x₂², f = e^q", "∂₁ = e^q (8x₁ + x₂), ∂₂ = e^q (x₁ + 2x₂)",
             "∇f = e^q (A + Aᵀ)x; it overflows past xᵀAx ≈ 709"), 2,
            _minimum("The exponent is positive definite: minimum 1 at 0."), (0.0, 0.0),
        ),
        Example(
            "final-4", place.format(4), "σ(wᵀx), w = (7, 8)", "σ(1 − σ)(7, 8)",
            lambda x: expit(w @ x), lambda x: expit(w @ x) * expit(-(w @ x)) * w,
            ("q = 7x₁ + 8x₂, f = σ(q)", "df/dq = σ(1 − σ), ∂q/∂x = (7, 8)", "∇f = σ(1 − σ) w"), 2,
            Optimum(Status.NOT_ATTAINED, "The infimum 0 is approached along −w, but not reached.", -w),
            start=(0.1, -0.1),
        ),
    ]  # fmt: skip


EXAMPLES: tuple[Example, ...] = (*_slides(), *_final_exercises())
