"""Figures of the way down: step size, condition number, momentum and acceleration."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from optidemo.checks.check import Check
from optidemo.objectives import Quadratic
from optidemo.plots.contours import contour_path
from optidemo.plots.convergence import convergence
from optidemo.plots.marks import headline, note
from optidemo.plots.registry import figure
from optidemo.plots.style import BLUE, GREEN, GREY, PURPLE, RED
from optidemo.solvers.gradient import accelerated_gradient, gradient_descent
from optidemo.solvers.result import Result

if TYPE_CHECKING:
    from optidemo.plots.style import StyledFigure

__all__ = ["DESCENT"]

TURN = np.array([[np.cos(0.5), -np.sin(0.5)], [np.sin(0.5), np.cos(0.5)]])


def _bowl(condition: float) -> Quadratic:
    """Return xᵀAx with L = 1 and μ = 1/condition, its axes turned by half a radian."""
    return Quadratic(TURN @ np.diag([0.5 / condition, 0.5]) @ TURN.T)


@figure(
    "step-size",
    place="Why do we need derivative? Which way, and how far",
    title="Too small, right, too long, diverging",
    caption="Gradient descent on a quadratic with L = 1 and condition number 8. With 0.1/L it "
    "creeps; with 1/L it goes straight down; with 1.9/L it swings across the valley; "
    "above 2/L it diverges along the eigenvector of the largest eigenvalue.",
    alt="Four panels with paths on elliptic contours: a short creeping path, a quick one, a "
    "zigzag and one that runs away.",
)
def step_size(fig: StyledFigure) -> list[Check]:
    """Draw four runs that differ in their step alone."""
    f = _bowl(8.0)
    L = f.lipschitz()
    start = TURN @ np.array([3.4, 0.75])
    cases = (
        ("too small: $0.1/L$", 0.1 / L, BLUE), ("right: $1/L$", 1 / L, GREEN),
        ("too long: $1.9/L$", 1.9 / L, PURPLE), ("diverging: $2.06/L$", 2.06 / L, RED),
    )  # fmt: skip
    axes = fig.subplots(2, 2).ravel()
    headline(fig, "Twenty steps of gradient descent: only the step differs")
    for ax, (text, _, color) in zip(axes, cases, strict=True):
        ax.set_title(text, color=color)
    fig.draw_without_rendering()  # the contours must fill the panels, whose shape is known now
    worst = 0.0
    for ax, (_, step, color) in zip(axes, cases, strict=True):
        run = gradient_descent(f, start, step=step, maxiter=20, tol=1e-9)
        (line,) = contour_path(ax, f, run, best=np.zeros(2), box=(-1.6, 4.4, -0.9, 2.9)).values()
        line.set(color=color, markersize=0.7 * line.get_markersize())
        ax.set(xlabel="", ylabel="")
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
    "from 0.05/L to 2/L (condition number 20). Lines: the theory, ln 10⁻⁶ over ln of the "
    "slower of the two factors |1 − tμ| and |1 − tL|. The best step is 2/(L + μ); at 2/L "
    "it stops to converge.",
    alt="A U-shaped curve on a log scale that falls slowly, has its minimum just below 2/L "
    "and shoots up there.",
)
def step_length_curve(fig: StyledFigure) -> list[Check]:
    """Draw iterations against the step, measured and predicted."""
    f = _bowl(20.0)
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
    note(ax, r"best: $2/(L + \mu)$", (best, 420), (-0.4, 0), ha="right", color="#1B7A66")
    note(ax, "theory", (0.2, float(np.interp(0.2, fine * L, theory))), (0.7, 0.7), color=GREY)
    note(ax, "counted", (float(steps[8] * L), counted[8]), (0.1, -0.9), ha="right", color=BLUE)
    ax.set(
        xlabel="step length $t$, in units of $1/L$",
        ylabel="iterations to $10^{-6}$",
        xlim=(0, 2.12),
        ylim=(50, 9_000),
    )
    wrong = np.abs(counted - np.log(1e-6) / np.log(_factor(steps, L, mu)))
    return [Check("counted against theory, iterations", float(wrong.max() / counted.max()), 0.06)]


def _factor(t: np.ndarray, L: float, mu: float) -> np.ndarray:
    return np.maximum(np.abs(1 - t * mu), np.abs(1 - t * L))


@figure(
    "condition-number",
    place="Why do we need derivative? Which way, and how far",
    title="Condition number against iterations",
    caption="Iterations to shrink the gradient norm by 10⁻⁶ on quadratics with condition number κ "
    "= L/μ: gradient descent grows like κ, the accelerated gradient like √κ. Dots are "
    "counted, lines are the theory's ln 10⁶ / −ln(1 − 1/κ) and ln 10⁶ / −ln(1 − 1/√κ).",
    alt="Two rising rows of dots on log axes, one of slope 1, the other of slope one half, "
    "with their theory lines.",
)
def condition_number(fig: StyledFigure) -> list[Check]:
    """Draw iterations against the condition number."""
    conditions = np.geomspace(3, 1000, 12)
    plain, fast = [], []
    for condition in conditions:
        f = _bowl(float(condition))
        start = TURN @ np.array([condition, 1.0])
        plain.append(gradient_descent(f, start, tol=1e-6, maxiter=100_000).nit)
        fast.append(accelerated_gradient(f, start, tol=1e-6, maxiter=100_000).nit)
    ax = fig.subplots()
    headline(
        fig,
        r"Ten times the condition number: ten times the steps, or $\sqrt{10}$ times if accelerated",
    )
    line = np.geomspace(3, 1000, 200)
    theory = (np.log(1e6) / -np.log(1 - 1 / line), np.log(1e6) / -np.log(1 - 1 / np.sqrt(line)))
    rows = (
        (plain, theory[0], BLUE, "o", "gradient descent"),
        (fast, theory[1], RED, "s", "accelerated gradient"),
    )
    for counted, curve, color, marker, text in rows:
        ax.loglog(
            line, curve, color=color, linestyle="-" if marker == "o" else (0, (6, 2)), linewidth=1.6
        )
        ax.loglog(
            conditions,
            counted,
            color=color,
            marker=marker,
            linestyle="none",
            markeredgecolor="white",
        )
        note(
            ax,
            text,
            (conditions[7], counted[7]),
            (-0.6, 0.9) if marker == "o" else (0.6, -1.4),
            ha="right" if marker == "o" else "left",
            color=color,
        )
    note(
        ax,
        "dots: counted; lines: theory",
        (0.98, 0.05),
        xycoords="axes fraction",
        ha="right",
        color=GREY,
    )
    ax.set(xlabel=r"condition number $\kappa = L/\mu$", ylabel="iterations to $10^{-6}$")
    slopes = [float(np.polyfit(np.log(conditions[4:]), np.log(n[4:]), 1)[0]) for n in (plain, fast)]
    gap = np.abs(np.array(plain) * -np.log(1 - 1 / conditions) / np.log(1e6) - 1)
    return [
        Check("gradient descent: counted against theory, relative", float(gap.max()), 0.1),
        Check("gradient descent: the exponent of κ against 1", abs(slopes[0] - 1), 0.05),
        Check("accelerated: the exponent of κ against ½", abs(slopes[1] - 0.5), 0.15),
    ]


@figure(
    "momentum",
    place="Why do we need derivative? Which way, and how far",
    title="Momentum and acceleration against plain descent",
    caption="A quadratic with condition number 100. Plain descent with 1/L takes the theory's "
    "factor 1 − μ/L per step (dashed); momentum, with β = (1 − √(μ/L))/(1 + √(μ/L)), and "
    "Nesterov's accelerated gradient need far fewer, and ripple on the way.",
    alt="Left, three falling curves on a log scale, plain descent by far the slowest. Right, "
    "their paths on long contours: plain descent creeps along the valley, momentum "
    "overshoots and swings.",
)
def momentum(fig: StyledFigure) -> list[Check]:
    """Draw three first-order methods on one valley."""
    f = _bowl(100.0)
    L, mu = f.lipschitz(), f.strong_convexity()
    start = TURN @ np.array([2.6, 1.0])
    ball = (1 - np.sqrt(mu / L)) / (1 + np.sqrt(mu / L))
    runs = {
        "gradient descent": gradient_descent(f, start, maxiter=400, tol=1e-12),
        f"momentum {ball:.2f}": gradient_descent(
            f, start, momentum=float(ball), maxiter=400, tol=1e-12
        ),
        "accelerated": accelerated_gradient(f, start, maxiter=400, tol=1e-12),
    }
    left, right = fig.subplots(1, 2, width_ratios=[1.25, 1])
    headline(fig, "Momentum remembers the way: the same gradients, far fewer steps")
    convergence(
        left, runs, 0.0, {"gradient descent": 1 - mu / L}, quantity="gradient", legend=False
    )
    shown = [line for line in left.get_lines() if not str(line.get_label()).startswith("_")]
    fig.legend(handles=shown, loc="outside lower left", ncols=3)
    right.set(xlabel="$x_1$", ylabel="$x_2$")
    right.set_title("the first 40 steps", loc="center")
    fig.draw_without_rendering()
    contour_path(
        right,
        f,
        {k: _first(run, 40) for k, run in runs.items()},
        best=np.zeros(2),
        box=(-1.2, 2.6, -1.3, 2.6),
    )
    norms = runs["gradient descent"].trajectory.gradient_norm
    measured = (norms[-1] / norms[200]) ** (1 / (len(norms) - 201))
    return [
        Check("plain descent's rate against 1 − μ/L", abs(float(measured) - (1 - mu / L)), 1e-6)
    ]


def _first(run: Result, steps: int) -> Result:
    """Return a run's first steps, for a picture."""
    path = run.trajectory
    first = replace(path, x=path.x[: steps + 1], iteration=path.iteration[: steps + 1])
    return Result({**run, "trajectory": first})


DESCENT = (step_size, step_length_curve, condition_number, momentum)
