"""The step of a trust region: the minimiser of a quadratic model within a radius."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import scipy.linalg
from scipy.optimize import brentq

from optidemo.solvers.problem import EPS, norm_of

if TYPE_CHECKING:
    from optidemo.arrays import Matrix, Vector

__all__ = ["agreement", "model_step", "resized"]

BOUNDARY_ROUNDS = 50  # three or four are usual


def agreement(
    f: float, f_new: float, predicted: float, g: Vector, g_new: Vector, blur: float = 0.0
) -> float:
    """Return (actual fall of f)/(predicted fall); below f's rounding error, judge by the gradient."""
    if not (math.isfinite(f_new) and np.isfinite(g_new).all()):
        return -1.0
    hidden = max(16 * EPS * abs(f), 4 * blur)
    if predicted <= hidden and abs(f - f_new) <= hidden:
        return 1.0 if norm_of(g_new) < norm_of(g) else -1.0
    return (f - f_new) / predicted if predicted > 0 else -1.0


def resized(delta: float, ratio: float, length: float) -> float:
    """Return the next radius: less after a step whose model was bad, more after a good long one."""
    if ratio < 0.25:
        return 0.25 * length
    return 3.0 * delta if ratio > 0.75 and length > 0.99 * delta else delta


def model_step(
    g: Vector, H: Matrix, delta: float, noise: float = EPS
) -> tuple[Vector, float, bool]:
    """Minimise m(p) = gᵀp + ½pᵀHp over ‖p‖ ≤ delta; `noise` is the relative error of H.

    Returns
    -------
    p : (d,) array
        The step.
    predicted : float
        −m(p) ≥ 0, the fall that the model promises.
    interior : bool
        H is positive semidefinite and p its unconstrained minimiser.

    Notes
    -----
    Source: Moré and Sorensen, SIAM J. Sci. Stat. Comput. 4, 1983. Where H is positive definite the
    work is done by Cholesky factors, which keep the small curvatures of a badly scaled H;
    eigenvalues lose them.
    """
    if not np.isfinite(H).all():
        return g, 0.0, False  # f or ∇f is not finite either: the run ends here
    try:
        return _definite_step(g, H, delta)
    except np.linalg.LinAlgError:
        return _indefinite_step(g, H, delta, noise)


def _definite_step(g: Vector, H: Matrix, delta: float) -> tuple[Vector, float, bool]:
    """Raises LinAlgError where H, or H + νI, is not positive definite after rounding."""
    factor = scipy.linalg.cho_factor(H, check_finite=False)
    p = -scipy.linalg.cho_solve(factor, g, check_finite=False)
    if norm_of(p) <= delta:
        return p, -0.5 * float(g @ p), True
    nu, eye = 0.0, np.eye(g.size)
    for _ in range(BOUNDARY_ROUNDS):  # Newton's method on 1/‖p(ν)‖ = 1/Δ, from the left
        length = norm_of(p)
        if length <= 1.001 * delta:
            break
        q = scipy.linalg.solve_triangular(factor[0], p, trans=1, check_finite=False)
        nu += (length / norm_of(q)) ** 2 * (length - delta) / delta
        factor = scipy.linalg.cho_factor(H + nu * eye, check_finite=False)
        p = -scipy.linalg.cho_solve(factor, g, check_finite=False)
    return p, -float(g @ p + 0.5 * (p @ H @ p)), False


def _indefinite_step(
    g: Vector, H: Matrix, delta: float, noise: float
) -> tuple[Vector, float, bool]:
    """Do the same for an H that is singular or has negative curvature, by its eigenvalues h.

    (H + νI)p = −g, ‖p‖ = Δ is one equation in ν, which has one root above −hmin. In the hard case,
    where g has no part along the lowest eigenvector, a multiple of that one fills p up to Δ.
    """
    h, Q = np.linalg.eigh(H)
    c = Q.T @ g
    size = h.size * max(abs(float(h[0])), abs(float(h[-1])))
    tiny, singular = max(EPS * size, 1e-300), bool(h[0] >= -max(noise * size, 1e-300))
    above = h - min(float(h[0]), 0.0)  # the unknown is μ = ν + min(hmin, 0): no digit is lost

    def norm_at(mu: float) -> float:
        return norm_of(c / (above + mu))

    if norm_at(tiny) <= delta:
        q = -c / (above + tiny)
        if not singular:
            q[0] += math.copysign(math.sqrt(max(delta**2 - float(q @ q), 0.0)), -c[0] or 1.0)
    else:
        high = 2 * (norm_of(c) / delta + tiny)
        root = brentq(  # of log μ, since μ may lie anywhere between 10⁻³⁰⁰ and 10³⁰⁰
            lambda log_mu: 1 / delta - 1 / norm_at(math.exp(log_mu)),
            math.log(tiny), math.log(high), xtol=1e-11, rtol=1e-11,
        )  # fmt: skip
        q, singular = -c / (above + math.exp(root)), False
    with np.errstate(over="ignore", invalid="ignore"):  # where H = 0 nothing bounds the step
        return Q @ q, -float(c @ q + 0.5 * (q @ (h * q))), singular
