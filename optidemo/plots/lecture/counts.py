"""Figures of the likelihoods of counts and of outcomes: objectives 15 and 16."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import gammaln, xlogy

from optidemo.checks.check import Check
from optidemo.datasets import load_dataset
from optidemo.objectives import (
    BernoulliLikelihood,
    ExponentialLikelihood,
    PoissonLikelihood,
)
from optidemo.plots.curves import graph, values
from optidemo.plots.likelihoods import log_likelihood
from optidemo.plots.marks import dot, headline, note
from optidemo.plots.registry import figure
from optidemo.plots.style import BLUE, GREY, RED
from optidemo.solvers.newton import newton

if TYPE_CHECKING:
    from optidemo.plots.style import StyledFigure

__all__ = ["COUNTS"]


@figure(
    "poisson-or-exponential",
    place="objective 15, Poisson Maximum Likelihood: its name against its formula",
    title="Poisson is not exponential",
    caption="The same data 1, 2, 3, 0, 4 under both likelihoods, each less its maximum. The "
    "slide's formula λe^(−λx) is the exponential's and gives λ = n/Σxᵢ = 0.5; the Poisson "
    "probability λˣe^(−λ)/x! gives the mean, λ = 2.",
    alt="Two curves over λ with their maxima at 0.5 and at 2.",
)
def poisson_or_exponential(fig: StyledFigure) -> list[Check]:
    """Draw both log-likelihoods of the same five numbers."""
    x = [1.0, 2.0, 3.0, 0.0, 4.0]
    ax = fig.subplots()
    headline(
        fig,
        r"The name says Poisson, the formula says exponential: $\lambda = 2$ or $\lambda = \frac{1}{2}$?",
    )
    found = []
    cases = (
        (
            ExponentialLikelihood(x),
            BLUE,
            "-",
            "exponential: $n/\\sum x_i = {0:.1f}$",
            (1.15, -1.75),
            "left",
        ),
        (
            PoissonLikelihood(x),
            RED,
            (0, (6, 2)),
            "Poisson: $\\sum x_i/n = {0:.0f}$",
            (3.25, -0.75),
            "left",
        ),
    )
    for f, color, looks, text, at, side in cases:
        best = float(newton(f, tol=1e-13).x[0])
        found.append(best)
        top = f.value([best])
        lam = np.linspace(0.02, 5.0, 400)
        ax.plot(lam, values(f.value, lam) - top, color=color, linestyle=looks)
        dot(ax, best, 0.0, color=color)
        note(ax, text.format(best), at, color=color, ha=side)
    ax.set(
        xlabel=r"$\lambda$", ylabel=r"$f(\lambda) - f(\hat\lambda)$", xlim=(0, 5), ylim=(-6, 0.5)
    )
    return [
        Check("exponential: λ against ½", abs(found[0] - 0.5), 1e-12),
        Check("Poisson: λ against 2", abs(found[1] - 2.0), 1e-12),
    ]


@figure(
    "poisson-mle",
    place="objective 15 by its name, Poisson Maximum Likelihood",
    title="The Poisson likelihood of deaths by horse kick",
    caption="Deaths by horse kick in 200 corps-years of the Prussian army. Left, the "
    "log-likelihood with its maximum at the mean, 0.61. Right, how often 0 to 4 deaths "
    "were counted, and what the Poisson law with that λ expects.",
    alt="Left, a curve with its maximum at 0.61. Right, bars of the counts with diamonds of the "
    "expectation almost on top.",
    dataset="horse_kicks",
)
def poisson_mle(fig: StyledFigure) -> list[Check]:
    """Draw the log-likelihood and the counts."""
    data = load_dataset("horse_kicks").matrix("deaths", "in_200_subset")
    deaths = data[data[:, 1] == 1, 0]
    f = PoissonLikelihood(deaths)
    left, right = fig.subplots(1, 2)
    headline(fig, r"For counts the likeliest $\lambda$ is their mean")
    best = log_likelihood(left, f, (0.35, 0.95), r"$\lambda = {0:.2f}$ deaths a corps and year")
    left.set(
        xlabel=r"$\lambda$ (deaths per corps and year)",
        ylabel=r"$f(\lambda)$",
        yticks=range(-220, -200, 5),
    )
    k = np.arange(5)
    seen = np.array([np.sum(deaths == i) for i in k])
    expected = deaths.size * np.exp(xlogy(k, best) - best - gammaln(k + 1))
    right.bar(k, seen, color=BLUE, width=0.7)
    right.plot(k, expected, marker="D", color=RED, linestyle="none", markeredgecolor="white")
    for i in k:
        note(
            right, f"{seen[i]}", (i, max(seen[i], expected[i])), (0, 0.75), ha="center", color=BLUE
        )
    note(right, "counted", (0.5, 85), color=BLUE)
    note(right, "expected", (1, expected[1]), (1.6, 0.6), color=RED)
    right.set(xlabel="deaths in a corps and year", ylabel="corps-years", ylim=(0, 125), xticks=k)
    return [
        Check(
            "the maximum against the mean, relative", abs(best / float(deaths.mean()) - 1), 1e-12
        ),
        Check("the mean against the published 0.61", abs(best - 0.61), 1e-12),
    ]


@figure(
    "bernoulli-mle",
    place="objective 16, Bernoulli Maximum Likelihood",
    title="The Bernoulli likelihood of London's christenings",
    caption="The log-likelihood of p, the share of boys, for 938 223 christenings of 1629–1710, "
    "less its maximum. It is the share itself, 0.516. One half lies about 500 below in "
    "log-likelihood: chance cannot explain it, as Arbuthnot saw.",
    alt="A sharp parabola around 0.516; at one half, marked by a dashed line, it is about 500 "
    "lower.",
    dataset="arbuthnot",
)
def bernoulli_mle(fig: StyledFigure) -> list[Check]:
    """Draw the log-likelihood of the share of boys."""
    boys, girls = (int(n) for n in load_dataset("arbuthnot").matrix("males", "females").sum(axis=0))
    f = BernoulliLikelihood(np.repeat([1.0, 0.0], [boys, girls]))
    best = float(newton(f, tol=1e-13).x[0])
    top = f.value([best])
    ax = fig.subplots()
    headline(fig, "The likeliest $p$ is the share itself")
    graph(ax, lambda p: f.value(p) - top, (0.494, 0.539))
    dot(ax, best, 0.0, color=RED)
    note(ax, f"$p = {best:.4f}$", (best, 0.0), (0, 1.1), ha="center", color=RED)
    half = f.value([0.5]) - top
    ax.axvline(0.5, color=GREY, linestyle=(0, (4, 2)), linewidth=1.8)
    dot(ax, 0.5, half, color=GREY)
    note(ax, f"$p = \\frac{{1}}{{2}}$: lower by {-half:.0f}", (0.5, half), (0.9, -0.5), color=GREY)
    ax.set(
        xlabel="$p$, share of boys among the christened",
        ylabel=r"$f(p) - f(\hat p)$",
        xlim=(0.494, 0.539),
        ylim=(-1080, 130),
    )
    share = boys / (boys + girls)
    return [
        Check("the maximum against the share, relative", abs(best / share - 1), 1e-12),
        Check("the number of christenings against 938223", abs(boys + girls - 938_223), 0.0),
    ]


COUNTS = (poisson_or_exponential, poisson_mle, bernoulli_mle)
