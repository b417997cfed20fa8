"""The lecture's exercises in vectors and matrices: the five-item list and the last slide."""

from __future__ import annotations

from math import sqrt

import numpy as np
from scipy.special import expit

from optidemo.objectives.example import Example, linear, minimum, quadratic, unbounded
from optidemo.status import Optimum, Status

__all__ = ["final_exercises", "five_item_list"]

LINEAR_FALLS = "A linear function falls without end against its gradient, which is nowhere zero."


def five_item_list() -> list[Example]:
    """The five-item list, differentiated in x, for one y, w and non-symmetric A."""
    y, w = np.array([2.0, -1.0, 0.5]), np.array([1.0, 3.0, -2.0])
    A = np.array([[2.0, 1.0, 0.0], [0.0, 1.0, 3.0], [1.0, 0.0, 1.0]])
    down1, down2, down3 = tuple(w - y), tuple(-A.T @ y), tuple(y - A.T @ y)
    place = "Matrix Vector Calculus, item {}"
    return [
        Example(
            "list-1", place.format(1), "yᵀx − wᵀx", "y − w",
            lambda x: y @ x - w @ x, lambda _x: y - w,
            ("f = Σ yᵢxᵢ − Σ wᵢxᵢ = Σ (yᵢ − wᵢ)xᵢ", "∂f/∂xᵢ = yᵢ − wᵢ", "in order: ∇f = y − w"), 3,
            unbounded(down1, LINEAR_FALLS), **linear(3),
        ),
        Example(
            "list-2", place.format(2), "yᵀAx", "Aᵀy",
            lambda x: y @ A @ x, lambda _x: A.T @ y,
            ("f = Σᵢ Σⱼ yᵢaᵢⱼxⱼ", "∂f/∂xⱼ = Σᵢ aᵢⱼyᵢ", "row j of Aᵀ times y: ∇f = Aᵀy"), 3,
            unbounded(down2, LINEAR_FALLS), **linear(3),
        ),
        Example(
            "list-3", place.format(3), "yᵀAx − yᵀx", "Aᵀy − y",
            lambda x: y @ A @ x - y @ x, lambda _x: A.T @ y - y,
            ("f = Σᵢ Σⱼ yᵢaᵢⱼxⱼ − Σⱼ yⱼxⱼ", "∂f/∂xⱼ = Σᵢ aᵢⱼyᵢ − yⱼ",
             "row j of Aᵀ times y, less yⱼ: ∇f = Aᵀy − y"), 3,
            unbounded(down3, LINEAR_FALLS), **linear(3),
        ),
        Example(
            "list-4", place.format(4), "exp(yᵀAx)", "exp(yᵀAx) Aᵀy",
            lambda x: np.exp(y @ A @ x), lambda x: np.exp(y @ A @ x) * (A.T @ y),
            (
                "f = e^q with q = yᵀAx = Σᵢ Σⱼ yᵢaᵢⱼxⱼ",
                "df/dq = e^q and ∂q/∂xⱼ = Σᵢ aᵢⱼyᵢ, so ∂f/∂xⱼ = e^q Σᵢ aᵢⱼyᵢ",
                "the sum is row j of Aᵀ times y: ∇f = e^(yᵀAx) Aᵀy",
            ),
            3,
            Optimum(
                Status.NOT_ATTAINED,
                "The infimum 0 is approached along −Aᵀy, but not reached; ∇f is nowhere zero.", -A.T @ y,
            ),
            start=(0.1, 0.1, 0.1), convex=True, hessian_formula="exp(yᵀAx) Aᵀy yᵀA",
            hess=lambda x: np.exp(y @ A @ x) * np.outer(A.T @ y, A.T @ y),
        ),
        Example(
            "list-5", place.format(5), "ReLU(wᵀx)", "1(wᵀx > 0) w",
            lambda x: max(0.0, w @ x), lambda x: w * (w @ x > 0),
            (
                "f = max(0, q) with q = wᵀx = w₁x₁ + w₂x₂ + w₃x₃",
                "df/dq = 1(q > 0) and ∂q/∂xᵢ = wᵢ, so ∂f/∂xᵢ = 1(q > 0) wᵢ; at the kink q = 0 we take 0",
                "∇f = 1(wᵀx > 0) w",
            ),
            3,
            minimum("The minimum 0 is attained on the half-space wᵀx ≤ 0."), (0.0, 0.0, 0.0),
            smooth=False, convex=True, hessian_formula="0 off the kink wᵀx = 0; none on it",
        ),
    ]  # fmt: skip


