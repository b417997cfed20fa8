"""c * f is an objective again; a negative c turns minimising into maximising."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optidemo.arrays import Matrix, Vector, as_scalar
from optidemo.objective import Objective

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from optidemo.status import Optimum

__all__ = ["Scaled", "scaled"]


def scaled(c: ArrayLike, f: Objective) -> Objective:
    """Return c * f, without nesting: 2 * (3 * f) is 6 * f."""
    c = as_scalar(c, "c")
    if c == 0:
        raise ValueError("0 * f is zero everywhere: leave the term out.")
    from optidemo.objectives.sum import Sum

    if isinstance(f, Sum):  # so that each term keeps its own proximal operator
        return f if c == 1 else Sum(*(scaled(c, term) for term in f.terms))
    if isinstance(f, Scaled):
        c, f = c * f.c, f.f
    return f if c == 1 else Scaled(c, f)


class Scaled(Objective):
    """c · f. A negative c turns a minimisation into a maximisation, and back."""

    def __init__(self, c: float, f: Objective) -> None:
        self.c, self.f, self.d = c, f, f.d
        flipped: dict[str, str] = {"minimize": "maximize", "maximize": "minimize"}
        self.sense = f.sense if c > 0 else flipped[f.sense]  # type: ignore[assignment]  # a Literal
        self.smooth, self.convex, self.constant_hessian = f.smooth, f.convex, f.constant_hessian
        self.variable, self.domain, self.n = f.variable, f.domain, f.n
        self.coercive, self.constraint = f.coercive and c > 0, f.constraint
        factor = "−" if c == -1 else f"{c:g}·"
        self.formula, self.gradient_formula = (
            f"{factor}({f.formula})",
            f"{factor}({f.gradient_formula})",
        )

    def value(self, x: ArrayLike) -> float:
        """Return c f(x)."""
        return self.c * self.f.value(x)

    def gradient(self, x: ArrayLike) -> Vector:
        """Return c ∇f(x)."""
        return self.c * self.f.gradient(x)

    def value_and_gradient(self, x: Vector) -> tuple[float, Vector]:
        """Return c f(x) and c ∇f(x)."""
        f, g = self.f.value_and_gradient(x)
        return self.c * f, self.c * g

    def hessian(self, x: ArrayLike) -> Matrix:
        """Return c ∇²f(x)."""
        return self.c * self.f.hessian(x)

    def derivatives(self, x: Vector) -> tuple[float, Vector, Matrix]:
        """Return c f(x), c ∇f(x) and c ∇²f(x)."""
        f, g, H = self.f.derivatives(x)
        return self.c * f, self.c * g, self.c * H

    def prox(self, x: Vector, t: float) -> Vector:
        """Return the proximal operator of f with the step c·t; it needs c > 0."""
        if self.c < 0:
            raise NotImplementedError(f"{self} is not convex, so it has no proximal operator.")
        return self.f.prox(x, self.c * t)

    def project(self, x: Vector) -> Vector:
        """As f does."""
        return self.f.project(x)

    def closed_form(self) -> Vector:
        """Return the optimum of f: a factor does not move it, and its sign flips the sense."""
        return self.f.closed_form()

    def offers(self, method: str) -> bool:
        """As f does; a proximal operator only for c > 0."""
        return self.f.offers(method) and not (method == "prox" and self.c < 0)

    def lipschitz(self) -> float | None:
        """Return |c| L."""
        L = self.f.lipschitz()
        return None if L is None else abs(self.c) * L

    def strong_convexity(self) -> float:
        """Return |c| μ."""
        return abs(self.c) * self.f.strong_convexity()

    @property
    def eigenvalues(self) -> Vector | None:
        """Those of f times c, ascending."""
        h = self.f.eigenvalues
        return None if h is None else np.sort(self.c * h)

    @property
    def x0(self) -> Vector:
        """The start of f."""
        return self.f.x0

    def contains(self, x: ArrayLike) -> bool:
        """As f does."""
        return self.f.contains(x)

    def subdifferential_distance(self, x: Vector, g: Vector) -> float:
        """Return |c| times the distance of g/c to the subdifferential of f."""
        return abs(self.c) * self.f.subdifferential_distance(x, g / self.c)

    def optimality(self, x: Vector) -> float:
        """Return |c| times the residual of f."""
        return abs(self.c) * self.f.optimality(x)

    @property
    def whole_space(self) -> bool:
        """As f is."""
        return self.f.whole_space

    def optimum(self) -> Optimum | None:
        """As f does."""
        return self.f.optimum()

    def optimum_near(self, x: Vector) -> Optimum | None:
        """As f does."""
        return self.f.optimum_near(x)

    def sample(self, rng: np.random.Generator) -> Vector:
        """As f does."""
        return self.f.sample(rng)

    def __repr__(self) -> str:
        return f"-{self.f!r}" if self.c == -1 else f"{_written(self.c)} * {self.f!r}"


def _written(c: float) -> str:
    """Return c with as many digits as tell it from its neighbours."""
    return short if float(short := f"{c:g}") == c else repr(c)
