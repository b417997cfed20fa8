"""What is the derivative at one point, and how well is it known? Independent witnesses, then a vote."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from optidemo.checks.answer import attempt
from optidemo.checks.differences import LINE, MARGIN, slopes_along
from optidemo.checks.large import FEW, agrees_along, telling_columns
from optidemo.checks.noise import measured_noise

if TYPE_CHECKING:
    from collections.abc import Callable

    from optidemo.arrays import Matrix, Vector
    from optidemo.checks.marks import Index, Mask
    from optidemo.checks.problem import Problem

__all__ = [
    "ENTRYWISE",
    "Reference",
    "Taylor",
    "differences_at",
    "reference_at",
    "scales_for",
    "taylor_slope",
]

ENTRYWISE = 64  # up to this many variables, differences are taken entry by entry at every point
COMPLEX = 2000  # up to this many variables, the complex step takes every one where nothing else can


@dataclass
class Reference:
    """The derivative (m·d,) at a point; nan where no witness was asked."""

    value: Vector
    error: Vector  # its uncertainty, by the differences
    kink: Mask  # no derivative there
    left: Vector
    right: Vector
    autograd: Vector | None = None
    complex_step: Vector | None = None
    differences: Vector | None = None
    asked: Mask | None = None  # entries for which the differences were taken
    apart: Mask | None = None  # and those in which autograd contradicts them
    notes: dict[str, str] = field(default_factory=dict)
    flat: Mask = field(init=False)  # entries in which f stays, but for its steps

    def __post_init__(self) -> None:
        self.flat = np.zeros(self.value.shape, dtype=bool)

    def weigh(self) -> None:
        """Put a sharper witness in place of the differences where they do not contradict it.

        Where the differences were asked and found nothing, the complex step does not stand alone.
        """
        if self.differences is None or self.asked is None:
            return
        value, error, unknown = self.differences.copy(), self.error, np.isnan(self.differences)
        known = np.max(error[np.isfinite(error)], initial=0.0)
        bars, self.apart = error.copy(), np.zeros(value.shape, dtype=bool)
        for witness in (self.complex_step, self.autograd):
            if witness is None:
                continue
            agrees = np.abs(witness - self.differences) <= MARGIN * error + 1e-7 * np.abs(witness)
            alone = unknown & np.isfinite(witness)
            if witness is self.complex_step:
                alone &= ~self.asked
            use = (agrees & ~self.kink) | alone
            value[use] = witness[use]
            bars[alone] = known
            if witness is self.autograd:
                self.apart = ~agrees & ~unknown & ~self.kink & np.isfinite(error)
        self.value, self.error = value, bars


def scales_for(size: float, largest: float) -> list[float]:
    """First steps for a variable of size |x_i| in a vector with largest entry `largest`."""
    first = 0.1 * max(size, 1.0)
    tries = [first, 0.1 * size, 0.1 * largest, 1e-3 * first, 1e-5 * first]
    chosen: list[float] = []
    for h in tries:
        if h > 0 and all(not 0.3 < h / old < 3 for old in chosen):
            chosen.append(h)
    return chosen


def reference_at(
    problem: Problem,
    x: Vector,
    args: tuple[Any, ...] | None = None,
    columns: Index | None = None,
    yours: Vector | None = None,
) -> Reference:
    """Ask every witness that scales.

    `columns` are the variables to difference one by one: all of them up to `ENTRYWISE`; beyond that those
    in which `yours` is most likely wrong.
    """
    args = problem.args if args is None else args
    m, d = problem.outputs, problem.size
    expected = problem.value(x, args)
    start = time.perf_counter()
    autograd = problem.tracer.jacobian(problem.give(x), args, expected)
    problem.seconds += time.perf_counter() - start
    notes = {"autograd": problem.tracer.reason} if problem.tracer.reason else {}
    entrywise = min(ENTRYWISE, d) if problem.affords(LINE * d) else FEW
    if problem.tracer.infinite and problem.underflows(x, args):
        # log(e^−t) for a large t: the value has lost its digits, and its slope is not that of f.
        value, error, left, right = (np.full(m * d, c) for c in (np.nan, np.inf, np.nan, np.nan))
        return Reference(value, error, np.zeros(m * d, dtype=bool), left, right, notes=notes)
    if columns is None and d <= entrywise:
        columns = np.arange(d)
    elif columns is None:
        if autograd is not None and not agrees_along(problem, x, args, autograd):
            autograd, notes["autograd"] = None, "it contradicts the values of the function"
        columns = telling_columns(problem, x, args, yours, autograd)
    noise = measured_noise(problem, x, args)
    differences, error, kink, left, right = differences_at(problem, x, args, columns, noise)
    complex_step = _complex_step(problem, x, args, columns)
    several = columns.size < d <= COMPLEX and problem.affords(d)
    if autograd is None and complex_step is not None and several:
        all_columns = _complex_step(problem, x, args, np.arange(d))
        near = np.abs(complex_step - differences) <= MARGIN * error + 1e-7 * np.abs(complex_step)
        if all_columns is not None and bool(near[:, columns].all()):
            complex_step = all_columns
    reference = Reference(
        differences.ravel().copy(),
        error.ravel(),
        kink.ravel(),
        left.ravel(),
        right.ravel(),
        None if autograd is None else autograd.reshape(m * d),
        None if complex_step is None else complex_step.ravel(),
        differences.ravel(),
        np.broadcast_to(np.isin(np.arange(d), columns), (m, d)).ravel(),
        notes=notes,
    )
    reference.weigh()
    return reference


def differences_at(
    problem: Problem, x: Vector, args: tuple[Any, ...], columns: Index, noise: Any
) -> tuple[Matrix, Matrix, Mask, Matrix, Matrix]:
    """Give (value, error, kink, left, right), each (m, d); `noise` is the absolute error of fun."""
    m, d = problem.outputs, problem.size
    value, left, right = (np.full((m, d), np.nan) for _ in range(3))
    error, kink = np.full((m, d), np.inf), np.zeros((m, d), dtype=bool)
    if len(columns) == 0:
        return value, error, kink, left, right
    largest = float(np.max(np.abs(x), initial=0.0))
    sizes = [abs(float(x[j])) for j in columns]

    here = problem.value(x, args)

    def line(j: int) -> Callable[[float], Vector]:
        def phi(t: float) -> Vector:
            if t == 0:
                return here
            z = x.copy()
            z[j] += t
            return problem.value(z, args)

        return phi

    most = None if len(columns) == d else 3  # where one value is dear, three first steps must do
    usual = problem.usual  # a variable that is 0 here has a size of its own elsewhere
    looked = [
        size or float(usual[j]) if usual.size == d else size
        for j, size in zip(columns, sizes, strict=True)
    ]
    scales = [scales_for(size, largest)[:most] for size in looked]
    s = slopes_along([line(int(j)) for j in columns], scales, sizes, problem.eps, noise)
    value[:, columns], error[:, columns], kink[:, columns] = s.value.T, s.error.T, s.kink.T
    left[:, columns], right[:, columns] = s.left.T, s.right.T
    return value, error, kink, left, right


def _complex_step(
    problem: Problem, x: Vector, args: tuple[Any, ...], columns: Index
) -> Matrix | None:
    """Im f(x + ih e_j) / h: exact to rounding where f is analytic, and then only."""
    m, d = problem.outputs, problem.size
    jacobian = np.full((m, d), np.nan)
    for j in columns:
        z = x.astype(complex)
        h = 1e-20 * max(abs(float(x[j])), 1e-8)
        z[j] += 1j * h
        out, error = attempt(problem.fun, problem.give(z), *args)
        if error:
            return None
        array, error = attempt(np.asarray, out)
        if error or array.dtype.kind != "c" or array.size != m:
            return None
        jacobian[:, j] = array.ravel().imag / h
    return jacobian if np.isfinite(jacobian[:, columns]).all() else None


@dataclass
class Taylor:
    """``|f(x + h u) − f(x) − h ∇f·u|`` against h: it falls like h² for the right gradient, like h else."""

    h: Vector
    remainder: Vector
    slope: float | None  # None: the remainder is all rounding or noise, as it is for a linear f

    @property
    def ok(self) -> bool:
        """Whether the remainder falls like h²."""
        return self.slope is None or self.slope > 1.5


def taylor_slope(
    problem: Problem, x: Vector, yours: Vector, seed: int, longest: float = 0.1
) -> Taylor:
    """Measure the slope along a random direction, where the remainder stands out of the rounding.

    The steps are `longest` times the size of x or less.
    """
    rng = np.random.default_rng(seed)
    u = rng.choice([-1.0, 1.0], size=x.size) * rng.uniform(0.5, 1.5, size=x.size)
    u /= np.linalg.norm(u)
    size = max(float(np.max(np.abs(x), initial=0.0)), 1e-8)
    h = size * 10.0 ** np.linspace(np.log10(longest), -9, 33 if problem.affords(33) else 9)
    f0 = problem.value(x)[0]
    f = np.array([problem.value(x + t * u)[0] for t in h])
    remainder = np.abs(f - f0 - h * float(yours @ u))
    floor = 50 * max(problem.eps, problem.noise) * (np.abs(f) + abs(f0) + h * abs(float(yours @ u)))
    clear = np.isfinite(remainder) & (remainder > floor)
    if clear.sum() < 5:
        return Taylor(h, remainder, None)
    log_h, log_r = np.log(h[clear]), np.log(remainder[clear])
    keep = slice(-max(5, int(clear.sum()) // 2), None)  # the small steps: the asymptotic regime
    slope = float(np.polyfit(log_h[keep], log_r[keep], 1)[0])
    return Taylor(h, remainder, slope)
