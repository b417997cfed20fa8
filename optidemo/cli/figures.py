"""``optidemo figures`` and ``optidemo animate``: the lecture's pictures, still and moving."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from optidemo.cli.path_option import path_option

if TYPE_CHECKING:
    from optidemo.plots.drawing import Drawn

__all__ = ["animate", "figures"]


def figures(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME…]", help="Names, numbers or files; by default all.")
    ] = None,
    out: Annotated[Path, path_option("The folder to write into.")] = Path("figures"),
    formats: Annotated[str, typer.Option("--format", help="png, svg, pdf; several: png,svg.")] = "png",
    style: Annotated[str, typer.Option(help="slides, paper or notebook.")] = "slides",
    jobs: Annotated[int | None, typer.Option(help="Processes; by default one per core.")] = None,
    listing: Annotated[bool, typer.Option("--list", help="List the figures and draw none.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", help="Seconds and checks of each figure.")] = False,
) -> None:  # fmt: skip
    """Draw the lecture's figures. Exit 0 if every number in them checks, 1 if not, 2 for bad usage."""
    from optidemo.cli.interrupt import Interruptible
    from optidemo.cli.progress import Ticker
    from optidemo.plots.drawing import chosen, draw_set
    from optidemo.plots.gallery import write_gallery

    selected = chosen(names or [])
    if listing:
        _list(selected)
        return
    kinds = list(dict.fromkeys(kind.strip().lower() for kind in formats.split(",") if kind.strip()))
    if not kinds:
        raise ValueError("--format names no format: png, svg or pdf.")
    done: list[Drawn] = []
    with Interruptible() as stop, Ticker(len(selected)) as ticker:
        drawing = draw_set(
            selected, out, formats=kinds, look=style, jobs=jobs, stop=lambda: stop.requested
        )
        for item in drawing:
            done.append(item)
            ticker.done()
            ticker.tick(item.name)
            if verbose:
                ticker.pause()
                _report(item)
    write_gallery(done, out, style)
    wrong = [item for item in done if not item.passed]
    for item in [] if verbose else wrong:
        _report(item)
    failed = f"; {len(wrong)} with a number that does not check" if wrong else ""
    print(f"{len(done)} of {len(selected)} figures in {out}{failed}")
    raise typer.Exit(stop.exit_code if stop.requested else int(bool(wrong)))


def _list(names: list[str]) -> None:
    from optidemo.cli.printing import console
    from optidemo.plots.lecture import FIGURES, file_stem

    width = max(len(name) for name in names)
    for name in names:
        number = file_stem(name).partition("-")[0]
        console().print(f"{number}  {name:<{width}}  {FIGURES[name].title}", soft_wrap=True)


def _report(item: Drawn) -> None:
    """Print one line, and one for each check that failed."""
    held = sum(check.passed for check in item.checks)
    print(f"{item.name:<36} {item.seconds:6.2f} s  {held} of {len(item.checks)} checks hold")
    for check in item.checks:
        if not check.passed:
            print(
                f"    FAILED {check.name}: error {check.error:.3g}, tolerance {check.tolerance:.3g}"
            )


def animate(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A demo of two variables, such as quadratic.")],
    out: Annotated[Path, path_option("The .gif or .mp4 to write.")] = Path("animation.gif"),
    solver: Annotated[
        list[str] | None, typer.Option(help="Show these solvers alone, by the names of optidemo run.")
    ] = None,
    frames: Annotated[int, typer.Option(help="Pictures at most.")] = 60,
    seconds: Annotated[float, typer.Option(help="How long it lasts.")] = 8.0,
) -> None:  # fmt: skip
    """Show solvers walking down the contours. GIF always; MP4 where ffmpeg is installed."""
    from optidemo.plots.animation import animate_demo

    path = animate_demo(name, out, solvers=solver or [], frames=frames, seconds=seconds)
    print(f"{path}: {path.stat().st_size / 1e6:.2f} MB")
