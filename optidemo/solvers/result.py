"""What a solver returns: scipy's OptimizeResult with a Status and the trajectory."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import OptimizeResult

if TYPE_CHECKING:
    from optidemo.arrays import Matrix, Vector
    from optidemo.status import Status

__all__ = ["Result", "Trajectory"]

MEMORY = 64 * 2**20  # bytes that the trajectory's x may take before it is thinned


@dataclass(frozen=True)
class Trajectory:
    """The path of a run: k iterations and the start.

    Attributes
    ----------
    x : (m, d) array
        The iterates; all k + 1 of them while they fit in 64 MB, evenly thinned beyond that.
    iteration : (m,) int array
        Which iteration each row of x is.
    fun : (k+1,) array
        f of every iterate, in the objective's own sense.
    gradient_norm : (k+1,) array
        ‖∇f‖ of every iterate, or what the run measures instead: see `Result.measure`.
    step : (k+1,) array
        The step length that led to the iterate; NaN at the start.
    time : (k+1,) array
        Seconds since the start.
    """

    x: Matrix
    iteration: np.ndarray
    fun: Vector
    gradient_norm: Vector
    step: Vector
    time: Vector

    def __len__(self) -> int:
        return self.fun.size


class Recorder:
    """Collects a trajectory while the solver runs."""

    def __init__(self, d: int) -> None:
        self.capacity = max(MEMORY // (8 * d), 4)
        self.stride = 1
        self.x: list[Vector] = []
        self.fun: list[float] = []
        self.norm: list[float] = []
        self.step: list[float] = []
        self.time: list[float] = []
        self.start = time.perf_counter()

    def add(self, x: Vector, f: float, norm: float, step: float) -> None:
        """Take one iterate; x is kept, not copied."""
        if len(self.fun) % self.stride == 0:
            self.x.append(x)
            if len(self.x) > self.capacity:
                self.x = self.x[::2]
                self.stride *= 2
        self.last = x
        self.fun.append(f)
        self.norm.append(norm)
        self.step.append(step)
        self.time.append(time.perf_counter() - self.start)

    def trajectory(self, sign: float) -> Trajectory:
        """Return the path, whose last row is the last iterate."""
        iteration = np.arange(len(self.x)) * self.stride
        kept = self.x
        if iteration[-1] != len(self.fun) - 1:
            kept, iteration = [*kept, self.last], np.append(iteration, len(self.fun) - 1)
        return Trajectory(
            np.array(kept), iteration, sign * np.array(self.fun), np.array(self.norm),
            np.array(self.step), np.array(self.time),
        )  # fmt: skip


class Result(OptimizeResult):  # type: ignore[misc]  # scipy has no types
    """A scipy ``OptimizeResult`` with `trajectory`, and a `status` that is a `Status`.

    Attributes
    ----------
    x : (d,) array
        The answer: the last iterate, perhaps polished; of `subgradient_descent` without success the
        best one.
    fun : float
        f(x), terms with kinks included, in the objective's own sense.
    jac : (d,) array
        ∇f(x), in the same sense; the solver's own docstring says where it is only a part of it.
    success : bool
        True for ``Status.CONVERGED`` alone, which rests on a certificate.
    status : Status
        Why the solver stopped.
    message : str
        Cause and remedy in a sentence.
    nit, nfev, njev, nhev : int
        Iterations, and evaluations of f, ∇f and ∇²f.
    solver : str
        The name of the function that gave this result, such as "newton".
    measure : str
        What the trajectory's `gradient_norm` is: "gradient norm", "proximal residual", "duality gap", ...
    residual : float
        Of `closed_form`, `proximal_gradient` and `projected_gradient` alone: how far x is from meeting
        the condition of optimality.
    gap : float
        Of `lasso`, `linear_program`, `interior_point` and `norm_svm` alone: the duality gap. f(x) is
        no further from the optimum.
    trajectory : Trajectory
        The path.
    """

    x: Vector
    fun: float
    jac: Vector
    nit: int
    nfev: int
    njev: int
    nhev: int
    success: bool
    status: Status
    message: str
    solver: str
    measure: str
    trajectory: Trajectory
