"""`check_jacobian` and `check_hessian`: the same questions, one derivative higher."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from optidemo.arrays import as_arguments, as_seed
from optidemo.checks.answer import attempt, real_array
from optidemo.checks.gradient import TOL, Run, timed
from optidemo.checks.points import fits_objective, infer_any_shape, objective_point
from optidemo.checks.problem import Problem
from optidemo.checks.tracing import Tracer
from optidemo.checks.witnesses import reference_at

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from optidemo.checks.report import GradientReport

__all__ = ["check_hessian", "check_jacobian"]


def check_jacobian(
    fun: Callable[..., Any],
    jac: Callable[..., Any],
    x: Any = None,
    *,
    args: Any = (),
    points: Sequence[Any] | None = None,
    seed: int = 0,
    tol: float = TOL,
) -> GradientReport:
    """Compare `jac` with the derivative of a function of several outputs.

    Parameters
    ----------
    fun : callable
        ``fun(x, *args)``, an array of shape (m,), or any other.
    jac : callable
        ``jac(x, *args)``, of the shape of fun's value followed by that of x: (m, n). Row i holds the
        derivatives of output i.
    x, args, points, seed, tol
        As in `check_gradient`.

    Returns
    -------
    GradientReport
        Its entries are numbered (output, variable).

    Raises
    ------
    TypeError
        If fun or jac is no function.
    ValueError
        As `check_gradient`.
    """
    run = _JacobianRun("Jacobian", fun, jac, x, as_arguments(args), points, seed, tol)
    return timed(lambda: run)


def check_hessian(
    fun: Any,
    hess: Callable[..., Any] | None = None,
    x: Any = None,
    *,
    grad: Callable[..., Any] | None = None,
    args: Any = (),
    points: Sequence[Any] | None = None,
    seed: int = 0,
    tol: float = TOL,
) -> GradientReport:
    """Compare `hess` with the second derivative of `fun`.

    Parameters
    ----------
    fun : callable or Objective
        ``fun(x, *args)``, one real number.
    hess : callable, optional
        ``hess(x, *args)``, of shape (n, n) for x of shape (n,). None: the objective's own Hessian.
    grad : callable, optional
        The gradient, if it is known to be right (check it first); then its derivative is compared. An
        objective brings its own. Otherwise autograd's gradient is taken, or, where autograd cannot
        follow, differences, which know the Hessian to some six digits.
    x, args, points, seed, tol
        As in `check_gradient`.

    Returns
    -------
    GradientReport
        Its entries are numbered (row, column).

    Raises
    ------
    TypeError
        If hess is missing, or fun or hess is no function.
    ValueError
        As `check_gradient`.
    """
    if fits_objective(fun):
        hess = fun.hessian if hess is None else hess
        grad = fun.gradient if grad is None else grad
        if x is None and points is None:
            x = objective_point(fun, np.random.default_rng(as_seed(seed)))
        fun = fun.value
    if hess is None:
        raise TypeError("hess is missing: pass your Hessian, or an Objective as fun.")
    run = _HessianRun("Hessian", fun, hess, x, as_arguments(args), points, seed, tol)
    run.gradient = grad
    return timed(lambda: run)


class _JacobianRun(Run):
    """A run in which fun has several outputs."""

    def find_x(self) -> bool:
        self.given = self.x is not None
        if self.x is None:
            found = infer_any_shape(self.fun, self.grad, self.args, self.data, self.rng)
            if found is None:
                return False
            self.x = found
        array = np.asarray(self.x, dtype=np.float64)
        self.flat = array.ravel()
        x = array.copy() if array.ndim else array[()]
        value, error = attempt(self.fun, x, *self.args)
        value = None if error else real_array(value)
        self.out_shape = () if value is None else value.shape
        self.problem = self.make_problem(array.shape)
        return True


class _HessianRun(_JacobianRun):
    """A run in which fun is the gradient of the function that was given."""

    gradient: Callable[..., Any] | None = None

    def find_x(self) -> bool:
        self.values = self.fun
        if self.gradient is None:
            if self.x is None:
                found = infer_any_shape(self.fun, self.grad, self.args, self.data, self.rng)
                if found is None:
                    return False
                self.x, self.given = found, False
            self.fun = self._found_gradient()
        else:
            self.fun = self.gradient
        return super().find_x()

    def make_problem(self, shape: tuple[int, ...]) -> Problem:
        """Make the problem; what differences give is not exact to rounding."""
        problem = super().make_problem(shape)
        problem.tracer = Tracer(self.fun)  # of the gradient, not of the formula of f
        if self.rough:
            problem.eps = 1e-11
        return problem

    rough = False

    def _found_gradient(self) -> Callable[..., Any]:
        from autograd import grad as autograd_gradient

        x = np.asarray(self.x, dtype=np.float64)
        value, _ = attempt(self.values, x.copy() if x.ndim else x[()], *self.args)
        tracer = Tracer(self.values)
        known = real_array(value)
        if (
            known is not None
            and tracer.jacobian(x if x.ndim else x[()], self.args, known) is not None
        ):
            gradient: Callable[..., Any] = autograd_gradient(tracer.function)
            return gradient
        self.rough = True

        def by_differences(z: Any, *args: Any) -> Any:
            problem = Problem(self.values, self.values, np.shape(z), args)
            r = reference_at(problem, np.ravel(np.asarray(z, dtype=np.float64)), args)
            return r.value.reshape(np.shape(z))

        return by_differences
