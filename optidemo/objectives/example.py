"""What a worked example is: an objective that is given as data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from optidemo.objective import Objective
from optidemo.status import DomainError, NoClosedForm, Optimum

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike

    from optidemo.arrays import Vector

__all__ = ["Example"]


@dataclass(frozen=True, eq=False, repr=False)
class Example(Objective):
    """One worked example: f and the gradient that the three steps lead to.

    Attributes
    ----------
    title : str
        The name, as in ``optidemo show``.
    where : str
        The slide.
    formula, gradient_formula : str
        f(x) and ∇f(x), as the slide writes them.
    fun, grad : callable
        f(x) and ∇f(x) of a vector (d,).
    steps : tuple of three str
        Multiply out; partial by partial; back to vector form.
    d : int
        Number of variables.
    verdict : Optimum
        What is known of its minimum.
    best : tuple of float or None
        The minimiser, where a formula or a reference calculation gives it.
    inside : callable
        Is x in the domain?
    domain : str
        The domain in words, given with `inside`; empty where it is all of ℝᵈ.
    smooth : bool
        Is f differentiable everywhere in its domain?
    start : tuple of float or None
        The start of a search; ones, if there is none.
    """

    title: str
    where: str
    formula: str = field()
    gradient_formula: str = field()
    fun: Callable[[Vector], Any]
    grad: Callable[[Vector], ArrayLike]
    steps: tuple[str, str, str]
    d: int
    verdict: Optimum
    best: tuple[float, ...] | None = None
    inside: Callable[[Vector], bool] = field(default=lambda _x: True)
    domain: str = ""
    smooth: bool = True
    start: tuple[float, ...] | None = None

    @property
    def x0(self) -> Vector:
        """The given start, or ones."""
        return np.ones(self.d) if self.start is None else np.array(self.start)

    def value(self, x: ArrayLike) -> float:
        """Return f(x); inf outside the domain."""
        x = self.point(x)
        if not self.inside(x):
            return np.inf
        with np.errstate(over="ignore"):
            return float(self.fun(x))

    def gradient(self, x: ArrayLike) -> Vector:
        """Return ∇f(x), shape (d,)."""
        x = self.point(x)
        if not self.inside(x):
            raise DomainError(f"x = {x} lies outside the domain of {self.title}: {self.domain}.")
        with np.errstate(over="ignore"):
            return np.asarray(self.grad(x), dtype=float).reshape(self.d)

    def contains(self, x: ArrayLike) -> bool:
        """Is x in the domain?"""
        return bool(self.inside(self.point(x)))

    @property
    def whole_space(self) -> bool:
        """Is the domain all of ℝᵈ?"""
        return not self.domain

    def closed_form(self) -> Vector:
        """Return the minimiser where one is known; else raise `NoClosedForm`."""
        if self.best is None:
            raise NoClosedForm(self.verdict.reason)
        return np.array(self.best)

    def optimum(self) -> Optimum:
        """Return the verdict."""
        return self.verdict

    def sample(self, rng: np.random.Generator) -> Vector:
        """Return a random point inside the domain."""
        while not self.contains(x := rng.standard_normal(self.d)):
            pass
        return x

    def __repr__(self) -> str:
        return f"Example({self.title!r})"
