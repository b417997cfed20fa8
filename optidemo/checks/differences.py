"""The derivative of f along a line from values of f, with an error estimate that can be trusted.

Richardson extrapolation of central differences (Ridders, 1982: *Accurate computation of F'(x)*).
`scipy.differentiate.derivative`, which shortens the steps of one Taylor stencil, is not called, because a
check must also see what it hides: each step's rounding error, the two one-sided slopes (a kink is where
they stay apart as h → 0), and a stencil that leaves the domain on one side. Many lines are worked on at
once, which pays: the arithmetic around a cheap f costs more than f.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from optidemo.arrays import EPS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from optidemo.arrays import Vector
    from optidemo.checks.marks import Mask

    Line = Callable[[float], Vector]

__all__ = ["LINE", "MARGIN", "Slope", "slope_along", "slopes_along"]

LINE = 16  # calls of fun for the slope along one line
MARGIN = 10.0  # an error estimate is trusted up to this factor
LEVELS = 7
HALVES = 0.5 ** np.arange(LEVELS)
QUARTERS = 0.25 ** np.arange(13)  # by which a step is shortened to stay inside the domain
SHARP = 1e-5  # of the gap at a kink; where rounding hides a kink, the error is larger than that


@dataclass
class Slope:
    """Derivatives of m functions along J lines at t = 0: arrays (J, m), or (m,) for one line."""

    value: Vector
    error: Vector  # estimated; inf where nothing could be found
    left: Vector  # one-sided derivatives, where there is a kink
    right: Vector
    kink: Mask


def slope_along(phi: Line, scales: Sequence[float], reach: float, eps: float = EPS) -> Slope:
    """Differentiate one ``phi(t)`` at t = 0; see `slopes_along`."""
    s = slopes_along([phi], [scales], [reach], eps)
    return Slope(s.value[0], s.error[0], s.left[0], s.right[0], s.kink[0])


def slopes_along(
    lines: Sequence[Line],
    scales: Sequence[Sequence[float]],
    reach: Sequence[float],
    eps: float = EPS,
    noise: Any = 0.0,
) -> Slope:
    """Differentiate each ``phi(t)`` of `lines` at t = 0.

    Parameters
    ----------
    lines : sequence of callable
        Each gives the values (m,), not finite outside the domain.
    scales : sequence of sequences of float
        First steps to try, best guess first; the rest only where the error is not small yet.
    reach : sequence of float
        |x| / |u|: the rounding of x + t u moves t by ``eps * reach``.
    eps : float
        Relative rounding error of phi.
    noise : float or ndarray (m,)
        Absolute one, where it is known to be larger: a sum may cancel.
    """
    start = np.array([phi(0.0) for phi in lines])
    shape = start.shape
    value, left, right = (np.full(shape, np.nan) for _ in range(3))
    result = Slope(value, np.full(shape, np.inf), left, right, np.zeros(shape, dtype=bool))
    finest = np.full(
        (2, *shape), np.inf
    )  # the shortest steps over which f was smooth, and the error
    open_lines = list(range(len(lines)))
    for k in range(max(map(len, scales), default=0)):
        groups: dict[tuple[bool, bool], list[Any]] = {}
        for j in open_lines:
            if k < len(scales[j]):
                stencil = _stencil(lines[j], scales[j][k])
                groups.setdefault(stencil[0], []).append((j, *stencil[1:]))
        for (ahead, behind), found in groups.items():
            if not (ahead or behind):
                continue
            index = np.array([j for j, *_ in found])
            h, plus, minus = (np.array([f[i] for f in found]).swapaxes(0, 1) for i in (1, 2, 3))
            arms = _Arms(
                start[index], h[:, :, None], plus, minus, np.asarray(reach)[index], eps, noise
            )
            new = arms.central() if ahead and behind else arms.one_sided(ahead=ahead)
            if ahead and behind:
                _doubt(new, [lines[j] for j in index], arms)
            _merge(result, index, new, h[0][:, None], finest)
        good = (result.error <= 1e-10 * np.abs(result.value)) | (result.error == 0)
        finished = (good & ~result.kink).all(axis=1)
        open_lines = [j for j in open_lines if not finished[j]]
    middle, half = 0.5 * (result.left + result.right), 0.5 * np.abs(result.right - result.left)
    result.value = np.where(result.kink, middle, result.value)
    result.error = np.where(result.kink, half, result.error)
    return result


def _doubt(new: Slope, lines: list[Line], arms: _Arms) -> None:
    """Give up an estimate that one short step contradicts: long steps may hit the period of a sine."""
    h = np.minimum(1e-4 * arms.h[0], 1e-3)  # (J, 1)
    ahead = np.array([phi(float(t)) for phi, t in zip(lines, h[:, 0], strict=True)])
    behind = np.array([phi(float(-t)) for phi, t in zip(lines, h[:, 0], strict=True)])
    short = (ahead - behind) / (2 * h)
    size = np.maximum(np.abs(ahead), np.abs(behind))
    noise = np.maximum(arms.eps * size, arms.noise) + arms.eps * arms.reach[:, None] * np.abs(short)
    allowed = 20 * noise / h + 0.01 * np.maximum(np.abs(short), np.abs(new.value)) + new.error
    new.error = np.where(np.abs(short - new.value) > allowed, np.inf, new.error)


def _merge(result: Slope, index: Any, new: Slope, h: Any, finest: Any) -> None:
    """Keep the better estimates; a kink seen at the finest scale counts, a smooth one takes it back.

    So it does beforehand, if it is sharp: over long steps a narrow S looks like a kink.
    """
    step, error = finest[:, index]
    gap = np.abs(new.right - new.left)
    new.kink &= ~((step < h) & (error <= SHARP * gap))
    finer = ~new.kink & (h < step)
    finest[:, index] = np.where(
        finer, np.array([np.broadcast_to(h, step.shape), new.error]), finest[:, index]
    )
    better = (new.error < result.error[index]) & ~new.kink
    result.value[index] = np.where(better, new.value, result.value[index])
    result.error[index] = np.where(better, new.error, result.error[index])
    result.kink[index], result.left[index], result.right[index] = new.kink, new.left, new.right


def _stencil(phi: Line, h: float) -> tuple[tuple[bool, bool], Any, Any, Any]:
    """Values at ±h, ±h/2, …: (finite ahead?, behind?), steps (L,), values ahead and behind (L, m)."""
    for first in h * QUARTERS:
        plus, minus = phi(first), phi(-first)
        ahead, behind = bool(np.isfinite(plus).all()), bool(np.isfinite(minus).all())
        if ahead and behind:
            break
    steps = first * HALVES
    nothing = np.full((LEVELS, *plus.shape), np.nan)
    right = np.array([plus, *(phi(t) for t in steps[1:])]) if ahead else nothing
    left = np.array([minus, *(phi(-t) for t in steps[1:])]) if behind else nothing
    return (ahead, behind), steps, right, left


@dataclass
class _Arms:
    """Values of phi on both sides of 0: h (L, J, 1), plus and minus (L, J, m)."""

    start: Vector
    h: Vector
    plus: Vector
    minus: Vector
    reach: Vector
    eps: float
    noise: Any

    def one_sided(self, *, ahead: bool) -> Slope:
        """Differentiate at a boundary of the domain."""
        side = self.plus if ahead else -self.minus
        d = (side - (self.start if ahead else -self.start)) / self.h
        noise = 2 * self._noise(side) + self._shift(d)
        value, error = _extrapolate(d, noise, ratio=2.0, growth=2.0)
        return Slope(value, error, value, value, np.zeros(value.shape, dtype=bool))

    def central(self) -> Slope:
        """Differentiate inside the domain, and look whether the two sides agree."""
        h = self.h
        forward, backward = (self.plus - self.start) / h, (self.start - self.minus) / h
        steep = np.maximum(np.abs(forward), np.abs(backward))
        noise = self._noise(self.plus, self.minus) + self._shift(steep)
        value, error = _extrapolate(0.5 * (forward + backward), noise, ratio=4.0, growth=4.0)
        gap = np.abs(forward - backward)
        kink = (gap[-1] > 0.7 * gap[-3]) & (gap[-1] > 1e-6 * steep[-1])
        kink &= gap[-1] > 100 * noise[-1]
        right, left = 2 * forward[-1] - forward[-2], 2 * backward[-1] - backward[-2]
        return Slope(value, error, left, right, kink)

    def _noise(self, *sides: Vector) -> Any:
        size = np.maximum(np.abs(self.start), np.max(np.abs(sides), axis=0))
        flat = np.all([(np.abs(s) == np.abs(self.start)).all(axis=0) for s in sides], axis=0)
        # f does not move: its slope may lie below the resolution of its own arithmetic
        size = np.where(flat, np.maximum(size, 1.0), size)
        return np.maximum(self.eps * size, self.noise) / self.h

    def _shift(self, d: Any) -> Any:
        return self.eps * self.reach[None, :, None] * np.abs(d) / self.h


def _extrapolate(d: Any, noise: Any, ratio: float, growth: float) -> tuple[Vector, Vector]:
    """Richardson's table along axis 0; everywhere the entry whose error estimate is least."""
    finite = np.isfinite(d)
    column, noise = np.where(finite, d, 0.0), np.where(finite, noise, np.inf)
    table, errors, last = [], [], column[-1]
    for _ in range(1, len(d)):
        new = column[1:] + (column[1:] - column[:-1]) / (ratio - 1)
        noise = noise[1:] + (noise[1:] + noise[:-1]) / (ratio - 1)
        table.append(new)
        errors.append(np.maximum(np.abs(new - column[1:]), np.abs(new - column[:-1])) + noise)
        column, ratio = new, ratio * growth
    error = np.concatenate(errors)
    error[np.isnan(error)] = np.inf
    k = np.argmin(error, axis=0)[None]
    least = np.take_along_axis(error, k, axis=0)[0]
    best = np.take_along_axis(np.concatenate(table), k, axis=0)[0]
    return np.where(np.isfinite(least), best, last), least
