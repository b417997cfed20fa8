"""What every registered objective promises; a new one is tested by being registered."""

from __future__ import annotations

import contextlib
import itertools
from typing import TYPE_CHECKING, Any

import autograd
import numpy as np
import pytest
import scipy.differentiate
from hypothesis import given, settings, strategies as st
from instances import CLASSES, INSTANCES, make

from optidemo import DomainError, NoClosedForm, objectives
from optidemo.checks.textbook import textbook
from optidemo.objectives import PCA, L1Norm, L2Norm, SquaredL2Norm
from optidemo.objectives.activation import ReLU
from optidemo.objectives.finite_sum import FiniteSum

if TYPE_CHECKING:
    from optidemo.objective import Objective

OBJECTIVES: dict[str, Any] = dict(objectives.OBJECTIVES)
EVERY = pytest.mark.parametrize("f", INSTANCES.values(), ids=INSTANCES)


def points(f: Objective, n: int = 4) -> list[Any]:
    rng = np.random.default_rng(11)
    return [f.sample(rng) for _ in range(n)]


def sign(f: Objective) -> float:
    return 1.0 if f.sense == "minimize" else -1.0


def close(actual: Any, wanted: Any, tolerance: float) -> None:
    scale = max(float(np.abs(wanted).max()), 1e-3)
    np.testing.assert_allclose(actual, wanted, rtol=tolerance, atol=tolerance * scale)


def test_every_objective_of_the_registry_has_instances() -> None:
    assert set(CLASSES) == set(OBJECTIVES.values())
    assert len({f.number for f in OBJECTIVES.values()}) == len(OBJECTIVES)


@EVERY
def test_the_domain_is_in_words_exactly_where_it_is_not_the_whole_space(f: Objective) -> None:
    assert bool(f.domain) is not f.whole_space


@EVERY
class TestDerivatives:
    """Value, gradient and Hessian agree with each other and with two witnesses."""

    def test_types_and_shapes(self, f: Objective) -> None:
        for x in points(f):
            assert type(f.value(x)) is float
            assert f(x) == f.value(x)
            assert np.isfinite(f.value(x))
            assert f.gradient(x).shape == (f.d,)
            assert f.gradient(x).dtype == np.float64
            assert f.contains(x)
        assert f.x0.shape == (f.d,)
        assert f.contains(f.x0)

    def test_the_gradient_agrees_with_autograd_on_the_textbook_formula(self, f: Objective) -> None:
        formula = textbook(f)
        assert formula is not None
        for x in points(f):
            assert f.value(x) == pytest.approx(float(formula(x)), rel=1e-10, abs=1e-12)
            close(f.gradient(x), autograd.grad(formula)(x), 1e-9)

    def test_a_wrong_gradient_would_be_seen(self, f: Objective) -> None:
        """Plant the usual mistakes: the comparison above must not be too lax to see them."""
        gradient = autograd.grad(textbook(f))
        x = next((x for x in points(f, 8) if gradient(x).any()), f.x0)
        g, mine = gradient(x), f.gradient(x)
        planted = [-mine, 2 * mine, mine * (1 + 1e-6)]
        if isinstance(f, PCA) and f.d == 1:  # its sphere is two points: the gradient is zero
            planted = [mine + 1e-9]
        for wrong in planted:
            with pytest.raises(AssertionError):
                close(wrong, g, 1e-9)

    def test_the_gradient_agrees_with_differences(self, f: Objective) -> None:
        for x in points(f, 2):
            for i in range(f.d):
                e = np.eye(f.d)[i]

                def along(t: Any, x: Any = x, e: Any = e) -> Any:
                    return np.vectorize(lambda s: f.value(x + s * e), otypes=[float])(t)

                # The step keeps within the domain and, mostly, away from a kink.
                slope = scipy.differentiate.derivative(along, 0.0, initial_step=1e-3)
                allowed = 1e-5 * max(1.0, abs(slope.df)) + 10 * slope.error
                assert abs(f.gradient(x)[i] - slope.df) <= allowed

    def test_value_and_gradient_are_the_two(self, f: Objective) -> None:
        for x in points(f):
            value, g = f.value_and_gradient(x)
            assert value == pytest.approx(f.value(x), rel=1e-12, abs=1e-12)
            close(g, f.gradient(x), 1e-12)

    def test_the_hessian_is_the_derivative_of_the_gradient(self, f: Objective) -> None:
        if not f.offers("hessian"):
            with pytest.raises(NotImplementedError, match="must implement hessian"):
                f.hessian(f.x0)
            return
        for x in points(f, 2):
            H = f.hessian(x)
            assert H.shape == (f.d, f.d)
            np.testing.assert_allclose(H, H.T, rtol=1e-12, atol=1e-12)
            h = 1e-5 * max(1e-2, float(np.abs(x).min()))
            columns = [
                (f.gradient(x + h * e) - f.gradient(x - h * e)) / (2 * h) for e in np.eye(f.d)
            ]
            close(H, np.array(columns), 1e-5)
            value, g, again = f.derivatives(x)
            assert value == pytest.approx(f.value(x), rel=1e-12, abs=1e-12)
            close(g, f.gradient(x), 1e-12)
            close(again, H, 1e-12)

    def test_the_input_is_not_changed_and_no_memory_is_shared(self, f: Objective) -> None:
        x = points(f)[0]
        kept = x.copy()
        first = f.gradient(x)
        first[:] = np.nan
        f.value(x), f.value_and_gradient(x)
        if f.offers("hessian"):
            f.hessian(x)[:] = np.nan
            assert np.isfinite(f.hessian(x)).all()
        np.testing.assert_array_equal(x, kept)
        assert np.isfinite(f.gradient(x)).all()


