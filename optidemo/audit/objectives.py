"""Claims of the list of seventeen functions, and of the five-item list before it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from optidemo.audit.claim import Claim, Evidence, same, shown
from optidemo.audit.evidence import SEED, gradient, number
from optidemo.objectives import (
    BernoulliLikelihood,
    ExponentialLikelihood,
    Logistic,
    PoissonLikelihood,
    Quadratic,
    UniformLikelihood,
)

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["CLAIMS"]

FIVE = "Matrix Vector Calculus, the five-item list"
LIST = "Functions of machine learning algorithms"
COUNTS = np.array([1.0, 2.0, 3.0, 0.0, 4.0])


def _in_x(fun: Callable[..., Any]) -> Callable[[Any], Evidence]:
    """Examine a gradient in x of a function of x, y, w and A."""

    def examine(claimed: Any) -> Evidence:
        stated = []
        for d in (2, 3, 7):
            rng = np.random.default_rng(SEED + d)
            y, w, A = rng.standard_normal(d), rng.standard_normal(d), rng.standard_normal((d, d))
            points = [0.5 * rng.standard_normal(d) for _ in range(3)]
            stated.append(gradient(f"{d} variables", fun, claimed, points, (y, w, A)))
        return Evidence(stated)

    return examine


def _is_density(claimed: Any) -> Evidence:
    """Is the integral 1, as that of a Gaussian density? In one dimension, with A = 1."""
    from scipy.integrate import quad

    integral = quad(lambda x: float(np.exp(-x * x)), -np.inf, np.inf)[0]
    return Evidence([same("∫ e^(−x²) dx", claimed, integral, 1e-6)])


def _is_bump(claimed: Any) -> Evidence:
    """Does it fall away from 0 in every direction? For a definite and for an indefinite A."""

    def falls(A: Any) -> bool:
        return bool(Quadratic(A).eigenvalues[0] > 0)

    random = np.random.default_rng(0).random((3, 3))
    return Evidence(
        [same("A = I", claimed, falls(np.eye(3)))],
        [same("a random 3 × 3 matrix", claimed, falls(random))],
    )


def _fitting(claimed: Any) -> Evidence:
    """Does minimising find a w? scipy says so; a longer w is better all the same."""
    from scipy.optimize import minimize

    f = Logistic([1.0, 2.0])
    found = minimize(f.value, np.zeros(2), jac=f.gradient)
    lower = f.value(2 * found.x) < f.value(found.x)
    return Evidence(
        [same(f"scipy's BFGS reports {'success' if found.success else 'failure'}; is it a minimum?",
              claimed, not lower)]
    )  # fmt: skip


def _logistic_variable(claimed: Any) -> Evidence:
    rng = np.random.default_rng(SEED)
    w, x = rng.standard_normal(3), rng.standard_normal(3)

    def f(v: Any, other: Any) -> Any:
        return 1 / (1 + np.exp(-(v @ other)))

    def read(letter: str) -> Any:
        def g(v: Any, other: Any) -> Any:
            s = f(v, other)
            return s * (1 - s) * (other if letter in claimed else v)

        return g

    return Evidence(
        readings=[
            gradient("the variable is w (the list)", f, read("w"), [w], (x,)),
            gradient("the variable is x (the last exercise)", f, read("x"), [x], (w,)),
        ]
    )


def _poisson(claimed: Any) -> Evidence:
    """Whose log-likelihood is n log λ − λ Σxᵢ?"""
    from scipy import stats

    lam = 1.3
    value = ExponentialLikelihood(COUNTS).value([lam])
    densities = {
        "Poisson": float(stats.poisson.logpmf(COUNTS, lam).sum()),
        "exponential": float(stats.expon.logpdf(COUNTS, scale=1 / lam).sum()),
    }
    name = next((n for n, total in densities.items() if np.isclose(total, value)), "none of them")
    return Evidence([same("the distribution with this log-likelihood", claimed, name)])


def _rate(claimed: Any) -> Evidence:
    """λ of the slide's formula against λ of the Poisson distribution, for the counts 1, 2, 3, 0, 4."""
    formula = ExponentialLikelihood(COUNTS).closed_form()[0]
    right = PoissonLikelihood(COUNTS).closed_form()[0]
    return Evidence([same("λ for the data 1, 2, 3, 0, 4", claimed(formula), right)])


def _inside(f: Any, inside: Any, outside: Any) -> Callable[[Any], Evidence]:
    """Is f finite for a parameter in its domain, and for one that the slide allows as well?"""

    def examine(claimed: Any) -> Evidence:
        def finite(v: Any) -> bool:
            return bool(np.isfinite(f.value(np.atleast_1d(np.asarray(v, dtype=float)))))

        return Evidence(
            [same(f"at {shown(inside)}", claimed, finite(inside))],
            [same(f"at {shown(outside)}", claimed, finite(outside))],
        )

    return examine


def _a_below_b(claimed: Any) -> Evidence:
    def finite(a: float, b: float) -> bool:
        return bool(np.isfinite(np.sum(np.log(1 / np.full(4, b - a)))))

    return Evidence(
        [same("(a, b) = (0, 1)", claimed, finite(0.0, 1.0))],
        [same("(a, b) = (½, ½)", claimed, finite(0.5, 0.5))],
    )


