"""A linear function on the unit ball around a point: its minimiser is one step against the gradient."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import scipy.optimize

from optidemo.checks.reference import against_vector
from optidemo.solvers.proximal import projected_gradient

if TYPE_CHECKING:
    from optidemo.arrays import Vector
    from optidemo.checks.check import Check
    from optidemo.objective import Objective

__all__ = ["on_unit_ball"]


def on_unit_ball(f: Objective, center: Vector, best: Vector, told: str) -> list[Check]:
    """Compare `best`, the minimiser of a linear f on the ball ‖x − center‖ ≤ 1, with two searches.

    Parameters
    ----------
    f : Objective
        A linear function.
    center, best : (d,) array
        The ball and the minimiser that a formula gives.
    told : str
        That formula.
    """

    def onto(x: Vector) -> Vector:
        return center + (x - center) / max(1.0, float(np.linalg.norm(x - center)))

    ours = projected_gradient(f, center, projection=onto)
    other = scipy.optimize.minimize(
        f.value, center + 0.1, jac=f.gradient, method="SLSQP", tol=1e-12,
        constraints={"type": "ineq", "fun": lambda x: 1.0 - (x - center) @ (x - center)},
    )  # fmt: skip
    return [
        against_vector(f"on the unit ball: projected gradient = {told}", ours.x, best, 1e-8),
        against_vector(f"on the unit ball: scipy SLSQP = {told}", np.asarray(other.x), best, 1e-5),
    ]
