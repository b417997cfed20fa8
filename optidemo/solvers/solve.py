"""The front door: choose a solver by what the objective offers, and say why."""

from __future__ import annotations

import inspect
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse

from optidemo.names import unknown_name
from optidemo.objective import Objective
from optidemo.objectives.logistic_regression import LogisticRegression
from optidemo.objectives.scaled import Scaled
from optidemo.objectives.sum import Sum
from optidemo.solvers.closed_form import closed_form
from optidemo.solvers.gradient import accelerated_gradient, gradient_descent
from optidemo.solvers.interior_point import interior_point, is_ridge_svm
from optidemo.solvers.lasso import is_lasso, lasso
from optidemo.solvers.linear_program import is_piecewise_linear, linear_program
from optidemo.solvers.messages import FASTER
from optidemo.solvers.newton import newton
from optidemo.solvers.norm_svm import is_norm_svm, norm_svm
from optidemo.solvers.problem import Problem
from optidemo.solvers.proximal import projected_gradient, proximal_gradient
from optidemo.solvers.run import Run
from optidemo.solvers.sphere import power_iteration, sphere_gradient
from optidemo.solvers.splitting import proximal_term
from optidemo.solvers.stochastic import stochastic_gradient_descent
from optidemo.solvers.subgradient import subgradient_descent
from optidemo.status import NoClosedForm, Status

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike

    from optidemo.arrays import Vector
    from optidemo.solvers.result import Result

__all__ = ["SOLVERS", "solve"]

SPARE = 25  # one sample of so many is enough for a start, if that leaves 100 for each variable
NEWTON_LIMIT = 2_000  # variables up to which a d × d factorisation per iteration is cheap


SOLVERS: dict[str, Callable[..., Result]] = {
    "closed-form": closed_form,
    "newton": newton,
    "gradient-descent": gradient_descent,
    "accelerated-gradient": accelerated_gradient,
    "stochastic-gradient-descent": stochastic_gradient_descent,
    "subgradient-descent": subgradient_descent,
    "proximal-gradient": proximal_gradient,
    "projected-gradient": projected_gradient,
    "sphere-gradient": sphere_gradient,
    "power-iteration": power_iteration,
    "linear-program": linear_program,
    "interior-point": interior_point,
    "norm-svm": norm_svm,
    "lasso": lasso,
}
"""Every solver by its command-line name."""


def solve(
    fun: Objective,
    x0: ArrayLike | None = None,
    *,
    method: str | Callable[..., Result] | None = None,
    **options: Any,
) -> Result:
    """Find the optimum of an objective, in its own sense.

    The first of these that fits is taken:

    1. the closed form, if it meets tol;
    2. no search at all, where no optimum exists;
    3. `newton`, where there is a Hessian and d ≤ 2000;
    4. `interior_point` for a hinge loss plus a ridge, perhaps with an L1 norm, where d ≤ 2000;
    5. `norm_svm` (about ten runs of `interior_point`) for a hinge loss plus an L2 norm that is not
       squared, where d ≤ 2000;
    6. `lasso`;
    7. `linear_program`, where f is piecewise linear;
    8. `proximal_gradient`, where the one term with kinks has a proximal operator;
    9. `accelerated_gradient`, where f is smooth;
    10. `subgradient_descent`.

    Any option but tol asks for iterations: 1, 5 and 7, which have none to speak of, are then left out.

    Parameters
    ----------
    fun : Objective
        What to optimise.
    x0 : (d,) array_like, optional
        The start; by default the objective's own.
    method : str or callable, optional
        A key of `SOLVERS` (``"newton"``), or a solver itself, which overrides the choice.
    **options
        Of the solver: step, tol, maxiter, callback, ...

    Returns
    -------
    Result
        Its message says what was chosen and why.

    Raises
    ------
    ValueError
        If the method is unknown.
    TypeError
        If an option is none of the solver's.
    NoClosedForm
        If the closed form is asked for by name and there is none.

    Examples
    --------
    >>> import optidemo
    >>> res = optidemo.solve(optidemo.Quadratic([[2.0, 1.0], [0.0, 1.0]]))
    >>> res.success
    True
    """
    if not isinstance(fun, Objective):
        raise TypeError(
            f"solve takes an Objective, not {fun!r}; a plain function goes to gradient_descent(fun, x0)."
        )
    direct = set(options) <= {"tol"}
    if method is None and direct:
        if isinstance(fun, Scaled):
            return _rescaled(solve(fun.f, x0, **options), fun.c)
        if fun.sense == "maximize" and isinstance(fun, Sum) and not fun.smooth:
            return _rescaled(
                solve(-fun, x0, **options), -1.0
            )  # proximal operators are of minimisations
    if method is not None:
        solver = _named(method)
        _refuse_unknown(solver, options, "")
        return solver(fun, x0, **options)
    exact = None
    if direct:
        try:
            exact = _because(closed_form(fun, x0, **options), "f has a closed form")
        except (NoClosedForm, NotImplementedError):
            pass
        else:
            if exact.status is not Status.MAXITER:
                return exact
    known = fun.optimum()
    if known is not None and not known.attained:
        return _nothing(fun, x0, known.status, known.reason)
    solver, why = _choice(fun, direct=direct)
    _refuse_unknown(
        solver, options, "Name a method that takes it, such as method='gradient-descent'."
    )
    if x0 is None and solver is newton:
        x0 = _head_start(fun)
    result = _because(solver(fun, x0, **options), why)
    return exact if exact is not None and not result.success else result


