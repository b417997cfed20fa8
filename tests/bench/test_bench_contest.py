"""The contests: ratios, medians, verdicts and missing peers; no timing is asserted."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from optidemo.bench import WORKS, contest, machine, measure, scaling
from optidemo.bench.contest import Contest, Peer, Row, at_least, at_most
from optidemo.cli import app

if TYPE_CHECKING:
    from pathlib import Path


def ours() -> str:
    return "ours"


def theirs() -> str:
    return "theirs"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[tuple[float, float]]:
    """Make ours take 1, 2 and 4 seconds, and the peer 3, 4 and 40."""
    rounds = [(1.0, 3.0), (2.0, 4.0), (4.0, 40.0)]
    pending = [*rounds]

    def timed(work: Any, repeats: int) -> float:
        assert repeats == 1
        if work is ours:
            return pending[0][0]
        return pending.pop(0)[1]

    monkeypatch.setattr(contest, "timed", timed)
    monkeypatch.setattr(Contest, "_repeats", lambda _self, work: (1, work()))
    return rounds


def test_the_ratio_is_taken_within_a_round(clock: list[tuple[float, float]]) -> None:
    peer = Peer("a peer", at_least(2.5), lambda: theirs, note=str.upper)
    row = Contest(rounds=len(clock)).row("work", ours, peer, note=str.title)
    assert row.measured == 3.0  # the median of 3, 2 and 10, not the ratio of the medians, 2
    assert row.seconds == (2.0, 4.0)
    assert row.verdict == "met"
    assert row.note == "ours Ours; theirs THEIRS"


def test_a_share_of_the_peers_time_is_the_inverse(clock: list[tuple[float, float]]) -> None:
    row = Contest(rounds=len(clock)).row("work", ours, Peer("a peer", at_most(0.3), lambda: theirs))
    assert row.measured == pytest.approx(1 / 3)
    assert row.verdict == "missed"


def test_a_missing_peer_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("sklearn", "sklearn.linear_model"):
        monkeypatch.setitem(sys.modules, name, None)
    rows = WORKS["lstsq"](Contest(quick=True))
    verdicts = {row.against: row.verdict for row in rows}
    assert verdicts["scikit-learn LinearRegression"] == "not installed"
    assert "not installed" not in verdicts["numpy.linalg.lstsq"]
    assert verdicts["the exact solution"] == "met"


@pytest.mark.parametrize(
    ("goal", "measured", "verdict"),
    [
        (at_least(2), 2.0, "met"),
        (at_least(2), 1.99, "missed"),
        (at_most(100, "MB"), 100.0, "met"),
        (at_most(100, "MB"), 101.0, "missed"),
        (at_most(100, "MB"), float("nan"), "missed"),
        (at_least(2), None, "not installed"),
    ],
)
def test_verdicts(goal: contest.Goal, measured: float | None, verdict: str) -> None:
    row = Row("work", "peer", goal, measured)
    assert row.verdict == verdict
    assert row.to_dict()["verdict"] == verdict


def test_work_that_takes_microseconds_is_repeated() -> None:
    calls: list[None] = []
    repeats, _ = Contest()._repeats(lambda: calls.append(None))
    assert repeats > 10
    assert contest.timed(lambda: calls.append(None), 5) > 0
    assert len(calls) == 7


def test_peak_memory_counts_what_is_allocated_for_a_while() -> None:
    assert scaling.peak_memory(lambda: len(bytearray(10**6))) >= 10**6
    assert scaling.peak_memory(lambda: None) < 10**5


def test_every_library_gets_the_same_threads() -> None:
    threadpoolctl = pytest.importorskip("threadpoolctl")
    with machine.threads(1):
        assert {lib["num_threads"] for lib in threadpoolctl.threadpool_info()} == {1}


def test_the_command_prints_and_saves_the_rows(tmp_path: Path) -> None:
    file = tmp_path / "bench.json"
    result = CliRunner().invoke(
        app, ["bench", "--quick", "--only", "scaling", "--threads", "1", "--save", str(file)]
    )
    assert result.exit_code == 0, result.output
    saved = json.loads(file.read_text(encoding="utf-8"))
    assert saved["machine"]["quick"] is True
    assert saved["machine"]["threads"] == 1
    assert saved["machine"]["versions"]["numpy"]
    assert len(saved["rows"]) == 4
    for row in saved["rows"]:
        assert row["verdict"] in result.output
        assert row["measured"] is not None


def test_an_unknown_work_is_named() -> None:
    result = CliRunner().invoke(app, ["bench", "--only", "lsqr"])
    assert isinstance(result.exception, ValueError)
    assert "lstsq" in str(result.exception)


def test_measure_yields_the_rows_of_a_work(monkeypatch: pytest.MonkeyPatch) -> None:
    row = Row("work", "peer", at_least(1), 2.0)
    monkeypatch.setitem(WORKS, "lstsq", lambda _contest: [row])
    assert list(measure(Contest(), ["lstsq"], 1)) == [row]
