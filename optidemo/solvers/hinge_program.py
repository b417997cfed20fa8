"""The quadratic program of the SVM with a ridge: its products, certificate and interior point step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.linalg

from optidemo.storage.partial_sums import dense

if TYPE_CHECKING:
    from collections.abc import Callable

    from optidemo.arrays import Matrix, Vector
    from optidemo.rows import Rows

__all__ = ["HingeProgram", "State"]

TO_THE_WALL = 0.99  # of the step that would make a variable zero


@dataclass(frozen=True)
class State:
    """w (d,), the multipliers α (n,), and what they multiply: s = Zw − 1 + ξ and ξ (n,)."""

    w: Vector
    alpha: Vector
    s: Vector
    xi: Vector


class HingeProgram:
    """The quadratic program min ½wᵀRw + C Σ ξᵢ, R = diag(ρ), over the samples zᵢ = yᵢxᵢ."""

    def __init__(self, rows: Rows, C: float, rho: Vector) -> None:
        self.rows, self.C, self.rho = rows, C, rho
        self.n, self.d = rows.shape

    # --- products with Z, one block of rows after another ------------------------------------

    def sum(self, term: Callable[..., Any], **vectors: Vector) -> Any:
        """Return the sum of ``term(X, y, *vectors)`` over the blocks."""
        return self.rows.beside(**vectors).sum(term)

    def times(self, w: Vector) -> Vector:
        """Return Zw, shape (n,)."""
        return np.concatenate(self.sum(lambda X, y: [y * (X @ w)]))

    def transposed(self, t: Vector) -> Vector:
        """Return Zᵀt, shape (d,)."""
        return np.asarray(self.sum(lambda X, y, t: X.T @ (y * t), t=t))

    def weighted(self, theta: Vector, t: Vector) -> tuple[Matrix, Vector]:
        """Return ZᵀΘZ and Zᵀt; the signs y cancel in the first."""

        def term(X: Matrix, y: Vector, theta: Vector, t: Vector) -> tuple[Matrix, Vector]:
            V = X * np.sqrt(theta)[:, None]
            return V.T @ V, X.T @ (y * t)

        H, v = self.sum(term, theta=theta, t=t)
        return H, v

    # --- the method --------------------------------------------------------------------------

    def start(self) -> State:
        """Return w = 0, multipliers in the middle of their range, and slacks of size 1."""
        one = np.ones(self.n)
        return State(np.zeros(self.d), 0.5 * self.C * one, one, 2.0 * one)

    def certificate(
        self, w: Vector, alpha: Vector, margins: Vector | None = None
    ) -> tuple[float, float]:
        """Return f(w) and the duality gap, which bounds f(w) − min f; margins is Zw, if it is known.

        For a w_j without a ridge the dual asks for (Zᵀα)_j = 0, which rounding spoils: what that
        costs at w_j, |w_j (Zᵀα)_j|, is counted.
        """
        v, free = self.transposed(alpha), self.rho == 0
        hinges = np.maximum(1.0 - (self.times(w) if margins is None else margins), 0.0)
        primal = 0.5 * float(self.rho @ w**2) + self.C * float(hinges.sum())
        ridge = 0.5 * float(np.sum(v[~free] ** 2 / self.rho[~free]))
        dual = float(alpha.sum()) - ridge - float(np.abs(w[free]) @ np.abs(v[free]))
        return primal, max(primal - dual, 0.0)

    def iterate(self, state: State) -> tuple[State, float]:
        """Take one predictor-corrector step; also return its length, at most 1."""
        w, a, s, xi = state.w, state.alpha, state.s, state.xi
        b = self.C - a
        theta = 1.0 / (s / a + xi / b)
        H, v = self.weighted(theta, a)
        H[np.diag_indices(self.d)] += self.rho
        try:
            factor = scipy.linalg.cho_factor(H)
        except np.linalg.LinAlgError:  # two columns without a ridge may be equal
            factor = scipy.linalg.cho_factor(H + 1e-13 * np.diag(np.diag(H)))
        dual_residual = self.rho * w - v

        def direction(towards_s: Vector, towards_xi: Vector) -> tuple[Vector, ...]:
            """Solve a Δs + s Δa = towards_s and b Δξ − ξ Δa = towards_xi with the linear rest."""
            t = theta * (towards_s / a - towards_xi / b)
            dw = scipy.linalg.cho_solve(factor, self.transposed(t) - dual_residual)
            da = t - theta * self.times(dw)
            return dw, da, (towards_s - s * da) / a, (towards_xi + xi * da) / b

        _, da, ds, dxi = direction(-a * s, -b * xi)
        step = longest((a, da), (b, -da), (s, ds), (xi, dxi))
        mu = float(a @ s + b @ xi) / (2 * self.n)
        reached = (a + step * da) @ (s + step * ds) + (b - step * da) @ (xi + step * dxi)
        target = mu * (float(reached) / (2 * self.n * mu)) ** 3
        dw, da, ds, dxi = direction(target - a * s - da * ds, target - b * xi + da * dxi)
        step = TO_THE_WALL * longest((a, da), (b, -da), (s, ds), (xi, dxi))
        return State(w + step * dw, a + step * da, s + step * ds, xi + step * dxi), step

    def exact(self, state: State) -> tuple[Vector, Vector]:
        """Return w and α from the equations of the samples that seem to lie on the margin.

        A sample is taken to be outside (αᵢ = 0), inside (αᵢ = C) or on the margin (zᵢᵀw = 1) by
        whichever of αᵢ/C, 1 − αᵢ/C, sᵢ and ξᵢ is smallest beside its partner.
        """
        share = state.alpha / self.C
        inside = state.xi > 1.0 - share
        on = (state.s < share) & ~inside
        alpha = np.where(inside, self.C, 0.0)
        if np.count_nonzero(on) > 2 * self.d:
            return state.w, state.alpha
        Z = np.vstack(
            self.sum(
                lambda X, y, on: [dense(X[on > 0]) * y[on > 0, None]], on=on.astype(np.float64)
            )
        )
        K = np.block([[np.diag(self.rho), -Z.T], [Z, np.zeros((len(Z), len(Z)))]])
        right = np.concatenate([self.transposed(alpha), np.ones(len(Z))])
        solution = np.linalg.lstsq(K, right)[0]
        alpha[on] = np.clip(solution[self.d :], 0.0, self.C)
        return solution[: self.d], alpha


def longest(*pairs: tuple[Vector, Vector]) -> float:
    """Return the longest step ≤ 1 that keeps every v + step · dv ≥ 0."""
    return 1.0 / max(1.0, *(float(np.max(-dv / v)) for v, dv in pairs))
