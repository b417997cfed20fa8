"""Claims of the derivations: linear, quadratic, trace, regression."""

from __future__ import annotations

from typing import Any

import numpy as np

from optidemo.audit.claim import Claim, Evidence, same
from optidemo.audit.evidence import SEED, identity, number, objective_gradient, raised
from optidemo.objectives import Linear

__all__ = ["CLAIMS"]

LINEAR = "A Linear function"
QUADRATIC = "The Quadratic equation"
TRACE = "The Trace of a quadratic form"
REGRESSION = "The Linear Regression Objective"


def _pair(rng: np.random.Generator) -> tuple[Any, ...]:
    return rng.standard_normal(2), rng.standard_normal((2, 2))


def _column(rng: np.random.Generator) -> tuple[Any, ...]:
    return rng.standard_normal((3, 1)), rng.standard_normal((3, 3))


def _data(rng: np.random.Generator) -> tuple[Any, ...]:
    return rng.standard_normal(3), rng.standard_normal((6, 3)), rng.standard_normal(6)


def _entries(A: Any) -> Any:
    return np.array([[2 * A[0, 0], A[0, 1] + A[1, 0]], [A[0, 1] + A[1, 0], 2 * A[1, 1]]])


def _cyclic(claimed: Any) -> Evidence:
    """Two readings of "rotation": the factors move round in a circle; the factors are permuted."""
    rng = np.random.default_rng(SEED)
    A, B, C = (rng.standard_normal((3, 3)) for _ in range(3))
    trace = float(np.trace(A @ B @ C))
    orders = {"round": (B @ C @ A, C @ A @ B), "any": (B @ C @ A, C @ A @ B, A @ C @ B, B @ A @ C)}
    return Evidence(
        readings=[
            same(
                f"Tr(ABC) under {name} order",
                True,
                all(np.isclose(np.trace(m), trace) for m in products),
            )
            for name, products in orders.items()
            if name in claimed
        ]
    )


def _one_dimensional(action: Any) -> Any:
    """Examine code for a column x, and for a one-dimensional x as numpy users write it."""

    def examine(claimed: Any) -> Evidence:
        rng = np.random.default_rng(SEED)
        A, x = rng.standard_normal((3, 3)), rng.standard_normal(3)
        return Evidence(
            [same("x a column (3, 1)", claimed, action(x[:, None], A))],
            [same("x of shape (3,)", claimed, action(x, A))],
        )

    return examine


def _dimensions(claimed: Any) -> Evidence:
    rng = np.random.default_rng(SEED)
    ys = [rng.standard_normal(d) for d in (1, 2, 3, 7, 50)]
    return Evidence(
        [same(f"d = {y.size}", claimed(y), Linear(y).gradient(np.ones(y.size))) for y in ys]
    )


