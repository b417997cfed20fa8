"""The checks of a demo's derived gradient: no right gradient is accused, no wrong one passes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from optidemo.checks.derived import check_derived
from optidemo.objectives import (
    GaussianLikelihood,
    L1Norm,
    Linear,
    LinearRegression,
    LogisticRegression,
)

if TYPE_CHECKING:
    from optidemo.checks.check import Check
    from optidemo.objective import Objective


def labels_by_income(seed: int = 3) -> LogisticRegression:
    """Sixty samples with a column of size 1 and one of size 1e4."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(60, 2)) * [1.0, 1e4]
    return LogisticRegression(X, (X @ [1, 2e-4] + rng.normal(size=60) > 0).astype(float))


def taylor(f: Objective) -> Check:
    (check,) = (c for c in check_derived(f) if c.name.startswith("Taylor"))
    return check


@pytest.mark.parametrize("seed", range(3, 9))
def test_columns_of_different_size_accuse_no_right_gradient(seed: int) -> None:
    assert all(check.passed for check in check_derived(labels_by_income(seed)))


@pytest.mark.parametrize(
    "f", [labels_by_income(), Linear([1.0, -2.0]), LinearRegression(np.eye(2), [1e6, 2e6])]
)
def test_a_gradient_off_by_a_thousandth_fails_the_taylor_test(
    f: Objective, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = type(f).gradient
    monkeypatch.setattr(type(f), "gradient", lambda self, x: 1.001 * right(self, x))
    assert not taylor(f).passed


@pytest.mark.parametrize("f", [Linear([1.0, -2.0]), L1Norm(2)])
def test_where_no_slope_is_seen_none_is_claimed(f: Objective) -> None:
    check = taylor(f)
    assert check.name == "Taylor remainder is 0: f is linear there"
    assert check.detail == "at 10 of 10 points"
    assert check.to_dict()["error"] is None


def test_a_parabola_far_from_its_minimum_is_not_called_linear() -> None:
    assert taylor(GaussianLikelihood([299_850.0, 299_740.0], 80.0)).name == "Taylor slope is 2"
