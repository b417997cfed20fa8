"""Figures of the multivariate Gaussian: objectives 6 and 7."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from optidemo.checks.check import Check
from optidemo.objectives import Gaussian
from optidemo.plots.contours import contour
from optidemo.plots.fields import gradient_field, surface
from optidemo.plots.marks import dot, frame, headline, note
from optidemo.plots.registry import figure
from optidemo.plots.style import BLUE, RED
from optidemo.status import Status

if TYPE_CHECKING:
    from optidemo.plots.style import StyledFigure

__all__ = ["GAUSSIANS"]

T = r"^{\!\top}\!"


@figure(
    "gaussian",
    place="objectives 6 and 7, The Multivariate Gaussian",
    title="The Gaussian needs a positive definite A",
    caption="e^(−xᵀAx) for S = ½(A + Aᵀ) ≻ 0, a hill with its maximum 1 at 0, and for an "
    "indefinite S, which grows without bound along one direction and has only a saddle at "
    "0. A random 3 × 3 matrix, the slide's choice, is of the second kind in about nine "
    "draws of ten.",
    alt="Left, a bell-shaped hill. Right, a surface that falls off in one direction and "
    "shoots up in the other.",
)
def gaussian(fig: StyledFigure) -> list[Check]:
    """Draw the hill beside the indefinite case."""
    hill, saddle = Gaussian([[1.0, 0.8], [0.0, 0.7]]), Gaussian([[1.0, 0.6], [0.6, -0.35]])
    headline(
        fig,
        rf"$e^{{-x^{{\top}}Ax}}$ is a hill only if $S = \frac{{1}}{{2}}(A + A{T})$ is positive definite",
    )
    grid = fig.add_gridspec(2, 2, height_ratios=[1.5, 1])
    cases = (
        (hill, (-2, 2, -2, 2), r"$S \succ 0$: maximum 1 at 0"),
        (saddle, (-1.6, 1.6, -1.6, 1.6), "$S$ indefinite: a saddle at 0, unbounded above"),
    )
    for i, (f, box, text) in enumerate(cases):
        above: Any = fig.add_subplot(grid[0, i], projection="3d")
        surface(above, f, box, clip_on=False)
        above.view_init(elev=26, azim=-62)
        above.set_box_aspect((1, 1, 0.62), zoom=1.5)
        above.set_axis_off()
        ax = fig.add_subplot(grid[1, i])
        wide = (-4.0, 4.0, -1.5, 1.5)
        levels = (0.02, 0.1, 0.3, 0.5, 0.7, 0.9) if i == 0 else (0.03, 0.2, 0.5, 1.0, 1.8, 4.0)
        contour(ax, f, wide, levels=levels, colors=[BLUE], linewidths=1.5)
        gradient_field(
            ax,
            f,
            (-3.3, 3.3, -1.2, 1.2),
            n=(12, 5),
            longest=1.0,
        )
        dot(ax, 0, 0)
        ax.set_title(text, loc="center")
        ax.set(xlim=wide[:2], ylim=wide[2:], xlabel="$x_1$", ylabel="$x_2$", yticks=[-1, 0, 1])
        ax.set_aspect("equal")
        frame(ax)
    at_zero = max(
        float(np.abs(f.gradient([0, 0])).max()) + abs(f.value([0, 0]) - 1) for f in (hill, saddle)
    )
    verdicts = (hill.optimum().status is Status.CONVERGED) and (
        saddle.optimum().status is Status.UNBOUNDED
    )
    return [
        Check("f(0) = 1 and ∇f(0) = 0, for both", at_zero, 0.0),
        Check("the verdicts: a maximum, and unbounded", float(not verdicts), 0.0),
    ]


@figure(
    "random-definite",
    place="In Real Life, where A is np.random.random((3, 3))",
    title="How often is a random A definite?",
    caption="The smallest eigenvalue of S = ½(A + Aᵀ) for 4000 matrices A with entries drawn "
    "evenly from [0, 1), as on the slide: in most of the draws it is negative, and "
    "e^(−Tr(xᵀAx)) is no Gaussian.",
    alt="A histogram of smallest eigenvalues, most of it below zero.",
    seed=7,
)
def random_definite(fig: StyledFigure) -> list[Check]:
    """Draw the distribution of the smallest eigenvalue of the slide's matrix."""
    A = np.random.default_rng(7).random((4000, 3, 3))
    lowest = np.linalg.eigvalsh(0.5 * (A + A.transpose(0, 2, 1)))[:, 0]
    share = float(np.mean(lowest < 0))
    ax = fig.subplots()
    headline(
        fig, f"Of random $3 \\times 3$ matrices, {100 * share:.0f} % are indefinite: no Gaussian"
    )
    edges = np.arange(-1.05, 0.65, 0.05)
    counts, _ = np.histogram(lowest, edges)
    colors = [RED if right <= 1e-9 else BLUE for right in edges[1:]]
    ax.bar(edges[:-1], counts, width=0.05, align="edge", color=colors, edgecolor="white")
    note(ax, f"indefinite: {100 * share:.1f} %", (-1.02, 352), color=RED)
    note(ax, f"positive definite: {100 * (1 - share):.1f} %", (0.1, 352), color=BLUE)
    ax.set(
        xlabel=r"smallest eigenvalue of $S = \frac{1}{2}(A + A^{\!\top})$",
        ylabel="matrices (of 4000)",
        xlim=(-1.07, 0.62),
        ylim=(0, 375),
    )
    signs = [Gaussian(a).optimum().status is Status.UNBOUNDED for a in A[:200]]
    wrong = int(np.sum(np.array(signs) != (lowest[:200] < 0)))
    return [
        Check("matrices beyond the bars", float(len(lowest) - counts.sum()), 0.0),
        Check(
            "the objective's verdict against the eigenvalue's sign, 200 draws", float(wrong), 0.0
        ),
    ]


GAUSSIANS = (gaussian, random_definite)
