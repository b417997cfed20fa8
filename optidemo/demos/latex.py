"""Sentences with maths in Unicode, as the docstrings have it, written for LaTeX."""

from __future__ import annotations

import re

__all__ = ["in_math", "sentence"]

SUBSCRIPTS = dict(zip("₀₁₂₃₄₅₆₇₈₉ᵢⱼₖₙ", "0123456789ijkn", strict=True))
SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻ᶻˣᵈᵏⁿ", "0123456789-zxdkn", strict=True)) | {"ᵀ": r"\top "}
SYMBOLS = {
    "−": "-", "·": r"\cdot ", "×": r"\times ", "∘": r"\circ ", "½": r"\frac{1}{2}",
    "¼": r"\frac{1}{4}", "∂": r"\partial ", "∇": r"\nabla ", "Σ": r"\sum ", "Π": r"\prod ", "‖": r"\|",
    "…": r"\ldots ", "′": "'", "≤": r"\leq ", "≥": r"\geq ", "≠": r"\neq ", "≈": r"\approx ",
    "→": r"\to ", "∞": r"\infty ", "⟨": r"\langle ", "⟩": r"\rangle ", "α": r"\alpha ", "λ": r"\lambda ",
    "μ": r"\mu ", "π": r"\pi ", "σ": r"\sigma ",
}  # fmt: skip
NAMED = re.compile("log|exp|max|min|ln")  # that LaTeX knows
UPRIGHT = re.compile("ReLU|Tr|diag|sign|margin")
SPECIAL = {"&": r"\&", "%": r"\%", "#": r"\#", "$": r"\$", "~": r"\textasciitilde "}
LOW, HIGH = "".join(SUBSCRIPTS), "".join(SUPERSCRIPTS)


def sentence(text: str) -> str:
    """Put the formulas of a sentence between dollars; the words between them stay text."""
    parts: list[tuple[bool, list[str]]] = []
    before, ended = ".", True
    for word in text.split():
        maths = _is_maths(word, before)
        if ended or parts[-1][0] != maths:
            parts.append((maths, []))
        parts[-1][1].append(word)
        before, ended = word, maths and _ends(" ".join(parts[-1][1]))
    return " ".join(
        _formula(" ".join(words)) if maths else _escaped(" ".join(words)) for maths, words in parts
    )


def in_math(formula: str) -> str:
    """Write a formula in LaTeX's commands, to stand in math mode."""
    formula = _braced(formula)
    subscript = rf"(?:[{LOW}]|_[A-Za-z0-9])+"
    formula = re.sub(subscript, lambda m: f"_{{{_plain(m[0].replace('_', ''))}}}", formula)
    formula = re.sub(f"[{HIGH}]+", lambda m: f"^{{{_plain(m[0]).strip()}}}", formula)
    formula = NAMED.sub(
        lambda m: rf"\{m[0]} ", UPRIGHT.sub(lambda m: rf"\mathrm{{{m[0]}}}", formula)
    )
    formula = "".join(SYMBOLS.get(letter, letter) for letter in _escaped(formula))
    return re.sub(r" +(?=[\s)}\]/,.;:_^']|$)", "", re.sub(" +", " ", formula))


def _is_maths(word: str, before: str) -> bool:
    """Is the word, which follows another one, a formula or a part of one, and none of the language?"""
    bare = word.strip("()[]\".,;:'’")
    if word.lstrip("(") == "a" or (word == "A" and before.endswith((".", ":"))):  # an article
        return False
    if re.fullmatch("[A-Z][xw]", bare):  # Ax, Xw
        return True
    if not bare:
        return word not in ("", '"')
    is_word = bare.isalpha() and bare.isascii() and len(bare) > 1
    return NAMED.fullmatch(bare) is not None or not (
        is_word or re.fullmatch("[a-z]+[-’'][a-z]+", bare)
    )


def _ends(formula: str) -> bool:
    """Is the formula over: by a comma or colon that stands in no parentheses?"""
    opened = sum(formula.count(mark) for mark in "([{") - sum(formula.count(mark) for mark in ")]}")
    return formula.endswith((",", ":", ";", ".")) and opened == 0


def _formula(text: str) -> str:
    """Put the formula between dollars, its last full stop or comma behind them."""
    body = text.rstrip(".,;:")
    return f"${in_math(body)}${text[len(body) :]}"


def _escaped(text: str) -> str:
    text = re.sub('"([^"]*)"', r"``\1''", text)
    return "".join(SPECIAL.get(letter, letter) for letter in text)


def _plain(scripts: str) -> str:
    return "".join((SUBSCRIPTS | SUPERSCRIPTS).get(letter, letter) for letter in scripts)


def _braced(formula: str) -> str:
    """Put what follows ^ or √ into braces: the inside of its parentheses, or one name with its indices."""
    done, rest = "", formula
    while found := re.search("[\\^√]", rest):
        done += rest[: found.start()] + ("^" if found[0] == "^" else r"\sqrt")
        rest = rest[found.end() :]
        if rest.startswith("("):
            end = _closing(rest)
            inside, rest = rest[1:end], rest[end + 1 :]
        else:
            name = re.match(rf"[A-Za-z0-9][{LOW}]*", rest)
            end = 1 if name is None else name.end()
            inside, rest = rest[:end], rest[end:]
        done += f"{{{_braced(inside)}}}"
    return done + rest


def _closing(text: str) -> int:
    """Return where the parenthesis closes that opens the text."""
    depth = 0
    for i, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if depth == 0:
            return i
    return len(text)