def _covers(claimed: Any) -> Evidence:
    from scipy import stats

    x = np.array([0.2, 0.5, 0.9])

    def agrees(a: float, b: float) -> bool:
        return bool(
            np.isclose(-len(x) * np.log(b - a), stats.uniform.logpdf(x, loc=a, scale=b - a).sum())
        )

    return Evidence(
        [same("(a, b) = (0, 1), data in [0.2, 0.9]", claimed, agrees(0.0, 1.0))],
        [same("(a, b) = (0.4, 0.6)", claimed, agrees(0.4, 0.6))],
    )


def _underflow(claimed: Any) -> Evidence:
    from scipy import stats

    def survives(n: int) -> bool:
        x = np.random.default_rng(SEED).standard_normal(n)
        with np.errstate(divide="ignore", under="ignore"):
            return bool(np.isfinite(np.log(np.prod(stats.norm.pdf(x)))))

    return Evidence(
        [same("100 samples", claimed, survives(100))],
        [same("1000 samples", claimed, survives(1000))],
    )


CLAIMS = (
    Claim(
        FIVE, "1: yᵀx − wᵀx → y − w", lambda _x, y, w, _A: y - w,
        _in_x(lambda x, y, w, A: y @ x - w @ x), "check_gradient in x, A not symmetric",
    ),
    Claim(
        FIVE, "2: yᵀAx → Aᵀy", lambda _x, y, _w, A: A.T @ y,
        _in_x(lambda x, y, w, A: y @ A @ x), "check_gradient in x, A not symmetric",
    ),
    Claim(
        FIVE, "3: yᵀAx − yᵀx → Aᵀy − y", lambda _x, y, _w, A: A.T @ y - y,
        _in_x(lambda x, y, w, A: y @ A @ x - y @ x), "check_gradient in x, A not symmetric",
    ),
    Claim(
        FIVE, "4: e^(yᵀAx) → e^(yᵀAx) Aᵀy", lambda x, y, _w, A: np.exp(y @ A @ x) * (A.T @ y),
        _in_x(lambda x, y, w, A: np.exp(y @ A @ x)), "check_gradient in x, A not symmetric",
    ),
    Claim(
        FIVE, "5: ReLU(wᵀx) → 1(wᵀx > 0) w", lambda x, _y, w, _A: (w @ x > 0) * w,
        _in_x(lambda x, y, w, A: np.maximum(0, w @ x)), "check_gradient in x",
    ),
    Claim(
        LIST, "6, 7: e^(−xᵀAx) is a bump around 0, as a Gaussian is", True, _is_bump,
        "eigenvalues of ½(A + Aᵀ)", condition="½(A + Aᵀ) is positive definite", item=14,
    ),
    Claim(
        LIST, "6, 7: it is the multivariate Gaussian (a density, of integral 1)", 1.0, _is_density,
        "scipy.integrate.quad in one dimension: mean, ½ and normaliser are missing",
        corrected=float(np.sqrt(np.pi)), item=14,
    ),
    Claim(
        LIST, "9: σ(wᵀx) is an objective: minimising it finds w", True, _fitting,
        "scipy's BFGS, and f at twice its answer: the infimum is not attained", corrected=False, item=7,
    ),
    Claim(
        LIST, "9: the derivative of σ(wᵀx) is σ(1 − σ) times the other vector", "w", _logistic_variable,
        "check_gradient in w and in x", condition="in w in the list, in x in the exercise",
        corrected="w or x", item=7,
    ),
    Claim(
        LIST, "14–17: log Π pᵢ can be computed as it stands", True, _underflow,
        "log(prod(pdf)) of normal samples", condition="there are few samples: else sum the logs",
        item=18,
    ),
    Claim(
        LIST, "15: log Π λe^(−λxᵢ) is the Poisson likelihood", "Poisson", _poisson,
        "scipy.stats.poisson and expon", corrected="exponential", item=2,
    ),
    Claim(
        LIST, "15: its maximum is at the λ of a Poisson distribution", lambda lam: lam, _rate,
        "closed forms n/Σxᵢ and Σxᵢ/n", corrected=lambda lam: 1 / lam, item=2,
    ),
    Claim(
        LIST, "15: λ ∈ ℝ", True, _inside(ExponentialLikelihood(COUNTS), 1.0, -1.0), "f inside and outside",
        condition="λ > 0", item=17,
    ),
    Claim(
        LIST, "16: p ∈ ℝ", True, _inside(BernoulliLikelihood([0, 1, 1]), 0.5, 1.5), "f inside and outside",
        condition="0 < p < 1", item=17,
    ),
    Claim(
        LIST, "17: a ≤ b", True, _a_below_b,
        "f at a < b and at a = b", condition="a < b", item=12,
    ),
    Claim(
        LIST, "17: log Π 1/(b − a) is the log-likelihood of the uniform distribution", True, _covers,
        "scipy.stats.uniform", condition="a ≤ min xᵢ and b ≥ max xᵢ", item=12,
    ),
    Claim(
        LIST, "17: n factors 1/(b − a): at (0, 2) with four samples, −4 log 2", -4 * float(np.log(2)),
        number("f(0, 2)", lambda: UniformLikelihood([0.5, 1.0, 1.5, 0.1]).value([0.0, 2.0])), "f evaluated",
    ),
)  # fmt: skip
"""In the order of the slides."""
