"""What the sentence of a mistake tells a student: which datum was forgotten, which number is too much."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from optidemo import check_gradient
from optidemo.checks.hint import HINTS, hinted_lines

MISSING = "∇f depends on {0}, grad does not"
EXTRA = "grad depends on {0}, ∇f does not"
EITHER = ": this term is missing, should not be there, or has a wrong sign or factor"


def fit(w: Any, lam: float) -> Any:
    return np.sum((w - 1) ** 4) + lam / 2 * w @ w


def fit_gradient(w: Any) -> Any:
    return 4 * (w - 1) ** 3


def scaled(w: Any, sigma: float) -> Any:
    return np.sum(w**4) / sigma**2


CASES = {
    "the regulariser forgotten": (
        fit, lambda w, _lam: fit_gradient(w), 0.3, "a multiple of lam·w is missing: " + MISSING,
    ),
    "twice the regulariser": (
        fit, lambda w, lam: fit_gradient(w) + 2 * lam * w, 0.3,
        "it is off by a multiple of lam·w" + EITHER,
    ),
    "a wrong weight that is no argument": (
        fit, lambda w, _lam: fit_gradient(w) + w, 0.3, "a multiple of w is missing: " + MISSING,
    ),
    "a regulariser that f lacks": (
        lambda w, lam: np.sum((w - 1) ** 4) + lam, lambda w, lam: fit_gradient(w) + lam * w, 0.3,
        "a multiple of lam·w should not be there: " + EXTRA,
    ),
    "a constant slope": (
        lambda w, lam: np.sum((w - 1) ** 4) + lam * np.sum(w), lambda w, _lam: fit_gradient(w), 0.3,
        "the constant vector lam is missing: " + MISSING,
    ),
    "a weight forgotten": (
        lambda w, lam: lam * np.sum(w**4), lambda w, _lam: 4 * w**3, 0.3,
        "the whole gradient is 1/lam times what it should be: " + MISSING,
    ),
    "a weight too much": (
        lambda w, lam: np.sum(w**4) - lam, lambda w, lam: 4 * lam * w**3, 2.0,
        "the whole gradient is lam times what it should be: " + EXTRA,
    ),
    "σ for σ²": (
        scaled, lambda w, sigma: 4 * w**3 / sigma, 0.7, "the whole gradient is sigma times what it should be",
    ),
    "a factor that only looks like σ": (
        scaled, lambda w, sigma: 4 * w**3 / sigma**2 / 2, 0.5,
        "the whole gradient is 1/2 times what it should be",
    ),
}  # fmt: skip


@pytest.mark.battery(4)
@pytest.mark.parametrize("name", CASES)
def test_the_sentence(name: str) -> None:
    fun, grad, number, sentence = CASES[name]
    mistake = check_gradient(fun, grad, np.array([0.3, -1.2, 2.0]), args=(number,)).mistake
    assert mistake is not None
    assert mistake.sentence == sentence.format("lam") + "."


def test_the_solution_is_told_to_those_who_may_see_it() -> None:
    report = check_gradient(fit, lambda w, lam: fit_gradient(w) + 2 * lam * w, args=(0.3,))
    solution = "∇f = grad − 0.3·w at every point."
    assert solution in str(report)
    told = {hint: "\n".join(hinted_lines(report.to_dict(), hint)) for hint in HINTS}
    assert [hint for hint in HINTS if solution in told[hint]] == ["full"]


V3 = np.array([0.5, -1.5, 2.5])
COUNTS = np.array([3.0, 2.0, 4.0, 0.0, 1.0])
LABELS = np.array([1.0, 0.0, 1.0, 1.0, 0.0, 1.0])
Pm = np.array([[2.0, 1.0, 0.5], [1.0, 3.0, 0.0], [0.5, 0.0, 1.0]])


def bernoulli(p: Any, a: Any) -> Any:
    return np.sum(a) * np.log(p) + (len(a) - np.sum(a)) * np.log(1 - p)


def exponential(lam: Any, x: Any) -> Any:
    return len(x) * np.log(lam) - lam * np.sum(x)


def mahalanobis(x: Any, mu: Any) -> Any:
    return 0.5 * (x - mu) @ Pm @ (x - mu)


A3 = np.array([[1.0, 2.0, 0.0], [-1.0, 3.0, 0.5], [0.0, 1.0, 2.0]])


def quadratic(x: Any, A: Any) -> Any:
    return x @ A @ x


NAMED: dict[str, tuple[Any, ...]] = {
    "−y forgotten: both use y": (
        lambda x, y: y @ Pm @ x - y @ x, lambda _x, y: Pm @ y, V3, V3[::-1] + 1,
        "missing-term extra-term", "it is off by a multiple of y" + EITHER,
    ),
    "n for n − Σa is no multiple of Σa": (
        bernoulli, lambda p, a: np.sum(a) / p + (len(a) - np.sum(a)) / (1 - p), 0.3, LABELS,
        "missing-term extra-term", "it is off by a multiple of 1/(1 − p)" + EITHER,
    ),
    "n forgotten is no multiple of Σx": (
        exponential, lambda lam, x: 1 / lam - np.sum(x), 0.7, COUNTS,
        "missing-term", "it is off by a multiple of 1/lam" + EITHER,
    ),
    "Σx forgotten": (
        exponential, lambda lam, x: len(x) / lam, 0.7, COUNTS,
        "missing-term", "a multiple of Σx is missing: " + MISSING.format("x"),
    ),
    "a constant of one variable": (
        lambda x: 0.3 * x**2 + 0.2, lambda x: 0.6 * x + 0.2, 1.0, None,
        "extra-term", "it is off by a constant" + EITHER,
    ),
    "names of two letters": (
        mahalanobis, lambda x, _mu: Pm @ x, V3, V3[::-1] + 1,
        "extra-term missing-term", "a multiple of Pm·mu is missing: " + MISSING.format("mu"),
    ),
    "an inner derivative": (
        lambda w: np.sum(np.sin(w) ** 2) / 2, np.sin, V3, None,
        "chain-rule", "a factor cos w is missing",
    ),
    "an outer derivative": (
        lambda w: np.sqrt(w @ w) ** 3, lambda w: 3 * w, V3, None,
        "chain-rule", "a factor ‖w‖ is missing",
    ),
    "an outer derivative with its constant": (
        lambda w: (w @ w) ** 2, lambda w: 2 * w, V3, None,
        "chain-rule", "a factor 2√f is missing",
    ),
    "an outer derivative with a fraction": (
        lambda w: np.log(w @ w) / 2 + 1, lambda w: 3 * w, V3, None,
        "chain-rule", "a factor 1/3·(1/‖w‖²) is missing",
    ),
    "entries of a matrix": (
        lambda W: np.sum(W**3 * np.arange(1, 7).reshape(2, 3)),
        lambda W: (3 * W**2 * np.arange(1, 7).reshape(2, 3))[:, [0, 2, 1]],
        np.arange(1.0, 7).reshape(2, 3), None,
        "permuted", "in the wrong places: (0, 1), (0, 2), (1, 1), (1, 2) (counted from 0).",
    ),
    "2Aᵀx": (
        quadratic, lambda x, A: 2 * A.T @ x, V3, A3, "missing-transpose", "2Aᵀ stands where A + Aᵀ is due.",
    ),
    "2xᵀA": (
        quadratic, lambda x, A: 2 * x @ A, V3, A3, "missing-transpose", "2Aᵀ stands where A + Aᵀ is due.",
    ),
    "2Ax of a product": (
        lambda x, A: np.exp(-quadratic(x, A)), lambda x, A: -2 * np.exp(-quadratic(x, A)) * (A @ x),
        V3 / 5, A3, "missing-transpose", "2A stands where A + Aᵀ is due.",
    ),
    "Ax of half a quadratic": (
        lambda x, A: 0.5 * quadratic(x, A) - V3 @ x, lambda x, A: A @ x - V3, V3, A3,
        "missing-transpose", "A stands where ½(A + Aᵀ) is due.",
    ),
    "a half is no 2/n of four samples": (
        lambda w, y: np.sum(np.cosh(w)) * (y @ y), lambda w, y: 0.5 * np.sinh(w) * (y @ y), V3,
        np.arange(4.0), "factor", "is 1/2 times",
    ),
    "2/n of eight samples": (
        lambda w, y: np.sum(np.cosh(w)) * (y @ y), lambda w, y: 0.25 * np.sinh(w) * (y @ y), V3,
        np.arange(8.0), "factor", "is 1/4 = 2/n times what it should be: is f half a sum, and",
    ),
    "n of a mean": (
        lambda w, y: np.mean((y - w[0]) ** 2), lambda w, y: -2 * np.sum(y - w[0]) * np.ones(1), V3[:1],
        np.arange(30.0), "factor", "is 30 = n times what it should be: was the 1/n of a mean forgotten?",
    ),
    "1/n of a sum": (
        lambda w, y: np.sum((y - w[0]) ** 2), lambda w, y: -2 * np.mean(y - w[0]) * np.ones(1), V3[:1],
        np.arange(8.0), "factor", "is 1/8 = 1/n times what it should be: is f a sum, and this the",
    ),
    "complex numbers": (
        lambda w: w @ w, lambda w: 2 * w + 1j, V3, None, "raises", "] grad returns complex numbers.",
    ),
    "None": (
        lambda w: w @ w, lambda w: np.copyto(w + 0, w), V3, None, "raises", "] grad returns None (a",
    ),
    "n/(n−1) of the variables": (
        lambda w: np.sum(w**2) / len(w), lambda w: 2 * w / (len(w) - 1), np.arange(20.0) + 1, None,
        "factor", "is n/(n−1) (n = 20) times what it should be: is it divided by n − 1 in place of n?",
    ),
    "a column": (
        lambda w: w @ w, lambda w: np.sum(2 * w), V3, None,
        "shape", "grad returns a scalar where w has shape (3,): broadcasting hides it; return one entry "
        "per variable (np.zeros_like(w) for zero).",
    ),
    "grad's own name": (
        lambda w: w @ w, lambda v: np.multiply(v, 2, out=v), V3, None,
        "mutates-input", "grad changes v while it computes; work on a copy (v = v.copy()).",
    ),
    "outside": (
        lambda w: np.sum(np.log(w)), lambda w: 1 / w, -V3, None,
        "domain", "Choose w inside the domain.",
    ),
}  # fmt: skip


@pytest.mark.battery(6)
@pytest.mark.parametrize("name", NAMED)
def test_a_sentence_speaks_of_the_student_s_own_variables(name: str) -> None:
    fun, grad, x, data, kinds, sentence = NAMED[name]
    mistake = check_gradient(fun, grad, x, args=() if data is None else (data,)).mistake
    assert mistake is not None
    assert mistake.kind in kinds.split()
    assert sentence in mistake.sentence


@pytest.mark.parametrize(
    ("factor", "remark"), [(1, ""), (2, " It is right only where A is symmetric.")]
)
def test_half_the_gradient_is_right_for_no_symmetric_matrix(factor: int, remark: str) -> None:
    mistake = check_gradient(quadratic, lambda x, A: factor * A @ x, V3, args=(A3,)).mistake
    name = "A" if factor == 1 else "2A"
    assert mistake is not None
    expected = f"a transpose of A is missing: {name} stands where A + Aᵀ is due.{remark}"
    assert mistake.sentence == expected
