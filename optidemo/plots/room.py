"""The room that the lines and texts of a panel leave free, on a grid of small cells.

A grid answers for all places of a box at once how far the nearest line is: from its integral image
(F. C. Crow, "Summed-area tables for texture mapping", SIGGRAPH 1984) the number of painted cells in
a window is a sum of four numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from matplotlib.path import Path
from numpy.typing import NDArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D
    from matplotlib.transforms import Bbox

    from optidemo.arrays import Matrix, Vector

__all__ = ["Counts", "Grid", "Room", "integral", "marked_points", "points_along"]

Grid: TypeAlias = NDArray[np.bool_]
Counts: TypeAlias = NDArray[np.integer]

PAD = 12  # cells around the panel, so that windows may look beyond it


class Room:
    """A panel as a grid of cells, row 0 at its foot; a grid is padded by `PAD` cells on each side.

    The place (row, column) of a box is that of its lower left cell. What is returned for all places
    of a box of (rows, columns) cells is an array (self.rows − rows + 1, self.columns − columns + 1).

    Parameters
    ----------
    ax : Axes
        The panel, laid out, with its final limits.
    cell : float
        The side of a cell in pixels.
    """

    def __init__(self, ax: Axes, cell: float) -> None:
        box = ax.bbox
        self.cell = cell
        self.corner = np.array([box.x0, box.y0])
        self.limits = (box.x0, box.y0, box.x1, box.y1)
        self.rows, self.columns = int(box.height / cell), int(box.width / cell)

    def empty(self) -> Grid:
        """Return a grid with nothing painted."""
        return np.zeros((self.rows + 2 * PAD, self.columns + 2 * PAD), dtype=bool)

    def line(self, line: Line2D) -> Grid:
        """Return the cells that a line and its markers touch."""
        grid = self.empty()
        if not line.get_visible():
            return grid
        path = line.get_transform().transform_path(line.get_path())
        if line.get_linestyle() != "None":
            self._paint(grid, points_along(path, self.limits, 0.5 * self.cell))
        points = marked_points(line, np.asarray(path.vertices))
        if len(points):
            figure = line.get_figure(root=True)
            assert figure is not None  # noqa: S101  (the line is in a panel)
            radius = 0.5 * line.get_markersize() * figure.dpi / 72.0
            reach = int(np.ceil(radius / self.cell))
            for up in range(-reach, reach + 1):
                for right in range(-reach, reach + 1):
                    self._paint(grid, points + self.cell * np.array([right, up]))
        return grid

    def box(self, grid: Grid, box: Bbox) -> None:
        """Paint the cells that a box in pixels touches."""
        (j0, i0), (j1, i1) = self._cells(np.asarray(box.get_points()))
        grid[max(i0, 0) : max(i1 + 1, 0), max(j0, 0) : max(j1 + 1, 0)] = True

    def fill(self, grid: Grid, place: tuple[int, int], size: tuple[int, int]) -> None:
        """Paint a box of cells."""
        grid[_window(place, size, 0)] = True

    def distances(self, total: Counts, size: tuple[int, int], far: int) -> Counts:
        """Return how many empty cells lie between a box and the nearest paint, for all its places.

        −1 where it covers some, and `far`, which is at most `PAD`, where there are as many or more;
        `total` is the integral of the grid.
        """
        found = np.where(self.amounts(total, size, 0) == 0, 0, -1)
        for around in range(1, far + 1):
            found += self.amounts(total, size, around) == 0
        return found

    def left_of(
        self, grid: Grid, place: tuple[int, int], size: tuple[int, int], reach: int
    ) -> bool:
        """Tell whether the box lies left of the paint beside it: none within reach is on its left."""
        beside: Grid = np.any(grid[_window(place, size, reach)][reach:-reach], axis=0)
        return bool(beside[-reach:].any() and not beside[:reach].any())

    def middle(self, place: tuple[int, int], size: tuple[int, int]) -> Vector:
        """Return the middle of a box in pixels, (2,)."""
        (row, column), (rows, columns) = place, size
        return self.corner + self.cell * np.array([column + 0.5 * columns, row + 0.5 * rows])

    def amounts(self, total: Counts, size: tuple[int, int], around: int) -> Counts:
        """Return the number of painted cells in a box and so many cells around it, for all places."""
        high, wide = self.rows - size[0] + 1, self.columns - size[1] + 1
        low = PAD - around
        i, j = low + size[0] + 2 * around, low + size[1] + 2 * around
        below, above = total[low : low + high], total[i : i + high]
        left, right = slice(low, low + wide), slice(j, j + wide)
        return np.asarray(above[:, right] - above[:, left] - below[:, right] + below[:, left])

    def _cells(self, points: Matrix) -> Counts:
        """Return column and row, in a padded grid, of points in pixels."""
        cells: Counts = np.floor((points - self.corner) / self.cell).astype(np.int64) + PAD
        return cells

    def _paint(self, grid: Grid, points: Matrix) -> None:
        """Paint the cells of points in pixels, (n, 2), as far as they lie on the grid."""
        left, foot, right, top = self.limits
        x, y = points.T
        column, row = self._cells(points[(x > left) & (x < right) & (y > foot) & (y < top)]).T
        grid[row, column] = True


def marked_points(line: Line2D, vertices: Matrix) -> Matrix:
    """Return those of a line's vertices that carry a marker, (m, 2)."""
    if line.get_marker() in ("", "None", "none", " ", None):
        return vertices[:0]
    every = line.get_markevery()
    return vertices[every if isinstance(every, list) else slice(None, None, every)]


def points_along(path: Path, limits: tuple[float, float, float, float], step: float) -> Matrix:
    """Return points at most `step` apart along the part of a path inside the limits, (n, 2)."""
    inside = path.cleaned(remove_nans=True, clip=limits)
    vertices, codes = np.asarray(inside.vertices), np.asarray(inside.codes)
    drawn = np.flatnonzero(codes[1:] == Path.LINETO)
    tail, head = vertices[drawn], vertices[drawn + 1]
    count = np.ceil(np.hypot(*(head - tail).T) / step).astype(int) + 1
    segment = np.repeat(np.arange(len(drawn)), count)
    first = np.repeat(np.cumsum(count) - count, count)
    t = ((np.arange(len(segment)) - first) / np.maximum(count[segment] - 1, 1))[:, None]
    return np.asarray(tail[segment] + t * (head - tail)[segment])


def integral(grid: Grid) -> Counts:
    """Return how many cells below and left of each corner of a grid are painted."""
    total: Counts = np.zeros((grid.shape[0] + 1, grid.shape[1] + 1), dtype=np.int32)
    np.cumsum(np.cumsum(grid, axis=0, dtype=np.int32), axis=1, out=total[1:, 1:])
    return total


def _window(place: tuple[int, int], size: tuple[int, int], around: int) -> tuple[slice, slice]:
    """Return the part of a padded grid that holds a box, and so many cells around it."""
    i, j = place[0] + PAD - around, place[1] + PAD - around
    return slice(i, i + size[0] + 2 * around), slice(j, j + size[1] + 2 * around)
