"""What an objective is: a value, a derived gradient, and whatever else is known about it."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from optidemo.arrays import Matrix, Vector, as_vector
from optidemo.linalg.scale import length
from optidemo.status import NoClosedForm, Optimum

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

Sense = Literal["minimize", "maximize"]

__all__ = ["Objective", "Sense"]

OPTIONAL = frozenset({"hessian", "prox", "project", "closed_form"})


class Objective:
    """A function of one vector, with the gradient that was derived for it on paper.

    A subclass sets `d`, writes `value` and `gradient`, and whichever of `hessian`, `prox`, `project`,
    `closed_form`, `lipschitz`, `strong_convexity`, `contains` and `optimum` it can. A solver asks
    `offers` before it uses an optional one. ``-f``, ``f + g`` and ``c * f`` are objectives again
    (`optidemo.objectives.scaled`, `optidemo.objectives.sum`).

    Attributes
    ----------
    d : int
        Number of variables.
    n : int
        Number of samples that f is a sum over; 1 if it is none.
    sense : {"minimize", "maximize"}
        Which optimum the lecture looks for.
    smooth : bool
        Is f differentiable everywhere in its domain?
    convex : bool
        Is ``f`` (or ``-f``, when it is maximised) convex?
    constant_hessian : bool
        Is f a polynomial of degree two at most?
    coercive : bool
        Does f grow without end in every direction?
    eigenvalues : (d,) array or None
        Of S = ½(A + Aᵀ), ascending, if f is built on the quadratic form xᵀAx.
    domain : str
        The domain in words, if it is not all of ℝᵈ; `contains` decides.
    constraint : str
        The set on which the closed form is optimal, in words, if that is not the domain.
    variable : str
        The lecture's letter for the variable: x, w, mu, ...
    name, number, formula, gradient_formula, place : str
        How lists and figures call it, and where the lecture has it.
    latex : (str, str) or None
        Formula and gradient for a slide.
    """

    name: ClassVar[str] = ""
    number: ClassVar[str] = ""
    formula: str = "f(x)"
    gradient_formula: str = "∇f(x)"
    place: ClassVar[str] = ""
    latex: ClassVar[tuple[str, str] | None] = None
    variable: str = "x"
    sense: Sense = "minimize"
    smooth: bool = True
    convex: bool = False
    constant_hessian: bool = False
    coercive: bool = False
    domain: str = ""
    constraint: str = ""
    d: int
    n: int = 1

    # --- what every objective has ------------------------------------------------------------

    def value(self, x: ArrayLike) -> float:
        """Return f(x); ±inf on the bad side outside the domain."""
        raise NotImplementedError(f"{self} must implement value(x).")

    def gradient(self, x: ArrayLike) -> Vector:
        """Return the derived gradient ∇f(x), shape (d,)."""
        raise NotImplementedError(f"{self} must implement gradient(x).")

    def __call__(self, x: ArrayLike) -> float:
        """Return f(x), as `value` does."""
        return self.value(x)

    def value_and_gradient(self, x: Vector) -> tuple[float, Vector]:
        """Return f(x) and ∇f(x), in one pass over the data where that saves one."""
        return self.value(x), self.gradient(x)

    def derivatives(self, x: Vector) -> tuple[float, Vector, Matrix]:
        """Return f(x), ∇f(x) and ∇²f(x), in one pass over the data where that saves one."""
        return (*self.value_and_gradient(x), self.hessian(x))

    @property
    def x0(self) -> Vector:
        """The start of a search that is given none."""
        return np.zeros(self.d)

    def point(self, x: ArrayLike) -> Vector:
        """Check the shape of a point; a float64 vector passes as it is, whatever it holds."""
        if type(x) is np.ndarray and x.shape == (self.d,) and x.dtype == np.float64:
            return x
        return as_vector(x, self.variable, self.d)

    # --- what only some have -----------------------------------------------------------------

    def hessian(self, x: ArrayLike) -> Matrix:
        """Return ∇²f(x), shape (d, d)."""
        raise NotImplementedError(f"{self} must implement hessian(x) to be used here.")

    def prox(self, x: Vector, t: float) -> Vector:
        """Return argmin_u f(u) + ‖u − x‖²/(2t), the proximal operator."""
        raise NotImplementedError(f"{self} must implement prox(x, t) to be used here.")

    def project(self, x: Vector) -> Vector:
        """Return the point of the domain nearest to x, for `optidemo.projected_gradient`."""
        raise NotImplementedError(f"{self} must implement project(x) to be used here.")

    def closed_form(self) -> Vector:
        """Return the optimum without a search.

        Raises
        ------
        NoClosedForm
            If there is none; the message says why.
        """
        raise NoClosedForm(f"{self} has no closed form: use optidemo.solve(f).")

    def offers(self, method: str) -> bool:
        """Is an optional method (`hessian`, `prox`, `project`, `closed_form`) implemented here?

        Whether there is a closed form may depend on the data: it is tried.
        """
        if method not in OPTIONAL:
            raise ValueError(f"{method!r} is not optional; ask for one of {sorted(OPTIONAL)}.")
        written = getattr(type(self), method) is not getattr(Objective, method)
        return written and (method != "closed_form" or self._has_closed_form())

    def _has_closed_form(self) -> bool:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # that it is not unique, for one
                self.closed_form()
        except (NoClosedForm, NotImplementedError):
            return False
        return True

    def lipschitz(self) -> float | None:
        """Return the Lipschitz constant L of the gradient, or None if there is none."""
        return None

    def strong_convexity(self) -> float:
        """Return μ ≥ 0 such that f − ½μ‖x‖² is convex (concave for a maximisation); 0 if unknown."""
        return 0.0

    def contains(self, x: ArrayLike) -> bool:
        """Is x in the domain?"""
        self.point(x)
        return True

    @property
    def eigenvalues(self) -> Vector | None:
        """Eigenvalues of the quadratic form that f is built on; None if it is built on none."""
        return None

    @property
    def whole_space(self) -> bool:
        """Is the domain all of ℝᵈ? A subclass that writes `contains` says no."""
        return type(self).contains is Objective.contains

    def subdifferential_distance(self, x: Vector, g: Vector) -> float:
        """Return the distance from g to the subdifferential of f at x; 0 if g is a subgradient."""
        return length(self.gradient(x) - g)

    def stationarity(self, x: Vector) -> float:
        """Return the distance from 0 to the subdifferential: the norm of the gradient if smooth."""
        return self.subdifferential_distance(x, np.zeros(self.d))

    def optimality(self, x: Vector) -> float:
        """Return the residual of the optimality condition that the closed form meets.

        This is `stationarity`, but for objectives that are optimised over a set.
        """
        return self.stationarity(x)

    def optimum(self) -> Optimum | None:
        """Return what is known of the optimum beforehand; None if nothing is."""
        return None

    def optimum_near(self, x: Vector) -> Optimum | None:  # noqa: ARG002  (some objectives look at x)
        """Return what is known of the optimum once a solver has stopped at x."""
        return self.optimum()

    def sample(self, rng: np.random.Generator) -> Vector:
        """Return a random point inside the domain, for checks."""
        return rng.standard_normal(self.d)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(d={self.d})"

    # --- the algebra -------------------------------------------------------------------------

    def __neg__(self) -> Objective:
        return -1.0 * self

    def __mul__(self, c: float) -> Objective:
        from optidemo.objectives.scaled import scaled

        return scaled(c, self) if isinstance(c, int | float | np.number) else NotImplemented

    __rmul__ = __mul__

    def __truediv__(self, c: float) -> Objective:
        if c == 0:
            raise ZeroDivisionError(f"({self!r}) / 0 is no function: divide by another number.")
        return (1.0 / c) * self

    def __add__(self, other: Objective) -> Objective:
        from optidemo.objectives.sum import added

        return added(self, other) if isinstance(other, Objective) else NotImplemented

    def __sub__(self, other: Objective) -> Objective:
        return self + (-other)
