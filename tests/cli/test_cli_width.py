"""At every width all is told: no number is cut, no word broken, no line longer than the terminal."""

from __future__ import annotations

import io
import re
from functools import cache
from types import SimpleNamespace

import pytest
from rich.console import Console
from typer.testing import CliRunner

from optidemo.cli import app
from optidemo.cli.printing import print_report, wrapped
from optidemo.demos import DEMOS, Report

WIDTHS = (40, 60, 80, 100, 120)
ROWS = [
    SimpleNamespace(
        where="The Poisson", claim="f(λ) = log Π λ exp(−λxᵢ) is the likelihood of counts",
        verdict="holds only if", right="(scipy.stats.poisson.fit)", check="scipy.stats.norm.logpdf",
    ),
    SimpleNamespace(where="The Poisson", claim="f", verdict="wrong", right="0.5", check="counted"),
]  # fmt: skip


@cache
def report() -> Report:
    found: Report = DEMOS["quadratic"].run()
    return found


def printed(width: int) -> list[str]:
    out = io.StringIO()
    print_report(Console(file=out, width=width, color_system=None), report())
    return out.getvalue().splitlines()


def shown(width: int, *words: str) -> list[str]:
    result = CliRunner().invoke(app, list(words), env={"COLUMNS": str(width)})
    assert result.exit_code in (0, 1), result.output
    return result.stdout.splitlines()


@pytest.mark.parametrize("width", WIDTHS)
def test_the_solver_table_holds_every_number(width: int) -> None:
    lines = printed(width)
    text = " ".join(" ".join(lines).split())
    for name in ("iter.", "f", "‖∇f‖", "error", "rate", "theory", "time"):
        assert f" {name} " in text
    for row in report().solvers:
        numbers = [f"{row.iterations}", f"{row.fun:.6g}", f"{row.residual:.1e}", f"{row.error:.1e}"]
        numbers += [f"{rate:.4f}" for rate in (row.rate, row.theory) if rate is not None]
        assert [n for n in numbers if f" {n} " not in text] == []
        assert re.search(rf"{row.solver} +(step )?{re.escape(row.step)}", text) or row.step == "—"
    assert max(map(len, lines)) <= width


def test_wide_terminals_keep_one_line_for_a_solver_and_those_of_80_columns_take_two() -> None:
    for width, lines_each in ((120, 1), (80, 2)):
        lines = [line for line in printed(width) if re.match(" (solver|newton|closed-form) ", line)]
        start, end = (printed(width).index(lines[j]) for j in (1, 2))
        assert end - start == lines_each


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(
    "words", [["list"], ["data"], ["data", "longley"], ["data", "iris"], ["audit"], ["show", "pca"]]
)
def test_no_line_is_too_long_and_no_word_is_lost(
    width: int, words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("optidemo.audit.audit", lambda: ROWS)
    lines = shown(width, *words)
    assert max(map(len, lines)) <= width
    wanted = [line for line in shown(300, *words) if "──" not in line]
    if words == ["list"]:
        wanted = [f"{d.name} {d.number} {d.kind} {d.formula}" for d in DEMOS.values()]
    if words == ["audit"]:
        wanted = [" ".join(vars(row).values()) for row in ROWS]
    broken = [w for w in " ".join(wanted).split() if not any(w in line for line in lines)]
    assert broken == []


def test_the_first_rows_of_a_data_set_are_not_broken_at_80_columns() -> None:
    lines = [line.split() for line in shown(80, "data", "longley")]
    assert ["1947", "60323", "83", "234289", "2356", "1590", "107608"] in lines


def test_a_long_line_is_broken_between_words_and_indented() -> None:
    assert wrapped("one two three four", 9) == "one two\n   three\n   four"
    assert wrapped("one two three", None) == "one two three"


def test_heads_of_columns_are_broken_only_where_they_have_no_room() -> None:
    def heads(width: int) -> list[str]:
        return next(
            line.split()
            for line in shown(width, "data", "iris")
            if line.rstrip().endswith(" species")
        )

    whole = ["sepal_length_cm", "sepal_width_cm", "petal_length_cm", "petal_width_cm", "species"]
    assert heads(120) == whole
    assert heads(50) == ["cm", "cm", "cm", "cm", "species"]
