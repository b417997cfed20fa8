"""How much of a report may be told: to a student, everything but the solution."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "COLUMNS",
    "HINTS",
    "ROWS",
    "cells",
    "hinted",
    "hinted_lines",
    "methods_lines",
    "point_text",
    "shown_entries",
]

HINTS = ("none", "where", "mistake", "full")
"""none: right or wrong; where: which entries; mistake: and what the mistake is; full: and the reference."""

ROWS = 10
COLUMNS = ("entry", "yours", "reference", "absolute", "relative", "verdict")
WIDTHS = (10, 14, 14, 9, 9)


def hinted(report: dict[str, Any], hint: str) -> dict[str, Any]:
    """Keep of `GradientReport.to_dict` what the hint level allows.

    Parameters
    ----------
    report
        The dictionary.
    hint
        One of `HINTS`.

    Raises
    ------
    ValueError
        If the level is unknown.
    """
    if hint not in HINTS:
        raise ValueError(f"hint must be one of {', '.join(HINTS)}, but is {hint!r}.")
    if hint == "full" or report["status"] == "right":
        return report
    kept = {
        key: report[key]
        for key in ("what", "ok", "status", "reason", "notes", "seed", "tol", "seconds")
    }
    mistake = report["mistake"]
    told = hint == "mistake" and mistake is not None
    kept["headline"] = (
        report["headline"] if told or not mistake else f"The {report['what']} is wrong."
    )
    if report["status"] == "unchecked":
        kept["headline"] = report["headline"]
    kept["mistake"] = {"kind": mistake["kind"], "sentence": mistake["sentence"]} if told else None
    wrong = [e for e in report["entries"] if e["verdict"] == "wrong"]
    kept["entries"] = [] if hint == "none" else [
        {"index": e["index"], "yours": e["yours"], "verdict": e["verdict"]} for e in wrong
    ]  # fmt: skip
    kept["point"] = None if hint == "none" else report["point"]
    return kept


def hinted_lines(report: dict[str, Any], hint: str, *, methods: bool = False) -> list[str]:
    """Word a report for the terminal, an assertion or ``print``, worst entries first, at most ten.

    Parameters
    ----------
    report
        `GradientReport.to_dict`.
    hint
        One of `HINTS`.
    methods
        Say what every witness found.
    """
    data = hinted(report, hint)
    lines = [data["headline"]]
    if data["mistake"] and data["mistake"].get("solution"):
        lines.append(data["mistake"]["solution"])
    lines += _table(data)
    lines += [f"note: {note}" for note in data.get("notes", [])]
    if methods:
        lines += methods_lines(report)
    return lines


def shown_entries(data: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the entries to show: the wrong ones; for a right gradient, only entries at a kink."""
    if data["status"] == "right":
        return [e for e in data["entries"] if e["verdict"] == "kink" and data["convention"]]
    return [e for e in data["entries"] if e["verdict"] == "wrong"]


def cells(entry: dict[str, Any]) -> list[str]:
    """Word one entry: its index, the user's number and the verdict; with the reference if it is told."""
    index = ", ".join(map(str, entry["index"])) or "-"
    numbers = [_number(entry["yours"])]
    if "reference" in entry:
        numbers += [
            _number(entry["reference"]), _size(entry["absolute"]), _size(entry["relative"]),
        ]  # fmt: skip
    return [index, *numbers, entry["verdict"]]


def methods_lines(report: dict[str, Any]) -> list[str]:
    """Say what every witness found."""
    said = {True: "agrees", False: "disagrees", None: "cannot tell"}
    return [
        f"{w['name']}: {said[w['agrees']] if w['used'] else 'not asked'}"
        + (f" ({w['note']})" if w["note"] else "")
        for w in report["witnesses"]
    ]


def _table(data: dict[str, Any]) -> list[str]:
    entries = shown_entries(data)
    if not entries:
        return []
    rows = [cells(e) for e in entries[:ROWS]]
    lines = [f"at {point_text(data['point'])}:", _aligned(COLUMNS[: len(rows[0]) - 1])]
    lines += [f"{_aligned(row[:-1])}  {row[-1]}" for row in rows]
    if len(entries) > ROWS:
        lines.append(f"{'…':>10} and {len(entries) - ROWS} more")
    return lines


def _aligned(row: Sequence[str]) -> str:
    return " ".join(f"{cell:>{width}}" for cell, width in zip(row, WIDTHS, strict=False))


def _number(value: float | None) -> str:
    return "not finite" if value is None else f"{value:.7g}"


def _size(value: float | None) -> str:
    return "not finite" if value is None else f"{value:.1e}"


def point_text(point: Any) -> str:
    """Word a point: x = (2, −3, 0), or only its first entries if it is long."""
    if not isinstance(point, list):
        return f"x = {_number(point)}"
    flat = point
    while flat and isinstance(flat[0], list):
        flat = [value for row in flat for value in row]
    shown = ", ".join(f"{v:.4g}" if v is not None else "nan" for v in flat[:6])
    column = ", one row each" if flat is not point else ""
    return f"x = ({shown}{', …' if len(flat) > 6 else ''}){column}"
