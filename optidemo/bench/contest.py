"""A contest: the same work done by optidemo and by its peers, side by side in one process."""

from __future__ import annotations

import math
import statistics
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

__all__ = ["Contest", "Goal", "Peer", "Row", "at_least", "at_most"]

Work: TypeAlias = Callable[[], Any]

SHORTEST = 2e-3  # seconds: shorter work is repeated until a timing takes this long


@dataclass(frozen=True)
class Goal:
    """What a measured number is held against.

    Attributes
    ----------
    bound : float
        The goal itself.
    least : bool
        Must the number be at least the bound, or at most?
    unit : str
        "× faster" is the peer's time over ours, "× its time" ours over the peer's; everything else
        names what is counted.
    """

    bound: float
    least: bool
    unit: str

    def met(self, measured: float) -> bool:
        """Does the number meet the goal? NaN never does."""
        return measured >= self.bound if self.least else measured <= self.bound

    def __str__(self) -> str:
        return f"{'≥' if self.least else '≤'} {self.bound:g} {self.unit}"


def at_least(bound: float, unit: str = "× faster") -> Goal:
    """Return the goal of being at least so many times faster."""
    return Goal(bound, least=True, unit=unit)


def at_most(bound: float, unit: str = "× its time") -> Goal:
    """Return the goal of taking at most so many times a peer's time."""
    return Goal(bound, least=False, unit=unit)


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Attributes
    ----------
    work, against : str
        What was done, and against whom.
    goal : Goal
        What was hoped for.
    measured : float or None
        The median of the ratios of the rounds, or whatever the goal's unit names; None if the peer
        is not installed.
    seconds : tuple of float
        Median times of optidemo and of the peer; empty where no time was taken.
    note : str
        The accuracy that both reached.
    """

    work: str
    against: str
    goal: Goal
    measured: float | None
    seconds: tuple[float, ...] = ()
    note: str = ""

    @property
    def verdict(self) -> str:
        """Is the goal "met", "missed", or was the peer "not installed"?"""
        if self.measured is None:
            return "not installed"
        return "met" if self.goal.met(self.measured) else "missed"

    @property
    def shown(self) -> str:
        """The measured number to three digits."""
        return "—" if self.measured is None else f"{self.measured:.3g}"

    def to_dict(self) -> dict[str, Any]:
        """Return the row as data for JSON."""
        return {
            "work": self.work, "against": self.against, "goal": str(self.goal),
            "measured": self.measured, "verdict": self.verdict, "seconds": list(self.seconds),
            "note": self.note,
        }  # fmt: skip


@dataclass(frozen=True)
class Peer:
    """Somebody who can do the same work.

    Attributes
    ----------
    name : str
        As the table prints it.
    goal : Goal
        How we want to compare.
    prepare : callable
        Imports what is needed and returns the work as a function without arguments; it raises
        ImportError where the peer is not installed.
    note : callable, optional
        Turns what the peer returned into a remark on its accuracy.
    """

    name: str
    goal: Goal
    prepare: Callable[[], Work]
    note: Callable[[Any], str] | None = None


@dataclass(frozen=True)
class Contest:
    """How contests are run.

    Attributes
    ----------
    quick : bool
        Tiny sizes and one round: does everything run at all?
    rounds : int
        In each round every contestant works once, in turn, so that a load of the machine that comes
        and goes hits all of them; the ratio is taken within the round, its median over the rounds.
    budget : float
        Seconds after which no further round of one pairing is begun; the first always runs.
    """

    quick: bool = False
    rounds: int = 7
    budget: float = 30.0

    def size(self, full: int, tiny: int) -> int:
        """Return the size to work on."""
        return tiny if self.quick else full

    def rows(
        self,
        work: str,
        ours: Work,
        peers: list[Peer],
        note: Callable[[Any], str] | None = None,
    ) -> list[Row]:
        """Run optidemo against each peer in turn."""
        return [self.row(work, ours, peer, note) for peer in peers]

    def row(
        self, work: str, ours: Work, peer: Peer, note: Callable[[Any], str] | None = None
    ) -> Row:
        """Run optidemo against one peer."""
        try:
            theirs = peer.prepare()
        except ImportError:
            return Row(work, peer.name, peer.goal, None)
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")  # theirs: that they did not converge is in the note
            mine, found = self._repeats(ours)
            other, their_result = self._repeats(theirs)
            pairs = self._race(ours, mine, theirs, other)
        faster = statistics.median(b / a for a, b in pairs)
        measured = 1.0 / faster if peer.goal.unit == "× its time" else faster
        notes = [f"ours {note(found)}"] if note else []
        if peer.note:
            notes.append(f"theirs {peer.note(their_result)}")
        seconds = tuple(statistics.median(times) for times in zip(*pairs, strict=True))
        return Row(work, peer.name, peer.goal, measured, seconds, "; ".join(notes))

    def _race(self, ours: Work, mine: int, theirs: Work, other: int) -> list[tuple[float, float]]:
        pairs: list[tuple[float, float]] = []
        start = time.perf_counter()
        for _ in range(1 if self.quick else self.rounds):
            pairs.append((timed(ours, mine), timed(theirs, other)))
            if time.perf_counter() - start > self.budget:
                break
        return pairs

    def _repeats(self, work: Work) -> tuple[int, Any]:
        """Warm up; return how often to repeat the work in one timing, and its result."""
        start = time.perf_counter()
        result = work()
        if self.quick or time.perf_counter() - start > 100 * SHORTEST:
            return 1, result
        return max(1, math.ceil(SHORTEST / max(timed(work, 1), 1e-9))), result


def timed(work: Work, repeats: int) -> float:
    """Return the seconds that one repeat takes."""
    start = time.perf_counter()
    for _ in range(repeats):
        work()
    return (time.perf_counter() - start) / repeats
