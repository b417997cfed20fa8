"""The audit as JSON, and as an errata sheet in Markdown to hand out."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING

from optidemo.audit.claim import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optidemo.audit.claim import Row

__all__ = ["counted", "to_json", "to_markdown"]

HEADINGS = {
    Verdict.WRONG: "Wrong",
    Verdict.ONLY_IF: "Holds only under a condition",
    Verdict.AMBIGUOUS: "Can be read in two ways",
}


def counted(rows: Sequence[Row]) -> dict[str, int]:
    """Return how many rows have each verdict."""
    found = Counter(str(row.verdict) for row in rows)
    return {str(verdict): found[str(verdict)] for verdict in Verdict}


def to_json(rows: Sequence[Row]) -> str:
    """Return the counts and the rows as JSON."""
    data = {"counts": counted(rows), "rows": [asdict(row) for row in rows]}
    return json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False)


def to_markdown(rows: Sequence[Row]) -> str:
    """Return the errata: what does not hold as it stands, in the order of the lecture."""
    lines = ["# DS4420, lecture 2: errata", ""]
    lines += [
        f"{len(rows)} statements were replayed; {counted(rows)[Verdict.HOLDS]} hold as they stand. "
        "Each verdict below was computed by `optidemo audit`.",
        "",
    ]
    for verdict, heading in HEADINGS.items():
        chosen = [row for row in rows if row.verdict is verdict]
        if not chosen:
            continue
        third = "What is right" if verdict is Verdict.WRONG else "Condition"
        third = "Readings" if verdict is Verdict.AMBIGUOUS else third
        lines += [
            f"## {heading}",
            "",
            f"| Slide | It says | {third} | Shown by |",
            "| --- | --- | --- | --- |",
        ]
        lines += [
            "| " + " | ".join(_cell(t) for t in (r.where, r.claim, r.right, r.check)) + " |"
            for r in chosen
        ]
        lines.append("")
    return "\n".join(lines)


def _cell(text: str) -> str:
    """Keep a text from ending its cell or starting emphasis."""
    for sign in "\\|*_`":
        text = text.replace(sign, f"\\{sign}")
    return text
