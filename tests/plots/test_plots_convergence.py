"""The convergence figure: its lines are the solver's numbers, and theory's line is theory's."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from matplotlib.contour import ContourSet
from matplotlib.figure import Figure

import optidemo
from optidemo import plots
from optidemo.objectives import Quadratic
from optidemo.plots import expansion

if TYPE_CHECKING:
    from pathlib import Path

    from optidemo.plots.style import StyledFigure
    from optidemo.solvers.result import Result

    Runs = dict[str, Result]

A = np.array([[3.0, 1.0], [0.0, 1.0]])  # not symmetric


@pytest.fixture(scope="module")
def objective() -> Quadratic:
    return Quadratic(A)


@pytest.fixture(scope="module")
def runs(objective: Quadratic) -> Runs:
    return {
        "gradient descent": optidemo.gradient_descent(objective, [2.0, -3.0]),
        "Newton": optidemo.newton(objective, [2.0, -3.0]),
    }


@pytest.fixture(scope="module")
def figure(objective: Quadratic, runs: Runs) -> StyledFigure:
    rate = 1.0 - objective.strong_convexity() / objective.lipschitz()
    return plots.demo_figure("title", runs, objective, np.zeros(2), 0.0, {"gradient descent": rate})


@pytest.mark.battery(0)
def test_the_lines_are_the_trajectory(figure: StyledFigure, runs: Runs) -> None:
    for axes, wanted in ((figure.axes[0], "fun"), (figure.axes[1], "gradient_norm")):
        lines = {line.get_label(): line for line in axes.get_lines()}
        for label, run in runs.items():
            np.testing.assert_array_equal(lines[label].get_xdata(), np.arange(run.nit + 1))
            exact = getattr(run.trajectory, wanted)
            np.testing.assert_allclose(
                np.asarray(lines[label].get_ydata()), exact, rtol=0, atol=1e-16 * exact[0]
            )


def test_theory_is_a_bound_on_the_gradient_norm_and_its_square_on_f(
    figure: StyledFigure, objective: Quadratic
) -> None:
    rate = 1.0 - objective.strong_convexity() / objective.lipschitz()
    for axes, power in ((figure.axes[0], 2), (figure.axes[1], 1)):
        theory = next(line for line in axes.get_lines() if line.get_label() == "_theory")
        k, y = np.asarray(theory.get_xdata()), np.asarray(theory.get_ydata())
        np.testing.assert_allclose(y, y[0] * rate ** (power * k), rtol=1e-12)
        run = np.asarray(axes.get_lines()[0].get_ydata())
        bound = y[0] * rate ** (power * np.arange(len(run)))
        assert (run <= bound * (1 + 1e-9)).all()
        assert theory.get_linestyle() == "--"


def test_the_path_is_the_trajectory_on_axes_of_equal_aspect(
    figure: StyledFigure, runs: Runs
) -> None:
    axes = figure.axes[2]
    lines = {line.get_label(): line for line in axes.get_lines()}
    for label, run in runs.items():
        np.testing.assert_array_equal(lines[label].get_xydata(), run.trajectory.x)
    assert axes.get_aspect() == 1.0


def test_one_run_is_drawn_with_one_line(objective: Quadratic, runs: Runs) -> None:
    axes = plots.new_figure().subplots()
    (line,) = plots.convergence(axes, runs["gradient descent"]).values()
    assert line.get_label() == "gradient descent"
    assert axes.get_yscale() == "log"
    (path,) = plots.contour_path(plots.new_figure().subplots(), objective, runs["Newton"]).values()
    assert len(np.asarray(path.get_xydata())) == runs["Newton"].nit + 1


def test_a_students_figure_can_be_pickled(objective: Quadratic, runs: Runs) -> None:
    figure = Figure()
    left, right = figure.subplots(1, 2)
    plots.convergence(left, runs["Newton"])
    plots.contour_path(right, objective, runs["Newton"])
    again = pickle.loads(pickle.dumps(figure))  # noqa: S301  (it is our own)
    assert again.axes[0].xaxis.get_major_formatter()(12345.0) == "12\u2009345"


def test_a_maximisation_falls_too() -> None:
    run = optidemo.gradient_descent(optidemo.ExponentialLikelihood([1.0, 2.0, 4.0]))
    axes = plots.new_figure().subplots()
    (line,) = plots.convergence(axes, run).values()
    y = np.asarray(line.get_ydata())
    assert y[0] == pytest.approx(run.fun - run.trajectory.fun[0])
    assert y[-1] < 1e-9 < y[0]


def test_three_variables_have_no_path() -> None:
    f = optidemo.Quadratic(np.diag([1.0, 2.0, 3.0]))
    run = optidemo.gradient_descent(f)
    with pytest.raises(ValueError, match="two variables, but the run has 3"):
        plots.contour_path(plots.new_figure().subplots(), f, run)
    assert len(plots.demo_figure("t", {"gd": run}, f, None, None).axes) == 2


def test_a_gradient_norm_that_does_not_fall_has_a_linear_axis_from_zero(
    figure: StyledFigure,
) -> None:
    run = optidemo.gradient_descent(optidemo.Linear([3.0, 4.0]), step=0.1, maxiter=5)
    flat = plots.new_figure().subplots()
    line = plots.convergence(flat, run, quantity="gradient")["gradient descent"]
    np.testing.assert_array_equal(line.get_ydata(), 5.0)
    assert (flat.get_yscale(), flat.get_ylim()[0] <= 0) == ("linear", True)
    assert figure.axes[1].get_yscale() == "log"


def kinked() -> Runs:
    """ReLU: each run is at a minimum after one step, with a residual of exactly 0."""
    f = optidemo.ReLU([0.1, -0.1])
    return {
        "subgradient": optidemo.subgradient_descent(f),
        "proximal": optidemo.proximal_gradient(f),
    }


def test_a_residual_of_exactly_zero_is_drawn_at_the_floor_of_a_log_axis() -> None:
    both = kinked()
    axes = plots.new_figure().subplots()
    lines = plots.convergence(axes, both, 0.0, quantity="gradient")
    starts = [run.trajectory.gradient_norm[0] for run in both.values()]
    assert [run.trajectory.gradient_norm[-1] for run in both.values()] == [0.0, 0.0]
    assert axes.get_yscale() == "log"
    for line, start in zip(lines.values(), starts, strict=True):
        np.testing.assert_array_equal(line.get_ydata(), [start, 1e-18 * max(starts)])
    assert axes.get_ylim()[0] < 1e-18 * max(starts)


def test_the_axis_says_what_its_runs_measure(runs: Runs) -> None:
    proximal, gradient = {"p": kinked()["proximal"]}, {"g": runs["Newton"]}
    for shown, label in (
        (gradient, r"$\|\nabla f(x_k)\|$"),
        (proximal, "proximal residual"),
        (proximal | gradient, r"proximal residual or $\|\nabla f(x_k)\|$"),
        (kinked(), r"dist$(0, \partial f(x_k))$ or proximal residual"),
    ):
        axes = plots.new_figure().subplots()
        plots.convergence(axes, shown, 0.0, quantity="gradient")
        assert axes.get_ylabel() == label


def test_the_contours_hold_the_end_of_a_run_that_succeeds_with_a_margin() -> None:
    f, both = optidemo.ReLU([0.1, -0.1]), kinked()
    axes = plots.new_figure().subplots()
    plots.contour_path(axes, f, both, best=np.zeros(2))
    low, high = np.transpose([axes.get_xlim(), axes.get_ylim()])
    for run in both.values():
        assert run.success
        assert (low + 0.1 * (high - low) < run.x).all()
        assert (run.x < high - 0.1 * (high - low)).all()


def diverging() -> optidemo.Result:
    return optidemo.gradient_descent(Quadratic(A), [2.0, -3.0], step=0.4, maxiter=60)


def test_the_rounding_line_is_where_a_run_ends_and_not_where_a_diverging_one_would(
    runs: Runs,
) -> None:
    both = {**runs, "too long": diverging()}
    axes = plots.new_figure().subplots()
    plots.convergence(axes, both, 0.0)
    (rounding,) = [line for line in axes.get_lines() if str(line.get_label()).startswith("_child")]
    height = float(np.asarray(rounding.get_ydata())[0])
    assert height == pytest.approx(1e-18 * runs["Newton"].trajectory.fun[0])
    assert 1e-18 * both["too long"].trajectory.fun[-1] > 1e6 * height


def test_a_diverging_run_is_cut_beside_others_and_whole_alone(runs: Runs) -> None:
    alone, beside = plots.new_figure().subplots(1, 2)
    plots.convergence(alone, diverging(), quantity="gradient")
    plots.convergence(beside, {**runs, "too long": diverging()}, quantity="gradient")
    last = diverging().trajectory.gradient_norm[-1]
    assert beside.get_ylim()[1] < last <= alone.get_ylim()[1]


def test_an_f_that_falls_without_end_has_a_log_axis_of_either_sign() -> None:
    run = optidemo.gradient_descent(optidemo.Linear([3.0, 4.0]), step=1e6, maxiter=50)
    axes = plots.new_figure().subplots()
    plots.convergence(axes, run, quantity="value")
    assert axes.get_yscale() == "symlog"
    ticks = axes.get_yticks()
    assert len(ticks) <= 7
    assert max(ticks) == 0.0
    assert run.fun <= min(ticks) <= run.fun / 100


def test_a_path_that_leaves_lies_below_the_others(runs: Runs) -> None:
    f = Quadratic(A)
    paths = plots.contour_path(
        plots.new_figure().subplots(), f, {**runs, "too long": diverging()}, best=np.zeros(2)
    )
    assert paths["too long"].get_zorder() < min(paths[name].get_zorder() for name in runs)


def test_the_contours_of_a_steep_function_reach_its_plain() -> None:
    axes = plots.new_figure().subplots()
    drawn = plots.contour(axes, lambda x: float(np.exp(9.0 * x @ x)), (-2.0, 2.0, -2.0, 2.0))
    levels = np.asarray(drawn.levels)
    assert np.sum(levels < np.exp(9.0)) >= 2  # inside the unit circle
    assert (np.diff(levels) > 0).all()


def test_no_contour_runs_along_the_edge_of_a_flat_minimum() -> None:
    axes = plots.new_figure().subplots()
    plots.contour_path(axes, optidemo.ReLU([0.1, -0.1]), kinked())
    (drawn,) = [c for c in axes.collections if isinstance(c, ContourSet)]
    levels = np.asarray(drawn.levels)
    np.testing.assert_allclose(np.diff(levels), 2 * levels[0])  # even, as f rises, from half a step


def test_the_axes_of_the_uniform_likelihood_are_a_and_b() -> None:
    f = optidemo.UniformLikelihood([1.0, 2.0])
    axes = plots.new_figure().subplots()
    plots.contour_path(axes, f, optidemo.projected_gradient(f))
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("$a$", "$b$")


def test_an_unknown_format_or_style_names_the_nearest(figure: StyledFigure, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="Did you mean 'svg'"):
        plots.save_figure(figure, tmp_path / "a.svgz")
    with pytest.raises(ValueError, match="Did you mean 'slides'"), plots.style("slide"):
        pass
    assert not list(tmp_path.iterdir())


@pytest.mark.battery(0)
def test_the_style_leaves_no_trace_and_ignores_the_users_settings(tmp_path: Path) -> None:
    import matplotlib as mpl

    def draw(name: str) -> bytes:
        f = optidemo.Quadratic(A)
        figure = plots.demo_figure("t", {"gd": optidemo.gradient_descent(f)}, f, None, None)
        return plots.save_figure(figure, tmp_path / name).read_bytes()

    plain = draw("a.png")
    mine: dict[Any, Any] = {
        "font.size": 3.0,
        "lines.linewidth": 9.0,
        "axes.grid": True,
        "savefig.dpi": 33.0,
    }
    with mpl.rc_context(mine):
        before = dict(mpl.rcParams)
        assert draw("b.png") == plain
        assert dict(mpl.rcParams) == before


def test_a_quadratic_of_many_samples_is_drawn_as_what_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rng = np.random.default_rng(0)
    X = rng.standard_normal((300, 2))
    f = optidemo.LinearRegression(X, X @ [1.0, -2.0] + 3.0 + rng.standard_normal(300))
    run = optidemo.newton(f)
    drawn = []
    for few in (1000, 100):
        monkeypatch.setattr(expansion, "FEW", few)
        ax = plots.new_figure().subplots()
        plots.contour_path(ax, f, run)
        (lines,) = [c for c in ax.collections if isinstance(c, ContourSet)]
        drawn.append(
            np.vstack([np.asarray(path.vertices) for path in lines.get_paths() if len(path)])
        )
    assert np.allclose(drawn[0], drawn[1], rtol=1e-8)
    many = optidemo.LogisticRegression(np.ones((300_000, 2)), np.arange(300_000) % 2)
    assert expansion.affordable(f)
    assert not expansion.affordable(many)


@pytest.mark.parametrize("quantity", ["fun", "gradient", "value"])
def test_numbers_near_the_largest_spoil_no_axis(quantity: Any) -> None:
    run = optidemo.gradient_descent(Quadratic(A), [2.0, -3.0], maxiter=4)
    run.trajectory.fun[2:] = [1e300, -1e290, 1e200]
    run.trajectory.gradient_norm[2:] = [1e300, 1e290, 1e200]
    figure = plots.new_figure()
    lines = plots.convergence(figure.subplots(), run, 0.0, quantity=quantity)
    figure.lay_out()  # a warning would be an error
    drawn = np.asarray(lines["gradient descent"].get_ydata())
    assert np.isfinite(drawn).tolist() == [True, True, False, False, False]
    assert max(figure.axes[0].get_ylim()) < 1e3


def test_the_foot_of_a_log_axis_is_called_zero_and_keeps_clear_of_other_ticks(runs: Runs) -> None:
    figure = plots.new_figure()
    left, right = figure.subplots(1, 2)
    plots.convergence(left, runs, 0.0)
    plots.convergence(right, kinked(), quantity="gradient")
    for ax, name in ((left, r"$\approx 0$"), (right, "$0$")):
        (floor,) = [y for y in ax.get_yticks() if ax.yaxis.major.formatter(y) == name]
        assert floor == pytest.approx(min(np.asarray(line.get_ydata()).min() for line in ax.lines))
        others = [y for y in ax.get_yticks() if y != floor]
        assert min(others) > 10 * floor
        assert all("10" in ax.yaxis.major.formatter(y) for y in others)
    figure.lay_out()


def test_an_iteration_at_minus_infinity_leaves_no_empty_end_of_the_axis() -> None:
    run = optidemo.gradient_descent(Quadratic(A), [2.0, -3.0], maxiter=4)
    run.trajectory.fun[-1] = -np.inf
    ax = plots.new_figure().subplots()
    plots.convergence(ax, run, 0.0, quantity="value")
    assert 3 < ax.get_xlim()[1] < 3.5
