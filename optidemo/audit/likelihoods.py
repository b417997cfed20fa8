"""Claims about PCA and the maximum-likelihood objectives: stationary points and optima."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import expit

from optidemo.audit.claim import Claim, Evidence, same
from optidemo.audit.evidence import SEED, identity, number, objective_gradient
from optidemo.linalg.eigen import top_eigenvectors
from optidemo.objectives import (
    PCA,
    BernoulliLikelihood,
    ExponentialLikelihood,
    GaussianLikelihood,
    PoissonLikelihood,
    UniformLikelihood,
)
from optidemo.status import Status

__all__ = ["CLAIMS"]

COMPONENTS = "The PCA objective"
GAUSS = "The Gaussian MLE objective"
UNIFORM = "The Uniform Distribution MLE objective"
LIST = "Functions of machine learning algorithms"

A = np.random.default_rng(SEED).standard_normal((3, 3))
Q = 0.5 * (A + A.T)
X = np.array([1.0, 2.0, 6.0, 3.5])
SIGMA = 1.5


def _top() -> tuple[float, Any]:
    values, vectors = top_eigenvectors(A)
    return float(values[0]), vectors[:, 0]


def _stationary(claimed: Any) -> Evidence:
    """Is the gradient zero at x for the λ that the claim gives?"""
    lam, v = _top()
    return Evidence(
        [
            same(
                "‖∇f‖ at the top eigenpair",
                True,
                bool(np.linalg.norm(PCA(A, claimed(lam)).gradient(v)) < 1e-9),
            )
        ]
    )


def _eigenvalue_of(claimed: Any) -> Evidence:
    """Is the λ an eigenvalue of A? For a symmetric A, and for one that is not."""

    def eigenvalues(matrix: Any, symmetric: Any) -> Any:
        return same(
            "A symmetric" if symmetric is matrix else "A not symmetric",
            claimed,
            bool(np.isclose(np.linalg.eigvals(matrix), np.linalg.eigvalsh(symmetric)[-1]).any()),
        )

    return Evidence([eigenvalues(Q, Q)], [eigenvalues(A, Q)])


def _rayleigh(claimed: Any) -> Evidence:
    lam, v = _top()
    return Evidence(
        [same("xᵀx = 1", claimed(lam), float(v @ Q @ v))],
        [same("xᵀx = 4, as ½∇f = 0 allows", claimed(lam), float(4 * v @ Q @ v))],
    )


def _highest(sign: float) -> Any:
    """Does no x give more (for sign −1: less) than the eigenvector? On the sphere, then at fixed λ."""

    def examine(claimed: Any) -> Evidence:
        rng = np.random.default_rng(SEED)
        values, vectors = np.linalg.eigh(Q)
        v = vectors[:, -1 if sign > 0 else 0]
        f = PCA(A, float(values[1]))  # a λ of one's own, as the slide's f(x) has it
        on_sphere = rng.standard_normal((300, 3))
        on_sphere /= np.linalg.norm(on_sphere, axis=1)[:, None]

        def best(points: Any) -> bool:
            return all(sign * f.value(v) >= sign * f.value(x) - 1e-12 for x in points)

        return Evidence(
            [same("among 300 x with xᵀx = 1", claimed, best(on_sphere))],
            [same("among 300 x of any length, λ fixed", claimed, best(10 * on_sphere))],
        )

    return examine


def _logarithm(claimed: Any) -> Evidence:
    def holds(x: float, y: float) -> bool:
        with np.errstate(invalid="ignore"):
            return bool(np.isclose(np.log(x * y), np.log(x) + np.log(y)))

    return Evidence(
        [same("x = 2, y = 3", claimed, holds(2.0, 3.0))],
        [same("x = −2, y = −3", claimed, holds(-2.0, -3.0))],
    )


def _norm_logpdf(mu: float) -> float:
    from scipy import stats

    return float(stats.norm.logpdf(X, mu, SIGMA).sum())


def _expanded(mu: float) -> float:
    return float(
        len(X) * np.log(1 / (SIGMA * np.sqrt(2 * np.pi))) - np.sum((X - mu) ** 2 / (2 * SIGMA**2))
    )


def _minus(claimed: Any) -> Evidence:
    """The same right-hand side as an equation, and as the derivative that an ascent would follow."""
    f = GaussianLikelihood(X, SIGMA)
    root = f.closed_form()[0]
    return Evidence(
        [same("where it is 0", claimed(root), 0.0)],
        [same("as f′(0)", claimed(0.0), f.gradient([0.0])[0])],
    )


def _kind(claimed: Any) -> Evidence:
    f = GaussianLikelihood(X, SIGMA)
    kind = "maximum" if f.hessian(f.closed_form())[0, 0] < 0 else "minimum"
    return Evidence([same("f″ at the mean", claimed, kind)])


def _uniform_optimum(claimed: Any) -> Evidence:
    """Is the optimum where the gradient is zero?"""
    f = UniformLikelihood(X)
    found = f.optimum()
    zero = found is not None and found.status is not Status.NO_STATIONARY_POINT
    rng = np.random.default_rng(SEED)
    smallest = min(float(np.linalg.norm(f.gradient(f.sample(rng)))) for _ in range(50))
    return Evidence(
        [same(f"‖∇f‖ ≥ {smallest:.2g} at 50 points; a stationary point", claimed, bool(zero))]
    )


CLAIMS = (
    Claim(
        COMPONENTS, "(2) f′(x) = (A + Aᵀ)x − 2λx", lambda x, A, lam: (A + A.T) @ x - 2 * lam * x,
        objective_gradient("pca"), "check_gradient, d = 1, 2, 7, A not symmetric",
    ),
    Claim(
        COMPONENTS, "(3)–(5) it is 0 where Qx = λx, Q = ½(A + Aᵀ)", lambda lam: lam, _stationary,
        "gradient at the top eigenpair of Q",
    ),
    Claim(
        COMPONENTS, "This is the definition of eigenvalue and eigenvector (of A)", True, _eigenvalue_of,
        "eigenvalues of A and of Q", condition="A is symmetric: else they are those of Q", item=13,
    ),
    Claim(
        COMPONENTS, "(6) xᵀQx = λ", lambda lam: lam, _rayleigh, "both sides at an eigenvector of length 1, 2",
        condition="xᵀx = 1, which is ∂f/∂λ = 0 and never taken", item=13,
    ),
    Claim(
        COMPONENTS, "The eigenvector of the largest eigenvalue gives the highest f", True, _highest(1.0),
        "f at 300 random x", condition="x is on the unit sphere; at fixed λ f may be unbounded", item=13,
    ),
    Claim(
        COMPONENTS, "The smallest eigenvalue's eigenvector gives the smallest f", True, _highest(-1.0),
        "f at 300 random x", condition="x is on the unit sphere", item=13,
    ),
    Claim(
        GAUSS, "log(xy) = log x + log y", True, _logarithm, "both sides", condition="x and y are positive"
    ),
    Claim(
        GAUSS, "f(μ) = N log(1/(σ√2π)) − Σ (xᵢ − μ)²/(2σ²)", _expanded,
        identity(_norm_logpdf, lambda rng: (float(rng.standard_normal()),)), "scipy.stats.norm.logpdf",
    ),
    Claim(
        GAUSS, "f′(u) = 1/σ² Σ (xᵢ − u)", lambda mu, x, sigma: np.sum(x - mu) / sigma**2,
        objective_gradient("gaussian-mle"), "check_gradient",
    ),
    Claim(
        GAUSS, "f(μ) has the derivative f′(u): its variable is u", "u",
        number("the variable of f", lambda: {"mu": "μ"}.get(GaussianLikelihood.variable, "another")),
        "the objective's own variable", corrected="μ", item=11,
    ),
    Claim(
        GAUSS, "(6) 0 = −1/σ² Σ (xᵢ − μ), \"the derivative set to 0\"",
        lambda mu: -np.sum(X - mu) / SIGMA**2, _minus, "its root, and its value beside f′",
        condition="both sides are 0: as f′ it has the wrong sign", item=11,
    ),
    Claim(
        GAUSS, "(10) μ = 1/N Σ xᵢ", float(X.mean()),
        number("closed form", lambda: GaussianLikelihood(X, SIGMA).closed_form()[0]), "closed form",
    ),
    Claim(
        GAUSS, "The optimal solution is the average: f is to be maximised", "maximum", _kind,
        "sign of f″ at the mean", item=11,
    ),
    Claim(
        UNIFORM, "(2), (3) Σ log(1/(b − a)) = −n log(b − a)", lambda a, b: -4 * np.log(b - a),
        identity(lambda a, b: sum(np.log(1 / (b - a)) for _ in range(4)),
                 lambda rng: (float(rng.standard_normal()) - 5, float(rng.standard_normal()) + 5)),
        "both sides at random a < b",
    ),
    Claim(
        UNIFORM, "(4) f′(a, b) = (n/(b − a), −n/(b − a))",
        lambda v, x: np.array([len(x) / (v[1] - v[0]), -len(x) / (v[1] - v[0])]),
        objective_gradient("uniform-mle"), "check_gradient",
    ),
    Claim(
        UNIFORM, "\"Use the same trick\": the optimum is where the derivative is 0", True, _uniform_optimum,
        "the gradient at 50 points; the maximum is (min xᵢ, max xᵢ), on the boundary", corrected=False,
        item=12,
    ),
    Claim(
        LIST, "9: in w, σ(1 − σ) x", lambda w, x: expit(w @ x) * expit(-(w @ x)) * x,
        objective_gradient("logistic"), "check_gradient, d = 1, 2, 7",
    ),
    Claim(
        LIST, "12: −Σ yᵢxᵢ over the margins below 1", lambda w, X, y: -X.T @ (y * (y * (X @ w) < 1)),
        objective_gradient("svm"), "check_gradient, any subgradient allowed on a kink",
    ),
    Claim(
        LIST, "15: n/λ − Σxᵢ", lambda lam, x: len(x) / lam - x.sum(), objective_gradient("exponential-mle"),
        "check_gradient",
    ),
    Claim(
        LIST, "16: Σα/p − (n − Σα)/(1 − p)", lambda p, a: a.sum() / p - (len(a) - a.sum()) / (1 - p),
        objective_gradient("bernoulli-mle"), "check_gradient",
    ),
    Claim(
        LIST, "15: maximum at n/Σxᵢ", len(X) / float(X.sum()),
        number("closed form", lambda: ExponentialLikelihood(X).closed_form()[0]), "closed form",
    ),
    Claim(
        LIST, "15, as its name says (Poisson): maximum at the mean", 2.0,
        number("counts 1, 2, 3, 0, 4", lambda: PoissonLikelihood([1, 2, 3, 0, 4]).closed_form()[0]),
        "closed form",
    ),
    Claim(
        LIST, "16: maximum at the mean of α", 0.75,
        number("α = 1, 0, 1, 1", lambda: BernoulliLikelihood([1, 0, 1, 1]).closed_form()[0]), "closed form",
    ),
)  # fmt: skip
"""In the order of the slides; the derivatives that the lecture leaves to the reader come last."""
