"""Objectives 6 and 7: the multivariate Gaussian bump, through the trace and directly."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optidemo.objective import Objective
from optidemo.objectives.quadratic import Quadratic, TraceQuadratic
from optidemo.status import NoClosedForm, Optimum, Status

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from optidemo.arrays import Matrix, Vector

__all__ = ["Gaussian", "TraceGaussian"]


class Gaussian(Objective):
    """f(x) = exp(−xᵀAx), to be maximised.

    Parameters
    ----------
    A : (d, d) array_like
        The matrix of the exponent. The name Gaussian fits only if S = ½(A + Aᵀ) ≻ 0; a random
        3 × 3 matrix, as on the slide, is indefinite in about nine draws of ten.

    Derivation
    ----------
    1. Multiply out: with q = xᵀAx = Σᵢ Σⱼ aᵢⱼ xᵢ xⱼ, f = e^(−q).
    2. Partial by partial: df/dq = −e^(−q) and ∂q/∂xₖ = [(A + Aᵀ)x]ₖ, so
       ∂f/∂xₖ = −e^(−q) [(A + Aᵀ)x]ₖ.
    3. Back to matrix form: ∇f(x) = −f(x) (A + Aᵀ)x.

    Notes
    -----
    Gradient: −exp(−xᵀAx)(A + Aᵀ)x
    Hessian: f(x)(ggᵀ − (A + Aᵀ)), with g = (A + Aᵀ)x
    Lipschitz constant: L = 2 λmax(S) if S ⪰ 0, attained at x = 0; none otherwise
    Closed form: 0 if S ⪰ 0
    Stationary point: 0; the maximum 1 if S ⪰ 0, else a saddle or a minimum, unbounded above
    Domain: all of ℝᵈ; f overflows to inf past −xᵀAx ≈ 709
    Lecture: objective 7, "The Multivariate Gaussian"
    """

    name, number = "gaussian", "7"
    formula, gradient_formula = "exp(−xᵀAx)", "−exp(−xᵀAx)(A + Aᵀ)x"
    latex = (r"e^{-x^\top A x}", r"-e^{-x^\top A x}(A + A^\top)x")
    place = "objective 7, The Multivariate Gaussian"
    sense = "maximize"
    exponent: type[Quadratic] = Quadratic

    def __init__(self, A: ArrayLike) -> None:
        self.q = self.exponent(A)
        self.A, self.d = self.q.A, self.q.d

    @property
    def x0(self) -> Vector:
        """A point where the exponent is one half at most in size, on the bump's slope."""
        scale = max(self.q.lipschitz() * self.d, float(np.finfo(float).tiny))
        return np.full(self.d, scale**-0.5)

    def value(self, x: ArrayLike) -> float:
        """Return exp(−xᵀAx)."""
        with np.errstate(over="ignore"):
            return float(np.exp(-self.q.value(x)))

    def gradient(self, x: ArrayLike) -> Vector:
        """Return −exp(−xᵀAx)(A + Aᵀ)x, shape (d,)."""
        with np.errstate(over="ignore", invalid="ignore"):
            q, g = self.q.value_and_gradient(self.point(x))
            return np.where(g == 0, 0.0, -np.exp(-q) * g)  # and not inf · 0

    def hessian(self, x: ArrayLike) -> Matrix:
        """Return f(x)(ggᵀ − (A + Aᵀ)), g = (A + Aᵀ)x, shape (d, d)."""
        g = self.q.gradient(x)
        return self.value(x) * (np.outer(g, g) - self.q.hessian(x))

    def lipschitz(self) -> float | None:
        """Return 2 λmax(S) if S ⪰ 0, else None."""
        return self.q.lipschitz() if self.q.convex else None

    def closed_form(self) -> Vector:
        """Return 0 if S ⪰ 0; else raise `NoClosedForm`."""
        if not self.q.convex:
            raise NoClosedForm(self.optimum().reason)
        return np.zeros(self.d)

    def optimum(self) -> Optimum:
        """Return the verdict from the eigenvalues of S."""
        if self.q.convex:
            return Optimum(Status.CONVERGED, "S is positive semidefinite: maximum 1 at x = 0.")
        exponent = self.q.optimum()
        reason = (
            f"exp(−xᵀAx) is unbounded above: S has the eigenvalue {self.q.eigenvalues[0]:.4g} < 0, "
            "so f grows without end along its eigenvector, and it is no Gaussian."
        )
        return Optimum(Status.UNBOUNDED, reason, exponent.direction)

    def sample(self, rng: np.random.Generator) -> Vector:
        """Return a random point where the exponent has the size of one."""
        return np.asarray(rng.standard_normal(self.d) * self.x0 * np.sqrt(2.0))


class TraceGaussian(Gaussian):
    """f(x) = exp(−Tr(xᵀAx)), the same function as `Gaussian`, to be maximised.

    Parameters
    ----------
    A : (d, d) array_like
        The matrix of the exponent.

    Derivation
    ----------
    1. Multiply out: Tr(xᵀAx) = xᵀAx = q, the trace of a 1 × 1 matrix, so f = e^(−q).
    2. Partial by partial: ∂f/∂xₖ = −e^(−q) [(A + Aᵀ)x]ₖ by the chain rule.
    3. Back to matrix form: ∇f(x) = −f(x) (A + Aᵀ)x.

    Notes
    -----
    Gradient: −exp(−Tr(xᵀAx))(A + Aᵀ)x
    Hessian: f(x)(ggᵀ − (A + Aᵀ)), with g = (A + Aᵀ)x
    Lipschitz constant: L = 2 λmax(S) if S ⪰ 0, attained at x = 0; none otherwise
    Closed form: 0 if S ⪰ 0
    Stationary point: 0; the maximum 1 if S ⪰ 0, else a saddle or a minimum, unbounded above
    Domain: all of ℝᵈ; f overflows to inf past −xᵀAx ≈ 709
    Lecture: objective 6, "Multivariate Gaussian Tr"
    """

    name, number = "gaussian-trace", "6"
    formula, gradient_formula = "exp(−Tr(xᵀAx))", "−exp(−Tr(xᵀAx))(A + Aᵀ)x"
    latex = (r"e^{-\mathrm{Tr}(x^\top A x)}", r"-e^{-\mathrm{Tr}(x^\top A x)}(A + A^\top)x")
    place = "objective 6, Multivariate Gaussian Tr"
    exponent = TraceQuadratic
