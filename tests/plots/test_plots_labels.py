"""The names of lines: beside their own line, legible, all of them or none; else a legend."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

import optidemo
from optidemo import plots
from optidemo.plots.animation import _scene
from optidemo.plots.labels import OF_THEORY, THEORY, unbroken
from optidemo.plots.layout import faults
from optidemo.plots.legend import LineNames, legend_below, write_names
from optidemo.plots.room import Room, integral
from optidemo.plots.style import CONTRAST, GREY, PALETTE, RED, contrast, legible
from optidemo.plots.taylor import taylor

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D

    from optidemo.plots.style import StyledFigure

    Lines = dict[str, Line2D]

K = np.arange(41.0)


def falling(ax: Axes, rates: Mapping[str, float]) -> Lines:
    """Draw a straight falling line for each name."""
    lines = {
        name: ax.semilogy(K, rate**K, color=color, linestyle="-", label=name)[0]
        for (name, rate), color in zip(rates.items(), PALETTE, strict=False)
    }
    ax.set(xlabel="$k$", ylabel="$y$")
    return lines


def panel(rates: Mapping[str, float]) -> tuple[StyledFigure, Axes, Lines]:
    figure = plots.new_figure()
    ax = figure.subplots()
    lines = falling(ax, rates)
    figure.lay_out()
    return figure, ax, lines


def names_in(figure: StyledFigure) -> list[str]:
    return [unbroken(text.get_text()) for ax in figure.axes for text in ax.texts]


APART = {"slow": 0.9, "middling, 1/L": 0.6, "fast": 0.3}


def test_each_line_is_named_once_beside_itself_in_its_colour() -> None:
    with plots.style():
        figure, ax, lines = panel(APART)
        write_names(figure, [(ax, lines)], [])
    assert sorted(names_in(figure)) == sorted(APART)
    assert faults(figure) == []
    for text in ax.texts:
        line = lines[text.get_text()]
        assert text.get_color() == legible(str(line.get_color()))


@pytest.mark.parametrize(
    "rates",
    [{"one": 0.5, "the same": 0.5}, {"one": 0.5, "nearly the same": 0.502}, {40 * "long": 0.5}],
)
def test_where_one_name_has_no_place_none_is_written(rates: dict[str, float]) -> None:
    with plots.style():
        figure, ax, lines = panel({**rates, "alone": 0.9})
        write_names(figure, [(ax, lines)], list(lines.values()))
    assert names_in(figure) == []
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == [*rates, "alone"]


def test_names_are_spread_over_the_panels_where_no_single_one_has_room_for_all() -> None:
    with plots.style():
        figure = plots.new_figure()
        axes = figure.subplots(1, 2)
        seen = ({"a": 0.5, "b": np.nan}, {"a": np.nan, "b": 0.5})  # NaN is not drawn
        panels = [(ax, falling(ax, rates)) for ax, rates in zip(axes, seen, strict=True)]
        figure.lay_out()
        write_names(figure, panels, [])
    assert [[text.get_text() for text in ax.texts] for ax in axes] == [["a"], ["b"]]


def test_a_name_is_broken_after_commas_and_hyphens_where_it_is_too_wide() -> None:
    with plots.style():
        figure = plots.new_figure()
        axes = figure.subplots(1, 3, width_ratios=[5, 3, 1.8])
        panels = [(ax, falling(ax, {"gradient-descent, Barzilai": 0.5})) for ax in axes]
        figure.lay_out()
        for each in panels:
            write_names(figure, [each], [])
    assert [ax.texts[0].get_text() for ax in axes] == [
        "gradient-descent, Barzilai", "gradient-descent,\nBarzilai", "gradient-\ndescent,\nBarzilai",
    ]  # fmt: skip
    assert len(set(names_in(figure))) == 1


def test_a_name_keeps_off_other_lines_markers_texts_and_bars() -> None:
    with plots.style():
        figure, ax, lines = panel({"fall": 0.5})
        write_names(figure, [(ax, lines)], [])
        (free,) = ax.texts
        x, y = free.get_position()
        other, again, more = panel({"fall": 0.5})
        again.text(x, y, "wall", transform=again.transAxes, ha="center", va="center")
        write_names(other, [(again, more)], [])
        third, bars, same = panel({"fall": 0.5})
        bars.axvspan(float(K[0]), float(K[-1]))
        third.lay_out()
        write_names(third, [(bars, same)], list(same.values()))
    assert again.texts[1].get_position() != (x, y)
    assert faults(other) == []
    assert not bars.texts
    assert third.legends


@pytest.mark.parametrize("count", [1, 2])
def test_one_line_of_theory_is_named_beside_it_and_several_by_their_look(count: int) -> None:
    with plots.style():
        figure, ax, lines = panel({"slow": 0.9, "fast": 0.3})
        for name, rate in list({"slow": 0.95, "fast": 0.4}.items())[:count]:
            (lines[name + OF_THEORY],) = ax.semilogy(K, rate**K, "--", label="_theory", zorder=2)
            lines[name + OF_THEORY].set_color(lines[name].get_color())
        figure.lay_out()
        write_names(figure, [(ax, lines)], [])
    assert faults(figure) == []
    (theory,) = [text for text in ax.texts if THEORY in text.get_text()]
    if count == 1:
        assert (theory.get_text(), theory.get_color()) == (THEORY, legible(PALETTE[0]))
    else:
        assert theory.get_text() == f"thin dashes: {THEORY}"
        assert to_hex(theory.get_color()) == to_hex(GREY)


def test_distances_are_those_of_a_search() -> None:
    ax = plots.new_figure().subplots()
    room = Room(ax, 60.0)
    grid = room.empty()
    painted = np.argwhere(np.random.default_rng(0).random((room.rows, room.columns)) < 0.02)
    for i, j in painted:
        room.fill(grid, (int(i), int(j)), (1, 1))
    size, far = (2, 3), 6
    found = room.distances(integral(grid), size, far)
    for row, column in np.ndindex(*found.shape):
        up = np.maximum(row - painted[:, 0], painted[:, 0] - (row + size[0] - 1))
        right = np.maximum(column - painted[:, 1], painted[:, 1] - (column + size[1] - 1))
        assert found[row, column] == min(int(np.maximum(up, right).min()) - 1, far)


def own_run() -> dict[str, optidemo.Result]:
    f = optidemo.Quadratic([[2.0, 1.0], [0.0, 1.0]])
    return {"plain": optidemo.gradient_descent(f), "accelerated": optidemo.accelerated_gradient(f)}


def names_of(ax: Axes) -> list[str]:
    (names,) = [artist for artist in ax.artists if isinstance(artist, LineNames)]
    return sorted(text.get_text() for text in names.texts)


def test_a_students_lines_are_named_when_they_are_drawn_however_the_panel_has_changed() -> None:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 5))
    ax: Any = figure.subplots()
    plots.convergence(ax, own_run())
    figure.savefig(first := BytesIO())
    assert names_of(ax) == ["accelerated", "plain"]
    assert not ax.get_legend().get_visible()
    figure.savefig(second := BytesIO())
    assert first.getvalue() == second.getvalue()
    ax.set_xlim(0, 1e6)  # all lines are one
    figure.savefig(BytesIO())
    assert names_of(ax) == []
    assert ax.get_legend().get_visible()
    ax.set_xlim(0, 40)
    figure.savefig(third := BytesIO())
    assert names_of(ax) == ["accelerated", "plain"]
    ax.legend(["my own", "words"])
    figure.savefig(third)
    assert names_of(ax) == []
    assert ax.get_legend().get_visible()


def test_without_a_legend_nothing_is_named() -> None:
    ax = plots.new_figure().subplots()
    plots.convergence(ax, own_run(), legend=False)
    assert not ax.artists
    assert ax.get_legend() is None


def test_the_slopes_of_a_taylor_test_are_named_beside_their_lines() -> None:
    A = np.array([[3.0, 1.0], [0.0, 1.0]])
    report = optidemo.check_gradient(lambda x: x @ A @ x, lambda x: 2 * A @ x, np.array([1.0, 2.0]))
    with plots.style("notebook"):
        figure = plots.new_figure("notebook")
        taylor(ax := figure.subplots(), report.to_dict()["taylor"])
    assert faults(figure) == []
    assert names_of(ax) == ["slope 1", "slope 2"]


def test_an_animation_names_its_paths_only_where_they_part() -> None:
    f = optidemo.Quadratic([[2.0, 1.0], [0.0, 1.0]])
    newton = optidemo.newton(f, [1.0, 1.0])
    plain = optidemo.gradient_descent(f, [1.0, 1.0], step=0.1)
    with plots.style():
        scene = _scene("t", f, {"newton": newton, "plain": plain}, np.zeros(2), (), named=True)
        assert scene is not None
        assert sorted(names_in(scene[0])) == ["newton", "plain"]
        assert _scene("t", f, {"newton": newton, "again": newton}, None, (), named=True) is None


def test_a_name_at_a_strange_line_a_pale_one_and_one_on_an_edge_are_faults() -> None:
    with plots.style():
        figure, ax, lines = panel({"slow": 0.9, "fast": 0.3})
        write_names(figure, [(ax, lines)], [])
        slow, fast = sorted(ax.texts, key=lambda text: text.get_text(), reverse=True)
        assert faults(figure) == []
        slow.set_text("fast")
        fast.set_text("slow")
        assert faults(figure) == [
            "'fast' is nearer to the line slow than to its own",
            "'slow' is nearer to the line fast than to its own",
        ]
        slow.set(text="slow", color="#AAAAAA")
        fast.set(text="fast", color=RED)
        ax.add_patch(Rectangle((0.5, 0.05), 0.2, 0.1, transform=ax.transAxes, facecolor=RED))
        ax.text(0.52, 0.08, "in", transform=ax.transAxes, color="white")
        ax.text(0.52, 0.16, "across", transform=ax.transAxes, va="center")
    assert faults(figure) == [
        "'across' lies upon the edge of a rectangle",
        "'slow' has a contrast of 2.32 only, not 4.5",
    ]


@pytest.mark.parametrize("color", PALETTE)
def test_every_colour_is_legible_as_text_or_darkened_until_it_is(color: str) -> None:
    assert contrast(legible(color)) >= CONTRAST
    if contrast(color) >= CONTRAST:
        assert legible(color) == color


def test_contrast_is_wcags() -> None:
    assert contrast("black") == pytest.approx(21.0)
    assert contrast("white") == 1.0
    assert contrast("#767676") == pytest.approx(4.54, abs=5e-3)  # the guideline's own example
    assert contrast("#767676", "black") == pytest.approx(21.0 / 4.54, abs=5e-3)


def test_a_legend_is_no_wider_than_the_figure_and_reads_by_rows() -> None:
    with plots.style():
        figure, _, lines = panel({f"a name that is rather long {n}": 0.5 for n in range(5)})
        legend_below(figure, list(lines.values()))
        figure.draw_without_rendering()
    (legend,) = figure.legends
    assert legend.get_window_extent().width <= figure.bbox.width
    places = [text.get_window_extent().p0 for text in legend.get_texts()]
    assert [text.get_text()[-1] for text in legend.get_texts()] == list("02413")
    assert places[0][1] > places[1][1]
