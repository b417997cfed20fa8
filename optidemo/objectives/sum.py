"""f + g is an objective again, with everything combined that can be."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from optidemo.objective import Objective
from optidemo.objectives.norm import Norm, SquaredL2Norm
from optidemo.objectives.regression import LinearRegression
from optidemo.objectives.scaled import Scaled
from optidemo.objectives.sum_optimum import coercive, of_quadratic, solution, with_partial_ridge
from optidemo.status import NoClosedForm, Optimum, Status

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from optidemo.arrays import Matrix, Vector

__all__ = ["Sum", "added", "weighted_terms"]


def added(f: Objective, g: Objective) -> Sum:
    """Return f + g, without nesting."""
    return Sum(
        *(f.terms if isinstance(f, Sum) else (f,)), *(g.terms if isinstance(g, Sum) else (g,))
    )


def weighted_terms(f: Objective) -> list[tuple[float, Objective]]:
    """Return the (c, g) of f = Σ c · g."""
    terms = f.terms if isinstance(f, Sum) else (f,)
    return [(t.c, t.f) if isinstance(t, Scaled) else (1.0, t) for t in terms]


class Sum(Objective):
    """f + g + … of one variable and one sense, for example a loss and its regulariser."""

    def __init__(self, *terms: Objective) -> None:
        first = terms[0]
        for term in terms[1:]:
            if term.d != first.d:
                raise ValueError(
                    f"{first!r} has {first.d} variables but {term!r} has {term.d}: "
                    "they cannot be added."
                )
            if term.sense != first.sense:
                raise ValueError(
                    f"{first!r} is to be {first.sense}d but {term!r} is to be {term.sense}d: "
                    "add -g to turn one of them round."
                )
        self.terms, self.d, self.sense = terms, first.d, first.sense
        self.variable, self.n = first.variable, max(term.n for term in terms)
        self.domain = ", ".join(dict.fromkeys(term.domain for term in terms if term.domain))
        self.smooth = all(term.smooth for term in terms)
        self.convex = all(term.convex for term in terms)
        self.constant_hessian = all(term.constant_hessian for term in terms)
        self.formula = " + ".join(term.formula for term in terms)
        self.gradient_formula = " + ".join(term.gradient_formula for term in terms)

    def value(self, x: ArrayLike) -> float:
        """Return the sum of the values."""
        return sum(term.value(x) for term in self.terms)

    def gradient(self, x: ArrayLike) -> Vector:
        """Return the sum of the gradients."""
        g = self.terms[0].gradient(x)
        for term in self.terms[1:]:
            g = g + term.gradient(x)
        return g

    def value_and_gradient(self, x: Vector) -> tuple[float, Vector]:
        """Return the sums of the values and of the gradients."""
        f, g = self.terms[0].value_and_gradient(x)
        for term in self.terms[1:]:
            df, dg = term.value_and_gradient(x)
            f, g = f + df, g + dg
        return f, g

    def hessian(self, x: ArrayLike) -> Matrix:
        """Return the sum of the Hessians."""
        return np.asarray(np.sum([term.hessian(x) for term in self.terms], axis=0))

    def derivatives(self, x: Vector) -> tuple[float, Vector, Matrix]:
        """Return the sums of values, gradients and Hessians."""
        f, g, H = self.terms[0].derivatives(x)
        for term in self.terms[1:]:
            df, dg, dH = term.derivatives(x)
            f, g, H = f + df, g + dg, H + dH
        return f, g, H

    # --- one term with a kink, the rest smooth -------------------------------------------------

    @cached_property
    def nonsmooth(self) -> Objective | None:
        """The only term that has a kink; without any, the only one that has a proximal operator.

        L1 and L2 norms count as one.
        """
        from optidemo.objectives.norm_sum import NormSum, are_norms

        kinked = [term for term in self.terms if not term.smooth]
        if len(kinked) > 1 and are_norms(kinked):
            return NormSum(*kinked)
        found = kinked or [term for term in self.terms if term.offers("prox")]
        return found[0] if len(found) == 1 else None

    @cached_property
    def smooth_part(self) -> Objective | None:
        """The sum of the other terms."""
        kink = self.nonsmooth
        inside = kink.terms if isinstance(kink, Sum) else (kink,)
        rest = [term for term in self.terms if term not in inside]
        return (rest[0] if len(rest) == 1 else Sum(*rest)) if rest else None

    @property
    def _proximal(self) -> Objective | None:
        """The only term with a proximal operator; L1 and L2 norms count as one."""
        h = self.nonsmooth
        inside = h.terms if isinstance(h, Sum) else (h,)
        others = (term for term in self.terms if term not in inside)
        return h if h and h.offers("prox") and not any(f.offers("prox") for f in others) else None

    def prox(self, x: Vector, t: float) -> Vector:
        """Return the proximal operator of the only term h that has one, not that of the whole sum.

        It is what a splitting method needs, x ← prox_{t h}(x − t ∇(f − h)(x)).
        """
        if self._proximal is None:
            raise NotImplementedError(f"{self} must have exactly one term with prox(x, t).")
        return self._proximal.prox(x, t)

    def subdifferential_distance(self, x: Vector, g: Vector) -> float:
        """Return the distance from g to the subdifferential; with two kinks, an upper bound."""
        kink, rest = self.nonsmooth, self.smooth_part
        if self.smooth or kink is None:
            return super().subdifferential_distance(x, g)
        return kink.subdifferential_distance(x, g if rest is None else g - rest.gradient(x))

    def offers(self, method: str) -> bool:
        """The Hessian if all terms have one; the proximal operator if exactly one term counts."""
        if method == "prox":
            return self._proximal is not None
        if method == "project":
            return False  # on several sets at once
        if method == "closed_form":
            return self._has_closed_form()
        return all(term.offers(method) for term in self.terms)

    def closed_form(self) -> Vector:
        """Return 0 for a sum of norms; solve ∇²f x = −∇f(0), where f is a convex polynomial of degree two.

        Least squares with a ridge c‖w‖² goes to `optidemo.lstsq`, which keeps more digits than
        forming the Hessian XᵀX + 2cI does.
        """
        if self._only_norms:
            return np.zeros(self.d)
        if not self.constant_hessian:
            raise NoClosedForm(
                f"{self} has no closed form: its terms are not all quadratic. Use optidemo.solve(f)."
            )
        ridge = self._as_ridge()
        if ridge is not None:
            return ridge
        return solution(self)

    @property
    def _only_norms(self) -> bool:
        return all(c > 0 and isinstance(f, Norm) for c, f in weighted_terms(self))

    def _as_ridge(self) -> Vector | None:
        parts = weighted_terms(self)
        losses = [(c, f) for c, f in parts if isinstance(f, LinearRegression)]
        ridges = [c for c, f in parts if isinstance(f, SquaredL2Norm) and f.penalized.all()]
        if len(losses) != 1 or len(losses) + len(ridges) != len(parts) or min(ridges) < 0:
            return None
        c, loss = losses[0]
        return loss.ridge(2.0 * sum(ridges) / c)

    def lipschitz(self) -> float | None:
        """Return the exact L if the Hessian is constant, else the sum of the terms' constants."""
        if self.constant_hessian:
            return float(np.abs(np.linalg.eigvalsh(self.hessian(np.zeros(self.d)))).max())
        constants = [term.lipschitz() for term in self.terms]
        return None if None in constants else float(sum(L for L in constants if L is not None))

    def strong_convexity(self) -> float:
        """Return the exact μ if the Hessian is constant, else the sum of the terms' constants."""
        if self.constant_hessian:
            sign = 1.0 if self.sense == "minimize" else -1.0
            lowest = np.linalg.eigvalsh(sign * self.hessian(np.zeros(self.d)))[0]
            return max(float(lowest), 0.0)
        return sum(term.strong_convexity() for term in self.terms) if self.convex else 0.0

    @property
    def x0(self) -> Vector:
        """The first term's start that lies in every domain."""
        for term in self.terms:
            if all(other.contains(term.x0) for other in self.terms):
                return term.x0
        return self.terms[0].x0

    @property
    def whole_space(self) -> bool:
        """Is every term defined everywhere?"""
        return all(term.whole_space for term in self.terms)

    def contains(self, x: ArrayLike) -> bool:
        """Is x in every term's domain?"""
        return all(term.contains(x) for term in self.terms)

    def optimum(self) -> Optimum | None:
        """Losses and a norm, or a strongly convex sum, attain theirs; a quadratic is decided."""
        return self._known(None)

    def optimum_near(self, x: Vector) -> Optimum | None:
        """Return the same; a solver's last point x may spare a linear program."""
        return self._known(x)

    def _known(self, x: Vector | None) -> Optimum | None:
        parts = weighted_terms(self)
        if coercive(parts):
            reason = "Every term is convex and ≥ 0, and a norm grows without end: f has a minimum."
            return Optimum(Status.CONVERGED, reason)
        if self.constant_hessian:
            return self._quadratic
        if self.convex and self.whole_space and self.strong_convexity() > 0:
            return Optimum(Status.CONVERGED, "f is strongly convex: its one optimum is attained.")
        return with_partial_ridge(parts, x)

    @cached_property
    def _quadratic(self) -> Optimum | None:
        return of_quadratic(self)

    def sample(self, rng: np.random.Generator) -> Vector:
        """Return a random point inside every domain, tried up to a hundred times."""
        for _ in range(100):
            for term in self.terms:
                x = term.sample(rng)
                if self.contains(x):
                    return x
        return self.x0

    def __repr__(self) -> str:
        return " + ".join(repr(term) for term in self.terms)
