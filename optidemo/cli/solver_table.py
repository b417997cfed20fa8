"""The table of solvers: one line each on a wide terminal, two on one of 80 columns, a paragraph on less."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from rich.text import Text

from optidemo.cli.tables import EDGE, GAP, Column, aligned, records

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from optidemo.demos.report import Report, SolverRow

__all__ = ["residual_name", "solver_table"]


def solver_table(out: Console, report: Report) -> RenderableType:
    """Return the table of solvers in the form that the terminal has room for."""
    columns, rows = _columns(report), [_cells(row) for row in report.solvers]
    return (
        aligned(out, columns, rows) or _in_two_lines(out, columns, rows) or records(out, columns, rows)
    )  # fmt: skip


def _columns(report: Report) -> list[Column]:
    numbers = ("iter.", "f", residual_name(report), "error", "rate", "theory", "time")
    return [
        Column("solver", title=True), Column("step"), *(Column(name, right=True) for name in numbers),
        Column("ended", wraps=True),
    ]  # fmt: skip


def _cells(row: SolverRow) -> list[Text]:
    style = "" if row.status == row.expected else "bold red"
    numbers = (
        str(row.iterations), f"{row.fun:.6g}", f"{row.residual:.1e}", _number(row.error, ".1e"),
        _number(row.rate, ".4f"), _number(row.theory, ".4f"), _seconds(row),
    )  # fmt: skip
    ended = Text(row.status.lower().replace("_", " "), style=style)
    return [Text(row.solver), Text(row.step), *map(Text, numbers), ended]


def _in_two_lines(out: Console, columns: list[Column], rows: list[list[Text]]) -> Text | None:
    """Write below each solver, its step and how it ended the line of its numbers; None if too long."""
    head = [Text(column.name) for column in columns]
    texts = [head, *rows]
    widths = [max(map(len, cells)) for cells in zip(*texts, strict=True)]
    upper, lower = (0, 1, len(columns) - 1), range(2, len(columns) - 1)
    lines = []
    for row in texts:
        for part, indent in ((upper, EDGE), (lower, EDGE + GAP)):
            line = Text(" " * indent)
            for j in part:
                cell = row[j].copy()
                if j == 0 and row is not head:
                    cell.stylize("bold")
                cell.align("right" if columns[j].right else "left", widths[j])
                line.append_text(cell).append(" " * GAP)
            line.rstrip()
            lines.append(line)
    longest = max(map(len, lines))
    if longest > out.width:
        return None
    lines.insert(2, Text(" " * EDGE + "─" * (longest - EDGE)))
    return Text("\n").join([Text(), *lines, Text()])


def residual_name(report: Report) -> str:
    """Head the column of residuals ‖∇f‖ where all are, else by the general word."""
    return "‖∇f‖" if {row.measure for row in report.solvers} <= {"gradient norm"} else "residual"


def _number(value: float | None, form: str) -> str:
    return "—" if value is None or not math.isfinite(value) else format(value, form)


def _seconds(row: SolverRow) -> str:
    return f"{row.seconds:.2f} s" if row.seconds >= 1 else f"{1e3 * row.seconds:.1f} ms"
