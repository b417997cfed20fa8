"""Claims about the last slide's exercises, and about scipy as a reference for the likelihoods."""

from __future__ import annotations

from typing import Any

import numpy as np

from optidemo.audit.claim import Claim, Evidence, same
from optidemo.audit.evidence import SEED, example, example_claim
from optidemo.objectives import L1Norm, L2Norm, ReLU

__all__ = ["CLAIMS"]

LAST = "Consolidate Today's knowledge"
SCIPY = "Verifying with scipy"


def _finite(claimed: Any) -> Evidence:
    f = example("final-3")

    def finite(x: Any) -> bool:
        return bool(np.isfinite(f.value(x)))

    return Evidence(
        [same("x = (1, 1)", claimed, finite([1.0, 1.0]))],
        [same("x = (14, 0)", claimed, finite([14.0, 0.0]))],
    )


def _at_a_kink(claimed: Any) -> Evidence:
    """Is what autograd gives at a kink a subgradient? Of |x| and max(0, x), then of the norm."""
    import autograd
    import autograd.numpy as anp

    def subgradient(fun: Any, f: Any, at: Any) -> bool:
        g = np.atleast_1d(autograd.grad(fun)(at))
        return bool(np.isfinite(g).all() and f.subdifferential_distance(np.atleast_1d(at), g) == 0)

    return Evidence(
        [
            same("|x| at 0", claimed, subgradient(anp.abs, L1Norm(1), 0.0)),
            same(
                "max(0, x) at 0",
                claimed,
                subgradient(lambda x: anp.maximum(0.0, x), ReLU([1.0]), 0.0),
            ),
        ],
        [same("‖x‖ at 0", claimed, subgradient(anp.linalg.norm, L2Norm(2), np.zeros(2)))],
    )


def _sample() -> Any:
    return np.random.default_rng(SEED).exponential(2.0, 50) + 1.0


def _expon(claimed: Any) -> Evidence:
    """``expon.fit``: what scale does it give, with and without floc?"""
    from scipy import stats

    x = _sample()
    return Evidence(
        [same("scale of expon.fit", stats.expon.fit(x, **claimed)[1], float(x.mean()), 1e-6)]
    )


def _uniform(claimed: Any) -> Evidence:
    from scipy import stats

    x = _sample()
    return Evidence(
        [same("(a, b)", claimed(*stats.uniform.fit(x)), (float(x.min()), float(x.max())), 1e-6)]
    )


def _has_fit(claimed: Any) -> Evidence:
    from scipy import stats

    return Evidence([
        same(f"scipy.stats.{name}.fit", claimed, hasattr(getattr(stats, name), "fit"))
        for name in ("poisson", "bernoulli")
    ])  # fmt: skip


CLAIMS = (
    example_claim("final-1", "1: yᵀx + xᵀ1 → (3, 6)", lambda _x: [3, 6]),
    example_claim(
        "final-2", "2: xᵀAx, A = [[2, 1], [1, 1]] → (4x₁ + 2x₂, 2x₁ + 2x₂)",
        lambda x: [4 * x[0] + 2 * x[1], 2 * x[0] + 2 * x[1]],
    ),
    example_claim(
        "final-3", "3: e^(xᵀAx), A = [[4, 0], [1, 1]] → e^(xᵀAx) (8x₁ + x₂, x₁ + 2x₂)",
        lambda x: np.exp(4 * x[0]**2 + x[0] * x[1] + x[1]**2) * np.array([8 * x[0] + x[1], x[0] + 2 * x[1]]),
    ),
    Claim(
        f"{LAST}, 3", "e^(xᵀAx) can be computed", True, _finite, "f at (1, 1) and at (14, 0)",
        condition="xᵀAx < 709.8: past that it overflows",
    ),
    example_claim(
        "final-4", "4: σ(wᵀx), w = (7, 8) → σ(1 − σ)(7, 8)",
        lambda x: (s := 1 / (1 + np.exp(-(7 * x[0] + 8 * x[1])))) * (1 - s) * np.array([7, 8]),
    ),
    Claim(
        LAST, "Use autograd to verify your solution (at a kink, too)", True, _at_a_kink,
        "autograd at 0, against the subdifferential", condition="f has a gradient there: of a norm it is nan",
        item=16,
    ),
    Claim(
        SCIPY, "expon.fit(x) gives 1/λ = the mean as its scale", {}, _expon, "fitted to a shifted sample",
        corrected={"floc": 0}, item=21,
    ),
    Claim(
        SCIPY, "uniform.fit(x) gives (a, b)", lambda loc, scale: (loc, scale), _uniform, "fitted to a sample",
        corrected=lambda loc, scale: (loc, loc + scale), item=21,
    ),
    Claim(
        SCIPY, "Poisson and Bernoulli have a .fit as the others do", True, _has_fit, "hasattr",
        corrected=False, item=21,
    ),
)  # fmt: skip
"""In the order of the slides; the references that one would check the likelihoods with come last."""
