"""A student's own solver on a hidden family of problems: does it descend, stop, count and arrive?"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from optidemo.checks.calling import Answer, CallError, caller, read_answer
from optidemo.checks.trial_problem import TooManyCalls, Trial, family

if TYPE_CHECKING:
    from collections.abc import Callable

    from optidemo.arrays import Vector

__all__ = ["Fault", "try_solver"]

FEW = 3  # iterations after which nobody has arrived who follows gradients in more variables than these


@dataclass(frozen=True)
class Fault:
    """What is wrong with a solver.

    Attributes
    ----------
    kind : str
        raises, shape, mutates-input, uphill, diverges, not-finite, never-moves, too-far,
        ignores-maxiter, miscounts, false-success, never-stops, leaves-minimum.
    sentence : str
        For the student; it does not tell the solution.
    where : str
        On which problem.
    numbers : str
        What came out and what should have.
    """

    kind: str
    sentence: str
    where: str = ""
    numbers: str = ""


def try_solver(solver: Callable[..., Any], *, seed: int, tol: float) -> Fault | None:
    """Try `solver` on least-squares problems with a known solution; return the first fault found."""
    try:
        call, roles = caller(solver)
    except CallError as error:
        return Fault("raises", str(error))
    for trial in family(seed):
        fault = _run_through(call, roles, trial, tol)
        if fault is not None:
            return Fault(fault.kind, fault.sentence, f"on {trial.name}", fault.numbers)
    return None


def _run_through(
    call: Callable[..., Any], roles: frozenset[str], trial: Trial, tol: float
) -> Fault | None:
    plenty = trial.iterations(tol)
    best = trial.f.closed_form()
    answer = _call(call, roles, trial, trial.x0, plenty)
    if isinstance(answer, Fault):
        return answer
    fault = _arrives(answer, trial, best, tol) or _counts(answer, trial, roles, plenty)
    if fault is not None:
        return fault
    if "maxiter" in roles:
        made = trial.calls["grad"]
        short = _call(call, roles, trial, trial.x0, FEW)
        if isinstance(short, Fault):
            return short
        fault = _counts(short, trial, roles, FEW) or _honest(short, trial)
        fault = fault or _compare(short, trial, answer, made, plenty)
        if fault is not None:
            return fault
    resting = _call(call, roles, trial, best, plenty)
    if isinstance(resting, Fault):
        return resting
    return _rests(resting, trial, best, tol)


def _call(
    call: Callable[..., Any], roles: frozenset[str], trial: Trial, x0: Vector, maxiter: int
) -> Answer | Fault:
    """Call the solver once, on a copy of x0 that must stay as it is."""
    trial.begin(maxiter)
    start = x0.copy()
    given = {
        "fun": trial.fun, "grad": trial.grad, "x0": start, "step": 1.0 / trial.f.lipschitz(),
        "maxiter": maxiter,
    }  # fmt: skip
    try:
        with np.errstate(all="ignore"):
            returned = call(**{role: given[role] for role in given if role in roles})
    except TooManyCalls:
        return Fault("never-stops", "it does not stop: is its loop ever left?")
    except Exception as error:  # noqa: BLE001 - a student's solver may raise anything
        return Fault("raises", f"it raises {type(error).__name__}: {error}")
    if not np.array_equal(start, x0):
        return Fault(
            "mutates-input", "it changes x0 in place (x -= … does that); begin with x = x0.copy()."
        )
    answer = read_answer(returned)
    if isinstance(answer, str):
        return Fault("shape", answer)
    if answer.x.shape != x0.shape:
        return Fault("shape", f"its x has shape {answer.x.shape}, but x0 has shape {x0.shape}.")
    return answer


def _arrives(answer: Answer, trial: Trial, best: Vector, tol: float) -> Fault | None:
    f, x0 = trial.f, trial.x0
    if not np.isfinite(answer.x).all() or f.value(answer.x) > f.value(x0) * (1 + 1e-9):
        return _rises(answer, trial, best)
    distance = float(np.linalg.norm(answer.x - best) / np.linalg.norm(x0 - best))
    if distance > tol:
        kind = "never-moves" if np.array_equal(answer.x, x0) else "too-far"
        sentence = (
            "it returns x0 unchanged."
            if kind == "never-moves"
            else f"it ends {distance:.1%} of the way from the minimum, with a step and a number of "
            "iterations that suffice."
        )
        return Fault(kind, sentence, numbers=f"x = {answer.x}, the minimum is at {best}")
    values = _values(answer.history, trial)
    rises = [k for k in range(1, len(values)) if values[k] > values[k - 1] * (1 + 1e-9) + 1e-12]
    if rises:
        return Fault(
            "uphill",
            f"in its history f rises from entry {rises[0] - 1} to entry {rises[0]}.",
            numbers=f"{values[rises[0] - 1]} → {values[rises[0]]}",
        )
    return None


def _rises(answer: Answer, trial: Trial, best: Vector) -> Fault:
    """Say why f rises, or x is not finite: a wrong sign, too long a step, a division by zero."""
    finite = bool(np.isfinite(answer.x).all())
    numbers = f"x = {answer.x}"
    first = trial.first_step
    if first is None and finite:
        first = answer.x - trial.x0
    if first is not None and float(first @ trial.f.gradient(trial.x0)) > 0:
        return Fault(
            "uphill",
            "f rises instead of falling: the solver adds the gradient where it should subtract it, "
            "x − t∇f(x).",
            numbers=numbers,
        )
    if not finite and trial.furthest <= 3 * float(np.linalg.norm(trial.x0 - best)):
        sentence = "the x that it returns is not finite: is something divided by zero?"
        return Fault("not-finite", sentence, numbers=numbers)
    sentence = "f rises instead of falling: x diverges. Are the steps too long?"
    return Fault("diverges", sentence, numbers=numbers)


def _values(history: list[Any], trial: Trial) -> list[float]:
    """Return f along the history, be it values or points; nothing if it is neither."""
    try:
        array = np.asarray(history, dtype=float)
    except (TypeError, ValueError):
        return []
    if array.ndim == 2 and array.shape[1] == trial.f.d:
        return [trial.f.value(x) for x in array]
    if (
        array.ndim == 1
        and array.size
        and math.isclose(array[0], trial.f.value(trial.x0), rel_tol=1e-6)
    ):
        return [float(v) for v in array]
    return []


def _counts(answer: Answer, trial: Trial, roles: frozenset[str], maxiter: int) -> Fault | None:
    made, said = trial.calls["grad"], answer.reported
    if "maxiter" in roles and said.get("nit", 0) > maxiter:
        return Fault(
            "ignores-maxiter", f"it reports {said['nit']} iterations; {maxiter} were allowed."
        )
    if said.get("nit", 0) > made:
        return Fault(
            "miscounts",
            f"it reports nit = {said['nit']}, but asked {made} times for the gradient.",
        )
    for key, name in (("nfev", "fun"), ("njev", "grad")):
        if key in said and said[key] != trial.calls[name]:
            return Fault(
                "miscounts",
                f"it reports {key} = {said[key]}, but {trial.calls[name]} calls were made.",
            )
    if "fun" in said and not math.isclose(said["fun"], trial.f.value(answer.x), rel_tol=1e-9):
        return Fault("miscounts", "the fun that it reports is not f at the x that it returns.")
    return None


def _compare(short: Answer, trial: Trial, full: Answer, made: int, plenty: int) -> Fault | None:
    """Compare a run of `FEW` iterations with one of plenty that asked `made` times for the gradient.

    How many gradients an iteration takes is the solver's own affair (differences for a Hessian, a line
    search), so each run is measured by the other.
    """
    few = trial.calls["grad"]
    d = trial.f.d
    if few == made and few > 3 * (FEW + 1) * (d + 1) and d > FEW:
        return Fault(
            "ignores-maxiter",
            f"it was to make {FEW} iterations at most, but asked {few} times for the gradient, just as "
            f"often as with {plenty} allowed.",
        )
    nit, short_nit = full.reported.get("nit"), short.reported.get("nit")
    if nit is not None and nit == short_nit and nit < FEW and made > 2 * few + FEW:
        return Fault(
            "miscounts",
            f"it reports nit = {nit} whether it asks {few} times for the gradient or {made} times.",
        )
    return None


def _honest(answer: Answer, trial: Trial) -> Fault | None:
    """After three iterations nobody has arrived; a solver that says so all the same is not to be trusted."""
    left = np.linalg.norm(trial.f.gradient(answer.x)) / np.linalg.norm(trial.f.gradient(trial.x0))
    if answer.reported.get("success") and left > 1e-2:
        return Fault(
            "false-success",
            f"it reports success after 3 iterations, where the gradient is still {left:.0%} of what it "
            "was.",
        )
    return None


def _rests(answer: Answer, trial: Trial, best: Vector, tol: float) -> Fault | None:
    size = float(np.linalg.norm(trial.x0 - best))
    if not np.isfinite(answer.x).all() or float(np.linalg.norm(answer.x - best)) > tol * size:
        return Fault(
            "leaves-minimum",
            "started at the minimum it does not stay there: is something divided by the gradient's norm?",
            numbers=f"x = {answer.x}, the minimum is at {best}",
        )
    return None
