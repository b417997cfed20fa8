"""``optidemo run``: run demos, print what was found, write the figure."""

from __future__ import annotations

import enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Callable

    from optidemo.datasets import Design
    from optidemo.demos.case import Demo
    from optidemo.demos.report import Report

__all__ = ["run"]


class Format(enum.StrEnum):
    """Of figures."""

    png = "png"
    svg = "svg"
    pdf = "pdf"


def run(
    names: Annotated[list[str], typer.Argument(metavar="NAME…", help="Demos, or 'all'; see optidemo list.")],
    solver: Annotated[str | None, typer.Option(help="Run this solver alone.")] = None,
    step: Annotated[
        str | None,
        typer.Option(help="A number, or armijo, inverse-lipschitz, barzilai-borwein, diminishing."),
    ] = None,
    max_iter: Annotated[int | None, typer.Option(help="Iterations at most.")] = None,
    tol: Annotated[float | None, typer.Option(help="Reduction of the gradient norm to stop at.")] = None,
    seed: Annotated[int, typer.Option(help="Of random matrices and test points.")] = 0,
    data: Annotated[str | None, typer.Option(help="Your own .csv or .npy file.")] = None,
    target: Annotated[str | None, typer.Option(help="The column to explain.")] = None,
    columns: Annotated[str | None, typer.Option(help="The columns to use: a,b,c")] = None,
    intercept: Annotated[
        bool | None,
        typer.Option("--intercept/--no-intercept", help="Add a column of ones (regression: yes)."),
    ] = None,
    standardize: Annotated[bool, typer.Option("--standardize", help="Centre and scale the columns.")] = False,
    out: Annotated[Path, typer.Option(help="Folder of the figures.")] = Path("figures"),
    format: Annotated[Format, typer.Option(help="Of the figures.")] = Format.png,  # noqa: A002
    figure: Annotated[bool, typer.Option("--figure/--no-figure", help="Write the figure.")] = True,
    json: Annotated[bool, typer.Option("--json", help="Print JSON alone.")] = False,
) -> None:  # fmt: skip
    """Run demos: solve, check, plot. Exit 0 if every check holds, 1 if one fails, 2 for bad usage."""
    from optidemo.cli.interrupt import Interruptible
    from optidemo.cli.printing import console, print_report, to_json
    from optidemo.cli.progress import Ticker
    from optidemo.demos.runner import run_demo
    from optidemo.files import check_writable

    demos = _chosen(names)
    rule = _step(step)
    if solver is not None:
        _known_solver(solver)
    for demo in demos if figure else ():
        check_writable(out / f"{demo.name}.{format.value}")
    reports: list[Report] = []
    with Interruptible() as stop, Ticker(len(demos), quiet=json) as ticker:
        try:
            for demo in demos:
                own = _design(
                    demo, data, target, columns, intercept=intercept, standardize=standardize,
                    progress=lambda done, total: ticker.tick(f"{data}: {done / max(total, 1):.0%}"),
                )  # fmt: skip

                def each(_x: Any, demo: Demo = demo) -> None:
                    ticker.tick(demo.name)
                    stop.check()

                report = run_demo(
                    demo, seed=seed, design=own, solver=solver, step=rule, maxiter=max_iter, tol=tol,
                    callback=each,
                )  # fmt: skip
                if figure:
                    _draw(report, out / f"{report.name}.{format.value}")
                reports.append(report)
                ticker.done()
                if not json:
                    ticker.pause()
                    print_report(console(), report, short=len(demos) > 1)
                if report.interrupted:
                    break
        except (ValueError, TypeError, OSError):
            if json and reports:  # what is finished is not lost
                print(to_json(reports))
            raise
    if json:
        print(to_json(reports))
    elif len(demos) > 1:
        _summary(reports, len(demos))
    raise typer.Exit(stop.exit_code if stop.requested else int(not all(r.passed for r in reports)))


def _chosen(names: list[str]) -> list[Demo]:
    """Return the demos of these names; `all` and a kind such as `likelihood` stand for several."""
    from optidemo.demos import DEMOS
    from optidemo.names import unknown_name

    chosen: dict[str, Demo] = {}
    for name in names:
        group = [d for d in DEMOS.values() if name in ("all", d.kind, f"{d.kind}s")]
        if not group and name not in DEMOS:
            raise ValueError(unknown_name("demo", name, [*DEMOS, "all"]))
        chosen.update({d.name: d for d in group or [DEMOS[name]]})
    return list(chosen.values())


def _known_solver(name: str) -> None:
    from optidemo.names import unknown_name
    from optidemo.solvers.solve import SOLVERS

    if name not in SOLVERS:
        raise ValueError(unknown_name("solver", name, SOLVERS))


def _step(text: str | None) -> Any:
    """Return a step rule or a number."""
    from optidemo.names import unknown_name
    from optidemo.solvers import steps

    if text is None:
        return None
    rules = {
        "armijo": steps.Armijo, "inverse-lipschitz": steps.InverseLipschitz,
        "barzilai-borwein": steps.BarzilaiBorwein, "diminishing": steps.Diminishing,
    }  # fmt: skip
    if text in rules:
        return rules[text]()
    try:
        number = float(text)
    except ValueError:
        raise ValueError(unknown_name("step rule", text, [*rules, "a number"])) from None
    return steps.Fixed(number)


def _design(
    demo: Demo, data: str | None, target: str | None, columns: str | None, *,
    intercept: bool | None, standardize: bool, progress: Callable[[int, int], None],
) -> Design | None:  # fmt: skip
    """Read the user's file for this demo; None for its own data."""
    if data is None:
        given = {
            "--target": target, "--columns": columns, "--standardize": standardize or None,
            "--no-intercept" if intercept is False else "--intercept": intercept,
        }  # fmt: skip
        useless = [name for name, value in given.items() if value is not None]
        if useless:
            raise ValueError(f"{', '.join(useless)} needs --data FILE.")
        return None
    if not demo.takes_data:
        raise ValueError(f"{demo.name} takes no --data: it is a function, not fitted to data.")
    if demo.target and target is None:
        raise ValueError(f"{demo.name} needs --target COLUMN, the column to explain.")
    from optidemo.datasets import read_design

    return read_design(
        data,
        target if demo.target else None,
        [name.strip() for name in columns.split(",")]
        if columns
        else ([target] if target and not demo.target else None),
        intercept=demo.intercept if intercept is None else intercept,
        standardize=standardize,
        progress=progress,
    )


def _draw(report: Report, path: Path) -> None:
    """Write the convergence figure, if any run took an iteration, and note its path."""
    from optidemo.plots.demo import demo_figure
    from optidemo.plots.save import save_figure

    runs = {label: r for label, r in report.results.items() if r.nit > 0}
    if not runs:
        return
    rates = {row.label: row.theory for row in report.solvers if row.theory is not None}
    figure = demo_figure(
        f"{report.number}  {report.title}",
        runs,
        report.objective,
        report.best,
        report.best_value,
        rates,
        units=report.units,
    )
    report.figure = str(save_figure(figure, path))


def _summary(reports: list[Report], asked: int) -> None:
    from optidemo.cli.printing import console

    failed = [r.name for r in reports if not r.passed]
    checks = sum(len(r.checks) for r in reports)
    text = f"{len(reports)} of {asked} demos, {checks} checks: "
    text += f"failed: {', '.join(failed)}" if failed else "all hold"
    console().print(text, style="bold red" if failed else "bold green", highlight=False)
