"""What the README shows is what the commands print today."""

from __future__ import annotations

import doctest
import re
import sys
import warnings
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from optidemo import cli
from optidemo.demos import DEMOS
from optidemo.sandbox import Request, parent
from optidemo.sandbox.child import examine

README = Path(__file__).parents[1] / "README.md"
TEXT = README.read_text(encoding="utf-8")


def test_the_python_examples_run_as_printed() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # scipy's BFGS overflows on the sigmoid, which is the point
        failures, tried = doctest.testfile(str(README), module_relative=False)
    assert tried > 10
    assert failures == 0


def without_times(text: str) -> list[str]:
    """Return the lines without durations and rounding errors, and with single spaces."""
    masked = re.sub(r"\d+(\.\d+)? m?s\b", "TIME", text)
    masked = re.sub(r"\d(\.\d)?e[-+]\d\d", "ERROR", masked)
    return [re.sub(r"[ ─]+", " ", line).strip() for line in masked.strip().splitlines()]


def test_the_pca_run_is_printed_as_it_is() -> None:
    shown = re.search(r"\$ optidemo run pca\n(.*?)```", TEXT, re.DOTALL)
    assert shown is not None
    result = CliRunner().invoke(cli.app, ["run", "pca", "--no-figure"])
    printed = [line for line in without_times(shown[1]) if not line.startswith("figure ")]
    assert printed == without_times(result.stdout)


def test_the_table_has_every_demo_as_it_is_listed_and_no_other() -> None:
    rows = re.findall(
        r"^\| (\d+′?[a-z]?) \| `([a-z0-9-]+)` \| (.+?) \| (.+?) \|$", TEXT, re.MULTILINE
    )
    demos = [d for d in DEMOS.values() if d.kind != "example"]
    assert rows == [(d.number, d.name, d.formula.replace("|", "\\|"), d.title) for d in demos]


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\]\(([^)#]+)\)", TEXT))))
def test_links_lead_somewhere(target: str) -> None:
    assert (README.parent / target).exists()


def test_every_file_of_the_steps_exists() -> None:
    steps = TEXT.partition("## Add an objective")[2].partition("## Develop")[0]
    files = re.findall(r"`?((?:optidemo|tests|scripts)/[\w/.]+)", steps)
    assert len(files) >= 12
    assert [name for name in files if not (README.parent / name).exists()] == []


CHECKS = re.findall(r"\$ optidemo (check [^\n]*)\n(.*?)(?=```|\$ )", TEXT, re.DOTALL)

FILES = {  # those that the README speaks of but does not print
    "hw2.py": "A = 2.0\n\n\ndef f(x):\n    return A * x @ x\n\n\ndef ∇f(x):\n    return 2 * A * x\n",
    "hw3.py": (  # the third code cell of the lecture
        "import numpy as np\n\ndef relu(w, x):\n    return np.maximum(0, np.dot(np.transpose(w), x))\n\n"
        "def grad_relu(w, x):\n    return x if w.T.dot(x) > 0 else 0\n"
    ),
    "loop.py": "x = 1.0\n\n# descend\nwhile x > 0.0: x = abs(x)\n",
}  # fmt: skip


def test_every_check_of_the_readme_is_compared() -> None:
    assert len(CHECKS) == TEXT.count("$ optidemo check ") >= 5


@pytest.mark.battery(0)
@pytest.mark.parametrize(("command", "shown"), CHECKS, ids=[command for command, _ in CHECKS])
def test_the_checks_are_printed_as_they_are(
    command: str, shown: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = re.search(r"```python\n(# hw1\.py\n.*?)```", TEXT, re.DOTALL)
    assert code is not None
    for name, source in {**FILES, "hw1.py": code[1]}.items():
        (tmp_path / name).write_text(source, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    if "--timeout" in command:  # the loop needs a process that can be ended, but no five seconds
        command = command.replace("--timeout 5", "--timeout 0.3")
    else:
        run_in_this_process(monkeypatch)
    result = CliRunner().invoke(cli.app, command.split())
    assert without_times(result.stdout) == without_times(shown)
    assert result.exit_code == (1 if "The gradient is wrong" in shown else 2)


def run_in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a check do here what it does in a process of its own, which takes a second to start."""
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.setitem(sys.modules, "submission", sys)

    def run(request: Request, *_: Path) -> tuple[dict[str, Any], str, int]:
        asked = {**vars(request), "path": str(request.path), "memory": request.limits.memory}
        return examine(asked), "", 0

    monkeypatch.setattr(parent, "_run", run)
