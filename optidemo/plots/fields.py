"""Functions of two variables as vector fields and surfaces."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
from matplotlib.colors import LinearSegmentedColormap

from optidemo.plots.contours import values_on_grid
from optidemo.plots.style import BLUE, RED

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.quiver import Quiver

    from optidemo.objective import Objective
    from optidemo.plots.contours import Box

__all__ = ["HEIGHT", "gradient_field", "label_space", "surface"]

HEIGHT = LinearSegmentedColormap.from_list(
    "height", ["#0F3D66", BLUE, "#8FB7D9", "#F3EFE6", "#E3A276", RED]
)
"""Low is dark blue, high is red; its lightness alone tells the two ends from the middle."""


def gradient_field(
    ax: Axes,
    f: Objective,
    box: Box,
    *,
    n: tuple[int, int] = (9, 9),
    sign: float = 1.0,
    longest: float = 0.9,
    **more: Any,
) -> Quiver:
    """Draw sign · ∇f on a grid of n₁ × n₂ points; the longest arrow spans `longest` of a grid cell.

    The lengths are proportional to ‖∇f‖^½, so that the short ones can be seen too.
    """
    x1, x2 = np.linspace(box[0], box[1], n[0]), np.linspace(box[2], box[3], n[1])
    points = np.array([[a, b] for b in x2 for a in x1 if f.contains(np.array([a, b]))])
    g = sign * np.array([f.gradient(p) for p in points])
    length = np.linalg.norm(g, axis=1, keepdims=True)
    arrows = np.divide(g, np.sqrt(length), out=np.zeros_like(g), where=length > 0)
    cell = min(x1[1] - x1[0], x2[1] - x2[0])
    scale = float(np.sqrt(length.max())) / (longest * cell)
    looks = {
        "color": RED, "angles": "xy", "scale_units": "xy", "scale": scale, "zorder": 4,
        "width": 0.0035, "units": "width",
    }  # fmt: skip
    return ax.quiver(points[:, 0], points[:, 1], arrows[:, 0], arrows[:, 1], **{**looks, **more})


def surface(ax: Any, f: Objective, box: Box, *, n: int = 41, **more: Any) -> Any:
    """Draw the surface of f over box on a three-dimensional axis, coloured by height; return its artist."""
    x1, x2, z = values_on_grid(f, box, n)
    a, b = np.meshgrid(x1, x2)
    looks = {
        "cmap": HEIGHT, "rcount": n, "ccount": n, "linewidth": 0.25 * mpl.rcParams["axes.linewidth"],
        "edgecolor": "white", "antialiased": True,
    }  # fmt: skip
    return ax.plot_surface(a, b, z, **{**looks, **more})


def label_space(ax: Any, x: str, y: str, z: str) -> None:
    """Label a three-dimensional axis, x and y clear of their tick labels, the height above it."""
    pad = 0.6 * mpl.rcParams["font.size"]
    ax.set_xlabel(x, labelpad=pad)
    ax.set_ylabel(y, labelpad=pad)
    ax.text2D(0.5, 0.94, f"height: {z}", transform=ax.transAxes, ha="center")
