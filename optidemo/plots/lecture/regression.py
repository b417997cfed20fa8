"""Figures of linear regression on real data: objective 5."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from optidemo.checks.check import Check
from optidemo.datasets import load_dataset
from optidemo.objectives import LinearRegression
from optidemo.plots.contours import contour_path
from optidemo.plots.fields import label_space, surface
from optidemo.plots.marks import headline, note, with_unit
from optidemo.plots.registry import figure
from optidemo.plots.style import BLUE, INK, RED
from optidemo.solvers.gradient import gradient_descent

if TYPE_CHECKING:
    from optidemo.arrays import Matrix, Vector
    from optidemo.plots.style import StyledFigure

__all__ = ["LINEAR_REGRESSION"]


def _cars() -> tuple[Vector, Vector]:
    """Return the speeds and the stopping distances."""
    X = load_dataset("cars").matrix("speed_mph", "stopping_distance_ft")
    return X[:, 0], X[:, 1]


def _units() -> tuple[str, str]:
    """Return the unit of the distances and that of the speeds."""
    units = load_dataset("cars").units
    return units["stopping_distance_ft"], units["speed_mph"]


def _with_ones(x: Vector) -> Matrix:
    return np.column_stack([np.ones_like(x), x])


@figure(
    "least-squares",
    place="objective 5, The Linear Regression Objective",
    title="Data, line and residuals",
    caption="Stopping distance of fifty cars of the 1920s against their speed, with the "
    "least-squares line. The objective is half the sum of the squared vertical distances.",
    alt="A scatter of stopping distance against speed, a rising line through it and a thin "
    "vertical segment from each point to the line.",
    dataset="cars",
)
def least_squares(fig: StyledFigure) -> list[Check]:
    """Draw the cars with their line and residuals."""
    speed, distance = _cars()
    f = LinearRegression(_with_ones(speed), distance)
    w = f.closed_form()
    ax = fig.subplots()
    headline(
        fig,
        r"Least squares makes $\frac{1}{2}\sum (w^{\!\top}\!x_i - y_i)^2$, the squared residuals, small",
    )
    fitted = f.rows.X @ w
    feet, mph = _units()
    ax.vlines(speed, fitted, distance, color=RED, linewidth=1.6, alpha=0.7)
    ends = np.array([3.2, 25.8])
    ax.plot(ends, w[0] + w[1] * ends, color=BLUE, linestyle="-")
    ax.plot(speed, distance, marker="o", color=INK, linestyle="none", markeredgecolor="white")
    worst = int(np.argmax(np.abs(distance - fitted)))
    middle = 0.5 * (fitted[worst] + distance[worst])
    note(ax, "residual", (speed[worst], middle), (0.4, 0), color=RED)
    note(
        ax,
        f"$y = {w[0]:.1f} + {w[1]:.2f}\\,x$",
        (9.2, w[0] + w[1] * 9.2),
        (-0.6, 2.2),
        ha="right",
        color=BLUE,
    )
    ax.set(
        xlabel=with_unit("speed", mph),
        ylabel=with_unit("stopping distance", feet),
        xlim=(2.5, 27),
        ylim=(-8, 126),
    )
    fit = np.polynomial.Polynomial.fit(speed, distance, 1).convert().coef.astype(float)
    return [
        Check(
            "the line against numpy's polynomial fit, relative",
            float(np.abs(w - fit).max() / np.abs(w).max()),
            1e-12,
        ),
        Check(
            "the residuals are orthogonal to the columns", float(np.abs(f.gradient(w)).max()), 1e-8
        ),
    ]


@figure(
    "loss-surface",
    place="objective 5, The Linear Regression Objective",
    title="The loss surface and the way down",
    caption="The same cars: f over intercept and slope. With raw speeds the bowl is a narrow "
    "valley and gradient descent with the step 1/L crawls; with centred speeds the same "
    "solver is there about a hundred times sooner. Both stop when the gradient norm has fallen "
    "by a factor of 10⁶. There is a dot after every twelfth of the iterations.",
    alt="Left, contours of a long narrow valley: a path drops to its floor and creeps along it to "
    "the minimum, in 31 835 iterations. Right, round contours and a path that needs 345.",
    dataset="cars",
)
def loss_surface(fig: StyledFigure) -> list[Check]:
    """Draw gradient descent on the raw and on the centred problem."""
    speed, distance = _cars()
    designs = {"speed as measured": speed, "speed minus its mean": speed - speed.mean()}
    axes = fig.subplots(1, 2)
    headline(fig, "The same data, the same solver: centring turns the valley into a bowl")
    errors = []
    feet, mph = _units()
    for ax, (label, x) in zip(axes, designs.items(), strict=True):
        f = LinearRegression(_with_ones(x), distance)
        best = f.closed_form()
        run = gradient_descent(f, np.zeros(2), tol=1e-6, maxiter=100_000)
        condition = f.lipschitz() / f.strong_convexity()
        span = np.array([46.0, 8.0]) if ax is axes[0] else np.array([86.0, 15.0])
        middle = 0.5 * best
        box = (
            middle[0] - 0.6 * span[0],
            middle[0] + 0.6 * span[0],
            middle[1] - 0.6 * span[1],
            middle[1] + 0.6 * span[1],
        )
        contour_path(ax, f, run, best=best, box=box)
        ax.set_title(label)
        slope = with_unit("slope $w_2$", f"{feet} per {mph}")
        ax.set(xlabel=with_unit("intercept $w_1$", feet), ylabel=slope)
        text = f"$L/\\mu = {condition:,.0f}$\n${run.nit:,}$ iterations".replace(",", r"\,")
        note(ax, text, (0.96, 0.04), xycoords="axes fraction", ha="right", va="bottom")
        errors.append(float(np.linalg.norm(run.x - best) / np.linalg.norm(best)))
    return [Check("both runs against the closed form, relative", max(errors), 1e-3)]


@figure(
    "regression-surface",
    place="objective 5, The Linear Regression Objective",
    title="The regression objective in space",
    caption="f over intercept and slope for standardised speeds of the cars, with the path of gradient "
    "descent with a step of 0.35/L on the surface: a convex bowl with one lowest point, where "
    "Xᵀ(Xw − y) = 0. The unit of speed is its standard deviation (s.d.).",
    alt="A bowl-shaped surface with a dotted path from its rim to its lowest point.",
    dataset="cars",
)
def regression_surface(fig: StyledFigure) -> list[Check]:
    """Draw the bowl with a path on it."""
    speed, distance = _cars()
    x = (speed - speed.mean()) / float(speed.std())
    f = LinearRegression(_with_ones(x), distance)
    best = f.closed_form()
    start = best + np.array([-42.0, 44.0])
    run = gradient_descent(f, start, step=0.35 / f.lipschitz())
    ax: Any = fig.add_subplot(projection="3d")
    headline(
        fig, r"A convex bowl: wherever one starts, $X^{\!\top}\!(Xw - y) = 0$ is the lowest point"
    )
    thousand = 1e-3 * f
    surface(ax, thousand, (best[0] - 50, best[0] + 50, best[1] - 50, best[1] + 50), alpha=0.75)
    path = run.trajectory
    lift = 1e-3 * path.fun + 1.5
    ax.plot(
        path.x[:, 0],
        path.x[:, 1],
        lift,
        color=INK,
        marker="o",
        linestyle="-",
        zorder=9,
        markeredgecolor="white",
    )
    feet, _ = _units()
    label_space(
        ax,
        with_unit("intercept $w_1$", feet),
        with_unit("slope $w_2$", f"{feet} per s.d."),
        with_unit("$f(w)$", f"1000 {feet}$^2$"),
    )
    ax.view_init(elev=30, azim=-125)
    ax.set_box_aspect((1.25, 1.25, 0.7), zoom=1.1)
    gap = abs(float(path.fun[-1]) - f.value(best)) / f.value(best)
    return [Check("the end of the path against the closed form, relative", gap, 1e-12)]


@figure(
    "anscombe",
    place="objective 5, The Linear Regression Objective",
    title="Anscombe's warning",
    caption="Four sets of eleven points with the same least-squares line, y = 3.00 + 0.500x. The "
    "objective cannot tell them apart; a picture can.",
    alt="Four panels with the same line: a fair scatter, a curve, a line with one outlier, "
    "and a vertical stack with one point far off.",
    dataset="anscombe",
)
def anscombe(fig: StyledFigure) -> list[Check]:
    """Draw the quartet with its lines."""
    data = load_dataset("anscombe").matrix("set", "x", "y")
    axes = fig.subplots(1, 4, sharex=True, sharey=True)
    headline(fig, "Four data sets, one regression line: always look at the data")
    lines = []
    for i, ax in enumerate(axes, start=1):
        x, y = data[data[:, 0] == i, 1], data[data[:, 0] == i, 2]
        w = LinearRegression(_with_ones(x), y).closed_form()
        lines.append(w)
        ends = np.array([2.5, 20.5])
        ax.plot(ends, w[0] + w[1] * ends, color=BLUE, linestyle="-")
        ax.plot(x, y, marker="o", color=INK, linestyle="none", markeredgecolor="white")
        note(
            ax,
            f"$y = {w[0]:.2f} + {w[1]:.3f}\\,x$",
            (0.5, 0.96),
            xycoords="axes fraction",
            ha="center",
            color=BLUE,
        )
        ax.set(xlabel="$x$", xlim=(2, 21), ylim=(2, 14.5), xticks=[5, 10, 15, 20])
    axes[0].set_ylabel("$y$")
    gap = float(np.abs(np.array(lines) - [3.0, 0.5]).max())
    return [Check("all four lines against 3.00 + 0.500x", gap, 5e-3)]


LINEAR_REGRESSION = (least_squares, loss_surface, regression_surface, anscombe)
