"""-f, f + g and c * f are objectives again, with everything combined that can be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from instances import INSTANCES

from optidemo import (
    PCA,
    SVM,
    ExponentialLikelihood,
    Gaussian,
    GaussianLikelihood,
    L1Norm,
    L2Norm,
    Linear,
    LinearRegression,
    LogisticRegression,
    NoClosedForm,
    Quadratic,
    ReLU,
    SquaredL2Norm,
    Status,
    accelerated_gradient,
    gradient_descent,
    newton,
    proximal_gradient,
    solve,
    subgradient_descent,
)

if TYPE_CHECKING:
    from optidemo.objective import Objective

RNG = np.random.default_rng(21)
X = RNG.standard_normal((30, 3))
Y = RNG.standard_normal(30)
LABELS = (RNG.random(30) < 0.5).astype(float)
LOSS = LinearRegression(X, Y)
A = np.array([[2.0, 1.0, 0.0], [-1.0, 3.0, 0.5], [0.0, 0.2, 1.0]])  # not symmetric


@pytest.mark.parametrize("f", INSTANCES.values(), ids=INSTANCES)
@pytest.mark.parametrize("c", [-1.0, 2.5, -0.5])
def test_a_multiple_has_every_derivative(f: Objective, c: float) -> None:
    h = c * f
    x = f.sample(np.random.default_rng(4))
    assert h.value(x) == c * f.value(x)
    np.testing.assert_array_equal(h.gradient(x), c * f.gradient(x))
    assert (h.sense == f.sense) == (c > 0)
    assert h.offers("hessian") == f.offers("hessian")
    if f.offers("hessian"):
        np.testing.assert_array_equal(h.hessian(x), c * f.hessian(x))
    L = f.lipschitz()
    assert h.lipschitz() == (None if L is None else abs(c) * L)
    assert h.strong_convexity() == abs(c) * f.strong_convexity()
    assert h.optimum().status is f.optimum().status  # type: ignore[union-attr]
    assert h.offers("prox") == (f.offers("prox") and c > 0)
    np.testing.assert_array_equal(h.x0, f.x0)


def test_signs_and_factors_do_not_nest() -> None:
    f = Quadratic(A)
    assert -1 * -f is f
    assert repr(2 * (3 * f)) == repr(6 * f)
    assert (f / 2).value([1.0, 1, 1]) == f.value([1.0, 1, 1]) / 2
    assert len((f + f + f).terms) == 3  # type: ignore[attr-defined]
    with pytest.raises(ValueError, match="zero everywhere"):
        _ = 0 * f
    with pytest.raises(TypeError):
        _ = f + 1  # type: ignore[operator]
    with pytest.raises(TypeError):
        _ = "2" * f  # type: ignore[operator]


def test_opposite_senses_and_sizes_are_errors_that_name_both() -> None:
    with pytest.raises(ValueError, match=r"minimized.*maximized"):
        _ = Quadratic(A) + PCA(A)
    with pytest.raises(ValueError, match=r"3 variables.*has 2"):
        _ = Quadratic(A) + L1Norm(2)
    assert (Quadratic(A) - PCA(A)).sense == "minimize"


@pytest.mark.parametrize(
    "terms",
    [
        (LOSS, 0.3 * SquaredL2Norm(3)),
        (LogisticRegression(X, LABELS), SquaredL2Norm(3), Linear([1.0, -2.0, 0.5])),
        (Quadratic(A), Linear([1.0, 2.0, 3.0])),
        (-GaussianLikelihood([1.0, 2.0], 1.0), SquaredL2Norm(1)),
        (ExponentialLikelihood([1.0, 2.0]), -2.0 * SquaredL2Norm(1)),
        (LOSS, 0.5 * L1Norm(3)),
        (LogisticRegression(X, LABELS), L2Norm(3)),
        (SVM(X, 2 * LABELS - 1), 0.5 * SquaredL2Norm(3)),
    ],
    ids=lambda t: " + ".join(map(repr, t)),
)
def test_a_sum_combines_what_its_terms_have(terms: tuple[Objective, ...]) -> None:
    f = terms[0]
    for term in terms[1:]:
        f = f + term
    x = abs(terms[0].sample(np.random.default_rng(5)))
    assert f.value(x) == pytest.approx(sum(t.value(x) for t in terms), rel=1e-14)
    np.testing.assert_allclose(f.gradient(x), sum(t.gradient(x) for t in terms), rtol=1e-13)
    value, g = f.value_and_gradient(x)
    assert value == pytest.approx(f.value(x), rel=1e-12)
    np.testing.assert_allclose(g, f.gradient(x), rtol=1e-10, atol=1e-12)
    assert f.offers("hessian") == all(t.offers("hessian") for t in terms)
    if f.offers("hessian"):
        np.testing.assert_allclose(f.hessian(x), sum(t.hessian(x) for t in terms), rtol=1e-13)
    assert f.smooth == all(t.smooth for t in terms)
    L, rng = f.lipschitz(), np.random.default_rng(21)
    if L is not None:
        for _ in range(10):
            y = abs(terms[0].sample(rng))
            change = np.linalg.norm(f.gradient(y) - f.gradient(x))
            assert change <= L * np.linalg.norm(y - x) * (1 + 1e-9)


def test_ridge_has_the_closed_form_of_the_normal_equations() -> None:
    for f in (LOSS + 0.3 * SquaredL2Norm(3), 2 * LOSS + 0.3 * SquaredL2Norm(3)):
        c = 1.0 if f.terms[0] is LOSS else 2.0  # type: ignore[attr-defined]
        wanted = np.linalg.solve(c * X.T @ X + 0.6 * np.eye(3), c * X.T @ Y)
        np.testing.assert_allclose(f.closed_form(), wanted, rtol=1e-11)
        res = solve(f)
        assert res.success
        np.testing.assert_allclose(res.x, wanted, rtol=1e-11)


def test_a_shifted_quadratic_has_a_closed_form_and_an_indefinite_one_has_none() -> None:
    y = np.array([1.0, 2.0, 3.0])
    f = Quadratic(A) + Linear(y)
    np.testing.assert_allclose(f.closed_form(), np.linalg.solve(A + A.T, -y), rtol=1e-12)
    with pytest.raises(NoClosedForm, match="not positive definite"):
        (Quadratic(np.diag([1.0, -1.0, 2.0])) + Linear(y)).closed_form()
    with pytest.raises(NoClosedForm, match="not all quadratic"):
        (LogisticRegression(X, LABELS) + SquaredL2Norm(3)).closed_form()


def test_the_proximal_operator_of_a_sum_is_that_of_its_one_term_with_a_kink() -> None:
    lasso = LOSS + 0.5 * L1Norm(3)
    assert lasso.offers("prox")
    np.testing.assert_array_equal(lasso.prox(np.array([2.0, -0.1, 0.3]), 1.0), [1.5, 0.0, 0.0])
    two = LOSS + L1Norm(3) + ReLU([1.0, 2.0, -1.0])
    assert not two.offers("prox")
    with pytest.raises(NotImplementedError, match="exactly one term"):
        two.prox(np.zeros(3), 1.0)


PENALTIES = [L1Norm(3), L2Norm(3), 0.5 * L1Norm(3) + 2 * L2Norm(3)]


def test_norms_have_a_joint_proximal_operator() -> None:
    """Its definition: a minimiser of h(u) + ‖u − x‖²/(2t), and x − u in t ∂h(u)."""
    f: Any = LOSS + L1Norm(3) + 2 * L2Norm(3) + 3 * L1Norm(3)
    h = f.nonsmooth
    assert h is not None
    assert f.smooth_part is LOSS
    rng = np.random.default_rng(8)
    for scale in (0.3, 3.0, 30.0):
        for _ in range(10):
            x, t = scale * rng.standard_normal(3), float(rng.uniform(0.1, 2.0))
            u = f.prox(x, t)
            assert h.subdifferential_distance(u, (x - u) / t) <= 1e-12 * scale
            others = u + 0.1 * scale * rng.standard_normal((20, 3))
            lowest = h.value(u) + (u - x) @ (u - x) / (2 * t)
            assert all(h.value(v) + (v - x) @ (v - x) / (2 * t) >= lowest for v in others)
            assert h.subdifferential_distance(x, h.gradient(x)) <= 1e-14
            assert h.subdifferential_distance(x, 1.1 * h.gradient(x)) > 0.1


def test_a_sum_of_norms_has_its_minimum_at_zero() -> None:
    for f in (3 * L1Norm(3) + 2 * L2Norm(3), L1Norm(3) + SquaredL2Norm(3), L2Norm(2) + L2Norm(2)):
        assert f.offers("closed_form")
        res = solve(f)
        assert res.success, res.message
        np.testing.assert_array_equal(res.x, 0)
    assert not (LOSS + L1Norm(3)).offers("closed_form")


@pytest.mark.parametrize("penalty", PENALTIES, ids=repr)
@pytest.mark.parametrize("loss", [LOSS, LogisticRegression(X, LABELS)], ids=repr)
@pytest.mark.parametrize("accelerated", [True, False])
def test_every_loss_with_every_penalty(
    loss: Objective, penalty: Objective, *, accelerated: bool
) -> None:
    """The certificate: −∇loss is a subgradient of the penalty at the answer."""
    f = loss + 1.5 * penalty
    res = proximal_gradient(f, accelerated=accelerated)
    assert res.success, res.message
    assert f.stationarity(res.x) <= 1e-6
    rng = np.random.default_rng(6)
    for _ in range(30):
        assert f.value(res.x + 0.1 * rng.standard_normal(3)) >= res.fun - 1e-10


SOLVERS: list[Any] = [gradient_descent, accelerated_gradient, newton, subgradient_descent]


@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize(
    ("cls", "y"), [(LinearRegression, Y), (LogisticRegression, LABELS)], ids=["linear", "logistic"]
)
def test_the_same_data_twice_take_the_same_iterations(solver: Any, cls: Any, y: Any) -> None:
    """The lecture's sums are sums: no stopping rule may depend on n or on the unit of f.

    A factor that is a power of two changes no digit at all.
    """
    once = solver(cls(X, y), maxiter=300)
    scaled = solver(1024.0 * cls(X, y), maxiter=300)
    assert (scaled.nit, scaled.status) == (once.nit, once.status)
    np.testing.assert_allclose(scaled.x, once.x, rtol=1e-9, atol=1e-12)
    twice = solver(cls(np.vstack([X, X]), np.concatenate([y, y])), maxiter=300)
    assert abs(twice.nit - once.nit) <= 1  # sums in another order round differently
    assert twice.status == once.status
    np.testing.assert_allclose(twice.x, once.x, rtol=1e-5, atol=1e-6)


def test_terms_that_do_not_touch_are_optimised_apart() -> None:
    """Separability: a block diagonal problem has the blocks' minimisers."""
    B = np.array([[2.0, 1.0], [-0.5, 1.0]])
    whole = np.zeros((4, 4))
    whole[:2, :2], whole[2:, 2:] = B, 3 * B
    y = np.array([1.0, 2.0, -1.0, 0.5])
    f = Quadratic(whole) + Linear(y)
    parts = [Quadratic(B) + Linear(y[:2]), Quadratic(3 * B) + Linear(y[2:])]
    np.testing.assert_allclose(
        newton(f).x, np.concatenate([newton(p).x for p in parts]), atol=1e-12
    )


