"""The step of a trust region: the minimiser of a quadratic model within a radius."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import scipy.linalg
from scipy.optimize import brentq

from optidemo.arrays import EPS
from optidemo.solvers.problem import norm_of

if TYPE_CHECKING:
    from optidemo.arrays import Matrix, Vector

__all__ = ["Point", "Step", "agreement", "model_step", "resized"]

BOUNDARY_ROUNDS = 50  # three or four are usual
MOST = 1e300  # a size that leaves room for sums


class Point(NamedTuple):
    """x, with f, ∇f and ∇²f there."""

    x: Vector
    f: float
    g: Vector
    H: Matrix


class Step(NamedTuple):
    """The step of a quadratic model.

    Attributes
    ----------
    p : (d,) array
        The step.
    predicted : float
        −m(p) ≥ 0, the fall that the model promises.
    interior : bool
        H is positive semidefinite and p its unconstrained minimiser.
    """

    p: Vector
    predicted: float
    interior: bool


def agreement(at: Point, new: Point, predicted: float, blur: float = 0.0) -> float:
    """Return (actual fall of f)/(predicted fall); below f's rounding error, judge by the gradient.

    A point where f or a derivative is not finite agrees with nothing: −1.
    """
    if not (math.isfinite(new.f) and np.isfinite(new.g).all() and np.isfinite(new.H).all()):
        return -1.0
    hidden = max(16 * EPS * abs(at.f), 4 * blur)
    if predicted <= hidden and abs(at.f - new.f) <= hidden:
        return 1.0 if norm_of(new.g) < norm_of(at.g) else -1.0
    return (at.f - new.f) / predicted if predicted > 0 else -1.0


def resized(delta: float, ratio: float, length: float) -> float:
    """Return the next radius: less after a step whose model was bad, more after a good long one."""
    if ratio < 0.25:
        return 0.25 * length
    return 3.0 * delta if ratio > 0.75 and length > 0.99 * delta else delta


def model_step(g: Vector, H: Matrix, delta: float, noise: float = EPS) -> Step:
    """Minimise m(p) = gᵀp + ½pᵀHp over ‖p‖ ≤ delta; `noise` is the relative error of H.

    Notes
    -----
    Source: Moré and Sorensen, SIAM J. Sci. Stat. Comput. 4, 1983. Where H is positive definite the
    work is done by Cholesky factors, which keep the small curvatures of a badly scaled H;
    eigenvalues lose them.
    """
    if not np.isfinite(H).all():
        return Step(g, 0.0, interior=False)  # f or ∇f is not finite either: the run ends here
    try:
        return _definite_step(g, H, delta)
    except np.linalg.LinAlgError:
        return _indefinite_step(g, H, delta, noise)


def _definite_step(g: Vector, H: Matrix, delta: float) -> Step:
    """Raises LinAlgError where H, or H + νI, is not positive definite after rounding."""
    factor = scipy.linalg.cho_factor(H, check_finite=False)
    p = -scipy.linalg.cho_solve(factor, g, check_finite=False)
    if norm_of(p) <= delta:
        return Step(p, -0.5 * float(g @ p), interior=True)
    nu, eye = 0.0, np.eye(g.size)
    for _ in range(BOUNDARY_ROUNDS):  # Newton's method on 1/‖p(ν)‖ = 1/Δ, from the left
        length = norm_of(p)
        if length <= 1.001 * delta:
            break
        q = scipy.linalg.solve_triangular(factor[0], p, trans=1, check_finite=False)
        if norm_of(q) == 0:  # it underflows, so close to a kink
            p *= delta / length
            break
        nu += (length / norm_of(q)) ** 2 * (length - delta) / delta
        factor = scipy.linalg.cho_factor(H + nu * eye, check_finite=False)
        p = -scipy.linalg.cho_solve(factor, g, check_finite=False)
    return Step(p, -float(g @ p + 0.5 * (p @ H @ p)), interior=False)


def _indefinite_step(g: Vector, H: Matrix, delta: float, noise: float) -> Step:
    """Do the same for an H that is singular or has negative curvature, by its eigenvalues h.

    (H + νI)p = −g, ‖p‖ = Δ is one equation in ν, which has one root above −hmin. In the hard case,
    where g has no part along the lowest eigenvector, a multiple of that one fills p up to Δ.
    """
    h, Q = np.linalg.eigh(H)
    c = Q.T @ g
    largest = max(abs(float(h[0])), abs(float(h[-1])), min(norm_of(c) / delta, MOST))
    unit = math.ldexp(1.0, math.frexp(largest)[1] - 1)  # near a pole μ leaves the range of numbers
    h, c = h / unit, c / unit
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
        fall = -float(c @ q + 0.5 * (q @ (h * q)))
        return Step(Q @ q, unit * fall, interior=singular)
