"""What a check found, as data; as text for a terminal; as HTML for a notebook."""

from __future__ import annotations

import html
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from optidemo.checks.hint import point_text

if TYPE_CHECKING:
    from optidemo.checks.witnesses import Taylor

__all__ = ["Entry", "GradientReport", "Mistake", "Witness"]

ROWS = 10


@dataclass(frozen=True)
class Entry:
    """One entry of the derivative: the user's number beside the reference."""

    index: tuple[int, ...]
    yours: float
    reference: float
    absolute: float
    relative: float
    verdict: str  # "right", "wrong", "kink" (any subgradient is right) or "unknown"


@dataclass(frozen=True)
class Witness:
    """One independent opinion on the derivative.

    Attributes
    ----------
    name : str
        "autograd", "differences", "complex step" or "Taylor slope".
    used : bool
        Whether it could be asked; `note` says why not.
    agrees : bool or None
        Whether it confirms the gradient under test; None where it cannot tell.
    error : float
        Its own estimated error (largest entry); for the Taylor slope, the slope.
    """

    name: str
    agrees: bool | None
    error: float
    note: str = ""
    used: bool = True


@dataclass(frozen=True)
class Mistake:
    """What went wrong, in one word, one sentence, and the numbers that show it."""

    kind: str
    sentence: str
    evidence: dict[str, Any] = field(default_factory=dict)
    solution: str = ""  # for those who may see it

    def __str__(self) -> str:
        return f"{self.kind}: {self.sentence}"


