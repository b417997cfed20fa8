"""The lecture's worked examples as demos."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optidemo.checks.check import Check
from optidemo.checks.reference import against_minimize
from optidemo.demos.case import Case, Demo, Planned
from optidemo.objectives.examples import EXAMPLES, Example
from optidemo.status import Status

if TYPE_CHECKING:
    from optidemo.arrays import Vector
    from optidemo.datasets import Design

__all__ = ["EXAMPLE_DEMOS"]


def _build(example: Example) -> Case:
    """Minimise the example where it has a minimum; show that it has none where it has not."""
    attained = example.verdict.attained
    runs = [Planned("closed-form")] if example.best is not None else []
    if attained and example.offers("hessian"):
        runs.append(Planned("newton"))
    solver = "gradient-descent" if example.smooth else "subgradient-descent"
    limit = 500 if not example.smooth else 2000 if attained else 200
    expect = Status.CONVERGED if attained else example.verdict.status
    runs.append(Planned(solver, {"maxiter": limit}, expect))

    def references(x: Vector) -> list[Check]:
        checks = [] if not attained else [against_minimize(example, x, "Nelder-Mead")]
        return checks + _printed(example)

    return Case(
        objective=example,
        data=f"a function of {example.d} variable{'s' if example.d > 1 else ''}",
        source=f"the lecture: {example.where}",
        runs=tuple(runs),
        best=None if example.best is None else np.array(example.best),
        references=references,
        lecture=example.steps[2],
        flat=not example.smooth,
        findings=lambda x: [
            f"The minimum is {example.value(x):.6g} at x = {np.round(x, 6).tolist()}."
        ],
    )


PRINTED: dict[str, tuple[tuple[float, ...], float | None, tuple[float, ...]]] = {
    "slope": ((1.0,), 0.5, (0.6,)),
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


def _demo(example: Example, i: int) -> Demo:
    def build(seed: int, design: Design | None) -> Case:  # noqa: ARG001
        return _build(example)

    return Demo(
        f"example-{example.title}", f"e{i}", example.where, example.formula, "example", build
    )


EXAMPLE_DEMOS = tuple(_demo(example, i) for i, example in enumerate(EXAMPLES, 1))
