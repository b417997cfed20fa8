"""What scipy says: an independent answer to compare a result with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import scipy.optimize

from optidemo.checks.check import Check

if TYPE_CHECKING:
    from optidemo.arrays import Matrix, Vector
    from optidemo.objective import Objective

__all__ = [
    "against_minimize",
    "against_vector",
    "same_eigenvector",
    "to_printed_digits",
]


def against_vector(name: str, x: Vector, reference: Vector, tolerance: float) -> Check:
    """Compare vectors by ‖x − reference‖/max(‖reference‖, 1)."""
    reference = np.atleast_1d(np.asarray(reference, dtype=float))
    error = float(np.linalg.norm(x - reference) / max(float(np.linalg.norm(reference)), 1.0))
    return Check(name, error, tolerance)


def against_minimize(
    f: Objective, x: Vector, method: str = "BFGS", tolerance: float = 1e-6
) -> Check:
    """Compare f(x) with what `scipy.optimize.minimize` finds from the same start.

    Compared is the value, relative to the fall from the start: where the minimum is flat, equal
    values do not mean equal points.
    """
    sign = 1.0 if f.sense == "minimize" else -1.0
    options = {"maxiter": 10_000, "xatol": 1e-10, "fatol": 1e-14} if method == "Nelder-Mead" else {}
    with np.errstate(all="ignore"):
        other = scipy.optimize.minimize(
            lambda z: sign * f.value(z),
            f.x0,
            jac=(lambda z: sign * f.gradient(z)) if method == "BFGS" else None,
            method=method,
            options=options,
            tol=None if options else 1e-10,
        )
    fall = abs(f.value(f.x0) - other.fun * sign) or 1.0
    error = max(sign * (f.value(x) - sign * other.fun), 0.0) / fall
    return Check(f"f is no worse than scipy.optimize.minimize({method})", error, tolerance)


def same_eigenvector(name: str, x: Vector, V: Matrix, tolerance: float) -> Check:
    """Compare x with the eigenspace that the columns of V span: ‖x − VVᵀx‖, whatever the signs."""
    return Check(name, float(np.linalg.norm(x - V @ (V.T @ x))), tolerance)


def to_printed_digits(name: str, value: float, printed: str) -> Check:
    """Compare with a published number: equal to half a unit of its last printed digit."""
    mantissa, _, exponent = printed.partition("E")
    decimals = len(mantissa.partition(".")[2]) - (int(exponent) if exponent else 0)
    unit = 10.0**-decimals
    rounding = 1e-15 * abs(value)  # a number with fifteen printed digits is at the end of float64
    return Check(
        name,
        abs(value - float(printed)),
        0.5 * unit + rounding,
        f"{value:.15g}, published {printed}",
    )
