"""The two scripts of the README start the right commands and pass on their exit codes."""

from __future__ import annotations

import importlib
import importlib.util
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from typer.main import get_command

from optidemo.cli import app

if TYPE_CHECKING:
    from types import ModuleType

SCRIPTS = Path(__file__).parents[2] / "scripts"


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Give the module that the scripts share."""
    monkeypatch.syspath_prepend(str(SCRIPTS))
    return importlib.import_module("environment")


def load(script: str) -> ModuleType:
    """Import a script from its file: `test` is also the name of a standard module."""
    spec = importlib.util.spec_from_file_location(f"script_{script}", SCRIPTS / f"{script}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def calls(environment: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[list[Any]]:
    """Record the commands that a script starts, each of which gives exit code 7."""
    made: list[list[Any]] = []
    monkeypatch.setattr(environment, "prepare", lambda extra="": made.append(["prepare", extra]))

    def call(command: list[Any], _cwd: Path | None = None) -> int:
        made.append([*command])
        return 7

    monkeypatch.setattr(environment, "call", call)
    return made


@pytest.mark.parametrize(
    ("given", "passed"),
    [
        ([], ["pca"]),
        (["--json"], ["pca", "--json"]),
        (["svm", "--seed", "3"], ["svm", "--seed", "3"]),
        (["all"], ["all"]),
        (["--no-figure", "svm"], ["--no-figure", "svm"]),
        (["--solver", "newton", "svm", "--json"], ["--solver", "newton", "svm", "--json"]),
        (["--seed=3", "svm"], ["--seed=3", "svm"]),
        (["--solver", "newton"], ["pca", "--solver", "newton"]),
        (["--step", "-1", "--json"], ["pca", "--step", "-1", "--json"]),
    ],
)
def test_run_passes_arguments_and_exit_code(
    calls: list[list[Any]], environment: ModuleType, given: list[str], passed: list[str]
) -> None:
    assert load("run").main(given) == 7
    assert calls == [["prepare", ""], [environment.program("optidemo"), "run", *passed]]


def test_run_knows_which_options_take_no_value(environment: ModuleType) -> None:  # noqa: ARG001
    command: Any = get_command(app)
    options = [
        option for option in command.commands["run"].params if getattr(option, "is_flag", False)
    ]
    flags = [name for option in options for name in (*option.opts, *option.secondary_opts)]
    assert sorted(load("run").FLAGS) == sorted([*flags, "--help", "-h"])


def test_bench_installs_the_peers_and_drops_what_slows_one_side(
    calls: list[list[Any]], environment: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENBLAS_CORETYPE", "Prescott")
    assert load("bench").main(["--quick"]) == 7
    assert calls == [["prepare", "bench"], [environment.program("optidemo"), "bench", "--quick"]]
    assert "OPENBLAS_CORETYPE" not in os.environ


@pytest.mark.parametrize(
    ("given", "out"),
    [
        ([], True),
        (["pca", "--format", "svg"], True),
        (["--out", "mine"], False),
        (["--out=mine", "pca"], False),
    ],
)
def test_figures_are_drawn_where_they_are_asked_for(
    calls: list[list[Any]],
    environment: ModuleType,
    given: list[str],
    out: bool,
) -> None:
    assert load("figures").main(given) == 7
    default = ["--out", str(environment.ROOT / "figures")] if out else []
    assert calls[1:] == [[environment.program("optidemo"), "figures", *given, *default]]


@pytest.mark.usefixtures("calls")
def test_the_animation_is_drawn_with_the_whole_set_alone(
    environment: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    names: list[str] = []

    def call(command: list[str]) -> int:
        names.append(command[1])
        return 0

    monkeypatch.setattr(environment, "call", call)
    assert load("figures").main([]) == load("figures").main(["--format", "svg"]) == 0
    assert names == ["figures", "animate", "figures"]


def test_test_runs_every_check_and_names_the_failures(
    calls: list[list[Any]],
    environment: ModuleType,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    script = load("test")
    assert script.main([]) == 1
    assert calls[0] == ["prepare", "test"]
    assert [call[2] for call in calls[1:]] == ["ruff", "ruff", "mypy", "pytest"]
    assert "--cov" in calls[-1]
    assert "FAILED: ruff check, ruff format, mypy, pytest" in capsys.readouterr().out
    monkeypatch.setattr(environment, "call", lambda command, _cwd: int(command[2] == "mypy"))
    assert script.main([]) == 1
    assert capsys.readouterr().out.endswith("FAILED: mypy\n")
    monkeypatch.setattr(environment, "call", lambda _command, _cwd: 0)
    assert script.main([]) == 0
    assert capsys.readouterr().out.endswith("all checks hold\n")
    assert script.main(["-k", "iris"]) == 2
