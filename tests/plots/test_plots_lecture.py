"""The set: every figure's numbers check, its labels stand apart, its text is legible."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from matplotlib.text import Text

import optidemo
from optidemo import plots
from optidemo.datasets import Table, design as make_design
from optidemo.demos import DEMOS
from optidemo.plots.drawing import draw_figure
from optidemo.plots.labels import THEORY, unbroken
from optidemo.plots.layout import faults
from optidemo.plots.lecture import FIGURES, file_stem
from optidemo.plots.registry import LectureFigure
from optidemo.plots.style import STYLES

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes

    from optidemo.checks.check import Check
    from optidemo.plots.style import StyledFigure

    Draw = Callable[[str], tuple[StyledFigure, tuple[Check, ...]]]

# The figures of the demos are one function with many objectives: coverage traces the first.
TWINS = [name for name in FIGURES if name.startswith("demo-")][1:]
every_figure = pytest.mark.parametrize(
    "figure_name",
    [pytest.param(name, marks=pytest.mark.battery(0) if name in TWINS else ()) for name in FIGURES],
)

SMALLEST = 14.0  # points on a slide
MAPS = {
    "demo-linear-regression-cars": ("$w_1$ (feet)", "$w_2$ (feet per s.d.)"),
    "demo-linear-regression-forbes": ("$w_1$ (inHg)", "$w_2$ (inHg per s.d.)"),
    "demo-linear-regression-anscombe": ("$w_1$", "$w_2$ (per s.d.)"),  # its y has no unit
    "demo-logistic-regression": ("$w_1$ (log-odds)", "$w_2$ (log-odds per s.d.)"),
    "demo-uniform-mle": ("$a$", "$b$"),  # serial numbers have no unit
    "demo-uniform-mle-lottery": ("$a$", "$b$"),
}
# Anscombe's numbers are pure, a share is, and so are serial numbers, however they are called.
PURE = {"anscombe", "bernoulli-mle", "uniform-mle"}


@pytest.fixture(scope="module")
def drawn() -> Draw:
    """Give a figure of the set with its checks, drawn at the first call."""
    return cache(draw_figure)


@every_figure
def test_a_figure_checks_and_its_labels_are_legible_apart_and_have_units(
    drawn: Draw, figure_name: str
) -> None:
    figure, checks = drawn(figure_name)
    assert checks
    assert [check for check in checks if not check.passed] == []
    assert faults(figure) == []
    sizes = [
        text.get_fontsize()
        for text in figure.findobj(Text)
        if isinstance(text, Text) and text.get_visible() and text.get_text().strip()
    ]
    assert min(float(size) for size in sizes) >= SMALLEST
    if figure_name.startswith("demo-"):
        assert named(figure) in ("beside", "legend")
        map_of = [(ax.get_xlabel(), ax.get_ylabel()) for ax in figure.axes[2:]]
        assert figure_name not in MAPS or map_of == [MAPS[figure_name]]
    elif FIGURES[figure_name].dataset:
        assert has_unit(figure, FIGURES[figure_name].dataset) == (figure_name not in PURE)


def has_unit(figure: StyledFigure, dataset: str) -> bool:
    """Tell whether an axis has the unit of a column of the data set."""
    units = set(optidemo.load_dataset(dataset).units.values())
    labels = [label for ax in figure.axes for label in (ax.get_xlabel(), ax.get_ylabel())]
    space = [text.get_text() for ax in figure.axes if ax.name == "3d" for text in ax.texts]
    real = units - {"none", "label", "date", "0 or 1"}
    return any(unit in label for unit in real for label in labels + space)


def named(figure: StyledFigure) -> str:
    """Tell where the names of a demo's runs stand, if each is there once, and those of theory."""
    lines = [str(line.get_label()) for ax in figure.axes[:2] for line in ax.get_lines()]
    runs = sorted({label for label in lines if not label.startswith("_")})
    theory = "_theory" in lines
    beside = sorted(unbroken(text.get_text()) for ax in figure.axes for text in ax.texts)
    below = sorted(text.get_text() for legend in figure.legends for text in legend.get_texts())
    for place, words in (("beside", beside), ("legend", below)):
        if [name for name in words if THEORY not in name] == runs and not (beside and below):
            return place if any(THEORY in name for name in words) == theory else "nowhere"
    return "nowhere"


def test_lines_that_part_are_named_beside_them_and_lines_that_coincide_in_a_legend(
    drawn: Draw,
) -> None:
    where = {"demo-pca": "beside", "demo-linear": "beside", "demo-relu": "legend"}
    assert {name: named(drawn(name)[0]) for name in where} == where
    half, _ = draw_figure("demo-linear")
    half.axes[0].texts[0].remove()
    assert named(half) == "nowhere"


