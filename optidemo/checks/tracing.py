"""autograd as a witness, for functions that were written for plain numpy.

autograd differentiates what passes through *its* numpy. `rebind` gives a copy of the function in which
``np`` is autograd's. Whatever it cannot trace is the tool's limit, not the student's mistake: the reason
comes back as one line, with the way to write it.
"""

from __future__ import annotations

import math
import types
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from optidemo.checks.rebinding import outside, rebind, vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable

    Table = dict[int, tuple[Any, Any]]  # by the id of a plain thing: (autograd's, the plain one)

__all__ = ["INNER", "Tracer"]

PATIENCE = 3

# Solvers of scipy: autograd cannot look inside, and what they return has the error of their tolerance.
INNER = {
    "minimize", "minimize_scalar", "root", "root_scalar", "fsolve", "brentq", "bisect", "newton",
    "fixed_point", "least_squares", "curve_fit", "solve_ivp", "odeint", "solve_bvp", "quad", "dblquad",
    "nquad", "cg", "gmres", "lsqr", "eigsh", "lobpcg",
}  # fmt: skip


class Tracer:
    """Differentiates `function` by autograd, as far as that can be done.

    Attributes
    ----------
    reason : str
        Why the last attempt failed and how to write the function instead; empty if it did not.
    infinite : bool
        Whether the last attempt gave nan or inf.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        self.original = function
        self.reason = ""
        self.infinite = False
        self.failures = 0
        self.function = rebind(function, _to_autograd)

    def jacobian(self, x: Any, args: tuple[Any, ...], expected: Any) -> Any:
        """Give ``(m, d)``, the derivative at `x` (d entries) of the m outputs, or None.

        `expected` is the function's own value: a trace that computes another one is not believed.
        """
        from autograd.core import make_vjp

        if self.failures >= PATIENCE:  # it may be slow to fail
            return None
        self.reason, self.infinite = "", False
        try:
            vjp, value = make_vjp(lambda z: self.function(z, *args), x)
            if np.asarray(value).dtype == object:
                self.reason = _advice(self.original, "its result is an array of objects")
                return None
            value = np.asarray(value, dtype=np.float64)
            rows = [
                np.asarray(vjp(_unit(value, i)), dtype=np.float64).ravel()
                for i in range(value.size)
            ]
        except Exception as error:  # noqa: BLE001 - whatever autograd cannot do, others will
            self.failures += 1
            self.reason = _advice(self.original, f"{type(error).__name__}: {_first_line(error)}")
            return None
        if not np.allclose(value.ravel(), expected, rtol=1e-9, atol=0, equal_nan=True):
            self.reason = "autograd computes another value than the function itself"
            return None
        jacobian = np.array(rows)
        self.infinite = not np.isfinite(jacobian).all()
        if self.infinite:
            self.reason = "autograd gives nan or inf here (as it does for a norm or a root at 0)"
            return None
        return jacobian


def _unit(value: Any, i: int) -> Any:
    if value.ndim == 0:
        return 1.0
    unit = np.zeros(value.shape)
    unit.flat[i] = 1.0
    return unit


def _first_line(error: Exception) -> str:
    text = str(error).strip().splitlines()
    return text[0][:120] if text else "no message"


def _advice(function: Callable[..., Any], cause: str) -> str:
    """One line: why autograd could not follow, and how to write it."""
    names = vocabulary(function)
    if "must hold numbers" in cause:
        return "autograd cannot trace a function of optidemo, which checks its input; others decide"
    if solvers := _solvers(function, names):
        return f"autograd cannot trace scipy's {', '.join(solvers)} ({cause}); the other witnesses decide"
    by_float = "'float'" in cause or "float()" in cause or "real number" in cause
    if "dot" in names and not by_float:
        return f"autograd cannot trace A.dot(x) ({cause}): write A @ x"
    if by_float or "float" in names:
        return (
            f"autograd cannot trace float(...) or math functions ({cause}): leave float out, use numpy's "
            "or scipy.special's"
        )
    if "item assignment" in cause or "setting an array" in cause:
        return (
            f"autograd cannot trace writing into an array ({cause}): build it with np.array([...])"
        )
    return f"autograd cannot trace this function ({cause}); the other witnesses decide"


def _solvers(function: Callable[..., Any], names: set[str]) -> list[str]:
    """Name the solvers of scipy that `function` calls."""
    found = [(n, v) for n, v in outside(function, set()) if _of_scipy(v)]
    modules = [v for _, v in found if isinstance(v, types.ModuleType)]
    return sorted(
        name
        for name in names & INNER
        if any(n == name for n, _ in found) or any(hasattr(m, name) for m in modules)
    )


def _of_scipy(value: Any) -> bool:
    name = value.__name__ if isinstance(value, types.ModuleType) else ""
    return (name or str(getattr(value, "__module__", ""))).split(".")[0] == "scipy"


def _to_autograd(_name: str, value: Any) -> Any:
    found = _numpys().get(id(value))
    code = types.ModuleType | types.FunctionType | types.BuiltinFunctionType
    # a ufunc does not say whose it is
    if found is None and (
        isinstance(value, np.ufunc) or (isinstance(value, code) and _of_scipy(value))
    ):
        found = _scipys().get(id(value))
    return value if found is None else found[0]


class _MathModule(types.SimpleNamespace):
    """``math`` for boxes: numpy's functions under math's names, its constants as they are."""


@cache
def _numpys() -> Table:
    """Map the ids of numpy, math and their functions to autograd's; the plain one is kept alive beside it."""
    import autograd.numpy as anp

    table = {**_functions(np, anp), **_functions(np.linalg, anp.linalg)}
    table[id(np)], table[id(np.linalg)] = (anp, np), (anp.linalg, np.linalg)
    mathlike = {name: getattr(math, name) for name in dir(math) if not name.startswith("_")}
    renamed = {"fabs": "abs", "pow": "power", "asin": "arcsin", "acos": "arccos", "atan": "arctan"}
    for name, old in list(mathlike.items()):
        new = getattr(anp, renamed.get(name, name), None)
        if callable(new):
            table[id(old)] = (new, old)
            mathlike[name] = new
    mathlike["log"] = lambda z, base=None: (
        anp.log(z) if base is None else anp.log(z) / anp.log(base)
    )
    table[id(math.log)] = (mathlike["log"], math.log)
    table[id(math)] = (_MathModule(**mathlike), math)
    return table


