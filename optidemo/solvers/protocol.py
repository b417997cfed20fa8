"""What scipy's minimize passes to a method, how a callback is called, and who is warned."""

from __future__ import annotations

import inspect
import sys
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.optimize import OptimizeResult, OptimizeWarning

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from optidemo.arrays import Vector

__all__ = ["is_number", "is_whole", "refuse_options", "warn", "wrapped"]

LIBRARIES = ("optidemo", "numpy", "scipy")


def is_number(value: Any) -> bool:
    """Is it a real number, Python's or numpy's? True and False are none."""
    return isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)


def is_whole(value: Any) -> bool:
    """Is it a number without a fraction, such as 3 or 3.0?"""
    return is_number(value) and float(value).is_integer()


def warn(message: str) -> None:
    """Warn at the line that called the solver, however many functions lie between."""
    level, frame = 2, sys._getframe(1)  # noqa: SLF001  (documented, and the only way before 3.12)
    while frame.f_back and frame.f_globals.get("__name__", "").partition(".")[0] in LIBRARIES:
        level, frame = level + 1, frame.f_back
    warnings.warn(message, OptimizeWarning, stacklevel=level)


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
                f"{solver} cannot honour {name}. Use optidemo.projected_gradient with a projection, "
                "or scipy's own method 'L-BFGS-B' or 'SLSQP'."
            )
    unknown = [
        name for name, given in options.items()
        if name not in ("bounds", "constraints")
        and not (given is None or given is False or (isinstance(given, tuple) and not given))
    ]  # fmt: skip
    if unknown:
        warn(f"{solver} ignores {', '.join(sorted(unknown))}: no such option here.")


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
