"""The lecture's worked examples as demos."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import scipy.differentiate
import scipy.optimize

from optidemo.checks.check import Check
from optidemo.checks.reference import against_minimize, against_vector
from optidemo.demos.ball import on_unit_ball
from optidemo.demos.case import Case, Demo, Planned
from optidemo.demos.newton_point import newton_point
from optidemo.objectives.examples import EXAMPLES, Example, jacobian_example
from optidemo.solvers.solve import solve
from optidemo.status import Status

if TYPE_CHECKING:
    from collections.abc import Callable

    from optidemo.arrays import Vector
    from optidemo.datasets import Design

__all__ = ["CHECKS", "EXAMPLE_DEMOS", "build"]


def build(example: Example) -> Case:
    """Minimise the example where it has a minimum; show that it has none where it has not."""
    attained = example.verdict.attained
    best = _minimiser(example)
    runs = [Planned("closed-form")] if example.best is not None else []
    if attained and example.offers("hessian"):
        runs.append(Planned("newton"))
    solver = "gradient-descent" if example.smooth else "subgradient-descent"
    limit = 500 if not example.smooth else 2000 if attained else 200
    expect = Status.CONVERGED if attained else example.verdict.status
    runs.append(Planned(solver, {"maxiter": limit}, expect))

    def references(x: Vector) -> list[Check]:
        checks = [] if not attained else [against_minimize(example, x, "Nelder-Mead")]
        more = CHECKS.get(example.title)
        return checks + _printed(example) + ([] if more is None else more(example))

    return Case(
        objective=example,
        data=f"a function of {example.d} variable{'s' if example.d > 1 else ''}",
        source=f"the lecture: {example.where}",
        runs=tuple(runs),
        best=best,
        references=references,
        lecture=example.lecture or example.steps[2],
        flat=best is None or not _curved(example, best),
        notes=example.notes,
        findings=lambda x: [
            f"The minimum is {example.value(x):.6g} at x = {np.round(x, 6).tolist()}."
        ],
    )


def _minimiser(example: Example) -> Vector | None:
    """Return the minimiser: the given one, or by Newton's method where no formula gives it."""
    if example.best is not None:
        return np.array(example.best)
    return newton_point(example) if example.verdict.attained else None


def _curved(example: Example, best: Vector) -> bool:
    """Does f rise from its minimum every way, so that there is no other?"""
    if not (example.convex and example.offers("hessian")):
        return False
    h = np.linalg.eigvalsh(example.hessian(best))
    return bool(h[0] > 1e-8 * h[-1])


PRINTED: dict[str, tuple[tuple[float, ...], float | None, tuple[float, ...]]] = {
    "slope": ((1.0,), 0.5, (0.6,)),
    "cancer": ((2.0, 3.0, 9.0), 0.97, (-0.001, -6.0, 20.0)),
    "quick-1": ((1.0, 1.0, 0.0), None, (2.0, -1.0, -1.0)),
    "quick-2": ((0.0, 1.0), None, (-1.0 - np.e, 1.0 + np.e)),
    "final-1": ((0.0, 0.0), None, (3.0, 6.0)),
}
"""x, f(x) and ∇f(x) where the slide evaluates an example; quick-2 is corrected."""


def _printed(example: Example) -> list[Check]:
    if example.title not in PRINTED:
        return []
    x, f, g = PRINTED[example.title]
    at = np.array(x)
    error = float(np.abs(example.gradient(at) - np.array(g)).max())
    checks = [Check(f"∇f{x} = ({', '.join(f'{v:.4g}' for v in g)})", error, 1e-14)]
    if f is not None:
        checks.append(Check(f"f{x} = {f}", abs(example.value(at) - f), 1e-15))
    return checks


def _jacobian(example: Example) -> list[Check]:
    """Compare J row by row: it has one for each output, the gradient of that output."""
    import autograd
    import autograd.numpy as anp

    x = np.random.default_rng(0).standard_normal(3)
    F, J = jacobian_example(x)
    checks = [Check.whether("J has one row for each output: 2 × 3", J.shape == (F.size, x.size))]
    if not checks[0].passed:
        return checks
    exact = autograd.jacobian(lambda x: anp.array([2 * x[0] - x[2], x[0] + x[1]]))(x)
    differences = scipy.differentiate.jacobian(lambda x: jacobian_example(x)[0], x).df
    for i in range(F.size):
        for name, row, tolerance in (
            ("autograd", exact[i], 1e-14),
            ("differences", differences[i], 1e-9),
        ):
            checks.append(against_vector(f"row {i + 1} of J = {name}", J[i], row, tolerance))
    F, J = jacobian_example(example.x0)
    ours = solve(example, method="gradient-descent").x
    nearest = example.x0 - np.linalg.pinv(J) @ F
    name = "gradient descent = the minimum nearest to its start, x₀ − J⁺F(x₀)"
    return [*checks, against_vector(name, ours, nearest, 1e-6)]


def _drugs(example: Example) -> list[Check]:
    """Share a dose of 1 among three drugs that raise a molecule each; then let molecules fall, too."""
    a = example.x0
    g = example.gradient(a)
    checks = []
    for name, cost, answer in (
        ("the drug to take raises x₂", g, 1),
        ("the drug to avoid raises x₃", -g, 2),
    ):
        shares = scipy.optimize.linprog(cost, A_ub=[np.ones(3)], b_ub=[1.0]).x
        told = f"scipy linprog shares a dose of 1 as ({', '.join(f'{s:g}' for s in shares)})"
        checks.append(Check.whether(name, int(np.argmax(shares)) == answer, told))
    best = a - g / np.linalg.norm(g)
    return [*checks, *on_unit_ball(example, a, best, "a − f′(a)/‖f′(a)‖")]


CHECKS: dict[str, Callable[[Example], list[Check]]] = {
    "several-outputs": _jacobian,
    "cancer": _drugs,
}
"""What is checked besides, where the slide gives no function to minimise."""


def _demo(example: Example, i: int) -> Demo:
    def prepared(seed: int, design: Design | None) -> Case:  # noqa: ARG001
        return build(example)

    return Demo(
        f"example-{example.title}", f"e{i}", example.where, example.formula, "example", prepared
    )


EXAMPLE_DEMOS = tuple(_demo(example, i) for i, example in enumerate(EXAMPLES, 1))
