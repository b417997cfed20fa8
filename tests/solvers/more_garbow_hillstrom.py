"""The unconstrained test set of Moré, Garbow and Hillstrom (ACM Trans. Math. Softw. 7, 1981).

Each problem is a vector of residuals r(x), written from the paper's section 3 (its number is given),
and f(x) = Σ rᵢ(x)². The starts and the minima are the paper's; where a problem has a further
published minimum, or a limit at infinity, that is listed too.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from autograd import hessian

from optidemo.checks.tracing import Tracer

if TYPE_CHECKING:
    from collections.abc import Callable

    from optidemo.arrays import Matrix, Vector

__all__ = ["PROBLEMS", "TestFunction"]

STEP = 1e-30  # its square is nothing beside 1


@cache
def by_autograd(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return the function with autograd's numpy in place of numpy."""
    return Tracer(function).function


@dataclass(frozen=True)
class TestFunction:
    """One instance: residuals, the standard start, and the published minima of f."""

    __test__ = False  # pytest: this is data

    name: str
    residuals: Callable[[Any], Any]
    x0: tuple[float, ...]
    minima: tuple[float, ...]
    jacobian: Callable[[Any], Any] | None = None

    def fun(self, x: Any) -> Any:
        """Return f(x) = Σ rᵢ(x)²."""
        return np.sum(self.residuals(x) ** 2)

    def jac(self, x: Vector) -> Vector:
        """Return ∇f(x) = 2 Jᵀr, shape (d,), with r's Jacobian J as derived, or by the complex step.

        Im r(x + ih eⱼ)/h is ∂r/∂xⱼ to the last digits, and a tenth of autograd's work.
        """
        with np.errstate(all="ignore"):
            if self.jacobian is not None:
                J = self.jacobian(x)
            else:
                steps = 1j * STEP * np.eye(len(x))
                J = np.array([self.residuals(x + step).imag for step in steps]).T / STEP
            return np.asarray(2 * self.residuals(x) @ J)

    def hess(self, x: Vector) -> Matrix:
        """Return ∇²f(x) by automatic differentiation, shape (d, d)."""
        with np.errstate(all="ignore"):
            return np.asarray(hessian(self.traced)(x))

    def traced(self, x: Any) -> Any:
        """Return f(x) by autograd's numpy, which takes twice the time."""
        return (by_autograd(self.residuals)(x) ** 2).sum()

    def start(self, factor: float) -> Vector:
        """Return factor · x₀, as the paper's section 4 has it; a zero start becomes all `factor`."""
        x0 = np.array(self.x0)
        return np.asarray(factor * x0 if x0.any() or factor == 1 else np.full(x0.size, factor))


def helical_valley(x: Any) -> Any:
    """7. A valley on a helix."""
    turn = np.arctan(x[1] / x[0]) / (2 * np.pi) + np.where(np.real(x[0]) > 0, 0.0, 0.5)
    return np.array([10 * (x[2] - 10 * turn), 10 * (np.sqrt(x[0] ** 2 + x[1] ** 2) - 1), x[2]])


def biggs_exp6(x: Any) -> Any:
    """18. Three exponentials fitted to 13 points."""
    t = 0.1 * np.arange(1, 14)
    y = np.exp(-t) - 5 * np.exp(-10 * t) + 3 * np.exp(-4 * t)
    return x[2] * np.exp(-t * x[0]) - x[3] * np.exp(-t * x[1]) + x[5] * np.exp(-t * x[4]) - y


def gaussian(x: Any) -> Any:
    """9. A bell curve fitted to 15 points."""
    half = [0.0009, 0.0044, 0.0175, 0.0540, 0.1295, 0.2420, 0.3521]
    y, t = np.array([*half, 0.3989, *half[::-1]]), (8 - np.arange(1, 16)) / 2
    return x[0] * np.exp(-x[1] * (t - x[2]) ** 2 / 2) - y


def powell_badly_scaled(x: Any) -> Any:
    """3. Two variables six orders of magnitude apart."""
    return np.array([1e4 * x[0] * x[1] - 1, np.exp(-x[0]) + np.exp(-x[1]) - 1.0001])


def box(x: Any) -> Any:
    """12. Box's three-dimensional function, m = 10."""
    t = 0.1 * np.arange(1, 11)
    return np.exp(-t * x[0]) - np.exp(-t * x[1]) - x[2] * (np.exp(-t) - np.exp(-10 * t))


def variably_dimensioned(x: Any) -> Any:
    """25. A quadratic and a quartic in one sum."""
    s = np.arange(1, len(x) + 1) @ (x - 1)
    return np.concatenate([x - 1, np.array([s, s**2])])


