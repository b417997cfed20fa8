"""Claims of the code cells: do they run, and do they show what they are there to show?"""

from __future__ import annotations

from typing import Any

import numpy as np

from optidemo.audit.cells import FIRST, SECOND, THIRD, names_of_a_cell
from optidemo.audit.claim import Claim, Evidence, same
from optidemo.audit.evidence import SEED, example, example_claim, raised, run_cell
from optidemo.checks.gradient import check_gradient

__all__ = ["CLAIMS"]

LIFE = "In Real Life"
CELL_1, CELL_2, CELL_3 = (
    f"{LIFE}, first cell",
    f"{LIFE}, second cell",
    "You can check your own result",
)


def _first(claimed: Any) -> Evidence:
    return Evidence(
        [
            same(
                f"def {claimed[0]}",
                claimed[1],
                run_cell(FIRST.format(name=claimed[0]), **names_of_a_cell())[0],
            )
        ]
    )


def _agrees_by_eye(claimed: Any) -> Evidence:
    outcome, _, printed = run_cell(FIRST.format(name="grad_f"), **names_of_a_cell())
    pairs = [line.split() for line in printed.splitlines()]
    same_text = sum(a == b for a, b in pairs)
    return Evidence([same("lines that agree", claimed, same_text),
                     same("the cell, its function renamed", "runs", outcome)])  # fmt: skip


def _eye_misses(claimed: Any) -> Evidence:
    """Does printing with three decimals show an error of a given size, in most draws?"""

    def shows(error: float) -> bool:
        rng = np.random.default_rng(SEED)
        f = example("real-life")
        right = [float(f.gradient(f.sample(rng))[0]) for _ in range(200)]
        return bool(np.mean([f"{g:.3f}" != f"{g + error:.3f}" for g in right]) > 0.5)

    return Evidence(
        [same("an error of 0.01", claimed, shows(0.01))],
        [same("an error of 0.0004", claimed, shows(0.0004))],
    )


def _random_points(claimed: Any) -> Evidence:
    """Is f defined where a random normal point lands? Formula and autograd agree even where it is not."""

    def defined(title: str) -> bool:
        f, rng = example(title), np.random.default_rng(SEED)
        return all(np.isfinite(f.value(x)) for x in rng.standard_normal((200, f.d)))

    return Evidence(
        [same("log₃(2x²) − 2xe³ˣ + 2", claimed, defined("real-life"))],
        [same("x₁² − ln x₂ + e^(−x₃)", claimed, defined("quick-1"))],
    )


def _second(name: str) -> Any:
    def examine(claimed: Any) -> Evidence:
        outcome, names, _ = run_cell(SECOND, **names_of_a_cell())
        gap = float(np.abs(names["automatic" + name] - names["derived" + name]).max())
        return Evidence(
            [
                same(f"largest difference {gap:.1g}", claimed, bool(gap < 1e-12)),
                same("the cell", "runs", outcome),
            ]
        )

    return examine


def _definite(claimed: Any) -> Evidence:
    """How many of the slide's random matrices make a Gaussian?"""
    rng = np.random.default_rng(SEED)
    draws = [rng.random((3, 3)) for _ in range(1000)]
    share = float(np.mean([np.linalg.eigvalsh(M + M.T)[0] > 0 for M in draws]))
    return Evidence(
        [same("A = I", claimed, True)],
        [
            same(
                f"½(A + Aᵀ) definite in {share:.0%} of 1000 draws; always",
                claimed,
                bool(share == 1.0),
            )
        ],
    )


def _dot(claimed: Any) -> Evidence:
    """What ``A.dot(x)`` does under autograd: for the box's own method, and for a plain A."""
    import autograd
    import autograd.numpy as anp

    A, x = np.eye(2) + 1.0, np.ones(2)
    seen: list[Any] = []

    def plain(z: Any) -> Any:
        seen.append(A.dot(z))
        return anp.sum(z)

    autograd.grad(plain)(x)
    return Evidence([
        same("x.dot(x), x traced", claimed, raised(lambda: autograd.grad(lambda z: z.dot(z))(x)) == "runs"),
        same("A.dot(x) of a plain A gives numbers", claimed, bool(np.asarray(seen[0]).dtype != object)),
    ])  # fmt: skip


