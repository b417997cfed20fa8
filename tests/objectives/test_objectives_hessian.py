"""Hessians against autograd, and what is said of their eigenvalues: convexity, μ and L."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import autograd
import numpy as np
import pytest
from instances import INSTANCES

from optidemo.checks.textbook import textbook
from optidemo.objectives.examples import EXAMPLES

if TYPE_CHECKING:
    from optidemo.objective import Objective

CURVED = {name: f for name, f in INSTANCES.items() if f.offers("hessian")}
EXAMPLE = {f.title: f for f in EXAMPLES}


def points(f: Objective) -> list[Any]:
    """Return the start, random points, and the origin where the domain has it."""
    rng = np.random.default_rng(5)
    origin = [np.zeros(f.d)] if f.smooth and f.contains(np.zeros(f.d)) else []
    return [f.x0, *origin, *(f.sample(rng) for _ in range(8))]


def differs(f: Objective) -> bool:
    """Is the Hessian another one than autograd's of the textbook formula?"""
    witness = autograd.hessian(textbook(f))
    for x in points(f)[-2:]:
        H, wanted = f.hessian(x), witness(x)
        if np.abs(H - wanted).max() > 1e-8 * max(1e-3, np.abs(wanted).max()):
            return True
    return False


def refuted(f: Objective) -> set[str]:
    """Return what is said of the eigenvalues and does not hold at some point."""
    sign = 1.0 if f.sense == "minimize" else -1.0
    xs = points(f)
    h = np.array([np.linalg.eigvalsh(sign * f.hessian(x)) for x in xs])
    lowest, largest = h.min(), np.abs(h).max()
    rounding = 1e-12 * largest
    L, mu = f.lipschitz(), f.strong_convexity()
    holds = {
        "convex": not f.convex or lowest >= -rounding,
        "mu": mu == 0 or lowest >= mu - rounding,
        "L": L is None or largest <= L + rounding,
        "constant": not f.constant_hessian or np.ptp(h, axis=0).max() <= rounding,
    }
    return {claim for claim, right in holds.items() if not right}


@pytest.mark.filterwarnings("ignore:Output seems independent")  # a linear f has ∇²f = 0
@pytest.mark.parametrize("f", CURVED.values(), ids=CURVED)
def test_the_hessian_and_its_eigenvalues_are_as_stated(f: Objective) -> None:
    assert not differs(f)
    assert not refuted(f)


def scaled_hessian(f: Objective, c: float, x: Any) -> Any:
    return c * f.hessian(x)


@pytest.mark.parametrize("title", ["slope", "method-1b", "quick-2", "list-4", "final-2", "final-3"])
def test_a_wrong_hessian_would_be_seen(title: str) -> None:
    f = EXAMPLE[title]
    for factor in (-1.0, 0.5, 1.0 + 1e-6):
        wrong: Any = partial(scaled_hessian, f, factor)
        assert differs(replace(f, hess=wrong))


def test_wrong_constants_would_be_seen() -> None:
    for title in ("slope", "final-2", "final-3"):
        f = EXAMPLE[title]
        assert refuted(replace(f, mu=1.01 * f.mu)) == {"mu"}
    for title in ("slope", "method-1a", "final-2"):
        f = EXAMPLE[title]
        assert f.L is not None
        assert refuted(replace(f, L=0.99 * f.L)) == {"L"}
    for title in ("quick-1", "list-4", "final-3", "final-4"):
        assert refuted(replace(EXAMPLE[title], constant_hessian=True)) == {"constant"}


@pytest.mark.parametrize("f", EXAMPLES, ids=lambda f: f.title)
class TestExamples:
    """A worked example says all that holds of it, not only things that hold."""

    def test_it_has_a_hessian_unless_it_has_a_kink(self, f: Any) -> None:
        assert f.offers("hessian") is f.smooth
        assert f.hessian_formula
        if f.smooth:
            assert "convex" in refuted(replace(f, convex=True)) or f.convex

    def test_no_smaller_l_would_do_and_none_is_none_at_all(self, f: Any) -> None:
        if not f.smooth:
            return
        way = np.linspace(-0.3, 0.3, 601)  # σ″ is largest where wᵀx = ±1.3
        far = [0.0, 40.0, -40.0, 1e-4]
        xs = [t * np.ones(f.d) for t in [*way, *far]]
        largest = max(np.abs(f.hessian(x)).sum() for x in xs if f.contains(x))
        if f.L is None:
            assert largest > 1e6
            return
        largest = max(np.linalg.norm(f.hessian(x), 2) for x in xs if f.contains(x))
        assert largest == pytest.approx(f.L, rel=1e-4, abs=1e-12)

    def test_the_stationary_points_are_those_named(self, f: Any) -> None:
        rng = np.random.default_rng(6)
        if "nowhere zero" in f.verdict.reason:
            assert all(np.abs(f.gradient(f.sample(rng))).max() > 0 for _ in range(20))
            return
        x = {
            "single": [np.log(2)],
            "real-life": [0.24801112614149604],
            "quick-2": [0.8211519, 0.3784585],
        }
        at = np.array(x.get(f.title, f.best))
        assert np.abs(f.gradient(at)).max() < 1e-5
        if f.smooth:
            h = np.linalg.eigvalsh(f.hessian(at))
            flat = 1 if f.title == "several-outputs" else 0  # the minima are a line
            maximum = "maximum" in f.verdict.reason
            assert ((-h if maximum else h) > 1e-12).sum() == f.d - flat
