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

    from optidemo.demos import DEMOS

    rows = [(d.number, d.name, d.formula, d.kind) for d in DEMOS.values()]
    if json:
        keys = ("number", "name", "formula", "kind")
        print(
            js.dumps([dict(zip(keys, r, strict=True)) for r in rows], ensure_ascii=False, indent=2)
        )
        return
    from optidemo.cli.printing import console
    from optidemo.cli.tables import Column, print_table

    columns = [
        Column("no."), Column("name", title=True), Column("formula", wraps=True), Column("kind"),
    ]  # fmt: skip
    print_table(console(), columns, rows)


def show(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A demo; see optidemo list.")],
    latex: Annotated[
        bool, typer.Option("--latex", help="Print formula, gradient and derivation as LaTeX.")
    ] = False,
) -> None:
    """Show an objective: domain, derivation, gradient, closed form, place in the lecture."""
    from optidemo.cli.printing import page_width, wrapped
    from optidemo.demos import DEMOS
    from optidemo.demos.description import describe, describe_latex
    from optidemo.names import unknown_name

    if name not in DEMOS:
        raise ValueError(unknown_name("demo", name, DEMOS))
    print(describe_latex(DEMOS[name]) if latex else wrapped(describe(DEMOS[name]), page_width()))


def data(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="A data set.")] = None,
) -> None:
    """List the data sets, or show one: columns, units, source, first rows."""
    from optidemo.cli.printing import console, page_width, wrapped
    from optidemo.cli.tables import Column, aligned, print_table
    from optidemo.datasets import list_datasets, load_dataset

    if name is None:
        columns = [
            Column("name", title=True),
            Column("rows", right=True),
            Column("title", wraps=True),
        ]
        sets = [load_dataset(key) for key in list_datasets()]
        print_table(console(), columns, [(d.name, str(len(d)), d.title) for d in sets])
        return
    dataset = load_dataset(name)
    print(wrapped(repr(dataset), page_width()))
    print("first rows")
    first = [dataset.column(c)[:5] for c in dataset.columns]
    rows = [
        [f"{v:.10g}" if v.dtype.kind == "f" else str(v) for v in row]
        for row in zip(*first, strict=True)
    ]
    whole, broken = (
        [
            Column(c.replace("_", mark), right=cells.dtype.kind == "f", title=j == 0)
            for j, (c, cells) in enumerate(zip(dataset.columns, first, strict=True))
        ]
        for mark in ("_", "_\n")
    )
    out = console()
    print_table(out, whole if aligned(out, whole, rows) is not None else broken, rows)
