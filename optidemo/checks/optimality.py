"""What kind of point is it? The eigenvalues of the Hessian answer."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from optidemo.arrays import EPS
from optidemo.solvers.differences import differences
from optidemo.solvers.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from optidemo.arrays import Matrix, Vector
    from optidemo.objective import Objective

__all__ = ["Point", "kind_of_point"]

SMALL = 1e-4  # a residual that is so much smaller than elsewhere counts as zero


@dataclass(frozen=True)
class Point:
    """A point and its kind.

    Attributes
    ----------
    x : list of float
        Where.
    kind : str
        "strict minimum", "minimum, flat in 1 direction within rounding", "saddle (1 up, 1 down)",
        "not stationary", ...
    eigenvalues : list of float
        Of the Hessian, ascending; on the sphere, of the Hessian along it. Empty where the units of the
        variables are so far apart that rounding hides the small ones, and where they decide nothing.
    residual : float
        The residual of the optimality condition.
    """

    x: list[float]
    kind: str
    eigenvalues: list[float]
    residual: float

    def to_dict(self) -> dict[str, Any]:
        """Return the point as JSON has it."""
        return asdict(self)


def kind_of_point(f: Objective, x: Vector, *, sphere: bool = False) -> Point:
    """Classify x by the Hessian of f, or along the unit sphere by its Hessian there.

    Before that the residual must be small beside that of the start, and where the gradient is not
    zero all the same, x lies on the boundary of the set over which f is optimised. The signs of the
    eigenvalues are counted in units in which the Hessian has ±1 on its diagonal, for what counts as
    zero must not depend on the units of the variables.
    """
    residual = f.optimality(x)

    def point(kind: str, eigenvalues: Vector | None = None) -> Point:
        return Point(
            x.tolist(), kind, [] if eigenvalues is None else eigenvalues.tolist(), residual
        )

    if not _small(residual, f.optimality, f, sphere=sphere):
        return point("not stationary")
    if not f.smooth:
        return point("stationary: 0 is a subgradient")
    gradient = f.stationarity(x)
    if not sphere and gradient > residual and not _small(gradient, f.stationarity, f):
        side = "minimum" if f.sense == "minimize" else "maximum"
        return point(f"{side} on the boundary of the feasible set, where ∇f is not 0")
    zero = 100 * x.size * EPS if f.offers("hessian") else 1e-9
    H = f.hessian(x) if f.offers("hessian") else _differences(f, x)
    if sphere:
        H = _along_sphere(H, x, f.gradient(x))
    size = np.sqrt(np.abs(np.diag(H)))
    size[size == 0] = size.max() or 1.0
    signs, _ = _signs(H / np.outer(size, size), zero)
    as_given, h = _signs(H, zero)
    return point(_name(*signs, sphere=sphere), h if as_given == signs else None)


def _small(
    residual: float, of: Callable[[Vector], float], f: Objective, *, sphere: bool = False
) -> bool:
    """Is it small beside that of the start? Or of a random point, since the start may be stationary."""
    rng = np.random.default_rng(0)
    others = (f.x0 if k == 0 else f.sample(rng) for k in range(3))
    return any(residual <= SMALL * of(_on_sphere(z) if sphere else z) for z in others)


def _on_sphere(x: Vector) -> Vector:
    return x / (float(np.linalg.norm(x)) or 1.0)


def _differences(f: Objective, x: Vector) -> Matrix:
    """Return central differences of the gradient, made symmetric."""
    problem = Problem(f, x)
    return problem.sign * differences(problem, x, problem.gradient(x))


def _along_sphere(H: Matrix, x: Vector, g: Vector) -> Matrix:
    """Return QᵀHQ − (xᵀg)I, where Q spans the tangent plane at x."""
    Q = np.linalg.svd(x[None, :])[2][1:].T
    return np.asarray(Q.T @ H @ Q - float(x @ g) * np.eye(x.size - 1))


def _signs(H: Matrix, zero: float) -> tuple[tuple[int, int, int], Vector]:
    """Count the eigenvalues above zero, below, and zero to rounding; return them too, ascending."""
    h = np.asarray(np.linalg.eigvalsh(H), dtype=np.float64)
    bound = zero * max(float(np.abs(h).max()), np.finfo(float).tiny)
    up, down = int((h > bound).sum()), int((h < -bound).sum())
    return (up, down, h.size - up - down), h


def _name(up: int, down: int, flat: int, *, sphere: bool) -> str:
    where = " on the sphere" if sphere else ""
    if up and down:
        return f"saddle{where} ({up} up, {down} down)"
    if not up and not down:
        return f"flat{where}: the Hessian is zero"
    kind = "minimum" if up else "maximum"
    plural = "s" if flat > 1 else ""
    return (
        f"{kind}{where}, flat in {flat} direction{plural} within rounding"
        if flat
        else f"strict {kind}{where}"
    )
