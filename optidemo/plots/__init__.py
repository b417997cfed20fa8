"""Functions that draw on an Axes they are given, and return the artists.

They take results, trajectories and objectives, never touch pyplot, and change no global state:
``optidemo.plots.convergence(ax, res)`` draws a student's own run. `style` is a context.
"""

from __future__ import annotations

from optidemo.plots.contours import contour, contour_path
from optidemo.plots.convergence import convergence
from optidemo.plots.curves import graph, slope_graph, subdifferential, tangent
from optidemo.plots.demo import demo_figure
from optidemo.plots.fields import gradient_field, surface
from optidemo.plots.likelihoods import log_likelihood
from optidemo.plots.save import save_figure
from optidemo.plots.style import new_figure, style

__all__ = [
    "contour",
    "contour_path",
    "convergence",
    "demo_figure",
    "gradient_field",
    "graph",
    "log_likelihood",
    "new_figure",
    "save_figure",
    "slope_graph",
    "style",
    "subdifferential",
    "surface",
    "tangent",
]
