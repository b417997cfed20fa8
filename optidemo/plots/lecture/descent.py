"""Figures of the way down: too short, right and too long a step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optidemo.checks.check import Check
from optidemo.objectives import Quadratic
from optidemo.plots.contours import contour_path
from optidemo.plots.marks import headline, note
from optidemo.plots.registry import figure
from optidemo.plots.style import BLUE, GREEN, GREY, PURPLE, RED, legible
from optidemo.solvers.gradient import gradient_descent

if TYPE_CHECKING:
    from optidemo.plots.style import StyledFigure

__all__ = ["DESCENT", "TO_MILLIONTH", "TURN", "bowl"]

TO_MILLIONTH = r"iterations until $\|\nabla f\|$ is $10^{-6}$ of its start"
TURN = np.array([[np.cos(0.5), -np.sin(0.5)], [np.sin(0.5), np.cos(0.5)]])


def bowl(condition: float) -> Quadratic:
    """Return xᵀAx with L = 1 and μ = 1/condition, its axes turned by half a radian."""
    return Quadratic(TURN @ np.diag([0.5 / condition, 0.5]) @ TURN.T)


@figure(
    "step-size",
    place="Why do we need derivative? Which way, and how far",
    title="Too small, right, too long, diverging",
    caption="Gradient descent on a quadratic with L = 1 and condition number 8. With 0.1/L it "
    "creeps; with 1/L it is on the floor of the valley after one step and then walks along it; with "
    "1.9/L it swings across; "
    "above 2/L it diverges along the eigenvector of the largest eigenvalue.",
    alt="Four panels with paths on elliptic contours: a short creeping path, a quick one, a "
    "zigzag and one that runs away.",
)
def step_size(fig: StyledFigure) -> list[Check]:
    """Draw four runs that differ in their step alone."""
    f = bowl(8.0)
    L = f.lipschitz()
    start = TURN @ np.array([3.4, 0.75])
    cases = (
        ("too small: $0.1/L$", 0.1 / L, BLUE), ("right: $1/L$", 1 / L, GREEN),
        ("too long: $1.9/L$", 1.9 / L, PURPLE), ("diverging: $2.06/L$", 2.06 / L, RED),
    )  # fmt: skip
    axes = fig.subplots(2, 2).ravel()
    headline(fig, "Twenty steps of gradient descent: only the step differs")
    for ax, (text, _, color) in zip(axes, cases, strict=True):
        ax.set_title(text, color=legible(color))
    fig.lay_out()  # the contours must fill the panels, whose shape is known now
    worst = 0.0
    for ax, (_, step, color) in zip(axes, cases, strict=True):
        run = gradient_descent(f, start, step=step, maxiter=20, tol=1e-9)
        (line,) = contour_path(ax, f, run, best=np.zeros(2), box=(-1.6, 4.4, -0.9, 2.9)).values()
        line.set(color=color, markersize=0.7 * line.get_markersize())
        ax.label_outer()
        note(
            ax,
            f"$f(x_{{20}}) = {_short(run.trajectory.fun[-1])}$",
            (0.98, 0.04),
            xycoords="axes fraction",
            ha="right",
            va="bottom",
            color=color,
        )
        k = np.arange(len(run.trajectory))
        values, vectors = np.linalg.eigh(f.hessian(start))
        exact = (vectors * (1 - step * values) ** k[:, None, None]) @ vectors.T @ start
        worst = max(worst, float(np.abs(run.trajectory.x - exact).max()))
    return [Check("every iterate against (I − tH)ᵏ x₀", worst, 1e-12)]


def _short(value: float) -> str:
    """Write a number for mathtext, as 0.27 or 3·10⁻⁵."""
    if 0.01 <= value < 100:
        return f"{value:.2g}"
    mantissa, power = f"{value:.0e}".split("e")
    return rf"{mantissa} \cdot 10^{{{int(power)}}}"


@figure(
    "step-length-curve",
    place="Why do we need derivative? Which way, and how far",
    title="Iterations against the step length",
    caption="Iterations that gradient descent needs to shrink the gradient by 10⁻⁶, for each step "
    "from 0.05/L to 2/L (condition number 20). Line: the theory, ln 10⁻⁶ over ln of the "
    "slower of the two factors |1 − tμ| and |1 − tL|. The best step is 2/(L + μ); from 2/L on "
    "it no longer converges.",
    alt="A U-shaped curve on a log scale that falls slowly, has its minimum just below 2/L "
    "and shoots up there.",
)
def step_length_curve(fig: StyledFigure) -> list[Check]:
    """Draw iterations against the step, measured and predicted."""
    f = bowl(20.0)
    L, mu = f.lipschitz(), f.strong_convexity()
    start = TURN @ np.array([1.0 / mu, 1.0 / L])  # both gradient components are alike
    steps = np.concatenate([np.geomspace(0.05, 1.0, 12), np.linspace(1.1, 1.99, 24)]) / L
    runs = [gradient_descent(f, start, step=float(t), tol=1e-6) for t in steps]
    counted = np.array([run.nit for run in runs])
    fine = np.linspace(0.045, 1.995, 400) / L
    theory = np.log(1e-6) / np.log(_factor(fine, L, mu))
    ax = fig.subplots()
    headline(fig, "The longest step that still converges is nearly the best one")
    ax.semilogy(fine * L, theory, color=GREY, linestyle="-", linewidth=2)
    ax.semilogy(
        steps * L, counted, color=BLUE, marker="o", linestyle="none", markeredgecolor="white"
    )
    best = 2 * L / (L + mu)
    ax.axvline(2.0, color=RED, linestyle=(0, (4, 2)), linewidth=1.8)
    ax.axvline(best, color=GREEN, linestyle=(0, (4, 2)), linewidth=1.8)
    note(ax, "diverges beyond $2/L$", (2.0, 900), (0.4, 0), color=RED, rotation=90, va="center")
    note(ax, r"best: $2/(L + \mu)$", (best, 420), (-0.4, 0), ha="right", color=GREEN)
    note(ax, "theory", (0.2, float(np.interp(0.2, fine * L, theory))), (0.7, 0.7), color=GREY)
    note(ax, "counted", (float(steps[8] * L), counted[8]), (0.1, -0.9), ha="right", color=BLUE)
    ax.set(
        xlabel="step length $t$, in units of $1/L$",
        ylabel=TO_MILLIONTH,
        xlim=(0, 2.12),
        ylim=(50, 9_000),
    )
    wrong = np.abs(counted - np.log(1e-6) / np.log(_factor(steps, L, mu)))
    return [Check("counted against theory, iterations", float(wrong.max() / counted.max()), 0.06)]


def _factor(t: np.ndarray, L: float, mu: float) -> np.ndarray:
    return np.maximum(np.abs(1 - t * mu), np.abs(1 - t * L))


DESCENT = (step_size, step_length_curve)
