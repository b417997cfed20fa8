"""Figures of the norms, their kinks and their zeros: objectives 10 and 11."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optidemo.checks.check import Check
from optidemo.objectives import L1Norm, L2Norm, LinearRegression, SquaredL2Norm
from optidemo.plots.contours import contour
from optidemo.plots.curves import graph, slope_graph, subdifferential
from optidemo.plots.fields import label_space, surface
from optidemo.plots.marks import arrow, dot, equal, frame, headline, note
from optidemo.plots.registry import figure
from optidemo.plots.style import BLUE, GREEN, GREY, LINES, PALE, PURPLE, RED
from optidemo.solvers.proximal import projected_gradient

if TYPE_CHECKING:
    from typing import Any

    from optidemo.arrays import Vector
    from optidemo.plots.style import StyledFigure

__all__ = ["NORMS"]

T = r"^{\!\top}\!"


@figure(
    "l1-norm",
    place="objective 10, The L1 norm",
    title="|x| and its subdifferential",
    caption="Left: |x| and lines through its kink that stay below it. Right: the derivative is −1 "
    "or 1, and at 0 any value from −1 to 1. The slide's 1(x > 0) − 1(x ≤ 0) takes −1 "
    "there, sign(x) takes 0; both are subgradients.",
    alt="A V with several lines of support through its tip, and the derivative: −1 on the "
    "left, 1 on the right, a vertical bar from −1 to 1 at 0.",
)
def l1_norm(fig: StyledFigure) -> list[Check]:
    """Draw |x| with its subdifferential."""
    f = L1Norm(1)
    left, right = fig.subplots(1, 2)
    headline(fig, "$|x|$ at 0: every slope from $-1$ to $1$ is a subgradient")
    span = (-2.0, 2.0)
    for t in (-0.7, -0.35, 0.35, 0.7):
        left.plot(span, [t * span[0], t * span[1]], color=GREY, linestyle=":", linewidth=1.6)
    graph(left, f, span)
    dot(left, 0, 0)
    note(left, "$|x|$", (1.3, 1.3), (-0.9, 0.7), color=BLUE)
    note(left, "lines that stay below", (0, -1.35), ha="center", color=GREY)
    left.set(xlabel="$x$", ylabel="$|x|$")
    equal(left, span, (-1.55, 2.05))
    slope_graph(right, f, span, (0.0,))
    subdifferential(right, 0.0, -1.0, 1.0)
    dot(right, 0.0, 0.0, color=PURPLE, marker="D")
    dot(right, 0.0, -1.0, color=RED)
    dot(right, 0.0, 1.0, color=RED, open=True)
    note(right, r"sign$(0) = 0$", (0, 0), (0.8, 0), color=PURPLE)
    note(right, "the slide’s formula takes $-1$", (0, -1), (0.7, 0.8), color=RED)
    note(right, "all subgradients", (0, 0.5), (-0.7, 0), ha="right", color=GREY)
    right.set(
        xlabel="$x$",
        ylabel=r"derivative of $|x|$",
        xlim=(-2.4, 2.8),
        ylim=(-1.25, 1.3),
        yticks=[-1, 0, 1],
    )
    ends = max(f.subdifferential_distance(np.zeros(1), np.array([t])) for t in (-1.0, 0.0, 1.0))
    return [Check("−1, 0 and 1 are subgradients at 0", ends, 0.0)]


@figure(
    "l2-norm",
    place="objective 11, The L2 norm",
    title="‖x‖₂ and its gradient",
    caption="The gradient x/‖x‖₂ has length 1 everywhere, however close to 0. At the tip of the "
    "cone it does not exist, and every vector of the unit ball is a subgradient. The arrows are "
    "drawn at 0.6 of their length.",
    alt="A cone, beside its circular contours with radial arrows that are all of the same length.",
)
def l2_norm(fig: StyledFigure) -> list[Check]:
    """Draw the cone and its unit gradients."""
    f = L2Norm(2)
    headline(fig, r"$\nabla\|x\|_2 = x/\|x\|_2$ has length 1, right up to the kink at 0")
    grid = fig.add_gridspec(1, 2, width_ratios=[1.1, 1])
    left: Any = fig.add_subplot(grid[0], projection="3d")
    surface(left, f, (-2, 2, -2, 2))
    left.view_init(elev=22, azim=-60)
    left.set_box_aspect((1, 1, 0.7), zoom=1.12)
    left.set(xticks=[-2, 0, 2], yticks=[-2, 0, 2], zticks=[0, 1, 2])
    label_space(left, "$x_1$", "$x_2$", r"$\|x\|_2$")
    ax = fig.add_subplot(grid[1])
    contour(ax, f, (-2.2, 2.2, -2.2, 2.2), levels=9, power=1.0, colors=[PALE], linewidths=1.6)
    lengths = []
    for radius in (0.35, 1.3):
        for t in np.arange(8) * np.pi / 4 + (np.pi / 8 if radius > 1 else 0):
            x = radius * np.array([np.cos(t), np.sin(t)])
            g = f.gradient(x)
            lengths.append(abs(float(np.linalg.norm(g)) - 1.0))
            arrow(ax, x, x + 0.6 * g, color=RED, wide=0.8)
    dot(ax, 0, 0)
    ax.set(xlabel="$x_1$", ylabel="$x_2$", xlim=(-2.2, 2.2), ylim=(-2.2, 2.2))
    ax.set_aspect("equal")
    frame(ax)
    at_zero = f.subdifferential_distance(np.zeros(2), np.array([0.6, 0.8]))
    return [
        Check("the length of every arrow against 1", max(lengths), 1e-15),
        Check("(0.6, 0.8) is a subgradient at 0", at_zero, 1e-15),
    ]


def _l1_ball(radius: float) -> Any:
    """Return the projection on {‖x‖₁ ≤ radius}, by the soft threshold that just reaches it."""

    def project(x: Vector) -> Vector:
        if np.abs(x).sum() <= radius:
            return x
        u = np.sort(np.abs(x))[::-1]
        level = (np.cumsum(u) - radius) / np.arange(1, len(u) + 1)
        threshold = level[np.flatnonzero(u > level)[-1]]
        return L1Norm(x.size).prox(x, float(threshold))

    return project


@figure(
    "norm-balls",
    place="objectives 10 and 11, The L1 norm, The L2 norm: commonly used as a regularizer",
    title="Why L1 gives zeros",
    caption="The same least-squares contours, once under ‖w‖₁ ≤ 1 and once under ‖w‖₂ ≤ 1. The "
    "contours first touch the diamond at a corner, where w₁ is exactly 0; they touch the "
    "disc where both are non-zero.",
    alt="Elliptic contours around the free minimum touch a diamond at its upper corner and a "
    "disc on its side.",
)
def norm_balls(fig: StyledFigure) -> list[Check]:
    """Draw the least-squares solutions in an L1 and an L2 ball."""
    X = np.array([[1.0, 0.45], [0.0, 1.1]])
    f = LinearRegression(X, X @ np.array([0.75, 1.5]))
    free = f.closed_form()
    in_l1 = projected_gradient(f, np.zeros(2), projection=_l1_ball(1.0), tol=1e-12).x
    in_l2 = projected_gradient(
        f, np.zeros(2), projection=lambda w: w / max(1.0, float(np.linalg.norm(w))), tol=1e-12
    ).x
    axes = fig.subplots(1, 2)
    headline(fig, r"The diamond has corners on the axes: that is why $L_1$ gives zeros")
    t = np.linspace(0, 2 * np.pi, 241)
    balls = (
        (
            axes[0],
            np.array([[1, 0, -1, 0, 1], [0, 1, 0, -1, 0]]),
            in_l1,
            r"$\|w\|_1 \leq 1$",
            BLUE,
            (0.9, -0.1),
            "left",
        ),
        (
            axes[1],
            np.array([np.cos(t), np.sin(t)]),
            in_l2,
            r"$\|w\|_2 \leq 1$",
            GREEN,
            (-0.2, -1.0),
            "right",
        ),
    )
    box = (-1.25, 2.05, -1.2, 2.1)
    for ax, edge, w, text, color, shift, side in balls:
        contour(ax, f, box, levels=10, colors=[PALE], linewidths=1.6)
        ax.fill(*edge, color=color, alpha=0.18, linewidth=0)
        ax.plot(*edge, color=color, linestyle="-")
        contour(ax, f, box, levels=[f.value(w)], colors=[RED], linewidths=2.5)
        dot(ax, *free, marker="*", markersize=22)
        note(ax, "free minimum", free, (0, 1.15), ha="center")
        dot(ax, *w, color=RED)
        note(ax, f"$({abs(w[0]):.2f}, {w[1]:.2f})$", w, shift, color=RED, ha=side, path_effects=[])
        note(ax, text, (0, -0.25), ha="center", path_effects=[])
        ax.set(
            xlabel="$w_1$",
            ylabel="$w_2$",
            xlim=box[:2],
            ylim=box[2:],
            xticks=[-1, 0, 1, 2],
            yticks=[-1, 0, 1, 2],
        )
        ax.set_aspect("equal")
        frame(ax)
    angle = np.linspace(0, 2 * np.pi, 100_001)
    circle = np.array([np.cos(angle), np.sin(angle)])
    residual = X @ circle - (X @ free)[:, None]
    scan = circle[:, int(np.argmin(np.sum(residual**2, axis=0)))]
    return [
        Check("w₁ in the L1 ball is exactly 0", abs(float(in_l1[0])), 0.0),
        Check(
            "the L2 solution against a scan of the circle", float(np.abs(in_l2 - scan).max()), 1e-4
        ),
    ]


@figure(
    "soft-threshold",
    place="objectives 10 and 11, used as regularizers",
    title="Shrinking by L1 and by L2",
    caption="The minimiser u of ½(u − x)² + t·|u| and of ½(u − x)² + t·u², t = 1: L1 moves every "
    "x by t and stops at 0, so that all |x| ≤ t become exactly 0; the squared L2 norm "
    "divides every x by 1 + 2t, and none becomes 0.",
    alt="The soft threshold, flat at 0 between −1 and 1, beside a straight line of slope one "
    "third through 0.",
)
def soft_threshold(fig: StyledFigure) -> list[Check]:
    """Draw the proximal operators of |x| and x²."""
    x = np.linspace(-3, 3, 601)
    l1 = np.array([L1Norm(1).prox(np.array([t]), 1.0)[0] for t in x])
    l2 = np.array([SquaredL2Norm(1).prox(np.array([t]), 1.0)[0] for t in x])
    ax = fig.subplots()
    headline(fig, "$L_1$ subtracts until 0; $L_2^2$ divides and never gets there")
    ax.plot([-3, 3], [-3, 3], color=PALE, linestyle="-", linewidth=1.5)
    ax.plot(x, l1, color=BLUE, linestyle="-")
    ax.plot(x, l2, color=GREEN, linestyle=LINES[2])
    note(ax, "unchanged", (1.55, 1.55), (-0.5, 0.5), ha="right", color=GREY)
    note(ax, r"$L_1$: sign$(x)\,\max(|x| - 1, 0)$", (2.3, 1.3), (0.7, -0.2), color=BLUE)
    note(ax, r"$L_2^2$: $x/3$", (2.4, 0.8), (0.7, -0.7), color=GREEN)
    note(ax, "exactly 0 for $|x| \\leq 1$", (0, 0), (0.8, -1.2), color=BLUE)
    ax.axhline(0, color=GREY, linewidth=0.8, zorder=0)
    ax.set(
        xlabel="$x$", ylabel="minimiser $u$", xlim=(-3, 4.2), ylim=(-2.1, 2.1), xticks=range(-3, 4)
    )
    ax.set_aspect("equal")
    best = 0.0
    for t in (-2.2, -0.4, 0.9, 1.7):
        u = np.linspace(-3, 3, 60_001)
        best = max(
            best,
            abs(
                u[np.argmin(0.5 * (u - t) ** 2 + np.abs(u))] - L1Norm(1).prox(np.array([t]), 1.0)[0]
            ),
        )
    return [Check("the soft threshold against a scan of ½(u − x)² + |u|", float(best), 1e-4)]


NORMS = (l1_norm, l2_norm, norm_balls, soft_threshold)
