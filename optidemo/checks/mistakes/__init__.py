"""Detectors of mistakes, one per kind, in the order in which they are tried."""

from __future__ import annotations

from collections.abc import Callable

from optidemo.checks.mistakes.case import Case
from optidemo.checks.mistakes.chain import chain_rule
from optidemo.checks.mistakes.entries import permuted, wrong_entries
from optidemo.checks.mistakes.jacobian import other_function
from optidemo.checks.mistakes.terms import wrong_term
from optidemo.checks.mistakes.transpose import missing_transpose
from optidemo.checks.mistakes.variable import wrong_variable
from optidemo.checks.mistakes.whole import factor, not_differentiated, raises, shape, sign
from optidemo.checks.report import Mistake

__all__ = ["DETECTORS", "KINDS", "Case", "name_mistake"]

Detector = Callable[[Case], Mistake | None]

# mutates-input, not-deterministic and domain are found while the functions are first called.
ALWAYS: tuple[Detector, ...] = (raises, shape)
DETECTORS: tuple[Detector, ...] = (
    not_differentiated,
    sign,
    factor,
    missing_transpose,
    wrong_variable,
    permuted,
    wrong_entries,
    wrong_term,
    chain_rule,
    other_function,
)
KINDS = (
    "mutates-input",
    "not-deterministic",
    "domain",
    "raises",
    "shape",
    "not-differentiated",
    "sign",
    "factor",
    "missing-transpose",
    "wrong-variable",
    "permuted",
    "wrong-entries",
    "missing-term",
    "extra-term",
    "chain-rule",
    "kink",
    "not-a-gradient",
    "wrong-function",
    "unknown",
)


def name_mistake(case: Case) -> Mistake | None:
    """Say what is wrong with the gradient of `case`; None if nothing is."""
    for s in case.samples:
        if s.answer.changed:
            sentence = f"grad changes {s.answer.changed}; work on a copy."
            return Mistake("mutates-input", sentence, {"changed": s.answer.changed})
    for detector in ALWAYS:
        found = detector(case)
        if found is not None:
            return found
    ill_shaped = any(
        s.yours is None and s.answer.array is not None and s.where != "zero" for s in case.samples
    )
    if ill_shaped:
        found = not_differentiated(case) or wrong_variable(case, any_shape=True)
        if found is not None:
            return found
    if case.misfits or ill_shaped:
        for detector in DETECTORS:
            found = detector(case)
            if found is not None:
                return found
        return Mistake("unknown", "the entries below differ; no single mistake explains them.")
    if case.bad_kinks:
        x = case.problem.give(case.bad_kinks[0].x)
        sentence = (
            "it is wrong only where f has a kink: it lies outside the generalised gradient there."
        )
        return Mistake("kink", sentence, {"x": x})
    return None
