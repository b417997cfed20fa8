"""The slope of a noisy f: a polynomial through many values over a wide window, and what it leaves over.

What an inner solver returns (an ODE's end, a minimum, a root, an integral) is right to the solver's
tolerance: f plus a ripple, with jumps where the solver takes one step more. Over a window too short to
show the ripple its slope is taken for that of f, and the differences are sure of it. So the ripple is
measured first, by what a polynomial of high degree cannot follow over wide windows; the slope over a
window H is then known to about ripple / H at best, however well the values fit there.

J. J. Moré and S. M. Wild, *Estimating derivatives of noisy simulations* (ACM TOMS 38, 2012), weigh the
same two errors against each other; here a least-squares fit stands for the single difference, since it
brings the estimate of its own error with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.polynomial import chebyshev

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Smoothed", "ripple_error", "smoothed_slope"]

NODES = 17
DEGREES = (5, 11)
WINDOWS = np.array([0.3, 0.1, 0.03, 0.01, 1e-3])
RIPPLE = (
    1e-4  # of f's range: what is larger is no noise but f itself, which a polynomial cannot follow
)
STAYS = 0.02  # of what the lower degree leaves over
CLEAN = 1e-14  # of the size of f: no more than rounding is left over
SAFETY = 2.0  # the ripple is no white noise: its errors do not average out


@dataclass(frozen=True)
class Smoothed:
    """A slope, its error, and the height of the ripple on f as a part of f's size."""

    value: float
    error: float
    ripple: float


def smoothed_slope(
    phi: Callable[[float], float], size: float, known: float = 0.0
) -> Smoothed | None:
    """Differentiate ``phi`` at 0 by fits over windows of the order of `size`, or 1 if that is larger.

    None where no window fits. The best window is that of the least estimated error; `known` is the
    ripple, as a part of f's size, that was seen elsewhere.
    """
    nodes = np.cos(np.pi * (np.arange(NODES) + 0.5) / NODES)
    basis = chebyshev.chebvander(nodes, max(DEGREES))
    basis[:, 0] *= np.sqrt(0.5)
    basis *= np.sqrt(2.0 / NODES)  # orthonormal columns
    fits, ripple, scale = [], 0.0, 0.0
    for h in WINDOWS * max(size, 1.0):
        f = np.array([phi(float(h * t)) for t in nodes])
        if not np.isfinite(f).all():
            continue
        c = basis.T @ f
        left = [_left_over(f - basis[:, : n + 1] @ c[: n + 1], n) for n in DEGREES]
        if left[-1] > RIPPLE * np.ptp(f):
            continue
        scale = max(scale, float(np.abs(f).max()))
        if left[-1] > STAYS * left[0]:  # of a smooth f a higher degree leaves far less
            ripple = max(ripple, left[-1])
        for n, rest in zip(DEGREES, left, strict=True):
            part = _slopes(n)
            fits.append((float(part @ c[: n + 1]) / h, rest, float(np.linalg.norm(part)) / h))
        if known == 0 and left[-1] <= CLEAN * np.abs(f).max():
            break  # nothing ripples over so wide a window
    if not fits or scale == 0:
        return None
    ripple = max(ripple, known * scale)
    errors = [SAFETY * max(rest, ripple) * spread for _, rest, spread in fits]
    best = int(np.argmin(errors))
    return Smoothed(fits[best][0], errors[best], ripple / scale)


def ripple_error(ripple: float, size: Any) -> Any:
    """Give what a ripple of this height may do to the slope that the widest window shows."""
    spread = np.linalg.norm(_slopes(DEGREES[0])) / (WINDOWS[0] * np.maximum(size, 1.0))
    return SAFETY * ripple * spread


def _slopes(degree: int) -> Any:
    """T_k′(0) = k sin(kπ/2): the part of each orthonormal column in the slope at 0."""
    k = np.arange(degree + 1)
    return k * np.sin(0.5 * np.pi * k) * np.sqrt(2.0 / NODES)


def _left_over(rest: np.ndarray[tuple[int], np.dtype[np.float64]], degree: int) -> float:
    return float(np.sqrt(rest @ rest / (NODES - degree - 1)))
