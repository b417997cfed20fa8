"""Figures of "What is a derivative?" to "Why do we need derivative?"."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import scipy.optimize

from optidemo.checks.check import Check
from optidemo.objectives.examples import EXAMPLES
from optidemo.plots.contours import contour
from optidemo.plots.curves import graph, tangent
from optidemo.plots.fields import gradient_field
from optidemo.plots.marks import arrow, dot, frame, headline, note
from optidemo.plots.registry import figure
from optidemo.plots.style import BLUE, GREEN, GREY, INK, PALE, PURPLE, RED

if TYPE_CHECKING:
    from optidemo.plots.style import StyledFigure

__all__ = ["DERIVATIVE"]

EXAMPLE = {example.title: example for example in EXAMPLES}


@figure(
    "slope",
    place="Function and the derivative",
    title="The derivative as a slope",
    caption="f(x) = 0.3x² + 0.2 and its tangent at x = 1. The slope is f′(1) = 0.6: a step of 1 "
    "to the right takes the tangent up by 0.6, but f itself by 0.9. The slope is exact "
    "only for small steps.",
    alt="A parabola through (0, 0.2) and (1, 0.5) with its dashed tangent at 1. At x = 2 the "
    "tangent has risen by 0.6 and the parabola by 0.9.",
)
def slope(fig: StyledFigure) -> list[Check]:
    """Draw 0.3x² + 0.2 with its tangent at 1."""
    f = EXAMPLE["slope"]
    ax = fig.subplots()
    headline(fig, "The derivative is the slope of the tangent: $f′(1) = 0.6$")
    graph(ax, f, (-0.9, 2.25))
    _, rise = tangent(ax, f, 1.0, (0.0, 2.08))
    at = {x: f([x]) for x in (0.0, 1.0, 2.0)}
    touch = at[1.0] + rise
    note(ax, "1", (1.5, at[1.0]), (0, -0.7), ha="center", color=GREY)
    arrow(ax, (2.0, at[1.0]), (2.0, touch - 0.025), color=RED, wide=0.7)
    note(ax, f"tangent: $+{rise:.1f}$", (1.97, 0.62), ha="right", color=RED)
    ax.plot(
        [1, 2.16], [at[1.0]] * 2, [2, 2.16], [at[2.0]] * 2, color=GREY, linestyle=":", linewidth=1.5
    )
    arrow(ax, (2.16, at[1.0]), (2.16, at[2.0]), color=BLUE, wide=0.7)
    note(ax, f"$f$ itself: $+{at[2.0] - at[1.0]:.1f}$", (2.2, 0.9), (0.2, 0), color=BLUE)
    dot(ax, 2.0, at[2.0], color=BLUE)
    for x, text, shift in ((0.0, "$f(0) = 0.2$", (0, -0.9)), (1.0, "$f(1) = 0.5$", (-0.4, 1.2))):
        dot(ax, x, at[x], color=INK)
        note(ax, text, (x, at[x]), shift, ha="right" if x else "center")
    dot(ax, 2.0, touch, color=RED)
    note(ax, "$f(x) = 0.3x^2 + 0.2$", (-0.62, f([-0.62])), (0.6, 1.3), color=BLUE)
    ax.set(xlabel="$x$", ylabel="$f(x)$", xlim=(-0.95, 2.8), ylim=(0, 1.8), xticks=[0, 1, 2])
    ax.set_aspect("equal")
    h = 1e-6
    numeric = (f([1 + h]) - f([1 - h])) / (2 * h)
    return [
        Check("tangent's slope against a central difference", abs(rise - numeric), 1e-8),
        Check("f(0) = 0.2 and f(1) = 0.5", max(abs(at[0.0] - 0.2), abs(at[1.0] - 0.5)), 1e-15),
        Check("f rises by 0.9 from 1 to 2", abs(at[2.0] - at[1.0] - 0.9), 1e-15),
    ]


@figure(
    "up-or-down",
    place="Function and the derivative; Derivative for Functions of single versus multiple inputs",
    title="Up or down, by the sign of f′",
    caption="f(x) = 2x − eˣ goes up where f′(x) = 2 − eˣ is positive and down where it is "
    "negative; at x = ln 2, where f′ is zero, it is flat.",
    alt="Above, a curve that rises to a maximum at ln 2 and then falls. Below, its "
    "derivative, positive left of ln 2 and negative right of it.",
)
def up_or_down(fig: StyledFigure) -> list[Check]:
    """Draw 2x − eˣ above its derivative, in two colours."""
    f = EXAMPLE["single"]
    top = float(scipy.optimize.brentq(lambda x: f.gradient([x])[0], -1, 2, xtol=1e-15))
    above, below = fig.subplots(2, 1, sharex=True, height_ratios=[3, 2])
    headline(fig, "Where $f′$ is positive, $f$ goes up; where it is negative, down")
    span = (-1.7, 1.75)
    graph(above, f, (span[0], top), color=GREEN)
    graph(above, f, (top, span[1]), color=RED, linestyle=(0, (6, 2)))
    dot(above, top, f([top]))
    note(above, "up", (-0.8, f([-0.8])), (-0.6, 0.9), color=GREEN, ha="right")
    note(above, "down", (1.42, f([1.42])), (0.7, 0.5), color=RED)
    note(above, r"flat at $x = \ln 2$", (top, f([top])), (0, 1.0), ha="center")
    x = np.linspace(*span, 401)
    slopes = np.array([f.gradient([t])[0] for t in x])
    below.axhline(0, color=GREY, linewidth=1)
    below.plot(x[x <= top], slopes[x <= top], color=GREEN, linestyle="-")
    below.plot(x[x > top], slopes[x > top], color=RED, linestyle=(0, (6, 2)))
    below.fill_between(x, slopes, where=list(x <= top), color=GREEN, alpha=0.18, linewidth=0)
    below.fill_between(x, slopes, where=list(x > top), color=RED, alpha=0.18, linewidth=0)
    note(below, "$f′ > 0$", (-0.6, 0.75), color=GREEN, ha="center", path_effects=[])
    note(below, "$f′ < 0$", (1.5, -2.4), (-1.6, -0.4), color=RED, ha="right")
    above.set(ylabel="$f(x) = 2x - e^x$", ylim=(-4.1, 0.35))
    below.set(ylabel="$f′(x) = 2 - e^x$", xlabel="$x$", xlim=span, ylim=(-4.2, 2.6))
    for ax in (above, below):
        ax.axvline(top, color=PALE, linewidth=1.5, zorder=0)
    fig.align_ylabels()
    return [Check("the zero of f′ against ln 2", abs(top - np.log(2)), 1e-14)]


@figure(
    "three-drugs",
    place="Probability of you getting cancer",
    title="Which drug?",
    caption="f′(2, 3, 9) = (−0.001, −6, 20). To lower the probability take drug 2; drug 3 raises "
    "it; drug 1 does next to nothing.",
    alt="Three bars: almost nothing for drug 1, −6 for drug 2, +20 for drug 3.",
)
def three_drugs(fig: StyledFigure) -> list[Check]:
    """Draw the three partial derivatives as the answer to the slide's question."""
    partials = EXAMPLE["cancer"].gradient(np.array([2.0, 3.0, 9.0]))
    ax = fig.subplots()
    headline(fig, "Which drug would you take? The sign says which way, the size how fast")
    y = np.array([2, 1, 0])
    ax.barh(y, partials, color=[GREY, BLUE, RED], height=0.55)
    ax.axvline(0, color=INK, linewidth=1)
    says = (
        ("next to no effect", GREY), ("take this one: it lowers the risk most", BLUE),
        ("never: it raises the risk", RED),
    )  # fmt: skip
    for level, partial, (text, color) in zip(y, partials, says, strict=True):
        number = f"${partial:+g}$"
        if level == 0:
            note(ax, number, (partial, level), (0.5, 0), color=color)
            note(ax, text, (0, level), (0.8, 0), color="white", path_effects=[])
        else:
            note(ax, number, (partial, level), (-0.5, 0), ha="right", color=color)
            note(ax, text, (0, level), (0.8, 0), color=color)
    ax.set_yticks(y, [rf"drug {i}: raises $x_{i}$" for i in (1, 2, 3)])
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.set(xlim=(-9, 23), xlabel=r"partial derivative $\partial f/\partial x_i$ at $x = (2, 3, 9)$")
    best = int(np.argmin(partials)) + 1
    return [Check("the drug that lowers f most is drug 2", float(best != 2), 0.0)]


