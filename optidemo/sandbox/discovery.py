"""Which function of a file is f, and which is its gradient?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from optidemo.names import alternatives
from optidemo.sandbox.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["GRADIENT_NAMES", "NAMES_HELP", "find_gradient", "find_pair", "functions_of"]

GRADIENT_NAMES = (
    "grad_{}", "{}_grad", "gradient_{}", "{}_gradient", "d{}", "d_{}", "D{}", "{}_prime", "nabla_{}",
    "derivative_{}", "{}_derivative", "jac_{}", "{}_jac",
)  # fmt: skip
"""How the gradient of a function is called, {} being the function."""

PLAIN_FUNCTIONS = ("f", "fun", "func", "function", "objective", "loss", "cost")
PLAIN_GRADIENTS = ("grad", "gradient", "nabla", "jac", "derivative", "dfdx", "df_dx", "my_grad")

NAMES_HELP = (
    "f and grad_f; or any NAME with "
    + ", ".join(pattern.format("NAME") for pattern in GRADIENT_NAMES)
    + "; or one of f, fun, loss, cost, … with one of grad, gradient, nabla, jac, …"
)


def functions_of(namespace: dict[str, Any], path: str) -> dict[str, Callable[..., Any]]:
    """Return the functions that the file or a module beside it defines, by name."""
    folder = str(Path(path).parent)
    return {
        name: value
        for name, value in namespace.items()
        if not name.startswith("__") and _own(name, value, folder)
    }


def _own(name: str, value: Any, folder: str) -> bool:
    """Is it written here, or made here, like ``grad_f = autograd.grad(f)``?"""
    if isinstance(value, type) or not callable(value):
        return False
    code = getattr(value, "__code__", None)
    if code is not None and str(Path(code.co_filename).parent) == folder:
        return True
    return getattr(value, "__name__", None) != name  # what is imported keeps its name


def find_pair(
    functions: dict[str, Callable[..., Any]], fun: str | None, grad: str | None
) -> tuple[str, str]:
    """Return the names of f and of its gradient.

    Raises
    ------
    Trouble
        If there is none, or more than one pair; the sentence lists what is there.
    """
    for name in (fun, grad):
        if name is not None:
            _known(name, functions)
    if fun is not None and grad is not None:
        return fun, grad
    pairs = [
        pair for pair in _pairs(functions) if fun in {None, pair[0]} and grad in {None, pair[1]}
    ]
    if fun is None and grad is not None and not pairs:
        pairs = [(f, grad) for f in PLAIN_FUNCTIONS if f in functions and f != grad]
    if ("f", "grad_f") in pairs and len([p for p in pairs if p[0] == "f"]) == 1:
        pairs = [("f", "grad_f")]
    if len(pairs) == 1:
        return pairs[0]
    if pairs:
        shown = ", ".join(f"{f} with {g}" for f, g in pairs)
        raise Trouble("ambiguous", f"has several candidates: {shown}. Say --fun NAME --grad NAME.")
    raise Trouble("name", _nothing_found(functions, fun, grad))


def find_gradient(functions: dict[str, Callable[..., Any]], grad: str | None) -> str:
    """Return the name of the gradient, where f is an objective of the lecture."""
    if grad is not None:
        _known(grad, functions)
        return grad
    prefix = [pattern.partition("{}")[0] for pattern in GRADIENT_NAMES]
    suffix = [pattern.partition("{}")[2] for pattern in GRADIENT_NAMES]
    found = [
        name
        for name in functions
        if name in PLAIN_GRADIENTS
        or name == "df"
        or any(len(p) > 1 and name.startswith(p) for p in prefix)
        or any(len(s) > 1 and name.endswith(s) for s in suffix)
    ]
    found = found or (list(functions) if len(functions) == 1 else [])
    if len(found) == 1:
        return found[0]
    if found:
        raise Trouble(
            "ambiguous",
            f"has several candidates: {', '.join(found)}. Say FILE:NAME or --grad NAME.",
        )
    raise Trouble("name", _nothing_found(functions, None, None))


def _pairs(functions: dict[str, Callable[..., Any]]) -> list[tuple[str, str]]:
    named = [
        (name, gradient)
        for name in functions
        for pattern in GRADIENT_NAMES
        if (gradient := pattern.format(name)) in functions
    ]
    plain = [
        (f, g)
        for f in PLAIN_FUNCTIONS
        for g in PLAIN_GRADIENTS
        if f in functions and g in functions
    ]
    return list(dict.fromkeys(named or plain))


def _known(name: str, functions: dict[str, Callable[..., Any]]) -> None:
    if name not in functions:
        raise Trouble("name", f"has no function {name!r}.{alternatives(name, functions)}")


def _nothing_found(
    functions: dict[str, Callable[..., Any]], fun: str | None, grad: str | None
) -> str:
    if not functions:
        return "defines no function; it needs f and grad_f."
    there = ", ".join(f"{name}{_line(function)}" for name, function in functions.items())
    if fun is not None:
        return f"has {fun}, but no gradient that goes with it. There are: {there}. Say --grad NAME."
    if grad is not None:
        return (
            f"has {grad}, but no f that goes with it. There are: {there}. Say --fun NAME, or "
            "--objective NAME for a function of the lecture."
        )
    return f"has no f with a grad_f (or names like that). There are: {there}. Say --fun NAME --grad NAME."


def _line(function: Any) -> str:
    code = getattr(function, "__code__", None)
    return f" (line {code.co_firstlineno})" if code is not None else ""
