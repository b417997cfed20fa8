"""The foot of a log axis: where what is 0, or 0 but for rounding, is drawn, with a tick that says so."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.ticker import LogFormatterSciNotation, LogLocator

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["name_floor"]

CLEAR = 0.07  # of the axis around the floor's tick that no other one enters


def name_floor(ax: Axes, floor: float, name: str, ticks: int) -> None:
    """Give the log axis of y a tick at `floor`, which is called `name`, and at most so many others above."""
    ax.yaxis.set_major_locator(FloorLocator(floor, ticks))
    ax.yaxis.set_major_formatter(FloorFormatter(floor, name))


class FloorLocator(LogLocator):
    """The ticks of a log axis, of which none lies below or next to the floor's own."""

    def __init__(self, floor: float, ticks: int) -> None:
        super().__init__(numticks=ticks)
        self.floor = floor

    def tick_values(self, vmin: float, vmax: float) -> Any:
        """Return the ticks between the limits."""
        found = np.asarray(super().tick_values(vmin, vmax), dtype=float)
        above = self.floor * math.exp(CLEAR * (math.log(vmax) - math.log(vmin)))
        return np.array([self.floor, *found[found > above]])


class FloorFormatter(LogFormatterSciNotation):
    """The labels of a log axis, of which the floor's is a name."""

    def __init__(self, floor: float, name: str) -> None:
        super().__init__()
        self.floor, self.name = floor, name

    def __call__(self, x: float, pos: int | None = None) -> str:
        """Return the label of the tick at x."""
        return self.name if math.isclose(x, self.floor) else super().__call__(x, pos)