@EVERY
class TestInput:
    """What a point may look like."""

    def test_lists_integers_float32_and_array_likes(self, f: Objective) -> None:
        class Column:
            """Like a pandas Series: it only knows how to become an array."""

            def __init__(self, values: Any) -> None:
                self.values = values

            def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
                return np.array(self.values, dtype=dtype)

        x = points(f)[0]
        assert f.value(list(x)) == f.value(x)
        assert f.value(Column(x)) == f.value(x)
        single = x.astype(np.float32)
        assert f.value(single) == f.value(single.astype(float))
        whole = np.ceil(np.abs(f.x0)).astype(int) + np.arange(f.d) * 3
        if f.contains(whole):
            assert f.value(whole) == f.value(whole.astype(float))
            np.testing.assert_array_equal(f.gradient(whole), f.gradient(whole.astype(float)))

    def test_a_column_is_refused_with_both_shapes(self, f: Objective) -> None:
        match = rf"\({f.d},\).*\({f.d}, 1\)"
        for call in (f.value, f.gradient, f.contains):
            with pytest.raises(ValueError, match=match):
                call(f.x0[:, None])
        with pytest.raises(ValueError, match=rf"\({f.d},\).*\({f.d + 1},\)"):
            f.gradient(np.zeros(f.d + 1))

    def test_text_and_complex_numbers_are_refused(self, f: Objective) -> None:
        with pytest.raises(TypeError):
            f.value(["a"] * f.d)
        with pytest.raises(TypeError):
            f.value(f.x0 + 1j)

    def test_outside_the_domain_the_value_is_infinite_and_the_gradient_raises(
        self, f: Objective
    ) -> None:
        for x in (np.full(f.d, -1.0), np.zeros(f.d), np.full(f.d, 1.5), -np.arange(1.0, f.d + 1)):
            if not f.contains(x):
                assert f.value(x) == sign(f) * np.inf
                with pytest.raises(DomainError):
                    f.gradient(x)


@EVERY
class TestExtremes:
    """Finite where the mathematics is."""

    @pytest.mark.parametrize("scale", [1e-300, 1e-10, 1e3])
    def test_far_and_near(self, f: Objective, scale: float) -> None:
        x = scale * np.where(np.arange(f.d) % 2 == 0, 1.0, -1.0)
        if not f.contains(x):
            return
        assert not np.isnan(f.value(x))
        if scale < 1 or not any(grows in f.formula for grows in ("e^", "eˣ", "exp(")):
            assert np.isfinite(f.value(x))
            assert np.isfinite(f.gradient(x)).all()

    def test_bounds(self, f: Objective) -> None:
        """L bounds the change of the gradient, and is reached by quadratics; μ likewise below."""
        L, mu = f.lipschitz(), f.strong_convexity()
        xs = points(f, 12)
        ratios, curvatures = [], []
        for x, y in itertools.pairwise(xs):
            change, way = f.gradient(y) - f.gradient(x), y - x
            ratios.append(np.linalg.norm(change) / np.linalg.norm(way))
            curvatures.append(sign(f) * (change @ way) / (way @ way))
        if L is not None:
            assert max(ratios) <= L * (1 + 1e-9) + 1e-12
        assert min(curvatures) >= mu * (1 - 1e-9) - 1e-9 or mu == 0
        if f.constant_hessian and L is not None:
            h = np.linalg.eigvalsh(sign(f) * f.hessian(f.x0))
            assert pytest.approx(np.abs(h).max(), rel=1e-9, abs=1e-12) == L
            assert mu == pytest.approx(max(h[0], 0.0), rel=1e-9, abs=1e-9)


