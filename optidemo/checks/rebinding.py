"""A copy of a Python function in which chosen names mean something else.

A student's ``f`` says ``np.exp``. To differentiate it by autograd, ``np`` must be autograd's numpy; to
ask "what if A were transposed?", ``A`` must be another array, even where ``f`` has closed over it. The
file of the student stays as it is: a function of the same code is made, with other bindings.
"""

from __future__ import annotations

import functools
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

__all__ = [
    "TINY",
    "Datum",
    "constants_in",
    "data_of",
    "names_in",
    "outside",
    "parameter_names",
    "rebind",
    "variable_name",
    "vocabulary",
    "with_datum",
]

Replace = Callable[[str, Any], Any]

# Functions of these packages are not copied: they are leaves that `replace` may exchange whole.
TINY = "a constant of at most 1e-3"
LEAVES = (
    "numpy",
    "scipy",
    "autograd",
    "math",
    "builtins",
    "functools",
    "optidemo",
    "pandas",
    "torch",
)


def rebind(function: Callable[..., Any], replace: Replace) -> Callable[..., Any]:
    """Copy `function` and the helpers it calls; every free name becomes ``replace(name, value)``."""
    copied: Callable[..., Any] = _Copier(replace).copy("", function)
    return copied


class _Copier:
    """Copies each function once, so that recursion and shared helpers stay what they are."""

    def __init__(self, replace: Replace) -> None:
        self.replace = replace
        self.done: dict[int, Any] = {}

    def copy(self, name: str, value: Any) -> Any:
        new = self.replace(name, value)
        if new is not value:
            return new
        if isinstance(value, types.FunctionType):
            return value if _is_leaf(value) else self.function(value)
        if isinstance(value, types.MethodType) and isinstance(value.__func__, types.FunctionType):
            return types.MethodType(self.function(value.__func__), value.__self__)
        if isinstance(value, functools.partial):
            return functools.partial(self.copy("", value.func), *value.args, **value.keywords)
        return value

    def function(self, old: types.FunctionType) -> types.FunctionType:
        if id(old) in self.done:
            known: types.FunctionType = self.done[id(old)]
            return known
        cells = tuple(types.CellType() for _ in old.__closure__ or ())
        scope: dict[str, Any] = {"__builtins__": old.__globals__.get("__builtins__", __builtins__)}
        new = types.FunctionType(old.__code__, scope, old.__name__, old.__defaults__, cells or None)
        new.__kwdefaults__ = old.__kwdefaults__
        self.done[id(old)] = new
        for name in names_in(old.__code__):
            if name in old.__globals__:
                scope[name] = self.copy(name, old.__globals__[name])
        for name, cell, fresh in zip(
            old.__code__.co_freevars, old.__closure__ or (), cells, strict=True
        ):
            try:
                fresh.cell_contents = self.copy(name, cell.cell_contents)
            except ValueError:  # a variable that is not assigned yet
                continue
        return new


def _is_leaf(function: types.FunctionType) -> bool:
    return (function.__module__ or "").split(".")[0] in LEAVES


def names_in(code: types.CodeType) -> set[str]:
    """Give every global and attribute name in `code` and in the functions defined inside it."""
    names = set(code.co_names)
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            names |= names_in(constant)
    return names


@dataclass(frozen=True)
class Datum:
    """A number or array that fun or grad reads besides x: an argument, or a name from outside."""

    name: str
    value: Any
    position: int | None  # among args; None: closed over or global

    @property
    def array(self) -> np.ndarray[Any, np.dtype[np.float64]]:
        """The value as floats."""
        return np.asarray(self.value, dtype=np.float64)


def data_of(
    functions: tuple[Callable[..., Any], ...], args: tuple[Any, ...], limit: int = 40
) -> list[Datum]:
    """List the data behind `functions`: the arguments, then what they close over, by name."""
    names = parameter_names(functions, len(args))
    data = [Datum(n, a, i) for i, (n, a) in enumerate(zip(names, args, strict=True)) if _numeric(a)]
    seen = {d.name for d in data}
    for function in functions:
        for name, value in outside(function, set()):
            if name not in seen and _numeric(value) and len(data) < limit:
                seen.add(name)
                data.append(Datum(name, value, None))
    return data


