"""Ctrl-C at any moment: a word instead of a traceback, and JSON that is JSON."""

from __future__ import annotations

import builtins
import json
import signal
import tomllib
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import optidemo.__main__ as program
from optidemo import cli
from optidemo.cli.interrupt import Interruptible


def interrupt_at(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Press Ctrl-C when a solver hands over an iterate for the so many-th time; 0: before any."""
    seen, check = 0, Interruptible.check
    enter = Interruptible.__enter__

    def entered(stop: Interruptible) -> Interruptible:
        enter(stop)
        if number == 0:
            signal.raise_signal(signal.SIGINT)
        return stop

    def checked(stop: Interruptible) -> None:
        nonlocal seen
        seen += 1
        if seen == number:
            signal.raise_signal(signal.SIGINT)
        check(stop)

    monkeypatch.setattr(Interruptible, "__enter__", entered)
    monkeypatch.setattr(Interruptible, "check", checked)


pytestmark = pytest.mark.skipif(
    not hasattr(signal, "SIGKILL"), reason="Windows has no SIGINT for itself"
)


def test_before_the_first_demo_json_is_an_empty_list(monkeypatch: pytest.MonkeyPatch) -> None:
    interrupt_at(0, monkeypatch)
    done = CliRunner().invoke(cli.app, ["run", "all", "--json", "--no-figure"])
    assert (done.exit_code, json.loads(done.stdout)) == (130, [])
    done = CliRunner().invoke(cli.app, ["run", "all", "--no-figure"])
    assert (done.exit_code, done.stdout) == (130, "")
    assert done.stderr == "optidemo: interrupted\n"


def test_an_interrupted_report_has_not_passed(monkeypatch: pytest.MonkeyPatch) -> None:
    interrupt_at(3, monkeypatch)
    words = ["run", "quadratic", "gaussian", "--no-figure", "--solver", "gradient-descent"]
    done = CliRunner().invoke(cli.app, [*words, "--json"])
    (report,) = json.loads(done.stdout)
    assert (done.exit_code, report["interrupted"], report["passed"]) == (130, True, False)
    assert all(check["passed"] for check in report["checks"])


def test_the_summary_says_that_it_was_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    interrupt_at(3, monkeypatch)
    words = ["run", "quadratic", "gaussian", "--no-figure", "--solver", "gradient-descent"]
    done = CliRunner().invoke(cli.app, words)
    assert "checks hold, interrupted" in done.stdout
    assert "interrupted after 1 of 2 demos" in done.stdout
    assert "failed" not in done.stdout


def test_during_the_imports_a_word_takes_the_place_of_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    load = builtins.__import__

    def press_ctrl_c(name: str, *more: Any) -> Any:
        if name == "optidemo":
            raise KeyboardInterrupt
        return load(name, *more)

    monkeypatch.setattr(builtins, "__import__", press_ctrl_c)
    with pytest.raises(SystemExit) as end:
        program.main()
    monkeypatch.undo()
    assert end.value.code == 130
    assert capsys.readouterr().err == "optidemo: interrupted\n"


def test_the_installed_command_begins_there_too() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))
    assert project["project"]["scripts"] == {"optidemo": "optidemo.__main__:main"}