@EVERY
class TestOptimum:
    """What is known of the optimum holds."""

    def test_the_closed_form_is_optimal(self, f: Objective) -> None:
        known = f.optimum()
        assert known is not None
        assert known.reason
        best: Any = None
        with contextlib.suppress(NoClosedForm):
            best = f.closed_form()
        if best is None:
            with pytest.raises(NoClosedForm, match=r"\w{3,}"):  # it says why
                f.closed_form()
            return
        assert best.shape == (f.d,)
        start = max(f.optimality(f.x0), 1.0)
        tolerance = 1e-3 if f.name == "" else 1e-9  # an example's minimiser is printed with digits
        assert f.optimality(best) <= tolerance * start
        if f.name == "pca":
            return
        rng = np.random.default_rng(3)
        for _ in range(20):
            x = best + 10.0 ** rng.uniform(-6, 1) * rng.standard_normal(f.d)
            if f.contains(x):
                rounding = 1e-12 * max(1.0, abs(f.value(best)))
                assert sign(f) * (f.value(x) - f.value(best)) >= -rounding

    def test_a_direction_shows_why_there_is_none(self, f: Objective) -> None:
        known = f.optimum()
        assert known is not None
        if known.direction is None or known.attained:
            return
        x, v = f.x0, known.direction
        values = [sign(f) * f.value(x + t * v) for t in (0.0, 1.0, 2.0, 4.0)]
        inside = [b - a for a, b in itertools.pairwise(values) if np.isfinite(b)]
        assert all(step < 0 for step in inside) or known.status.name == "NOT_ATTAINED"

    def test_convexity(self, f: Objective) -> None:
        if not f.convex:
            return
        for x, y in zip(points(f, 10), points(f, 11)[1:], strict=True):
            middle = sign(f) * f.value(0.5 * (x + y))
            chord = 0.5 * sign(f) * (f.value(x) + f.value(y))
            assert middle <= chord + 1e-9 * (1 + abs(chord))

    def test_prox(self, f: Objective) -> None:
        """X − prox(x) is t times a subgradient there, and no step away is longer than ‖x − y‖."""
        if not f.offers("prox"):
            with pytest.raises(NotImplementedError, match="must implement prox"):
                f.prox(f.x0, 1.0)
            return
        xs = [3 * x for x in points(f, 6)]
        for x, y in itertools.pairwise(xs):
            for t in (1e-3, 0.7, 50.0):
                p, q = f.prox(x, t), f.prox(y, t)
                assert f.subdifferential_distance(p, (x - p) / t) <= 1e-9 * (
                    1 + np.linalg.norm(x) / t
                )
                assert (p - q) @ (p - q) <= (p - q) @ (x - y) + 1e-12


KINKED = [L1Norm(3), L2Norm(3), ReLU([1.0, -2.0, 0.5]), make(OBJECTIVES["svm"], 2)]


@pytest.mark.parametrize("f", KINKED, ids=repr)
def test_the_gradient_at_a_kink_is_a_subgradient(f: Objective) -> None:
    x = np.zeros(f.d)
    g = f.gradient(x)
    rng = np.random.default_rng(8)
    for _ in range(50):
        y = rng.standard_normal(f.d)
        assert f.value(y) >= f.value(x) + g @ (y - x) - 1e-12
    assert f.subdifferential_distance(x, g) <= 1e-12
    assert f.subdifferential_distance(x, g + 100.0) > 1.0


SUMS = [f for f in INSTANCES.values() if isinstance(f, FiniteSum)]


@pytest.mark.parametrize("f", SUMS, ids=repr)
def test_the_same_data_twice_double_everything(f: FiniteSum) -> None:
    X, y = np.vstack([f.rows.X] * 2), np.concatenate([f.rows.y] * 2)
    double = type(f)(X, y)
    for x in points(f):
        assert double.value(x) == pytest.approx(2 * f.value(x), rel=1e-12)
        close(double.gradient(x), 2 * f.gradient(x), 1e-12)


@pytest.mark.parametrize("f", SUMS, ids=repr)
def test_batches_add_up_to_the_gradient(f: FiniteSum) -> None:
    x = points(f)[0]
    parts = [f.batch_gradient(x, part) for part in np.array_split(np.arange(f.n), 5)]
    close(np.sum(parts, axis=0), f.gradient(x), 1e-12)


def test_logits_of_ten_thousand_overflow_nothing() -> None:
    for name in ("logistic-regression", "logistic", "sigmoid", "svm"):
        f = make(OBJECTIVES[name], 2)
        for scale in (1e4, -1e4):
            x = np.full(f.d, scale)
            assert np.isfinite(f.value(x))
            assert np.isfinite(f.gradient(x)).all()


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_data_that_are_not_finite_are_refused_with_their_place(bad: float) -> None:
    with pytest.raises(ValueError, match=r"\[1\]"):
        OBJECTIVES["linear"]([1.0, bad])
    with pytest.raises(ValueError, match=r"\[1, 0\]|row 1|row 2"):
        OBJECTIVES["linear-regression"]([[1.0], [bad], [2.0]], [1.0, 2.0, 3.0])
    with pytest.raises(ValueError, match=r"\[0, 1\]"):
        OBJECTIVES["quadratic"]([[1.0, bad], [0.0, 1.0]])


