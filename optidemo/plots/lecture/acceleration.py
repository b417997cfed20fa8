"""Figures of condition number, momentum and acceleration."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from optidemo.checks.check import Check
from optidemo.plots.contours import contour_path
from optidemo.plots.convergence import convergence, handles
from optidemo.plots.lecture.descent import TO_MILLIONTH, TURN, bowl
from optidemo.plots.legend import write_names
from optidemo.plots.marks import headline, note
from optidemo.plots.registry import figure
from optidemo.plots.style import BLUE, GREY, RED
from optidemo.solvers.gradient import accelerated_gradient, gradient_descent
from optidemo.solvers.result import Result

if TYPE_CHECKING:
    from optidemo.plots.style import StyledFigure

__all__ = ["ACCELERATION"]


@figure(
    "condition-number",
    place="Why do we need derivative? Which way, and how far",
    title="Condition number against iterations",
    caption="Iterations to shrink the gradient norm by 10⁻⁶ on quadratics with condition number κ "
    "= L/μ: gradient descent grows like κ, the accelerated gradient like √κ. Dots are "
    "counted, lines are the theory's ln 10⁶ / −ln(1 − 1/κ) and ln 10⁶ / −ln(1 − 1/√κ).",
    alt="A row of dots and one of squares rise on log axes, one with slope 1, the other with slope one half, "
    "with their theory lines.",
)
def condition_number(fig: StyledFigure) -> list[Check]:
    """Draw iterations against the condition number."""
    conditions = np.geomspace(3, 1000, 12)
    plain, fast = [], []
    for condition in conditions:
        f = bowl(float(condition))
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
    ax.set(xlabel=r"condition number $\kappa = L/\mu$", ylabel=TO_MILLIONTH)
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
    "Nesterov's accelerated gradient need far fewer, and ripple on the way. Plain descent is cut "
    "after 400 iterations.",
    alt="Left, three falling curves on a log scale, plain descent by far the slowest. Right, "
    "their paths on long contours: plain descent creeps along the valley, momentum "
    "overshoots and swings.",
)
def momentum(fig: StyledFigure) -> list[Check]:
    """Draw three first-order methods on one valley."""
    f = bowl(100.0)
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
    lines = convergence(
        left, runs, 0.0, {"gradient descent": 1 - mu / L}, quantity="gradient", legend=False
    )
    right.set(xlabel="$x_1$", ylabel="$x_2$")
    right.set_title("the first 40 steps", loc="center")
    fig.lay_out()
    contour_path(
        right,
        f,
        {k: _first(run, 40) for k, run in runs.items()},
        best=np.zeros(2),
        box=(-1.2, 2.6, -1.3, 2.6),
    )
    fig.lay_out()
    write_names(fig, [(left, lines)], handles(lines))
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


ACCELERATION = (condition_number, momentum)
