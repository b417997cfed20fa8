"""``optidemo check``: options, wording, JSON and exit codes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from optidemo.cli import app
from optidemo.sandbox import parent
from optidemo.sandbox.child import examine

if TYPE_CHECKING:
    from pathlib import Path

A = "import numpy as np\nA = np.array([[1.0, 2.0], [0.0, 1.0]])\n"
WRONG = A + "def f(x):\n    return x @ A @ x\n\ndef grad_f(x):\n    return 2 * A @ x\n"
RIGHT = WRONG.replace("2 * A @ x", "(A + A.T) @ x")
MANY = "def f(x):\n    return x @ x\n\ndef grad_f(x):\n    return x * (1 + (abs(x) > 1))\n"


@pytest.fixture
def check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Give a function that runs the command on a source; the child's part runs in this process."""
    import sys

    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.setitem(sys.modules, "submission", sys)
    seen: list[dict[str, Any]] = []

    def run(request: Any, _folder: Path, _trace: Path) -> tuple[Any, str, int]:
        asked = {
            "path": str(request.path), "fun": request.fun, "grad": request.grad, "at": request.at,
            "objective": request.objective, "args": None if request.args is None else str(request.args),
            "seed": request.seed, "tol": request.tol, "memory": request.limits.memory,
        }  # fmt: skip
        seen.append(asked)
        return json.loads(json.dumps(examine(asked))), "printed\n", 0

    monkeypatch.setattr(parent, "_run", run)

    def invoke(source: str, *options: str, name: str = "hw1.py", target: str = "") -> Any:
        path = tmp_path / name
        path.write_text(source, encoding="utf-8")
        return CliRunner().invoke(app, ["check", f"{path}{target}", *options])

    return invoke


def test_the_command_runs_a_real_process(tmp_path: Path) -> None:
    (tmp_path / "hw1.py").write_text("print('hello')\n" + RIGHT)
    result = CliRunner().invoke(app, ["check", str(tmp_path / "hw1.py"), "--show-output"])
    assert result.exit_code == 0, result.output
    assert "--- printed by the file\nhello\n---\n" in result.output
    assert "hw1.py: grad_f as the gradient of f\nThe gradient is right at" in result.output


@pytest.mark.parametrize(
    ("source", "code", "words"),
    [
        (RIGHT, 0, "The gradient is right"),
        (WRONG, 1, "(missing-transpose): a transpose of A is missing"),
        ("def ∇f(x):\n    return x\n", 2, "hw1.py, line 1: ∇ is a mathematical sign"),
        (
            "def f(x):\n    return y\n\ndef grad_f(x):\n    return x\n",
            2,
            "line 2: raises NameError",
        ),
        (
            "def f(x):\n    return x @ x\n\ndef grad_f(x):\n    return y\n",
            1,
            "line 5: raises NameError",
        ),
    ],
)
def test_exit_codes(check: Any, source: str, code: int, words: str) -> None:
    result = check(source)
    assert (result.exit_code, words in result.output) == (code, True), result.output


@pytest.mark.battery(0)
def test_the_hint_says_how_much_is_told(check: Any) -> None:
    told = {
        hint: check(WRONG, "--hint", hint).output for hint in ("none", "where", "mistake", "full")
    }
    assert told["none"].endswith("The gradient is wrong.\n")
    assert "transpose" not in told["where"]
    assert "yours" in told["where"]
    assert "transpose" in told["mistake"]
    assert "reference" not in told["mistake"]
    assert "reference" in told["full"]
    assert check(WRONG).output == told["mistake"]


@pytest.mark.parametrize("hint", ["none", "where", "mistake", "full"])
def test_json_keeps_to_the_hint(check: Any, hint: str) -> None:
    result = check(WRONG, "--json", "--hint", hint, "--show-output")
    data = json.loads(result.output)
    assert (result.exit_code, data["ok"], data["output"]) == (1, False, "printed\n")
    assert ("transpose" in result.output) == (hint in {"mistake", "full"})
    assert ("reference" in result.output) == (hint == "full")
    assert bool(data["entries"]) == (hint != "none")


