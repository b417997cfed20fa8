"""The audit: every verdict is computed, and a planted change of a claim flips it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

import optidemo.audit
from optidemo.audit import CLAIMS, Claim, Evidence, Row, Verdict, audit
from optidemo.audit.claim import same, shown
from optidemo.audit.sheet import counted
from optidemo.cli import app


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return list(audit())


def plant(claimed: Any) -> Any:
    """Change a claim a little, whatever it is made of."""
    if callable(claimed):
        return lambda *given: plant(claimed(*given))
    if isinstance(claimed, bool | np.bool_):
        return not claimed
    if isinstance(claimed, str):
        return claimed + "?"
    if isinstance(claimed, dict):
        return {"planted": 1}
    if isinstance(claimed, tuple) and claimed and isinstance(claimed[0], str):
        return tuple(plant(part) for part in claimed)
    return np.asarray(claimed, dtype=float) + 1.0


def find(rows: list[Row], words: str) -> Row:
    found = [row for row in rows if words in row.claim]
    assert len(found) == 1, [row.claim for row in found]
    return found[0]


@pytest.mark.battery(0)
def test_it_is_complete(rows: list[Row]) -> None:
    assert len(rows) == len(CLAIMS) >= 110
    assert {row.item for row in rows} - {None} == set(range(1, 22))
    assert len({(row.where, row.claim) for row in rows}) == len(rows)
    assert all(count > 1 for count in counted(rows).values())
    assert all(text for row in rows for text in (row.where, row.claim, row.right, row.check))


@pytest.mark.parametrize(
    ("words", "verdict", "right"),
    [
        ("2: f′(0, 1) = (−e, −1 + e)", "wrong", "(−3.7183, 3.7183), not (−2.7183, 1.7183)"),
        ("exactly that happens in the plot", "wrong", "0.9, not 0.6"),
        ("λ of a Poisson distribution", "wrong", "2, not 0.5"),
        ("is the Poisson likelihood", "wrong", "exponential, not Poisson"),
        ("def ∇f(x): the cell runs", "wrong", "SyntaxError, not runs"),
        ("xᵀQx = λ", "holds only if", "xᵀx = 1"),
        ("the trace is rotation invariant", "ambiguous", "cyclic"),
        ("Equal at %.3f", "holds only if", "an error of 0.0004"),
        ("(9) f′(x) = (A + Aᵀ)x", "holds", "the gradient"),
    ],
)
def test_what_it_finds(rows: list[Row], words: str, verdict: str, right: str) -> None:
    row = find(rows, words)
    assert (row.verdict, right in row.right) == (verdict, True), row


@pytest.mark.battery(8)
@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.text[:40])
def test_a_planted_change_flips_the_verdict(claim: Claim, rows: list[Row]) -> None:
    before = rows[CLAIMS.index(claim)]
    if before.verdict in {Verdict.WRONG, Verdict.AMBIGUOUS}:
        assert claim.corrected is not None
        assert before.mended is True
        return
    (after,) = audit([replace(claim, claimed=plant(claim.claimed))])
    assert after.verdict is Verdict.WRONG


def test_a_wrong_correction_is_not_accepted() -> None:
    claim = next(c for c in CLAIMS if c.item == 1)
    assert replace(claim, corrected=(0.0, 0.0)).judge().mended is False


def test_no_verdict_is_written_down() -> None:
    folder = Path(optidemo.audit.__file__).parent
    for name in (
        "functions",
        "objectives",
        "derivations",
        "activations",
        "likelihoods",
        "code",
        "exercises",
    ):
        assert "Verdict" not in (folder / f"{name}.py").read_text(encoding="utf-8")


def test_the_rule() -> None:
    yes, no = same("a", 1.0, 1.0), same("a", 1.0, 2.0)
    assert Evidence([yes]).verdict is Verdict.HOLDS
    assert Evidence([yes, no]).verdict is Verdict.WRONG
    assert Evidence([yes], [no]).verdict is Verdict.ONLY_IF
    assert Evidence([no], [yes]).verdict is Verdict.WRONG
    assert Evidence(readings=[yes, no]).verdict is Verdict.AMBIGUOUS
    assert Evidence(readings=[no, no]).verdict is Verdict.WRONG
    assert Evidence(readings=[yes]).verdict is Verdict.HOLDS
    with pytest.raises(ValueError, match="no evidence"):
        _ = Evidence().verdict


@pytest.mark.parametrize(
    ("claimed", "right", "agrees"),
    [
        (1.0, 1.0 + 1e-12, True),
        (1.0, 1.001, False),
        ((1.0, 2.0), np.array([1.0, 2.0]), True),
        (1.0, np.array([1.0]), False),
        (np.nan, np.nan, False),
        (True, True, True),
        (True, False, False),
        ("runs", "SyntaxError", False),
        ("yes", True, False),
    ],
)
def test_same(claimed: Any, right: Any, agrees: bool) -> None:
    assert same("", claimed, right).agrees is agrees


def test_shown() -> None:
    assert shown([[-1.0, 2.5]]) == "((−1, 2.5))"
    assert (shown(True), shown("x")) == ("yes", "x")


def test_the_command(rows: list[Row], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(optidemo.audit, "audit", lambda: iter(rows))
    table = CliRunner().invoke(app, ["audit"])
    assert table.exit_code == 0
    assert f"{len(rows)} claims: {counted(rows)['holds']} holds" in table.output
    data = json.loads(CliRunner().invoke(app, ["audit", "--json"]).output)
    assert data["counts"] == counted(rows)
    assert [row["verdict"] for row in data["rows"]] == [row.verdict for row in rows]


def test_the_errata_sheet(rows: list[Row], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(optidemo.audit, "audit", lambda: iter(rows))
    result = CliRunner().invoke(app, ["audit", "--markdown"])
    assert result.exit_code == 0
    lines = [line for line in result.output.splitlines() if line.startswith("| ")]
    body = [line for line in lines if not line.startswith(("| Slide", "| ---"))]
    assert len(body) == len(rows) - counted(rows)["holds"]
    assert all(line.replace("\\|", "").count("|") == 5 for line in lines)
    assert "## Wrong" in result.output
    assert "(−3.7183, 3.7183), not (−2.7183, 1.7183)" in result.output
    assert CliRunner().invoke(app, ["audit", "--json", "--markdown"]).exit_code == 2
