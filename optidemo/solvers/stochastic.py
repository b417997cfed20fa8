"""Stochastic gradient descent on sums over samples."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from optidemo.arrays import as_seed, is_whole
from optidemo.objectives.finite_sum import FiniteSum
from optidemo.solvers.problem import Problem
from optidemo.solvers.run import SILENT, Run
from optidemo.solvers.step_argument import as_step_rule
from optidemo.solvers.steps import Diminishing, Fixed
from optidemo.status import Incompatible

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike

    from optidemo.solvers.result import Result
    from optidemo.solvers.step_rule import StepRule

__all__ = ["stochastic_gradient_descent"]


@SILENT
def stochastic_gradient_descent(
    fun: FiniteSum,
    x0: ArrayLike | None = None,
    args: tuple[Any, ...] = (),
    *,
    batch_size: int = 1,
    step: StepRule | float | None = None,
    average: bool = True,
    seed: int = 0,
    tol: float = 1e-3,
    maxiter: int = 100,
    callback: Callable[..., Any] | None = None,
    **scipy_options: Any,
) -> Result:
    """Minimise a sum over samples by steps against the gradient of a few samples at a time.

    Parameters
    ----------
    fun : FiniteSum
        A sum over samples: LinearRegression, LogisticRegression or SVM.
    x0, args, callback, **scipy_options
        As in `optidemo.gradient_descent`. args must be empty.
    batch_size : int
        Samples per step; their gradient is scaled up by n / batch_size.
    step : float or step rule, optional
        By default the steps diminish from 1/(n L_max), L_max the largest curvature of a sample.
    average : bool
        Take the mean of the iterates of the last half of each epoch (Polyak and Juditsky, 1992).
    seed : int
        Of the order of the samples.
    tol : float
        Stop when the full gradient, taken once an epoch, is ≤ tol times the first.
    maxiter : int
        Epochs at most; an epoch sees every sample once.

    Returns
    -------
    Result
        The trajectory has one entry an epoch.

    Raises
    ------
    TypeError
        If the objective is no sum over samples.
    """
    if not isinstance(fun, FiniteSum):
        raise Incompatible(
            f"{fun!r} is not compatible with stochastic_gradient_descent: it must be "
            "a sum over samples: LinearRegression, LogisticRegression or SVM."
        )
    problem = Problem(fun, x0, args)
    run = Run(
        "stochastic_gradient_descent", problem, tol=tol, maxiter=maxiter, callback=callback,
        options=scipy_options, shorter="or leave step out: by default the steps diminish",
    )  # fmt: skip
    rng = np.random.default_rng(as_seed(seed))
    n, sign = fun.n, problem.sign
    if not (is_whole(batch_size) and 1 <= batch_size <= n):
        raise ValueError(
            f"batch_size must be a whole number between 1 and n = {n}, but is {batch_size!r}."
        )
    initial = 1.0 / (n * (fun.largest_sample_curvature() or 1.0))
    rule = Diminishing(initial, normalized=False) if step is None else as_step_rule(step, problem)
    if not isinstance(rule, Diminishing | Fixed):
        raise Incompatible(f"stochastic_gradient_descent takes Fixed or Diminishing, not {rule!r}.")
    x = z = problem.x0
    k, t = 0, math.nan
    f, g = problem.evaluate(x)
    while not run.done(x, f, g, t):
        batches = np.array_split(rng.permutation(n), math.ceil(n / batch_size))
        mean, kept = np.zeros(problem.d), 0
        for i, indices in enumerate(batches):
            k += 1
            p = -sign * n / len(indices) * fun.batch_gradient(z, indices)
            t = rule.step if isinstance(rule, Fixed) else rule.length(k, p)
            z = z + t * p
            if i >= len(batches) // 2:
                mean, kept = mean + z, kept + 1
        x = mean / kept if average else z
        f, g = problem.evaluate(x)
    return run.result()
