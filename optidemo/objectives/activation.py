"""Objectives 4, 8 and 9: ReLU, the sigmoid, and the logistic function of wᵀx."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import expit

from optidemo.arrays import EPS, Matrix, Vector, as_vector
from optidemo.objective import Objective
from optidemo.status import NoClosedForm, Optimum, Status

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["Logistic", "ReLU", "Sigmoid"]


class ReLU(Objective):
    """f(w) = ReLU(wᵀx) = max(0, wᵀx).

    Parameters
    ----------
    x : (d,) array_like
        The input of the neuron.

    Derivation
    ----------
    1. Multiply out: with q = wᵀx = w₁x₁ + … + w_d x_d, f = max(0, q).
    2. Partial by partial: df/dq is 1 for q > 0 and 0 for q < 0, and ∂q/∂wᵢ = xᵢ; by the chain
       rule ∂f/∂wᵢ = 1(q > 0) xᵢ.
    3. Back to matrix form: ∇f(w) = 1(wᵀx > 0) x. At the kink q = 0 the lecture takes 0.

    Notes
    -----
    Gradient: 1(wᵀx > 0) x
    Hessian: 0 off the kink; none on it
    Lipschitz constant: none: the gradient jumps
    Closed form: 0, and every w with wᵀx ≤ 0
    Stationary point: every w with wᵀx ≤ 0, a flat minimum
    Domain: all of ℝᵈ; a kink where wᵀx = 0, with the subdifferential {t x : 0 ≤ t ≤ 1}
    Lecture: objective 4, "The ReLU function"
    """

    name, number = "relu", "4"
    formula, gradient_formula = "ReLU(wᵀx)", "1(wᵀx > 0) x"
    latex = (r"\mathrm{ReLU}(w^\top x)", r"1_{(w^\top x > 0)}\,x")
    place = "objective 4, The ReLU function"
    variable = "w"
    smooth, convex = False, True

    def __init__(self, x: ArrayLike) -> None:
        self.x = as_vector(x, "x").copy()
        self.d = self.x.size

    @property
    def x0(self) -> Vector:
        """A point on the rising side."""
        return self.x.copy()

    def value(self, w: ArrayLike) -> float:
        """Return max(0, wᵀx)."""
        return max(0.0, float(self.point(w) @ self.x))

    def gradient(self, w: ArrayLike) -> Vector:
        """Return x where wᵀx > 0 and the zero vector elsewhere, shape (d,)."""
        return self.x.copy() if self.point(w) @ self.x > 0 else np.zeros(self.d)

    def prox(self, w: Vector, t: float) -> Vector:
        """Return w − s x, with s in [0, t] that brings wᵀx as near to 0 as it may."""
        square = self.x @ self.x
        return w - np.clip(w @ self.x / square, 0.0, t) * self.x if square > 0 else w.copy()

    def closed_form(self) -> Vector:
        """Return 0, one of the many minimisers."""
        return np.zeros(self.d)

    def subdifferential_distance(self, w: Vector, g: Vector) -> float:
        """Return the distance from g to {t x}, where t is 0, 1 or, on the kink, in [0, 1]."""
        q = self.point(w) @ self.x
        square = self.x @ self.x
        rounding = 4 * EPS * (np.abs(w) @ np.abs(self.x))
        if abs(q) > rounding:
            t = float(q > 0)
        else:
            t = float(np.clip(g @ self.x / square, 0, 1)) if square > 0 else 0.0
        return float(np.linalg.norm(g - t * self.x))

    def optimum(self) -> Optimum:
        """Return the verdict: flat minima on the half-space wᵀx ≤ 0."""
        return Optimum(Status.CONVERGED, "The minimum 0 is attained on the half-space wᵀx ≤ 0.")


class Sigmoid(Objective):
    """f(z) = σ(z) = 1/(1 + e⁻ᶻ), of one variable.

    Derivation
    ----------
    1. Multiply out: σ(z) = (1 + e⁻ᶻ)⁻¹.
    2. Partial by partial: by the chain rule σ′(z) = −(1 + e⁻ᶻ)⁻² · e⁻ᶻ · (−1)
       = e⁻ᶻ / (1 + e⁻ᶻ)².
    3. Back to the function itself: e⁻ᶻ/(1 + e⁻ᶻ) = 1 − σ(z), so σ′(z) = σ(z)(1 − σ(z)).

    Notes
    -----
    Gradient: σ(z)(1 − σ(z))
    Hessian: σ(1 − σ)(1 − 2σ)
    Lipschitz constant: L = 1/(6√3) ≈ 0.0962
    Closed form: none
    Stationary point: none: the infimum 0 (z → −∞) and the supremum 1 (z → ∞) are not attained
    Domain: all of ℝ
    Lecture: objective 8, "The Sigmoid Function"
    """

    name, number = "sigmoid", "8"
    formula, gradient_formula = "σ(z) = 1/(1 + e⁻ᶻ)", "σ(z)(1 − σ(z))"
    latex = (r"\frac{1}{1 + e^{-z}}", r"\sigma(z)(1 - \sigma(z))")
    place = "objective 8, The Sigmoid Function"
    variable = "z"
    d = 1

    def value(self, z: ArrayLike) -> float:
        """Return σ(z)."""
        return float(expit(self.point(z)[0]))

    def gradient(self, z: ArrayLike) -> Vector:
        """Return σ(z)(1 − σ(z)), shape (1,); 1 − σ(z) is computed as σ(−z), without cancellation."""
        z = self.point(z)
        return np.asarray(expit(z) * expit(-z))

    def hessian(self, z: ArrayLike) -> Matrix:
        """Return σ(1 − σ)(1 − 2σ), shape (1, 1)."""
        z = self.point(z)
        return np.asarray(expit(z) * expit(-z) * -np.tanh(0.5 * z))[:, None]

    def lipschitz(self) -> float:
        """Return 1/(6√3), the maximum of |σ″|, where σ = ½ ± 1/√12."""
        return float(1.0 / (6.0 * np.sqrt(3.0)))

    def closed_form(self) -> Vector:
        """Raise `NoClosedForm`: there is no optimum."""
        raise NoClosedForm(self.optimum().reason)

    def optimum(self) -> Optimum:
        """Return the verdict: not attained."""
        reason = "σ has no minimum: its infimum 0 is approached as z → −∞, but no z reaches it."
        return Optimum(Status.NOT_ATTAINED, reason, np.array([-1.0]))


class Logistic(Objective):
    """f(w) = σ(wᵀx), a probability. To fit data use `LogisticRegression`.

    Parameters
    ----------
    x : (d,) array_like
        The input.

    Derivation
    ----------
    1. Multiply out: with z = wᵀx = w₁x₁ + … + w_d x_d, f = σ(z).
    2. Partial by partial: df/dz = σ(z)(1 − σ(z)) and ∂z/∂wᵢ = xᵢ, so
       ∂f/∂wᵢ = σ(z)(1 − σ(z)) xᵢ.
    3. Back to matrix form: ∇f(w) = σ(wᵀx)(1 − σ(wᵀx)) x.

    Notes
    -----
    Gradient: σ(wᵀx)(1 − σ(wᵀx)) x
    Hessian: σ(1 − σ)(1 − 2σ) xxᵀ
    Lipschitz constant: L = ‖x‖²/(6√3)
    Closed form: none
    Stationary point: none for x ≠ 0: infimum 0 and supremum 1 are not attained
    Domain: all of ℝᵈ
    Lecture: objective 9, "Logistic Regression Objective". It has no labels, no logarithm and no
    sum, so it cannot be fitted; the fitting objective is `logistic-regression`.
    """

    name, number = "logistic", "9"
    formula, gradient_formula = "σ(wᵀx)", "σ(wᵀx)(1 − σ(wᵀx)) x"
    latex = (
        r"\frac{1}{1 + e^{-w^\top x}}",
        r"\sigma(w^\top x)\,(1 - \sigma(w^\top x))\,x",
    )
    place = "objective 9, Logistic Regression Objective"
    variable = "w"

    def __init__(self, x: ArrayLike) -> None:
        self.x = as_vector(x, "x").copy()
        self.d = self.x.size

    def value(self, w: ArrayLike) -> float:
        """Return σ(wᵀx)."""
        return float(expit(self.point(w) @ self.x))

    def gradient(self, w: ArrayLike) -> Vector:
        """Return σ(1 − σ) x, shape (d,)."""
        z = self.point(w) @ self.x
        return np.asarray(expit(z) * expit(-z) * self.x)

    def hessian(self, w: ArrayLike) -> Matrix:
        """Return σ(1 − σ)(1 − 2σ) xxᵀ, shape (d, d)."""
        z = self.point(w) @ self.x
        curvature = expit(z) * expit(-z) * -np.tanh(0.5 * z)
        return np.asarray(curvature * np.outer(self.x, self.x))

    def lipschitz(self) -> float:
        """Return ‖x‖²/(6√3)."""
        return float(self.x @ self.x / (6.0 * np.sqrt(3.0)))

    def closed_form(self) -> Vector:
        """Raise `NoClosedForm` unless x = 0, where f is ½ everywhere."""
        if self.x.any():
            raise NoClosedForm(self.optimum().reason)
        return np.zeros(self.d)

    def optimum(self) -> Optimum:
        """Return the verdict: not attained unless x = 0."""
        if not self.x.any():
            return Optimum(Status.CONVERGED, "x = 0: f is ½ everywhere.")
        reason = (
            "σ(wᵀx) has no minimum: its infimum 0 is approached along −x, but no w reaches it. "
            "It is a probability, not a fitting objective: fit with LogisticRegression(X, y)."
        )
        return Optimum(Status.NOT_ATTAINED, reason, -self.x / np.linalg.norm(self.x))
