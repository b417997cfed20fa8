"""What a user meets by chance: odd data, odd steps, an old terminal, a demo that cannot run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from optidemo.cli import app

DATA = "a,b,y\n1,2,0\n2,1,0\n3,5,1\n4,4,1\n5,7,1\n"


def run(*words: str) -> str:
    result = CliRunner().invoke(app, ["run", *words, "--no-figure"])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return " ".join(result.stdout.split())


@pytest.fixture
def own(tmp_path: Path) -> str:
    path = tmp_path / "own.csv"
    path.write_text(DATA, encoding="utf-8")
    return str(path)


def test_constant_columns_have_no_principal_axis(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text("a,b\n5,1\n5,1\n", encoding="utf-8")
    with pytest.raises(ValueError, match="all are constant: a, b"):
        run("pca", "--data", str(tmp_path / "c.csv"))


def test_a_step_longer_than_theory_knows_promises_no_rate() -> None:
    assert "checks hold" in run("linear-regression-cars", "--step", "0.1")


def test_the_equation_of_standardised_columns_holds_for_the_columns_themselves(own: str) -> None:
    fitted = run(
        "linear-regression", "--data", own, "--target", "y", "--standardize", "--no-intercept"
    )
    constant, slope_a, _, slope_b, _ = fitted.partition("result y = ")[2].split()[:5]
    at_the_means = float(constant) + float(slope_a) * 3.0 + float(slope_b) * 3.8
    assert at_the_means == pytest.approx(0.0, abs=1e-5)
    plain = run("svm", "--data", own, "--target", "y")
    scaled = run("svm", "--data", own, "--target", "y", "--standardize")
    decides = [
        text.partition("The sign of ")[2].partition(" decides")[0] for text in (plain, scaled)
    ]
    signs = []
    for text in decides:
        weights = dict(zip(text.split()[1::2], map(float, text.split()[::2]), strict=True))
        signs.append([
            weights["intercept"] + weights["a"] * a + weights["b"] * b > 0
            for a, b in ((1, 2), (2, 1), (3, 5), (4, 4), (5, 7))
        ])  # fmt: skip
    assert signs == [[False, False, True, True, True]] * 2


@pytest.mark.parametrize("option", ["--standardize", "--no-intercept"])
def test_an_option_of_data_needs_data(option: str) -> None:
    with pytest.raises(ValueError, match=f"{option} needs --data"):
        run("pca", option)


def test_a_finished_report_survives_a_demo_that_cannot_run(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text(DATA.replace(",1\n", ",3\n").replace("5,7,3", "5,7,4"), encoding="utf-8")
    words = ["run", "linear-regression", "svm", "--data", str(path), "--target", "y"]
    result = CliRunner().invoke(app, [*words, "--json", "--no-figure"])
    assert "two labels" in str(result.exception)
    assert [report["name"] for report in json.loads(result.stdout)] == ["linear-regression"]


@pytest.mark.battery(0)
def test_an_encoding_without_the_letters_shows_their_numbers() -> None:
    root = str(Path(__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-m", "optidemo", "run", "sigmoid", "--no-figure", "--json"],
        capture_output=True, check=True, env={**os.environ, "PYTHONPATH": root, "PYTHONIOENCODING": "ascii"},
    )  # fmt: skip
    assert json.loads(done.stdout.decode("ascii"))[0]["formula"].startswith("σ")