def with_datum(
    function: Callable[..., Any], args: tuple[Any, ...], datum: Datum, value: Any
) -> tuple[Callable[..., Any], tuple[Any, ...]]:
    """Give (function, args) in which `datum` has another value."""
    if datum.position is not None:
        return function, (*args[: datum.position], value, *args[datum.position + 1 :])

    def replace(name: str, old: Any) -> Any:
        return value if name == datum.name and _numeric(old) else old

    return rebind(function, replace), args


def _numeric(value: Any) -> bool:
    if isinstance(value, bool | str | bytes | types.ModuleType | type) or callable(value):
        return False
    if isinstance(value, int | float | np.floating | np.integer):
        return True
    if isinstance(value, np.ndarray):
        return value.dtype.kind in "fiu" and value.size > 0
    if isinstance(value, list | tuple) and len(value):
        try:
            return np.asarray(value).dtype.kind in "fiu"
        except ValueError:
            return False
    return False


def parameter_names(functions: tuple[Callable[..., Any], ...], count: int) -> list[str]:
    """Name the arguments after x as the first of `functions` that shows its parameters does."""
    for function in functions:
        code = getattr(getattr(function, "__func__", function), "__code__", None)
        if code is not None:
            first = 2 if isinstance(function, types.MethodType) else 1
            names = list(code.co_varnames[first : code.co_argcount])
            if len(names) >= count:
                return names[:count]
    return [f"args[{i}]" for i in range(count)]


def vocabulary(function: Callable[..., Any]) -> set[str]:
    """Collect the names, and the words of the docstrings, of `function` and the helpers it calls."""
    words: set[str] = set()
    for f in _reached(function):
        if any(isinstance(c, float) and 0 < abs(c) <= 1e-3 for c in f.__code__.co_consts):
            words.add(TINY)
        words |= names_in(f.__code__) | set((f.__doc__ or "").lower().split())
    return words


def constants_in(function: Callable[..., Any]) -> set[float]:
    """Collect the numbers that `function` and its helpers hold: in their code, as defaults, by name."""
    numbers: list[Any] = []
    for f in _reached(function):
        numbers += [*_constants(f.__code__), *(f.__defaults__ or ())]
        numbers += [*(f.__kwdefaults__ or {}).values(), *(v for _, v in outside(f, set()))]
    return {float(v) for v in numbers if isinstance(v, float)}


def _constants(code: types.CodeType) -> Iterator[Any]:
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _constants(constant)
        else:
            yield constant


def _reached(function: Callable[..., Any]) -> Iterator[types.FunctionType]:
    """Give `function` and the helpers it calls."""
    seen: set[int] = set()
    todo: list[Any] = [function]
    while todo:
        f = todo.pop()
        f = f.func if isinstance(f, functools.partial) else getattr(f, "__func__", f)
        if not isinstance(f, types.FunctionType) or id(f) in seen or _is_leaf(f):
            continue
        seen.add(id(f))
        yield f
        todo += [f.__globals__[n] for n in names_in(f.__code__) if n in f.__globals__]
        todo += [value for _, value in outside(f, set()) if callable(value)]


def variable_name(function: Callable[..., Any]) -> str:
    """Name the first parameter: what the function calls x."""
    code = getattr(getattr(function, "__func__", function), "__code__", None)
    first = 1 if isinstance(function, types.MethodType) else 0
    return code.co_varnames[first] if code is not None and code.co_argcount > first else "x"


def outside(function: Any, seen: set[int]) -> Iterator[tuple[str, Any]]:
    """Give every (name, value) that `function` and its helpers read besides their parameters."""
    if isinstance(function, functools.partial):
        yield from outside(function.func, seen)
        return
    function = getattr(function, "__func__", function)
    if not isinstance(function, types.FunctionType) or id(function) in seen or _is_leaf(function):
        return
    seen.add(id(function))
    found: list[tuple[str, Any]] = []
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
        try:
            found.append((name, cell.cell_contents))
        except ValueError:
            continue
    found += [
        (name, function.__globals__[name])
        for name in sorted(names_in(function.__code__))
        if name in function.__globals__
    ]
    for name, value in found:
        yield name, value
        yield from outside(value, seen)
