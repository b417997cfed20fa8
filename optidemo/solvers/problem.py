"""What a solver sees: f and its derivatives, counted, checked, and always to be minimised."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from scipy.linalg.blas import dnrm2
from scipy.optimize import HessianUpdateStrategy, OptimizeWarning

from optidemo.arrays import Matrix, Vector, as_arguments, as_vector
from optidemo.callers import warn
from optidemo.objective import Objective
from optidemo.solvers.callables import as_gradient, as_pair, as_value, differentiated
from optidemo.solvers.differences import differences
from optidemo.status import DomainError

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike

    Bound: TypeAlias = tuple[
        Callable[[Vector], float],
        Callable[[Vector], Vector],
        Callable[[Vector], tuple[float, Vector]],
    ]

__all__ = ["Problem", "norm_of"]

DIFFERENCES = ("2-point", "3-point", "cs")  # scipy's names for them


def norm_of(g: Vector) -> float:
    """Return ‖g‖₂, also where its square over- or underflows; BLAS does it three times as fast as numpy."""
    return float(dnrm2(g))


class Problem:
    """f, ∇f and ∇²f of one call of a solver.

    Parameters
    ----------
    fun : callable or Objective
        ``fun(x, *args) -> float``; with ``jac=True``, ``-> (float, (d,))``. An `Objective` brings
        its own derivatives and sense.
    x0 : (d,) array_like or None
        The start; None takes the objective's own.
    args : tuple
        Extra arguments of fun, jac and hess; a single one need not be a tuple.
    jac : callable, True, False or None
        ∇f; True says that fun returns it beside f. None and False differentiate fun with autograd.
    hess : callable, str or None
        ∇²f. scipy's names of difference formulas, such as "2-point", mean what None does.

    Attributes
    ----------
    sign : float
        −1 if the objective is to be maximised: the solver then sees −f.
    own : bool
        Is ∇f the objective's own, derived and checked?
    nfev, njev, nhev : int
        How often f, ∇f and ∇²f were evaluated.
    """

    def __init__(
        self,
        fun: Callable[..., Any] | Objective,
        x0: ArrayLike | None,
        args: tuple[Any, ...] = (),
        jac: Any = None,
        hess: Any = None,
    ) -> None:
        hess = _as_hessian(hess)
        if not callable(fun):
            raise TypeError(f"fun must be a function or an Objective, but is {fun!r}.")
        args = as_arguments(args)
        self.objective = fun if isinstance(fun, Objective) else None
        self.nfev = self.njev = self.nhev = 0
        if self.objective is None:
            if x0 is None:
                raise TypeError("x0 is missing: only an Objective brings its own start.")
            self.sign = 1.0
            self.x0: Vector = as_vector(np.atleast_1d(x0), "x0").copy()
        else:
            self.sign = 1.0 if self.objective.sense == "minimize" else -1.0
            start = self.objective.x0 if x0 is None else np.atleast_1d(x0)
            self.x0 = as_vector(start, "x0", self.objective.d).copy()
            if not self.objective.contains(self.x0):
                raise ValueError(
                    f"x0 = {self.x0} lies outside the domain of {self.objective!r}"
                    f"{_domain(self.objective)}; leave x0 out to start at {self.objective.x0}."
                )
        self.d = self.x0.size
        self.value, self.gradient, self.evaluate = self._bind(fun, args, jac)
        self._hess = None if hess is None else (lambda x: hess(x, *args))
        self.own = self.objective is not None and jac is None  # ∇f is the objective's own
        self._whole = jac is None and self.has_hessian  # all derivatives are the objective's own

    def _bind(self, fun: Callable[..., Any] | Objective, args: tuple[Any, ...], jac: Any) -> Bound:
        if isinstance(fun, Objective) and jac is None:
            return self._bind_objective(fun)
        if jac is True:
            return self._bind_pair(fun, args)
        if jac is None or jac is False:
            jac = differentiated(fun)
        elif not callable(jac):
            raise TypeError(f"jac must be callable, True, False or None, but is {jac!r}.")
        sign, shape = self.sign, (self.d,)

        def value(x: Vector) -> float:
            self.nfev += 1
            return sign * as_value(fun(x.copy(), *args))

        def gradient(x: Vector) -> Vector:
            self.njev += 1
            g = as_gradient(jac(x.copy(), *args), shape)
            return g if sign > 0 else -g

        def evaluate(x: Vector) -> tuple[float, Vector]:
            return value(x), gradient(x)

        return value, gradient, evaluate

    def _bind_objective(self, objective: Objective) -> Bound:
        """Bind f and ∇f of an objective; outside its domain they are inf and NaN."""
        minimize = self.sign > 0
        both = objective.value_and_gradient

        def value(x: Vector) -> float:
            self.nfev += 1
            return objective.value(x) if minimize else -objective.value(x)

        def gradient(x: Vector) -> Vector:
            self.njev += 1
            return objective.gradient(x) if minimize else -objective.gradient(x)

        def evaluate(x: Vector) -> tuple[float, Vector]:
            self.nfev += 1
            self.njev += 1
            try:
                f, g = both(x)
            except DomainError:
                return np.inf, np.full(self.d, np.nan)
            return (f, g) if minimize else (-f, -g)

        return value, gradient, evaluate

    def _bind_pair(self, fun: Callable[..., Any], args: tuple[Any, ...]) -> Bound:
        """Bind a fun that returns f and ∇f together, as scipy's ``jac=True`` has it."""

        def evaluate(x: Vector) -> tuple[float, Vector]:
            self.nfev += 1
            self.njev += 1
            f, g = as_pair(fun(x.copy(), *args))
            return self.sign * as_value(f), self.sign * as_gradient(g, (self.d,))

        return (lambda x: evaluate(x)[0]), (lambda x: evaluate(x)[1]), evaluate

    @property
    def has_hessian(self) -> bool:
        """Is there an exact Hessian?"""
        return self._hess is not None or (
            self.objective is not None and self.objective.offers("hessian")
        )

    def hessian(self, x: Vector) -> Matrix:
        """Return ∇²f(x), (d, d), of the function to be minimised."""
        self.nhev += 1
        if self._hess is None and self.objective is not None:
            return self.sign * self.objective.hessian(x)
        if self._hess is None:
            raise NotImplementedError("No Hessian: pass hess=, or an Objective that implements it.")
        H = np.asarray(self._hess(x.copy()), dtype=np.float64)
        if H.shape != (self.d, self.d):
            raise ValueError(f"hess must return shape {(self.d, self.d)}, but returned {H.shape}.")
        return self.sign * H

    def derivatives(self, x: Vector) -> tuple[float, Vector, Matrix]:
        """Return f, ∇f and ∇²f at x, from one pass over the data where the objective has one.

        Without a Hessian, central differences of the gradient stand in. Where f is not finite the
        others are NaN.
        """
        if self._hess is None and self.objective is not None and self._whole:
            self.nfev += 1
            self.njev += 1
            self.nhev += 1
            try:
                f, g, H = self.objective.derivatives(x)
            except DomainError:
                return np.inf, np.full(self.d, np.nan), np.full((self.d, self.d), np.nan)
            return self.sign * f, self.sign * g, self.sign * H
        f, g = self.evaluate(x)
        if not (np.isfinite(f) and np.isfinite(g).all()):
            return f, g, np.full((self.d, self.d), np.nan)
        return f, g, self.curvature(x, g)

    def curvature(self, x: Vector, g: Vector) -> Matrix:
        """Return the exact Hessian at x, or differences of ∇f where there is none."""
        exact = self._whole or self._hess is not None
        return self.hessian(x) if exact else differences(self, x, g)

    def lipschitz(self) -> float | None:
        """Return L if the objective knows it."""
        return None if self.objective is None else self.objective.lipschitz()


def _domain(objective: Objective) -> str:
    return f", {objective.domain}" if objective.domain else ""


def _as_hessian(hess: Any) -> Callable[..., Any] | None:
    """Return ∇²f as a function, or None where differences of the gradient are asked for."""
    if hess is None or (isinstance(hess, str) and hess in DIFFERENCES):
        return None
    if isinstance(hess, HessianUpdateStrategy):
        warn(
            f"hess={type(hess).__name__}() is ignored: Newton's method needs the Hessian itself, the "
            "objective's own or differences of the gradient.",
            OptimizeWarning,
        )
        return None
    if not callable(hess):
        raise TypeError(f"hess must be callable, None or one of {DIFFERENCES}, but is {hess!r}.")
    return hess  # type: ignore[no-any-return]  # any callable