def final_exercises() -> list[Example]:
    """The last slide: consolidate today's knowledge."""
    y, ones, w = np.array([2.0, 5.0]), np.ones(2), np.array([7.0, 8.0])
    A2, A3 = np.array([[2.0, 1.0], [1.0, 1.0]]), np.array([[4.0, 0.0], [1.0, 1.0]])
    M3 = A3 + A3.T
    place = "Consolidate Today's knowledge, {}"
    return [
        Example(
            "final-1", place.format(1), "yᵀx + xᵀ1, y = (2, 5)", "y + 1 = (3, 6)",
            lambda x: y @ x + x @ ones, lambda _x: y + ones,
            ("f = 2x₁ + 5x₂ + x₁ + x₂ = 3x₁ + 6x₂", "∂f/∂x₁ = 3, ∂f/∂x₂ = 6", "∇f = (3, 6) = y + 1"), 2,
            unbounded((-3, -6), LINEAR_FALLS), **linear(2),
        ),
        Example(
            "final-2", place.format(2), "xᵀAx, A = [[2, 1], [1, 1]]", "(A + Aᵀ)x = (4x₁ + 2x₂, 2x₁ + 2x₂)",
            lambda x: x @ A2 @ x, lambda x: (A2 + A2.T) @ x,
            ("f = 2x₁² + x₁x₂ + x₂x₁ + x₂²", "∂f/∂x₁ = 4x₁ + 2x₂, ∂f/∂x₂ = 2x₁ + 2x₂",
             "∇f = [[4, 2], [2, 2]] x = (A + Aᵀ)x"), 2,
            minimum("A ≻ 0: minimum 0 at 0."), (0.0, 0.0),
            **quadratic("A + Aᵀ = [[4, 2], [2, 2]]", A2 + A2.T, L=3 + sqrt(5), mu=3 - sqrt(5)),
        ),
        Example(
            "final-3", place.format(3), "exp(xᵀAx), A = [[4, 0], [1, 1]]", "exp(xᵀAx) [[8, 1], [1, 2]] x",
            lambda x: np.exp(x @ A3 @ x), lambda x: np.exp(x @ A3 @ x) * ((A3 + A3.T) @ x),
            ("f = e^q with q = xᵀAx = 4x₁² + x₁x₂ + x₂²",
             "df/dq = e^q, so ∂f/∂x₁ = e^q (8x₁ + x₂), ∂f/∂x₂ = e^q (x₁ + 2x₂)",
             "∇f = e^q [[8, 1], [1, 2]] x = e^q (A + Aᵀ)x; it overflows past xᵀAx ≈ 709"), 2,
            minimum("The exponent is positive definite: minimum 1 at 0."), (0.0, 0.0),
            hess=lambda x: np.exp(x @ A3 @ x) * (M3 + np.outer(M3 @ x, M3 @ x)), mu=5 - sqrt(10),
            hessian_formula="exp(xᵀAx) (M + Mx xᵀM), M = A + Aᵀ = [[8, 1], [1, 2]]", convex=True,
        ),
        Example(
            "final-4", place.format(4), "σ(wᵀx), w = (7, 8)", "σ(1 − σ)(7, 8)",
            lambda x: expit(w @ x), lambda x: expit(w @ x) * expit(-(w @ x)) * w,
            ("f = σ(q) with q = wᵀx = 7x₁ + 8x₂",
             "dσ/dq = σ(1 − σ), so ∂f/∂x₁ = σ(1 − σ) · 7, ∂f/∂x₂ = σ(1 − σ) · 8",
             "∇f = (7σ(1 − σ), 8σ(1 − σ)) = σ(1 − σ) w"), 2,
            Optimum(
                Status.NOT_ATTAINED,
                "The infimum 0 is approached along −w, but not reached; ∇f is nowhere zero.", -w,
            ),
            start=(0.1, -0.1), L=113 / (6 * sqrt(3)), hessian_formula="σ(1 − σ)(1 − 2σ) wwᵀ",
            hess=lambda x: expit(w @ x) * expit(-(w @ x)) * -np.tanh(0.5 * w @ x) * np.outer(w, w),
        ),
    ]  # fmt: skip
