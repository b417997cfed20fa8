"""From a sample to what the report shows: the entries, and what each witness said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optidemo.arrays import EPS
from optidemo.checks.differences import MARGIN
from optidemo.checks.report import Entry, Witness

if TYPE_CHECKING:
    from optidemo.arrays import Vector
    from optidemo.checks.problem import Problem
    from optidemo.checks.samples import Sample
    from optidemo.checks.witnesses import Taylor

__all__ = ["entries_of", "hear_witnesses", "notes_on", "silent", "too_rough_to_tell"]

SHOWN = 1000
SEVERAL = 4  # points that tell
DOUBTS = {
    "autograd": "it contradicts the values of fun",
    "differences": "fun moves in steps, or its rounding or noise hides the slope here",
    "complex step": "fun is not analytic here, as abs, max and conj are not",
}
"""Why a witness is not believed where the others refute it."""


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
                float(gap[i] / size) if size else 0.0,
                verdict,
            )
        )
    return entries


def silent(samples: list[Sample]) -> bool:
    """Tell whether nothing is known of any entry anywhere, though there is a gradient and no kink."""
    looked = [s for s in samples if s.yours is not None]
    return bool(looked) and not any(s.kinked or s.known.any() for s in looked)


def too_rough_to_tell(samples: list[Sample]) -> bool:
    """Tell whether f is so rough that at most points, but for a few, a gradient wrong by half would pass.

    A formula that loses its digits near x only is judged elsewhere.
    """
    known = asked = 0
    for s in samples:
        k = s.known
        if s.yours is None or s.kinked or not (k.any() or s.reference.flat.any()):
            continue
        asked += 1
        size = max(float(np.abs(v[k]).max(initial=0.0)) for v in (s.reference.value, s.yours))
        told = MARGIN * s.reference.error <= 0.5 * size + s.floor
        known += bool(k.any()) and (size == 0 or bool(told[k].any()))
    return 2 * known < asked and known < SEVERAL


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
        agrees, doubt = _agrees(sample, name, opinion)
        heard.append(Witness(name, agrees, error, doubt or f"own error {error:.1g}"))
    if taylor is not None:
        heard.append(_hear_taylor(sample, taylor))
    return heard


def _hear_taylor(sample: Sample, taylor: Taylor) -> Witness:
    """The remainder tells nothing at a kink, nor if its steps are no match for this x."""
    name, slope = "Taylor slope", float("nan") if taylor.slope is None else taylor.slope
    inside = np.isfinite(taylor.remainder)
    if sample.yours is None or not np.isfinite(sample.yours).all():
        return Witness(name, None, slope, "the gradient is not finite here")
    if not inside.any():
        return Witness(name, None, slope, "its points lie outside the domain of fun")
    if taylor.slope is None:
        note = "no remainder beyond the rounding and the noise of f"
        return Witness(name, agrees=True, error=slope, note=note)
    note = f"slope {taylor.slope:.2f}"
    if sample.kinked:
        return Witness(name, None, slope, f"{note}: f has a kink here")
    if not taylor.ok and bool(sample.close(sample.yours).all()):
        why = (
            "fun is rounded or noisy, or bends within the shortest step"
            if inside.all()
            else "x is close to the edge of the domain"
        )
        return Witness(name, None, slope, f"{note}: {why}")
    return Witness(name, taylor.ok, slope, note)


def _own_error(sample: Sample, name: str, opinion: Vector) -> float:
    if name != "differences":
        return float(EPS * np.nanmax(np.abs(opinion)))
    error = sample.reference.error[sample.known]
    return float(error.max()) if error.size else float("inf")


def _agrees(sample: Sample, name: str, opinion: Vector) -> tuple[bool | None, str]:
    """Does a witness confirm the gradient? (None, why) if it is itself refuted where it does not."""
    if sample.yours is None:
        return None, ""
    heard = np.isfinite(opinion) & sample.known
    if not heard.any():
        return None, "f has a kink here" if sample.kinked else DOUBTS["differences"]
    near = np.abs(sample.yours - opinion) <= sample.tolerance(sample.yours)
    if bool(near[heard].all()):
        return True, ""
    refuted = np.abs(opinion - sample.reference.value) > sample.tolerance(opinion)
    if bool(refuted[heard & ~near].all()):
        return None, DOUBTS[name]
    return False, ""


def notes_on(problem: Problem) -> list[str]:
    """Say what the reader ought to know of how the check went."""
    notes = []
    if problem.noise > 0:
        notes.append(
            f"fun carries noise of about {problem.noise:.0e} of its size (an inner solver, rounding or "
            "single precision); the error bars of the differences allow for it."
        )
    if problem.stabilised > 0:
        notes.append(
            f"next to 0 grad is off by up to {problem.stabilised:.0e} of its size, as the constant "
            f"{problem.stabiliser:g} in its code explains: a stabiliser, which f does not have."
        )
    if problem.outside:
        which = ", ".join(f"points[{k}]" for k in problem.outside)
        notes.append(f"left out, since fun has no finite value there: {which}.")
    if problem.hurried:
        each = problem.seconds / max(problem.calls, 1)
        notes.append(
            f"fun takes about {each:.2g} s a call, so fewer points and entries were looked at."
        )
    return notes
