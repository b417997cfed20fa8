"""Figures of the support vector machine: objective 12."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optidemo.checks.check import Check
from optidemo.datasets import load_dataset
from optidemo.objectives import SVM
from optidemo.plots.curves import graph, slope_graph, subdifferential
from optidemo.plots.marks import dot, equal, headline, note, with_unit
from optidemo.plots.registry import figure
from optidemo.plots.style import BLUE, GOLD, GREY, INK, RED
from optidemo.solvers.linear_program import linear_program

if TYPE_CHECKING:
    from optidemo.arrays import Vector
    from optidemo.plots.style import StyledFigure

__all__ = ["SVMS"]


@figure(
    "hinge",
    place="objective 12, SVM objective",
    title="The hinge loss",
    caption="ReLU(1 − m) of the margin m = y⟨x, w⟩: nothing is lost on samples that are right by "
    "a margin of 1 or more; the others pull with the slope −1. At the kink m = 1 every "
    "slope from −1 to 0 is a subgradient.",
    alt="Left, a line that falls to 0 at margin 1 and stays there, above the step of the 0-1 "
    "loss. Right, its derivative, −1 then 0, with a bar at 1.",
)
def hinge(fig: StyledFigure) -> list[Check]:
    """Draw the loss of one sample and its derivative."""
    f = SVM([[1.0]], [1.0])  # w is then the margin itself
    left, right = fig.subplots(1, 2)
    headline(
        fig,
        r"The hinge ReLU$(1 - m)$ stops caring once the margin $m = y\langle x, w\rangle$ reaches 1",
    )
    span = (-1.6, 2.6)
    left.plot(
        [span[0], 0, 0, span[1]], [1, 1, 0, 0], color=GREY, linestyle=(0, (4, 2)), linewidth=1.8
    )
    graph(left, f, span)
    dot(left, 1, 0)
    note(left, "hinge", (-0.9, 1.9), (0.9, 0.5), color=BLUE)
    note(left, "mistakes", (-1.5, 1.0), (0, 0.7), color=GREY)
    note(left, "kink", (1, 0), (0.2, 1.1))
    left.set(xlabel="margin $m$", ylabel="loss of one sample")
    equal(left, span, (-0.4, 2.7))
    slope_graph(right, f, span, (1.0,))
    subdifferential(right, 1.0, -1.0, 0.0)
    dot(right, 1.0, -1.0, color=RED, open=True)
    dot(right, 1.0, 0.0, color=RED)
    note(right, "all subgradients", (1.0, -0.5), (0.7, 0), color=GREY)
    note(right, "pulls", (-0.4, -1.0), (0, 0.8), ha="center", color=RED)
    note(right, "rests", (1.9, 0.0), (0, 0.8), ha="center", color=RED)
    right.set(
        xlabel="margin $m$", ylabel="derivative", xlim=span, ylim=(-1.25, 0.3), yticks=[-1, -0.5, 0]
    )
    inside = max(f.subdifferential_distance(np.ones(1), np.array([t])) for t in (-1.0, -0.5, 0.0))
    return [Check("−1, −½ and 0 are subgradients at m = 1", inside, 1e-12)]


def _petals() -> tuple[Vector, Vector, Vector]:
    """Return length, width (cm) and label, −1 versicolor and 1 virginica."""
    iris = load_dataset("iris")
    species = iris.column("species")
    kept = np.isin(species, ("versicolor", "virginica"))
    length, width = iris.matrix("petal_length_cm", "petal_width_cm")[kept].T
    return length, width, np.where(species[kept] == "virginica", 1.0, -1.0)


@figure(
    "svm-margin",
    place="objective 12, SVM objective",
    title="The SVM's margin",
    caption="Petals of two species of iris. The line is the minimiser of the hinge objective, "
    "found exactly by a linear program; the dashed lines are the margins y⟨x, w⟩ = 1. "
    "Only the ringed flowers, inside the margin or beyond it, contribute to f and to its "
    "gradient. Each flower is moved by up to 0.02 cm, so that none hides another.",
    alt="Two clouds of points with a separating line between two dashed parallels; the points "
    "between the parallels or on the wrong side are ringed.",
    dataset="iris",
)
def svm_margin(fig: StyledFigure) -> list[Check]:
    """Draw the separating line of versicolor and virginica."""
    length, width, y = _petals()
    f = SVM(np.column_stack([length, width, np.ones_like(y)]), y)
    run = linear_program(f)
    w = run.x
    margin = y * (f.rows.X @ w)
    ax = fig.subplots()
    headline(fig, "Only flowers inside the margin pull on the line")
    ends = np.array([2.0, 8.0])
    for level, looks in ((0.0, "-"), (1.0, (0, (6, 2))), (-1.0, (0, (6, 2)))):
        x2 = (level - w[2] - w[0] * ends) / w[1]
        ax.plot(ends, x2, color=INK, linestyle=looks, linewidth=3 if level == 0 else 1.6)
    rng = np.random.default_rng(12)  # many flowers share a point: 0.02 cm of jitter shows them all
    a, b = length + 0.02 * rng.uniform(-1, 1, len(y)), width + 0.02 * rng.uniform(-1, 1, len(y))
    pulls = margin < 1 - 1e-9
    ax.plot(
        a[pulls],
        b[pulls],
        marker="o",
        linestyle="none",
        color="none",
        markeredgecolor=GOLD,
        markersize=19,
        markeredgewidth=2.5,
    )
    for label, marker, color in ((-1.0, "o", BLUE), (1.0, "s", RED)):
        of = y == label
        ax.plot(a[of], b[of], marker=marker, color=color, linestyle="none", markeredgecolor="white")
    note(ax, "versicolor", (3.35, 1.42), color=BLUE, ha="center")
    note(ax, "virginica", (6.35, 2.5), color=RED, ha="left", va="bottom")
    for level, shift, side in ((0, (-2.2, -1.9), "right"), (1, (1.3, 1.0), "left")):
        at = (6.2, (level - w[2] - w[0] * 6.2) / w[1])
        note(ax, rf"$\langle x, w\rangle = {level}$", at, shift, ha=side, pointer=True)
    note(
        ax,
        f"{int(pulls.sum())} of {len(y)} flowers pull;\n$f(w) = {run.fun:.2f}$",
        (2.72, 1.88),
        color=GOLD,
    )
    units = load_dataset("iris").units
    ax.set(
        xlabel=with_unit("petal length", units["petal_length_cm"]),
        ylabel=with_unit("petal width", units["petal_width_cm"]),
    )
    equal(ax, (2.9, 7.1), (0.85, 2.65))
    return [
        Check("0 is a subgradient at w: distance", f.stationarity(w), 1e-8),
        Check(
            "f(w) against the sum of the ringed hinges",
            abs(run.fun - float(np.sum(1 - margin[pulls]))),
            1e-9,
        ),
    ]


SVMS = (hinge, svm_margin)
