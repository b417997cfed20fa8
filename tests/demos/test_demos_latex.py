"""A derivation in LaTeX: what is a formula stands in math mode, in commands that LaTeX knows."""

from __future__ import annotations

import re

import pytest

from optidemo.demos.description import steps_of
from optidemo.demos.latex import in_math, sentence
from optidemo.objectives import OBJECTIVES
from optidemo.objectives.examples import EXAMPLES

STEPS = [step for f in (*OBJECTIVES.values(), *EXAMPLES) for step in steps_of(f)]
COMMANDS = {
    "alpha", "approx", "cdot", "circ", "exp", "frac", "lambda", "ldots", "leq", "ln", "log", "mathrm",
    "max", "min", "mu", "nabla", "partial", "pi", "sigma", "sqrt", "sum", "times", "top",
}  # fmt: skip


def test_there_are_three_of_each() -> None:
    assert len(STEPS) == 3 * (len(OBJECTIVES) + len(EXAMPLES))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("with q = xᵀAx = Σᵢ xᵢ, f = e^(−q).", r"with $q = x^{\top}Ax = \sum_{i} x_{i}$, $f = e^{-q}$."),
        ("A sum, x₁² + … + x_d²: as in A = I.", r"A sum, $x_{1}^{2} + \ldots + x_{d}^{2}$: as in $A = I$."),
        ("the row k of Ax (a \"row\") is 5 % of it", r"the row $k$ of $Ax$ (a ``row'') is $5 \%$ of it"),
        ("at (0, 1) it is (−e, ½), so take a step", r"at $(0, 1)$ it is $(-e, \frac{1}{2})$, so take a step"),
    ],
)  # fmt: skip
def test_a_sentence(text: str, wanted: str) -> None:
    assert sentence(text) == wanted


@pytest.mark.parametrize(
    ("formula", "wanted"),
    [
        ("e^x₁ − 2e^(3x)", "e^{x_{1}} - 2e^{3x}"),
        ("log(1/(σ√(2π)))", r"\log (1/(\sigma \sqrt{2\pi}))"),
        ("(x₁² + x₂²)^½ − e^(−(a + b)²)", r"(x_{1}^{2} + x_{2}^{2})^{\frac{1}{2}} - e^{-(a + b)^{2}}"),
        ("Σ_{mᵢ < 1} xᵢ_d e⁻ᶻ", r"\sum_{m_{i} < 1} x_{id} e^{-z}"),
        ("dReLU(q)/dq", r"d\mathrm{ReLU}(q)/dq"),
    ],
)  # fmt: skip
def test_a_formula(formula: str, wanted: str) -> None:
    assert in_math(formula) == wanted


def test_every_derivation_has_nothing_that_latex_refuses() -> None:
    for step in STEPS:
        text = sentence(step)
        assert text.isascii(), text
        words, formulas = text.split("$")[::2], text.split("$")[1::2]
        assert len(words) == len(formulas) + 1
        assert not re.search(r"[\\_^{}&#~]", "".join(words)), text
        for formula in formulas:
            assert set(re.findall(r"\\([A-Za-z]+)", formula)) <= COMMANDS
            assert formula.count("{") == formula.count("}")
            assert not re.search(r"_\{\w*\}_|\^\{\w*\}\^|[_^]([^{]|$)", formula), formula


def test_no_word_of_the_language_is_in_math_mode_and_no_variable_outside() -> None:
    for step in STEPS:
        text = sentence(step)
        formulas = re.sub(r"\\\w+(\{\w+\})?|d?ReLU", "", " ".join(text.split("$")[1::2]))
        assert not re.search("[a-z]{4}", formulas), text
        words = " ".join(text.split("$")[::2])
        assert not re.search(r"(?<!['’])\b[b-zB-HJ-Z]\b", words), text
