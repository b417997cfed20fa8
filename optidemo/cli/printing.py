"""How a report looks in a terminal, and as JSON."""

from __future__ import annotations

import json
import math
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console
    from rich.table import Table

    from optidemo.demos.report import Report, SolverRow

__all__ = ["console", "print_report", "to_json"]

PIPED_WIDTH = 120


def console() -> Console:
    """Return a console for standard output; wide enough for the tables where it is a file."""
    from rich.console import Console

    return Console(
        width=None if sys.stdout.isatty() else PIPED_WIDTH, highlight=False, markup=False
    )


def to_json(reports: Sequence[Report]) -> str:
    """Return the reports as a JSON list."""
    return json.dumps([r.to_dict() for r in reports], ensure_ascii=False, indent=2, allow_nan=False)


def print_report(out: Console, report: Report, *, short: bool = False) -> None:
    """Print a report; `short` leaves the passed checks and the remarks out."""
    from rich.text import Text

    out.print()
    out.print(Text(f"{report.number}  {report.name}: {report.title}", style="bold"))
    for name, text in (
        ("f", report.formula), ("∇f", report.gradient_formula), ("data", report.data),
        ("source", report.source),
    ):  # fmt: skip
        out.print(_pair(name, text))
    for note in report.notes:
        out.print(_pair("note", note, "yellow"))
    out.print(solver_table(out, report))
    if _residual_name(report) == "residual":
        out.print(_pair("residual", _residuals(report)))
    for row in report.solvers:
        if row.status != "CONVERGED":
            out.print(_pair("ended", f"{row.label}: {row.message}", "yellow"))
    if report.point is not None:
        h = report.point.eigenvalues
        range_ = f" (Hessian eigenvalues {h[0]:.4g} … {h[-1]:.4g})" if h else ""
        out.print(_pair("point found", report.point.kind + range_))
    out.print(_pair("the lecture", report.lecture))
    if report.verdict:
        out.print(_pair("optimum", report.verdict))
    for finding in report.findings:
        out.print(_pair("result", finding, "green"))
    _print_checks(out, report, short=short)
    if report.figure:
        out.print(_pair("figure", report.figure))


def _pair(name: str, text: str, style: str = "") -> Table:
    """Return a name and a text beside it, whose lines keep clear of the name."""
    from rich.table import Table
    from rich.text import Text

    grid = Table.grid(padding=(0, 1))
    grid.add_column(width=12)
    grid.add_column(overflow="fold")
    grid.add_row(Text(name, style="dim"), Text(text, style=style))
    return grid


def solver_table(out: Console, report: Report) -> Table:
    """Return the table of solvers, as much of it as the terminal has room for.

    Where it is narrow, the step stands below the solver; where that is not enough, rates and times
    are left out.
    """
    unlimited = out.options.update(max_width=1000)
    for stacked, timed in ((False, True), (True, True), (True, False)):
        table = _solver_table(report, stacked=stacked, timed=timed)
        if out.measure(table, options=unlimited).maximum <= out.width:
            break
    return table


def _solver_table(report: Report, *, stacked: bool, timed: bool) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    rates = ("rate", "theory", "time") if timed else ()
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for name in ("solver",) if stacked else ("solver", "step"):
        table.add_column(name, no_wrap=True)
    for name in ("iter.", "f", _residual_name(report), "error", *rates):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("ended")
    for row in report.solvers:
        style = "" if row.status == row.expected else "bold red"
        below = "" if row.step == "—" else f"\n  {row.step}"
        left = (row.solver + below,) if stacked else (row.solver, row.step)
        times = (_number(row.rate, ".4f"), _number(row.theory, ".4f"), _seconds(row))
        table.add_row(
            *left, str(row.iterations), f"{row.fun:.6g}", f"{row.residual:.1e}",
            _number(row.error, ".1e"), *times[: len(rates)],
            Text(row.status.lower().replace("_", " "), style=style),
        )  # fmt: skip
    return table


def _residual_name(report: Report) -> str:
    """Head the column of residuals ‖∇f‖ where all are, else by the general word."""
    return "‖∇f‖" if {row.measure for row in report.solvers} <= {"gradient norm"} else "residual"


def _residuals(report: Report) -> str:
    """Say what the residual of each solver is, each kind once."""
    kinds: dict[str, dict[str, None]] = {}
    for row in report.solvers:
        kinds.setdefault(row.measure, {})[row.solver] = None
    return "; ".join(f"{measure} ({', '.join(solvers)})" for measure, solvers in kinds.items())


def _number(value: float | None, form: str) -> str:
    return "—" if value is None or not math.isfinite(value) else format(value, form)


def _seconds(row: SolverRow) -> str:
    return f"{row.seconds:.2f} s" if row.seconds >= 1 else f"{1e3 * row.seconds:.1f} ms"


def _print_checks(out: Console, report: Report, *, short: bool) -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    failed = [c for c in report.checks if not c.passed]
    shown = failed if short else report.checks
    if shown:
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        table.add_column("check")
        table.add_column("error", justify="right")
        table.add_column("tolerance", justify="right")
        table.add_column("")
        for c in shown:
            verdict = Text("holds", style="green") if c.passed else Text("FAILS", style="bold red")
            detail = f" ({c.detail})" if c.detail and (c.yes_no or not c.passed) else ""
            numbers = ("", "") if c.yes_no else (f"{c.error:.1e}", f"{c.tolerance:.1e}")
            table.add_row(c.name + detail, *numbers, verdict)
        out.print(table)
    total = len(report.checks)
    text = f"{total - len(failed)} of {total} checks hold"
    out.print(Text(text, style="bold green" if report.passed else "bold red"))
