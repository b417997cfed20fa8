"""Slopes on which many scales agree: a narrow bump, a step and a ripple each have their own."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from optidemo.checks.differences import MARGIN
from optidemo.checks.noise import stair

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["AGREE", "is_flat", "plateaus"]

RUN = 3  # neighbouring scales that must agree
AGREE = 0.03  # to this part of the slope
INNER = 0.6  # the second step of each scale; no power of two, so that no staircase is met in step


def plateaus(
    phi: Callable[[float], float], size: float, noise: float = 0.0
) -> list[tuple[float, float]]:
    """Find the slopes (value, error) of ``phi`` at 0 on which a run of scales agrees, surest first.

    A plateau within the error of a surer one is the same plateau seen less sharply, and left out.
    """
    phi = cache(phi)  # a stair is looked for at the same points
    top, bottom = 0.3 * max(size, 1.0), 1e-9 * max(size, 1e-9)
    h = np.geomspace(top, bottom, int(2 * np.log10(top / bottom)) + 1)

    def central(step: float) -> float:
        return (phi(step) - phi(-step)) / (2 * step)

    outer, inner = (np.array([central(float(part * t)) for t in h]) for part in (1.0, INNER))
    slopes = (inner - INNER**2 * outer) / (1 - INNER**2)
    runs = np.lib.stride_tricks.sliding_window_view(slopes, RUN)
    errors = np.ptp(runs, axis=1) + 2 * (stair(phi, h) + noise) / h[RUN - 1 :]
    values = np.median(runs, axis=1)[np.isfinite(errors)]
    errors = errors[np.isfinite(errors)]
    order = np.argsort(errors, kind="stable")
    found: list[tuple[float, float]] = []
    for k in order:
        value, error = float(values[k]), float(errors[k])
        if found and error > AGREE * abs(value):
            continue
        if all(abs(value - v) > MARGIN * max(error, e) for v, e in found):
            found.append((value, error))
    return found


def is_flat(phi: Callable[[float], float], size: float) -> bool:
    """Tell whether phi keeps its value over steps that are no rounding of the point."""
    steps = np.geomspace(1e-9, 1e-5, 5) * max(size, 1e-3)
    return all(phi(sign * float(t)) == phi(0.0) for t in steps for sign in (-1.0, 1.0))