def test_slides_are_the_hardest_to_lay_out() -> None:
    """A layout that holds there holds in the other styles, whose text is smaller for their width."""
    room = {
        name: (look.font / look.width, look.font / look.height) for name, look in STYLES.items()
    }
    assert all(wide <= room["slides"][0] for wide, _ in room.values())
    assert all(high <= room["slides"][1] for _, high in room.values())


@pytest.mark.battery(0)
@pytest.mark.parametrize("figure_name", list(FIGURES)[::16])
def test_the_labels_stand_apart_on_paper(figure_name: str) -> None:
    figure, _ = draw_figure(figure_name, "paper")
    assert faults(figure) == []


def test_the_layout_check_finds_planted_faults() -> None:
    with plots.style():
        figure = plots.new_figure()
        ax = figure.subplots()
        ax.set(xticks=[], yticks=[0.5], xlabel="$x$", ylabel="$y$")
        assert faults(figure) == []
        ax.text(0.5, 0.5, "one label")
        ax.text(0.51, 0.5, "upon another")
        figure.text(0.97, 0.5, "over the edge")
    found = faults(figure)
    assert len(found) == 2
    assert "'one label' and 'upon another' overlap" in found[1]
    assert "'over the edge' leaves the canvas" in found[0]


def test_the_layout_check_finds_text_upon_lines_and_axes_without_a_label() -> None:
    with plots.style():
        figure = plots.new_figure()
        left, right = figure.subplots(1, 2)
        left.plot([0, 1], [0, 1], label="slanted")
        left.text(0.0, 0.8, "beside it")
        left.set(xlabel="$x$", ylabel="$y$")
        right.plot([0, 1], [0, 1], "o", label="dots")
        right.axhline(0.5, zorder=0)
        right.text(0.4, 0.5, "upon a guide")
        right.set(xlabel="$x$", yticks=[0, 1], yticklabels=["no", "yes"])
    assert faults(figure) == []
    left.text(0.45, 0.5, "upon it")
    right.text(0.97, 1.0, "upon a dot", va="center")
    right.set(xlabel="", yticks=[0, 0.5], yticklabels=["0.0", "$0.5$"])
    assert faults(figure) == [
        "'upon it' lies upon the line slanted",
        "'upon a dot' lies upon the line dots",
        "the x axis of panel 1 has no label",
        "the y axis of panel 1 has no label",
    ]


def test_the_set_has_what_a_gallery_needs() -> None:
    assert len(FIGURES) >= 30
    assert {f"demo-{name}" for name in DEMOS} <= set(FIGURES)
    for name, item in FIGURES.items():
        assert isinstance(item, LectureFigure)
        assert item.name == name
        assert all((item.place, item.title, item.caption, item.alt)), name
        assert not item.dataset or optidemo.load_dataset(item.dataset)
    assert [file_stem(name)[:2] for name in FIGURES][:3] == ["01", "02", "03"]


def test_each_demo_names_the_data_that_it_runs_on() -> None:
    for name, demo in DEMOS.items():
        dataset = FIGURES[f"demo-{name}"].dataset
        assert bool(dataset) == demo.takes_data
        if dataset:
            case = demo.build(0, None)
            assert optidemo.load_dataset(dataset).source in case.source
            assert (case.objective.d == 2) == (f"demo-{name}" in MAPS)
            assert len(case.units) == 2 or case.objective.d != 2


def test_the_units_of_a_users_file_are_not_known() -> None:
    own = Table(Path("own.csv"), ("x", "y"), np.array([[1.0, 0.0], [2.0, 1.0], [3.0, 0.0]]))
    for name in ("linear-regression-cars", "logistic-regression", "uniform-mle"):
        target = "y" if DEMOS[name].target else None
        columns = None if target else ["x"]
        made = make_design(own, target, columns, intercept=DEMOS[name].intercept)
        case = DEMOS[name].build(0, made)
        assert case.objective.d == 2
        assert case.units == ()  # and without units the axes are bare


def lines_of(ax: Axes) -> list[np.ndarray]:
    return [np.asarray(line.get_xydata()) for line in ax.get_lines()]


def has_point(ax: Axes, x: float, y: float, tolerance: float = 1e-9) -> bool:
    return any(np.abs(xy - [x, y]).max(axis=1).min() <= tolerance for xy in lines_of(ax) if len(xy))