def test_json_of_what_could_not_be_checked(check: Any) -> None:
    data = json.loads(check("import nosuchthing\n", "--json").output)
    assert (data["ok"], data["status"], data["kind"], data["line"]) == (
        False,
        "unchecked",
        "import",
        1,
    )


def test_at_most_ten_rows_the_worst_first(check: Any) -> None:
    point = ",".join(str(0.5 + 0.01 * i) for i in range(14))
    lines = check(MANY, "--at", point, "--hint", "full").output.splitlines()
    rows = [line.split() for line in lines if line.endswith("wrong")]
    assert len(rows) == 10
    assert lines[-1].split() == ["…", "and", "4", "more"]
    relative = [float(row[4]) for row in rows]
    assert relative == sorted(relative, reverse=True)


def test_methods_names_every_witness(check: Any) -> None:
    output = check(RIGHT, "--methods").output
    for name in (
        "autograd: agrees",
        "differences: agrees",
        "complex step: agrees",
        "Taylor slope: agrees",
    ):
        assert name in output


@pytest.mark.battery(0)
def test_a_lecture_objective(check: Any) -> None:
    source = "def my_grad(x, A):\n    return 2 * A @ x\n"
    result = check(source, "--objective", "quadratic", target=":my_grad")
    assert result.exit_code == 1
    assert "my_grad as the gradient of quadratic, d = 2" in result.output
    assert check(source, "--objective", "quadratic").exit_code == 1
    right = check("def g(x, A):\n    return A @ x + A.T @ x\n", "--objective", "quadratic")
    assert (right.exit_code, "d = 2, 3, 6" in right.output) == (0, True)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--objective", "quadratik"], "Did you mean 'quadratic'"),
        (["--objective", "quadratic", "--fun", "f"], "takes the place of --fun"),
        (["--at", "2,x"], "is no point"),
        (["--at", "1,2;3"], "every row"),
        (["--args", "nowhere.npz"], "does not exist"),
        (["--hint", "some"], "some"),
        (["--timeout", "0"], "timeout"),
    ],
)
def test_wrong_usage_is_2(check: Any, options: list[str], words: str) -> None:
    result = check(RIGHT, *options)
    assert result.exit_code == 2
    assert words in " ".join(result.output.replace("│", " ").split())


def test_two_names_for_the_gradient(check: Any) -> None:
    assert check(RIGHT, "--grad", "f", target=":grad_f").exit_code == 2
    assert check(RIGHT, target=":").exit_code == 2


def test_points_of_every_shape(check: Any) -> None:
    column = "def f(x):\n    return (x.T @ x)[0, 0]\n\ndef grad_f(x):\n    return 2 * x\n"
    assert check(column, "--at", "1;2;3").exit_code == 0
    assert (
        check(
            "def f(x):\n    return x * x\n\ndef grad_f(x):\n    return 2 * x\n", "--at", "3"
        ).exit_code
        == 0
    )


def test_the_taylor_figure(check: Any, tmp_path: Path) -> None:
    figure = tmp_path / "out.svg"
    assert check(WRONG, "--taylor", str(figure)).exit_code == 1
    assert figure.read_bytes().startswith(b"<?xml")
    assert check(RIGHT, "--taylor", str(tmp_path / "out.png")).exit_code == 0
    assert (tmp_path / "out.png").read_bytes().startswith(b"\x89PNG")


def test_a_folder_is_named_with_what_it_holds(tmp_path: Path, monkeypatch: Any) -> None:
    (tmp_path / "hw.py").write_text("f = abs\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, ["check", "."])
    assert result.exit_code == 2
    assert f"{tmp_path.resolve()} is a folder" in result.output.replace("\n", "")
    assert "hw.py" in result.output
    result = CliRunner().invoke(app, ["check", "hw.py", "--seed", "-1"])
    assert result.exit_code == 2
    assert "0 or more" in " ".join(result.output.replace("│", " ").split())
