"""``optidemo bench``: the contests against the peers, as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.table import Table

    from optidemo.bench import Row

__all__ = ["bench"]


def bench(
    only: Annotated[
        list[str] | None, typer.Option("--only", metavar="NAME", help="One work; repeatable.")
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Tiny sizes: does it all run?")] = False,
    threads: Annotated[
        int, typer.Option("--threads", min=0, help="For every library; 0: as many as cores.")
    ] = 0,
    rounds: Annotated[
        int,
        typer.Option("--rounds", min=1, help="The median is over these; short work gets more."),
    ] = 7,
    save: Annotated[
        str | None, typer.Option("--save", metavar="FILE.json", help="Write the numbers.")
    ] = None,
) -> None:
    """Measure optidemo against its peers, side by side; the extra `bench` installs them.

    It exits with 0 whatever the verdicts are: they depend on the machine and on its load.
    """
    import os

    from rich import box
    from rich.table import Table

    from optidemo.bench import WORKS, Contest, measure, this_machine
    from optidemo.cli.printing import console
    from optidemo.files import write_atomic
    from optidemo.names import unknown_name

    for name in only or ():
        if name not in WORKS:
            raise ValueError(unknown_name("work", name, WORKS))
    out = console()
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in ("work", "against", "goal", "measured", "ours", "theirs", "verdict", "accuracy"):
        table.add_column(column, overflow="fold")
    contest = Contest(quick=quick, rounds=rounds)
    rows = []
    for row in measure(contest, only or list(WORKS), threads or os.cpu_count() or 1):
        rows.append(row)
        _add(table, row)
        typer.echo(
            f"{row.work} against {row.against}: {row.shown} ({row.goal}) {row.verdict}", err=True
        )
    out.print(table)
    about = this_machine() | {
        "threads": threads or os.cpu_count(),
        "quick": quick,
        "rounds": rounds,
    }
    out.print(
        f"{about['date']}, {about['processor']}, {about['cores']} cores, "
        f"{about['threads']} threads; Python {about['python']}; "
        + ", ".join(f"{k} {v}" for k, v in about["versions"].items())
        + f"; {', '.join(about['blas'])}"
    )
    if save is not None:
        write_atomic(save, _json({"machine": about, "rows": [row.to_dict() for row in rows]}))
        out.print(f"wrote {save}")


def _json(numbers: dict[str, Any]) -> str:
    import json

    return json.dumps(numbers, ensure_ascii=False, indent=2) + "\n"


def _add(table: Table, row: Row) -> None:
    from rich.text import Text

    style = {"met": "green", "missed": "bold red"}.get(row.verdict, "dim")
    seconds = [*(_seconds(s) for s in row.seconds), "", ""][:2]
    table.add_row(
        row.work, row.against, str(row.goal), row.shown, *seconds,
        Text(row.verdict, style=style), row.note,
    )  # fmt: skip


def _seconds(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 1 else f"{1e3 * seconds:.3g} ms"
