"""What an objective has is declared in `Objective`, with a default, and documented there."""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING

import numpy as np
import pytest

import optidemo
from optidemo.checks.derived import check_derived
from optidemo.objective import Objective
from optidemo.objectives.examples import EXAMPLES
from optidemo.plots.expansion import affordable

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from optidemo.arrays import Vector


class Bowl(Objective):
    """½‖x‖², with nothing but what the first of README's steps asks for."""

    d = 2

    def value(self, x: ArrayLike) -> float:
        """Return ½‖x‖²."""
        return float(0.5 * np.dot(self.point(x), self.point(x)))

    def gradient(self, x: ArrayLike) -> Vector:
        """Return x."""
        return self.point(x)


def test_every_declared_attribute_is_documented() -> None:
    doc = inspect.getdoc(Objective) or ""
    section = doc.split("Attributes\n----------\n")[1]
    documented = {
        name
        for line in re.findall(r"^([\w, ]+) :", section, re.MULTILINE)
        for name in line.split(", ")
    }
    declared = {name for name in Objective.__annotations__ if not name.startswith("_")}
    assert documented == declared | {"eigenvalues"}
    assert all(hasattr(Objective, name) for name in documented - {"d"})


def test_the_defaults_serve_an_objective_that_says_nothing_else() -> None:
    f = Bowl()
    assert optidemo.gradient_descent(f, [1.0, 2.0]).success
    assert all(check.passed for check in check_derived(f, 0))
    assert affordable(f)
    assert not any(f.offers(m) for m in ("hessian", "prox", "project", "closed_form"))
    with pytest.raises(NotImplementedError, match="must implement project"):
        f.project(np.ones(2))
    with pytest.raises(TypeError, match="must implement project"):
        optidemo.projected_gradient(f, [1.0, 2.0])


def test_a_factor_and_a_sum_keep_what_their_terms_declare() -> None:
    f = optidemo.UniformLikelihood([1.0, 2.0, 3.0])
    for c in (-1.0, 3.0):
        g = c * f
        assert (g.n, g.domain, g.offers("project")) == (3, f.domain, True)
        result = optidemo.projected_gradient(g)
        np.testing.assert_allclose(result.x, [1.0, 3.0], rtol=1e-9)
    assert (2.0 * optidemo.L1Norm(2)).coercive
    assert not (-optidemo.L1Norm(2)).coercive
    both = f + -0.1 * optidemo.SquaredL2Norm(2)
    assert (both.n, both.domain, both.offers("project")) == (3, f.domain, False)
    with pytest.raises(ValueError, match="a ≤ min x, b ≥ max x"):
        optidemo.gradient_descent(both, [2.0, 2.5])


def test_a_worked_example_on_the_whole_space_leaves_the_domain_to_the_other_term() -> None:
    slope = EXAMPLES[0]
    assert slope.whole_space
    likelihood = -optidemo.ExponentialLikelihood([1.0, 2.0])
    both = slope + likelihood
    assert both.domain == likelihood.domain == "λ > 0"
    assert not both.whole_space
