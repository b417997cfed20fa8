"""`check_gradient`: is my derivative right, and if not, what did I do wrong?"""

from __future__ import annotations

import time
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from optidemo.arrays import as_arguments, as_seed, as_tolerance
from optidemo.checks.collect import Collector
from optidemo.checks.first_look import first_look, unsteady as unsteady_mistake
from optidemo.checks.kinks import convention_at
from optidemo.checks.mistakes import Case, name_mistake
from optidemo.checks.points import (
    fits_objective,
    infer_shape,
    objective_point,
)
from optidemo.checks.problem import Problem
from optidemo.checks.rebinding import data_of, parameter_names
from optidemo.checks.report import GradientReport, Mistake
from optidemo.checks.textbook import textbook
from optidemo.checks.tracing import Tracer
from optidemo.checks.verdict import entries_of, hear_witnesses, notes_on, silent, too_rough_to_tell
from optidemo.checks.witnesses import taylor_slope

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from optidemo.arrays import Vector

__all__ = ["TOL", "Run", "check_gradient", "timed"]

TOL = 1e-6


def check_gradient(
    fun: Any,
    grad: Callable[..., Any] | None = None,
    x: Any = None,
    *,
    args: Any = (),
    points: Sequence[Any] | None = None,
    seed: int = 0,
    tol: float = TOL,
) -> GradientReport:
    """Compare `grad` with the derivative of `fun`, and name the mistake if they differ.

    Parameters
    ----------
    fun : callable or Objective
        ``fun(x, *args)``, one real number. Plain numpy is fine.
    grad : callable, optional
        ``grad(x, *args)``, of the shape of x. None: the objective's own gradient.
    x : array_like, optional
        A point, of shape (), (n,), (n, 1), (1, n) or a matrix. Without it a shape is inferred from
        `args`, from what `fun` closes over, and by trying.
    args : tuple
        Further arguments of both; as in scipy, a single one may stand alone.
    points : sequence of array_like, optional
        Compare here (and at x) only, instead of at adversarial points. Each has the shape of x; without
        x, that of the first.
    seed : int
        Of every random choice; 0 or more.
    tol : float
        Relative tolerance, 0 ≤ tol < 1; on top of it the witness's own error and rounding are allowed
        for.

    Returns
    -------
    GradientReport
        A right gradient is never accused: at a kink any element of Clarke's generalised gradient is
        right, and where the witnesses disagree or are too coarse, nothing is claimed.

    Raises
    ------
    TypeError
        If grad is missing, or fun or grad is no function.
    ValueError
        If seed or tol is out of its range, or a point has another shape than x.

    Examples
    --------
    >>> import numpy as np, optidemo
    >>> A = np.array([[1.0, 2.0], [0.0, 1.0]])
    >>> report = optidemo.check_gradient(lambda x: x @ A @ x, lambda x: 2 * A @ x)
    >>> report.ok, report.mistake.kind
    (False, 'missing-transpose')
    """
    return timed(lambda: Run("gradient", fun, grad, x, as_arguments(args), points, seed, tol))


def timed(make: Callable[[], Run]) -> GradientReport:
    """Make a run and run it, without the warnings of what it tries."""
    start = time.perf_counter()
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        report = make().run()
    report.seconds = time.perf_counter() - start
    return report


