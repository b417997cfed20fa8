"""The list of the lecture's figures: what each shows, where it belongs, and who draws it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from optidemo.checks.check import Check
    from optidemo.plots.style import StyledFigure

    Draw: TypeAlias = Callable[[StyledFigure], Sequence[Check]]

__all__ = ["LectureFigure", "figure"]


@dataclass(frozen=True)
class LectureFigure:
    """A figure of the set.

    Attributes
    ----------
    name : str
        Its name on the command line and, after its number, of its file.
    place : str
        Where it belongs in the lecture.
    title, caption, alt : str
        For the gallery: what it is, what it says, and what one sees who cannot see it.
    draw : callable
        ``draw(figure)`` fills an empty figure inside `style` and returns the checks that its numbers passed.
    dataset : str
        The data set it shows, or "".
    seed : int or None
        The seed of its random numbers, if it has any.
    """

    name: str
    place: str
    title: str
    caption: str
    alt: str
    draw: Draw
    dataset: str = ""
    seed: int | None = None


def figure(
    name: str,
    *,
    place: str,
    title: str,
    caption: str,
    alt: str,
    dataset: str = "",
    seed: int | None = None,
) -> Callable[[Draw], LectureFigure]:
    """Turn a drawing function into a `LectureFigure`."""

    def wrap(draw: Draw) -> LectureFigure:
        return LectureFigure(name, place, title, caption, alt, draw, dataset, seed)

    return wrap
