"""Figures of "In Real Life": is the derivative right, and what does it cost?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optidemo.arrays import EPS
from optidemo.checks.check import Check
from optidemo.objectives import Quadratic
from optidemo.objectives.examples import EXAMPLES
from optidemo.plots.marks import headline, note
from optidemo.plots.registry import figure
from optidemo.plots.style import BLUE, GREEN, GREY, INK, RED

if TYPE_CHECKING:
    from optidemo.plots.style import StyledFigure

__all__ = ["VERIFICATION"]

REAL_LIFE = next(example for example in EXAMPLES if example.title == "real-life")
FORMULA = r"$f(x) = \log_3(2x^2) - 2xe^{3x} + 2$"


def _slide(x: complex) -> complex:
    """Return the slide's formula of a complex number, where an absolute value would not do."""
    return complex(np.log(2 * x * x) / np.log(3) - 2 * x * np.exp(3 * x) + 2)


@figure(
    "difference-step",
    place="In Real Life",
    title="Truncation against rounding",
    caption="The error of the numerical derivative of log₃(2x²) − 2xe^(3x) + 2 at x = 0.6 against "
    "the step h. For large h the truncation rules, h or h²; for small h the rounding, "
    "ε|f|/h. The complex step has no rounding to fear; where it has no error at all it is drawn at 10⁻¹⁷.",
    alt="On log axes two V-shaped clouds, forward differences with the tip near 1e-8, central "
    "ones near 1e-5 and lower; the complex step falls to 1e-16 and stays.",
)
def difference_step(fig: StyledFigure) -> list[Check]:
    """Draw the error of three numerical derivatives against h."""
    f, x = REAL_LIFE, 0.6
    exact = float(f.gradient([x])[0])
    h = np.geomspace(1e-15, 1e-1, 113)
    forward = np.array([(f.value([x + t]) - f.value([x])) / t for t in h])
    central = np.array([(f.value([x + t]) - f.value([x - t])) / (2 * t) for t in h])
    complex_step = np.array([np.imag(_slide(x + 1j * t)) / t for t in h])
    second = -2 / (x**2 * np.log(3)) - (12 + 18 * x) * np.exp(3 * x)
    third = 4 / (x**3 * np.log(3)) - (54 + 54 * x) * np.exp(3 * x)
    ax = fig.subplots()
    headline(fig, f"Too large a step truncates, too small a step rounds: {FORMULA}")
    rows = (
        (forward, BLUE, "o", "forward $\\propto h$", (1.5e-4, 3e-2), "right"),
        (central, RED, "s", "central $\\propto h^2$", (6e-3, 3e-6), "left"),
        (complex_step, GREEN, "^", "complex step", (2e-15, 3e-15), "left"),
    )
    scale = abs(exact)
    for values, color, marker, text, at, side in rows:
        error = np.maximum(np.abs(values - exact) / scale, 1e-17)
        ax.loglog(
            h,
            error,
            color=color,
            marker=marker,
            linestyle="none",
            markersize=6,
            alpha=0.8,
            markeredgewidth=0,
        )
        note(ax, text, at, color=color, ha=side)
    right, left = h[h > 1e-9], h[h < 1e-4]
    ax.loglog(right, abs(second) / 2 * right / scale, color=BLUE, linestyle="-", linewidth=1.4)
    ax.loglog(
        h[h > 1e-6],
        abs(third) / 6 * h[h > 1e-6] ** 2 / scale,
        color=RED,
        linestyle="-",
        linewidth=1.4,
    )
    ax.loglog(
        left,
        EPS * abs(f.value([x])) / left / scale,
        color=GREY,
        linestyle=(0, (4, 2)),
        linewidth=1.8,
    )
    note(ax, r"rounding $\varepsilon\,|\,f\,|\,/\,h$", (4e-14, 1.2e-2), (0.9, 0.9), color=GREY)
    ax.set(
        xlabel="step $h$", ylabel="relative error of $f′(x)$", xlim=(6e-16, 2e-1), ylim=(4e-18, 30)
    )
    big = int(np.argmin(np.abs(h - 1e-3)))
    predicted = abs(third) / 6 * h[big] ** 2
    return [
        Check(
            "central error at h = 10⁻³ against h²|f‴|/6, relative",
            abs(abs(central[big] - exact) / predicted - 1),
            1e-2,
        ),
        Check(
            "the complex step below h = 10⁻⁸, relative",
            float(np.abs(complex_step[h < 1e-8] / exact - 1).max()),
            1e-15,
        ),
    ]