class Run:
    """One run: setting up, collecting samples, judging them."""

    out_shape: tuple[int, ...] = ()

    def __init__(
        self,
        what: str,
        fun: Any,
        grad: Any,
        x: Any,
        args: tuple[Any, ...],
        points: Sequence[Any] | None,
        seed: int,
        tol: float,
    ) -> None:
        self.what, self.points = what, points
        self.seed, self.tol = as_seed(seed), as_tolerance(tol)
        self.rng = np.random.default_rng(self.seed)
        owner = getattr(fun, "__self__", None)
        if owner is not None and fits_objective(owner) and fun == owner.value:
            fun = owner  # f.value, f.gradient: the same as f
        self.objective = fun if fits_objective(fun) else None
        if x is None and points is not None and len(points):
            x, self.points = points[0], points[1:]
        if self.objective is not None:
            grad = fun.gradient if grad is None else grad
            x = objective_point(fun, self.rng) if x is None else x
            fun = fun.value
        if grad is None:
            raise TypeError("grad is missing: pass your gradient, or an Objective as fun.")
        if not callable(fun) or not callable(grad):
            raise TypeError("fun and grad must be functions (or fun an Objective).")
        self.fun, self.grad, self.args, self.x = fun, grad, args, x
        self.data = data_of((fun, grad), args)

    def run(self) -> GradientReport:
        """Look, collect, judge."""
        if not self.find_x():
            return self.unchecked("no shape of x was found for which fun gives a number; pass x.")
        early = first_look(self.problem, self.flat)
        if isinstance(early, str):
            return self.unchecked(early)
        if early is not None:  # outside the domain nothing can be said of grad
            status = "unchecked" if early.kind == "domain" else "wrong"
            return self.report(status, early, early.sentence if status == "unchecked" else "")
        collector = Collector(self.problem, self.flat, self.given, self.data, self.rng, self.tol)
        self.samples = collector.collect(self.points)
        return self.judge()

    # -- setting up ---------------------------------------------------------------------------------

    def find_x(self) -> bool:
        """Settle the shape of x and make the problem; tell whether that worked."""
        self.given = self.x is not None
        if self.x is None:
            found = infer_shape(self.fun, self.grad, self.args, self.data, self.rng)
            if found is None:
                return False
            shape, flat = found
        else:
            array = np.asarray(self.x, dtype=np.float64)
            shape, flat = array.shape, array.ravel()
        self.flat: Vector = flat
        self.problem = self.make_problem(shape)
        return True

    def make_problem(self, shape: tuple[int, ...]) -> Problem:
        """Put the two functions together, for an x of this shape."""
        names = tuple(parameter_names((self.fun, self.grad), len(self.args)))
        problem = Problem(self.fun, self.grad, shape, self.args, names, self.out_shape, self.what)
        kinds = [getattr(d.value, "dtype", None) for d in self.data]
        single = [float(np.finfo(k).eps) for k in kinds if k in (np.float32, np.float16)]
        problem.data_eps = max(single, default=0.0)
        if self.objective is not None:
            problem.contains = getattr(self.objective, "contains", None)
            formula = textbook(self.objective)
            if formula is not None:
                problem.tracer = Tracer(formula)
        return problem

    # -- judging ------------------------------------------------------------------------------------

    def judge(self) -> GradientReport:
        """Put the report together."""
        case, mistake = self.name()
        if mistake is None and silent(self.samples):
            return self.unchecked(
                "no values of fun tell its slope, and autograd alone is no evidence against a gradient."
            )
        if mistake is None and too_rough_to_tell(self.samples):
            return self.unchecked(
                "the values of fun are too rough to tell its slope: it moves in steps or carries noise."
            )
        sample = case.sound if mistake is None else case.telling
        status = "right" if mistake is None else "wrong"
        report = self.report(status, mistake)
        report.entries = entries_of(sample, self.problem)
        report.point = self.problem.give(sample.x)
        report.points = [
            {"where": s.where, "x": self.problem.give(s.x), "ok": ok if ok or mistake else None}
            for s, ok in ((s, not case.wrong(s)) for s in self.samples)
        ]
        first = self.samples[0]
        if first.kinked and first.yours is not None and mistake is None:
            report.convention = convention_at(first)
        if sample.yours is not None and self.out_shape == ():
            report.taylor = taylor_slope(self.problem, sample.x, sample.yours, self.seed)
        report.witnesses = hear_witnesses(sample, report.taylor)
        report.notes = notes_on(self.problem)
        return report

    def name(self) -> tuple[Case, Mistake | None]:
        """Name the mistake; a matrix made non-symmetric counts only where it explains it."""
        plain = [s for s in self.samples if s.where != "skewed"]
        case = Case(self.problem, self.samples, self.data, self.given)
        mistake = name_mistake(case)
        if len(plain) < len(self.samples) and mistake is not None:
            only = Case(self.problem, plain, self.data, self.given)
            if mistake.kind != "missing-transpose":
                case, mistake = only, name_mistake(only)
        unsteady = next((s for s in self.samples if s.answer.unsteady), None)
        if unsteady is not None and (mistake is None or mistake.kind != "mutates-input"):
            evidence = {"x": self.problem.give(unsteady.x)}
            mistake = unsteady_mistake("grad", self.grad, evidence)
        return case, mistake

    def report(self, status: str, mistake: Mistake | None, reason: str = "") -> GradientReport:
        """Make a report without entries."""
        return GradientReport(
            self.what,
            status,
            [],
            [],
            mistake,
            reason,
            seed=self.seed,
            tol=self.tol,
            point=self.problem.give(self.flat) if hasattr(self, "problem") else None,
        )

    def unchecked(self, reason: str) -> GradientReport:
        """Report that nothing can be said."""
        return self.report("unchecked", None, reason)
