"""Claims of the first half: functions, slopes, several inputs, the exercises in between."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from optidemo.audit.claim import Claim, Evidence, same
from optidemo.audit.evidence import SEED, example, example_claim, number
from optidemo.objectives.examples import jacobian_example

__all__ = ["CLAIMS"]

SLOPE = "Function and the derivative"
SEVERAL = "Functions with multiple input and output"
CANCER = "Why do we need derivative?"
COMBINE = "Combining Vectors and Matrices with Calculus"
DIMENSION = "Pay Special Attention to how input/output dimension changed"
QUICK = "Quickly Consolidate what we just learned"

DRUGS = example("cancer").gradient(np.array([2.0, 3.0, 9.0]))


def _value(title: str, *x: float) -> float:
    return example(title).value(np.array(x))


def _sign_of_slope(claimed: Any) -> Evidence:
    f, rng = example("slope"), np.random.default_rng(SEED)
    cases = []
    for x in rng.uniform(-3, 3, 5):
        h = 1e-6
        rises = _value("slope", x + h) > _value("slope", x)
        cases.append(same(f"x = {x:.2f}", claimed(f.gradient(np.array([x]))[0]), bool(rises)))
    return Evidence(cases)


def _sign_or_zero(claimed: Any) -> Evidence:
    def kind(x: float) -> bool:
        slope = example("slope").gradient(np.array([x]))[0]
        return bool(slope > 0 or slope < 0)

    return Evidence(
        [same("x = 1", claimed, kind(1.0)), same("x = −2", claimed, kind(-2.0))],
        [same("x = 0", claimed, kind(0.0))],
    )


def _rise(claimed: Any) -> Evidence:
    return Evidence([same("f(2) − f(1)", claimed, _value("slope", 2.0) - _value("slope", 1.0))])


def _small_steps(claimed: Any) -> Evidence:
    """A probability stays below 1; the tangent does not."""

    def possible(step: float) -> bool:
        return bool(0.0 <= 0.97 + step * DRUGS[2] <= 1.0)

    return Evidence(
        [same("x₃ up by 0.001", claimed, possible(0.001))],
        [same("x₃ up by 1", claimed, possible(1.0))],
    )


def _domain(claimed: Any) -> Evidence:
    f = example("several")
    return Evidence(
        [same("x₃ = 1", claimed, bool(np.isfinite(f.value([0.0, 0.0, 1.0]))))],
        [same("x₃ = −1", claimed, bool(np.isfinite(f.value([0.0, 0.0, -1.0]))))],
    )


def _dimension(claimed: Any) -> Evidence:
    """Shape of the derivative against the number of inputs, for one output and for two."""
    one = example("several").gradient([1.0, 1.0, 1.0])
    two = jacobian_example(np.ones(3))[1]
    return Evidence(
        [same("2x₁ − e^x₂ − ln x₃", claimed(3), one.shape)],
        [same("(2x₁ − x₃, x₁ + x₂)", claimed(3), two.shape)],
    )


def _with_vector(claimed: Any) -> Evidence:
    x = np.array([1.0, 2.0])
    value = 2 * x[0] + 3 * x[1] - np.exp(-x)
    return Evidence([same("x = (1, 2)", claimed, f"an array of shape {np.shape(value)}")])


def _jacobian(claimed: Any) -> Evidence:
    rng = np.random.default_rng(SEED)
    x, h = rng.standard_normal(3), 1e-6
    columns = [
        (jacobian_example(x + h * e)[0] - jacobian_example(x - h * e)[0]) / (2 * h)
        for e in np.eye(3)
    ]
    return Evidence([same("differences", claimed, np.array(columns).T, 1e-7)])


CLAIMS = (
    Claim(
        SLOPE, "f(x) = 0.3x² + 0.2: at 0 it is 0.2", 0.2,
        number("f(0)", lambda: _value("slope", 0.0)), "f evaluated",
    ),
    Claim(
        SLOPE, "at 1 it is 0.5", 0.5, number("f(1)", lambda: _value("slope", 1.0)), "f evaluated"
    ),
    Claim(
        SLOPE, "The derivative at a point is a positive or negative number", True, _sign_or_zero,
        "sign of f′ at 1, −2 and 0", condition="the point is not stationary: f′ may be 0",
    ),
    Claim(
        SLOPE, "If the derivative is positive, f is going up; if negative, down",
        lambda slope: bool(slope > 0), _sign_of_slope, "f a little further on, at random points",
    ),
    example_claim("slope", "d/dx (0.3x² + 0.2) = 0.6x", lambda x: 0.6 * x),
    Claim(
        SLOPE, "f′(1) = 0.6", 0.6,
        number("f′(1)", lambda: example("slope").gradient([1.0])[0]), "derived gradient at 1",
    ),
    Claim(
        SLOPE, "If x is increased by 1, f increases by 0.6; exactly that happens in the plot", 0.6,
        _rise, "f(2) − f(1); 0.6 is the rise of the tangent", corrected=0.9, item=8,
    ),
    example_claim("several-inputs", "x₁ + 2x₂ − 3x₃ has the partials (1, 2, −3)", lambda _x: [1, 2, -3]),
    Claim(
        SEVERAL, "(2x₁ − x₃, x₁ + x₂) has the partials 2, 0, −1 and 1, 1, 0",
        np.array([[2, 0, -1], [1, 1, 0]]), _jacobian, "central differences of both outputs",
    ),
    Claim(
        CANCER, "Raising x₁ lowers the probability, very slightly", True,
        number("f′ = (−0.001, −6, 20)", lambda: bool(DRUGS[0] < 0 and np.argmin(abs(DRUGS)) == 0)),
        "sign and size of the entries",
    ),
    Claim(
        CANCER, "The drug that raises x₂ lowers it most", 2,
        number("most negative entry", lambda: int(np.argmin(DRUGS)) + 1), "argmin of the gradient",
    ),
    Claim(
        CANCER, "Raising x₃ raises it greatly", 3,
        number("largest entry", lambda: int(np.argmax(DRUGS)) + 1), "argmax of the gradient",
    ),
    Claim(
        CANCER, "The derivative tells what an increase of x₃ does to the 97 %", True, _small_steps,
        "0.97 + 20·Δ must stay a probability", condition="the step is small",
    ),
    example_claim("method-1a", "x₁ + x₂² − 4x₃ has the gradient (1, 2x₂, −4)", lambda x: [1, 2 * x[1], -4]),
    example_claim(
        "method-1b", "e^x₁ + ln x₂² has the gradient (e^x₁, 2/x₂)", lambda x: [np.exp(x[0]), 2 / x[1]]
    ),
    Claim(
        COMBINE, "f(x) = 2x₁ + 3x₂ − e⁻ˣ, x a vector, is a function of that kind (one output)",
        "one number", _with_vector, "the value at x = (1, 2)", corrected="an array of shape (2,)", item=9,
    ),
    example_claim("single", "d/dx (2x − eˣ) = 2 − eˣ", lambda x: 2 - np.exp(x)),
    example_claim(
        "several", "2x₁ − e^x₂ − ln x₃: three partials, (2, −e^x₂, −1/x₃)",
        lambda x: [2, -np.exp(x[1]), -1 / x[2]],
    ),
    Claim(
        DIMENSION, "f: ℝ³ → ℝ for 2x₁ − e^x₂ − ln x₃", True, _domain, "f at x₃ = 1 and at x₃ = −1",
        condition="x₃ > 0", item=17,
    ),
    Claim(
        DIMENSION, "The derivative always has as many outputs as there are inputs",
        lambda inputs: (inputs,), _dimension, "shape of the gradient and of a Jacobian",
        condition="f has one output", item=10,
    ),
    example_claim(
        "quick-1", "1: f′ = (2x₁, −1/x₂, −e^(−x₃))", lambda x: [2 * x[0], -1 / x[1], -np.exp(-x[2])]
    ),
    Claim(
        QUICK, "1: f′(1, 1, 0) = (2, −1, −1)", (2.0, -1.0, -1.0),
        number("f′(1, 1, 0)", lambda: example("quick-1").gradient([1.0, 1.0, 0.0])), "derived gradient there",
    ),
    example_claim(
        "quick-2", "2: f′ = (2x₁ − 1 − e^(−x₁+x₂), −1/x₂ + e^(−x₁+x₂) + 2)",
        lambda x: [2 * x[0] - 1 - np.exp(x[1] - x[0]), -1 / x[1] + np.exp(x[1] - x[0]) + 2],
    ),
    Claim(
        QUICK, "2: f′(0, 1) = (−e, −1 + e)", (-math.e, -1 + math.e),
        number("f′(0, 1)", lambda: example("quick-2").gradient([0.0, 1.0])), "derived gradient there",
        corrected=(-1 - math.e, 1 + math.e), item=1,
    ),
)  # fmt: skip
"""In the order of the slides."""
