"""Objective 13: principal component analysis."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from optidemo.arrays import Matrix, Vector, as_scalar
from optidemo.linalg.eigen import top_eigenvectors
from optidemo.objectives.quadratic_form import QuadraticForm
from optidemo.status import Optimum, Status

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["PCA"]


class PCA(QuadraticForm):
    """f(x) = xᵀAx − λ(xᵀx − 1), to be maximised on the unit sphere xᵀx = 1.

    Parameters
    ----------
    A : (d, d) array_like
        For principal components the covariance matrix; any square matrix is taken. Below,
        S = ½(A + Aᵀ), the lecture's Q, is its symmetric part.
    lam : float, optional
        The multiplier λ; by default the largest eigenvalue of S. It may have either sign, as the
        multiplier of an equation and as the eigenvalue that it is at every stationary point.

    Derivation
    ----------
    1. Multiply out: f(x) = Σᵢ Σⱼ aᵢⱼ xᵢ xⱼ − λ(x₁² + … + x_d² − 1).
    2. Partial by partial: ∂f/∂xₖ = [(A + Aᵀ)x]ₖ − 2λxₖ, and ∂f/∂λ = 1 − xᵀx.
    3. Back to matrix form: ∇f(x) = (A + Aᵀ)x − 2λx. It is zero where Sx = λx, and ∂f/∂λ = 0
       adds xᵀx = 1: the stationary points are the unit eigenvectors of S, not of A.

    Notes
    -----
    Gradient: (A + Aᵀ)x − 2λx
    Hessian: (A + Aᵀ) − 2λI
    Lipschitz constant: L = 2 max |eigenvalue of S − λ|
    Closed form: on the sphere, the eigenvector of the largest eigenvalue of S
    Stationary point: on the sphere the top eigenvector is the maximum, the bottom one the minimum,
    the others are saddles; at fixed λ the whole eigenspace of λ, or 0
    Domain: all of ℝᵈ; the constraint is the sphere xᵀx = 1
    Lecture: objective 13, "The PCA objective"
    """

    name, number = "pca", "13"
    formula, gradient_formula = "xᵀAx − λ(xᵀx − 1)", "(A + Aᵀ)x − 2λx"
    latex = (r"x^\top A x - \lambda (x^\top x - 1)", r"(A + A^\top)x - 2 \lambda x")
    place = "objective 13, The PCA objective"
    sense = "maximize"
    constraint = "the sphere xᵀx = 1"

    def __init__(self, A: ArrayLike, lam: float | None = None) -> None:
        super().__init__(A)
        self.lam = float(self.eigenvalues[-1]) if lam is None else as_scalar(lam, "lam")
        self.convex = self.lam >= self.eigenvalues[-1] - self._rounding

    @property
    def x0(self) -> Vector:
        """A unit vector with no zero and no two equal entries."""
        x = np.arange(1.0, self.d + 1)
        return x / np.linalg.norm(x)

    def value(self, x: ArrayLike) -> float:
        """Return xᵀAx − λ(xᵀx − 1)."""
        x = self.point(x)
        with np.errstate(over="ignore", invalid="ignore"):
            f = float(x @ self.A @ x - self.lam * (x @ x - 1.0))
            return f if math.isfinite(f) else self.far_out(x) + self.lam

    def form(self, x: Vector) -> float:
        """Return xᵀAx − λxᵀx."""
        return float(x @ self.A @ x - self.lam * (x @ x))

    def gradient(self, x: ArrayLike) -> Vector:
        """Return (A + Aᵀ)x − 2λx, shape (d,)."""
        x = self.point(x)
        return self.A_plus_AT @ x - 2.0 * self.lam * x

    def value_and_gradient(self, x: Vector) -> tuple[float, Vector]:
        """Return both from one product: f = ½xᵀ∇f + λ."""
        g = self.gradient(x)
        f = 0.5 * float(x @ g) + self.lam
        return (f if math.isfinite(f) else self.value(x)), g

    def lam_gradient(self, x: ArrayLike) -> float:
        """Return ∂f/∂λ = 1 − xᵀx, the partial that the lecture leaves out."""
        x = self.point(x)
        return float(1.0 - x @ x)

    def hessian(self, x: ArrayLike) -> Matrix:
        """Return (A + Aᵀ) − 2λI, shape (d, d)."""
        self.point(x)
        return self.A_plus_AT - 2.0 * self.lam * np.eye(self.d)

    def lipschitz(self) -> float:
        """Return 2 max |eigenvalue of S − λ|."""
        return 2.0 * float(np.abs(self.eigenvalues - self.lam).max())

    def closed_form(self) -> Vector:
        """Return the maximiser on the sphere: the top eigenvector of S, shape (d,)."""
        return np.asarray(top_eigenvectors(self.A)[1][:, 0])

    def optimality(self, x: Vector) -> float:
        """Return the norm of the gradient along the sphere, 2‖Sx − (xᵀSx)x‖, at a unit vector x."""
        g = self.A_plus_AT @ x
        return float(np.linalg.norm(g - (x @ g) * x))

    def optimum(self) -> Optimum:
        """Return the verdict for all of ℝᵈ at this fixed λ."""
        top = self.eigenvalues[-1]
        if self.convex:
            reason = "λ is at least the largest eigenvalue of S: f is concave and has a maximum."
            return Optimum(Status.CONVERGED, reason)
        reason = (
            f"At the fixed λ = {self.lam:.4g}, below the largest eigenvalue {top:.4g} of S, f is "
            "unbounded above along its eigenvector. On the sphere xᵀx = 1 that eigenvector is the "
            "maximum: use sphere_gradient or closed_form()."
        )
        return Optimum(Status.UNBOUNDED, reason, self.closed_form())
