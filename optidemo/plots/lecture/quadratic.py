"""Figures of the linear function, the quadratic form and its trace: objectives 1 to 3."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from optidemo.arrays import EPS
from optidemo.checks.check import Check
from optidemo.objectives import Linear, Quadratic, TraceQuadratic
from optidemo.plots.contours import contour
from optidemo.plots.fields import HEIGHT, surface
from optidemo.plots.marks import arrow, equal, frame, headline, note
from optidemo.plots.registry import figure
from optidemo.plots.style import BLUE, GREY, INK, MARKERS, PALE, PURPLE, RED

if TYPE_CHECKING:
    from optidemo.plots.style import StyledFigure

__all__ = ["QUADRATIC"]

T = r"^{\!\top}\!"

SHAPES = {
    "bowl": np.array([[2.0, 1.0], [0.0, 1.0]]),
    "trough": np.array([[1.0, 2.0], [0.0, 1.0]]),
    "saddle": np.array([[1.0, 0.5], [0.5, -1.0]]),
}
"""Positive definite, positive semidefinite and indefinite; two of them not symmetric."""


@figure(
    "expanding-yx",
    place="objective 1, A Linear function",
    title="Expanding yᵀx",
    caption="The three steps for y = (2, 1): multiply out, take the partials one by one, put them "
    "back into a vector. The gradient is y everywhere, at right angles to the straight "
    "contours.",
    alt="Left, the three steps from yᵀx to y. Right, parallel contours of 2x₁ + x₂, evenly "
    "spaced, each crossed at a right angle by the same arrow y.",
)
def expanding(fig: StyledFigure) -> list[Check]:
    """Draw the three steps beside the contours of yᵀx."""
    f = Linear([2.0, 1.0])
    left, ax = fig.subplots(1, 2, width_ratios=[1.05, 1])
    headline(fig, rf"The gradient of $y{T}x$ is $y$, at every $x$")
    left.axis("off")
    left.set(xlim=(0, 1), ylim=(0, 1))
    steps = (
        ("1. Multiply out", rf"$y{T}x = 2x_1 + x_2$", BLUE),
        ("2. Partial by partial", r"$\partial f/\partial x_1 = 2, \ \ \partial f/\partial x_2 = 1$", PURPLE),
        ("3. Back to a vector", rf"$\frac{{d}}{{dx}}\,y{T}x = (2, 1) = y$", RED),
    )  # fmt: skip
    for i, (what, formula, color) in enumerate(steps):
        top = 0.95 - 0.33 * i
        left.text(0.0, top, what, color=GREY, va="top")
        left.text(0.04, top - 0.1, formula, color=color, va="top", size="large")
    box = (-2.2, 2.2, -2.2, 2.2)
    levels = contour(ax, f, box, levels=range(-6, 7), colors=[BLUE], linewidths=1.6)
    ax.clabel(levels, [-4, -2, 0, 2, 4], fontsize="small")
    for point in np.array([[-1.9, -0.9], [-1.4, 0.8], [-0.1, -1.9]]):
        arrow(ax, point, point + f.gradient(point), color=RED)
    note(ax, "$y$", (0.6, 1.8), (0.2, 0.35), color=RED)
    ax.set(xlabel="$x_1$", ylabel="$x_2$", xlim=box[:2], ylim=box[2:])
    ax.set_aspect("equal")
    frame(ax)
    gap = float(np.abs(f.gradient([3.0, -4.0]) - [2.0, 1.0]).max())
    return [Check("the gradient against the partials (2, 1)", gap, 0.0)]


@figure(
    "bowl-trough-saddle",
    place="objective 2, The Quadratic equation",
    title="xᵀAx as bowl, trough and saddle",
    caption="The signs of the eigenvalues of S = ½(A + Aᵀ) decide the shape: both positive, a "
    "bowl with its minimum at 0; one zero, a trough with a whole line of minima; of "
    "either sign, a saddle without minimum. The arrows are the unit eigenvectors.",
    alt="Three surfaces above their contours: a bowl, a trough that is flat along one "
    "eigenvector, and a saddle; the two eigenvectors of each are drawn with their "
    "eigenvalues.",
)
def shapes(fig: StyledFigure) -> list[Check]:
    """Draw three quadratic forms, in space and as contours with eigenvectors."""
    headline(fig, rf"$x{T}Ax$: the eigenvalues of $S = \frac{{1}}{{2}}(A + A{T})$ decide the shape")
    found = []
    grid = fig.add_gridspec(2, 3, height_ratios=[1.25, 1])
    for i, (name, A) in enumerate(SHAPES.items()):
        f = Quadratic(A)
        values, vectors = np.linalg.eigh(0.5 * (A + A.T))
        box = (-1.6, 1.6, -1.6, 1.6)
        above: Any = fig.add_subplot(grid[0, i], projection="3d")
        top = max(abs(f.value(corner)) for corner in np.array([[1.6, 1.6], [1.6, -1.6]]))
        surface(above, f, box, n=25, vmin=-top, vmax=top, clip_on=False)
        above.set_axis_off()
        above.view_init(elev=28, azim=-50)
        above.set_box_aspect((1, 1, 0.7), zoom=1.3)
        ax = fig.add_subplot(grid[1, i])
        ax.set_title(name, loc="center")
        contour(
            ax,
            f,
            (-2.6, 2.6, -1.3, 1.3),
            levels=11,
            power=1.0,
            colors=None,
            cmap=HEIGHT,
            alpha=0.6,
            linewidths=1.6,
            vmin=-top,
            vmax=top,
        )
        for value, vector, color in zip(values, vectors.T, (PURPLE, RED), strict=True):
            v = vector * (1 if vector[0] > 0 else -1)
            arrow(ax, (0, 0), v, color=color)
            size = 0.0 if abs(value) < 1e-12 else value
            note(ax, rf"$\lambda = {size:.3g}$", v, (0.25, 0.2 if v[1] > 0 else -0.2), color=color)
            found.append(float(np.linalg.norm(f.gradient(v) - 2 * value * v)))
        ax.set(xlim=(-2.6, 2.6), ylim=(-1.3, 1.3), xticks=[-2, 0, 2], yticks=[-1, 0, 1])
        ax.set(xlabel="$x_1$", ylabel="$x_2$")
        ax.label_outer()
        ax.set_aspect("equal")
        frame(ax)
    return [Check("∇f(v) = 2λv at each eigenvector", max(found), 1e-14)]


@figure(
    "symmetric-part",
    place="objective 2, The Quadratic equation, step 3",
    title="(A + Aᵀ)x, not 2Ax",
    caption="For A = [[1, 1.6], [0, 1]], which is not symmetric. (A + Aᵀ)x (thick arrows) crosses the "
    "contours at right angles, as a gradient must; 2Ax (thin) does not.",
    alt="Elliptic contours with two arrows at each of six points: the derived gradient is "
    "perpendicular to the contour, 2Ax points elsewhere.",
)
def symmetric_part(fig: StyledFigure) -> list[Check]:
    """Draw the derived gradient and 2Ax around a contour."""
    A = np.array([[1.0, 1.6], [0.0, 1.0]])
    f = Quadratic(A)
    ax = fig.subplots()
    headline(fig, rf"$(A + A{T})x$ is the gradient; $2Ax$ is not, unless $A$ is symmetric")
    box = (-3.6, 3.6, -1.95, 1.95)
    contour(ax, f, box, levels=14, n=161, colors=[PALE], linewidths=1.6)
    t = np.linspace(0, 2 * np.pi, 361)
    S = 0.5 * (A + A.T)
    values, vectors = np.linalg.eigh(S)
    ring = (vectors * np.sqrt(0.55 / values)) @ np.array([np.cos(t), np.sin(t)])
    ax.plot(*ring, color=BLUE, linestyle="-", linewidth=2)
    worst = 0.0
    for k in range(15, 360, 60):
        point, along = ring[:, k], ring[:, k + 1] - ring[:, k - 1]
        g, wrong = f.gradient(point), 2 * A @ point
        arrow(ax, point, point + 0.24 * g, color=RED)
        arrow(ax, point, point + 0.24 * wrong, color=PURPLE, wide=0.7)
        worst = max(worst, abs(float(along @ g / np.linalg.norm(along) / np.linalg.norm(g))))
    note(ax, rf"$(A + A{T})x$, derived", (1.42, -0.4), (0.2, 0.2), color=RED)
    note(ax, "$2Ax$", (0.6, -1.8), (-0.3, 0.1), ha="right", color=PURPLE)
    note(ax, r"$A = \left[ \genfrac{}{}{0}{0}{1 \ \ 1.6}{0 \ \ \ 1\,} \right]$", (-3.2, -1.4))
    ax.set(xlabel="$x_1$", ylabel="$x_2$", xlim=box[:2], ylim=box[2:])
    ax.set_aspect("equal")
    frame(ax)
    return [Check("cosine between the derived gradient and the contour", worst, 1e-3)]


@figure(
    "trace",
    place="objective 3, The Trace of a quadratic form",
    title="The trace and the quadratic form agree",
    caption="200 random x and a non-symmetric A. Left: Tr(xᵀAx) against xᵀAx. Right: what the "
    "three cyclic arrangements differ by, relative to ‖x‖²‖A‖: rounding errors alone.",
    alt="Left, points on the diagonal. Right, relative differences of the three traces, all "
    "below 1e-15.",
    seed=3,
)
def trace(fig: StyledFigure) -> list[Check]:
    """Draw xᵀAx against its three traces."""
    rng = np.random.default_rng(3)
    A = rng.random((3, 3))
    f, g = Quadratic(A), TraceQuadratic(A)
    x = rng.standard_normal((200, 3))
    plain, traced = np.array([f.value(p) for p in x]), np.array([g.value(p) for p in x])
    scale = np.sum(x**2, axis=1) * np.linalg.norm(A)
    cyclic = {
        rf"$\mathrm{{Tr}}(x{T}Ax)$": traced,
        rf"$\mathrm{{Tr}}(Axx{T})$": np.array([np.trace(A @ np.outer(p, p)) for p in x]),
        rf"$\mathrm{{Tr}}(xx{T}A)$": np.array([np.trace(np.outer(p, p) @ A) for p in x]),
    }
    left, right = fig.subplots(1, 2, width_ratios=[1, 1.25])
    headline(fig, "A number is its own trace, and the trace is cyclic")
    ends = (float(plain.min()), float(plain.max()))
    left.plot(ends, ends, color=GREY, linestyle="-", linewidth=1)
    left.plot(plain, traced, color=BLUE, marker="o", linestyle="none", alpha=0.6, markeredgewidth=0)
    left.set(xlabel=rf"$x{T}Ax$", ylabel=rf"$\mathrm{{Tr}}(x{T}Ax)$")
    equal(left, (ends[0] - 0.5, ends[1] + 0.5), (ends[0] - 0.5, ends[1] + 0.5))
    rng = np.random.default_rng(4)
    worst = 0.0
    for i, (_label, values) in enumerate(cyclic.items()):
        error = np.abs(values - plain) / scale
        worst = max(worst, float(error.max()))
        spread = i + 0.28 * rng.uniform(-1, 1, len(x))
        right.plot(
            spread, error / 1e-16, color=(BLUE, RED, PURPLE)[i], marker=MARKERS[i], linestyle="none",
            alpha=0.5, markeredgewidth=0,
        )  # fmt: skip
    right.axhline(EPS / 1e-16, color=INK, linestyle=(0, (4, 2)), linewidth=1.5)
    note(right, r"machine precision $2.2\cdot 10^{-16}$", (2.45, 2.22), (0, 0.8), ha="right")
    right.set_xticks(range(3), list(cyclic))
    right.set(
        xlim=(-0.5, 2.5),
        ylim=(-0.08, 2.6),
        ylabel=rf"relative difference from $x{T}Ax$, in $10^{{-16}}$",
    )
    gap = max(float(np.abs(g.gradient(p) - (A + A.T) @ p).max()) for p in x)
    return [
        Check("the three traces against xᵀAx, relative", worst, 1e-15),
        Check("the gradient of the trace against (A + Aᵀ)x", gap, 1e-14),
    ]


QUADRATIC = (expanding, shapes, symmetric_part, trace)
