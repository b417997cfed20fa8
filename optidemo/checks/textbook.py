"""Independent textbook formulas of the objectives, for automatic differentiation.

Each is written anew from the slide, with explicit sums where the class uses matrix products, so that
a slip in a class is not repeated here. They are functions of x and of autograd's numpy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from optidemo import objectives as o
from optidemo.objectives.examples import Example
from optidemo.objectives.scaled import Scaled
from optidemo.objectives.sum import Sum

if TYPE_CHECKING:
    from collections.abc import Callable

    from optidemo.objective import Objective

__all__ = ["textbook"]


def _quadratic(f: Any, x: Any, anp: Any) -> Any:
    return anp.sum(f.A * anp.outer(x, x))


def _bernoulli(f: Any, p: Any, anp: Any) -> Any:
    return anp.sum(f.x * anp.log(p) + (1 - f.x) * anp.log(1 - p))


def _logistic_regression(f: Any, w: Any, anp: Any) -> Any:
    q = anp.sum(f.rows.X * w, axis=1)
    # log p and log(1 − p): written as they are spoken, the second loses its digits where p is near 1
    log_p, log_rest = -anp.logaddexp(0, -q), -anp.logaddexp(0, q)
    return -anp.sum(f.rows.y * log_p + (1 - f.rows.y) * log_rest)


FORMULAS: dict[type[Any], Callable[[Any, Any, Any], Any]] = {
    o.Linear: lambda f, x, anp: anp.sum(f.y * x),
    o.Quadratic: _quadratic,
    o.TraceQuadratic: lambda f, x, anp: anp.trace(anp.dot(f.A, anp.outer(x, x))),
    o.ReLU: lambda f, w, anp: anp.maximum(0.0, anp.sum(w * f.x)),
    o.LinearRegression: lambda f, w, anp: (
        0.5 * anp.sum((anp.sum(f.rows.X * w, axis=1) - f.rows.y) ** 2)
    ),
    o.TraceGaussian: lambda f, x, anp: anp.exp(-anp.trace(anp.dot(f.A, anp.outer(x, x)))),
    o.Gaussian: lambda f, x, anp: anp.exp(-_quadratic(f, x, anp)),
    o.Sigmoid: lambda _f, z, anp: anp.sum(1 / (1 + anp.exp(-z))),
    o.Logistic: lambda f, w, anp: 1 / (1 + anp.exp(-anp.sum(w * f.x))),
    o.LogisticRegression: _logistic_regression,
    o.L1Norm: lambda _f, x, anp: anp.sum(anp.abs(x)),
    o.L2Norm: lambda _f, x, anp: anp.sqrt(anp.sum(x**2)),
    o.SquaredL2Norm: lambda _f, x, anp: anp.sum(x**2),
    o.SVM: lambda f, w, anp: anp.sum(
        anp.maximum(0.0, 1 - f.rows.y * anp.sum(f.rows.X * w, axis=1))
    ),
    o.PCA: lambda f, x, anp: _quadratic(f, x, anp) - f.lam * (anp.sum(x * x) - 1),
    o.GaussianLikelihood: lambda f, mu, anp: anp.sum(
        anp.log(1 / anp.sqrt(2 * anp.pi * f.sigma**2)) - (f.x - mu) ** 2 / (2 * f.sigma**2)
    ),
    o.ExponentialLikelihood: lambda f, lam, anp: anp.sum(anp.log(lam) - lam * f.x),
    o.PoissonLikelihood: lambda f, lam, anp: anp.sum(f.x * anp.log(lam) - lam) - f._log_factorials,  # noqa: SLF001
    o.BernoulliLikelihood: _bernoulli,
    o.UniformLikelihood: lambda f, v, anp: anp.sum(anp.log(1 / (v[1] - v[0])) * anp.ones(f.n)),
}


def textbook(f: Objective) -> Callable[[Any], Any] | None:
    """Return f as a plain function that autograd can trace; None if no formula is written for it."""
    import autograd.numpy as anp

    if isinstance(f, Scaled):
        inner = textbook(f.f)
        return None if inner is None else (lambda x: f.c * inner(x))
    if isinstance(f, Sum):
        terms = [textbook(term) for term in f.terms]
        return None if None in terms else (lambda x: sum(t(x) for t in terms if t is not None))
    if isinstance(f, Example):
        return _example(f, anp)
    formula = FORMULAS.get(type(f))
    return None if formula is None else (lambda x: formula(f, x, anp))


def _example(f: Example, anp: Any) -> Callable[[Any], Any]:
    return lambda x: EXAMPLE_FORMULAS[f.title](x, anp)


def _five(x: Any, anp: Any) -> tuple[Any, Any, Any]:
    """Return yᵀx, wᵀx and yᵀAx of the five-item list."""
    y, w = anp.array([2.0, -1.0, 0.5]), anp.array([1.0, 3.0, -2.0])
    A = anp.array([[2.0, 1.0, 0.0], [0.0, 1.0, 3.0], [1.0, 0.0, 1.0]])
    return anp.sum(y * x), anp.sum(w * x), anp.sum(y * anp.dot(A, x))


EXAMPLE_FORMULAS: dict[str, Callable[[Any, Any], Any]] = {
    "slope": lambda x, _n: 0.3 * x[0] * x[0] + 0.2,
    "several-inputs": lambda x, _n: x[0] + 2 * x[1] - 3 * x[2],
    "several-outputs": lambda x, _n: 0.5 * (2 * x[0] - x[2]) ** 2 + 0.5 * (x[0] + x[1]) ** 2,
    "cancer": lambda x, _n: 0.97 - 0.001 * (x[0] - 2) - 6 * (x[1] - 3) + 20 * (x[2] - 9),
    "method-1a": lambda x, _n: x[0] + x[1] * x[1] - 4 * x[2],
    "method-1b": lambda x, n: n.exp(x[0]) + 2 * n.log(n.abs(x[1])),
    "single": lambda x, n: 2 * x[0] - n.exp(x[0]),
    "several": lambda x, n: 2 * x[0] - n.exp(x[1]) - n.log(x[2]),
    "quick-1": lambda x, n: x[0] * x[0] - n.log(x[1]) + n.exp(-x[2]),
    "quick-2": lambda x, n: (
        x[0] * x[0] - x[0] - n.log(x[1]) + n.exp(-x[0]) * n.exp(x[1]) + 2 * x[1] - 3
    ),
    "list-1": lambda x, n: _five(x, n)[0] - _five(x, n)[1],
    "list-2": lambda x, n: _five(x, n)[2],
    "list-3": lambda x, n: _five(x, n)[2] - _five(x, n)[0],
    "list-4": lambda x, n: n.exp(_five(x, n)[2]),
    "list-5": lambda x, n: n.maximum(0.0, _five(x, n)[1]),
    "real-life": lambda x, n: (
        (n.log(2.0) + 2 * n.log(n.abs(x[0]))) / n.log(3.0) - 2 * x[0] * n.exp(3 * x[0]) + 2
    ),
    "final-1": lambda x, _n: 3 * x[0] + 6 * x[1],
    "final-2": lambda x, _n: 2 * x[0] * x[0] + 2 * x[0] * x[1] + x[1] * x[1],
    "final-3": lambda x, n: n.exp(4 * x[0] * x[0] + x[0] * x[1] + x[1] * x[1]),
    "final-4": lambda x, n: 1 / (1 + n.exp(-(7 * x[0] + 8 * x[1]))),
}
