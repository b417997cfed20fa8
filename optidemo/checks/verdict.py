"""From a sample to what the report shows: the entries, and what each witness said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optidemo.checks.report import Entry, Witness
from optidemo.checks.witnesses import MARGIN

if TYPE_CHECKING:
    from optidemo.arrays import Vector
    from optidemo.checks.problem import Problem
    from optidemo.checks.samples import Sample
    from optidemo.checks.witnesses import Taylor

__all__ = ["entries_of", "hear_witnesses", "notes_on", "too_rough_to_tell"]

SHOWN = 1000


def entries_of(sample: Sample, problem: Problem) -> list[Entry]:
    """Compare entry by entry, worst first; at most 1000 of them."""
    shape = problem.out_shape + problem.shape
    yours = sample.yours
    if yours is None:
        return []
    r = sample.reference
    gap = np.abs(yours - r.value)
    allowed = sample.tolerance(yours)
    rank = np.where(sample.known, gap / np.maximum(allowed, 1e-300), -1.0)
    rank = np.where(np.isfinite(rank), rank, np.inf)
    order = np.argsort(-rank, kind="stable")[:SHOWN]
    right = sample.close(yours)
    entries = []
    for i in order:
        size = max(abs(float(yours[i])), abs(float(r.value[i])))
        verdict = "right" if right[i] else "wrong"
        if not sample.known[i]:
            verdict = "kink" if r.kink[i] else "unknown"
        entries.append(
            Entry(
                tuple(int(k) for k in np.unravel_index(int(i), shape)) if shape else (),
                float(yours[i]),
                float(r.value[i]),
                float(gap[i]),
                float(gap[i] / size) if size > 0 else 0.0,
                verdict,
            )
        )
    return entries


def too_rough_to_tell(samples: list[Sample]) -> bool:
    """Tell whether f is so rough that at most points a gradient wrong by half would pass."""
    known = asked = 0
    for s in samples:
        k = s.known
        if s.yours is None or s.kinked or not (k.any() or s.reference.flat.any()):
            continue
        asked += 1
        size = max(float(np.abs(v[k]).max(initial=0.0)) for v in (s.reference.value, s.yours))
        told = MARGIN * s.reference.error <= 0.5 * size + s.floor
        known += bool(k.any()) and (size == 0 or bool(told[k].any()))
    return 2 * known < asked


def hear_witnesses(sample: Sample, taylor: Taylor | None) -> list[Witness]:
    """Say for each witness whether it was asked, how good it is, and whether it agrees."""
    r = sample.reference
    heard = []
    for name, opinion, why in (
        ("autograd", r.autograd, r.notes.get("autograd", "")),
        ("differences", r.differences, ""),
        ("complex step", r.complex_step, "fun is not analytic in x, or not for complex numbers"),
    ):
        if opinion is None or not np.isfinite(opinion).any():
            heard.append(Witness(name, None, float("nan"), why, used=False))
            continue
        error = _own_error(sample, name, opinion)
        note = f"own error {error:.1g}"
        heard.append(Witness(name, _agrees(sample, opinion), error, note))
    if taylor is not None:
        if taylor.slope is None:
            note = "no remainder beyond the rounding and the noise of f"
            heard.append(Witness("Taylor slope", agrees=True, error=float("nan"), note=note))
        else:
            agrees = None if sample.kinked else taylor.ok
            note = f"slope {taylor.slope:.2f}"
            heard.append(Witness("Taylor slope", agrees, taylor.slope, note))
    return heard


def _own_error(sample: Sample, name: str, opinion: Vector) -> float:
    if name != "differences":
        return float(np.finfo(np.float64).eps * np.nanmax(np.abs(opinion)))
    error = sample.reference.error[np.isfinite(sample.reference.error)]
    return float(error.max()) if error.size else float("inf")


def _agrees(sample: Sample, opinion: Vector) -> bool | None:
    if sample.yours is None:
        return None
    mask = np.isfinite(opinion) & ~sample.reference.kink
    if not mask.any():
        return None
    near = np.abs(sample.yours - opinion) <= sample.tolerance(sample.yours)
    return bool((near | ~mask).all())


def notes_on(problem: Problem) -> list[str]:
    """Say what the reader ought to know of how the check went."""
    notes = []
    if problem.noise > 0:
        notes.append(
            f"fun carries noise of about {problem.noise:.0e} of its size (an inner solver, rounding or "
            "single precision); the error bars of the differences allow for it."
        )
    if problem.hurried:
        each = problem.seconds / max(problem.calls, 1)
        notes.append(
            f"fun takes about {each:.2g} s a call, so fewer points and entries were looked at."
        )
    return notes
