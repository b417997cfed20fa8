"""What a check found, as data; as text for a terminal; as HTML for a notebook."""

from __future__ import annotations

import html
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from optidemo.checks.hint import (
    COLUMNS,
    ROWS,
    cells,
    hinted_lines,
    methods_lines,
    point_text,
    shown_entries,
)

if TYPE_CHECKING:
    from optidemo.checks.witnesses import Taylor

__all__ = ["Entry", "GradientReport", "Mistake", "Witness", "plain"]


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
        Every point looked at: where, x, ok (None: the point does not count, for instance where x/‖x‖
        is 0/0).
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
            return f"The {self.what} is right at {where}{self._at_kink}."
        if self.status == "unchecked":
            return f"The {self.what} could not be checked: {self.reason}"
        why = f" ({self.mistake.kind}): {self.mistake.sentence}" if self.mistake else "."
        return f"The {self.what} is wrong{why}"

    @property
    def _at_kink(self) -> str:
        if self.convention == "another":
            return (
                "; at the kink any subgradient is right, and yours is none of the lecture's, numpy's or "
                "autograd's choices"
            )
        return (
            f"; at the kink it follows the {self.convention} convention" if self.convention else ""
        )

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
        return dict(plain(data))

    def __str__(self) -> str:
        return "\n".join(hinted_lines(self.to_dict(), "full", methods=True))

    def _repr_html_(self) -> str:
        data = self.to_dict()
        colour = {"right": "#1b7837", "wrong": "#b2182b", "unchecked": "#666666"}[self.status]
        lines = [*methods_lines(data), *(f"note: {note}" for note in self.notes)]
        items = "".join(f"<li>{html.escape(line)}</li>" for line in lines)
        return (
            f'<p style="color:{colour}"><strong>{html.escape(self.headline)}</strong></p>'
            f"{_html_table(data)}<ul>{items}</ul>"
        )


def _html_table(data: dict[str, Any]) -> str:
    rows = [cells(entry) for entry in shown_entries(data)[:ROWS]]
    if not rows:
        return ""
    caption = html.escape(f"at {point_text(data['point'])}:")
    head = "".join(f"<th>{name}</th>" for name in COLUMNS)
    body = "".join(
        "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    return (
        f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table>"
    )


def plain(value: Any) -> Any:
    """Return value as JSON can hold it: lists for arrays, None for infinities and NaN."""
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float) and not np.isfinite(value):
        return None
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return str(value)
