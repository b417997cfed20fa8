"""The derivative with respect to something else than x."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from optidemo.checks.differences import MARGIN
from optidemo.checks.large import FEW
from optidemo.checks.problem import Problem
from optidemo.checks.rebinding import Datum, variable_name, with_datum
from optidemo.checks.report import Mistake
from optidemo.checks.witnesses import reference_at

if TYPE_CHECKING:
    from optidemo.checks.mistakes.case import Case
    from optidemo.checks.samples import Sample

__all__ = ["wrong_variable"]

LARGEST = 64  # entries of an argument that are differentiated one by one
DIGITS = 1e-6  # of the size, however loose the tolerance of the check: it must not make up a name


def wrong_variable(case: Case, *, any_shape: bool = False) -> Mistake | None:
    """Find ∂f/∂a for an argument a, in place of ∂f/∂x."""
    if case.problem.out_shape != ():
        return None
    usable = [s for s in case.samples if s.answer.array is not None and not s.answer.error]
    samples = [s for s in usable if case.wrong(s)][:3] + [s for s in usable if not case.wrong(s)][
        :3
    ]
    for datum in case.data:
        a = np.asarray(datum.value)
        if not samples or a.size != samples[0].answer.array.size:
            continue
        if not any_shape and a.size != case.problem.size:
            continue
        if all(_is_derivative(case, s, datum) for s in samples):
            first = variable_name(case.problem.fun)
            sentence = f"this is the derivative with respect to {datum.name}, not to {first}."
            return Mistake("wrong-variable", sentence, {"variable": datum.name})
    return None


def _is_derivative(case: Case, s: Sample, datum: Datum) -> bool:
    value = np.asarray(
        s.args[datum.position] if datum.position is not None else datum.value, dtype=np.float64
    )
    x = case.problem.give(s.x)

    def of_datum(a: Any) -> Any:
        function, args = with_datum(case.problem.fun, s.args, datum, a)
        return function(x, *args)

    other = Problem(of_datum, case.problem.grad, value.shape, eps=case.problem.eps)
    columns = np.arange(value.size) if value.size <= LARGEST else None
    if not case.affords(value.size):
        columns = np.arange(FEW // 2)  # it differs from these, if it is another derivative
    r = reference_at(other, value.ravel(), columns=columns)
    case.problem.seconds += other.seconds
    case.problem.calls += other.calls
    yours = s.answer.array.ravel()
    seen = np.isfinite(r.value)
    rounding = 1e-13 * np.abs(yours).max()
    near = np.abs(yours - r.value) <= DIGITS * np.abs(r.value) + MARGIN * r.error + rounding
    return bool(near[seen].all()) and bool(seen.any())
