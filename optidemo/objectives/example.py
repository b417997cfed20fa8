"""What a worked example is: an objective that is given as data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from optidemo.objective import Objective
from optidemo.status import DomainError, NoClosedForm, Optimum, Status

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike

    from optidemo.arrays import Matrix, Vector

__all__ = ["Example", "linear", "minimum", "quadratic", "unbounded"]


@dataclass(frozen=True, eq=False, repr=False)
class Example(Objective):
    """One worked example: f, the gradient that the three steps lead to, and the Hessian.

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
    hess : callable or None
        ∇²f(x), the partials of the gradient; None where f has kinks.
    hessian_formula : str
        The same in the slide's notation.
    L : float or None
        The largest |eigenvalue| that ∇²f takes; None if there is no bound.
    mu : float
        A lower bound of the eigenvalues of ∇²f, if that is positive; else 0.
    convex, constant_hessian : bool
        Is f convex? Is ∇²f the same everywhere?
    notes : tuple of str
        What is ours where the slide gives no function to minimise.
    lecture : str
        What the slide says of the result; by default the third step.
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
    hess: Callable[[Vector], ArrayLike] | None = None
    hessian_formula: str = ""
    L: float | None = None
    mu: float = 0.0
    convex: bool = False
    constant_hessian: bool = False
    notes: tuple[str, ...] = ()
    lecture: str = ""

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
        x = self._inside(x)
        with np.errstate(over="ignore"):
            return np.asarray(self.grad(x), dtype=float).reshape(self.d)

    def hessian(self, x: ArrayLike) -> Matrix:
        """Return ∇²f(x), shape (d, d)."""
        x = self._inside(x)
        if self.hess is None:
            return super().hessian(x)
        with np.errstate(over="ignore", divide="ignore"):
            return np.asarray(self.hess(x), dtype=float).reshape(self.d, self.d)

    def offers(self, method: str) -> bool:
        """As every objective does; the Hessian only if one is given."""
        return super().offers(method) and not (method == "hessian" and self.hess is None)

    def lipschitz(self) -> float | None:
        """Return the given L."""
        return self.L

    def strong_convexity(self) -> float:
        """Return the given μ."""
        return self.mu

    def _inside(self, x: ArrayLike) -> Vector:
        x = self.point(x)
        if not self.inside(x):
            raise DomainError(f"x = {x} lies outside the domain of {self.title}: {self.domain}.")
        return x

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


def unbounded(direction: tuple[float, ...], why: str) -> Optimum:
    """Return the verdict that f falls without end in a direction."""
    return Optimum(Status.UNBOUNDED, why, np.array(direction, dtype=float))


def minimum(why: str) -> Optimum:
    """Return the verdict that the minimum is attained."""
    return Optimum(Status.CONVERGED, why)


def quadratic(formula: str, H: ArrayLike, L: float, mu: float = 0.0) -> dict[str, Any]:
    """Return the fields of a convex f of degree two at most, whose Hessian is H everywhere."""
    return {
        "hess": lambda _x: np.array(H), "hessian_formula": formula, "L": L, "mu": mu,
        "convex": True, "constant_hessian": True,
    }  # fmt: skip


def linear(d: int) -> dict[str, Any]:
    """Return the fields of a linear f of d variables."""
    return quadratic("0", np.zeros((d, d)), L=0.0)
