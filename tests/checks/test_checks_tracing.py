"""What autograd's versions are loaded for."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import scipy
from scipy.special import expit

from optidemo.checks import tracing
from optidemo.checks.tracing import Tracer

X = np.array([0.3, -1.2])


def jacobian(fun: Any, expected: float) -> Any:
    return Tracer(fun).jacobian(X, (), np.array([expected]))


def test_scipys_versions_are_loaded_for_functions_that_use_scipy_and_no_others() -> None:
    tracing._scipys.cache_clear()

    def plain(x: Any) -> Any:
        return np.sum(np.exp(x)) + np.linalg.norm(x) + math.exp(x[0])

    value = float(plain(X))
    slope = np.exp(X) + X / np.linalg.norm(X) + [math.exp(0.3), 0]
    np.testing.assert_allclose(jacobian(plain, value)[0], slope, rtol=1e-14)
    assert tracing._scipys.cache_info().currsize == 0

    p = 1 / (1 + np.exp(-X))
    functions: list[Any] = [
        lambda x: np.sum(expit(x)),
        lambda x: np.sum(scipy.special.expit(x)),
        lambda x: scipy.special.logsumexp(np.stack([x, 0 * x]), axis=0).sum(),
    ]
    for fun in functions:
        found = jacobian(fun, float(fun(X)))
        assert found is not None
        right = p if "logsumexp" in fun.__code__.co_names else p * (1 - p)
        np.testing.assert_allclose(found[0], right, rtol=1e-13)
    assert tracing._scipys.cache_info().currsize == 1
