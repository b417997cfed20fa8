"""What a user meets by chance: odd data, odd steps, an old terminal, a demo that cannot run."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from optidemo import cli
from optidemo.cli import app
from optidemo.cli.progress import Ticker
from optidemo.datasets import DataError

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


@pytest.mark.parametrize(
    ("demo", "mend"),
    [("linear-regression", "lstsq"), ("linear-regression-cars", "lstsq"), ("logistic-regression", "Norm"),
     ("svm", "SVM(X, y) + 0.1 * SquaredL2Norm(d)")],
)  # fmt: skip
def test_fewer_rows_than_weights_are_refused(demo: str, mend: str, tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_text("a,b,c,y\n1,2,0,0\n2,1,5,1\n3,5,1,1\n", encoding="utf-8")
    words = (demo, "--data", str(path), "--target", "y")
    with pytest.raises(DataError) as refused:
        run(*words)
    assert "wide.csv has 3 rows, but 4 weights are sought, for 3 columns and the inter" in str(
        refused.value
    )
    assert "infinitely many w" in str(refused.value)
    assert mend in str(refused.value)


def test_as_many_rows_as_weights_will_do(tmp_path: Path) -> None:
    path = tmp_path / "square.csv"
    path.write_text("a,b,c,y\n1,2,0,0\n2,1,5,1\n3,5,1,1\n", encoding="utf-8")
    words = ("linear-regression", "--data", str(path), "--target", "y", "--no-intercept")
    assert "checks hold" in run(*words)


def test_fewer_rows_than_columns_do_for_pca(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_text("a,b,c,y\n1,2,0,0\n2,1,0,1\n3,5,0,1\n", encoding="utf-8")
    told = run("pca", "--data", str(path))
    assert "checks hold" in told
    assert "3 rows for 4 columns: at most 2 of the components have a variance" in told
    assert "Constant, so of variance 0 and in no axis that has one: c." in told


def test_of_several_demos_those_that_the_solver_fits_run() -> None:
    words = ("relu", "quadratic", "pca", "--solver", "newton")
    text = run(*words)
    assert "1 of 3 demos" in text
    assert text.endswith("does not fit: relu, pca")
    result = CliRunner().invoke(app, ["run", *words, "--json", "--no-figure"])
    assert [report["name"] for report in json.loads(result.stdout)] == ["quadratic"]
    assert "relu, pca" in result.stderr
    assert "1 of 2 demos" in run("l1-norm", "quadratic", "--step", "inverse-lipschitz")


def test_where_the_solver_fits_none_of_the_demos_the_first_says_why() -> None:
    with pytest.raises(TypeError, match=r"none of the 2 demos can run so; the first: ReLU.*newton"):
        run("relu", "l1-norm", "--solver", "newton")
    with pytest.raises(ValueError, match="has no minimum"):
        run("linear", "--solver", "closed-form")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--data", ""], "--data is empty; name a .csv or .npy file"),
        (["--data", "x.csv", "--target", " "], "--target is empty; name a column"),
        (["--data", "x.csv", "--columns", ""], "name 1 is empty"),
        (["--data", "x.csv", "--columns", "a,,b"], "name 2 is empty"),
        (["--data", "x.csv", "--columns", '"a,b'], "check the quotes"),
    ],
)
def test_an_empty_option_says_what_is_missing(words: list[str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        run("linear-regression", *words)


@pytest.mark.parametrize("command", ["run pca", "figures slope", "animate quadratic"])
def test_an_empty_folder_is_not_the_working_folder(command: str) -> None:
    result = CliRunner().invoke(app, [*command.split(), "--out", ""])
    assert result.exit_code == 2
    assert "'--out': it is empty; name a path" in result.stderr


def test_a_column_with_a_comma_in_its_name_is_quoted(tmp_path: Path) -> None:
    path = tmp_path / "comma.csv"
    path.write_text('"a,b",c,y\n1,2,3\n2,1,4\n3,3,5\n4,1,1\n', encoding="utf-8")
    words = ("linear-regression", "--data", str(path), "--target", "y", "--columns")
    assert "a,b" in run(*words, 'c, "a,b"')
    assert "4 samples × 2 columns" in run(*words, '"a,b"')


@pytest.mark.parametrize("demo", ["pca", "gaussian-mle"])
def test_an_intercept_is_refused_where_there_is_nothing_to_explain(demo: str, own: str) -> None:
    with pytest.raises(ValueError, match=f"{demo} takes no --intercept"):
        run(demo, "--data", own, "--columns", "a,b", "--intercept")


@pytest.mark.parametrize(("parts", "total"), [(1, None), (3, 3)])
def test_the_bar_moves_though_nobody_knows_how_long_one_demo_takes(
    parts: int, total: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("optidemo.cli.progress.PATIENCE", 0.0)
    monkeypatch.setattr("sys.stderr", io.StringIO())
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with Ticker(parts) as ticker:
        for name in ("first", "second")[:parts]:
            ticker.tick(name)
            ticker.done()
        ticker.tick("third")
        (task,) = ticker.bar.tasks
        assert (task.description, task.total) == ("third", total)
        assert task.completed == min(parts, 2)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no broken pipes")
@pytest.mark.parametrize("words", [["list"], ["list", "--json"], ["--version"]])
def test_a_reader_who_has_gone_ends_the_command_quietly(
    words: list[str], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    monkeypatch.setattr(sys, "argv", ["optidemo", *words])
    monkeypatch.setattr(sys, "stdout", os.fdopen(writer, "w", encoding="utf-8"))
    with pytest.raises(SystemExit) as end:
        cli.main()
    sys.stdout.close()
    assert end.value.code == 141
    assert capfd.readouterr().err == ""
