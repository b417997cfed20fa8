"""How much of a report may be told: to a student, everything but the solution."""

from __future__ import annotations

from typing import Any

__all__ = ["HINTS", "hinted", "hinted_lines", "point_text"]

HINTS = ("none", "where", "mistake", "full")
"""none: right or wrong; where: which entries; mistake: and what the mistake is; full: and the reference."""

ROWS = 10


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
    """Word a report for the terminal or for an assertion, worst entries first, at most ten.

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
    if not data["ok"]:
        lines += _table(data)
    lines += [f"note: {note}" for note in data.get("notes", [])]
    if methods:
        lines += _methods(report)
    return lines


def _table(data: dict[str, Any]) -> list[str]:
    entries = [e for e in data.get("entries", []) if e["verdict"] == "wrong"]
    if not entries:
        return []
    lines = [f"at {point_text(data['point'])}:"]
    full = "reference" in entries[0]
    head = f"{'entry':>10} {'yours':>14}"
    lines.append(head + (f" {'reference':>14} {'absolute':>9} {'relative':>9}" if full else ""))
    for e in entries[:ROWS]:
        index = ", ".join(map(str, e["index"])) or "-"
        line = f"{index:>10} {_number(e['yours']):>14}"
        if full:
            line += f" {_number(e['reference']):>14} {_size(e['absolute']):>9} {_size(e['relative']):>9}"
        lines.append(f"{line}  {e['verdict']}")
    if len(entries) > ROWS:
        lines.append(f"{'…':>10} and {len(entries) - ROWS} more")
    return lines


def _methods(report: dict[str, Any]) -> list[str]:
    said = {True: "agrees", False: "disagrees", None: "cannot tell"}
    return [
        f"{w['name']}: {said[w['agrees']] if w['used'] else 'not asked'}"
        + (f" ({w['note']})" if w["note"] else "")
        for w in report["witnesses"]
    ]


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
