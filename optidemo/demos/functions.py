"""The objectives that are functions of a vector or a matrix: no data set, seeded random numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.optimize

from optidemo import objectives as o
from optidemo.checks.check import Check
from optidemo.checks.reference import against_minimize
from optidemo.demos.ball import on_unit_ball
from optidemo.demos.case import Case, Demo, Planned
from optidemo.solvers.steps import Armijo, BarzilaiBorwein
from optidemo.status import Status

if TYPE_CHECKING:
    from collections.abc import Callable

    from optidemo.arrays import Matrix, Vector
    from optidemo.datasets import Design
    from optidemo.objective import Objective

__all__ = ["FUNCTIONS"]


def spread_matrix(seed: int, eigenvalues: tuple[float, ...]) -> Matrix:
    """Return a matrix whose symmetric part S has these eigenvalues; its other part is as large as S."""
    rng = np.random.default_rng(seed)
    d = len(eigenvalues)
    Q = np.linalg.qr(rng.standard_normal((d, d)))[0]
    K = rng.standard_normal((d, d))
    K = (K - K.T) * (np.linalg.norm(eigenvalues) / np.linalg.norm(K - K.T))
    return np.asarray(Q @ np.diag(eigenvalues) @ Q.T + K)


def _function(
    f: Objective, data: str, runs: tuple[Planned, ...], lecture: str,
    references: Callable[[Vector], list[Check]], **more: Any,
) -> Case:  # fmt: skip
    best = f.closed_form() if (known := f.optimum()) is not None and known.attained else None
    return Case(f, data, "seeded random numbers", runs, best, references, lecture, **more)


def _linear(seed: int) -> Case:
    y = np.random.default_rng(seed).standard_normal(2)
    f = o.Linear(y)
    return _function(
        f, f"y = {np.round(y, 4).tolist()}",
        (Planned("gradient-descent", {"step": 0.1, "maxiter": 100}, Status.UNBOUNDED),),
        "∇f = y, whatever x is: no stationary point.",
        lambda _x: on_unit_ball(f, np.zeros(2), f.unit_ball_minimizer(), "−y/‖y‖"),
        notes=("Without a constraint f has no minimum; on the unit ball it has one: see the checks.",),
    )  # fmt: skip


QUADRATIC_RUNS = (
    Planned("closed-form"),
    Planned("newton"),
    Planned("gradient-descent"),
    Planned("gradient-descent", {"momentum": 0.5}),
    Planned("accelerated-gradient"),
    Planned("gradient-descent", {"step": BarzilaiBorwein()}),
)


def _quadratic(cls: type[o.Quadratic]) -> Callable[[int], Case]:
    def build(seed: int) -> Case:
        f = cls(spread_matrix(seed, (0.5, 5.0)))
        too_long = 2.2 / f.lipschitz()
        runs = (*QUADRATIC_RUNS, Planned("gradient-descent", {"step": too_long}, Status.DIVERGED))

        def references(x: Vector) -> list[Check]:
            gap = float(np.abs((f.A + f.A.T) @ x).max())
            return [
                against_minimize(f, x),
                Check("(A + Aᵀ)x = 0", gap, 1e-10),
                _for_symmetric_only(f, seed),
            ]

        return _function(
            f, "a non-symmetric 2 × 2 matrix A; S = ½(A + Aᵀ) has the eigenvalues 0.5 and 5", runs,
            "∇f = (A + Aᵀ)x, zero at x = 0.", references,
        )  # fmt: skip

    return build


def _for_symmetric_only(f: o.Quadratic, seed: int) -> Check:
    """Check that 2Ax, right for a symmetric A alone, is far from the gradient wherever one looks."""
    rng = np.random.default_rng(seed)
    where = [f.sample(rng) for _ in range(10)]
    errors = [
        float(np.linalg.norm(2 * f.A @ x - g) / np.linalg.norm(g))
        for x, g in ((x, f.gradient(x)) for x in where)
    ]
    found = f"by {100 * min(errors):.0f} % or more at 10 random points"
    return Check.whether("2Ax is wrong for this A", min(errors) > 0.1, found)


def _relu(seed: int) -> Case:
    x = np.random.default_rng(seed).standard_normal(2)
    f = o.ReLU(x)
    return _function(
        f, f"x = {np.round(x, 4).tolist()}",
        (Planned("subgradient-descent", {"maxiter": 100}), Planned("proximal-gradient")),
        "The derivative is 0 for negative values and 1 for positive ones.",
        lambda w: [Check("minimum value is 0", f.value(w), 1e-12), against_minimize(f, w, "Nelder-Mead")],
        flat=True,
        notes=("Every w with wᵀx ≤ 0 is a minimum, so f is compared, not w.",),
    )  # fmt: skip


def _gaussian(cls: type[o.Gaussian]) -> Callable[[int], Case]:
    def build(seed: int) -> Case:
        f = cls(spread_matrix(seed, (0.5, 2.0)))
        runs = (
            Planned("closed-form"), Planned("newton"), Planned("gradient-descent"),
            Planned("accelerated-gradient"), Planned("gradient-descent", {"step": Armijo()}),
        )  # fmt: skip
        return _function(
            f, "a non-symmetric 2 × 2 matrix A; S = ½(A + Aᵀ) has the eigenvalues 0.5 and 2", runs,
            "f′ = −f (A + Aᵀ)x; the name Gaussian needs S ≻ 0.",
            lambda x: [against_minimize(f, x), Check("maximum value is 1", abs(f.value(x) - 1), 1e-12)],
        )  # fmt: skip

    return build


def _sigmoid_like(f: Objective, data: str) -> Case:
    def references(_x: Vector) -> list[Check]:
        naive = scipy.optimize.minimize(f.value, f.x0, jac=f.gradient, method="BFGS")
        claimed = f"scipy's BFGS reports success={naive.success} at f = {naive.fun:.1e}"
        known = f.optimum()
        none = known is not None and not known.attained
        return [Check.whether("no minimum is claimed", none, claimed)]

    run = Planned("gradient-descent", {"step": Armijo(), "maxiter": 500}, Status.NOT_ATTAINED)
    lecture = "σ′ = σ(1 − σ), which is zero nowhere."
    return _function(f, data, (run,), lecture, references)


def _sigmoid(_seed: int) -> Case:
    return _sigmoid_like(o.Sigmoid(), "one variable z")


def _logistic(seed: int) -> Case:
    x = np.random.default_rng(seed).standard_normal(2)
    return _sigmoid_like(o.Logistic(x), f"x = {np.round(x, 4).tolist()}")


def _norm(cls: type[o.L1Norm | o.L2Norm | o.SquaredL2Norm], lecture: str) -> Callable[[int], Case]:
    def build(_seed: int) -> Case:
        f = cls(2)
        slow = Planned("subgradient-descent", {"maxiter": 200}, Status.MAXITER)
        runs = (Planned("closed-form"), Planned("newton"), Planned("gradient-descent")) if f.smooth else (
            Planned("closed-form"), Planned("proximal-gradient"), slow,
        )  # fmt: skip
        return _function(
            f, "two variables", runs, lecture,
            lambda x: [against_minimize(f, x, "Nelder-Mead"), Check("minimum value is 0", f.value(x), 1e-12)],
        )  # fmt: skip

    return build


def _demo(cls: type[Objective], title: str, build: Callable[[int], Case]) -> Demo:
    def seeded(seed: int, design: Design | None) -> Case:  # noqa: ARG001  (no data to replace)
        return build(seed)

    return Demo(cls.name, cls.number, title, cls.formula, "function", seeded)


FUNCTIONS = (
    _demo(o.Linear, "A linear function has no minimum", _linear),
    _demo(o.Quadratic, "A quadratic form with a non-symmetric matrix", _quadratic(o.Quadratic)),
    _demo(o.TraceQuadratic, "The same through the trace", _quadratic(o.TraceQuadratic)),
    _demo(o.ReLU, "ReLU has a kink and flat minima", _relu),
    _demo(o.TraceGaussian, "The Gaussian bump through the trace", _gaussian(o.TraceGaussian)),
    _demo(o.Gaussian, "The Gaussian bump, maximised", _gaussian(o.Gaussian)),
    _demo(o.Sigmoid, "The sigmoid has no minimum", _sigmoid),
    _demo(o.Logistic, "A probability is no fitting objective", _logistic),
    _demo(o.L1Norm, "The L1 norm: corners", _norm(o.L1Norm, "∇f = sign(x); at 0 any value in [−1, 1].")),
    _demo(o.L2Norm, "The L2 norm: a kink at 0", _norm(o.L2Norm, "∇f = x/‖x‖₂, undefined at 0.")),
    _demo(o.SquaredL2Norm, "The ridge: smooth", _norm(o.SquaredL2Norm, "∇f = 2x, zero at x = 0.")),
)  # fmt: skip
