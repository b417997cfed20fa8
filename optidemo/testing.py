"""Assertions for assignments: they say what the mistake is, but not which numbers are right.

They raise AssertionError, so they work under pytest, in a ``unittest.TestCase`` and in a notebook
cell alike. `hint` says how much a failing message tells: "none", that it is wrong; "where", also
where; "mistake" (the default), also what the mistake is, which may name what is due ("2A stands where
A + Aᵀ is due"); "full", also the numbers that should have come out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from optidemo.arrays import as_arguments, as_seed, as_tolerance
from optidemo.checks.gradient import TOL, check_gradient
from optidemo.checks.hint import HINTS, hinted_lines
from optidemo.checks.stationary import compare_minimum, stationarity

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import ArrayLike

__all__ = ["assert_gradient", "assert_minimizer", "assert_solver", "assert_stationary"]


def assert_gradient(
    fun: Any,
    grad: Callable[..., Any] | None = None,
    x: Any = None,
    *,
    args: Any = (),
    points: Sequence[Any] | None = None,
    seed: int = 0,
    tol: float = TOL,
    hint: str = "mistake",
) -> None:
    """Fail unless `grad` is the derivative of `fun`.

    Parameters
    ----------
    fun, grad, x, args, points, seed, tol
        As in `optidemo.check_gradient`.
    hint : {"none", "where", "mistake", "full"}
        How much a failing message tells.

    Raises
    ------
    AssertionError
        If the gradient is wrong, or could not be checked.
    """
    _known(hint)
    report = check_gradient(fun, grad, x, args=args, points=points, seed=seed, tol=tol)
    if not report.ok:
        raise AssertionError("\n".join(hinted_lines(report.to_dict(), hint)))


def assert_stationary(
    fun: Any,
    x: ArrayLike,
    *,
    args: Any = (),
    tol: float = 1e-5,
    hint: str = "mistake",
) -> None:
    """Fail unless the gradient of `fun` is zero at `x`, or zero is a subgradient there.

    Parameters
    ----------
    fun : callable or Objective
        ``fun(x, *args)``, one number. Its gradient is taken from the objective, or measured.
    x : (d,) array_like
        The point.
    args : tuple
        Further arguments of fun.
    tol : float
        The gradient at x may be this part of its usual size around x (at the distance max(1, ‖x‖)).
    hint : {"none", "where", "mistake", "full"}
        How much a failing message tells; "full" adds the gradient.

    Raises
    ------
    AssertionError
        If x is not stationary, or not a finite point where fun is finite.
    """
    _known(hint)
    fault = stationarity(fun, _point(x), as_arguments(args), as_tolerance(tol))
    if fault is not None:
        raise AssertionError(_message("The point is not stationary", hint, *fault))


def assert_minimizer(
    fun: Any,
    x: ArrayLike,
    *,
    args: Any = (),
    tol: float = 1e-5,
    seed: int = 0,
    hint: str = "mistake",
) -> None:
    """Fail unless `x` minimises `fun` (maximises it, if it is an objective that is maximised).

    Parameters
    ----------
    fun : callable or Objective
        An Objective is compared with its optimum, so x must be a global one. A plain function is
        searched around x, near and far, and descended from there: x must be a local minimum at least.
    x : (d,) array_like
        The point.
    args : tuple
        Further arguments of fun.
    tol : float
        As in `assert_stationary`.
    seed : int
        Of the search.
    hint : {"none", "where", "mistake", "full"}
        How much a failing message tells; "full" adds the better point.

    Raises
    ------
    AssertionError
        If x is not optimal; the message says whether it is not stationary, a saddle or a maximum.
    ValueError
        If the objective has no optimum, so that nothing could be right.
    """
    _known(hint)
    tol, seed = as_tolerance(tol), as_seed(seed)
    fault = compare_minimum(fun, _point(x), as_arguments(args), tol, seed)
    if fault is not None:
        sense = getattr(fun, "sense", "minimize")
        what = "maximum" if sense == "maximize" else "minimum"
        raise AssertionError(_message(f"The point is not a {what}", hint, *fault))


def assert_solver(
    solver: Callable[..., Any], *, seed: int = 0, tol: float = 1e-3, hint: str = "mistake"
) -> None:
    """Fail unless a student's own solver minimises a hidden family of least-squares problems.

    It is tried in one, two and five variables, with the step 1/L and as many iterations as theory
    asks for, then with three iterations, then from the minimum. It must descend, come as near to the
    closed form as `tol`, leave x0 as it is, keep to maxiter, count rightly what it reports, not report
    success where there is none, and stay at a minimum.

    Parameters
    ----------
    solver : callable
        ``solver(fun, grad, x0, step, maxiter)``, with any of them left out but grad and x0, in any
        order under these or usual other names (`optidemo.checks.calling.ROLES`: lr, n_iter, w0, …);
        or scipy's ``solver(fun, x0, args=(), jac=None, **options)``. It returns x, or (x, history)
        with the values of f or the points, or an OptimizeResult or a dict with x.
    seed : int
        Of the problems.
    tol : float
        How near to the minimum x must come, as a part of the way from x0.
    hint : {"none", "where", "mistake", "full"}
        How much a failing message tells; "full" adds the solution.

    Raises
    ------
    AssertionError
        With the fault in a sentence.

    Examples
    --------
    >>> def descend(grad, x0, step, maxiter):
    ...     x = x0.copy()
    ...     for _ in range(maxiter):
    ...         x = x - step * grad(x)
    ...     return x
    >>> assert_solver(descend)
    """
    from optidemo.checks.solver_trial import try_solver

    _known(hint)
    fault = try_solver(solver, seed=as_seed(seed), tol=as_tolerance(tol, positive=True))
    if fault is not None:
        raise AssertionError(
            _message("The solver is wrong", hint, fault.where, fault.sentence, fault.numbers)
        )


def _message(headline: str, hint: str, where: str, sentence: str, numbers: str) -> str:
    level = HINTS.index(hint)
    text = headline
    if level >= HINTS.index("where") and where:
        text += f" {where}"
    if level >= HINTS.index("mistake") and sentence:
        text += f": {sentence}"
    elif not text.endswith("."):
        text += "."
    if level >= HINTS.index("full") and numbers:
        text += f"\n{numbers}"
    return text


def _known(hint: str) -> None:
    if hint not in HINTS:
        raise ValueError(f"hint must be one of {', '.join(HINTS)}, but is {hint!r}.")


def _point(x: ArrayLike) -> Any:
    """Take a point of any shape, of finite numbers."""
    try:
        array = np.asarray(x, dtype=float)
    except (TypeError, ValueError):
        raise AssertionError(f"x is no array of numbers, but {type(x).__name__}.") from None
    if not np.isfinite(array).all():
        raise AssertionError(f"x is not finite: {array}. Has the solver diverged?")
    return array
