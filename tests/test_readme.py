"""What the README shows is what the commands print today."""

from __future__ import annotations

import doctest
import re
import warnings
from pathlib import Path

import pytest
from typer.testing import CliRunner

from optidemo import cli
from optidemo.demos import DEMOS

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


@pytest.mark.battery(0)
def test_the_check_of_hw1_is_printed_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = re.search(r"```python\n(# hw1\.py\n.*?)```", TEXT, re.DOTALL)
    assert code is not None
    (tmp_path / "hw1.py").write_text(code[1], encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    shown = re.findall(r"\$ optidemo (check hw1\.py[^\n]*)\n(.*?)(?=```|\$ )", TEXT, re.DOTALL)
    assert len(shown) == 2
    for command, expected in shown:
        result = CliRunner().invoke(cli.app, command.split())
        assert result.exit_code == 1
        assert without_times(result.stdout) == without_times(expected)