def test_the_slope_figure_draws_the_parabola_and_its_tangent(drawn: Draw) -> None:
    ax = drawn("slope")[0].axes[0]
    curve, tangent = lines_of(ax)[:2]
    np.testing.assert_allclose(curve[:, 1], 0.3 * curve[:, 0] ** 2 + 0.2, rtol=1e-14)
    np.testing.assert_allclose(tangent[:, 1], 0.5 + 0.6 * (tangent[:, 0] - 1), atol=1e-14)
    assert ax.get_aspect() == 1.0


def test_the_drugs_are_the_slides_numbers(drawn: Draw) -> None:
    ax = drawn("three-drugs")[0].axes[0]
    assert [bar.get_width() for bar in ax.patches] == [-0.001, -6.0, 20.0]  # type: ignore[attr-defined]


def test_the_challenger_curve_is_the_fitted_probability(drawn: Draw) -> None:
    ax = drawn("challenger")[0].axes[0]
    data = optidemo.load_dataset("challenger_orings").matrix("temperature_F", "any_distress")
    X = np.column_stack([np.ones(23), data[:, 0]])
    w = optidemo.newton(optidemo.LogisticRegression(X, data[:, 1])).x
    curve = next(xy for xy in lines_of(ax) if len(xy) == 400)
    np.testing.assert_allclose(
        curve[:, 1], 1 / (1 + np.exp(-(w[0] + w[1] * curve[:, 0]))), atol=1e-9
    )
    assert has_point(ax, 31.0, 0.9996, 5e-5)


@pytest.mark.parametrize(
    ("name", "best"),
    [
        ("gaussian-mle", 299852.4),
        ("exponential-mle", 12 / 1297),
        ("poisson-mle", 0.61),
        ("bernoulli-mle", 484382 / 938223),
    ],
)
def test_each_likelihood_curve_peaks_at_its_closed_form(
    drawn: Draw, name: str, best: float
) -> None:
    ax = drawn(name)[0].axes[0]
    curve = lines_of(ax)[0]
    peak = next(xy[0] for xy in lines_of(ax) if len(xy) == 1)
    assert peak[0] == pytest.approx(best, rel=1e-9)
    assert (curve[:, 1] <= peak[1] + 1e-9 * abs(peak[1])).all()


def test_the_uniform_corner_is_the_data_range(drawn: Draw) -> None:
    x = optidemo.load_dataset("goodman_serials").matrix("serial_number")
    assert has_point(drawn("uniform-mle")[0].axes[0], float(x.min()), float(x.max()))


def test_the_svm_rings_are_the_flowers_that_pull(drawn: Draw) -> None:
    ax = drawn("svm-margin")[0].axes[0]
    rings = [line for line in ax.get_lines() if line.get_markersize() == 19]
    assert len(np.asarray(rings[0].get_xdata())) == 6


def test_the_principal_axes_are_orthogonal_on_the_paper(drawn: Draw) -> None:
    ax = drawn("principal-axes")[0].axes[0]
    arrows = [t for t in ax.texts if not t.get_text()]
    first, second = (np.array(a.xy) - np.array(a.xyann) for a in arrows)  # type: ignore[attr-defined]
    assert abs(first @ second) < 1e-12
    assert ax.get_aspect() == 1.0


@pytest.mark.battery(0)
def test_a_wrong_number_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """Plant a wrong gradient: the figures that show it must not check."""
    monkeypatch.setattr(
        optidemo.Quadratic, "gradient", lambda self, x: 2.0 * self.A @ np.asarray(x)
    )
    for name in ("bowl-trough-saddle", "symmetric-part", "trace"):
        assert not all(check.passed for check in draw_figure(name)[1]), name


def test_a_student_draws_an_own_function_with_one_line() -> None:
    ax: Any = plots.new_figure().subplots()
    line, slope = plots.tangent(ax, optidemo.Sigmoid(), 0.0, (-1.0, 1.0))
    assert slope == 0.25
    np.testing.assert_allclose(np.asarray(line.get_ydata()), [0.25, 0.75])
    (left, right) = plots.slope_graph(ax, optidemo.ReLU([1.0]), (-1.0, 1.0), (0.0,))
    assert set(np.asarray(left.get_ydata())) == {0.0}
    assert set(np.asarray(right.get_ydata())) == {1.0}
    f = optidemo.UniformLikelihood([1.0, 2.0])
    arrows = plots.gradient_field(ax, f, (0.0, 3.0, 0.0, 3.0), n=(4, 4))
    assert (np.asarray(arrows.U) > 0).all()
    assert len(np.asarray(arrows.U)) == 4  # only the feasible points of the grid
