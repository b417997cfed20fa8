"""Objectives 2 and 3: the quadratic form, and the same through the trace."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from optidemo.objectives.quadratic_form import QuadraticForm
from optidemo.status import NoClosedForm, Optimum, Status

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from optidemo.arrays import Matrix, Vector

__all__ = ["Quadratic", "TraceQuadratic"]


class Quadratic(QuadraticForm):
    """f(x) = xᵀAx, with a square A that need not be symmetric.

    Parameters
    ----------
    A : (d, d) array_like
        The matrix of the form. Below, S = ½(A + Aᵀ) is its symmetric part.

    Derivation
    ----------
    1. Multiply out: f(x) = Σᵢ Σⱼ aᵢⱼ xᵢ xⱼ; for d = 2, a₁₁x₁² + a₁₂x₁x₂ + a₂₁x₁x₂ + a₂₂x₂².
    2. Partial by partial: ∂f/∂xₖ = Σⱼ aₖⱼ xⱼ + Σᵢ aᵢₖ xᵢ; for d = 2 the first is
       2a₁₁x₁ + (a₁₂ + a₂₁)x₂.
    3. Back to matrix form: the first sum is row k of Ax, the second row k of Aᵀx, so
       ∇f(x) = (A + Aᵀ)x. It is 2Ax only if A is symmetric.

    Notes
    -----
    Gradient: (A + Aᵀ)x
    Hessian: A + Aᵀ = 2S
    Lipschitz constant: L = 2 max |eigenvalue of S|
    Closed form: 0 if S is positive semidefinite
    Stationary point: 0, and the null space of S; a minimum if S ⪰ 0, else a saddle or a maximum
    Domain: all of ℝᵈ
    Lecture: objective 2, "The Quadratic equation"
    """

    name, number = "quadratic", "2"
    formula, gradient_formula = "xᵀAx", "(A + Aᵀ)x"
    latex = (r"x^\top A x", r"(A + A^\top)x")
    place = "objective 2, The Quadratic equation"

    def __init__(self, A: ArrayLike) -> None:
        super().__init__(A)
        self.convex = self.eigenvalues[0] >= -self._rounding

    @property
    def x0(self) -> Vector:
        """All ones: at zero a saddle would already look like a solution."""
        return np.ones(self.d)

    def value(self, x: ArrayLike) -> float:
        """Return xᵀAx."""
        return self.form_value(self.point(x))

    def gradient(self, x: ArrayLike) -> Vector:
        """Return (A + Aᵀ)x, shape (d,)."""
        return self.A_plus_AT @ self.point(x)

    def value_and_gradient(self, x: Vector) -> tuple[float, Vector]:
        """Return both from one product: xᵀAx = ½xᵀ(A + Aᵀ)x."""
        g = self.A_plus_AT @ self.point(x)
        f = 0.5 * float(x @ g)
        return (f if math.isfinite(f) else self.form_value(x)), g

    def hessian(self, x: ArrayLike) -> Matrix:
        """Return A + Aᵀ, shape (d, d)."""
        self.point(x)
        return self.A_plus_AT.copy()

    def lipschitz(self) -> float:
        """Return L = 2 max |eigenvalue of S|."""
        return 2.0 * float(np.abs(self.eigenvalues).max())

    def strong_convexity(self) -> float:
        """Return μ = 2 λmin(S) if that is positive."""
        return max(2.0 * float(self.eigenvalues[0]), 0.0)

    def closed_form(self) -> Vector:
        """Return 0 if S ⪰ 0.

        Raises
        ------
        NoClosedForm
            If S has a negative eigenvalue: f is then unbounded below.
        """
        if not self.convex:
            raise NoClosedForm(self.optimum().reason)
        return np.zeros(self.d)

    def optimum(self) -> Optimum:
        """Return the verdict from the eigenvalues of S."""
        lowest, highest = self.eigenvalues[0], self.eigenvalues[-1]
        if self.convex:
            null = "" if lowest > self._rounding else " (as on the whole null space of S)"
            return Optimum(
                Status.CONVERGED, f"S is positive semidefinite: minimum 0 at x = 0{null}."
            )
        kind = "a saddle" if highest > self._rounding else "the maximum"
        vector = np.linalg.eigh(0.5 * self.A_plus_AT)[1][:, 0]
        reason = (
            f"xᵀAx is unbounded below: S has the eigenvalue {lowest:.4g} < 0, f falls without end "
            f"along its eigenvector, and the stationary point 0 is {kind}."
        )
        return Optimum(Status.UNBOUNDED, reason, vector)


class TraceQuadratic(Quadratic):
    """f(x) = Tr(xᵀAx), the same function as `Quadratic`, computed as Tr(Axxᵀ).

    Parameters
    ----------
    A : (d, d) array_like
        The matrix of the form.

    Derivation
    ----------
    1. Multiply out: xᵀAx is a number, and the trace of a 1 × 1 matrix is its entry, so
       Tr(xᵀAx) = xᵀAx = Σᵢ Σⱼ aᵢⱼ xᵢ xⱼ.
    2. Partial by partial: as for the quadratic, ∂f/∂xₖ = Σⱼ aₖⱼ xⱼ + Σᵢ aᵢₖ xᵢ.
    3. Back to matrix form: ∇f(x) = (A + Aᵀ)x. The trace is cyclic (the slide says "rotation
       invariant"): Tr(xᵀAx) = Tr(Axxᵀ) = Tr(xxᵀA).

    Notes
    -----
    Gradient: (A + Aᵀ)x
    Hessian: A + Aᵀ = 2S
    Lipschitz constant: L = 2 max |eigenvalue of S|
    Closed form: 0 if S is positive semidefinite
    Stationary point: 0, and the null space of S; a minimum if S ⪰ 0, else a saddle or a maximum
    Domain: all of ℝᵈ
    Lecture: objective 3, "The Trace of a quadratic form"
    """

    name, number = "trace-quadratic", "3"
    formula = "Tr(xᵀAx)"
    latex = (r"\mathrm{Tr}(x^\top A x)", r"(A + A^\top)x")
    place = "objective 3, The Trace of a quadratic form"

    def form(self, x: Vector) -> float:
        """Return Tr(A xxᵀ) = Σᵢⱼ (A ∘ xxᵀ)ᵢⱼ."""
        return float(np.sum(self.A * np.outer(x, x)))
