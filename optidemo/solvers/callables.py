"""What a user's functions return, as floats and vectors or as a clear error; and their derivatives."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from optidemo.arrays import Vector

__all__ = ["as_gradient", "as_pair", "as_value", "differentiated"]

INDEPENDENT = "Output seems independent of input"
HOW = "Write it with autograd.numpy and A @ x, without float() or np.array() on the way, or pass jac=."


def as_value(f: Any) -> float:
    """Return f as a float; an array of one number will do."""
    if type(f) is float:
        return f
    if f is None:
        raise TypeError("fun must return one number, but returned None: is its return missing?")
    if isinstance(f, tuple):
        raise TypeError(
            "fun must return one number, but returned a tuple: if that is (f, gradient), pass jac=True."
        )
    array = np.asarray(f)
    if array.size != 1:
        raise ValueError(f"fun must return one number, but returned shape {array.shape}.")
    if array.dtype.kind in "cSU":
        raise TypeError(f"fun must return one real number, but returned {f!r}.")
    return float(array.reshape(()))


def as_gradient(g: Any, shape: tuple[int]) -> Vector:
    """Return a copy of g, whose shape must be that of x."""
    if g is None:
        raise TypeError("jac must return the gradient, but returned None: is its return missing?")
    if np.iscomplexobj(g):
        raise TypeError("jac must return real numbers, but returned complex ones.")
    array = np.array(g, dtype=np.float64)
    if array.shape != shape:
        raise ValueError(
            f"jac must return shape {shape}, the shape of x, but returned {array.shape}. "
            "optidemo.check_gradient(fun, jac) says more."
        )
    return array


def as_pair(pair: Any) -> tuple[Any, Any]:
    """Return the f and ∇f that a fun with ``jac=True`` returns."""
    if not (isinstance(pair, tuple | list) and len(pair) == 2):
        raise TypeError(
            f"With jac=True fun must return (f, gradient), but returned {type(pair).__name__}."
        )
    return pair[0], pair[1]


def differentiated(fun: Callable[..., Any]) -> Callable[..., Any]:
    """Return ∇f by automatic differentiation."""
    import autograd

    gradient = autograd.grad(fun)

    def jac(x: Vector, *args: Any) -> Any:
        try:
            with warnings.catch_warnings():
                warnings.filterwarnings("error", INDEPENDENT, UserWarning)
                return np.array(gradient(x, *args), dtype=np.float64)
        except UserWarning as warning:
            if not str(warning).startswith(INDEPENDENT):
                raise
            if not _changes(fun, x, args):
                return np.zeros_like(x)
            raise TypeError(
                f"autograd cannot differentiate fun: it loses track of x on the way. {HOW}"
            ) from warning
        except (TypeError, ValueError, AttributeError) as error:
            raise TypeError(f"autograd cannot differentiate fun ({error}). {HOW}") from error

    return jac


def _changes(fun: Callable[..., Any], x: Vector, args: tuple[Any, ...]) -> bool:
    """Does f change near x, although autograd calls it constant there?"""
    v = np.random.default_rng(0).standard_normal(x.size) * (float(np.abs(x).max()) or 1.0)
    f = as_value(fun(x.copy(), *args))
    return any(as_value(fun(x + h * v, *args)) != f for h in (-1e-6, 1e-6))
