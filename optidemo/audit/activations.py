"""Claims about ReLU, the Gaussian, the sigmoid and the norms."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import expit

from optidemo.audit.claim import Claim, Comparison, Evidence, same
from optidemo.audit.evidence import identity, number, objective_gradient
from optidemo.objectives import L1Norm, ReLU

__all__ = ["CLAIMS"]

RELU = "The ReLU function"
GAUSSIAN = "The Multivariate Gaussian"
SIGMOID = "The Sigmoid Function"
L1, L2 = "The L1 norm", "The L2 norm"


def _conventions(claimed: Any) -> Evidence:
    """The derivative of max(0, q): the lecture's, from the left, from the right, and autograd's."""
    import autograd
    import autograd.numpy as anp

    slope = autograd.grad(lambda q: anp.maximum(0.0, q))
    lecture = float(ReLU([1.0]).gradient([0.0])[0])
    return Evidence(
        [
            same("q = −1", claimed(-1.0), float(slope(-1.0))),
            same("q = 1", claimed(1.0), float(slope(1.0))),
        ],
        [
            same("the lecture's own choice at q = 0", claimed(0.0), lecture),
            same("autograd at q = 0", claimed(0.0), float(slope(0.0))),
        ],
    )


def _absolute(claimed: Any) -> Evidence:
    f = L1Norm(1)
    at_zero = [
        f.subdifferential_distance(np.zeros(1), np.array([v])) == 0 for v in (-1.0, 0.0, 1.0)
    ]
    return Evidence(
        [same(f"x = {x}", claimed(x), f.gradient([x])[0]) for x in (-2.0, 0.5)],
        [same("values that are a slope at x = 0", 1.0, float(sum(at_zero)))],
    )


def _sign(claimed: Any) -> Evidence:
    f = L1Norm(2)
    return Evidence(
        [same(f"x = {v}", claimed(np.array(v)), f.gradient(v)) for v in ([2.0, -3.0], [-1.0, 0.5])],
        [same("x = (0, 1)", claimed(np.array([0.0, 1.0])), f.gradient([0.0, 1.0]))],
    )


def _unit(claimed: Any) -> Evidence:
    stated = objective_gradient("l2-norm")(claimed).stated
    with np.errstate(all="ignore"):
        at_zero = bool(np.isfinite(claimed(np.zeros(2))).all())
    return Evidence(stated, [Comparison("x = 0", at_zero, "a gradient", "0/0 = nan")])


CLAIMS = (
    Claim(
        RELU, "The derivative of ReLU is 0 for negative and 1 for positive values",
        lambda q: float(q > 0), _conventions, "autograd at −1, 1 and 0",
        condition="q ≠ 0: at the kink the lecture takes 0, autograd's maximum ½; all of [0, 1] is right",
        item=16,
    ),
    Claim(
        RELU, "f′(w) = 1(wᵀx > 0) x", lambda w, x: (w @ x > 0) * x, objective_gradient("relu"),
        "check_gradient, any subgradient allowed on the kink",
    ),
    Claim(
        GAUSSIAN, "(2) f′(x) = −e^(−xᵀAx) (A + Aᵀ)x", lambda x, A: -np.exp(-x @ A @ x) * ((A + A.T) @ x),
        objective_gradient("gaussian"), "check_gradient, d = 1, 2, 7, A not symmetric",
    ),
    Claim(
        GAUSSIAN, "6 is the same with the trace", lambda x, A: -np.exp(-x @ A @ x) * ((A + A.T) @ x),
        objective_gradient("gaussian-trace"), "check_gradient on the trace",
    ),
    Claim(
        SIGMOID, "σ′ = −1(1 + e⁻ˣ)⁻²(e⁻ˣ)(−1)", lambda z: -1 * (1 + np.exp(-z)) ** -2 * np.exp(-z) * -1,
        objective_gradient("sigmoid"), "check_gradient",
    ),
    Claim(
        SIGMOID, "(4)–(7) the four fractions are equal",
        lambda e: np.array([
            e / ((1 + e) * (1 + e)), 1 / (1 + e) * (e / (1 + e)), 1 / (1 + e) * ((-1 + 1 + e) / (1 + e)),
            1 / (1 + e) * ((1 + e) / (1 + e) - 1 / (1 + e)),
        ]),
        identity(lambda e: np.full(4, e * (1 + e) ** -2), lambda rng: (float(rng.uniform(0.1, 9)),)),
        "all of them at random points",
    ),
    Claim(
        SIGMOID, "(8) e⁻ˣ/(1 + e⁻ˣ) = 1 − 1/(1 + e⁻ˣ)", lambda z: 1 - 1 / (1 + np.exp(-z)),
        identity(lambda z: expit(-z), lambda rng: (float(rng.standard_normal()),)), "scipy's expit",
    ),
    Claim(
        SIGMOID, "(9) σ′ = σ(1 − σ)", lambda z: expit(z) * (1 - expit(z)), objective_gradient("sigmoid"),
        "check_gradient",
    ),
    Claim(
        L1, "|x| has the derivative 1 where x is positive, −1 where it is negative",
        lambda x: 1.0 if x > 0 else -1.0, _absolute, "derived gradient, and its subdifferential at 0",
        condition="x ≠ 0: there every value in [−1, 1] is a subgradient", item=3,
    ),
    Claim(
        L1, "(71) f′(x) = 1(x > 0) − 1(x ≤ 0) = sign(x)",
        lambda x: (x > 0).astype(float) - (x <= 0).astype(float), _sign, "numpy.sign, with a zero among x",
        condition="no xᵢ is 0: at 0 the left side is −1, the sign 0", item=3,
    ),
    Claim(
        L1, "f′(2, −3) = (1, −1)", (1.0, -1.0),
        number("f′(2, −3)", lambda: L1Norm(2).gradient([2.0, -3.0])), "derived gradient there",
    ),
    Claim(
        L2, "f′(x) = ½(x₁² + x₂²)^(−½)(2x₁, 2x₂) = x/‖x‖", lambda x: 0.5 * (x @ x) ** -0.5 * (2 * x), _unit,
        "check_gradient, and the formula at 0",
        condition="x ≠ 0: at 0 every vector of the unit ball is a subgradient", item=16,
    ),
)  # fmt: skip
"""In the order of the slides."""