VECTORS = st.lists(st.floats(-1e3, 1e3), min_size=3, max_size=3).map(np.array)


@settings(max_examples=40, deadline=None)
@given(x=VECTORS, y=VECTORS, c=st.floats(-5, 5), t=st.floats(1e-3, 1e3))
def test_laws_of_norms(x: Any, y: Any, c: float, t: float) -> None:
    """Triangle inequality, homogeneity, and firm nonexpansiveness of the proximal operator."""
    for norm in (L1Norm(3), L2Norm(3)):
        assert norm.value(x + y) <= (norm.value(x) + norm.value(y)) * (1 + 1e-12)
        assert norm.value(c * x) == pytest.approx(abs(c) * norm.value(x), rel=1e-12, abs=1e-300)
    for f in (L1Norm(3), L2Norm(3), SquaredL2Norm(3)):
        p, q = f.prox(x, t), f.prox(y, t)
        slack = 1e-9 * (1 + float(x @ x + y @ y))
        assert (p - q) @ (p - q) <= (p - q) @ (x - y) + slack


@settings(max_examples=40, deadline=None)
@given(x=VECTORS, y=VECTORS, c=st.floats(-5, 5))
def test_gradients_of_quadratics_are_linear(x: Any, y: Any, c: float) -> None:
    f = make(OBJECTIVES["quadratic"], 2)
    x, y = x[:2], y[:2]
    close(f.gradient(x + c * y), f.gradient(x) + c * f.gradient(y), 1e-9)


@settings(max_examples=40, deadline=None)
@given(
    data=st.lists(st.integers(-1000, 1000), min_size=2, max_size=20),
    shift=st.integers(-(2**20), 2**20),
)
def test_the_mean_moves_with_its_data(data: list[int], shift: int) -> None:
    cls = OBJECTIVES["gaussian-mle"]
    mean, moved = (cls([x + s for x in data], 2.0).closed_form()[0] for s in (0, shift))
    assert moved == pytest.approx(mean + shift, rel=1e-14, abs=1e-9)


INDEFINITE = [[1.0, 2.0], [0.0, -3.0]]
SOME_WITHOUT = [
    OBJECTIVES["linear"]([0.0, 0.0]), OBJECTIVES["quadratic"](INDEFINITE),
    OBJECTIVES["gaussian"](INDEFINITE), OBJECTIVES["pca"](INDEFINITE, 0.0),
    OBJECTIVES["bernoulli-mle"]([1, 1]), OBJECTIVES["poisson-mle"]([0, 0]),
    OBJECTIVES["quadratic"](INDEFINITE) + OBJECTIVES["linear"]([1.0, 1.0]),
    -OBJECTIVES["linear"]([1.0]), -OBJECTIVES["quadratic"](INDEFINITE),
    OBJECTIVES["linear"]([1.0]) + SquaredL2Norm(1), SquaredL2Norm(2) + L1Norm(2),
]  # fmt: skip


@pytest.mark.parametrize("f", [*INSTANCES.values(), *SOME_WITHOUT], ids=repr)
def test_a_closed_form_is_offered_exactly_where_there_is_one(f: Objective) -> None:
    try:
        f.closed_form()
        there = True
    except NoClosedForm:
        there = False
    assert f.offers("closed_form") is there


def test_the_multiplier_is_any_eigenvalue_and_its_sign_is_free() -> None:
    values, vectors = np.linalg.eigh([[1.0, 1.0], [1.0, -3.0]])  # the symmetric part
    assert values[0] < 0 < values[1]
    for lam, v in zip(values, vectors.T, strict=True):
        np.testing.assert_allclose(PCA(INDEFINITE, lam).gradient(v), 0.0, atol=1e-14)


def test_labels_that_do_not_fit_are_listed() -> None:
    for name in ("logistic-regression", "svm"):
        with pytest.raises(ValueError, match=r"but holds 2, 3\."):
            OBJECTIVES[name]([[1.0], [2.0]], [3, 2])
        with pytest.raises(ValueError, match=r"but holds 1, 2, 3, 4, …\."):
            OBJECTIVES[name]([[1.0]] * 5, [1, 2, 3, 4, 5])


def test_data_that_are_missing_are_named() -> None:
    for name in ("linear-regression", "logistic-regression", "svm"):
        with pytest.raises(TypeError, match="X is None"):
            OBJECTIVES[name](None, None)
        with pytest.raises(TypeError, match="y is None"):
            OBJECTIVES[name]([[1.0]], None)
    for name in ("linear", "relu", "logistic", "exponential-mle"):
        with pytest.raises(ValueError, match="is empty"):
            OBJECTIVES[name]([])
