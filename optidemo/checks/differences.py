"""The derivative of f along a line from values of f, with an error estimate that can be trusted.

Richardson extrapolation of central differences (Ridders, 1982: *Accurate computation of F'(x)*), as in
`scipy.differentiate.derivative`. That one is not called, because a check must also see what it hides:
each step's rounding error, the two one-sided slopes (a kink is where they stay apart as h → 0), and a
stencil that leaves the domain on one side.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from optidemo.arrays import Matrix, Vector
    from optidemo.checks.marks import Mask

__all__ = ["Slope", "slope_along"]

LEVELS = 7
EPS = float(np.finfo(np.float64).eps)


@dataclass
class Slope:
    """Derivatives of m functions along one line, at t = 0."""

    value: Vector  # (m,)
    error: Vector  # (m,) estimated; inf where nothing could be found
    left: Vector  # (m,) one-sided derivatives, where there is a kink
    right: Vector
    kink: Mask  # (m,)


def slope_along(
    phi: Callable[[float], Vector],
    scales: Sequence[float],
    reach: float,
    eps: float = EPS,
) -> Slope:
    """Differentiate ``phi(t)`` at t = 0.

    Parameters
    ----------
    phi : callable
        Gives the values (m,), not finite outside the domain.
    scales : sequence of float
        First steps to try, best guess first; the rest only where the error is not small yet.
    reach : float
        |x| / |u|: the rounding of x + t u moves t by ``eps * reach``.
    eps : float
        Relative rounding error of phi.
    """
    f0 = phi(0.0)
    nothing, kinked = np.full(f0.shape, np.nan), np.zeros(f0.shape, dtype=bool)
    best = Slope(nothing.copy(), np.full(f0.shape, np.inf), nothing, nothing, kinked)
    for first in scales:
        table = _Stencil(phi, f0, first, reach, eps)
        if not table.usable:
            continue
        new = table.slope()
        # The kink found at the finest scale counts; a smooth finer scale takes it back.
        finer = new.kink if not table.one_sided else np.zeros_like(kinked)
        better = (new.error < best.error) & ~finer
        for name in ("value", "error"):
            getattr(best, name)[better] = getattr(new, name)[better]
        kinked = finer
        best.left, best.right = new.left, new.right
        good = (best.error <= 1e-10 * np.abs(best.value)) | (best.error == 0)
        if bool((good & ~kinked).all()):
            break
    best.kink = kinked
    best.value = np.where(kinked, 0.5 * (best.left + best.right), best.value)
    best.error = np.where(kinked, 0.5 * np.abs(best.right - best.left), best.error)
    return best


class _Stencil:
    """Values of phi at ±h, ±h/2, ±h/4 …"""

    def __init__(
        self, phi: Callable[[float], Vector], f0: Vector, first: float, reach: float, eps: float
    ) -> None:
        h = first
        plus, minus = phi(h), phi(-h)
        for _ in range(12):
            if np.isfinite(plus).all() and np.isfinite(minus).all():
                break
            h /= 4
            plus, minus = phi(h), phi(-h)
        right, left = bool(np.isfinite(plus).all()), bool(np.isfinite(minus).all())
        self.usable = right or left
        self.one_sided = right != left
        if not self.usable:
            return
        self.f0 = f0
        self.h = h * 0.5 ** np.arange(LEVELS)
        self.plus = np.array([plus, *(phi(t) for t in self.h[1:])]) if right else None
        self.minus = np.array([minus, *(phi(-t) for t in self.h[1:])]) if left else None
        self.reach, self.eps = reach, eps

    def slope(self) -> Slope:
        h = self.h[:, None]
        size = np.abs(self.f0)[None, :]
        for side in (self.plus, self.minus):
            size = size if side is None else np.maximum(size, np.abs(side))
        flat = all(
            side is None or bool((side == self.f0).all()) for side in (self.plus, self.minus)
        )
        if flat:  # f does not move: below the resolution of its own arithmetic
            size = np.maximum(size, 1.0)
        noise = self.eps * size / h
        if self.plus is None or self.minus is None:
            side = self.plus if self.plus is not None else self.minus
            sign = 1.0 if self.plus is not None else -1.0
            d = sign * (np.asarray(side) - self.f0) / h
            value, error = _extrapolate(d, 2 * noise + self._shift(d, h), ratio=2.0, step=1)
            return Slope(value, error, value, value, np.zeros(value.shape, dtype=bool))
        forward, backward = (self.plus - self.f0) / h, (self.f0 - self.minus) / h
        d = 0.5 * (forward + backward)
        slopes = np.maximum(np.abs(forward), np.abs(backward))
        shift = self._shift(slopes, h)
        value, error = _extrapolate(d, noise + shift, ratio=4.0, step=2)
        gap = np.abs(forward - backward)
        kink = (gap[-1] > 0.7 * gap[-3]) & (gap[-1] > 1e-6 * slopes[-1])
        kink &= gap[-1] > 100 * (noise[-1] + shift[-1])
        right = 2 * forward[-1] - forward[-2]
        left = 2 * backward[-1] - backward[-2]
        return Slope(value, error, left, right, kink)

    def _shift(self, d: Any, h: Any) -> Any:
        return self.eps * self.reach * np.abs(d) / h


def _extrapolate(d: Matrix, noise: Matrix, ratio: float, step: int) -> tuple[Vector, Vector]:
    """Richardson's table; per function the entry whose error estimate is least."""
    finite = np.isfinite(d)
    column = np.where(finite, d, 0.0)
    noise = np.where(finite, noise, np.inf)
    best, least = column[-1].copy(), np.full(d.shape[1], np.inf)
    factor = ratio
    for _ in range(1, len(d)):
        new = column[1:] + (column[1:] - column[:-1]) / (factor - 1)
        noise = noise[1:] + (noise[1:] + noise[:-1]) / (factor - 1)
        error = np.maximum(np.abs(new - column[1:]), np.abs(new - column[:-1])) + noise
        k = np.argmin(error, axis=0)
        columns = np.arange(d.shape[1])
        better = error[k, columns] < least
        best = np.where(better, new[k, columns], best)
        least = np.where(better, error[k, columns], least)
        column = new
        factor *= 2.0**step
    return best, least
