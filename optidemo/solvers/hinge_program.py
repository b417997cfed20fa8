"""The quadratic program of the SVM with a ridge, and perhaps an L1 norm: products, certificate, step."""

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
    """w (d,), the multipliers α (m,), and what they multiply: s = Zw − b + ξ and ξ (m,)."""

    w: Vector
    alpha: Vector
    s: Vector
    xi: Vector


class HingeProgram:
    """The quadratic program min ½wᵀRw + λ Σ wⱼ + Σ cᵢξᵢ over hinges ξᵢ = max(0, bᵢ − zᵢᵀw), R = diag(ρ).

    Those of the n samples have zᵢ = yᵢxᵢ, bᵢ = 1 and cᵢ = C. An L1 norm adds d hinges, since
    λ|wⱼ| = λwⱼ + 2λ max(0, −wⱼ): zᵢ = eⱼ, bᵢ = 0 and cᵢ = 2λ.
    """

    def __init__(self, rows: Rows, C: float, rho: Vector, lam: float = 0.0) -> None:
        self.rows, self.rho, self.lam = rows, rho, lam
        self.n, self.d = rows.shape
        kinks = self.d if lam else 0
        self.b = np.repeat([1.0, 0.0], [self.n, kinks])
        self.C = np.repeat([C, 2.0 * lam], [self.n, kinks])

    # --- products with Z, one block of rows after another ------------------------------------

    def sum(self, term: Callable[..., Any], **vectors: Vector) -> Any:
        """Return the sum of ``term(X, y, *vectors)`` over the blocks."""
        return self.rows.beside(**vectors).sum(term)

    def times(self, w: Vector) -> Vector:
        """Return Zw, shape (m,)."""
        samples = self.sum(lambda X, y: [y * (X @ w)])
        return np.concatenate([*samples, w] if self.lam else samples)

    def transposed(self, t: Vector) -> Vector:
        """Return Zᵀt, shape (d,)."""
        v = np.asarray(self.sum(lambda X, y, t: X.T @ (y * t), t=t[: self.n]))
        return v + t[self.n :] if self.lam else v

    def weighted(self, theta: Vector, t: Vector) -> tuple[Matrix, Vector]:
        """Return ZᵀΘZ and Zᵀt; the signs y cancel in the first."""

        def term(X: Matrix, y: Vector, theta: Vector, t: Vector) -> tuple[Matrix, Vector]:
            V = X * np.sqrt(theta)[:, None]
            return V.T @ V, X.T @ (y * t)

        H, v = self.sum(term, theta=theta[: self.n], t=t[: self.n])
        if self.lam:
            H[np.diag_indices(self.d)] += theta[self.n :]
            v = v + t[self.n :]
        return H, v

    # --- the method --------------------------------------------------------------------------

    def start(self) -> State:
        """Return w = 0, multipliers in the middle of their range, and slacks of size 1."""
        one = np.ones(len(self.b))
        return State(np.zeros(self.d), 0.5 * self.C * one, one, one + self.b)

    def certificate(
        self, w: Vector, alpha: Vector, margins: Vector | None = None
    ) -> tuple[float, float]:
        """Return f(w) and the duality gap, which bounds f(w) − min f; margins is Zw, if it is known.

        For a w_j without a ridge the dual asks for (Zᵀα)_j = 0, which rounding spoils: what that
        costs at w_j, |w_j (Zᵀα)_j|, is counted.
        """
        v, free = self.transposed(alpha) - self.lam, self.rho == 0
        hinges = np.maximum(self.b - (self.times(w) if margins is None else margins), 0.0)
        primal = 0.5 * float(self.rho @ w**2) + self.lam * float(w.sum()) + float(self.C @ hinges)
        ridge = 0.5 * float(np.sum(v[~free] ** 2 / self.rho[~free]))
        dual = float(self.b @ alpha) - ridge - float(np.abs(w[free]) @ np.abs(v[free]))
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
        dual_residual = self.rho * w + self.lam - v

        def direction(towards_s: Vector, towards_xi: Vector) -> tuple[Vector, ...]:
            """Solve a Δs + s Δa = towards_s and b Δξ − ξ Δa = towards_xi with the linear rest."""
            t = theta * (towards_s / a - towards_xi / b)
            dw = scipy.linalg.cho_solve(factor, self.transposed(t) - dual_residual)
            da = t - theta * self.times(dw)
            return dw, da, (towards_s - s * da) / a, (towards_xi + xi * da) / b

        _, da, ds, dxi = direction(-a * s, -b * xi)
        step = longest((a, da), (b, -da), (s, ds), (xi, dxi))
        mu = float(a @ s + b @ xi) / (2 * a.size)
        reached = (a + step * da) @ (s + step * ds) + (b - step * da) @ (xi + step * dxi)
        target = mu * (float(reached) / (2 * a.size * mu)) ** 3
        dw, da, ds, dxi = direction(target - a * s - da * ds, target - b * xi + da * dxi)
        step = TO_THE_WALL * longest((a, da), (b, -da), (s, ds), (xi, dxi))
        return State(w + step * dw, a + step * da, s + step * ds, xi + step * dxi), step

    def exact(self, state: State) -> tuple[Vector, Vector]:
        """Return w and α from the equations of the hinges that seem to lie on their kink.

        One is taken to be outside (αᵢ = 0), inside (αᵢ = cᵢ) or on the kink (zᵢᵀw = bᵢ) by
        whichever of αᵢ/cᵢ, 1 − αᵢ/cᵢ, sᵢ and ξᵢ is smallest beside its partner.
        """
        share = state.alpha / self.C
        inside = state.xi > 1.0 - share
        on = (state.s < share) & ~inside
        alpha = np.where(inside, self.C, 0.0)
        if np.count_nonzero(on) > 2 * self.d:
            return state.w, state.alpha
        Z = np.vstack(
            self.sum(
                lambda X, y, on: [dense(X[on > 0]) * y[on > 0, None]],
                on=on[: self.n].astype(np.float64),
            )
            + [np.eye(self.d)[on[self.n :]]] * bool(self.lam)
        )
        K = np.block([[np.diag(self.rho), -Z.T], [Z, np.zeros((len(Z), len(Z)))]])
        right = np.concatenate([self.transposed(alpha) - self.lam, self.b[on]])
        solution = np.linalg.lstsq(K, right)[0]
        alpha[on] = np.clip(solution[self.d :], 0.0, self.C[on])
        w = solution[: self.d]
        w[np.flatnonzero(on[self.n :])] = 0.0  # exactly, and not but for rounding
        return w, alpha


def longest(*pairs: tuple[Vector, Vector]) -> float:
    """Return the longest step ≤ 1 that keeps every v + step · dv ≥ 0."""
    return 1.0 / max(1.0, *(float(np.max(-dv / v)) for v, dv in pairs))
