"""The optimum of a demo for which there is no formula."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import scipy.optimize

if TYPE_CHECKING:
    from optidemo.arrays import Vector
    from optidemo.objective import Objective

__all__ = ["newton_point"]


def newton_point(f: Objective) -> Vector:
    """Return the minimum of a strictly convex f by scipy's trust region, independent of our own Newton.

    The search ends where f no longer tells two points apart; one more step for ∇f = 0 then doubles
    the digits of x.
    """
    found = scipy.optimize.minimize(
        f.value, f.x0, jac=f.gradient, hess=f.hessian, method="trust-exact", options={"gtol": 1e-10}
    ).x
    return np.asarray(found - np.linalg.solve(f.hessian(found), f.gradient(found)))