@cache
def _scipys() -> Table:
    """Map scipy's likewise; only for functions that use it, since autograd.scipy loads half of scipy."""
    import autograd.scipy.linalg
    import autograd.scipy.special
    import scipy
    import scipy.linalg
    import scipy.special
    import scipy.stats

    table: Table = {}
    rooms: dict[str, Any] = {"stats": scipy.stats}
    for plain, traced in (
        (scipy.special, autograd.scipy.special),
        (scipy.linalg, autograd.scipy.linalg),
    ):
        table |= _functions(plain, traced)
        room = rooms[plain.__name__.split(".")[1]] = _Fallback(traced, plain)
        table[id(plain)] = (room, plain)
    table[id(scipy)] = (types.SimpleNamespace(**rooms), scipy)
    return table


def _functions(plain: Any, traced: Any) -> Table:
    """Map the functions of a module to those of autograd's module."""
    table: Table = {}
    for name in dir(plain):
        old, new = getattr(plain, name, None), getattr(traced, name, None)
        if callable(old) and callable(new) and old is not new and not isinstance(old, type):
            table[id(old)] = (new, old)
    return table


class _Fallback:
    """A module of autograd's that lacks some of the functions of the plain one."""

    def __init__(self, first: Any, second: Any) -> None:
        self._first, self._second = first, second

    def __getattr__(self, name: str) -> Any:
        return getattr(self._first, name, None) or getattr(self._second, name)