CLAIMS = (
    Claim(
        LINEAR, "y = (2, 1): d/dx yᵀx = (2, 1)", (2.0, 1.0),
        number("∇f", lambda: Linear([2.0, 1.0]).gradient([0.3, -1.0])), "derived gradient",
    ),
    Claim(
        LINEAR, "d/dx yᵀx = y", lambda _x, y: y, objective_gradient("linear"), "check_gradient, d = 1, 2, 7"
    ),
    Claim(LINEAR, "This applies regardless of the dimension", lambda y: y, _dimensions, "d = 1, 2, 3, 7, 50"),
    Claim(
        LINEAR, "y = (1, 2, 1): the solution is simply y", (1.0, 2.0, 1.0),
        number("∇f", lambda: Linear([1.0, 2.0, 1.0]).gradient(np.zeros(3))), "derived gradient",
    ),
    Claim(
        QUADRATIC, "(4) xᵀAx = a₁₁x₁² + a₁₂x₁x₂ + a₂₁x₁x₂ + a₂₂x₂²",
        lambda x, A: A[0, 0] * x[0]**2 + A[0, 1] * x[0] * x[1] + A[1, 0] * x[0] * x[1] + A[1, 1] * x[1]**2,
        identity(lambda x, A: x @ A @ x, _pair), "both sides at random x and A",
    ),
    Claim(
        QUADRATIC, "(5) the partials are 2a₁₁x₁ + (a₁₂ + a₂₁)x₂ and (a₁₂ + a₂₁)x₁ + 2a₂₂x₂",
        lambda x, A: _entries(A) @ x, objective_gradient("quadratic", (2,)), "check_gradient, d = 2",
    ),
    Claim(
        QUADRATIC, "(6), (7) their matrix is A plus its transpose", lambda _x, A: _entries(A),
        identity(lambda _x, A: A + A.T, _pair), "both matrices at random A",
    ),
    Claim(
        QUADRATIC, "(9) f′(x) = (A + Aᵀ)x", lambda x, A: (A + A.T) @ x, objective_gradient("quadratic"),
        "check_gradient, d = 1, 2, 7, A not symmetric",
    ),
    Claim(
        TRACE, "(1) Tr(A) = a₁₁ + a₂₂", lambda _x, A: A[0, 0] + A[1, 1],
        identity(lambda _x, A: np.trace(A), _pair), "numpy.trace",
    ),
    Claim(
        TRACE, "Property 1: Tr([x₁]) = x₁, so Tr(xᵀAx) = xᵀAx", lambda x, A: (x.T @ A @ x).item(),
        identity(lambda x, A: np.trace(x.T @ A @ x), _column), "both sides, x a column",
    ),
    Claim(
        TRACE, "In code: np.trace(x.T @ A @ x)", "runs",
        _one_dimensional(lambda x, A: raised(lambda: np.trace(x.T @ A @ x))), "run with numpy",
        condition="x is a column (d, 1)", item=20,
    ),
    Claim(
        TRACE, "d/dx Tr(xᵀAx) = d/dx xᵀAx", lambda x, A: (A + A.T) @ x, objective_gradient("trace-quadratic"),
        "check_gradient on the trace",
    ),
    Claim(
        TRACE, "(4) Tr(xᵀAx) = Tr(Axxᵀ) = Tr(xxᵀA)",
        lambda x, A: np.array([np.trace(A @ x @ x.T), np.trace(x @ x.T @ A)]),
        identity(lambda x, A: np.full(2, np.trace(x.T @ A @ x)), _column), "all three, x a column",
    ),
    Claim(
        TRACE, "In code: x @ x.T is the matrix xxᵀ", (3, 3),
        _one_dimensional(lambda x, _A: np.shape(x @ x.T)), "its shape",
        condition="x is a column; for one-dimensional x it is the inner product", item=20,
    ),
    Claim(
        TRACE, "Property 2: the trace is rotation invariant", ("round", "any"), _cyclic,
        "Tr of the products of three random matrices",
        condition="it should say cyclic: factors may go round, not change places", corrected=("round",),
        item=20,
    ),
    Claim(
        REGRESSION, "(4) d/dw wᵀxᵢ = xᵢ", lambda _w, x: x, objective_gradient("linear"),
        "check_gradient, d = 1, 2, 7",
    ),
    Claim(
        REGRESSION, "(2) with qᵢ = wᵀxᵢ, f = ½ Σ (qᵢ − yᵢ)²", lambda w, X, y: 0.5 * np.sum((X @ w - y) ** 2),
        identity(lambda w, X, y: 0.5 * sum((w @ X[i] - y[i]) ** 2 for i in range(len(y))), _data),
        "both sides at random w, X, y",
    ),
    Claim(
        REGRESSION, "(3) f′(w) = Σ (wᵀxᵢ − yᵢ) xᵢ",
        lambda w, X, y: sum((w @ X[i] - y[i]) * X[i] for i in range(len(y))),
        objective_gradient("linear-regression"), "check_gradient, d = 1, 2, 7",
    ),
    Claim(
        REGRESSION, "Step 3, in matrix form: Xᵀ(Xw − y)", lambda w, X, y: X.T @ (X @ w - y),
        objective_gradient("linear-regression"), "check_gradient, d = 1, 2, 7",
    ),
)  # fmt: skip
"""In the order of the slides."""
