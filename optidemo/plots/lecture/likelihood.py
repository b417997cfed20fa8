"""Figures of the likelihoods: objectives 14, 15 and 17; 16 is in `counts`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optidemo.checks.check import Check
from optidemo.datasets import load_dataset
from optidemo.objectives import (
    ExponentialLikelihood,
    GaussianLikelihood,
    UniformLikelihood,
)
from optidemo.plots.contours import contour
from optidemo.plots.lecture.counts import COUNTS
from optidemo.plots.likelihoods import log_likelihood
from optidemo.plots.marks import arrow, dot, frame, headline, note, with_unit
from optidemo.plots.registry import figure
from optidemo.plots.style import BLUE, GREEN, GREY, INK, PALE, RED
from optidemo.solvers.proximal import projected_gradient

if TYPE_CHECKING:
    from optidemo.plots.style import StyledFigure

__all__ = ["LIKELIHOODS"]


@figure(
    "gaussian-mle",
    place="objective 14, The Gaussian MLE objective",
    title="The Gaussian likelihood of the speed of light",
    caption="Michelson's hundred measurements of 1879 and the log-likelihood of their mean μ. The "
    "maximum is the average of the measurements, 299 852.4 km/s; the accepted value in "
    "air, 299 734.5, lies far out: the error was systematic.",
    alt="Above, a parabola with its peak at 299 852.4 km/s. Below, a dot for each measurement.",
    dataset="michelson1879",
)
def gaussian_mle(fig: StyledFigure) -> list[Check]:
    """Draw the log-likelihood above the measurements."""
    data = load_dataset("michelson1879")
    x = data.matrix("speed_km_per_s")[:, 0]
    f = GaussianLikelihood(x, float(x.std(ddof=1)))
    above, below = fig.subplots(2, 1, sharex=True, height_ratios=[3, 2])
    headline(fig, r"The likeliest $\mu$ is the mean of the $x_i$")
    best = log_likelihood(above, f, (299_600, 300_090), r"the mean: $\mu = {0:,.1f}$ km/s")
    speeds, counts = np.unique(x, return_counts=True)
    for value, count in zip(speeds, counts, strict=True):
        below.plot(
            [value] * count,
            np.arange(count) + 0.5,
            marker="o",
            color=BLUE,
            linestyle="none",
            markersize=5.5,
        )
    for ax in (above, below):
        ax.axvline(299_734.5, color=GREY, linestyle=(0, (4, 2)), linewidth=1.8, zorder=1)
    note(below, "accepted today", (299_734.5, 9.2), (-0.4, 0), ha="right", color=GREY)
    above.set_ylabel(r"$f(\mu)$")
    below.set(
        xlabel=with_unit("speed of light in air", data.units["speed_km_per_s"]),
        ylabel="measurements", ylim=(0, 11), yticks=[5, 10],
    )  # fmt: skip
    below.xaxis.set_major_formatter(lambda v, _: f"{v:,.0f}".replace(",", " "))
    fig.align_ylabels()
    return [
        Check("the maximum against the mean, relative", abs(best / float(np.mean(x)) - 1), 1e-13),
        Check("the maximum against the certified 299852.4 km/s", abs(best - 299_852.4), 1e-6),
    ]


@figure(
    "exponential-mle",
    place="objective 15, there called Poisson Maximum Likelihood",
    title="The exponential likelihood",
    caption="Hours between failures of an air conditioner. Left, the log-likelihood n log λ − "
    "λΣxᵢ, objective 15 as the slide writes it, with its maximum at λ = n/Σxᵢ. Right, the "
    "data and the fitted density λe^(−λx).",
    alt="Left, a curve with one maximum. Right, a histogram of the twelve intervals with a tick "
    "for each below it and a falling exponential over it.",
    dataset="air_conditioning",
)
def exponential_mle(fig: StyledFigure) -> list[Check]:
    """Draw the log-likelihood and the fitted density."""
    x = load_dataset("air_conditioning").matrix("hours")[:, 0]
    f = ExponentialLikelihood(x)
    left, right = fig.subplots(1, 2)
    headline(
        fig, r"Objective 15 is the exponential likelihood: the likeliest $\lambda$ is $n/\sum x_i$"
    )
    best = log_likelihood(left, f, (0.0025, 0.026), r"$\lambda = {0:.5f}$ per hour")
    left.set(xlabel=r"$\lambda$ (failures per hour)", ylabel=r"$f(\lambda)$")
    edges = np.linspace(0, 500, 11)
    right.hist(x, edges, density=True, color=PALE, edgecolor="white")
    t = np.linspace(0, 520, 300)
    right.plot(t, best * np.exp(-best * t), color=RED, linestyle="-")
    right.plot(
        x,
        np.full_like(x, -0.0005),
        marker="|",
        color=INK,
        linestyle="none",
        markersize=16,
        clip_on=False,
    )
    note(right, r"$\lambda e^{-\lambda x}$", (95, best * np.exp(-best * 95)), (0.8, 0.8), color=RED)
    note(right, f"mean: {1 / best:.1f} hours", (230, 0.0062), color=RED)
    right.set(
        xlabel="hours between failures",
        ylabel="density (per hour)",
        xlim=(-8, 520),
        ylim=(-0.0009, 0.0125),
    )
    return [
        Check("the maximum against n/Σx, relative", abs(best * float(x.sum()) / x.size - 1), 1e-12)
    ]


@figure(
    "uniform-mle",
    place="objective 17, The Uniform Distribution MLE objective",
    title="The uniform likelihood's corner",
    caption="−n log(b − a) for 31 serial numbers, over a and b. The gradient n/(b − a)·(1, −1) is "
    "nowhere zero: it pushes into the corner of the feasible set a ≤ min x, b ≥ max x, "
    "and that corner is the maximum.",
    alt="Diagonal contours over a shaded rectangle with parallel arrows, longer towards its lower "
    "right corner, into which they point and which a star marks.",
    dataset="goodman_serials",
)
def uniform_mle(fig: StyledFigure) -> list[Check]:
    """Draw the feasible set, the gradient and the corner."""
    x = load_dataset("goodman_serials").matrix("serial_number")[:, 0]
    f = UniformLikelihood(x)
    corner = f.closed_form()
    run = projected_gradient(f)
    low, high = corner
    room = 0.55 * (high - low)
    ax = fig.subplots()
    headline(fig, "No gradient is zero here: the maximum is the corner $(\\min\\,x, \\max\\,x)$")
    box = (low - 1.6 * room, low + 0.5 * room, high - 0.25 * room, high + 0.95 * room)
    ax.fill_between([box[0], low], high, box[3], color=GREEN, alpha=0.16, linewidth=0)
    ax.plot([box[0], low, low], [high, high, box[3]], color=GREEN, linestyle="-", linewidth=2.2)
    contour(
        ax,
        lambda v: -f.n * np.log(v[1] - v[0]),
        box,
        levels=14,
        power=1.0,
        colors=[PALE],
        linewidths=1.6,
    )
    sides = (
        np.linspace(low - 1.35 * room, low - 0.25 * room, 4),
        np.linspace(high + 0.25 * room, high + 0.75 * room, 2),
    )
    longest = float(np.linalg.norm(f.gradient(corner)))
    for a in sides[0]:
        for b in sides[1]:
            v = np.array([a, b])
            arrow(ax, v, v + 0.24 * room / longest * f.gradient(v), color=RED, wide=0.8)
    path = run.trajectory.x
    dot(ax, *corner, color=INK, marker="*", markersize=30)
    note(ax, f"$a = {low:.0f}$, $b = {high:.0f}$", corner, (0.7, 0.7))
    note(
        ax,
        r"feasible: $a \leq \min\,x$ and $b \geq \max\,x$",
        (box[0], high + 0.5 * room),
        (0.6, 0),
        color=GREEN,
        path_effects=[],
    )
    ax.set(xlabel="$a$ (serial number)", ylabel="$b$ (serial number)", xlim=box[:2], ylim=box[2:])
    ax.set_aspect("equal")
    frame(ax)
    wrong = float(np.abs(path[-1] - corner).max())
    return [
        Check("the projected gradient's end against (min x, max x)", wrong, 1e-9),
        Check(
            "the corner against the data's range",
            float(abs(low - x.min()) + abs(high - x.max())),
            0.0,
        ),
    ]


LIKELIHOODS = (gaussian_mle, exponential_mle, *COUNTS, uniform_mle)
