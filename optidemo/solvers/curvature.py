"""What the curvature at a point says: how far is the minimum, and is it a minimum at all?

A small gradient norm alone certifies little: in a long valley, or after a start where the gradient
was huge, it is small far from the minimum. The quadratic model gᵀp + ½pᵀHp knows better.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import scipy.linalg

from optidemo.arrays import EPS
from optidemo.solvers.differences import differences
from optidemo.solvers.problem import norm_of
from optidemo.status import DomainError

if TYPE_CHECKING:
    from optidemo.arrays import Matrix, Vector
    from optidemo.solvers.problem import Problem

__all__ = ["Survey", "below_rounding", "blur_of", "close_enough", "greatest_fall", "survey"]

DIFFERENCED = EPS ** (2 / 3)  # relative error of a central difference of the gradient
EXACT_LIMIT = 500  # variables up to which a whole Hessian, if there is one, is looked at
FEW = 12  # variables up to which a Hessian is differenced; directions looked at beyond that
SIDEWAYS = 1e-6  # of the gradient along negative curvature: so little does not lead off a saddle
FROM_GRADIENT = 8  # of those, how many spring from the gradient; the others from a random vector


@dataclass(frozen=True)
class Survey:
    """The quadratic model at x.

    Attributes
    ----------
    fall : float
        How much f would still fall on the way to the model's minimum, along the ways where it has one.
    move : (d,) array
        The way there.
    downhill : (d,) array or None
        A direction of negative curvature, if one was found: x is then near a saddle or a maximum.
    sideways : bool
        The gradient has next to no part along it, and so does not lead away from there.
    flattest : list of (d,) array
        Two directions of little curvature: random vectors, drawn towards the eigenvectors of the
        smallest eigenvalues.
    """

    fall: float
    move: Vector
    downhill: Vector | None
    sideways: bool
    flattest: list[Vector]


def close_enough(
    fall: float, move: Vector | float, scale: Vector, drop: float, of_drop: float, of_scale: float
) -> bool:
    """Are the fall and the move that the model still promises negligible?

    The fall is held against the drop of f so far, each entry of the move against its `scale`: how
    large the variable is or how far it has gone. Neither depends on the unit of f or of a variable.
    """
    scale = np.maximum(scale, EPS * scale.max())
    return fall <= of_drop * drop and bool((np.abs(move) <= of_scale * scale).all())


def below_rounding(
    fall: float, move: Vector | float, x: Vector, f: float, blur: float = 0.0
) -> bool:
    """Is the fall that is left below the rounding error of f, or the move below that of x?

    The rounding error of f is 4ε|f|, or its `blur` where terms that cancel make it larger.
    """
    hidden = max(4 * EPS * abs(f), blur)
    return fall <= hidden or bool((np.abs(move) <= 16 * EPS * np.abs(x)).all())


def greatest_fall(g: Vector, H: Matrix, noise: float) -> float:
    """Return how far f may still fall along the ways whose curvature is lost in the rounding of H.

    The unit of each variable is chosen such that H has a unit diagonal. Curvatures below d · `noise`
    are then no more than rounding errors, and d · `noise` is put in their place. The fall is 0 where
    there are none: the model is to be trusted.
    """
    size = np.sqrt(np.abs(np.diag(H)))
    size[size <= 1e-150 * size.max()] = size.max() or 1.0
    S = H / size[:, None] / size
    lost = g.size * noise
    try:
        scipy.linalg.cho_factor(S - lost * np.eye(g.size), check_finite=False)
    except np.linalg.LinAlgError:
        h, Q = np.linalg.eigh(S)
        c = (Q.T @ (g / size))[h <= lost]
        return float(0.5 * (c @ c) / lost)
    return 0.0


def blur_of(problem: Problem, x: Vector, f: float) -> float:
    """Return the least change that f shows around x: its rounding errors hide anything smaller.

    Where terms cancel, as in x² − 2x + 1 at 1, |f| does not tell.
    """
    scale = np.maximum(np.abs(x), np.abs(x - problem.x0))
    signs = np.random.default_rng(0).choice([-1.0, 1.0], (4, x.size))
    for h in np.geomspace(4 * EPS, np.sqrt(EPS), 9):
        with np.errstate(all="ignore"):
            changes = [abs(problem.value(x + h * scale * s) - f) for s in signs]
        if seen := [change for change in changes if 0 < change < np.inf]:
            return max(seen)
    return 0.0


def survey(problem: Problem, x: Vector, g: Vector) -> Survey | None:
    """Model f around x; None where a derivative is missing or not finite.

    Up to 12 variables, or 500 with an exact Hessian, the model is complete. Beyond that it is the
    model in the span of g, Hg, H²g, … and of a random vector, with Hv from differences of ∇f.
    """
    try:
        with np.errstate(all="ignore"):
            K, T, noise = _model(problem, x, g)
    except DomainError:
        return None
    if not np.isfinite(T).all():
        return None
    size = np.sqrt(np.abs(np.diag(T)))
    size[size <= noise * size.max()] = size.max() or 1.0
    h, Q = np.linalg.eigh(T / np.outer(size, size))
    noise = noise * max(float(np.abs(h).max()), EPS)
    c = Q.T @ ((g if K is None else K.T @ g) / size)
    sideways = abs(float(c[0])) <= SIDEWAYS * norm_of(c)
    c[h < -noise] = 0.0  # the model has no minimum there
    p = -Q @ (c / np.maximum(h, noise)) / size
    v = Q[:, 0] / size if h[0] < -noise else None
    random = np.random.default_rng(0).standard_normal((2, h.size))
    flattest = [Q @ (r / np.maximum(np.abs(h), noise) ** 2) / size for r in random]
    if K is not None:
        p, v, flattest = K @ p, None if v is None else K @ v, [K @ w for w in flattest]
    return Survey(float(0.5 * np.sum(c**2 / np.maximum(h, noise))), p, v, sideways, flattest)


def _model(problem: Problem, x: Vector, g: Vector) -> tuple[Matrix | None, Matrix, float]:
    """Return a basis K (None for the whole space), KᵀHK and its relative error."""
    d = x.size
    if problem.has_hessian and d <= EXACT_LIMIT:
        return None, problem.hessian(x), d * EPS
    if d <= FEW:
        return None, differences(problem, x, g), DIFFERENCED
    K, HK = np.empty((d, FEW)), np.empty((d, FEW))
    rng = np.random.default_rng(0)
    reach = np.cbrt(EPS) * (max(norm_of(x), norm_of(x - problem.x0)) or 1.0)
    w = g
    for j in range(FEW):
        if j == FROM_GRADIENT or not w.any():
            w = rng.standard_normal(d)
        for _ in range(2):  # orthogonal to rounding error
            w = w - K[:, :j] @ (K[:, :j].T @ w)
        K[:, j] = v = w / np.linalg.norm(w)
        ahead, behind = problem.gradient(x + reach * v), problem.gradient(x - reach * v)
        HK[:, j] = w = (ahead - behind) / (2 * reach)
    T = K.T @ HK
    return K, 0.5 * (T + T.T), DIFFERENCED