@dataclass
class GradientReport:
    """The outcome of `check_gradient`, `check_jacobian` or `check_hessian`.

    Attributes
    ----------
    status : {"right", "wrong", "unchecked"}
        "unchecked": nothing could be said, `reason` says why (fun is not finite at the given x, gives
        no single number, or no shape of x could be found). A gradient is never called wrong then.
    ok : bool
        ``status == "right"``.
    entries : list of Entry
        At the most telling point, worst first; at most 1000 of them.
    witnesses : list of Witness
    mistake : Mistake or None
    point : ndarray
        The point of `entries`, in the shape of x.
    points : list of dict
        Every point looked at: where, x, ok (None: of a right gradient nothing is asked there, say where
        x/‖x‖ is 0/0).
    convention : str
        What the gradient takes at a kink, if x is one: "lecture", "numpy", "autograd" or another.
    taylor : Taylor or None
        The steps and remainders of the Taylor test, for a log-log plot.
    """

    what: str
    status: str
    entries: list[Entry]
    witnesses: list[Witness]
    mistake: Mistake | None
    reason: str = ""
    point: Any = None
    points: list[dict[str, Any]] = field(default_factory=list)
    convention: str = ""
    notes: list[str] = field(default_factory=list)
    taylor: Taylor | None = None
    seed: int = 0
    tol: float = 0.0
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        """Tell whether the derivative is right."""
        return self.status == "right"

    def __bool__(self) -> bool:
        return self.ok

    @property
    def worst(self) -> Entry | None:
        """The entry that is furthest off, if there are entries."""
        return self.entries[0] if self.entries else None

    @property
    def headline(self) -> str:
        """One sentence: the verdict."""
        count = sum(point["ok"] is not None for point in self.points)
        where = f"{count} points" if count != 1 else "one point"
        if self.status == "right":
            at = f"; at the kink it follows {self.whose}" if self.convention else ""
            return f"The {self.what} is right at {where}{at}."
        if self.status == "unchecked":
            return f"The {self.what} could not be checked: {self.reason}"
        why = f" ({self.mistake.kind}): {self.mistake.sentence}" if self.mistake else "."
        return f"The {self.what} is wrong{why}"

    @property
    def whose(self) -> str:
        """The convention with its article."""
        return f"{'' if self.convention == 'another' else 'the '}{self.convention} convention"

    def to_dict(self) -> dict[str, Any]:
        """Give everything as numbers, text, lists and dicts, ready for JSON (nan and inf as None)."""
        data = {
            "what": self.what,
            "ok": self.ok,
            "status": self.status,
            "reason": self.reason,
            "headline": self.headline,
            "mistake": None if self.mistake is None else asdict(self.mistake),
            "entries": [asdict(e) for e in self.entries],
            "witnesses": [asdict(w) for w in self.witnesses],
            "point": self.point,
            "points": self.points,
            "convention": self.convention,
            "notes": self.notes,
            "taylor": None if self.taylor is None else asdict(self.taylor),
            "seed": self.seed,
            "tol": self.tol,
            "seconds": self.seconds,
        }
        plain: dict[str, Any] = _plain(data)
        return plain

    def __str__(self) -> str:
        solution = [self.mistake.solution] if self.mistake and self.mistake.solution else []
        lines = [self.headline, *solution, *self._table(), *self._witness_lines()]
        lines += [f"note: {note}" for note in self.notes]
        return "\n".join(lines)

    def _rows(self) -> list[Entry]:
        """The entries to show: those that are not right; of a right gradient those at the kink."""
        if self.status == "right":
            return [e for e in self.entries if e.verdict == "kink" and self.convention]
        rows = [e for e in self.entries if e.verdict != "right"] or self.entries[:1]
        return [] if self.status == "unchecked" else rows

    @property
    def _where(self) -> str:
        return f"at {point_text(_plain(self.point))}:"

    def _table(self) -> list[str]:
        rows = self._rows()
        if not rows:
            return []
        lines = [self._where] if self.ok else []
        lines += [
            f"{'entry':>10} {'yours':>14} {'reference':>14} {'absolute':>10} {'relative':>10}"
        ]
        for e in rows[:ROWS]:
            index = ", ".join(map(str, e.index)) or "-"
            lines.append(
                f"{index:>10} {e.yours:>14.7g} {e.reference:>14.7g} {e.absolute:>10.2g} "
                f"{e.relative:>10.2g}  {e.verdict}"
            )
        if len(rows) > ROWS:
            lines.append(f"{'…':>10} and {len(rows) - ROWS} more")
        return lines

    def _witness_lines(self) -> list[str]:
        said = {True: "agrees", False: "disagrees", None: "cannot tell"}
        return [
            f"{w.name}: {said[w.agrees] if w.used else 'not asked'}"
            + (f" ({w.note})" if w.note else "")
            for w in self.witnesses
        ]

    def _repr_html_(self) -> str:
        colour = {"right": "#1b7837", "wrong": "#b2182b", "unchecked": "#666666"}[self.status]
        rows = "".join(
            f"<tr><td>{html.escape(', '.join(map(str, e.index)) or '-')}</td><td>{e.yours:.7g}</td>"
            f"<td>{e.reference:.7g}</td><td>{e.absolute:.2g}</td><td>{e.relative:.2g}</td>"
            f"<td>{e.verdict}</td></tr>"
            for e in self._rows()[:ROWS]
        )
        head = "".join(
            f"<th>{name}</th>"
            for name in ("entry", "yours", "reference", "absolute", "relative", "verdict")
        )
        witnesses = "".join(f"<li>{html.escape(line)}</li>" for line in self._witness_lines())
        notes = "".join(f"<li>{html.escape(note)}</li>" for note in self.notes)
        caption = f"<caption>{html.escape(self._where)}</caption>" if self.ok else ""
        table = f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        return (
            f'<p style="color:{colour}"><strong>{html.escape(self.headline)}</strong></p>'
            f"{table if rows else ''}<ul>{witnesses}{notes}</ul>"
        )


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    if isinstance(value, np.ndarray):
        return _plain(value.tolist())
    if isinstance(value, np.generic):
        return _plain(value.item())
    if isinstance(value, float) and not np.isfinite(value):
        return None
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return str(value)
