"""What the lines are called: names beside them where all of them find room, else a legend."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib as mpl
from matplotlib.artist import Artist
from matplotlib.font_manager import FontProperties

from optidemo.plots.labels import find_places

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes
    from matplotlib.backend_bases import RendererBase
    from matplotlib.legend import Legend
    from matplotlib.lines import Line2D
    from matplotlib.text import Text

    from optidemo.plots.labels import Panels
    from optidemo.plots.style import StyledFigure

__all__ = ["LineNames", "legend_below", "names_fit", "write_names"]


class LineNames(Artist):
    """The names of a panel's lines, which find their places whenever the panel is drawn.

    So they follow whatever happens to the panel after its lines were drawn: other limits, other
    lines, another size. The legend is seen only where not all of them have a place; where the panel
    was given another legend since, neither is.

    Parameters
    ----------
    ax : Axes
        The panel, of any figure.
    lines : mapping from name to Line2D
        The lines to be named.
    entries : sequence of Line2D
        The legend's.
    """

    def __init__(self, ax: Axes, lines: Mapping[str, Line2D], entries: Sequence[Line2D]) -> None:
        super().__init__()
        self.panel = ax
        self.lines = dict(lines)
        self.legend: Legend = ax.legend(handles=entries)
        self.texts: list[Text] = []
        self.size = FontProperties(size=mpl.rcParams["xtick.labelsize"]).get_size_in_points()
        self.set_zorder(self.legend.get_zorder() - 0.1)  # drawn before it, to hide it
        self.set_in_layout(False)
        ax.add_artist(self)

    def get_children(self) -> list[Artist]:
        """Return the names as they were drawn last; none if the legend was."""
        return list(self.texts)

    def draw(self, renderer: RendererBase) -> None:
        """Draw the names, or let the legend be drawn."""
        self.texts = []
        if self.panel.get_legend() is not self.legend:
            return
        places = find_places([(self.panel, self.lines)], renderer, self.size)
        self.legend.set_visible(places is None)
        for place in places or []:
            text = place.text()
            text.set_figure(self.legend.figure)
            self.texts.append(text)
            text.draw(renderer)


def names_fit(figure: StyledFigure, panels: Panels) -> bool:
    """Tell whether every name has a place beside its line, as the figure is laid out now."""
    return find_places(panels, _renderer(figure)) is not None


def write_names(figure: StyledFigure, panels: Panels, entries: Sequence[Line2D]) -> None:
    """Write the names into panels that are laid out, which then stay as they are; else a legend."""
    places = find_places(panels, _renderer(figure))
    if places is None:
        legend_below(figure, entries)
        return
    for place in places:
        place.ax.add_artist(place.text())
    figure.set_layout_engine("none")


def legend_below(figure: StyledFigure, entries: Sequence[Line2D]) -> None:
    """Add a legend under the panels with as many columns as the figure is wide.

    Its width is measured without drawing the figure, which would cost a whole layout each time.
    """
    for columns in range(min(len(entries), 4), 0, -1):
        legend = figure.legend(
            handles=_by_rows(entries, columns),
            loc="outside lower left",
            ncols=columns,
            columnspacing=1.4,
        )
        width = legend.get_window_extent(_renderer(figure)).width
        if columns == 1 or width <= 0.98 * figure.bbox.width:
            return
        legend.remove()


def _by_rows(entries: Sequence[Line2D], columns: int) -> list[Line2D]:
    """Reorder entries so that a legend, which fills column by column, reads row by row."""
    return [entry for i in range(columns) for entry in entries[i::columns]]


def _renderer(figure: StyledFigure) -> RendererBase:
    """Return what measures the words of a figure of this package."""
    renderer: RendererBase = figure.canvas.get_renderer()  # type: ignore[attr-defined]  # it is Agg's
    return renderer
