"""A tiny constant that keeps a gradient finite is told of, and hides no mistake."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from optidemo import check_gradient

X = np.array([1.0, -2.0, 3.0])
P = np.array([0.2, 0.3, 0.5])
EPS = 1e-8
NORM, LOGS = np.linalg.norm, (lambda p: np.sum(np.log(p)))


def by_default(x: Any, eps: float = 1e-8) -> Any:
    return x / (NORM(x) + eps)


STABLE: dict[str, tuple[Any, Any, Any]] = {
    "‖x‖": (NORM, lambda x: x / (NORM(x) + 1e-8), X),
    "‖x‖, by a name": (NORM, lambda x: x / (NORM(x) + EPS), X),
    "‖x‖, by a default": (NORM, by_default, X),
    "‖x‖ at random points": (NORM, lambda x: x / (NORM(x) + 1e-8), None),
    "Σ ln p": (LOGS, lambda p: 1 / (p + 1e-8), P),
}
MISTAKEN: dict[str, tuple[Any, Any, Any]] = {
    "a large constant": (NORM, lambda x: x / (NORM(x) + 1e-4), X),
    "the sign": (NORM, lambda x: -x / (NORM(x) + 1e-8), X),
    "no root": (NORM, lambda x: x / (x @ x + 1e-8), X),
    "at a tiny x that was given": (NORM, lambda x: x / (NORM(x) + 1e-8), 1e-6 * X),
    "cut off": (lambda x: x @ x, lambda x: np.where(np.abs(x) < 1e-3, 0 * x + 1e-8, 2 * x), X),
    "one entry near 0": (NORM, lambda x: x / (NORM(x) + 1e-8) * (1 + (np.abs(x) < 1e-3)), X),
}


@pytest.mark.parametrize("name", STABLE)
def test_a_stabiliser_is_no_mistake_and_is_told_of(name: str) -> None:
    report = check_gradient(*STABLE[name])
    assert report.ok, report.headline
    said = [note for note in report.notes if "a stabiliser" in note]
    assert len(said) == 1
    assert "disagrees" not in str(report)


@pytest.mark.battery(3)
@pytest.mark.parametrize("name", MISTAKEN)
def test_a_tiny_constant_hides_no_mistake(name: str) -> None:
    report = check_gradient(*MISTAKEN[name])
    assert report.mistake is not None
    assert name != "the sign" or report.mistake.kind == "sign"