def watson(x: Any) -> Any:
    """20. A polynomial solution of a differential equation; nearly singular for n = 12."""
    t, j = np.arange(1, 30)[:, None] / 29, np.arange(len(x))
    slope, value = (j[1:] * t ** (j[1:] - 1)) @ x[1:], t**j @ x
    return np.concatenate([slope - value**2 - 1, np.array([x[0], x[1] - x[0] ** 2 - 1])])


def watson_jacobian(x: Any) -> Any:
    """Return ∂rᵢ/∂xⱼ = (j − 1) tᵢ^(j−2) − 2 tᵢ^(j−1) Σₖ xₖ tᵢ^(k−1), and the two last rows."""
    t, j = np.arange(1, 30)[:, None] / 29, np.arange(len(x))
    powers = t**j
    J = -2 * (powers @ x)[:, None] * powers
    J[:, 1:] += j[1:] * powers[:, :-1]
    e = np.eye(len(x))
    return np.vstack([J, e[0], e[1] - 2 * x[0] * e[0]])


def penalty_1(x: Any) -> Any:
    """23. Near the sphere of radius one half."""
    return np.concatenate([np.sqrt(1e-5) * (x - 1), np.array([x @ x - 0.25])])


def penalty_2(x: Any) -> Any:
    """24. Exponentials and a weighted sphere."""
    n = len(x)
    e, i = np.exp(x / 10), np.arange(2, n + 1)
    y = np.exp(i / 10) + np.exp((i - 1) / 10)
    middle = np.concatenate([e[1:] + e[:-1] - y, e[1:] - np.exp(-0.1)])
    last = np.arange(n, 0, -1) @ x**2 - 1
    return np.concatenate([np.array([x[0] - 0.2]), np.sqrt(1e-5) * middle, np.array([last])])


def penalty_2_jacobian(x: Any) -> Any:
    """Return ∂rᵢ/∂xⱼ: a first row, two bands of exponentials, and the sphere's row."""
    n = len(x)
    D = np.sqrt(1e-5) * np.diag(np.exp(x / 10) / 10)
    return np.vstack([np.eye(n)[0], D[1:] + D[:-1], D[1:], 2 * np.arange(n, 0, -1) * x])


def brown_badly_scaled(x: Any) -> Any:
    """4. The solution is (10⁶, 2·10⁻⁶)."""
    return np.array([x[0] - 1e6, x[1] - 2e-6, x[0] * x[1] - 2])


def brown_and_dennis(x: Any) -> Any:
    """16. m = 20."""
    t = np.arange(1, 21) / 5
    return (x[0] + t * x[1] - np.exp(t)) ** 2 + (x[2] + x[3] * np.sin(t) - np.cos(t)) ** 2


def gulf(x: Any) -> Any:
    """11. Gulf research and development, m = 99."""
    t = np.arange(1, 100) / 100
    y = 25 + (-50 * np.log(t)) ** (2 / 3)
    return np.exp(-(((y - x[1]) ** 2) ** (x[2] / 2)) / x[0]) - t


def trigonometric(x: Any) -> Any:
    """26. Sines and cosines, with many minima."""
    n = len(x)
    return n - np.sum(np.cos(x)) + np.arange(1, n + 1) * (1 - np.cos(x)) - np.sin(x)


def rosenbrock(x: Any) -> Any:
    """21. The extended banana valley."""
    return np.concatenate([10 * (x[1::2] - x[::2] ** 2), 1 - x[::2]])


def powell_singular(x: Any) -> Any:
    """22. Extended; the Hessian at the solution has rank two in four."""
    a, b, c, d = x[::4], x[1::4], x[2::4], x[3::4]
    return np.concatenate(
        [a + 10 * b, np.sqrt(5) * (c - d), (b - 2 * c) ** 2, np.sqrt(10) * (a - d) ** 2]
    )


def powell_singular_jacobian(x: Any) -> Any:
    """Return ∂rᵢ/∂xⱼ, block by block of four variables."""
    a, b, c, d = np.eye(len(x)).reshape(-1, 4, len(x)).swapaxes(0, 1)
    bent, apart = (2 * (x[1::4] - 2 * x[2::4]))[:, None], (2 * (x[::4] - x[3::4]))[:, None]
    return np.vstack(
        [a + 10 * b, np.sqrt(5) * (c - d), bent * (b - 2 * c), np.sqrt(10) * apart * (a - d)]
    )


def beale(x: Any) -> Any:
    """5. A plateau between two valleys."""
    return np.array([1.5, 2.25, 2.625]) - x[0] * (1 - x[1] ** np.arange(1, 4))


