"""With many variables: look along random directions first, entry by entry only where it matters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from optidemo.checks.differences import LINE, MARGIN, slopes_along

if TYPE_CHECKING:
    from collections.abc import Callable

    from optidemo.arrays import Matrix, Vector
    from optidemo.checks.marks import Index
    from optidemo.checks.problem import Problem

__all__ = ["FEW", "agrees_along", "telling_columns"]

BLOCK = 16  # variables that are differenced one by one
FEW = 4  # of them, however slow fun is


def telling_columns(
    problem: Problem, x: Vector, args: tuple[Any, ...], yours: Vector | None, other: Matrix | None
) -> Index:
    """Choose the variables in which `yours` is most likely wrong, and a few at random.

    `other` is autograd's opinion. Where there is none, a wrong entry is found by halving: the half along
    which the slope of f contradicts `yours` is halved again.
    """
    rng = np.random.default_rng(2)
    d = problem.size
    most = BLOCK // 8 if other is not None or not problem.affords(LINE * BLOCK) else BLOCK // 2
    some = rng.choice(d, size=min(most, d), replace=False)
    if yours is None:
        return np.sort(some)
    if other is None:
        return np.union1d(some, _halve(problem, x, args, yours.reshape(problem.outputs, d), rng))
    gap = np.abs(yours.reshape(problem.outputs, d) - other).max(axis=0)
    size = np.abs(other).max(axis=0)
    relative = gap / (size + 1e-12 * np.max(size) + 1e-300)
    worst = [np.argsort(-np.nan_to_num(v, nan=np.inf))[: BLOCK // 4] for v in (gap, relative)]
    return np.unique(np.concatenate([some, *worst]))


def _halve(
    problem: Problem, x: Vector, args: tuple[Any, ...], yours: Matrix, rng: np.random.Generator
) -> Index:
    d = problem.size
    signs = rng.choice([-1.0, 1.0], size=d) * rng.uniform(0.5, 1.0, size=d)
    block = np.arange(d)
    least = BLOCK // 2 if problem.affords(LINE * BLOCK) else FEW
    while block.size > least:
        halves = [block[: block.size // 2], block[block.size // 2 :]]
        u = np.zeros((2, d))
        for row, half in zip(u, halves, strict=True):
            row[half] = signs[half]
        if not problem.affords(3 * LINE):
            problem.hurried = True
            return block[: FEW // 2]
        misses = _coarse_misses(problem, x, args, yours, u)
        if max(misses) <= 1:
            return block[: BLOCK // 2 if problem.affords(LINE * BLOCK) else FEW // 2]
        block = halves[int(np.argmax(misses))]
    return block


def _coarse_misses(
    problem: Problem, x: Vector, args: tuple[Any, ...], jac: Matrix, u: Matrix
) -> list[float]:
    """Do as `_misses`, from two central differences each: enough to tell in which half to look."""
    h = 1e-3 * max(float(np.max(np.abs(x), initial=0.0)), 1.0)
    scores = []
    for v in u:
        d = [
            (problem.value(x + t * v, args) - problem.value(x - t * v, args)) / (2 * t)
            for t in (h, 0.5 * h)
        ]
        value = (4 * d[1] - d[0]) / 3
        bound = (
            np.abs(d[1] - d[0]) / 10 + 1e-9 * (np.abs(jac) @ np.abs(v)) / np.sqrt(len(v)) + 1e-300
        )
        scores.append(float(np.nan_to_num(np.abs(jac @ v - value) / bound, nan=0.0).max()))
    return scores


def _misses(
    problem: Problem, x: Vector, args: tuple[Any, ...], jac: Matrix, u: Matrix, tol: float = 1e-12
) -> list[float]:
    """By how many times its error bar each slope of f differs from jac·u."""
    size = float(np.max(np.abs(x), initial=0.0))

    def line(direction: Vector) -> Callable[[float], Vector]:
        return lambda t: problem.value(x + t * direction, args)

    first = 0.1 * max(size, 1.0)
    scales = [[first, 1e-3 * first]] * len(u)
    s = slopes_along([line(v) for v in u], scales, [size] * len(u), problem.eps)
    bound = MARGIN * s.error + tol * np.abs(u) @ np.abs(jac).T + 1e-300
    score = np.where(s.kink, 0.0, np.abs(u @ jac.T - s.value) / bound)
    return [float(v) for v in np.nan_to_num(score, nan=0.0).max(axis=1)]


def agrees_along(problem: Problem, x: Vector, args: tuple[Any, ...], jac: Matrix) -> bool:
    """Tell whether a full derivative from one witness has the slopes of f along two random directions."""
    rng = np.random.default_rng(3)
    u = rng.choice([-1.0, 1.0], size=(2, problem.size)) * rng.uniform(
        0.5, 1.0, size=(2, problem.size)
    )
    return max(_misses(problem, x, args, jac, u, 1e-7)) <= 1
