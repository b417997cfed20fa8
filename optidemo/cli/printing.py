"""How a report looks in a terminal, and as JSON."""

from __future__ import annotations

import json
import os
import shutil
import sys
import textwrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console
    from rich.table import Table

    from optidemo.demos.report import Report

__all__ = ["console", "page_width", "print_report", "screen_width", "to_json", "wrapped"]

PIPED_WIDTH = 120


def screen_width() -> int | None:
    """Return the columns of the terminal, or those that COLUMNS asks for; None for a pipe or a file."""
    if sys.stdout.isatty() or os.environ.get("COLUMNS", "").isdecimal():
        return shutil.get_terminal_size().columns
    return None


def page_width() -> int:
    """Return the columns to print in: those of the screen; of a file, enough for the tables."""
    return screen_width() or PIPED_WIDTH


def console() -> Console:
    """Return a console for standard output."""
    from rich.console import Console

    return Console(width=page_width(), highlight=False, markup=False, emoji=False)


def wrapped(text: str, width: int | None) -> str:
    """Break lines longer than `width`, if it is not None, between words; indent what follows."""
    if width is None:
        return text
    lines = []
    for line in text.split("\n"):
        indent = " " * (len(line) - len(line.lstrip()) + 3)
        lines += textwrap.wrap(line, width, subsequent_indent=indent, break_on_hyphens=False) or [
            ""
        ]
    return "\n".join(lines)


def to_json(reports: Sequence[Report]) -> str:
    """Return the reports as a JSON list."""
    return json.dumps([r.to_dict() for r in reports], ensure_ascii=False, indent=2, allow_nan=False)


def print_report(out: Console, report: Report, *, short: bool = False) -> None:
    """Print a report; `short` leaves the passed checks and the remarks out."""
    import numpy as np
    from rich.text import Text

    from optidemo.cli.solver_table import residual_name, solver_table

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
    if residual_name(report) == "residual":
        out.print(_pair("residual", _residuals(report)))
    for row in report.solvers:
        if row.status != "CONVERGED":
            out.print(_pair("ended", f"{row.label}: {row.message}", "yellow"))
    if report.stopped is not None:
        label, run = report.stopped
        reached = f"f = {run.fun:.6g} at {np.array2string(run.x, threshold=10)}"
        out.print(_pair("kept", f"{run.nit} iterations of {label}, {reached}"))
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


def _residuals(report: Report) -> str:
    """Say what the residual of each solver is, each kind once."""
    kinds: dict[str, dict[str, None]] = {}
    for row in report.solvers:
        kinds.setdefault(row.measure, {})[row.solver] = None
    return "; ".join(f"{measure} ({', '.join(solvers)})" for measure, solvers in kinds.items())


def _print_checks(out: Console, report: Report, *, short: bool) -> None:
    from rich.text import Text

    from optidemo.cli.tables import Column, print_table

    failed = [c for c in report.checks if not c.passed]
    shown = failed if short else report.checks
    columns = [
        Column("check", wraps=True, title=True), Column("error", right=True),
        Column("tolerance", right=True), Column(""),
    ]  # fmt: skip
    rows = []
    for c in shown:
        verdict = Text("holds", style="green") if c.passed else Text("FAILS", style="bold red")
        detail = f" ({c.detail})" if c.detail and (c.yes_no or not c.passed) else ""
        numbers = ("", "") if c.yes_no else (f"{c.error:.1e}", f"{c.tolerance:.1e}")
        rows.append((c.name + detail, *numbers, verdict))
    if rows:
        print_table(out, columns, rows)
    total = len(report.checks)
    text = f"{total - len(failed)} of {total} checks hold" + ", interrupted" * report.interrupted
    style = "red" if failed else "yellow" if report.interrupted else "green"
    out.print(Text(text, style=f"bold {style}"))
    if report.remedy:
        out.print(Text(report.remedy, style="yellow"))
