"""The figure of logistic regression on real data: objectives 9 and 16."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optidemo.checks.check import Check
from optidemo.datasets import load_dataset
from optidemo.objectives import LogisticRegression
from optidemo.plots.marks import dot, headline, note, with_unit
from optidemo.plots.registry import figure
from optidemo.plots.style import BLUE, GREY, INK, PALE, PURPLE, RED
from optidemo.solvers.newton import newton

if TYPE_CHECKING:
    from optidemo.arrays import Matrix, Vector
    from optidemo.plots.style import StyledFigure

__all__ = ["LOGISTIC_REGRESSION"]


def _with_ones(x: Vector) -> Matrix:
    return np.column_stack([np.ones_like(x), x])


@figure(
    "challenger",
    place="objectives 9 and 16, logistic regression",
    title="Challenger: the launch at 31 °F",
    caption="O-ring distress on the 23 earlier flights against the temperature of the joint, and "
    "the logistic regression fitted by Newton's method. At 31 °F, the temperature of "
    "Challenger's last launch and far below all experience, the fitted probability of "
    "distress is 0.9996. Flights at the same temperature are drawn one beside the other.",
    alt="Points at 0 and 1 between 53 and 81 °F, a falling logistic curve through them that "
    "reaches almost 1 at 31 °F, where a star marks the launch.",
    dataset="challenger_orings",
)
def challenger(fig: StyledFigure) -> list[Check]:
    """Draw the logistic regression of O-ring distress on temperature."""
    data = load_dataset("challenger_orings")
    temperature, distress = data.matrix("temperature_F", "any_distress").T
    f = LogisticRegression(_with_ones(temperature), distress)
    run = newton(f)
    launch = float(f.probability(run.x, [[1.0, 31.0]])[0])
    ax = fig.subplots()
    headline(fig, f"The data said it: at 31 °F the probability of O-ring distress is {launch:.4f}")
    ax.axvspan(53, 81, color=PALE, alpha=0.35, linewidth=0)
    note(ax, "flights before:\n53 °F to 81 °F", (53.6, 0.3), color=INK, path_effects=[])
    t = np.linspace(28, 84, 400)
    ax.plot(t, f.probability(run.x, _with_ones(t)), color=BLUE, linestyle="-")
    for value, marker, color in ((0.0, "o", GREY), (1.0, "s", RED)):
        x = np.sort(temperature[distress == value])
        seen = np.array([np.sum(x[:i] == x[i]) for i in range(len(x))])
        y = value + 0.035 * seen * (1 if value == 0 else -1)
        ax.plot(x, y, marker=marker, color=color, linestyle="none", markeredgecolor="white")
    dot(ax, 31.0, launch, color=PURPLE, marker="*", markersize=30)
    note(ax, "Challenger,\n28 January 1986, 31 °F", (31, launch), (0.2, -1.9), color=PURPLE)
    note(ax, "distress", (75, 1.0), (0.8, 0), color=RED, path_effects=[])
    note(ax, "no distress", (65.5, 0.0), (-0.9, 0), ha="right", color=INK, path_effects=[])
    note(
        ax,
        r"$\sigma(w^{\!\top}\!x)$",
        (61.5, float(f.probability(run.x, [[1.0, 61.5]])[0])),
        (0.9, 0.3),
        color=BLUE,
        path_effects=[],
    )
    ax.set(
        xlabel=with_unit("temperature at the joint", data.units["temperature_F"]),
        ylabel="probability of distress",
        xlim=(27, 85),
        ylim=(-0.07, 1.09),
    )
    return [
        Check("P(distress at 31 °F) against the published 0.9996", abs(launch - 0.9996), 5e-5),
        Check("the gradient at the fit", float(np.abs(run.jac).max()), 1e-6),
    ]


LOGISTIC_REGRESSION = (challenger,)
