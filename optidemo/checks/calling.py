"""How a student's solver is called, and how its answer is read."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from optidemo.arrays import Vector

__all__ = ["ROLES", "Answer", "CallError", "caller", "read_answer"]

ROLES = {
    "fun": ("fun", "f", "func", "function", "objective", "loss", "cost"),
    "grad": ("grad", "jac", "df", "grad_f", "gradient", "fprime", "dfdx", "nabla"),
    "x0": ("x0", "x", "x_0", "w0", "w", "start", "init", "x_init", "initial", "theta"),
    "step": ("step", "lr", "alpha", "eta", "learning_rate", "step_size", "stepsize", "rate", "t"),
    "maxiter": (
        "maxiter", "max_iter", "n_iter", "niter", "n_iters", "iterations", "steps", "num_iters",
        "epochs", "n_steps", "max_iterations", "iters", "n", "k", "T", "N",
    ),
    "tol": ("tol", "tolerance", "eps", "epsilon", "gtol"),
}  # fmt: skip
"""Names under which the parameters of a solver are known."""

POSITIONAL_ORDER = ("fun", "grad", "x0", "step", "maxiter")


class CallError(TypeError):
    """The solver's parameters fit none of the calling styles."""


def caller(solver: Callable[..., Any]) -> tuple[Callable[..., Any], frozenset[str]]:
    """Return (call, roles): ``call(fun=…, grad=…, x0=…, step=…, maxiter=…)``, and what it takes.

    Parameters are matched by name (`ROLES`), so ``(fun, grad, x0, step, maxiter)`` may stand in any
    order, and scipy's ``(fun, x0, args=(), jac=None, **options)`` works as well. A function with
    other names and at least three parameters is called in the order of `POSITIONAL_ORDER`.

    Raises
    ------
    CallError
        If x0 or the gradient cannot be handed over.
    """
    parameters = list(inspect.signature(solver).parameters.values())
    named: dict[str, inspect.Parameter] = {}
    strange = []
    for p in parameters:
        if p.kind in {p.VAR_POSITIONAL, p.VAR_KEYWORD}:
            continue
        role = next((r for r, names in ROLES.items() if p.name in names and r not in named), None)
        if role is not None:
            named[role] = p
        elif p.default is p.empty:
            strange.append(p.name)
    shown = ", ".join(p.name for p in parameters)
    if strange:
        needed = [p for p in parameters if p.kind in {p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD}]
        if not 3 <= len(needed) <= 5:
            raise CallError(
                f"the solver takes ({shown}), and it is not clear what {_listed(strange)}. "
                f"Write it as solver({', '.join(POSITIONAL_ORDER)})."
            )
        order = POSITIONAL_ORDER[: len(needed)]
        return (lambda **given: solver(*(given[role] for role in order))), frozenset(order)
    missing = [role for role in ("grad", "x0") if role not in named]
    if missing:
        raise CallError(
            f"the solver takes ({shown}), but no {' and no '.join(missing)}. "
            f"Write it as solver({', '.join(POSITIONAL_ORDER)})."
        )

    def call(**given: Any) -> Any:
        positional, by_name = [], {}
        for role, p in named.items():
            if role not in given:
                continue
            if p.kind is p.POSITIONAL_ONLY:
                positional.append(given[role])
            else:
                by_name[p.name] = given[role]
        return solver(*positional, **by_name)

    return call, frozenset(named)


def _listed(names: list[str]) -> str:
    return f"{names[0]} is" if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]} are"


@dataclass(frozen=True)
class Answer:
    """What a solver returned, whatever its style.

    Attributes
    ----------
    x : (d,) array
        The point.
    history : list
        Values of f or points, if it gave any.
    reported : dict
        success, nit, nfev, njev and fun, as far as it says so.
    """

    x: Vector
    history: list[Any]
    reported: dict[str, Any]


def read_answer(returned: Any) -> Answer | str:
    """Read x, (x, history), a mapping or an OptimizeResult; a string says why that is impossible."""
    history: list[Any] = []
    reported: dict[str, Any] = {}
    x = returned
    if returned is None:
        return "it returns None: the return statement is missing."
    if hasattr(returned, "x") or (isinstance(returned, dict) and "x" in returned):
        source = returned if isinstance(returned, dict) else vars(returned)
        x = source.get("x", getattr(returned, "x", None))
        keys = ("success", "nit", "nfev", "njev", "fun")
        reported = {key: source[key] for key in keys if source.get(key) is not None}
    elif isinstance(returned, tuple) and returned:
        x = returned[0]
        for extra in returned[1:]:
            if isinstance(extra, list | tuple | np.ndarray) and np.ndim(extra) > 0:
                history = list(extra)
    try:
        x = np.asarray(x, dtype=float)
    except (TypeError, ValueError):
        return f"it returns {type(returned).__name__}, and no point x can be read from that."
    return Answer(x, history, reported)
