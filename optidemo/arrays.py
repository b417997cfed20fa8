"""What array did the user give? One place that turns input into float64 arrays or a clear error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Vector: TypeAlias = NDArray[np.float64]
    Matrix: TypeAlias = NDArray[np.float64]
else:
    Vector = Matrix = Any

__all__ = [
    "EPS",
    "Matrix",
    "Vector",
    "as_arguments",
    "as_matrix",
    "as_scalar",
    "as_seed",
    "as_square",
    "as_stored",
    "as_tolerance",
    "as_vector",
    "is_number",
    "is_whole",
]

EPS = float(np.finfo(np.float64).eps)  # from 1 to the next float64: twice the error of rounding


def as_array(a: ArrayLike, name: str) -> NDArray[np.float64]:
    """Convert to a real, finite float64 array.

    Raises
    ------
    TypeError
        If the entries are complex, text or Python objects that are not numbers.
    ValueError
        If an entry is NaN or infinite; the message says which.
    """
    raw = as_stored(a, name)
    if raw.dtype.kind == "c":
        raise TypeError(f"{name} is complex; the lecture's functions take real numbers.")
    if raw.dtype.kind in "mMV":
        raise TypeError(f"{name} must hold numbers, but has dtype {raw.dtype}.")
    try:
        array = np.asarray(raw, dtype=np.float64)
    except (TypeError, ValueError, OverflowError) as error:
        message = f"{name} must hold numbers, but has dtype {raw.dtype}: {error}"
        raise TypeError(message) from error
    if not np.isfinite(array).all():
        where = tuple(int(i) for i in np.argwhere(~np.isfinite(array))[0])
        entry = f"{name}{list(where)}" if where else "it"
        raise ValueError(
            f"{name} must be finite, but {entry} is {array[where]}. Remove or replace that entry."
        )
    return array


def as_stored(a: ArrayLike, name: str) -> NDArray[Any]:
    """Return the array as it is stored.

    Raises
    ------
    ValueError
        If its rows differ in length.
    """
    try:
        return np.asarray(a)
    except ValueError as error:
        raise ValueError(
            f"{name} must be an array of numbers whose rows are of equal length, but: {error}"
        ) from error


def as_arguments(args: Any) -> tuple[Any, ...]:
    """Return a function's extra arguments as a tuple; as in scipy, a single one may stand alone."""
    return args if isinstance(args, tuple) else (args,)


def is_number(value: Any) -> bool:
    """Is it a real number, Python's or numpy's? True and False are none."""
    return isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)


def is_whole(value: Any) -> bool:
    """Is it a number without a fraction, such as 3 or 3.0?"""
    return is_number(value) and float(value).is_integer()


def as_vector(a: ArrayLike, name: str, size: int | None = None) -> Vector:
    """Convert to a one-dimensional array, of length `size` if that is given.

    Raises
    ------
    ValueError
        If the shape is another; the message names both. An ``(n, 1)`` column is refused, since it
        would broadcast silently.
    """
    array = as_array(a, name)
    wanted = f"({'n' if size is None else size},)"
    if array.ndim != 1 or (size is not None and array.size != size):
        hint = f" Use {name}.ravel()." if array.ndim == 2 and 1 in array.shape else ""
        raise ValueError(f"{name} must have shape {wanted}, but has shape {array.shape}.{hint}")
    if array.size == 0:
        raise ValueError(f"{name} is empty: give it one entry at least.")
    return array


def as_matrix(a: ArrayLike, name: str) -> Matrix:
    """Convert to a two-dimensional array with at least one row and one column."""
    array = as_array(a, name)
    if array.ndim != 2:
        hint = f" For one column use {name}[:, None]." if array.ndim == 1 else ""
        raise ValueError(f"{name} must have shape (n, d), but has shape {array.shape}.{hint}")
    if 0 in array.shape:
        raise ValueError(f"{name} is empty: it has shape {array.shape}.")
    return array


def as_square(a: ArrayLike, name: str) -> Matrix:
    """Convert to a square matrix ``(d, d)``; it need not be symmetric."""
    array = as_matrix(a, name)
    if array.shape[0] != array.shape[1]:
        raise ValueError(f"{name} must be square, (d, d), but has shape {array.shape}.")
    return array


def as_scalar(a: ArrayLike, name: str, *, positive: bool = False) -> float:
    """Convert to one finite number, which is positive if that is asked."""
    array = as_array(a, name)
    if array.ndim != 0:
        raise ValueError(f"{name} must be one number, but has shape {array.shape}.")
    if positive and array <= 0:
        raise ValueError(f"{name} must be > 0, but is {array}.")
    return float(array)


def as_seed(seed: Any) -> int:
    """Check the seed of random choices: a whole number of 0 or more."""
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0:
        raise ValueError(f"seed must be a whole number of 0 or more, but is {seed!r}.")
    return int(seed)


def as_tolerance(tol: Any, *, positive: bool = False) -> float:
    """Check a relative tolerance: a number of 0 or more (above 0 if `positive`) and below 1."""
    if not is_number(tol) or not 0 <= tol < 1 or (positive and tol == 0):
        least = "above 0" if positive else "of 0 or more"
        raise ValueError(f"tol must be a number {least} and below 1, but is {tol!r}.")
    return float(tol)