@figure(
    "gradient-field",
    place="Why do we need derivative?",
    title="The gradient field over contours",
    caption="f(x) = xᵀAx with A = [[2, 1], [1, 1]]. Every arrow is the gradient (4x₁ + 2x₂, 2x₁ + "
    "2x₂): it crosses the contours at right angles, points uphill and is longer where f "
    "is steeper.",
    alt="Tilted elliptic contours around the origin with arrows that point outwards, at right "
    "angles to the contours and longer further out.",
)
def field(fig: StyledFigure) -> list[Check]:
    """Draw the gradient of the second final exercise over its contours."""
    f = EXAMPLE["final-2"]
    ax = fig.subplots()
    headline(fig, r"The gradient points uphill, at right angles to the contours")
    box = (-3.0, 3.0, -1.6, 1.6)
    contour(ax, f, box, levels=11, n=161, colors=[BLUE], linewidths=1.4, alpha=0.7)
    quiver = gradient_field(ax, f, (-2.5, 2.5, -1.28, 1.28), n=(11, 7))
    dot(ax, 0.0, 0.0, marker="*", markersize=24)
    note(ax, "minimum", (0, 0), (0.2, 1.3))
    ax.set(xlabel="$x_1$", ylabel="$x_2$", xlim=box[:2], ylim=box[2:])
    ax.set_aspect("equal")
    frame(ax)
    arrows = np.column_stack([quiver.U, quiver.V])
    exact = np.array([[4 * a + 2 * b, 2 * a + 2 * b] for a, b in np.asarray(quiver.get_offsets())])
    cross = arrows[:, 0] * exact[:, 1] - arrows[:, 1] * exact[:, 0]
    return [Check("arrows parallel to (4x₁ + 2x₂, 2x₁ + 2x₂)", float(np.abs(cross).max()), 1e-12)]


