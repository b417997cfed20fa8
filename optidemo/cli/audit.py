"""``optidemo audit``: what of the lecture holds?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optidemo.audit import Row

__all__ = ["audit"]

STYLES = {"holds": "green", "wrong": "bold red", "holds only if": "yellow", "ambiguous": "magenta"}


def audit(
    errata: Annotated[bool, typer.Option("--errata", help="Leave out what holds.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON alone.")] = False,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Print an errata sheet in Markdown, to hand out.")
    ] = False,
) -> None:
    """Replay every formula, number, derivation and code cell of the lecture, and judge it.

    Each verdict (holds, wrong, holds only if, ambiguous) is computed now, with the numpy, scipy and
    autograd that are installed. Exit code 0: the audit ran, whatever it found; 2: wrong usage.
    """
    from optidemo.audit import audit as replay
    from optidemo.audit.sheet import to_json, to_markdown

    if json and markdown:
        raise typer.BadParameter("--json and --markdown exclude each other; give one of them.")
    rows = [row for row in replay() if not (errata and row.verdict == "holds")]
    if json:
        typer.echo(to_json(rows))
    elif markdown:
        typer.echo(to_markdown(rows))
    else:
        _print(rows)


def _print(rows: Sequence[Row]) -> None:
    from rich.text import Text

    from optidemo.audit.sheet import counted
    from optidemo.cli.printing import console
    from optidemo.cli.tables import Column, print_table

    columns = [
        Column("where", wraps=True, title=True), Column("claim", wraps=True, title=True),
        Column("verdict", wraps=True), Column("right value", wraps=True), Column("shown by", wraps=True),
    ]  # fmt: skip
    cells = []
    slide = ""
    for row in rows:
        where = "" if row.where == slide else row.where
        slide = row.where
        verdict = Text(row.verdict, style=STYLES[row.verdict])
        cells.append((where, row.claim, verdict, row.right, row.check))
    out = console()
    print_table(out, columns, cells)
    counts = counted(rows)
    out.print(
        f"{len(rows)} claims: " + ", ".join(f"{n} {verdict}" for verdict, n in counts.items())
    )
