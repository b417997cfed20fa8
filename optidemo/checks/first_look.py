"""What makes every comparison idle: a domain that was left, changed inputs, values that do not repeat."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from optidemo.checks.rebinding import variable_name
from optidemo.checks.report import Mistake
from optidemo.checks.samples import repeats

if TYPE_CHECKING:
    from optidemo.arrays import Vector
    from optidemo.checks.problem import Problem

__all__ = ["first_look", "unsteady"]


def first_look(p: Problem, x: Vector) -> Mistake | str | None:
    """Call fun, then grad, a few times at x: a mistake, a reason why nothing can be checked, or None."""
    changed = p.changed_by_fun(x)
    if changed:
        return _mutation("fun", changed)
    f = p.value(x)
    if not np.isfinite(f).all():
        return _outside(p, x, f)
    again = [p.value(x) for _ in range(2)]
    answers = [p.answer(x) for _ in range(3)]
    for a in answers:
        if a.changed:
            return _mutation("grad", a.changed)
    if not repeats([f, *again]):
        return unsteady("fun", p.fun, {"values": [float(v[0]) for v in (f, *again)]})
    if not repeats([f, p.value(x)]):
        sentence = "grad changes data that fun uses too; work on a copy."
        return Mistake("mutates-input", sentence, {"function": "grad"})
    arrays = [a.array for a in answers]
    if all(a is not None and a.size for a in arrays) and not repeats(arrays):
        return unsteady("grad", p.grad, {"first": arrays[0], "second": arrays[1]})
    return None


def _outside(p: Problem, x: Vector, f: Vector) -> Mistake | str:
    if p.fun_error.startswith("it returns"):
        return (
            f"fun must give one number, but {p.fun_error}. Use check_jacobian for a function with "
            "several outputs."
        )
    name = variable_name(p.fun)
    why = f"it raises {p.fun_error}" if p.fun_error else f"f({name}) = {f[0]}"
    sentence = f"fun is not finite at the given point: {why}. Choose {name} inside the domain."
    return Mistake("domain", sentence, {"x": p.give(x), "f": f})


def _mutation(who: str, what: str) -> Mistake:
    sentence = f"{who} changes {what} while it computes; work on a copy ({what} = {what}.copy())."
    return Mistake("mutates-input", sentence, {"function": who, "changed": what})


def unsteady(who: str, function: Any, evidence: dict[str, object]) -> Mistake:
    """Describe a function whose values do not repeat."""
    sentence = (
        f"{who} gives another value each time it is called with the same {variable_name(function)}; "
        "remove the randomness or the state it keeps."
    )
    return Mistake("not-deterministic", sentence, evidence)
