"""The report: what it holds, how it reads, and what can be made of it."""

from __future__ import annotations

import json

import numpy as np
import pytest

from optidemo.checks.gradient import check_gradient
from optidemo.testing import assert_gradient

A = np.array([[1.0, 2.0], [-1.0, 3.0]])
X0 = np.array([0.5, -2.0])


def quadratic(x: np.ndarray) -> float:
    return float(x @ A @ x)


def traceable(x: np.ndarray) -> float:
    value: float = x @ A @ x
    return value


def test_a_right_gradient_is_right_and_every_witness_agrees() -> None:
    report = check_gradient(traceable, lambda x: (A + A.T) @ x, X0)
    assert report.ok
    assert report.mistake is None
    assert {w.name: w.agrees for w in report.witnesses} == {
        "autograd": True,
        "differences": True,
        "complex step": True,
        "Taylor slope": True,
    }


def test_a_wrong_entry_is_first_and_measured() -> None:
    report = check_gradient(traceable, lambda x: (A + A.T) @ x + np.array([0.0, 3.0]), X0)
    worst = report.entries[0]
    assert not report.ok
    assert worst.index == (1,)
    assert worst.verdict == "wrong"
    assert worst.absolute == pytest.approx(3.0)
    assert report.mistake is not None
    assert report.mistake.kind == "wrong-entries"
    assert report.mistake.evidence["entries"] == [(1,)]


def test_float_keeps_autograd_out_but_not_the_others() -> None:
    report = check_gradient(quadratic, lambda x: (A + A.T) @ x, X0)
    autograd = report.witnesses[0]
    assert report.ok
    assert not autograd.used
    assert "float" in autograd.note


def test_the_report_becomes_json_text_and_html() -> None:
    report = check_gradient(traceable, lambda x: A @ x, X0)
    data = json.loads(json.dumps(report.to_dict(), allow_nan=False))
    assert data["mistake"]["kind"] == "missing-transpose"
    assert data["ok"] is False
    assert "missing-transpose" in str(report)
    assert "<table>" in report._repr_html_()


def test_the_assertion_names_the_mistake_and_hides_the_solution() -> None:
    assert_gradient(traceable, lambda x: (A + A.T) @ x, X0)
    with pytest.raises(AssertionError, match="wrong sign") as caught:
        assert_gradient(traceable, lambda x: -(A + A.T) @ x, X0)
    assert "reference" not in str(caught.value)
    with pytest.raises(AssertionError, match="reference"):
        assert_gradient(traceable, lambda x: -(A + A.T) @ x, X0, hint="full")