def _named(method: str | Callable[..., Result]) -> Callable[..., Result]:
    """Return the solver of that name, which may be written with underscores as Python has it."""
    if callable(method):
        return method
    name = str(method).replace("_", "-")
    if name not in SOLVERS:
        raise ValueError(unknown_name("method", str(method), SOLVERS))
    return SOLVERS[name]


def _refuse_unknown(solver: Callable[..., Result], options: dict[str, Any], remedy: str) -> None:
    """Raise TypeError for an option that one of our solvers does not have."""
    if solver not in SOLVERS.values():
        return
    parameters = inspect.signature(solver).parameters.values()
    known = [p.name for p in parameters if p.kind is p.KEYWORD_ONLY]
    unknown = [name for name in options if name not in (*known, "bounds", "constraints", "args")]
    if unknown:
        name = next(key for key, value in SOLVERS.items() if value is solver)
        raise TypeError(
            f"{name} takes no option {unknown[0]!r}; it takes {', '.join(known)}. {remedy}".rstrip()
        )


def _choice(fun: Objective, *, direct: bool) -> tuple[Callable[..., Result], str]:
    """Return the solver that fits and the reason."""
    if fun.smooth and fun.offers("hessian") and fun.d <= NEWTON_LIMIT:
        return newton, f"f has a Hessian and d = {fun.d} is moderate"
    if is_ridge_svm(fun) and fun.d <= NEWTON_LIMIT:
        return interior_point, "f is a hinge loss with a ridge, a quadratic program"
    if direct and is_norm_svm(fun) and fun.d <= NEWTON_LIMIT:
        return norm_svm, "f is a hinge loss with a norm, which some ridge touches at the minimiser"
    if is_lasso(fun):
        return lasso, "f is a lasso"
    if direct and is_piecewise_linear(fun):
        return linear_program, "f is piecewise linear"
    if not fun.smooth and proximal_term(fun) is not None:
        return proximal_gradient, "f has one term with kinks, and that has a proximal operator"
    if fun.smooth:
        return accelerated_gradient, "f is smooth and offers no Hessian"
    return subgradient_descent, (
        "f has kinks that no exact method here covers together, and the subgradient method cannot "
        "vouch for what it finds"
    )


def _head_start(fun: Objective) -> Vector | None:
    """Return the optimum for some samples of logistic regression, where samples abound.

    Every 25th is taken, or fewer: 200 for each variable are enough. That costs less than one step
    on all samples and spares three: Newton's method starts where it converges quadratically. It
    changes the start alone, not what counts as converged.
    """
    if not isinstance(fun, LogisticRegression) or fun.n < SPARE * 100 * fun.d:
        return None
    stride = max(SPARE, fun.n // (200 * fun.d))
    X, y = fun.rows.sum(lambda X, y: ([X[::stride].copy()], [y[::stride].copy()]))
    stack = scipy.sparse.vstack if scipy.sparse.issparse(X[0]) else np.vstack
    sample = newton(LogisticRegression(stack(X), np.concatenate(y)))
    return sample.x if sample.success else None


def _rescaled(result: Result, c: float) -> Result:
    """Return the result of f as that of c · f: a factor moves no optimum, its sign turns the sense."""
    path = result.trajectory
    result.fun, result.jac = c * result.fun, c * result.jac
    for name in {"residual", "gap"} & result.keys():
        result[name] *= abs(c)
    result.trajectory = replace(path, fun=c * path.fun, gradient_norm=abs(c) * path.gradient_norm)
    return result


def _because(result: Result, why: str) -> Result:
    message = result.message.replace(FASTER, "")  # that is the choice made here
    result.message = f"Chose {result.solver}, since {why}. {message}"
    return result


def _nothing(fun: Objective, x0: ArrayLike | None, status: Status, reason: str) -> Result:
    """Report without a search that there is nothing to find."""
    problem = Problem(fun, x0)
    run = Run("solve", problem, tol=0.0, maxiter=0, callback=None, options={})
    run.done(problem.x0, *problem.evaluate(problem.x0))
    run.status, run.message = status, f"Chose no search, since the verdict is known. {reason}"
    return run.result()
