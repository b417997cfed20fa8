"""The figure of what a derivative costs: derived against automatic, as the benchmark timed them."""

from __future__ import annotations

import json
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np

from optidemo.checks.check import Check
from optidemo.objectives import OBJECTIVES
from optidemo.plots.marks import headline, note
from optidemo.plots.registry import figure
from optidemo.plots.style import BLUE, GREY, PALE, RED

if TYPE_CHECKING:
    from optidemo.plots.style import StyledFigure

__all__ = ["SPEED"]


@figure(
    "speed",
    place="In Real Life: what does the automatic derivative cost?",
    title="The derived gradient's speed against autograd's",
    caption="Time of one gradient of each objective, derived and by autograd, at the least "
    "favourable of three sizes, as scripts/bench.py --only gradients --save wrote them to "
    "optidemo/plots/lecture/speed.json.",
    alt="For each objective two dots on a log axis of time, the derived gradient always left "
    "of autograd's.",
)
def speed(fig: StyledFigure) -> list[Check]:
    """Draw the times that were saved by the benchmark."""
    text = (resources.files("optidemo.plots.lecture") / "speed.json").read_text(encoding="utf-8")
    saved = json.loads(text)
    rows = [row for row in saved["rows"] if row["against"] == "autograd"]
    names = [row["work"].removeprefix("∇f of ") for row in rows]
    ours, theirs = 1e6 * np.array([row["seconds"] for row in rows]).T
    machine = saved["machine"]
    ax = fig.subplots()
    ratio = np.median(theirs / ours)
    headline(
        fig,
        f"A derived gradient is never slower than autograd’s; the median is {ratio:.0f} times faster",
    )
    y = np.arange(len(rows))[::-1]
    ax.hlines(y, ours, theirs, color=PALE, linewidth=3)
    for times, color, marker in ((ours, BLUE, "o"), (theirs, RED, "s")):
        ax.plot(times, y, color=color, marker=marker, linestyle="none", markeredgecolor="white")
    note(ax, "derived", (ours[0], y[0]), (-0.4, 0.75), color=BLUE)
    note(ax, "autograd", (theirs[0], y[0]), (0, 0.75), ha="center", color=RED)
    ax.set_yticks(y, names, size="small")
    ax.tick_params(axis="y", length=0)
    ax.set_xscale("log")
    ax.set(xlabel="microseconds for one gradient", ylim=(-0.7, len(rows) + 0.5))
    where = f"{machine['processor']}, {machine['date']}\nautograd {machine['versions']['autograd']}"
    note(
        ax,
        where,
        (0.99, 0.03),
        xycoords="axes fraction",
        ha="right",
        va="bottom",
        color=GREY,
        size="small",
        multialignment="right",
    )
    missing = set(OBJECTIVES) - set(names)
    return [
        Check("derived over autograd, the slowest", float((ours / theirs).max()), 1.0),
        Check("objectives without a time", float(len(missing)), 0.0),
    ]


SPEED = (speed,)