def wood(x: Any) -> Any:
    """14. Two coupled banana valleys, with a point that is nearly stationary at f = 7.877."""
    return np.array(
        [
            10 * (x[1] - x[0] ** 2), 1 - x[0], np.sqrt(90) * (x[3] - x[2] ** 2), 1 - x[2],
            np.sqrt(10) * (x[1] + x[3] - 2), (x[1] - x[3]) / np.sqrt(10),
        ]
    )  # fmt: skip


def chebyquad(x: Any) -> Any:
    """35. Nodes of a quadrature with equal weights."""
    n = len(x)
    before, now, r = np.ones(n), 2 * x - 1, []
    for i in range(1, n + 1):
        r.append(np.mean(now) + (1 / (i * i - 1) if i % 2 == 0 else 0.0))
        before, now = now, 2 * (2 * x - 1) * now - before
    return np.array(r)


def chebyquad_jacobian(x: Any) -> Any:
    """Return ∂rᵢ/∂xⱼ = Tᵢ′(xⱼ)/n: autograd is slow on the recurrence."""
    y = 2 * x - 1
    before, now, d_before, d_now = np.ones(len(x)), y, np.zeros(len(x)), np.full(len(x), 2.0)
    J = []
    for _ in x:
        J.append(d_now / len(x))
        d_before, d_now = d_now, 4 * now + 2 * y * d_now - d_before
        before, now = now, 2 * y * now - before
    return np.array(J)


def _standard(n: int) -> tuple[float, ...]:
    return tuple(j / (n + 1) for j in range(1, n + 1))


PROBLEMS: tuple[TestFunction, ...] = (
    TestFunction("helical-valley", helical_valley, (-1.0, 0.0, 0.0), (0.0,)),
    TestFunction("biggs-exp6", biggs_exp6, (1.0, 2.0, 1.0, 1.0, 1.0, 1.0), (0.0, 5.65565e-3)),
    TestFunction("gaussian", gaussian, (0.4, 1.0, 0.0), (1.12793e-8,)),
    TestFunction("powell-badly-scaled", powell_badly_scaled, (0.0, 1.0), (0.0,)),
    TestFunction("box", box, (0.0, 10.0, 20.0), (0.0, 0.0755887)),  # the second at x₂ → ∞
    TestFunction(
        "variably-dimensioned-10", variably_dimensioned,
        tuple(1 - j / 10 for j in range(1, 11)), (0.0,),
    ),
    TestFunction("watson-6", watson, (0.0,) * 6, (2.28767e-3,), watson_jacobian),
    TestFunction("watson-9", watson, (0.0,) * 9, (1.39976e-6,), watson_jacobian),
    TestFunction("watson-12", watson, (0.0,) * 12, (4.72238e-10,), watson_jacobian),
    TestFunction("penalty-1-4", penalty_1, (1.0, 2.0, 3.0, 4.0), (2.24997e-5,)),
    TestFunction("penalty-1-10", penalty_1, tuple(range(1, 11)), (7.08765e-5,)),
    TestFunction("penalty-2-4", penalty_2, (0.5,) * 4, (9.37629e-6,), penalty_2_jacobian),
    TestFunction("penalty-2-10", penalty_2, (0.5,) * 10, (2.93660e-4,), penalty_2_jacobian),
    TestFunction("brown-badly-scaled", brown_badly_scaled, (1.0, 1.0), (0.0,)),
    TestFunction("brown-and-dennis", brown_and_dennis, (25.0, 5.0, -5.0, -1.0), (85822.2,)),
    TestFunction("gulf", gulf, (5.0, 2.5, 0.15), (0.0,)),
    TestFunction("trigonometric-10", trigonometric, (0.1,) * 10, (0.0, 2.79506e-5)),
    TestFunction("rosenbrock-2", rosenbrock, (-1.2, 1.0), (0.0,)),
    TestFunction("rosenbrock-10", rosenbrock, (-1.2, 1.0) * 5, (0.0,)),
    TestFunction(
        "powell-singular-4", powell_singular, (3.0, -1.0, 0.0, 1.0), (0.0,),
        powell_singular_jacobian,
    ),
    TestFunction(
        "powell-singular-8", powell_singular, (3.0, -1.0, 0.0, 1.0) * 2, (0.0,),
        powell_singular_jacobian,
    ),
    TestFunction("beale", beale, (1.0, 1.0), (0.0,)),
    TestFunction("wood", wood, (-3.0, -1.0, -3.0, -1.0), (0.0,)),
    TestFunction("chebyquad-8", chebyquad, _standard(8), (3.51687e-3,), chebyquad_jacobian),
    TestFunction("chebyquad-9", chebyquad, _standard(9), (0.0,), chebyquad_jacobian),
)  # fmt: skip
"""The 18 problems in 25 instances."""
