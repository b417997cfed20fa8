"""``optidemo run``, ``list``, ``show`` and ``data``, as they are typed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import optidemo
from optidemo import cli
from optidemo.cli.interrupt import Interruptible
from optidemo.demos import DEMOS
from optidemo.files import atomic_path


def invoke(*arguments: str) -> tuple[int, str]:
    """Run the command in this process; return exit code and output."""
    result = CliRunner().invoke(cli.app, list(arguments))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout


def in_a_process(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own."""
    root = str(Path(__file__).parents[2])
    return subprocess.run(
        [sys.executable, "-m", "optidemo", *arguments], capture_output=True, text=True, check=False,
        cwd=cwd, env={**os.environ, "PYTHONPATH": root, "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip


def test_run_pca_prints_checks_and_writes_its_figure(tmp_path: Path) -> None:
    code, text = invoke("run", "pca", "--out", str(tmp_path))
    assert code == 0
    assert "16 of 16 checks hold" in text
    assert "sphere-gradient" in text
    assert (tmp_path / "pca.png").read_bytes().startswith(b"\x89PNG")
    assert [p.name for p in tmp_path.iterdir()] == ["pca.png"]


@pytest.mark.battery(0)
@pytest.mark.parametrize("form", ["svg", "pdf"])
def test_figure_formats(form: str, tmp_path: Path) -> None:
    code, _ = invoke("run", "pca", "--format", form, "--out", str(tmp_path))
    assert code == 0
    assert (tmp_path / f"pca.{form}").stat().st_size > 1000


def test_json_stands_alone() -> None:
    code, text = invoke("run", "pca", "gaussian-mle", "--json", "--no-figure")
    reports = json.loads(text)
    assert code == 0
    assert [r["name"] for r in reports] == ["pca", "gaussian-mle"]
    assert all(r["passed"] for r in reports)


@pytest.mark.battery(0)
@pytest.mark.battery(0)
def test_a_group_runs_all_its_demos() -> None:
    code, text = invoke("run", "likelihood", "--no-figure")
    assert code == 0
    count = sum(d.kind == "likelihood" for d in DEMOS.values())
    assert f"{count} of {count} demos" in text


def test_a_failing_check_exits_1(monkeypatch: pytest.MonkeyPatch) -> None:
    from optidemo.objectives import PCA

    right = PCA.gradient
    monkeypatch.setattr(PCA, "gradient", lambda self, x: 1.01 * right(self, x))
    code, text = invoke("run", "pca", "--no-figure")
    assert code == 1
    assert "FAILS" in text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run", "pac"], "unknown demo 'pac'. Did you mean 'pca'?"),
        (["run", "pca", "--solver", "newtom"], "unknown solver 'newtom'. Did you mean 'newton'?"),
        (
            ["run", "quadratic", "--step", "armijjo"],
            "unknown step rule 'armijjo'. Did you mean 'armijo'?",
        ),
        (["run", "quadratic", "--step", "-1"], "step must be > 0, but is -1.0"),
        (["run", "quadratic", "--max-iter", "-1"], "maxiter must be a whole number ≥ 0"),
        (["run", "quadratic", "--tol", "2"], "tol must be in [0, 1)"),
        (["run", "quadratic", "--data", "x.csv"], "quadratic takes no --data"),
        (["run", "linear-regression", "--target", "y"], "--target needs --data FILE"),
        (["run", "pca", "--solver", "newton", "--data", "nowhere.csv"], "nowhere.csv"),
        (["run", "pca", "--solver", "newton"], "pca is optimised on the unit sphere"),
        (["run", "relo"], f"({len(DEMOS)} in all). Or several: all, function, regression"),
        (["show", "nothing"], "unknown demo 'nothing'"),
        (["data", "irsi"], "unknown data set 'irsi'. Did you mean 'iris'?"),
    ],
)
def test_bad_usage_names_the_mistake(
    arguments: list[str], message: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    monkeypatch.setattr(sys, "argv", ["optidemo", *arguments])
    with pytest.raises(SystemExit) as stop:
        cli.main()
    assert stop.value.code == 2
    captured = capsys.readouterr()
    assert message in captured.err
    assert "Traceback" not in captured.err


def write(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.battery(3)
def test_own_data_are_fitted(separator: str, tmp_path: Path) -> None:
    rows = [(x, z, 3 * x - 2 * z + 1) for x in range(6) for z in range(4)]
    text = "\n".join(separator.join(map(str, r)) for r in [("x", "z", "y"), *rows])
    file = write(tmp_path / "own.csv", "\ufeff" + text)
    code, out = invoke("run", "linear-regression", "--data", file, "--target", "y", "--no-figure")
    assert code == 0
    assert "y = 1 +3 x -2 z" in out
    code, out = invoke(
        "run", "linear-regression", "--data", file, "--target", "y", "--columns", "x, z",
        "--no-intercept", "--no-figure",
    )  # fmt: skip
    assert code == 0


def test_own_labels_are_classified(tmp_path: Path) -> None:
    rows = [(0.1 * i, int((i * 7) % 11 < i)) for i in range(20)]
    file = write(tmp_path / "own.csv", "\n".join(["x,label", *(f"{x},{y}" for x, y in rows)]))
    for demo in ("logistic-regression", "svm"):
        code, _ = invoke("run", demo, "--data", file, "--target", "label", "--no-figure")
        assert code == 0


@pytest.mark.battery(0)
def test_separable_data_are_reported_and_pass(tmp_path: Path) -> None:
    file = write(tmp_path / "s.csv", "x,label\n1,0\n2,0\n3,1\n4,1\n")
    code, out = invoke(
        "run", "logistic-regression", "--data", file, "--target", "label", "--no-figure"
    )
    assert code == 0
    assert "separable" in out


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x,label\n1,0\n2,0\n", "Both classes are needed"),
        ("x,label\n1,0\n2,1\n3,2\n", "two labels"),
        ("x,label\n1,nan\n2,1\n", "label"),
        ("", "empty"),
        ("x,label\n1,0\n", "one row only"),
        ("x,label\n1,0\n2,inf\n", "label"),
        ("x,label\n1,a\n2,b\n", "'a' is not a number"),
        ("x,label\n1,yes\n2,no\n", "the names of two classes, write 0 and 1 for them."),
    ],
)
def test_bad_own_data_exit_2(
    text: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    file = write(tmp_path / "bad.csv", text)
    arguments = ["run", "logistic-regression", "--data", file, "--target", "label", "--no-figure"]
    monkeypatch.setattr(sys, "argv", ["optidemo", *arguments])
    with pytest.raises(SystemExit) as stop:
        cli.main()
    assert stop.value.code == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("demo", "text", "code"),
    [
        ("pca", "a,b,c,d\n1,2,3,4\n2,3,1,5\n", 0),  # fewer rows than columns
        ("linear-regression", "a,b,y\n1,2,3\n4,5,3\n2,9,3\n", 0),  # a constant target
        ("gaussian-mle", "x\n3\n3\n3\n", 0),
        ("bernoulli-mle", "x\n1\n1\n", 0),  # the maximum is not attained, and that is expected
        ("poisson-mle", "x\n0\n0\n", 0),
    ],
)
def test_odd_own_data_are_handled(demo: str, text: str, code: int, tmp_path: Path) -> None:
    file = write(tmp_path / "odd.csv", text)
    target = ("--target", "y") if "y\n" in text else ()
    assert invoke("run", demo, "--data", file, *target, "--no-figure")[0] == code


