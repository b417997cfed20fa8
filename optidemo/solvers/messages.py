"""What a run says when it ends: the cause and the remedy, in a sentence or two."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

import numpy as np

from optidemo.arrays import EPS
from optidemo.status import Status

if TYPE_CHECKING:
    from optidemo.solvers.run import Run

__all__ = ["FASTER", "FELL", "OVERFLOWN", "OVERFLOWS", "SCALE", "bad_start", "in_sense", "sentence"]

FASTER = ", or use a faster solver (optidemo.solve chooses one)"
OVERFLOWS = "f itself overflows, beyond 1e308,"
FELL = "f fell to −∞: it is unbounded."
OVERFLOWN = (
    "The next x overflows, beyond 1e308, and f has fallen up to here: it may have no minimum. Add a "
    "constraint or a regulariser."
)
OF_STEP = ("gradient_descent", "accelerated_gradient", "subgradient_descent")  # 1/L suits them
SHORT = 0.1  # times 1/L: a step below that is not the best
SCALE = "Scale the data, or y alone, by a power of ten that brings them nearer to 1."

TURNED = {
    "fell to −∞": "rose to +∞",
    "falls": "rises", "falling": "rising", "fallen": "risen", "fall": "rise", "grows": "falls",
    "lowers": "raises", "lower": "higher", "downwards": "upwards", "−∇f": "∇f",
    "minimum": "maximum", "maximum": "minimum", "infimum": "supremum",
}  # fmt: skip
"""The words about a minimisation, and the same about a maximisation."""


def in_sense(message: str, sign: float) -> str:
    """Return a sentence that is true of the f to be minimised, as one about the user's f."""
    if sign > 0:
        return message
    return re.sub(rf"(?<!\w)({'|'.join(TURNED)})(?!\w)", lambda match: TURNED[match[0]], message)


def bad_start(run: Run) -> str:
    """Say whether x0 is to blame, or the data where the objective's own start is no better."""
    objective = run.problem.objective
    if objective is not None and math.isinf(objective.value(objective.x0)):
        return f"{OVERFLOWS} even at its own start {objective.x0}. {SCALE}"
    return f"f or its gradient is not finite at x0 = {run.x}: choose another."


def sentence(run: Run, status: Status, step: float) -> str:
    """Say why the run ends with this status."""
    if status is Status.CONVERGED and run.norm > run.tol * run.first:
        return (
            f"Converged: the {run.measure} {run.norm:.3g} is above tol·{run.first:.3g} "
            f"(tol = {run.tol:g}), but what f could still fall is within its rounding error."
        )
    if status is Status.CONVERGED:
        return (
            f"Converged: the {run.measure} {run.norm:.3g} is at most tol·{run.first:.3g} "
            f"(tol = {run.tol:g})."
        )
    if status is Status.MAXITER:
        why = ", to which it was tightened since f can still fall" if _tightened(run) else ""
        bound = f"above {run.target:.3g}{why}"
        if run.norm <= run.target:
            bound = f"at most {run.target:.3g}, yet nothing around x shows that it is an optimum"
        return (
            f"Stopped after maxiter = {run.maxiter} iterations with the {run.measure} "
            f"{run.norm:.3g}, {bound}. {_remedy(run)}"
        )
    if status is Status.DIVERGED:
        L = run.problem.lipschitz()
        c, bound = run.longest
        if L and step > c / L:
            remedy = f"Shorten it, {run.shorter}" if run.shorter else "Use step=InverseLipschitz()"
            return (
                f"The step is too long: {step:.4g} > {bound} = {c / L:.4g}: it diverges along the "
                f"eigenvector of the largest eigenvalue. {remedy}."
            )
        remedy = run.shorter or "or use step=Armijo()"
        return f"The step {step:.4g} is too long: f grows. Shorten it, {remedy}."
    return status.name


def _tightened(run: Run) -> bool:
    return run.target < run.tol * run.first


def _remedy(run: Run) -> str:
    """Say what to do when the iterations have run out."""
    return _of_the_step(run) or _of_the_solver(run)


def _of_the_step(run: Run) -> str:
    """Say that a step, the same all the way, is the wrong one; nothing where that is not known."""
    t, c = run.recorder.step[-1], run.longest[0]
    if run.nit < 4 or run.solver == "newton" or len(set(run.recorder.step[1:])) > 1:
        return ""
    L = run.problem.lipschitz() if run.solver in OF_STEP else None
    if L and t > c / L:
        return (
            f"The step is too long for f to fall every time: {t:.4g} > {run.longest[1]} = "
            f"{c / L:.4g}. Shorten it, {run.shorter or 'or leave step out'}."
        )
    longer = f"Lengthen it, to 1/L = {1 / L:.4g} say" if L else "Lengthen it, or leave step out"
    if _stuck(run) and _straight(run):
        return f"The step {t:.4g} is too short: it changes nothing. {longer}."
    if _stuck(run) and run.around is None:  # a proximal step is shortened until f falls
        return (
            f"Over the last half of them neither it nor f has got any better: the step "
            f"{t:.4g} is too long. Shorten it, or leave step out."
        )
    return f"The step {t:.4g} is short. {longer}, or raise maxiter." if L and t < SHORT / L else ""


def _of_the_solver(run: Run) -> str:
    near = _tightened(run) or run.norm <= run.target
    remedy = "Rescale the variables" if near else "Raise maxiter or loosen tol"
    if run.problem.objective is not None:
        return remedy + ("." if run.solver == "newton" else f"{FASTER}.")
    unconstrained = run.solver in ("gradient_descent", "accelerated_gradient")
    return remedy + (", or use optidemo.newton." if unconstrained else ".")


def _stuck(run: Run) -> bool:
    """Have f and ∇f become no smaller than they were halfway?"""
    path, half = run.recorder, run.nit // 2
    if run.norm <= math.sqrt(EPS) * run.first:
        return False
    return all(min(values[half:]) >= min(values[:half]) for values in (path.fun, path.norm))


def _straight(run: Run) -> bool:
    """Has x moved in one direction, if at all? A step that is too long jumps to and fro."""
    x = np.array(run.recorder.x)
    way = float(np.linalg.norm(np.diff(x, axis=0), axis=1).sum())
    return float(np.linalg.norm(x[-1] - x[0])) >= 0.5 * way
