"""The lecture's worked examples and exercises, each an objective with its derived gradient.

An example is data: two formulas, two functions, three steps. `EXAMPLES` lists them in the order of
the lecture. Two of them the slides give without a function to minimise: two outputs, whose derivative
is a Jacobian (`jacobian_example`), and a gradient at one point.
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


JACOBIAN = np.array([[2.0, 0.0, -1.0], [1.0, 1.0, 0.0]])


def jacobian_example(x: ArrayLike) -> tuple[Vector, Matrix]:
    """Return F = (2x₁ − x₃, x₁ + x₂) and its Jacobian [[2, 0, −1], [1, 1, 0]].

    A function with two outputs has a matrix of partials, (2, 3), not a vector of three: "the
    derivative has the input's dimension" holds for one output only.
    """
    x = np.asarray(x, dtype=float)
    return np.array([2 * x[0] - x[2], x[0] + x[1]]), JACOBIAN.copy()


def _several_outputs() -> Example:
    """Half the squared length of two outputs: what makes one number of them, to be minimised."""

    def gradient(x: Vector) -> Vector:
        F, J = jacobian_example(x)
        return np.asarray(J.T @ F)

    return Example(
        "several-outputs", "Functions with multiple input and output",
        "½‖F(x)‖², F = (2x₁ − x₃, x₁ + x₂)", "JᵀF(x), J = [[2, 0, −1], [1, 1, 0]]",
        lambda x: 0.5 * np.sum(jacobian_example(x)[0] ** 2), gradient,
        (
            "f = ½F₁² + ½F₂² with F₁ = 2x₁ − x₃ and F₂ = x₁ + x₂",
            "∂F₁/∂x₁, ∂F₁/∂x₂, ∂F₁/∂x₃ = 2, 0, −1 and those of F₂ are 1, 1, 0; by the chain rule "
            "∂f/∂x₁ = 2F₁ + F₂, ∂f/∂x₂ = F₂, ∂f/∂x₃ = −F₁",
            "the partials of F₁ and of F₂ are the rows of the Jacobian J, so ∇f = JᵀF",
        ),
        3, minimum("The minimum 0 is attained on the line t(1, −1, 2), where both outputs are 0."),
        (0.0, 0.0, 0.0), start=(1.0, 1.0, 1.0), **quadratic("JᵀJ", JACOBIAN.T @ JACOBIAN, L=6.0),
        notes=(
            "The slide gives the two outputs F₁ and F₂ alone. Their derivative is a matrix, 2 × 3, a row "
            "for each output; f = ½‖F‖², one number to minimise, is ours.",
            "The minima are a line. The closed form is the one of least norm, 0; gradient "
            "descent ends at the one nearest to its start.",
        ),
        lecture="The derivative has as many outputs as x has entries: true of one output; of two it is "
        "a matrix.",
    )  # fmt: skip


def _cancer() -> Example:
    """The linear model around the one point at which the slide gives a gradient."""
    a, g = np.array([2.0, 3.0, 9.0]), np.array([-0.001, -6.0, 20.0])
    one, two, three = (f"{97 + 100 * 0.001 * slope:.1f} %" for slope in g)
    return Example(
        "cancer", "Probability of you getting cancer",
        "f(a) + f′(a)ᵀ(x − a), a = (2, 3, 9)", "f′(a) = (−0.001, −6, 20)",
        lambda x: 0.97 + g @ (x - a), lambda _x: g.copy(),
        (
            "f = 0.97 − 0.001(x₁ − 2) − 6(x₂ − 3) + 20(x₃ − 9)",
            "∂f/∂x₁ = −0.001, ∂f/∂x₂ = −6, ∂f/∂x₃ = 20",
            "∇f = (−0.001, −6, 20) = f′(a): take the drug that raises x₂, avoid the one that raises x₃",
        ),
        3, unbounded((0.001, 6, -20), "A linear model falls without end; ∇f is nowhere zero."),
        start=(2.0, 3.0, 9.0), **linear(3),
        notes=(
            "The slide gives f(a) = 97 % and f′(a) at one point a, but no formula of f: the linear model "
            "around a is ours, and a probability only near a.",
            f"There, 0.001 more of x₁ leaves {one}, of x₂ brings it down to {two}, of x₃ up to {three}. "
            "Of all changes of one length −f′(a)/‖f′(a)‖ lowers it most: see the checks.",
        ),
        lecture="Raising x₂ lowers the probability significantly, raising x₃ raises it greatly, and "
        "raising x₁ lowers it only very slightly.",
    )  # fmt: skip


def _slides() -> list[Example]:
    """The examples before the list, in the order of the slides."""
    ln3 = np.log(3.0)
    nowhere = "; ∇f is nowhere zero."
    falls = f"f falls without end{nowhere}"
    return [
        Example(
            "slope", "Function and the derivative", "0.3x² + 0.2", "0.6x",
            lambda x: 0.3 * x[0] ** 2 + 0.2, lambda x: 0.6 * x,
            (
                "f = 0.3 x·x + 0.2", "d(x·x)/dx = 2x and the constant adds 0, so df/dx = 0.3 · 2x",
                "f′ = 0.6x; at 1 the tangent rises by 0.6, f by 0.9",
            ),
            1, minimum("A parabola that opens upwards: minimum 0.2 at 0."), (0.0,),
            **quadratic("0.6", [[0.6]], L=0.6, mu=0.6),
        ),
        Example(
            "several-inputs", "Functions with multiple input and output", "x₁ + 2x₂ − 3x₃", "(1, 2, −3)",
            lambda x: x[0] + 2 * x[1] - 3 * x[2], lambda _x: [1.0, 2.0, -3.0],
            (
                "f = yᵀx = y₁x₁ + y₂x₂ + y₃x₃ with y = (1, 2, −3)",
                "∂f/∂x₁ = 1, since 2x₂ − 3x₃ is a constant to it; likewise ∂f/∂x₂ = 2, ∂f/∂x₃ = −3",
                "∇f = (1, 2, −3) = y, the coefficients in order",
            ),
            3, unbounded((-1, -2, 3), falls), **linear(3),
        ),
        _several_outputs(),
        _cancer(),
        Example(
            "method-1a", "Combining Vectors and Matrices with Calculus", "x₁ + x₂² − 4x₃", "(1, 2x₂, −4)",
            lambda x: x[0] + x[1] ** 2 - 4 * x[2], lambda x: [1.0, 2 * x[1], -4.0],
            (
                "f = x₁ + x₂·x₂ − 4x₃, a term for each variable",
                "∂f/∂x₁ = 1, ∂f/∂x₂ = 2x₂, ∂f/∂x₃ = −4: to each, the other terms are constants",
                "∇f = (1, 2x₂, −4)",
            ),
            3, unbounded((-1, 0, 4), falls),
            **quadratic("diag(0, 2, 0)", np.diag([0.0, 2.0, 0.0]), L=2.0),
        ),
        Example(
            "method-1b", "Combining Vectors and Matrices with Calculus", "e^x₁ + ln x₂²", "(e^x₁, 2/x₂)",
            lambda x: np.exp(x[0]) + 2 * np.log(abs(x[1])), lambda x: [np.exp(x[0]), 2 / x[1]],
            ("f = e^x₁ + 2 ln |x₂|, as ln x₂² = 2 ln |x₂|", "∂f/∂x₁ = e^x₁, ∂f/∂x₂ = 2 · 1/x₂",
             "∇f = (e^x₁, 2/x₂)"), 2,
            Optimum(Status.UNBOUNDED, f"f falls without end as x₂ → 0{nowhere}"),
            inside=lambda x: bool(x[1] != 0), domain="x₂ ≠ 0",
            hess=lambda x: np.diag([np.exp(x[0]), -2 / x[1] ** 2]), hessian_formula="diag(e^x₁, −2/x₂²)",
        ),
        Example(
            "single", "Derivative for Functions of single versus multiple inputs", "2x − eˣ", "2 − eˣ",
            lambda x: 2 * x[0] - np.exp(x[0]), lambda x: 2 - np.exp(x),
            (
                "f = 2·x − eˣ, two terms in one variable", "d(2x)/dx = 2, d(eˣ)/dx = eˣ",
                "f′ = 2 − eˣ, zero at ln 2: a maximum",
            ),
            1, unbounded((-1,), "f is concave, with its maximum at ln 2; it falls without end both ways."),
            start=(0.0,), hess=lambda x: -np.exp(x), hessian_formula="−eˣ",
        ),
        Example(
            "several", "Derivative for Functions of single versus multiple inputs",
            "2x₁ − e^x₂ − ln x₃", "(2, −e^x₂, −1/x₃)",
            lambda x: 2 * x[0] - np.exp(x[1]) - np.log(x[2]),
            lambda x: [2.0, -np.exp(x[1]), -1 / x[2]],
            (
                "f = 2·x₁ − e^x₂ − ln x₃, a term for each variable",
                "∂f/∂x₁ = 2, ∂f/∂x₂ = −e^x₂, ∂f/∂x₃ = −1/x₃: to each, the other terms are constants",
                "∇f = (2, −e^x₂, −1/x₃)",
            ),
            3, unbounded((-1, 1, 1), falls), inside=lambda x: bool(x[2] > 0), domain="x₃ > 0",
            hess=lambda x: np.diag([0.0, -np.exp(x[1]), 1 / x[2] ** 2]),
            hessian_formula="diag(0, −e^x₂, 1/x₃²)",
        ),
        Example(
            "quick-1", "Quickly Consolidate what we just learned", "x₁² − ln x₂ + e^(−x₃)",
            "(2x₁, −1/x₂, −e^(−x₃))",
            lambda x: x[0] ** 2 - np.log(x[1]) + np.exp(-x[2]),
            lambda x: [2 * x[0], -1 / x[1], -np.exp(-x[2])],
            (
                "f = x₁·x₁ − ln x₂ + e^(−x₃), a term for each variable",
                "∂f/∂x₁ = 2x₁, ∂f/∂x₂ = −1/x₂, ∂f/∂x₃ = e^(−x₃) · (−1)",
                "∇f = (2x₁, −1/x₂, −e^(−x₃)); at (1, 1, 0) it is (2, −1, −1)",
            ),
            3, unbounded((0, 1, 0), f"f falls without end, like −ln x₂{nowhere}"),
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
                "f = x₁·x₁ − x₁ − ln x₂ + e^q + 2x₂ − 3 with q = −x₁ + x₂, which alone holds both variables",
                "∂q/∂x₁ = −1 and ∂q/∂x₂ = 1, so ∂f/∂x₁ = 2x₁ − 1 − e^q, ∂f/∂x₂ = −1/x₂ + e^q + 2",
                "∇f = (2x₁ − 1 − e^(−x₁ + x₂), −1/x₂ + e^(−x₁ + x₂) + 2); at (0, 1) it is (−1 − e, 1 + e), "
                "where the slide prints (−e, −1 + e)",
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
                "f = ln(2x²)/ln 3 − 2x · e^(3x) + 2, as log₃ q = ln q/ln 3",
                "d ln(2x²)/dx = 4x/(2x²) = 2/x; by the product rule "
                "d(2x · e^(3x))/dx = 2e^(3x) + 2x · 3e^(3x)",
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