@figure(
    "quick-exercise",
    place="Quickly Consolidate what we just learned, question 2",
    title="The gradient of quick exercise 2",
    caption="f(x) = x₁² − x₁ − ln x₂ + e^(−x₁+x₂) + 2x₂ − 3 at (0, 1). Its own formula gives (−1 "
    "− e, 1 + e), which crosses the contour at a right angle; the slide prints (−e, −1 + "
    "e), which does not. The minimum −0.776 is at (0.821, 0.378).",
    alt="Contours of f with two arrows at (0, 1): the derived gradient is perpendicular to "
    "the contour, the one printed on the slide leans away from it.",
)
def quick_exercise(fig: StyledFigure) -> list[Check]:
    """Draw the derived and the printed gradient of quick exercise 2."""
    f = EXAMPLE["quick-2"]
    at = np.array([0.0, 1.0])
    derived, printed = f.gradient(at), np.array([-np.e, -1 + np.e])
    best = scipy.optimize.minimize(f.value, f.x0, jac=f.gradient, method="BFGS", tol=1e-10)
    ax = fig.subplots()
    headline(fig, "Drawn, the misprint shows: a gradient is perpendicular to its contour")
    box = (-1.55, 2.35, 0.02, 2.05)
    contour(ax, f, box, levels=14, colors=[PALE], linewidths=1.6)
    contour(ax, f, box, levels=[f.value(at)], colors=[BLUE], linewidths=3)
    size = 0.24
    for vector, color, text, place in (
        (derived, RED, "derived: $(-1-e,\\ 1+e)$", (-0.8, 1.9)),
        (printed, PURPLE, "on the slide: $(-e,\\ {-}1+e)$", (-1.5, 1.12)),
    ):
        arrow(ax, at, at + size * vector, color=color)
        note(ax, text, place, color=color)
    dot(ax, *at)
    note(ax, "$y = (0, 1)$", at, (0.8, 0.1))
    dot(ax, *best.x, marker="*", markersize=24)
    note(ax, f"minimum ${best.fun:.3f}$\nat $({best.x[0]:.3f}, {best.x[1]:.3f})$", best.x, (0.7, 0))
    ax.set(xlabel="$x_1$", ylabel="$x_2$", xlim=box[:2], ylim=box[2:])
    ax.set_aspect("equal")
    frame(ax)
    exact = np.array([-1 - np.e, 1 + np.e])
    return [
        Check(
            "the derived gradient against (−1 − e, 1 + e)",
            float(np.abs(derived - exact).max()),
            1e-14,
        ),
        Check("the minimum against −0.776", abs(best.fun + 0.776), 5e-4),
        Check("the printed one is not the derived one", float(np.allclose(derived, printed)), 0.0),
    ]


DERIVATIVE = (slope, up_or_down, three_drugs, field, quick_exercise)