def _at_sign(claimed: Any) -> Evidence:
    import autograd

    A, x = np.array([[1.0, 2.0], [0.0, 1.0]]), np.ones(2)
    return Evidence([same("grad of x @ A @ x", claimed, autograd.grad(lambda z: z @ A @ z)(x))])


def _third(claimed: Any) -> Evidence:
    product, outcome = claimed
    return Evidence(
        [
            same(
                f"'%.3f' % {product}",
                outcome,
                run_cell(THIRD.format(product=product), **names_of_a_cell())[0],
            )
        ]
    )


def _zero(claimed: Any) -> Evidence:
    """The shape of the gradient on the flat side."""
    names = run_cell(THIRD.format(product="x.T.dot(w).item()"), **names_of_a_cell())[1]
    w, x = -np.ones((2, 1)), np.ones((2, 1))
    shape = np.shape(names["grad_relu"](w, x))
    return Evidence([same("where wᵀx ≤ 0", claimed, f"shape {shape}")])


def _hidden(claimed: Any) -> Evidence:
    """Do the usual comparisons see the scalar 0?"""
    from scipy.optimize import check_grad

    w, x = np.array([-1.0, -1.0]), np.ones(2)

    def relu(w: Any) -> float:
        return max(0.0, float(w @ x))

    def wrong(w: Any) -> Any:
        return x if w @ x > 0 else 0

    return Evidence(
        [same("optidemo.check_gradient finds it", claimed, not check_gradient(relu, wrong, w).ok)],
        [same("numpy.allclose finds it", claimed, not np.allclose(np.zeros(2), wrong(w))),
         same("scipy's check_grad finds it", claimed, bool(check_grad(relu, wrong, w) > 1e-6))],
    )  # fmt: skip


CLAIMS = (
    example_claim(
        "real-life", "log₃(2x²) − 2xe^(3x) + 2 → 2/(x ln 3) − 2e^(3x) − 6xe^(3x)",
        lambda x: 2 / (x * np.log(3)) - 2 * np.exp(3 * x) - 6 * x * np.exp(3 * x),
    ),
    Claim(
        CELL_1, "def ∇f(x): the cell runs", ("∇f", "runs"), _first, "the cell run: ∇ stands in no name",
        corrected=("grad_f", "runs"), item=4,
    ),
    Claim(
        CELL_1, "Auto ∇f and theoretical ∇f: ten equal lines", 10, _agrees_by_eye, "the cell run, ∇f renamed"
    ),
    Claim(
        CELL_1, "Equal at %.3f means that they are the same", True, _eye_misses,
        "200 draws with a planted error", condition="the error is above 0.001", item=19,
    ),
    Claim(
        LIFE, "You can plug random numbers into both", True, _random_points, "200 normal points",
        condition="they lie inside the domain: elsewhere both agree and f is nan", item=17,
    ),
    Claim(
        CELL_2, "Quadratic: automatic and theoretical gradient agree", True, _second(""), "the cell run"
    ),
    Claim(
        CELL_2, "You cannot use A.dot(x) with autograd", False, _dot, "run: a box has no .dot", item=15
    ),
    Claim(
        CELL_2, "(what works instead: x @ A @ x)", (4.0, 4.0), _at_sign, "autograd on @"
    ),
    Claim(
        CELL_2, "Gaussian: automatic and theoretical gradient agree", True, _second("_bump"), "the cell run"
    ),
    Claim(
        CELL_2, "A random A makes e^(−Tr(wᵀAw)) a Gaussian", True, _definite, "eigenvalues of 1000 draws",
        condition="½(A + Aᵀ) is positive definite", item=14,
    ),
    Claim(
        CELL_3, "print('… %.3f' % x.T.dot(w)): the cell runs", ("x.T.dot(w)", "runs"), _third,
        f"the cell run with numpy {np.__version__}", corrected=("x.T.dot(w).item()", "runs"), item=5,
    ),
    Claim(
        CELL_3, "grad_relu gives the gradient: one entry per variable", "shape (2, 1)", _zero,
        "its shape where wᵀx ≤ 0", corrected="shape ()", item=6,
    ),
    Claim(
        CELL_3, "Comparing shows a wrong gradient (here the scalar 0)", True, _hidden,
        "check_gradient, allclose and scipy's check_grad",
        condition="the comparison looks at shapes: broadcasting hides it", item=6,
    ),
)  # fmt: skip
"""In the order of the slides."""
