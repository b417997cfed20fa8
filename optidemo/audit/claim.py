"""A claim of the lecture, the evidence for it, and the verdict that follows from the evidence.

No verdict is written down anywhere. A claim holds what the lecture says as data (`claimed`: a number,
a function, a shape, the name of an error) and a function that confronts it with what is computed now.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Claim", "Comparison", "Evidence", "Row", "Verdict", "same", "shown"]


class Verdict(StrEnum):
    """What the evidence says of a claim."""

    HOLDS = "holds"
    WRONG = "wrong"
    ONLY_IF = "holds only if"
    AMBIGUOUS = "ambiguous"


@dataclass(frozen=True)
class Comparison:
    """What was claimed beside what came out.

    Attributes
    ----------
    what : str
        What is compared, on which case.
    agrees : bool
        Are they the same, to the tolerance?
    claimed, right : str
        Both, for people.
    """

    what: str
    agrees: bool
    claimed: str
    right: str


@dataclass(frozen=True)
class Evidence:
    """Comparisons, and the rule by which they make a verdict.

    Attributes
    ----------
    stated : list of Comparison
        Where the claim means itself: one that fails makes it wrong.
    beyond : list of Comparison
        Cases that its words include but its author hardly thought of: one that fails makes it hold
        only under a condition.
    readings : list of Comparison
        Ways to read the words: if some agree and some do not, the claim is ambiguous.
    """

    stated: list[Comparison] = field(default_factory=list)
    beyond: list[Comparison] = field(default_factory=list)
    readings: list[Comparison] = field(default_factory=list)

    @property
    def verdict(self) -> Verdict:
        """Follow the rule."""
        if not (self.stated or self.readings):
            raise ValueError("there is no evidence, so there is no verdict.")
        if len({c.agrees for c in self.readings}) == 2:
            return Verdict.AMBIGUOUS
        if not all(c.agrees for c in [*self.stated, *self.readings]):
            return Verdict.WRONG
        return Verdict.HOLDS if all(c.agrees for c in self.beyond) else Verdict.ONLY_IF

    @property
    def telling(self) -> Comparison:
        """The comparison to show: one that fails, if there is any."""
        everything = [*self.stated, *self.readings, *self.beyond]
        return next((c for c in everything if not c.agrees), everything[0])


@dataclass(frozen=True)
class Claim:
    """One statement of the lecture.

    Attributes
    ----------
    where : str
        The slide.
    text : str
        What it says.
    claimed : Any
        The same as data.
    examine : callable
        ``examine(claimed)`` computes the Evidence.
    check : str
        How it is examined, in words.
    corrected : Any
        What should stand there, as data of the same kind; `examine` is asked about it, too. None
        where the claim needs a condition, not another value.
    condition : str
        Under which condition the claim holds, or what its readings are; shown if the evidence says
        that it needs one.
    item : int or None
        The item of the list of known errata that it is about.
    """

    where: str
    text: str
    claimed: Any
    examine: Callable[[Any], Evidence]
    check: str
    corrected: Any = None
    condition: str = ""
    item: int | None = None

    def judge(self) -> Row:
        """Compute the evidence, and with it the verdict."""
        evidence = self.examine(self.claimed)
        verdict, telling = evidence.verdict, evidence.telling
        right = _right(verdict, telling, self.condition)
        mended = None
        if verdict is not Verdict.HOLDS and self.corrected is not None:
            mended = self.examine(self.corrected).verdict is Verdict.HOLDS
        return Row(
            self.where, self.text, verdict, right, self.check, telling.what, mended, self.item
        )


@dataclass(frozen=True)
class Row:
    """One line of the audit's table.

    Attributes
    ----------
    where, claim : str
        The slide and what it says.
    verdict : Verdict
        Computed.
    right : str
        What came out: the right value, or the condition.
    check : str
        The check that shows it.
    case : str
        The case that decided.
    mended : bool or None
        Does the corrected claim hold? None if there is nothing to correct.
    item : int or None
        The number in the list of known errata.
    """

    where: str
    claim: str
    verdict: Verdict
    right: str
    check: str
    case: str
    mended: bool | None
    item: int | None


def _right(verdict: Verdict, telling: Comparison, condition: str) -> str:
    """Word the right value, or the condition with the case that needs it."""
    if verdict is Verdict.HOLDS:
        return telling.claimed
    plain = telling.claimed in {"yes", "no"}
    found = telling.right if plain else f"{telling.right}, not {telling.claimed}"
    if not condition:
        return f"{found} ({telling.what})" if plain else found
    return f"{condition} (not so: {telling.what}{'' if plain else f': {found}'})"


def same(what: str, claimed: Any, right: Any, tol: float = 1e-9) -> Comparison:
    """Compare numbers, arrays (their shapes, too), words or truth values."""
    if isinstance(claimed, str | bool) or isinstance(right, str | bool):
        return Comparison(what, bool(claimed == right), shown(claimed), shown(right))
    a, b = np.asarray(claimed, dtype=float), np.asarray(right, dtype=float)
    agrees = a.shape == b.shape and bool(np.isfinite(b).all())
    if agrees:
        agrees = bool(np.allclose(a, b, rtol=tol, atol=tol * float(np.abs(b).max(initial=0.0))))
    return Comparison(what, agrees, shown(claimed), shown(right))


def shown(value: Any) -> str:
    """Word a value: numbers to five digits, vectors in parentheses."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    array = np.asarray(value, dtype=float)
    if array.ndim == 0:
        return f"{float(array):.5g}".replace("-", "−")
    inner = ", ".join(shown(row) for row in array)
    return f"({inner})"
