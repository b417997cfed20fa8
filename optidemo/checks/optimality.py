"""What kind of point is it? The eigenvalues of the Hessian answer."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from optidemo.arrays import Matrix, Vector
    from optidemo.objective import Objective

__all__ = ["Point", "kind_of_point"]


@dataclass(frozen=True)
class Point:
    """A point and its kind.

    Attributes
    ----------
    x : list of float
        Where.
    kind : str
        "strict minimum", "minimum, flat in k directions", "saddle", "maximum", ...
    eigenvalues : list of float
        Of the Hessian, ascending; on the sphere, of the Hessian along it.
    gradient_norm : float
        The residual of the optimality condition.
    """

    x: list[float]
    kind: str
    eigenvalues: list[float]
    gradient_norm: float

    def to_dict(self) -> dict[str, Any]:
        """Return the point as JSON has it."""
        return asdict(self)


def kind_of_point(f: Objective, x: Vector, *, sphere: bool = False) -> Point:
    """Classify x by the Hessian of f, or along the unit sphere by its Hessian there.

    Eigenvalues within rounding of zero, relative to the largest, count as zero.
    """
    residual = f.optimality(x)
    if not f.smooth:
        at = "stationary: 0 is a subgradient" if residual < 1e-6 else "not stationary"
        return Point(x.tolist(), at, [], residual)
    H = f.hessian(x) if f.offers("hessian") else _differences(f, x)
    if sphere:
        H = _along_sphere(H, x, f.gradient(x))
    h = np.asarray(np.linalg.eigvalsh(H), dtype=np.float64)
    zero = 1e-9 * max(float(np.abs(h).max()), np.finfo(float).tiny)
    return Point(x.tolist(), _name(h, zero, sphere=sphere), h.tolist(), residual)


def _differences(f: Objective, x: Vector) -> Matrix:
    """Return central differences of the gradient, made symmetric."""
    steps = np.cbrt(np.finfo(float).eps) * np.maximum(np.abs(x), 1e-2)
    columns = [(f.gradient(x + h) - f.gradient(x - h)) / (2 * h.sum()) for h in np.diag(steps)]
    return np.asarray(0.5 * (np.array(columns) + np.array(columns).T))


def _along_sphere(H: Matrix, x: Vector, g: Vector) -> Matrix:
    """Return QᵀHQ − (xᵀg)I, where Q spans the tangent plane at x."""
    Q = np.linalg.svd(x[None, :])[2][1:].T
    return np.asarray(Q.T @ H @ Q - float(x @ g) * np.eye(x.size - 1))


def _name(h: Vector, zero: float, *, sphere: bool) -> str:
    up, down, flat = int((h > zero).sum()), int((h < -zero).sum()), int((np.abs(h) <= zero).sum())
    where = " on the sphere" if sphere else ""
    if up and down:
        return f"saddle{where} ({up} up, {down} down)"
    if not up and not down:
        return f"flat{where}: the Hessian is zero"
    kind = "minimum" if up else "maximum"
    plural = "s" if flat > 1 else ""
    return f"{kind}{where}, flat in {flat} direction{plural}" if flat else f"strict {kind}{where}"
