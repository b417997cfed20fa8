"""The two functions under test, called so that their faults are seen and do no harm."""

from __future__ import annotations

import copy
import math
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from optidemo.arrays import EPS
from optidemo.checks.answer import Answer, attempt, not_finite, not_numbers, real_array
from optidemo.checks.rebinding import variable_name
from optidemo.checks.tracing import Tracer

if TYPE_CHECKING:
    from collections.abc import Callable

    from optidemo.arrays import Vector

LARGE = 100_000  # entries of the arguments beyond which they are copied for the first calls only
WATCHED = 8
SECONDS = 1.5  # that a slow fun may take, roughly; what goes beyond is left out

__all__ = ["Problem"]


@dataclass
class Problem:
    """``fun`` with its derivative ``grad``; x has shape `shape`, fun's value has `out_shape`."""

    fun: Callable[..., Any]
    grad: Callable[..., Any]
    shape: tuple[int, ...]
    args: tuple[Any, ...] = ()
    names: tuple[str, ...] = ()
    out_shape: tuple[int, ...] = ()
    what: str = "gradient"
    contains: Callable[[Any], bool] | None = None
    eps: float = EPS
    data_eps: float = 0.0  # of data in single precision: a right grad may compute in it, too
    usual: Vector = field(default_factory=lambda: np.zeros(0))  # sizes of the variables
    noise: float = 0.0  # of fun, as a part of its size, where it is more than rounding
    seconds: float = 0.0  # spent in fun and in grad
    sloped: bool = False  # fun moves in steps, yet shows a slope over many of them
    examined: bool = False  # a point was found at which no jumps of computed values excuse grad
    confirmed: int = 0  # entries at which a second look found the first one's slope
    stabiliser: float = 0.0  # a tiny constant that stands in grad alone
    stabilised: float = 0.0  # the part of ∇f by which it was seen to matter, next to 0
    hurried: bool = False  # something was left out, since fun is slow
    outside: list[int] = field(default_factory=list)  # of the points asked for, those left out
    calls: int = 0
    answers: int = 0
    fun_changes: str = ""
    fun_error: str = ""
    tracer: Tracer = field(init=False)

    def __post_init__(self) -> None:
        self.tracer = Tracer(self.fun)

    @property
    def size(self) -> int:
        """Number of variables."""
        return math.prod(self.shape)

    @property
    def outputs(self) -> int:
        """Number of values of fun."""
        return math.prod(self.out_shape)

    def affords(self, calls: int) -> bool:
        """Tell whether so many further calls of fun fit into the time that is meant for it."""
        return self.seconds + calls * self.seconds / max(self.calls, 1) <= SECONDS

    def give(self, x: Any) -> Any:
        """Copy x in the form in which the user's functions take it."""
        x = np.array(x)
        if x.shape != self.shape:
            x = x.reshape(self.shape)
        return x if self.shape else x[()]

    def value(self, x: Any, args: tuple[Any, ...] | None = None) -> Vector:
        """Give fun's values (m,); nan where fun raises or gives no real numbers."""
        self.calls += 1
        start = time.perf_counter()
        out, self.fun_error = attempt(
            self.fun, self.give(x), *(self.args if args is None else args)
        )
        self.seconds += time.perf_counter() - start
        if isinstance(out, float) and self.out_shape == ():  # the common case, kept short
            return np.array([out], dtype=np.float64)
        bad = np.full(self.outputs, np.nan)
        if self.fun_error:
            return bad
        array = real_array(out)
        if array is None or array.size != self.outputs:
            got = f"an array of shape {array.shape}" if array is not None else f"{out!r:.60}"
            self.fun_error = f"it returns {got}"
            return bad
        if getattr(out, "dtype", None) in (np.float32, np.float16):
            self.eps = max(self.eps, float(np.finfo(out.dtype).eps))
        flat: Vector = array.ravel()
        return flat

    def underflows(self, x: Any, args: tuple[Any, ...]) -> bool:
        """Tell whether some number on the way to fun's value is too small for all its digits."""
        seen: list[str] = []
        with np.errstate(under="call", call=lambda kind, _flag: seen.append(kind)):
            self.value(x, args)
        return bool(seen)

    def inside(self, x: Any, args: tuple[Any, ...] | None = None) -> bool:
        """Tell whether fun is finite at x, and x in the objective's domain if it has one."""
        if self.contains is not None and not attempt(self.contains, self.give(x))[0]:
            return False
        value = self.value(x, args)
        if not (np.abs(value) < 1e150).all():  # nor is nan
            return False
        return not self._on_plateau(np.asarray(x), value, args)

    def _on_plateau(self, x: Any, value: Vector, args: tuple[Any, ...] | None) -> bool:
        """Some functions give 1e10 outside their domain: large, and the same all around."""
        if np.abs(value).max() < 1e5:
            return False
        step = 1e-3 * (1.0 + np.abs(x))
        return any(bool((self.value(x + s * step, args) == value).all()) for s in (-1, 1, 2))

    def answer(self, x: Any, args: tuple[Any, ...] | None = None) -> Answer:
        """Call grad on copies; see what it returns and whether it changed what it was given."""
        mine = self.args if args is None else args
        self.answers += 1
        watched = self.answers <= WATCHED or _entries(mine) <= LARGE
        given = copy.deepcopy(mine) if watched else mine
        point = self.give(x)
        seen: list[str] = []
        with np.errstate(
            over="call", divide="call", invalid="call", call=lambda kind, _flag: seen.append(kind)
        ):
            start = time.perf_counter()
            out, error = attempt(self.grad, point, *given)
            self.seconds += time.perf_counter() - start
        changed = self._changed(self.grad, point, x, given, mine)
        answer = Answer(changed=changed, error=error)
        answer.overflow = "overflow" in seen or error.startswith(("OverflowError", "ZeroDivision"))
        if error:
            return answer
        answer.array = real_array(out)
        if answer.array is None:
            answer.error = not_numbers(out)
        elif not np.isfinite(answer.array).all():
            answer.error = not_finite(answer.array)
        answer.single = getattr(out, "dtype", None) in (np.float32, np.float16)
        return answer

    def _changed(
        self, by: Any, point: Any, x: Any, given: tuple[Any, ...], mine: tuple[Any, ...]
    ) -> str:
        if np.shape(point) != self.shape or not _same(point, np.reshape(x, self.shape)):
            return variable_name(by)
        for i, (new, old) in enumerate(zip(given, mine, strict=True)):
            if not _same(new, old):
                return self.names[i] if i < len(self.names) else f"args[{i}]"
        return ""

    def changed_by_fun(self, x: Any) -> str:
        """Name the input that fun changes, or give ""."""
        given, point = copy.deepcopy(self.args), self.give(x)
        attempt(self.fun, point, *given)
        return self._changed(self.fun, point, x, given, self.args)


def _entries(args: tuple[Any, ...]) -> int:
    return sum(int(np.size(a)) for a in args if isinstance(a, np.ndarray))


def _same(a: Any, b: Any) -> bool:
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray) and a.dtype.kind in "fiub":
        # By their bytes, nan included: a tenth of the time that comparing the numbers takes.
        return a.shape == b.shape and a.dtype == b.dtype and a.tobytes() == b.tobytes()
    if isinstance(a, np.ndarray) or isinstance(b, np.ndarray):
        return np.shape(a) == np.shape(b) and np.array_equal(a, b, equal_nan=_floating(a))
    if isinstance(a, list | tuple) and isinstance(b, list | tuple):
        return len(a) == len(b) and all(_same(p, q) for p, q in zip(a, b, strict=True))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(_same(a[k], b[k]) for k in a)
    if isinstance(a, int | float | str):
        return bool(a == b) or (a != a and b != b)  # noqa: PLR0124 - nan is nan here
    return True


def _floating(a: Any) -> bool:
    return np.asarray(a).dtype.kind in "fc"
