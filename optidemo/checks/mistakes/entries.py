"""Right numbers in the wrong places, or some wrong numbers among right ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optidemo.checks.report import Mistake

if TYPE_CHECKING:
    from optidemo.checks.marks import Index
    from optidemo.checks.mistakes.case import Case

MATCHED = 300  # entries up to which every permutation is considered

__all__ = ["permuted", "wrong_entries"]


def permuted(case: Case) -> Mistake | None:
    """Find one permutation that puts every entry in its place at every point."""
    d = case.problem.size * case.problem.outputs
    if d < 2 or not case.smooth:
        return None
    order = _matching(case, d) if d <= MATCHED else _usual_order(case, d)
    if order is None or not case.fits(lambda s: case.yours(s)[order]):
        return None
    if (order == np.arange(d)[::-1]).all():
        how = "reversed"
    elif any((order == np.roll(np.arange(d), k)).all() for k in range(1, d)):
        how = "shifted round"
    else:
        moved = np.flatnonzero(order != np.arange(d))
        how = f"in the wrong places: {_places(case, moved)} (counted from 0)"
    return Mistake("permuted", f"the entries are right but {how}.", {"order": order.tolist()})


def _usual_order(case: Case, d: int) -> Index | None:
    """Too many entries to match: try the reverse and the shifts by one."""
    for order in (np.arange(d)[::-1], np.roll(np.arange(d), 1), np.roll(np.arange(d), -1)):
        if case.fits(lambda s, order=order: case.yours(s)[order]):  # type: ignore[misc]
            return order
    return None


def _matching(case: Case, d: int) -> Index | None:
    """Match entry i of the reference with the entry of grad that equals it at every point."""
    samples = [s for s in case.smooth if s.known.all()]
    if not samples:
        return None
    possible = np.ones((d, d), dtype=bool)
    for s in samples:
        r, y = s.reference.value, case.yours(s)
        bound = s.tolerance(r)[:, None] + s.tol * np.abs(y)[None, :]
        possible &= np.abs(r[:, None] - y[None, :]) <= bound
    if not (possible.any(axis=0).all() and possible.any(axis=1).all()):
        return None
    from scipy.optimize import linear_sum_assignment  # half of what a check takes to start

    # A fixed point costs less, so that of equal entries those stay that can.
    cost = np.where(possible, 1.0 - 0.5 * np.eye(d), 1e3)
    rows, order = linear_sum_assignment(cost)
    return np.asarray(order) if possible[rows, order].all() else None


def wrong_entries(case: Case) -> Mistake | None:
    """Find the entries that are wrong, where others are right, and not only because they are 0."""
    if not case.smooth:
        return None
    size = case.smooth[0].reference.value.size
    wrong, alive = np.zeros(size, dtype=bool), np.zeros(size, dtype=bool)
    always = np.ones(
        size, dtype=bool
    )  # with many variables, not every entry is looked at everywhere
    for s in case.smooth:
        wrong |= ~s.close(case.yours(s))
        always &= s.known
        alive |= s.known & (np.abs(s.reference.value) > s.floor + 10 * s.reference.error)
    if not wrong.any() or not (alive & always & ~wrong).any():
        return None
    entries = np.flatnonzero(wrong)
    sentence = f"only some entries are wrong: {_places(case, entries)} (counted from 0)."
    return Mistake("wrong-entries", sentence, {"entries": _indices(case, entries)[:100]})


def _indices(case: Case, flat: Index) -> list[tuple[int, ...]]:
    shape = case.problem.out_shape + case.problem.shape
    return [tuple(int(k) for k in np.unravel_index(i, shape)) for i in flat]


def _places(case: Case, flat: Index) -> str:
    """Number the entries: 2 of a vector, (0, 1) of a matrix."""
    where = _indices(case, flat)
    names = ", ".join(str(w[0]) if len(w) == 1 else str(w) for w in where[:10])
    return names if len(where) <= 10 else f"{names} and {len(where) - 10} more"