@figure(
    "ten-points",
    place="In Real Life",
    title="Derived against autograd at ten random points",
    caption="f′(x) = 2/(x ln 3) − 2e^(3x) − 6xe^(3x) and what autograd returns at ten normal "
    "random points, as in the lecture's loop. They agree to rounding; the lecture's %.3f "
    "would hide any error below the dashed line.",
    alt="Left, the derivative's graph with ten points on it. Right, the ten relative "
    "differences, about 1e-16, far below a dashed line.",
    seed=20,
)
def ten_points(fig: StyledFigure) -> list[Check]:
    """Draw the derived and the automatic derivative at ten points."""
    import autograd
    import autograd.numpy as anp

    f = REAL_LIFE
    automatic = autograd.grad(
        lambda x: anp.log(2 * x * x) / anp.log(3) - 2 * x * anp.exp(3 * x) + 2
    )
    x = np.sort(np.random.default_rng(20).standard_normal(10))
    derived = np.array([f.gradient([t])[0] for t in x])
    machine = np.array([float(automatic(t)) for t in x])
    left, right = fig.subplots(1, 2)
    headline(fig, "At ten random points autograd returns the derived derivative, to rounding")
    for span in ((-2.4, -0.02), (0.02, 2.0)):
        t = np.linspace(*span, 400)
        left.plot(t, [f.gradient([s])[0] for s in t], color=BLUE, linestyle="-")
    left.plot(x, machine, marker="o", color=RED, linestyle="none", markeredgecolor="white")
    left.set_yscale("symlog", linthresh=1.0)
    note(left, "derived", (1.25, -700), (-0.6, -0.6), ha="right", color=BLUE)
    note(left, "autograd", (x[1], machine[1]), (0.1, -1.2), ha="right", color=RED)
    left.set(
        xlabel="$x$",
        ylabel="$f′(x)$",
        xlim=(-2.5, 2.0),
        ylim=(-9000, 220),
        yticks=[-1000, -100, -10, -1, 0, 1, 10, 100],
    )
    error = np.abs(machine - derived) / np.abs(derived)
    shown = np.maximum(error, 2e-17)
    number = np.arange(1, 11)
    right.semilogy(number, shown, marker="o", color=RED, linestyle="none", markeredgecolor="white")
    right.semilogy(number, 5e-4 / np.abs(derived), color=GREY, linestyle=(0, (4, 2)), linewidth=1.8)
    right.axhline(EPS, color=INK, linewidth=1)
    note(right, "what %.3f can see", (5.5, 2e-3), (0, 1.2), ha="center", color=GREY)
    note(right, r"machine precision $\varepsilon$", (1, EPS), (0, 0.8))
    if error.min() == 0:
        note(right, "equal", (number[int(np.argmin(error))], 2e-17), (0.5, 0.1), color=RED)
    right.set(xlabel="point", ylabel="relative difference", xticks=number, ylim=(6e-18, 1))
    return [Check("derived against autograd, relative", float(error.max()), 1e-14)]


@figure(
    "taylor-slope",
    place="In Real Life",
    title="The Taylor slope tells right from wrong",
    caption="|f(x + hu) − f(x) − h gᵀu| against h for f = xᵀAx with a non-symmetric A. With the "
    "right gradient (A + Aᵀ)x the remainder falls as h²; with the wrong 2Ax only as h.",
    alt="Two straight lines on log axes: the right gradient's remainder has slope 2, the "
    "wrong one's slope 1.",
    seed=21,
)
def taylor_slope(fig: StyledFigure) -> list[Check]:
    """Draw the Taylor remainder of a right and of a wrong gradient."""
    rng = np.random.default_rng(21)
    A = rng.random((3, 3))
    f = Quadratic(A)
    x, u = rng.standard_normal(3), rng.standard_normal(3)
    u /= np.linalg.norm(u)
    h = np.geomspace(1e-6, 1.0, 25)
    rows = (
        (
            f.gradient(x),
            BLUE,
            "o",
            r"right, $(A + A^{\!\top})x$: slope",
            (1e-3, 1e-7),
            (1.0, -1.4),
            "left",
        ),
        (2 * A @ x, RED, "s", "wrong, $2Ax$: slope", (1e-4, 2e-4), (-0.6, 2.0), "right"),
    )
    ax = fig.subplots()
    headline(fig, "A right gradient leaves a remainder of order $h^2$, a wrong one of order $h$")
    slopes = []
    for g, color, marker, text, at, shift, side in rows:
        rest = np.array([abs(f.value(x + t * u) - f.value(x) - t * float(g @ u)) for t in h])
        clear = rest > 1e3 * EPS * abs(f.value(x))
        slope = float(np.polyfit(np.log(h[clear]), np.log(rest[clear]), 1)[0])
        slopes.append(slope)
        ax.loglog(
            h,
            rest,
            color=color,
            marker=marker,
            linestyle="-" if marker == "o" else (0, (6, 2)),
            markeredgecolor="white",
        )
        note(ax, f"{text} {slope:.2f}", at, shift, color=color, ha=side)
    ax.set(xlabel="step $h$", ylabel=r"$|f(x + hu) - f(x) - h\,g^{\!\top}\!u|$")
    return [
        Check("the right gradient's slope against 2", abs(slopes[0] - 2), 0.01),
        Check("the wrong gradient's slope against 1", abs(slopes[1] - 1), 0.1),
    ]


VERIFICATION = (difference_step, ten_points, taylor_slope)
