"""``optidemo list``, ``show`` and ``data``: what there is."""

from __future__ import annotations

from typing import Annotated

import typer

__all__ = ["data", "list_demos", "show"]


def list_demos(
    json: Annotated[bool, typer.Option("--json", help="Print JSON alone.")] = False,
) -> None:
    """List the demos: number in the lecture, name, formula, kind."""
    import json as js

    from rich import box
    from rich.table import Table

    from optidemo.cli.printing import console
    from optidemo.demos import DEMOS

    rows = [(d.number, d.name, d.formula, d.kind) for d in DEMOS.values()]
    if json:
        keys = ("number", "name", "formula", "kind")
        print(
            js.dumps([dict(zip(keys, r, strict=True)) for r in rows], ensure_ascii=False, indent=2)
        )
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for column in ("no.", "name", "formula", "kind"):
        table.add_column(column, no_wrap=column != "formula")
    for row in rows:
        table.add_row(*row)
    console().print(table)


def show(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A demo; see optidemo list.")],
    latex: Annotated[
        bool, typer.Option("--latex", help="Print formula and gradient as LaTeX.")
    ] = False,
) -> None:
    """Show an objective: domain, derivation, gradient, closed form, place in the lecture."""
    from optidemo.cli.printing import console
    from optidemo.demos import DEMOS
    from optidemo.demos.description import describe, describe_latex
    from optidemo.names import unknown_name

    if name not in DEMOS:
        raise ValueError(unknown_name("demo", name, DEMOS))
    text = describe_latex(DEMOS[name]) if latex else describe(DEMOS[name])
    if latex:
        print(text)
    else:
        console().print(text)


def data(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="A data set.")] = None,
) -> None:
    """List the data sets, or show one: columns, units, source, first rows."""
    from rich import box
    from rich.table import Table

    from optidemo.cli.printing import console
    from optidemo.datasets import list_datasets, load_dataset

    out = console()
    if name is None:
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        for column in ("name", "rows", "title"):
            table.add_column(column)
        for key in list_datasets():
            d = load_dataset(key)
            table.add_row(key, str(len(d)), d.title)
        out.print(table)
        return
    dataset = load_dataset(name)
    out.print(repr(dataset))
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, title="first rows", title_justify="left")
    for column in dataset.columns:
        table.add_column(column, overflow="fold")
    for i in range(min(5, len(dataset))):
        table.add_row(*(f"{dataset.column(c)[i]}" for c in dataset.columns))
    out.print(table)
