"""The report: what it holds, how it reads, and what can be made of it."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from optidemo.checks.gradient import check_gradient
from optidemo.checks.hint import hinted_lines
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
    assert len(report._repr_html_().split("<tr>")) == 4


def test_print_shows_what_the_assertion_and_the_command_show() -> None:
    report = check_gradient(traceable, lambda x: A @ x, X0)
    assert str(report) == "\n".join(hinted_lines(report.to_dict(), "full", methods=True))
    first = f"{report.entries[0].yours:.7g}"
    lines = str(report).splitlines()
    assert "at x = (0.5, -2):" in lines
    assert first in lines[lines.index("at x = (0.5, -2):") + 2]
    page = report._repr_html_()
    assert "<caption>at x = (0.5, -2):</caption>" in page
    assert f"<td>{first}</td>" in page


def test_the_assertion_names_the_mistake_and_hides_the_solution() -> None:
    assert_gradient(traceable, lambda x: (A + A.T) @ x, X0)
    with pytest.raises(AssertionError, match="wrong sign") as caught:
        assert_gradient(traceable, lambda x: -(A + A.T) @ x, X0)
    assert "reference" not in str(caught.value)
    with pytest.raises(AssertionError, match="reference"):
        assert_gradient(traceable, lambda x: -(A + A.T) @ x, X0, hint="full")


def test_one_nan_leaves_the_other_entries_right() -> None:
    x = np.array([0.3, -1.2, 2.0])
    report = check_gradient(lambda x: np.sum(x**2), lambda x: np.r_[2 * x[:-1], np.nan], x)
    assert [(e.index, e.verdict) for e in report.entries] == [
        ((2,), "wrong"), ((0,), "right"), ((1,), "right"),
    ]  # fmt: skip
    assert "1 of 3 entries are nan or inf (2, counted from 0)" in report.headline
    assert {w.name: w.agrees for w in report.witnesses}["Taylor slope"] is None


RIGHT_EVERYWHERE: dict[str, tuple[Any, Any, Any]] = {
    "√ with 0 among the points": (
        lambda x: np.sum(np.sqrt(x)), lambda x: 0.5 / np.sqrt(x), np.array([1e-8, 1.0, 4.0]),
    ),
    "norm with 0/0 among the points": (np.linalg.norm, lambda x: x / np.linalg.norm(x), X0),
    "abs": (lambda x: np.sum(x * np.abs(x)), lambda x: 2 * np.abs(x), np.array([0.0, 1.0, -1.0])),
    "near the edge of the domain": (
        lambda x: np.sum(np.log(x)), lambda x: 1 / x, np.array([1e-10, 1.0, 1e10]),
    ),
    "rounded": (lambda x: round(float(np.sum(x**2)), 6), lambda x: 2 * x, X0),
    "cancelling": (
        lambda x: np.mean(x**2) - np.mean(x) ** 2, lambda x: 2 * (x - np.mean(x)) / len(x),
        1e4 + np.arange(6.0) ** 2,
    ),
}  # fmt: skip


@pytest.mark.battery(3)
@pytest.mark.parametrize("name", RIGHT_EVERYWHERE)
def test_a_right_verdict_shows_nothing_that_contradicts_it(name: str) -> None:
    report = check_gradient(*RIGHT_EVERYWHERE[name])
    assert report.ok
    for text in (str(report), report._repr_html_()):
        assert "wrong" not in text
        assert "disagrees" not in text
        assert "kink" not in text
        assert "yours" not in text
    assert all(w.note for w in report.witnesses if w.agrees is None)
    assert all(p["ok"] is not False for p in report.points)


def test_the_rows_of_a_right_gradient_at_a_kink_name_the_point() -> None:
    x = np.array([0.0, 1.0, -2.0])
    report = check_gradient(lambda x: np.sum(np.abs(x)), np.sign, x)
    lines = str(report).splitlines()
    assert lines[0].endswith("at the kink it follows the numpy convention.")
    assert lines[1] == "at x = (0, 1, -2):"
    assert [line.split()[-1] for line in lines[2:4]] == ["relative", "kink"]
    assert "at x = (0, 1, -2):" in report._repr_html_()
    assert {w.name: w.error for w in report.witnesses}["differences"] < 1e-8  # of the other entries
    report = check_gradient(lambda x: np.sum(np.abs(x)), lambda x: np.sign(x) + 0.3 * (x == 0), x)
    assert "yours is none of the lecture's, numpy's or autograd's choices" in report.headline