def test_list_has_every_demo(monkeypatch: pytest.MonkeyPatch) -> None:
    code, text = invoke("list")
    assert code == 0
    assert all(name in text for name in DEMOS)
    monkeypatch.setattr("optidemo.cli.printing.PIPED_WIDTH", 80)
    lines = [line.split() for line in invoke("list")[1].splitlines()]
    assert all([d.number, d.name] in [line[:2] for line in lines] for d in DEMOS.values())
    _, as_json = invoke("list", "--json")
    assert [d["name"] for d in json.loads(as_json)] == list(DEMOS)


def test_the_version() -> None:
    assert invoke("--version") == (0, f"optidemo {optidemo.__version__}\n")


def test_show_and_data() -> None:
    assert "Multiply out" in invoke("show", "pca")[1]
    assert r"\nabla" in invoke("show", "pca", "--latex")[1]
    assert "iris" in invoke("data")[1]
    assert "sepal_length_cm" in invoke("data", "iris")[1]


def test_an_unwritable_folder_exits_2_and_leaves_nothing(tmp_path: Path) -> None:
    blocker = tmp_path / "file"
    blocker.write_text("in the way", encoding="utf-8")
    done = in_a_process("run", "pca", "--out", str(blocker / "figures"))
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("optidemo: ")
    assert done.stdout == ""