def test_a_strongly_convex_sum_of_separable_data_has_a_minimum() -> None:
    separable = LogisticRegression([[1.0], [2.0], [-1.0]], [1, 1, 0])
    assert solve(separable).status is Status.NOT_ATTAINED
    assert solve(separable + 0.1 * SquaredL2Norm(1)).success


@settings(max_examples=30, deadline=None)
@given(a=st.floats(0.01, 100), b=st.floats(0.01, 100))
def test_the_algebra_is_linear(a: float, b: float) -> None:
    f, g, x = Quadratic(A), Linear([1.0, 2.0, 3.0]), np.array([0.3, -1.0, 2.0])
    h = a * f + b * g
    assert h.value(x) == pytest.approx(a * f.value(x) + b * g.value(x), rel=1e-12, abs=1e-12)
    np.testing.assert_allclose(h.gradient(x), a * f.gradient(x) + b * g.gradient(x), rtol=1e-12)


def test_a_term_that_is_not_convex_leaves_no_strong_convexity() -> None:
    f = -Gaussian(np.eye(2)) + 0.25 * SquaredL2Norm(2)
    assert f.strong_convexity() == 0.0
    assert np.linalg.eigvalsh(f.hessian([1.0, 0.0]))[0] < 0.0


def test_a_factor_is_written_with_the_digits_that_it_has() -> None:
    assert repr(1.0000001 * SquaredL2Norm(2)) == "1.0000001 * SquaredL2Norm(d=2)"
    assert repr(2.0 * SquaredL2Norm(2)) == "2 * SquaredL2Norm(d=2)"
