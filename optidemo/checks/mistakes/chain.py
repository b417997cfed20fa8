"""The right direction with a length that is off by a factor varying with x: a forgotten derivative."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from optidemo.checks.mistakes.whole import describe_constant
from optidemo.checks.rebinding import variable_name
from optidemo.checks.report import Mistake
from optidemo.checks.samples import Sample

if TYPE_CHECKING:
    from optidemo.arrays import Vector
    from optidemo.checks.mistakes.case import Case

__all__ = ["chain_rule"]

Factor = Callable[[Sample], Any]

# Numbers that vary with x, by which an outer derivative multiplies the whole gradient.
OUTER: dict[str, Factor] = {
    "f": lambda s: s.f[0],
    "1/f": lambda s: 1 / s.f[0],
    "1 − f": lambda s: 1 - s.f[0],
    "f(1 − f)": lambda s: s.f[0] * (1 - s.f[0]),
    "1/(1 − f)": lambda s: 1 / (1 - s.f[0]),
    "1/(f(1 − f))": lambda s: 1 / (s.f[0] * (1 - s.f[0])),
    "f²": lambda s: s.f[0] ** 2,
    "1/f²": lambda s: 1 / s.f[0] ** 2,
    "e^f": lambda s: np.exp(s.f[0]),
    "e^−f": lambda s: np.exp(-s.f[0]),
    "√f": lambda s: np.sqrt(s.f[0]),
    "1/√f": lambda s: 1 / np.sqrt(s.f[0]),
    "1 − e^−f": lambda s: 1 - np.exp(-s.f[0]),
    "1 − f²": lambda s: 1 - s.f[0] ** 2,
    "1 + f": lambda s: 1 + s.f[0],
    "1/(1 + f)": lambda s: 1 / (1 + s.f[0]),
    "1 + f²": lambda s: 1 + s.f[0] ** 2,
    "‖x‖": lambda s: np.linalg.norm(s.x),
    "1/‖x‖": lambda s: 1 / np.linalg.norm(s.x),
    "‖x‖²": lambda s: s.x @ s.x,
    "1/‖x‖²": lambda s: 1 / (s.x @ s.x),
    "‖x‖³": lambda s: np.linalg.norm(s.x) ** 3,
    "1/‖x‖³": lambda s: 1 / np.linalg.norm(s.x) ** 3,
}
# The same, entry by entry: an inner derivative φ′(x_i).
INNER: dict[str, Factor] = {
    "x": lambda s: s.x,
    "1/x": lambda s: 1 / s.x,
    "x²": lambda s: s.x**2,
    "1/x²": lambda s: 1 / s.x**2,
    "x³": lambda s: s.x**3,
    "1/x³": lambda s: 1 / s.x**3,
    "√x": lambda s: np.sqrt(s.x),
    "1/√x": lambda s: 1 / np.sqrt(s.x),
    "|x|": lambda s: np.abs(s.x),
    "1/|x|": lambda s: 1 / np.abs(s.x),
    "sign(x)": lambda s: np.sign(s.x),
    "1 − x": lambda s: 1 - s.x,
    "1/(1 − x)": lambda s: 1 / (1 - s.x),
    "x(1 − x)": lambda s: s.x * (1 - s.x),
    "1/(x(1 − x))": lambda s: 1 / (s.x * (1 - s.x)),
    "e^x": lambda s: np.exp(s.x),
    "e^−x": lambda s: np.exp(-s.x),
    "cos x": lambda s: np.cos(s.x),
    "sin x": lambda s: np.sin(s.x),
    "1/cos²x": lambda s: 1 / np.cos(s.x) ** 2,
    "ln x": lambda s: np.log(s.x),
    "σ(x)": lambda s: 0.5 * (1 + np.tanh(0.5 * s.x)),
    "1 − σ(x)": lambda s: 0.5 * (1 - np.tanh(0.5 * s.x)),
    "σ(x)(1 − σ(x))": lambda s: 0.25 / np.cosh(0.5 * s.x) ** 2,
    "1 − tanh²x": lambda s: 1 / np.cosh(s.x) ** 2,
}


def chain_rule(case: Case) -> Mistake | None:
    """Find grad = ∇f / c(x), with c named where it can be; in one dimension it must be named."""
    if case.problem.out_shape != () or len(case.smooth) < 3:
        return None
    for names in (OUTER, INNER):
        for name, value in names.items():
            c = _constant(case, value)
            if c is not None:
                plain = name.replace(
                    "x", variable_name(case.problem.fun)
                )  # no other x stands there
                said = _times(c, plain, case)
                sentence = (
                    f"the direction is right, but a factor {said} is missing: the derivative of the "
                    f"{'outer' if names is OUTER else 'inner'} function was forgotten (chain rule)."
                )
                return Mistake("chain-rule", sentence, {"factor": said, "constant": c})
    if case.problem.size == 1 or not _parallel(case):
        return None
    sentence = (
        "the direction is right everywhere, but the length is off by a factor that varies with x: "
        "the derivative of the outer function was forgotten or is wrong (chain rule)."
    )
    return Mistake("chain-rule", sentence, {"factor": None})


def _times(c: float, name: str, case: Case) -> str:
    """Write c times the factor as on paper: 2√f, 2/f, −(1 − f), 3/2·f, lam·f."""
    number = Fraction(c).limit_denominator(12)
    if abs(float(number) - c) > 1e-6 * abs(c):
        text = describe_constant(c, case).partition(" (")[0].replace("-", "−")
        return f"{text}·({name})" if name.startswith("1") else f"{text}·{name}"
    if number == 1:
        return name
    text = str(number).replace("-", "−")
    if number.denominator == 1 and name.startswith("1/"):
        return text + name[1:]
    body = f"({name})" if name.startswith("1") else name
    if number == -1:
        return f"−{body}"
    return f"{text}·{body}" if number.denominator > 1 or body[:2].isalpha() else text + body


def _constant(case: Case, value: Factor) -> float | None:
    """Give c, where ∇f = c · value · grad."""

    def candidate(s: Sample) -> Vector:
        product: Vector = value(s) * case.yours(s)
        return product

    with np.errstate(all="ignore"):
        # e^x overflows where the gradient that lacks it has long been 0: nothing to compare there.
        finite = [s for s in case.smooth if np.isfinite(candidate(s)).all()]
        if len(finite) < max(3, 0.7 * len(case.smooth)):
            return None
        c = case.constant(lambda s: (s.reference.value, candidate(s)))
        return c if c and case.fits(lambda s: c * candidate(s), finite) else None


def _parallel(case: Case) -> bool:
    """One number per point mends the gradient there; at two points at least that says something."""
    telling = 0
    for s in case.smooth:
        y, r, k = case.yours(s), s.reference.value, s.known
        unit = float(np.abs(y[k]).max(initial=0.0)) or 1.0
        v = y[k] / unit
        c = float((r[k] / unit) @ v) / max(float(v @ v), 1e-300)
        if not bool(s.close(c * y).all()):
            return False
        alive = k & (np.abs(r) > s.floor + 10 * s.reference.error)
        telling += int(alive.sum() >= 2)
    return telling >= 2
