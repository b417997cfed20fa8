"""How a student's function takes the variable and the data: matched by the lecture's letters."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from optidemo.sandbox.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Callable

    from optidemo.sandbox.lecture import Entry

__all__ = ["ALIASES", "Call", "match"]

ALIASES = {
    "lam": ("lambda_", "lambd", "lmbda", "l", "λ", "rate"),
    "mu": ("u", "m", "μ"),
    "sigma": ("s", "σ"),
    "alpha": ("a", "alphas", "α", "x", "y"),
    "y": ("Y", "labels", "t"),
    "X": ("data",),
    "x": ("data",),
    "p": ("prob",),
    "v": ("ab", "params"),
    "z": ("x", "t"),
    "w": ("theta", "weights", "beta"),
}


@dataclass(frozen=True)
class Call:
    """How a student's gradient is called: ``order[i]`` is the letter of its i-th parameter."""

    function: Callable[..., Any]
    letters: tuple[str, ...]
    order: tuple[str, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """Data that the function does not take."""
        return tuple(letter for letter in self.letters[1:] if letter not in self.order)

    def __call__(self, x: Any, *data: Any) -> Any:
        """Call the function with what it takes; (a, b) of the uniform goes in as two numbers."""
        given = dict(zip(self.letters, (x, *data), strict=True))
        if "v.a" in self.order:
            given["v.a"], given["v.b"] = x
            return np.asarray(self.function(*(given[letter] for letter in self.order)))
        return self.function(*(given[letter] for letter in self.order))


def match(entry: Entry, function: Callable[..., Any], name: str) -> Call:
    """Match the parameters of a student's function with the letters of an objective.

    By name first (`ALIASES` are accepted); a single parameter is the variable; parameters with
    other names are taken in the lecture's order if there are as many.

    Raises
    ------
    Trouble
        If they cannot be matched.
    """
    letters = tuple(entry.letters)
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return Call(function, letters, letters)
    known = [
        p for p in signature.parameters.values()
        if p.kind in {p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD}
    ]  # fmt: skip
    names = [p.name for p in known if p.default is p.empty or p.name in letters]
    if letters[0] == "v" and {"a", "b"} <= set(names):
        order = [{"a": "v.a", "b": "v.b"}.get(n, "x") for n in names]
        if len(set(order)) == len(order):
            return Call(function, letters, tuple(order))
    found = _by_name(names, letters)
    if found is None and len(names) == 1:
        found = (letters[0],)
    if found is None and len(names) == len(letters):
        found = letters
    if found is None or letters[0] not in found:
        raise Trouble(
            "parameters",
            f"{name}({', '.join(names)}) cannot be called: the objective has the variable {letters[0]}"
            f"{' and the data ' + ', '.join(letters[1:]) if letters[1:] else ''}. Write "
            f"{name}({', '.join(letters)}).",
            getattr(getattr(function, "__code__", None), "co_firstlineno", None),
        )
    return Call(function, letters, found)


def _by_name(names: list[str], letters: tuple[str, ...]) -> tuple[str, ...] | None:
    found: list[str] = []
    exact = set(names) & set(letters)
    for name in names:
        near = [
            letter for letter in letters
            if letter not in exact and letter not in found and name in ALIASES.get(letter, ())
        ]  # fmt: skip
        if name in exact:
            found.append(name)
        elif len(near) == 1:
            found.append(near[0])
        else:
            return None
    return tuple(found)
