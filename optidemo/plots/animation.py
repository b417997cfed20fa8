"""Solvers walking down the contours, as a GIF or, where ffmpeg is installed, an MP4."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from optidemo.files import atomic_path
from optidemo.names import unknown_name
from optidemo.plots.contours import contour_path
from optidemo.plots.film import PAUSE, write_gif, write_mp4
from optidemo.plots.legend import legend_below, names_fit, write_names
from optidemo.plots.marks import headline
from optidemo.plots.save import picture
from optidemo.plots.style import MARKERS, PALETTE, new_figure, style

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence

    from matplotlib.lines import Line2D
    from matplotlib.text import Text
    from PIL import Image

    from optidemo.arrays import Vector
    from optidemo.objective import Objective
    from optidemo.plots.style import StyledFigure
    from optidemo.solvers.result import Result

__all__ = ["animate_demo", "animate_path"]

AT_ONCE = 4  # solvers shown together unless the user names them
WIDTH = 960  # pixels


def animate_demo(
    name: str, path: str | os.PathLike[str], *, solvers: Sequence[str] = (), frames: int = 60,
    seconds: float = 8.0,
) -> Path:  # fmt: skip
    """Run a demo and animate its solvers; see `animate_path`.

    Parameters
    ----------
    name : str
        A demo whose objective has two variables.
    path : path
        The .gif or .mp4.
    solvers : sequence of str
        The solvers to show; by default the first four that took an iteration.
    frames, seconds
        As in `animate_path`.

    Raises
    ------
    ValueError
        For an unknown demo or solver, a demo without contours, or a format that cannot be written.
    """
    from optidemo.demos import DEMOS

    if name not in DEMOS:
        raise ValueError(unknown_name("demo", name, DEMOS))
    _check_format(path)
    report = DEMOS[name].run(seed=0)
    if report.objective.d != 2:
        raise ValueError(
            f"{name} has {_count(report.objective.d)}, and contours need two. Try quadratic, "
            "linear-regression-cars or logistic-regression."
        )
    runs = {label: run for label, run in report.results.items() if run.nit > 0}
    known = {label.split(",")[0] for label in runs} | set(runs)
    for solver in solvers:
        if solver not in known:
            raise ValueError(unknown_name(f"solver of {name}", solver, runs))
    if solvers:
        runs = {
            label: run
            for label, run in runs.items()
            if label in solvers or label.split(",")[0] in solvers
        }
    shown = dict(list(runs.items())[: None if solvers else AT_ONCE])
    return animate_path(
        path, report.title, report.objective, shown, best=report.best, frames=frames,
        seconds=seconds, units=report.units,
    )  # fmt: skip


def animate_path(
    path: str | os.PathLike[str], title: str, f: Objective, runs: Mapping[str, Result], *,
    best: Vector | None = None, frames: int = 60, seconds: float = 8.0, units: Sequence[str] = (),
) -> Path:  # fmt: skip
    """Write an animation of runs in two variables on the contours of f.

    The pictures are spaced so that early iterations, where the way is made, get most of them.

    Parameters
    ----------
    path : path
        The .gif or .mp4.
    title : str
        The headline.
    f : Objective
        Of two variables.
    runs : mapping from label to Result
        The solvers.
    best : (2,) array, optional
        The optimum, marked with a star.
    frames : int
        Pictures at most, 2 or more.
    seconds : float
        How long it lasts, > 0.
    units : (2,) sequence of str, optional
        As in `contour_path`.

    Raises
    ------
    ValueError
        If a number is out of range, the suffix is neither .gif nor .mp4, or ffmpeg is missing.
    """
    kind = _check_format(path)
    if frames < 2 or not 0 < seconds < float("inf"):
        raise ValueError(
            f"frames must be ≥ 2 and seconds > 0 and finite, but they are {frames} and {seconds:g}."
        )
    with atomic_path(path) as temporary:  # found unwritable before anything is drawn
        images = _images(title, f, runs, best, units, _moments(runs, frames))
        delay = max(20, round(1000 * seconds / (len(images) + PAUSE - 1)))
        if kind == "gif":
            write_gif(images, temporary, delay)
        else:
            write_mp4(images, temporary, delay)
    return Path(path)


def _count(variables: int) -> str:
    return "one variable" if variables == 1 else f"{variables} variables"


def _check_format(path: str | os.PathLike[str]) -> str:
    kind = Path(path).suffix.lower().lstrip(".")
    if kind not in ("gif", "mp4"):
        raise ValueError(f"cannot animate into {path}: its name must end in .gif or .mp4.")
    if kind == "mp4" and shutil.which("ffmpeg") is None:
        raise ValueError("an MP4 needs ffmpeg, which is not installed here; write a .gif instead.")
    return kind


def _moments(runs: Mapping[str, Result], frames: int) -> list[int]:
    """Return the iterations to show: 0, 1, 2, … and then ever larger strides up to the last."""
    last = max(len(run.trajectory) - 1 for run in runs.values())
    if last < frames:
        return list(range(last + 1))
    for count in range(2 * frames, 1, -1):  # small iterations repeat when rounded: try for more
        moments = sorted({0, *np.round(np.geomspace(1, last, count)).astype(int).tolist()})
        if len(moments) <= frames:
            return moments
    return [0, last]


def _images(
    title: str, f: Objective, runs: Mapping[str, Result], best: Vector | None,
    units: Sequence[str], moments: Sequence[int],
) -> list[Image.Image]:  # fmt: skip
    """Draw once, then move the lines: one picture for each moment."""
    with style("slides"):
        told = (title, f, runs, best, units)
        scene = _scene(*told, named=True) or _scene(*told, named=False)
        assert scene is not None  # noqa: S101  (a legend always fits)
        figure, counter, lines, heads = scene
        images = []
        for k in moments:
            for label, run in runs.items():
                path = run.trajectory
                x = path.x[path.iteration <= k]
                lines[label].set_data(x[:, 0], x[:, 1])
                heads[label].set_data(x[-1:, 0], x[-1:, 1])
            counter.set_text(f"$k = {k}$")
            images.append(picture(figure))
    return images


def _scene(
    title: str, f: Objective, runs: Mapping[str, Result], best: Vector | None,
    units: Sequence[str], *, named: bool,
) -> tuple[StyledFigure, Text, dict[str, Line2D], dict[str, Line2D]] | None:  # fmt: skip
    """Draw the whole paths, laid out; return the figure, its counter, the lines and their heads.

    Named, each path has its name beside it, for which there may be no room: None; else a legend.
    """
    figure = new_figure("slides")
    figure.set_dpi(WIDTH / figure.look.width)
    headline(figure, title)
    ax = figure.subplots()
    ax.set(xlabel="$x_1$", ylabel="$x_2$")
    counter = ax.set_title("$k = 0$")
    heads = {
        label: ax.plot(
            [], [], marker=MARKERS[i % len(MARKERS)], color=PALETTE[i % len(PALETTE)],
            linestyle="none", markersize=14, markeredgecolor="white", zorder=6, label=label,
        )[0]
        for i, label in enumerate(runs)
    }  # fmt: skip
    if not named:
        legend_below(figure, list(heads.values()))
    figure.lay_out()  # the contours must fill the panel, whose shape is known now
    lines = contour_path(ax, f, runs, best=best, units=units)
    for line in lines.values():
        line.set_markevery([])
    figure.lay_out()
    if named:
        if not names_fit(figure, [(ax, lines)]):
            return None
        write_names(figure, [(ax, lines)], [])
    figure.set_layout_engine("none")
    return figure, counter, lines, heads
