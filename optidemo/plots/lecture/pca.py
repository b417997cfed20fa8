"""Figures of principal component analysis: objective 13."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optidemo.checks.check import Check
from optidemo.datasets import load_dataset
from optidemo.linalg.eigen import pca, top_eigenvectors
from optidemo.objectives import PCA
from optidemo.plots.contours import contour
from optidemo.plots.convergence import convergence
from optidemo.plots.fields import HEIGHT
from optidemo.plots.marks import arrow, dot, equal, frame, headline, note, with_unit
from optidemo.plots.registry import figure
from optidemo.plots.style import BLUE, GREEN, GREY, INK, PURPLE, RED
from optidemo.solvers.sphere import power_iteration, sphere_gradient

if TYPE_CHECKING:
    from optidemo.arrays import Matrix
    from optidemo.plots.style import StyledFigure

__all__ = ["COMPONENTS"]

T = r"^{\!\top}\!"


def _sepals() -> Matrix:
    """Return petal and sepal length of 150 flowers, in cm."""
    return load_dataset("iris").matrix("petal_length_cm", "sepal_length_cm")


@figure(
    "principal-axes",
    place="objective 13, The PCA objective",
    title="The cloud and its principal axes",
    caption="Petal and sepal length of 150 irises. The arrows are the eigenvectors of the "
    "covariance matrix, as long as two standard deviations along them; the first carries "
    "almost all of the variance.",
    alt="An elongated cloud of points with a long arrow along it and a short one across it, "
    "at right angles.",
    dataset="iris",
)
def principal_axes(fig: StyledFigure) -> list[Check]:
    """Draw the iris cloud with both components."""
    X = _sepals()
    found = pca(X, 2)
    ax = fig.subplots()
    share = found.explained_variance / found.explained_variance.sum()
    headline(fig, f"The first principal axis carries {100 * share[0]:.1f} % of the variance")
    ax.plot(
        X[:, 0], X[:, 1], marker="o", color=BLUE, linestyle="none", alpha=0.55, markeredgewidth=0
    )
    for i, (color, shift) in enumerate(((RED, (0.3, -1.9)), (PURPLE, (0.0, 0.8)))):
        axis = found.components[i] * np.sign(
            found.components[i][0] if i == 0 else found.components[i][1]
        )
        tip = found.mean + 2 * np.sqrt(found.explained_variance[i]) * axis
        arrow(ax, found.mean, tip, color=color, wide=1.3)
        text = rf"$\lambda_{i + 1} = {found.explained_variance[i]:.3f}$ cm$^2$"
        note(ax, text, tip, shift, color=color, ha="center")
    dot(ax, *found.mean)
    note(ax, "mean", found.mean, (-0.7, -0.2), ha="right")
    units = load_dataset("iris").units
    ax.set(
        xlabel=with_unit("petal length", units["petal_length_cm"]),
        ylabel=with_unit("sepal length", units["sepal_length_cm"]),
    )
    equal(ax, (0.6, 8.4), (4.0, 8.2))
    S = np.cov(X.T)
    v = found.components[0]
    return [
        Check(
            "‖Sv − λv‖ of the first axis",
            float(np.linalg.norm(S @ v - found.explained_variance[0] * v)),
            1e-13,
        ),
        Check("the axes are orthogonal", abs(float(v @ found.components[1])), 1e-15),
    ]


@figure(
    "unit-circle",
    place="objective 13, The PCA objective",
    title="The PCA objective around the unit circle",
    caption="xᵀAx of the iris covariance on xᵀx = 1, against the angle of x. The maxima are ± the "
    "top eigenvector, the minima ± the bottom one, and the values there are the "
    "eigenvalues. The dots are a run of gradient ascent on the sphere.",
    alt="A wave over the angle from −90 to 270 degrees with two equal maxima and two equal "
    "minima, and dots that climb to a maximum; beside it the circle on the contours.",
    dataset="iris",
)
def unit_circle(fig: StyledFigure) -> list[Check]:
    """Draw f around the circle, and the circle on the contours of xᵀAx."""
    S = np.cov(_sepals().T)
    f = PCA(S, 0.0)
    values, vectors = np.linalg.eigh(S)
    run = sphere_gradient(f, [0.6, -0.8], step=0.06)
    left, ax = fig.subplots(1, 2, width_ratios=[1.35, 1])
    headline(fig, rf"On the circle $x{T}x = 1$ the extremes of $x{T}Ax$ are the eigenvectors")
    t = np.radians(np.linspace(-90, 270, 721))
    wave = np.array([f.value([np.cos(a), np.sin(a)]) for a in t])
    left.plot(np.degrees(t), wave, color=BLUE, linestyle="-")
    angle = float(np.degrees(np.arctan2(*(vectors[::-1, 1] * np.sign(vectors[0, 1])))))
    for value, at, text, color in (
        (values[1], angle, "maximum", RED),
        (values[0], angle + 90, "minimum", PURPLE),
    ):
        for turn in (0, 180 if at < 90 else -180):
            dot(left, at + turn, value, color=color, marker="*", markersize=24)
        up = 1 if text == "maximum" else -1
        note(
            left,
            rf"{text} $\lambda = {value:.3f}$",
            (at, value),
            (0, 1.1 * up),
            ha="center",
            color=color,
        )
    path = run.trajectory.x
    turns = np.degrees(np.unwrap(np.arctan2(path[:, 1], path[:, 0])))
    left.plot(
        turns, run.trajectory.fun, marker="o", color=INK, linestyle="none", markersize=7, zorder=6
    )
    note(left, "dots: gradient\nascent on\nthe sphere", (112, 2.9), ha="center")
    left.set(
        xlabel="angle of $x$ (degrees)",
        ylabel=rf"$x{T}Ax$ (cm$^2$)",
        xlim=(-90, 270),
        ylim=(-0.55, 4.6),
        xticks=[-90, 0, 90, 180, 270],
    )
    contour(ax, f, (-1.7, 1.7, -1.7, 1.7), levels=10, colors=None, cmap=HEIGHT, linewidths=1.6)
    ring = np.linspace(0, 2 * np.pi, 241)
    ax.plot(np.cos(ring), np.sin(ring), color=INK, linestyle="-", linewidth=2)
    ax.plot(path[:, 0], path[:, 1], marker="o", color=INK, linestyle="none", markersize=7)
    for k, color in ((1, RED), (0, PURPLE)):
        v = vectors[:, k] * np.sign(vectors[0, k])
        for sign in (1, -1):
            dot(ax, *(sign * v), color=color, marker="*", markersize=24)
        arrow(ax, (0, 0), v, color=color)
        note(ax, f"$v_{2 - k}$", 0.55 * v, (-0.1, 0.8) if k else (-0.9, -0.2), color=color)
    ax.set(
        xlabel="$x_1$",
        ylabel="$x_2$",
        xlim=(-1.5, 1.5),
        ylim=(-1.5, 1.5),
        xticks=[-1, 0, 1],
        yticks=[-1, 0, 1],
    )
    ax.set_aspect("equal")
    frame(ax)
    return [
        Check("the wave's maximum against λ₁, relative", abs(wave.max() / values[1] - 1), 1e-4),
        Check("the ascent's end against λ₁, relative", abs(run.fun / values[1] - 1), 1e-12),
    ]


@figure(
    "eigengap",
    place="objective 13, The PCA objective",
    title="The error against the eigengap",
    caption="The top eigenvector of a 10 × 10 matrix with the eigengap δ = λ₁ − λ₂, after the "
    "matrix is disturbed by a random symmetric E with ‖E‖ = 10⁻⁶: the smaller the gap, "
    "the larger the error. Dashed, the bound ‖E‖/(δ − ‖E‖) of Davis and Kahan; it is not "
    "exceeded.",
    alt="On log axes, dots fall along a line of slope −1 as the eigengap grows, all of them "
    "below a dashed bound.",
    seed=13,
)
def eigengap(fig: StyledFigure) -> list[Check]:
    """Draw the error of the disturbed eigenvector against the gap."""
    rng = np.random.default_rng(13)
    size, d = 1e-6, 10
    gaps = np.repeat(np.geomspace(1e-5, 1.0, 21), 6)
    sines, bounds = [], size / (gaps - size)
    for gap in gaps:
        Q = np.linalg.qr(rng.standard_normal((d, d)))[0]
        values = np.concatenate([[2.0, 2.0 - gap], np.linspace(0.0, 0.9, d - 2)])
        E = rng.standard_normal((d, d))
        E = E + E.T
        E *= size / np.linalg.norm(E, 2)
        v = top_eigenvectors((Q * values) @ Q.T + E)[1][:, 0]
        sines.append(float(np.linalg.norm(v - (Q[:, 0] @ v) * Q[:, 0])))
    error = np.array(sines)
    ax = fig.subplots()
    headline(fig, "A small eigengap makes the eigenvector uncertain: error $\\propto$ 1/gap")
    ax.loglog(gaps, error, marker="o", color=BLUE, linestyle="none", alpha=0.65, markeredgewidth=0)
    line = np.geomspace(1e-5, 1.0, 200)
    ax.loglog(line, size / (line - size), color=RED, linestyle=(0, (6, 2)))
    note(ax, r"bound $\|E\| / (\delta - \|E\|)$", (3e-3, size / 3e-3), (0.8, 0.8), color=RED)
    note(ax, "measured", (2e-4, 4e-4), (-0.9, -2.2), ha="right", color=BLUE)
    ax.set(
        xlabel=r"eigengap $\delta = \lambda_1 - \lambda_2$",
        ylabel=r"error $\sin\angle(v, v_1)$",
        xlim=(7e-6, 1.6),
        ylim=(1e-7, 0.3),
    )
    slope = float(np.polyfit(np.log(gaps), np.log(error), 1)[0])
    return [
        Check("measured over bound, at most 1", float((error / bounds).max()), 1.0),
        Check("the slope of the cloud against −1", abs(slope + 1), 0.1),
    ]


@figure(
    "power-iteration",
    place="objective 13, The PCA objective",
    title="Power iteration and the eigengap",
    caption="The gradient along the sphere, 2‖Sx − (xᵀSx)x‖, against iterations for three "
    "eigengaps of a 10 × 10 matrix. Dashed, the theory: a factor of λ₂/λ₁ per iteration.",
    alt="Three falling straight lines on a log scale, steeper for larger gaps, each with a "
    "dashed line of the same slope.",
    seed=14,
)
def power(fig: StyledFigure) -> list[Check]:
    """Draw power iteration for three ratios λ₂/λ₁."""
    Q = np.linalg.qr(np.random.default_rng(14).standard_normal((10, 10)))[0]
    ratios = (0.95, 0.8, 0.4)
    runs, rates, worst = {}, {}, 0.0
    for ratio in ratios:
        values = np.concatenate([[1.0, ratio], ratio * np.linspace(0.5, 0.0, 8)])
        run = power_iteration((Q * values) @ Q.T, Q.sum(axis=1), tol=1e-10)
        label = rf"$\lambda_2/\lambda_1 = {ratio}$"
        runs[label], rates[label] = run, ratio
        norms = run.trajectory.gradient_norm
        half = len(norms) // 2
        measured = (norms[-2] / norms[half]) ** (1 / (len(norms) - 2 - half))
        worst = max(worst, abs(measured - ratio))
    ax = fig.subplots()
    headline(
        fig,
        r"Power iteration gains a factor $\lambda_2/\lambda_1$ per step: slow where the gap is small",
    )
    convergence(ax, runs, rates=rates, quantity="gradient", legend=False)
    shifts = ((-7.2, -0.8), (0.8, 0.0), (0.6, 0.0))
    for (label, run), color, shift in zip(runs.items(), (BLUE, RED, GREEN), shifts, strict=True):
        k = int(0.55 * run.nit) if color == BLUE else run.nit
        note(ax, label, (k, run.trajectory.gradient_norm[k]), shift, color=color)
    note(ax, "dashed: theory", (0.98, 0.95), xycoords="axes fraction", ha="right", color=GREY)
    ax.set_ylabel(rf"$2\,\|Sx_k - (x_k{T}Sx_k)\,x_k\|$")
    return [Check("the measured rates against λ₂/λ₁", worst, 5e-3)]


COMPONENTS = (principal_axes, unit_circle, eigengap, power)
