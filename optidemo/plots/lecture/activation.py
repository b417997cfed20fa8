"""Figures of ReLU and the sigmoid: objectives 4, 8 and 9."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import expit

from optidemo.checks.check import Check
from optidemo.objectives import Logistic, ReLU, Sigmoid
from optidemo.plots.curves import graph, slope_graph, subdifferential, tangent
from optidemo.plots.fields import label_space, surface
from optidemo.plots.marks import arrow, dot, equal, frame, headline, note
from optidemo.plots.registry import figure
from optidemo.plots.style import BLUE, GREY, PALE, PURPLE, RED

if TYPE_CHECKING:
    from typing import Any

    from optidemo.plots.style import StyledFigure

__all__ = ["ACTIVATIONS", "SIGMOIDS"]

T = r"^{\!\top}\!"


@figure(
    "relu",
    place="objective 4, The ReLU function",
    title="ReLU, its derivative and its kink",
    caption="ReLU(z) = max(0, z). Its derivative is 0 on the left and 1 on the right. At the kink "
    "every slope between 0 and 1 is a subgradient; the lecture takes 0, autograd ½.",
    alt="Left, the ReLU with three supporting lines through the kink. Right, its derivative, "
    "a step from 0 to 1 with a bar at 0 that stands for all subgradients.",
)
def relu(fig: StyledFigure) -> list[Check]:
    """Draw ReLU with its subdifferential."""
    f = ReLU([1.0])
    left, right = fig.subplots(1, 2)
    headline(fig, "At its kink ReLU has not one slope but all from 0 to 1")
    span = (-2.0, 2.0)
    for t in (0.25, 0.5, 0.75):
        left.plot(span, [t * span[0], t * span[1]], color=GREY, linestyle=":", linewidth=1.6)
    graph(left, f, span)
    dot(left, 0, 0)
    note(left, "ReLU$(z) = \\max(0, z)$", (0.95, 0.95), (-0.5, 1.2), ha="right", color=BLUE)
    note(
        left,
        "lines that stay below:\nslopes 0.25, 0.5, 0.75",
        (-0.15, -0.75),
        (1.2, -1.5),
        color=GREY,
    )
    left.set(xlabel="$z$", ylabel="ReLU$(z)$")
    equal(left, span, (-1.6, 2.05))
    slope_graph(right, f, span, (0.0,))
    subdifferential(right, 0.0, 0.0, 1.0)
    dot(right, 0.0, 0.0, color=RED)
    dot(right, 0.0, 1.0, color=RED, open=True)
    dot(right, 0.0, 0.5, color=PURPLE, marker="D")
    note(right, "the lecture takes 0", (0, 0), (0.7, 0.9), color=RED)
    note(right, r"autograd takes $\frac{1}{2}$", (0, 0.5), (0.8, 0), color=PURPLE)
    note(right, "all subgradients", (0, 0.75), (-0.7, 0), ha="right", color=GREY)
    note(right, r"$1_{(z > 0)}$", (1.4, 1.0), (0, 0.9), color=RED, ha="center")
    right.set(
        xlabel="$z$", ylabel="derivative of ReLU", xlim=span, ylim=(-0.12, 1.25), yticks=[0, 0.5, 1]
    )
    inside = max(
        f.subdifferential_distance(np.zeros(1), np.array([t])) for t in (0.0, 0.25, 0.5, 1.0)
    )
    outside = f.subdifferential_distance(np.zeros(1), np.array([1.25]))
    return [
        Check("0, ¼, ½ and 1 are subgradients at 0", inside, 0.0),
        Check("1.25 is not: its distance is 0.25", abs(outside - 0.25), 1e-15),
    ]


@figure(
    "sigmoid",
    place="objective 8, The Sigmoid Function",
    title="The sigmoid and σ(1 − σ)",
    caption="σ(z) = 1/(1 + e⁻ᶻ) rises from 0 to 1, neither of which it reaches. Its derivative "
    "σ(1 − σ) is largest, ¼, at 0 and dies out on both sides: there a gradient step "
    "hardly moves.",
    alt="An S-shaped curve between 0 and 1 with its tangent of slope one quarter at 0, above "
    "its derivative, a bell of height one quarter.",
)
def sigmoid(fig: StyledFigure) -> list[Check]:
    """Draw the sigmoid above its derivative."""
    f = Sigmoid()
    above, below = fig.subplots(2, 1, sharex=True, height_ratios=[3, 2])
    headline(
        fig,
        r"$\sigma′(z) = \sigma(z)\,(1 - \sigma(z))$ is at most $\frac{1}{4}$ and dies out on both sides",
    )
    span = (-6.5, 6.5)
    for level in (0.0, 1.0):
        above.axhline(level, color=PALE, linewidth=1.5, zorder=0)
    _, slope = tangent(above, f, 0.0, (-2.0, 2.0))
    graph(above, f, span)
    dot(above, 0, 0.5)
    note(above, r"slope $\sigma′(0) = \frac{1}{4}$", (0.1, 0.5), (0.9, -0.7), color=RED)
    note(above, r"$\sigma(z) = \dfrac{1}{1 + e^{-z}}$", (2.2, f([2.2])), (0.9, -1.0), color=BLUE)
    note(above, "1 is approached, not reached", (-6.4, 1.0), (0, -0.7), color=GREY)
    (line,) = slope_graph(below, f, span)
    dot(below, 0, slope, color=RED)
    note(below, r"$\sigma(z)\,(1 - \sigma(z))$", (1.7, 0.15), (0.8, 0.2), color=RED)
    above.set(ylabel=r"$\sigma(z)$", ylim=(-0.06, 1.1), yticks=[0, 0.5, 1])
    below.set(xlabel="$z$", ylabel=r"$\sigma′(z)$", xlim=span, ylim=(0, 0.29), yticks=[0, 0.25])
    fig.align_ylabels()
    z = np.asarray(line.get_xdata())
    gap = float(np.abs(np.asarray(line.get_ydata()) - expit(z) * (1 - expit(z))).max())
    return [
        Check("the drawn derivative against σ(1 − σ)", gap, 1e-15),
        Check("σ′(0) = ¼", abs(slope - 0.25), 0.0),
    ]


@figure(
    "logistic",
    place="objective 9, Logistic Regression Objective",
    title="σ(wᵀx) has no minimum",
    caption="Objective 9 as the slide prints it, for one input x = (1, 0.6): a slope that "
    "flattens towards 0 along −x and towards 1 along x. It has no labels, no logarithm "
    "and no sum, so it cannot be fitted to data.",
    alt="A surface that climbs from a plain at 0 to a plateau at 1, beside its parallel "
    "contours, which an arrow along −x crosses at right angles, downhill.",
)
def logistic(fig: StyledFigure) -> list[Check]:
    """Draw the logistic function of two weights."""
    f = Logistic([1.0, 0.6])
    headline(
        fig, rf"$\sigma(w{T}x)$ is a probability: it falls towards 0 without ever getting there"
    )
    grid = fig.add_gridspec(1, 2, width_ratios=[1.15, 1])
    left: Any = fig.add_subplot(grid[0], projection="3d")
    surface(left, f, (-6, 6, -6, 6))
    left.view_init(elev=24, azim=-118)
    left.set_box_aspect((1, 1, 0.55), zoom=1.12)
    left.set(xticks=[-5, 0, 5], yticks=[-5, 0, 5], zticks=[0, 0.5, 1])
    label_space(left, "$w_1$", "$w_2$", rf"$\sigma(w{T}x)$")
    ax = fig.add_subplot(grid[1])
    levels = ax.contour(
        *np.meshgrid(w := np.linspace(-6, 6, 81), w),
        [[f.value([a, b]) for a in w] for b in w], levels=[0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99],
        colors=[BLUE], linewidths=1.6,
    )  # fmt: skip
    ax.clabel(levels, [0.01, 0.1, 0.9, 0.99], fmt=lambda v: f"{v:g}", fontsize="small")
    down = -f.x / np.linalg.norm(f.x)
    arrow(ax, -1.2 * down, 4.6 * down, color=RED)
    note(ax, "$-x$", 4.6 * down, (-0.5, -0.6), ha="right", color=RED)
    ticks = [-5, 0, 5]
    ax.set(xlabel="$w_1$", ylabel="$w_2$", xlim=(-6, 6), ylim=(-6, 6), xticks=ticks, yticks=ticks)
    ax.set_aspect("equal")
    frame(ax)
    known = f.optimum()
    assert known.direction is not None  # noqa: S101  (x ≠ 0)
    falls = np.diff([f.value(t * known.direction) for t in range(30)])
    return [
        Check("f falls all along −x", float((falls >= 0).any()), 0.0),
        Check("the direction against −x/‖x‖", float(np.abs(known.direction - down).max()), 1e-16),
    ]


ACTIVATIONS = (relu,)
SIGMOIDS = (sigmoid, logistic)
