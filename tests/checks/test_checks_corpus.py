"""Every wrong gradient of the corpus is caught and named; no right one is accused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from gradient_corpus_losses import FAMILIES as LOSSES
from gradient_corpus_quadratics import FAMILIES as QUADRATICS
from gradient_corpus_scalars import FAMILIES as SCALARS

from optidemo import check_gradient

if TYPE_CHECKING:
    from gradient_corpus import Family, Function

FAMILIES = (*QUADRATICS, *LOSSES, *SCALARS)
WRONG = [
    pytest.param(
        f, kinds, g, f.dims[k % len(f.dims)], k % 2 == 0, id=f"{f.name}-{k}-{kinds.split()[0]}"
    )
    for f in FAMILIES
    for k, (kinds, g) in enumerate(f.wrong)
]
RIGHT = [
    pytest.param(f, g, d, id=f"{f.name}-{k}-d{d}")
    for f in FAMILIES
    for k, g in enumerate(f.right)
    for d in ((1, *f.dims) if len(f.dims) > 1 and k == 0 else f.dims[-1:])
]
VECTORS = [
    f for f in FAMILIES if f.name in {"linear", "quadratic", "ridge", "svm", "l2-norm", "gaussian"}
]


def test_the_corpus_is_large_enough() -> None:
    assert len(WRONG) >= 80
    assert len(RIGHT) >= 60


@pytest.mark.battery(6)
@pytest.mark.parametrize(("family", "kinds", "grad", "d", "given"), WRONG)
def test_a_wrong_gradient_is_caught_and_named(
    family: Family, kinds: str, grad: Function, d: int, given: bool
) -> None:
    x, args = family.make(d, np.random.default_rng(d))
    report = check_gradient(family.fun, grad, x if given or not args else None, args=args)
    assert not report.ok
    assert report.mistake is not None
    assert report.mistake.kind in kinds.split(), report.headline


@pytest.mark.battery(0)
@pytest.mark.parametrize(("family", "grad", "d"), RIGHT)
def test_a_right_gradient_is_not_accused(family: Family, grad: Function, d: int) -> None:
    x, args = family.make(d, np.random.default_rng(d))
    report = check_gradient(family.fun, grad, x, args=args)
    assert report.ok, report.headline


@pytest.mark.battery(6)
@pytest.mark.parametrize("shape", [(-1, 1), (1, -1)])
@pytest.mark.parametrize("family", VECTORS, ids=lambda f: f.name)
def test_columns_and_rows_are_as_good_as_vectors(family: Family, shape: tuple[int, int]) -> None:
    x, args = family.make(family.dims[-1], np.random.default_rng(3))

    def fun(x: Any, *args: Any) -> Any:
        return family.fun(x.reshape(-1), *args)

    def grad(x: Any, *args: Any) -> Any:
        return np.reshape(family.right[0](x.reshape(-1), *args), x.shape)

    report = check_gradient(fun, grad, x.reshape(shape), args=args)
    assert report.ok, report.headline
    report = check_gradient(fun, lambda x, *a: -grad(x, *a), x.reshape(shape), args=args)
    assert report.mistake is not None
    assert report.mistake.kind == "sign"
