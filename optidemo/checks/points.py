"""Where is a gradient looked at? Seeded points inside the domain, at every scale, around and far from x."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np

from optidemo.checks.answer import attempt, real_array
from optidemo.checks.problem import Problem
from optidemo.checks.rebinding import variable_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from optidemo.arrays import Vector
    from optidemo.checks.rebinding import Datum

__all__ = ["around", "draws", "infer_shape", "scouts", "skewed_args"]

SCALARS = ("mu", "lam", "lambda_", "rate", "sigma", "μ", "λ", "σ")
SCALAR_NAMES = (
    "mu",
    "lam",
    "lambda_",
    "rate",
    "p",
    "z",
    "t",
    "s",
    "theta",
    "sigma",
    "u",
    "μ",
    "λ",
    "σ",
)


def draws(rng: np.random.Generator, shape: tuple[int, ...]) -> Iterator[Vector]:
    """Points of many kinds, since a domain may be x > 0, 0 < p < 1, a < b or positive definite."""
    d = int(np.prod(shape))
    yield rng.standard_normal(d)
    yield np.abs(rng.standard_normal(d)) + 0.1
    yield rng.uniform(0.05, 0.95, d)
    yield np.cumsum(rng.uniform(0.2, 1.0, d)) - 0.5
    if len(shape) == 2 and shape[0] == shape[1] and shape[0] > 1:
        b = rng.standard_normal(shape)
        yield (b @ b.T + 0.5 * np.eye(shape[0])).ravel()
    yield 0.1 * rng.standard_normal(d)
    yield 1.0 + np.abs(rng.standard_normal(d))
    yield -np.abs(rng.standard_normal(d)) - 0.1
    yield rng.dirichlet(np.ones(d)) if d > 1 else rng.uniform(0.4, 0.6, 1)
    yield 5 * rng.standard_normal(d)
    yield np.cumsum(rng.uniform(5.0, 20.0, d)) * rng.choice([-1.0, 1.0])


def around(
    shape: tuple[int, ...], x: Vector, rng: np.random.Generator
) -> Iterator[tuple[str, Vector]]:
    """Points for the full comparison, most telling first: (where, point)."""
    size = float(np.max(np.abs(x), initial=0.0)) or 1.0
    z = rng.standard_normal
    d = x.size
    yield "near x", x * (1 + 0.05 * z(d)) + 0.01 * size * z(d)
    yield "near x", x * (1 + 0.3 * rng.uniform(-1, 1, d)) + 0.1 * size * z(d)
    yield "random", z(d)
    yield "mirrored", -x * (1 + 0.1 * rng.uniform(-1, 1, d))
    yield "small", 1e-4 * max(size, 1e-3) * z(d)
    yield "large", 10 * size * z(d)
    for kind in islice(draws(rng, shape), 1, None):
        yield "random", kind
    yield "small", 1e-3 * x * (1 + 0.1 * z(d))
    yield "near x", x + 1e-3 * size * z(d)
    yield "near x", x * (1 + 1e-4 * z(d))


def scouts(x: Vector, rng: np.random.Generator) -> Iterator[Vector]:
    """Endless cheap points, to find the region in which a gradient may be wrong."""
    d = x.size
    size = float(np.max(np.abs(x), initial=0.0)) or 1.0
    while True:
        for scale in (1.0, 0.3, 3.0, 10.0, 0.03, 100.0, 1e-4, 1e3):
            yield scale * rng.standard_normal(d)
            yield x + min(scale, 10.0) * size * rng.standard_normal(d)
            yield scale * np.abs(rng.standard_normal(d))
        yield rng.uniform(0, 1, d)
        yield np.cumsum(rng.uniform(0.1, 2, d)) - 0.5
        yield size * rng.standard_normal(d)


def with_zeros(x: Vector, rng: np.random.Generator) -> Iterator[Vector]:
    """Points with entries that are exactly 0, where |x|, ReLU and norms have their kinks."""
    if np.any(x):
        yield np.zeros(x.size)
    if x.size > 1:
        point = np.where(x == 0, 1.0, x)
        point[rng.integers(x.size)] = 0.0
        yield point


def skewed_args(
    data: list[Datum], args: tuple[Any, ...], rng: np.random.Generator
) -> Iterator[Any]:
    """Replace a symmetric matrix among `args` by one that is not: 2Ax is right for no other A."""
    for datum in data:
        if datum.position is None or not isinstance(datum.value, np.ndarray):
            continue
        a = datum.array
        if a.ndim != 2 or a.shape[0] != a.shape[1] or len(a) < 2 or not np.array_equal(a, a.T):
            continue
        k = rng.standard_normal(a.shape) * (np.abs(a).max() or 1.0) * 0.5
        yield datum, (*args[: datum.position], a + k - k.T, *args[datum.position + 1 :])


def infer_shape(
    fun: Callable[..., Any],
    grad: Callable[..., Any],
    args: tuple[Any, ...],
    data: list[Datum],
    rng: np.random.Generator,
) -> tuple[tuple[int, ...], Vector] | None:
    """Find a shape of x for which fun is a finite number, and a point of that shape.

    Shapes for which grad returns as many numbers go first (its shape may be the mistake): a size
    that fun merely tolerates (``x[0] + x[1]`` takes three entries too) is then passed over.
    """
    second: tuple[tuple[int, ...], Vector] | None = None
    for shape in _shapes(fun, data):
        trial = Problem(fun, grad, shape, args)
        point = _usable(trial, rng)
        if point is None:
            continue
        answer = trial.answer(point)
        if answer.array is not None and answer.array.size == trial.size:
            return shape, point
        if shape == () and _is_scalar(fun, data):
            return shape, point
        second = second or (shape, point)
    return second


def infer_any_shape(
    fun: Callable[..., Any],
    derivative: Callable[..., Any],
    args: tuple[Any, ...],
    data: list[Datum],
    rng: np.random.Generator,
) -> Vector | None:
    """Find a point at which fun gives finite numbers, however many, and `derivative` fits them."""
    second: Vector | None = None
    for shape in _shapes(fun, data):
        for flat in draws(rng, shape):
            point = flat.reshape(shape)
            given = point.copy() if point.ndim else point[()]
            value = real_array(attempt(fun, given, *args)[0])
            if value is None or value.size == 0 or not np.isfinite(value).all():
                continue
            slopes = real_array(attempt(derivative, given, *args)[0])
            if slopes is not None and slopes.size in (value.size * flat.size, flat.size**2):
                return point
            second = point if second is None else second
            break
    return second


def _is_scalar(fun: Callable[..., Any], data: list[Datum]) -> bool:
    """A λ or μ beside plain lists of numbers is one number, even if a vector would broadcast."""
    return variable_name(fun) in SCALARS and all(np.ndim(d.value) < 2 for d in data)


def _usable(trial: Problem, rng: np.random.Generator) -> Vector | None:
    for point in draws(rng, trial.shape):
        if trial.inside(point):
            if trial.size == 1 or _uses_last(trial, point):
                return point
            return None
    return None


def _uses_last(trial: Problem, point: Vector) -> bool:
    """Tell whether the last entry of x matters to fun at all."""
    for factor in (1.01, 0.9, -1.0, 3.0):
        other = point.copy()
        other[-1] *= factor
        if (trial.value(other) != trial.value(point)).any():
            return True
        other = factor * point
        last = other.copy()
        last[-1] *= 1.01
        if (trial.value(other) != trial.value(last)).any():
            return True
    return False


def _shapes(fun: Callable[..., Any], data: list[Datum]) -> list[tuple[int, ...]]:
    vectors: list[tuple[int, ...]] = []
    matrices: list[tuple[int, ...]] = []
    for datum in data:
        shape = np.shape(datum.value)
        if len(shape) == 2:
            p, q = shape
            vectors += [(q,), (p,)]
            others = [np.shape(o.value) for o in data if np.ndim(o.value) == 2 and o is not datum]
            matrices += [(q, k) for n, k in others if n == p and k > 1]
            matrices += [(p, q), (q, p)] if p != q else []
            matrices += [(q, 1), (p, 1), (1, q), (q, q), (p, p)]
        elif len(shape) == 1:
            vectors.append(shape)
            matrices += [(shape[0], 1)]
    name = variable_name(fun)
    generic: list[tuple[int, ...]] = [(3,), (2,), (), (1,), *((k,) for k in range(4, 11))]
    first: list[tuple[int, ...]] = [()] if name.lower() in SCALAR_NAMES else []
    columns: list[tuple[int, ...]] = [
        (3, 1),
        (2, 1),
        (1, 3),
        (3, 3),
        (2, 2),
        (3, 2),
        (2, 3),
        (4, 4),
    ]
    return list(dict.fromkeys([*first, *vectors, *generic, *matrices, *columns]))


def fits_objective(fun: Any) -> bool:
    """Tell whether `fun` is an objective (value and gradient), not a plain function."""
    return callable(getattr(fun, "value", None)) and callable(getattr(fun, "gradient", None))


def objective_point(fun: Any, rng: np.random.Generator) -> Any:
    """Give a point inside an objective's domain, by its own means."""
    for name in ("sample",):
        if callable(getattr(fun, name, None)):
            point, error = attempt(getattr(fun, name), rng)
            if not error:
                return point
    return getattr(fun, "x0", None)
