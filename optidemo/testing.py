"""Assertions for assignments: they say what the mistake is, and keep the solution to themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from optidemo.checks.gradient import TOL, check_gradient

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["assert_gradient"]


def assert_gradient(
    fun: Any,
    grad: Callable[..., Any] | None = None,
    x: Any = None,
    *,
    args: tuple[Any, ...] = (),
    points: Sequence[Any] | None = None,
    seed: int = 0,
    tol: float = TOL,
    show_solution: bool = False,
) -> None:
    """Fail unless `grad` is the derivative of `fun`.

    Parameters
    ----------
    fun, grad, x, args, points, seed, tol
        As in `optidemo.check_gradient`.
    show_solution : bool
        Put the whole report into the message, with the reference entry by entry. By default it holds
        the sentence that names the mistake, and no number that should have come out.

    Raises
    ------
    AssertionError
        If the gradient is wrong, or could not be checked.
    """
    report = check_gradient(fun, grad, x, args=args, points=points, seed=seed, tol=tol)
    if not report.ok:
        raise AssertionError(str(report) if show_solution else report.headline)