def test_the_folder_is_tried_before_anything_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocker = tmp_path / "file"
    blocker.write_text("in the way", encoding="utf-8")
    monkeypatch.setattr("optidemo.demos.runner.run_demo", lambda *_, **__: pytest.fail("it ran"))
    with pytest.raises(OSError, match=r"cannot write .*file"):
        invoke("run", "pca", "--out", str(blocker))


@pytest.mark.battery(0)
@pytest.mark.parametrize(
    ("use", "heavy"),
    [
        ("gradient_descent; optidemo.LinearRegression", "matplotlib autograd typer dask"),
        ("check_gradient(lambda x: x * x, lambda x: 2 * x, 1.0)", "matplotlib scipy.optimize dask"),
    ],
)
def test_import_is_light(use: str, heavy: str) -> None:
    code = f"import sys, optidemo; optidemo.{use}; print(sys.modules.keys() & set({heavy.split()}))"
    root = str(Path(__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONPATH": root},
    )  # fmt: skip
    assert done.stdout.strip() == "set()"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to handle")
def test_a_terminated_command_leaves_no_temporary_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write_and_be_terminated() -> None:
        with atomic_path(tmp_path / "result.json") as temporary:
            temporary.write_text("half")
            assert len(list(tmp_path.iterdir())) == 1
            signal.raise_signal(signal.SIGTERM)

    monkeypatch.setattr(cli, "app", write_and_be_terminated)
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert signal.getsignal(signal.SIGTERM) is before
    assert ended.value.code == 143
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for another process")
def test_ctrl_c_keeps_the_partial_run(monkeypatch: pytest.MonkeyPatch) -> None:
    check, seen = Interruptible.check, 0

    def press_ctrl_c(stop: Interruptible) -> None:
        nonlocal seen
        seen += 1
        if seen == 20:
            signal.raise_signal(signal.SIGINT)
        check(stop)

    monkeypatch.setattr(Interruptible, "check", press_ctrl_c)
    code, text = invoke(
        "run", "quadratic", "--solver", "subgradient-descent", "--max-iter", "100000000",
        "--tol", "0", "--no-figure",
    )  # fmt: skip
    assert (code, seen) == (130, 20)
    assert "stopped" in text
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


@pytest.mark.parametrize(
    ("demo", "solver"),
    [("l1-norm", "newton"), ("quadratic", "linear-program"), ("svm", "power-iteration"),
     ("relu", "newton"), ("quadratic", "projected-gradient"), ("gaussian-mle", "proximal-gradient")],
)  # fmt: skip
def test_a_solver_that_does_not_fit_says_what_is_missing(demo: str, solver: str) -> None:
    with pytest.raises(TypeError, match="is not compatible with"):
        invoke("run", demo, "--solver", solver, "--no-figure")
