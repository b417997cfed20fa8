"""The name of each line beside it, in its colour, where all of them find room.

A legend makes the eye walk to and fro; a name beside its line does not. But a name that stands as
near to another line as to its own misleads. So it is all or nothing: every line is named, or none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

import matplotlib as mpl
import numpy as np
from matplotlib.text import Text

from optidemo.plots.marks import halo
from optidemo.plots.room import Room, integral
from optidemo.plots.style import GREY, legible

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from matplotlib.axes import Axes
    from matplotlib.backend_bases import RendererBase
    from matplotlib.lines import Line2D
    from numpy.typing import NDArray

    Panels = Sequence[tuple[Axes, Mapping[str, Line2D]]]

__all__ = ["OF_THEORY", "THEORY", "Place", "find_places", "unbroken"]

OF_THEORY = " (theory)"  # ends the key of a line of theory; the rest is the key of its run
THEORY, ALL_THEORY = "theory’s rate", "thin dashes: theory’s rate"
SPACING = 1.1  # from line to line of a broken name, in heights of the font
CELLS = 6  # of the grid to the height of the font
NEAR, FAR = 2, 5  # cells between a name and its line, at least and at most
APART = 3  # cells by which every other run is further away, and between two names
CLEAR = 10  # cells of distance beyond which more is no better
FRAME = 2  # cells between a name and the edge of the panel


@dataclass(frozen=True)
class Place:
    """Where a name goes: the words, their centre as a fraction of the panel, and their looks."""

    ax: Axes
    words: str
    centre: tuple[float, float]
    align: Literal["left", "right"]
    color: str
    size: float

    def text(self) -> Text:
        """Return the name as an artist that is not yet in the panel."""
        return Text(
            *self.centre, self.words, transform=self.ax.transAxes, ha="center", va="center",
            multialignment=self.align, color=self.color, size=self.size, linespacing=SPACING,
            zorder=8, path_effects=halo(), clip_on=False,
        )  # fmt: skip


class Offer(NamedTuple):
    """The cost of each place of a name, broken in one way, in one panel; infinite if forbidden."""

    words: str
    size: tuple[int, int]
    cost: NDArray[np.float64]


class Choice(NamedTuple):
    """The best place of a name in a panel, and how many it has."""

    panel: _Panel
    places: int
    cost: float
    words: str
    size: tuple[int, int]
    place: tuple[int, int]


def find_places(
    panels: Panels, renderer: RendererBase, size: float | None = None
) -> list[Place] | None:
    """Find a place beside its line for every name.

    Parameters
    ----------
    panels : sequence of (Axes, mapping from name to Line2D)
        Panels in which the same runs are drawn, with their lines as `convergence` returns them. They
        are laid out, and their limits are final.
    renderer : RendererBase
        Of the figure, to measure the words.
    size : float, optional
        Points of the words; by default those of the numbers along an axis.

    Returns
    -------
    list of Place or None
        One for each run and one for theory: all in the first panel with room for all, else spread
        over the panels. None if a name has no place.
    """
    size = float(mpl.rcParams["xtick.labelsize"]) if size is None else size
    rooms = [_Panel(ax, lines, renderer, size) for ax, lines in panels]
    names = list(dict.fromkeys(name for _, lines in panels for name in lines))
    several = [*([room] for room in rooms), *([rooms] if len(rooms) > 1 else [])]
    tried = (_assign(names, chosen) for chosen in several)
    return next((places for places in tried if places is not None), None)


def _assign(names: Sequence[str], panels: Sequence[_Panel]) -> list[Place] | None:
    """Give each run its best place, first to those with the least choice, and theory what is left.

    One line of theory is named beside it if it can be; else, and for several, the name says of what
    look they are, and stands where it is far from every line.
    """
    for panel in panels:
        panel.clear()
    theory = [name for name in names if name.endswith(OF_THEORY)]
    waiting = [name for name in names if name not in theory]
    found: list[Place] = []
    while waiting:
        choices: dict[str, Choice] = {}
        for name in waiting:
            choices[name] = _choice(name, panels)
            if not choices[name].places:
                return None
        name = min(waiting, key=lambda name: choices[name].places)
        found.append(choices[name].panel.take(name, choices[name]))
        waiting.remove(name)
    if theory:
        name = theory[0]
        if len(theory) > 1 or not _choice(name, panels).places:
            name = ""
        choice = _choice(name, panels)
        return [*found, choice.panel.take(name, choice)] if choice.places else None
    return found


def _choice(name: str, panels: Sequence[_Panel]) -> Choice:
    """Return the best place of a name in any of the panels, with the number of places in all."""
    each = [panel.choice(name) for panel in panels]
    best = min(each, key=lambda choice: choice.cost)
    return best._replace(places=sum(choice.places for choice in each))


class _Panel:
    """One panel, what it offers to each name, and the room that names have taken so far."""

    def __init__(
        self, ax: Axes, lines: Mapping[str, Line2D], renderer: RendererBase, size: float
    ) -> None:
        figure = ax.get_figure(root=True)
        assert figure is not None  # noqa: S101  (an Axes is in a figure)
        self.ax, self.lines, self.size = ax, lines, size
        self.figure, self.renderer = figure, renderer
        self.room = room = Room(ax, size * figure.dpi / 72.0 / CELLS)
        self.grids = {name: room.line(line) for name, line in lines.items()}
        self.fixed, self.taken = room.empty(), room.empty()
        for line in set(ax.get_lines()) - set(lines.values()):
            self.fixed |= room.line(line)
        for artist in (*ax.texts, *ax.patches):
            if artist.get_visible():
                room.box(self.fixed, artist.get_window_extent(renderer))
        self.offers: dict[str, list[Offer]] = {}

    def clear(self) -> None:
        """Take all names out of the room."""
        self.taken = self.room.empty()

    def choice(self, name: str) -> Choice:
        """Return how many places a name has still, and the best of them."""
        if name not in self.offers:
            self.offers[name] = list(self._offers(name))
        best = Choice(self, 0, np.inf, "", (0, 0), (0, 0))
        count, taken = 0, integral(self.taken)
        for words, size, offered in self.offers[name]:
            free = self.room.distances(taken, size, APART) >= APART
            cost = np.where(free, offered, np.inf)
            count += int(np.isfinite(cost).sum())
            row, column = map(int, np.unravel_index(np.argmin(cost), cost.shape))
            if cost[row, column] < best.cost:
                best = Choice(self, 0, float(cost[row, column]), words, size, (row, column))
        return best._replace(places=count)

    def take(self, name: str, choice: Choice) -> Place:
        """Give a name its place."""
        self.room.fill(self.taken, choice.place, choice.size)
        middle = self.room.middle(choice.place, choice.size)
        x, y = map(float, self.ax.transAxes.inverted().transform(middle))
        if not name:
            return Place(self.ax, choice.words, (x, y), "left", GREY, self.size)
        right = self.room.left_of(self.grids[name], choice.place, choice.size, FAR + 1)
        color = legible(str(self.lines[name].get_color()))
        return Place(self.ax, choice.words, (x, y), "right" if right else "left", color, self.size)

    def _offers(self, name: str) -> Iterator[Offer]:
        """Yield where a name may stand: near its line, off all else, any other run further away.

        A run and its theory have one colour, so they need not be far apart. The name "" is that of
        all theory. The best places are near, along much of the line, far from others, halfway up.
        """
        run, room = name.removesuffix(OF_THEORY), self.room
        partner, others = room.empty(), room.empty()
        for other, grid in self.grids.items():
            if other != name:
                (partner if other.removesuffix(OF_THEORY) == run else others)[grid] = True
        named = integral(self.grids.get(name, partner))
        beside, strange, fixed = map(integral, (partner, others, self.fixed))
        for words in _broken(THEORY if name.endswith(OF_THEORY) else name or ALL_THEORY):
            size = self._cells(words)
            if size[0] + 2 * FRAME > room.rows or size[1] + 2 * FRAME > room.columns:
                continue
            fits = room.distances(fixed, size, NEAR) >= NEAR
            fits[:FRAME] = fits[-FRAME:] = fits[:, :FRAME] = fits[:, -FRAME:] = False
            own = room.distances(named, size, FAR + 1)
            fits &= not name or (own >= NEAR) & (own <= FAR)
            if not fits.any():
                continue
            away = room.distances(strange, size, CLEAR)
            up, right = np.ogrid[tuple(slice(0, 1, 1j * n) for n in fits.shape)]
            if name:
                fits &= (away >= own + APART) & (room.distances(beside, size, FAR + 2) > own)
                along = np.minimum(room.amounts(named, size, FAR + 1) / sum(size), 1.0)
                cost = 1.5 * own - 0.5 * away - 4.0 * along + 2.0 * abs(up - 0.5)
            else:
                fits &= away >= APART
                cost = -0.5 * away - 4.0 * (up + right)
            yield Offer(words, size, np.where(fits, cost + 2.0 * words.count("\n"), np.inf))

    def _cells(self, words: str) -> tuple[int, int]:
        """Return the height and width of words in cells."""
        text = Place(self.ax, words, (0.0, 0.0), "left", GREY, self.size).text()
        text.set_figure(self.figure)
        box = text.get_window_extent(self.renderer)
        return int(np.ceil(box.height / self.room.cell)), int(np.ceil(box.width / self.room.cell))


def _broken(name: str) -> list[str]:
    """Return a name in one line, broken after one comma, after all, and after all commas and hyphens."""
    parts = name.split(", ")
    once = [", ".join(parts[:n]) + ",\n" + ", ".join(parts[n:]) for n in range(1, len(parts))]
    narrow = ",\n".join(parts)
    return list(dict.fromkeys([name, *once, narrow, narrow.replace("-", "-\n")]))


def unbroken(words: str) -> str:
    """Return the name that was broken into these words."""
    return words.replace("-\n", "-").replace("\n", " ")
