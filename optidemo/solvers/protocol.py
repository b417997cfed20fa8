"""What scipy's minimize passes to a method, and how a callback is called."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from scipy.optimize import OptimizeResult, OptimizeWarning

from optidemo.callers import warn

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from optidemo.arrays import Vector

__all__ = ["refuse_options", "wrapped"]


def refuse_options(solver: str, options: Mapping[str, Any]) -> None:
    """Refuse constraints and steps that the solver cannot honour; warn about options unknown to it."""
    if options.get("step") is not None:
        raise TypeError(
            f"{solver} has no step to choose: leave it out, or use optidemo.gradient_descent, which has."
        )
    for name in ("bounds", "constraints"):
        given = options.get(name)
        if given is not None and not (isinstance(given, tuple | list) and len(given) == 0):
            raise ValueError(
                f"{solver} cannot honour {name}. Use optidemo.projected_gradient with the nearest point "
                "of the set, such as projection=lambda x: np.clip(x, low, high), or scipy's own method "
                "'L-BFGS-B' or 'SLSQP'."
            )
    unknown = [
        name for name, given in options.items()
        if name not in ("bounds", "constraints")
        and not (given is None or given is False or (isinstance(given, tuple) and not given))
    ]  # fmt: skip
    if unknown:
        message = f"{solver} ignores {', '.join(sorted(unknown))}: no such option here."
        warn(message, OptimizeWarning)


def wrapped(callback: Callable[..., Any] | None) -> Callable[[Vector, float], Any] | None:
    """Return callback as a function of (x, f), by scipy's rule of the name `intermediate_result`."""
    if callback is None:
        return None
    if not callable(callback):
        raise TypeError(f"callback must be a function of x, but is {callback!r}.")
    try:
        names = set(inspect.signature(callback).parameters)
    except (TypeError, ValueError):
        names = set()
    if names == {"intermediate_result"}:
        return lambda x, f: callback(intermediate_result=OptimizeResult(x=x, fun=f))
    return lambda x, _f: callback(x)
