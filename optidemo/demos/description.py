"""An objective described in words: its docstring is the derivation, here it is read out."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

from optidemo.objectives.examples import Example

if TYPE_CHECKING:
    from optidemo.demos.case import Demo

__all__ = ["describe", "describe_latex"]


def describe(demo: Demo) -> str:
    """Return domain, three-step derivation, gradient, closed form and place in the lecture."""
    f = demo.build(0, None).objective
    head = (
        f"{demo.number}  {demo.name}: {demo.title}\n\nf  = {f.formula}\n∇f = {f.gradient_formula}\n"
    )
    if isinstance(f, Example):
        steps = "\n".join(f"{i}. {text}" for i, text in enumerate(f.steps, 1))
        facts = (
            f"Optimum: {f.verdict.reason}\nDomain: {f.domain or 'all of ℝᵈ'}\nLecture: {f.where}"
        )
    else:
        sections = _sections(inspect.getdoc(type(f)) or "")
        steps, facts = sections["Derivation"], sections["Notes"]
    return f"{head}\nDerivation\n{steps}\n\nFacts\n{facts}"


def describe_latex(demo: Demo) -> str:
    """Return formula and gradient as LaTeX, ready for a slide."""
    f = demo.build(0, None).objective
    if f.latex is None:
        raise ValueError(
            f"{demo.name} is a worked example, written out on the slide; it has no --latex."
        )
    value, gradient = f.latex
    letter = {"mu": r"\mu", "lam": r"\lambda"}.get(f.variable, f.variable)
    arguments = "a, b" if letter == "v" else letter
    return f"\\[ f({arguments}) = {value} \\]\n\\[ \\nabla f({arguments}) = {gradient} \\]"


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
