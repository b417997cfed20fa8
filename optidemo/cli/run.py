"""``optidemo run``: run demos, print what was found, write the figure."""

from __future__ import annotations

import enum
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from optidemo.cli.path_option import path_option

if TYPE_CHECKING:
    from collections.abc import Mapping

    from optidemo.cli.interrupt import Interruptible
    from optidemo.cli.own_data import OwnData
    from optidemo.cli.progress import Ticker
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
    solver: Annotated[str | None, typer.Option(help="Run this solver alone, where it fits.")] = None,
    step: Annotated[
        str | None,
        typer.Option(help="A number, or armijo, inverse-lipschitz, barzilai-borwein, diminishing."),
    ] = None,
    max_iter: Annotated[int | None, typer.Option(help="Iterations at most.")] = None,
    tol: Annotated[float | None, typer.Option(help="Reduction of the gradient norm to stop at.")] = None,
    seed: Annotated[int, typer.Option(help="Of random matrices and test points.")] = 0,
    data: Annotated[str | None, typer.Option(help="Your own .csv or .npy file.")] = None,
    target: Annotated[str | None, typer.Option(help="The column to explain.")] = None,
    columns: Annotated[str | None, typer.Option(help='The columns to use: a,b,c or "a,b",c')] = None,
    intercept: Annotated[
        bool | None,
        typer.Option("--intercept/--no-intercept", help="Add a column of ones (regression: yes)."),
    ] = None,
    standardize: Annotated[bool, typer.Option("--standardize", help="Centre and scale the columns.")] = False,
    out: Annotated[Path, path_option("Folder of the figures.")] = Path("figures"),
    format: Annotated[Format, typer.Option(help="Of the figures.")] = Format.png,  # noqa: A002
    figure: Annotated[bool, typer.Option("--figure/--no-figure", help="Write the figure.")] = True,
    json: Annotated[bool, typer.Option("--json", help="Print JSON alone.")] = False,
) -> None:  # fmt: skip
    """Run demos: solve, check, plot. Exit 0 if every check holds, 1 if one fails, 2 for bad usage."""
    from optidemo.cli.interrupt import Interruptible

    with Interruptible() as stop:  # while the rest is imported, too
        from optidemo.cli.own_data import OwnData

        own = OwnData(data, target, columns, intercept, standardize or None)
        demos = _chosen(names)
        if solver is not None:
            _known_solver(solver)
        options = {
            "seed": seed, "solver": solver, "step": _step(step), "maxiter": max_iter, "tol": tol,
        }  # fmt: skip
        paths = {demo.name: out / f"{demo.name}.{format.value}" for demo in demos if figure}
        _check_writable(paths)
        reports = _run_each(demos, own, options, paths, stop, json=json)
    if stop.requested and not reports:
        print("optidemo: interrupted", file=sys.stderr)
    raise typer.Exit(stop.exit_code if stop.requested else int(not all(r.passed for r in reports)))


def _run_each(
    demos: list[Demo], own: OwnData, options: dict[str, Any], paths: Mapping[str, Path],
    stop: Interruptible, *, json: bool,
) -> list[Report]:  # fmt: skip
    """Run the demos until one is interrupted, draw and print each; JSON is printed in the end."""
    from optidemo.cli.printing import console, print_report, to_json
    from optidemo.cli.progress import Ticker

    reports: list[Report] = []
    skipped: dict[str, str] = {}
    with Ticker(len(demos), quiet=json) as ticker:
        try:
            for demo in demos:
                if stop.requested:
                    break
                report = _run_one(demo, own, options, skipped, ticker, stop)
                ticker.done()
                if report is None:
                    continue
                if demo.name in paths:
                    _draw(report, paths[demo.name])
                reports.append(report)
                if not json:
                    ticker.pause()
                    print_report(console(), report, short=len(demos) > 1)
        except (ValueError, TypeError, OSError, KeyboardInterrupt) as error:
            if json and (reports or isinstance(error, KeyboardInterrupt)):
                print(to_json(reports))
            raise
    if json:
        print(to_json(reports))
    if len(demos) > 1 and (reports or not stop.requested):
        _summary(reports, skipped, len(demos), json=json, interrupted=stop.requested)
    return reports


def _run_one(
    demo: Demo, own: OwnData, options: dict[str, Any], skipped: dict[str, str], ticker: Ticker,
    stop: Interruptible,
) -> Report | None:  # fmt: skip
    """Run a demo; where the solver or step of `options` does not fit, note why in `skipped`."""
    from optidemo.demos.runner import run_demo
    from optidemo.status import Incompatible, NoClosedForm

    def each(_x: Any) -> None:
        ticker.tick(demo.name)
        stop.check()

    design = own.read(
        demo, lambda done, total: ticker.tick(f"{own.data}: {done / max(total, 1):.0%}")
    )
    try:
        return run_demo(demo, design=design, callback=each, **options)
    except (Incompatible, NoClosedForm) as misfit:
        if ticker.total == 1 or options["solver"] is options["step"] is None:
            raise
        skipped[demo.name] = str(misfit)
        if len(skipped) == ticker.total:
            why = f"none of the {len(skipped)} demos can run so; the first: {next(iter(skipped.values()))}"
            raise Incompatible(why) from None
        return None


def _chosen(names: list[str]) -> list[Demo]:
    """Return the demos of these names; `all` and a kind such as `likelihood` stand for several."""
    from optidemo.demos import DEMOS
    from optidemo.names import unknown_name

    chosen: dict[str, Demo] = {}
    for name in names:
        group = [d for d in DEMOS.values() if name in ("all", d.kind, f"{d.kind}s")]
        if not group and name not in DEMOS:
            kinds = ", ".join(dict.fromkeys(d.kind for d in DEMOS.values()))
            raise ValueError(f"{unknown_name('demo', name, DEMOS)} Or several: all, {kinds}.")
        chosen.update({d.name: d for d in group or [DEMOS[name]]})
    return list(chosen.values())


def _known_solver(name: str) -> None:
    from optidemo.names import unknown_name
    from optidemo.solvers.solve import SOLVERS

    if name not in SOLVERS:
        raise ValueError(unknown_name("solver", name, SOLVERS))


def _check_writable(paths: Mapping[str, Path]) -> None:
    from optidemo.files import check_writable

    for path in paths.values():
        check_writable(path)


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


def _summary(
    reports: list[Report], skipped: dict[str, str], asked: int, *, json: bool, interrupted: bool
) -> None:
    """Say how many demos ran, which failed and which were skipped; the last also beside JSON."""
    from optidemo.cli.printing import console

    left_out = f"skipped, since what was asked for does not fit: {', '.join(skipped)}"
    if json:
        if skipped:
            print(left_out, file=sys.stderr)
        return
    cut = {r.name for r in reports if r.interrupted and all(check.passed for check in r.checks)}
    failed = [r.name for r in reports if not (r.passed or r.name in cut)]
    checks = sum(len(r.checks) for r in reports)
    text = f"{'interrupted after ' * interrupted}{len(reports)} of {asked} demos, {checks} checks: "
    text += f"failed: {', '.join(failed)}" if failed else "all hold"
    console().print(text, style="bold red" if failed else "bold green")
    if skipped:
        console().print(left_out, style="yellow")
