"""An objective described in words: its docstring is the derivation, here it is read out."""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING

from optidemo.demos.latex import in_math, sentence
from optidemo.objectives.examples import Example

if TYPE_CHECKING:
    from optidemo.demos.case import Demo
    from optidemo.objective import Objective

__all__ = ["describe", "describe_latex", "steps_of"]


def describe(demo: Demo) -> str:
    """Return domain, three-step derivation, gradient, closed form and place in the lecture."""
    f = demo.build(0, None).objective
    head = (
        f"{demo.number}  {demo.name}: {demo.title}\n\nf  = {f.formula}\n∇f = {f.gradient_formula}\n"
    )
    if isinstance(f, Example):
        facts = _facts(f)
    else:
        facts = _joined(_sections(inspect.getdoc(type(f)) or "")["Notes"])
    steps = "\n".join(f"{i}. {text}" for i, text in enumerate(steps_of(f), 1))
    return f"{head}\nDerivation\n{steps}\n\nFacts\n{facts}"


def describe_latex(demo: Demo) -> str:
    """Return formula, gradient and the three steps as LaTeX, ready for a slide."""
    f = demo.build(0, None).objective
    value, gradient = f.latex or (in_math(f.formula), in_math(f.gradient_formula))
    letter = {"mu": r"\mu", "lam": r"\lambda"}.get(f.variable, f.variable)
    arguments = "a, b" if letter == "v" else letter
    items = "\n".join(rf"  \item {sentence(step)}" for step in steps_of(f))
    return (
        f"\\[ f({arguments}) = {value} \\]\n\\[ \\nabla f({arguments}) = {gradient} \\]\n"
        f"\\begin{{enumerate}}\n{items}\n\\end{{enumerate}}"
    )


def steps_of(f: Objective | type[Objective]) -> list[str]:
    """Return the three steps of the derivation, without their numbers."""
    if isinstance(f, Example):
        return list(f.steps)
    lines = _joined(
        _sections(inspect.getdoc(f if isinstance(f, type) else type(f)) or "")["Derivation"]
    ).splitlines()
    return [re.sub(r"^\d\. ", "", line) for line in lines if line]


def _facts(f: Example) -> str:
    """Return what the Notes of other objectives say, one line each."""
    steep = "∇²f has no bound" if f.smooth else "the gradient jumps"
    convex = "convex" if f.convex else "not convex"
    facts = {
        "Gradient": f.gradient_formula,
        "Hessian": f.hessian_formula,
        "Lipschitz constant": f"none: {steep}" if f.L is None else f"L = {f.L:.4g}",
        "Convexity": f"strongly convex, μ = {f.mu:.4g}" if f.mu > 0 else convex,
        "Closed form": "none" if f.best is None else f"({', '.join(f'{x:g}' for x in f.best)})",
        "Optimum": f.verdict.reason,
        "Domain": f.domain or "all of ℝᵈ",
        "Lecture": f.where,
    }
    told = [f"{title}: {text}" for title, text in facts.items()]
    return "\n".join([*told, *(f"Note: {note}" for note in f.notes)])


def _joined(text: str) -> str:
    """Return each step and each fact, which takes several lines in the docstring, on one line."""
    return re.sub(r"\n(?!\d\. |[A-Z][\w ]*: |\n)\s*", " ", text)


def _sections(doc: str) -> dict[str, str]:
    """Return the parts of a numpydoc docstring by their title."""
    found: dict[str, list[str]] = {"": []}
    title = ""
    lines = doc.splitlines()
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if following and set(following) == {"-"}:
            title = line.strip()
            found[title] = []
        elif not (line and set(line) == {"-"}):
            found[title].append(line)
    return {name: "\n".join(text).strip() for name, text in found.items()}
