"""A matrix that can be transposed, or emptied, at one of its uses inside somebody's formula.

Is the mistake in ``A @ (A @ x - b)`` the first A or the second? `Probe` looks like the matrix, counts
each operation it enters, and plays another matrix at the k-th. So no source code is needed.
"""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["Probe"]


class _Counter:
    def __init__(self, use: int, play: str) -> None:
        self.use, self.play, self.count = use, play, -1

    def resolve(self, array: Any) -> Any:
        self.count += 1
        plain = np.asarray(array)
        if self.use not in (self.count, ALL):
            return plain
        if self.play == "zero":
            return np.zeros_like(plain)
        return plain.T if plain.ndim == 2 and plain.shape[0] == plain.shape[1] else plain


ALL = -2


class Probe(np.ndarray):
    """A square matrix that plays its transpose (or zero) at use number `use`, counting from 0."""

    counter: _Counter

    @classmethod
    def of(cls, matrix: Any, use: int, play: str) -> Probe:
        """Wrap `matrix`; use −1 plays nothing and only counts."""
        new = np.array(matrix, dtype=np.float64).view(cls)
        new.counter = _Counter(use, play)
        return new

    def __array_finalize__(self, source: Any) -> None:
        self.counter = getattr(source, "counter", _Counter(-1, "zero"))

    def plain(self) -> Any:
        """Leave the disguise: one use, and an ordinary array."""
        return self.counter.resolve(self)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        if "out" in kwargs:
            kwargs["out"] = tuple(np.asarray(o) for o in kwargs["out"])
        return getattr(ufunc, method)(*_undress(inputs), **kwargs)

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
        if func in (np.transpose, np.shape, np.ndim, np.size):
            return super().__array_function__(func, types, args, kwargs)
        return func(*_undress(args), **_undress(kwargs))

    def dot(self, other: Any, out: Any = None) -> Any:
        """Multiply, as an operation like the others."""
        left, right = _undress((self, other))
        return np.dot(left, right, out)

    def copy(self, order: Any = "C") -> Any:
        """Copy, still in disguise."""
        new = np.array(np.asarray(self), order=order).view(Probe)
        new.counter = self.counter
        return new

    def __deepcopy__(self, memo: Any) -> Any:
        return self.copy()


def _undress(value: Any) -> Any:
    if isinstance(value, Probe):
        return value.plain()
    if isinstance(value, tuple | list):
        return type(value)(_undress(v) for v in value)
    if isinstance(value, dict):
        return {k: _undress(v) for k, v in value.items()}
    return value
