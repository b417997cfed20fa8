"""What the sentence of a mistake tells a student: which datum was forgotten, which number is too much."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from optidemo import check_gradient
from optidemo.checks.hint import HINTS, hinted_lines

MISSING = "∇f depends on {0}, grad does not"
EXTRA = "grad depends on {0}, ∇f does not"
EITHER = "or this term has a wrong sign or factor"


def fit(w: Any, lam: float) -> Any:
    return np.sum((w - 1) ** 4) + lam / 2 * w @ w


def fit_gradient(w: Any) -> Any:
    return 4 * (w - 1) ** 3


def scaled(w: Any, sigma: float) -> Any:
    return np.sum(w**4) / sigma**2


CASES = {
    "the regulariser forgotten": (
        fit, lambda w, _lam: fit_gradient(w), 0.3, "a multiple of lam·x is missing: " + MISSING,
    ),
    "twice the regulariser": (
        fit, lambda w, lam: fit_gradient(w) + 2 * lam * w, 0.3,
        "a multiple of lam·x should not be there, " + EITHER,
    ),
    "a wrong weight that is no argument": (
        fit, lambda w, _lam: fit_gradient(w) + w, 0.3, "a multiple of x is missing: " + MISSING,
    ),
    "a regulariser that f lacks": (
        lambda w, lam: np.sum((w - 1) ** 4) + lam, lambda w, lam: fit_gradient(w) + lam * w, 0.3,
        "a multiple of lam·x should not be there: " + EXTRA,
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


@pytest.mark.parametrize("name", CASES)
def test_the_sentence(name: str) -> None:
    fun, grad, number, sentence = CASES[name]
    mistake = check_gradient(fun, grad, np.array([0.3, -1.2, 2.0]), args=(number,)).mistake
    assert mistake is not None
    assert mistake.sentence == sentence.format("lam") + "."


def test_the_solution_is_told_to_those_who_may_see_it() -> None:
    report = check_gradient(fit, lambda w, lam: fit_gradient(w) + 2 * lam * w, args=(0.3,))
    solution = "∇f = grad − 0.3·x at every point."
    assert solution in str(report)
    told = {hint: "\n".join(hinted_lines(report.to_dict(), hint)) for hint in HINTS}
    assert [hint for hint in HINTS if solution in told[hint]] == ["full"]
