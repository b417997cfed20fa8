"""The part that all iterative solvers share: recording, stopping, counting and callbacks."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from optidemo.arrays import EPS, is_number, is_whole
from optidemo.solvers.messages import FELL, OVERFLOWN, bad_start, in_sense, sentence
from optidemo.solvers.problem import norm_of
from optidemo.solvers.protocol import refuse_options, wrapped
from optidemo.solvers.result import Recorder, Result
from optidemo.solvers.second_look import confirmed, look_along, second_look, settled
from optidemo.solvers.way_out import FAR, way_out
from optidemo.status import Status

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from optidemo.arrays import Vector
    from optidemo.solvers.curvature import Survey
    from optidemo.solvers.problem import Problem
    from optidemo.solvers.surroundings import Surroundings

__all__ = ["SILENT", "Run"]

SILENT = np.errstate(over="ignore", invalid="ignore", divide="ignore")
"""Decorates a solver: what overflows on the way ends the run with a status, not with a warning."""

NEAR = 1e20  # times the size of x0: how far off f is still looked at where x overflows
RUNAWAY = 1e8  # growth of the gradient, while f rises, that counts as divergence


class Run:
    """One run of an iterative solver.

    A solver computes iterates and hands each to `done`, which records it, calls the callback and
    says whether to stop; `result` then assembles the answer.

    Parameters
    ----------
    solver : str
        The solver's name, for messages.
    problem : Problem
        The counted function.
    tol : float
        The certificate: ‖∇f(x)‖ ≤ tol · ‖∇f(x₀)‖, the reduction of the gradient norm, which depends
        neither on the number of samples nor on the unit of f; or a gradient so small that f cannot
        change by a rounding error, ‖∇f(x)‖ max(‖x‖, 1) ≤ 4ε |f(x)|.
    maxiter : int
        Iterations at most.
    callback : callable or None
        ``callback(xk)`` or ``callback(intermediate_result=…)`` after each iteration, as in scipy; it may
        raise StopIteration.
    options : mapping
        What is left of scipy's arguments: anything that is not None is warned about or refused.
    measure : str
        What the certificate is about, for messages.
    constrained : bool
        True if the search is confined to a set, or if the solver proves its answer itself (by a
        duality gap). Then ``objective.optimum()``, which speaks of all of ℝᵈ, is not asked.
    shorter : str
        What to do about a step that is too long, where that is not another step rule, for messages.
    """

    def __init__(
        self,
        solver: str,
        problem: Problem,
        *,
        tol: float,
        maxiter: int,
        callback: Callable[..., Any] | None,
        options: Mapping[str, Any],
        measure: str = "gradient norm",
        constrained: bool = False,
        shorter: str = "",
    ) -> None:
        if not (is_number(tol) and 0 <= tol < 1):
            raise ValueError(
                f"tol must be in [0, 1), a reduction of the gradient norm, but is {tol!r}."
            )
        if not (is_whole(maxiter) and maxiter >= 0):
            raise ValueError(f"maxiter must be a whole number ≥ 0, but is {maxiter!r}.")
        refuse_options(solver, options)
        self.solver, self.problem, self.tol, self.maxiter = (
            solver,
            problem,
            float(tol),
            int(maxiter),
        )
        self.callback = wrapped(callback)
        self.recorder = Recorder(problem.d)
        self.nit = -1
        self.status = Status.MAXITER
        self.message = ""
        self.target = math.nan
        self.first = math.nan
        self.measure, self.constrained, self.shorter = measure, constrained, shorter
        self.longest = (2.0, "2/L")  # what times 1/L a fixed step must not exceed
        self.over = False
        self.horizon = FAR * max(norm_of(problem.x0), 1.0)
        self.model: Survey | None = None  # of f around x, where it was asked for
        self.around: Surroundings | None = None  # of a proximal or projected method

    @property
    def whole(self) -> Callable[[Vector], float] | None:
        """F + h, if the problem's f is but a part of what is minimised, and h is known."""
        return None if self.around is None else self.around.whole

    # --- during the run ----------------------------------------------------------------------

    def done(
        self, x: Vector, f: float, g: Vector, step: float = math.nan, *,
        residual: float | None = None, certified: bool | None = None,
        answer: tuple[Vector, float, Vector] | None = None,
    ) -> bool:  # fmt: skip
        """Record an iterate; True if the run is over.

        `residual` replaces ‖g‖ where the certificate is another: a proximal residual, the gradient
        along the sphere, a distance to the subdifferential. `certified` is the verdict of a solver
        that looks at the curvature itself, and `answer` the better x, f and ∇f that it then has.
        """
        norm = norm_of(g) if residual is None else residual
        finite = math.isfinite(f) and math.isfinite(norm)
        if not finite and self.nit >= 0 and not np.isfinite(x).all():
            return self._overflown(f, step)
        self.x, self.f, self.g, self.norm = x, f, g, norm
        self.nit += 1
        self.recorder.add(x, f, norm, step)
        if self.nit == 0:
            self.first, self.target, self.slopes = norm, self.tol * norm, g
            self.away = math.sqrt(self.tol) * norm
        if not finite:
            return self._not_finite()
        if self.callback is not None and self.nit > 0 and self._asked_to_stop(x, f):
            return True
        if certified is None:
            rounding = 4 * EPS * abs(f)
            certified = norm <= self.target or (
                norm <= rounding and norm * max(norm_of(x), 1.0) <= rounding
            )
            certified = certified and (confirmed(self) if residual is None else settled(self))
        if self.over:
            return True
        if certified:
            self.x, self.f, self.g = answer or (x, f, g)
            return self.stop(Status.CONVERGED, near=x)
        if norm > self.away:  # from the place where more was asked
            self.target = self.tol * self.first
        if norm > RUNAWAY * self.first and f > self.recorder.fun[0]:
            return self.stop(Status.DIVERGED, step=step)
        if self.nit >= self.maxiter:
            return self.stop(Status.MAXITER)
        return False

    def stop(
        self, status: Status, message: str = "", *,
        step: float = math.nan, near: Vector | None = None,
    ) -> bool:  # fmt: skip
        """End the run with a status, after a second look at what it claims; always True.

        `near` is the iterate beside the answer: an objective may remember its derivatives there.
        """
        self.over = True
        if status is Status.STOPPED:
            self.status, self.message = status, message
            return True
        self.claim(status, message or sentence(self, status, step))
        if self.constrained:
            look_along(self)
            return True
        objective = self.problem.objective
        known = (
            None if objective is None else objective.optimum_near(self.x if near is None else near)
        )
        if known is not None and not known.attained:
            self.status, self.message = known.status, known.reason
        elif known is None or not self.problem.own or (objective and not objective.convex):
            second_look(self)  # a verdict that there is an optimum does not say that x is one
        return True

    def claim(self, status: Status, message: str) -> None:
        """Take a verdict whose sentence speaks of a minimisation."""
        self.status, self.message = status, in_sense(message, self.problem.sign)

    def _overflown(self, f: float, step: float) -> bool:
        """End the run at the iterate before x overflowed: had f fallen, or was the step too long?"""
        kept = [x for x in self.recorder.x if norm_of(x) <= NEAR * max(norm_of(self.problem.x0), 1)]
        found = way_out(self, kept[-1], *self.problem.evaluate(kept[-1]))
        if found is not None:
            return self.stop(*found)
        if f == -math.inf:
            return self.stop(Status.UNBOUNDED, FELL)
        if self.f < self.recorder.fun[0]:
            return self.stop(Status.NOT_FINITE, OVERFLOWN)
        return self.stop(Status.DIVERGED, step=step)

    def _not_finite(self) -> bool:
        if self.f == -math.inf:
            return self.stop(Status.UNBOUNDED, FELL)
        where = (
            "outside the domain of f" if self.f == math.inf else "where f or its gradient is NaN"
        )
        f = self.problem.objective
        if self.nit > 0 and self.f == math.inf and f is not None and f.whole_space:
            return self.stop(Status.DIVERGED, step=self.recorder.step[-1])  # it overflows
        if self.nit > 0 and len(self.recorder.fun) > 1:
            previous = self.recorder.norm[-2]
            if previous > 1e3 * self.first:
                return self.stop(Status.DIVERGED, step=self.recorder.step[-1])
        if self.nit == 0:
            return self.stop(Status.NOT_FINITE, bad_start(self))
        return self.stop(
            Status.NOT_FINITE,
            f"Iteration {self.nit} landed {where}. Use a shorter step, "
            f"{self.shorter or 'or step=Armijo(), which backs off'}.",
        )

    def _asked_to_stop(self, x: Vector, f: float) -> bool:
        assert self.callback is not None  # noqa: S101  (for the type checker)
        try:
            self.callback(x.copy(), self.problem.sign * f)
        except StopIteration as stop:
            return self.stop(Status.STOPPED, str(stop) or "The callback raised StopIteration.")
        return False

    # --- afterwards --------------------------------------------------------------------------

    def result(self, best: tuple[Vector, float, Vector] | None = None, **more: Any) -> Result:
        """Assemble the answer at the last iterate, or at `best` (x, f, ∇f)."""
        sign = self.problem.sign
        x, f, g = (self.x, self.f, self.g) if best is None else best
        return Result(
            x=x.copy(), fun=sign * f, jac=sign * g, nit=self.nit, nfev=self.problem.nfev,
            njev=self.problem.njev, nhev=self.problem.nhev, success=self.status is Status.CONVERGED,
            status=self.status, message=self.message, solver=self.solver, measure=self.measure,
            trajectory=self.recorder.trajectory(sign), **more,
        )  # fmt: skip
