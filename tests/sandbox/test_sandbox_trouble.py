"""Whatever a student's file does, it ends in one sentence with the line; here without a process."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING, Any

import pytest

from optidemo.sandbox.child import examine

if TYPE_CHECKING:
    from pathlib import Path

RIGHT = "def f(x):\n    return x @ x\n\ndef grad_f(x):\n    return 2 * x\n"


@pytest.fixture
def look(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Give a function that checks a source in this process."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.setitem(sys.modules, "submission", sys)
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    monkeypatch.setattr(sys, "dont_write_bytecode", True)

    def run(source: str, **asked: Any) -> dict[str, Any]:
        path = tmp_path / "hw1.py"
        path.write_text(source, encoding="utf-8")
        request = {
            "path": str(path), "fun": None, "grad": None, "objective": None, "at": None, "args": None,
            "seed": 0, "tol": 1e-6, "memory": 100,
        }  # fmt: skip
        return examine({**request, **asked})

    return run


@pytest.mark.parametrize(
    ("source", "kind", "line", "words"),
    [
        ("def f(x):\n    return x\n\ndef ∇f(x):\n    return x\n", "syntax", 4, "call the function grad_f"),
        ("def f(x)\n    return x\n", "syntax", 1, "not valid Python: expected ':'"),
        ("def f(x):\nreturn x\n", "syntax", 2, "indented block"),
        ("# %%\n%matplotlib inline\n", "syntax", 2, "commands of a notebook"),
        ("def f(x):\n    return x₁\n", "syntax", 2, "letters, digits and _"),
        ("import numpy\nimport nosuchthing\n", "import", 2, "'nosuchthing', which is neither installed"),
        ("from numpy import sinus\n", "import", 1, "sinus"),
        (RIGHT + "import sys\nsys.exit(0)\n", "exit", 7, "if __name__ == '__main__'"),
        (RIGHT + "raise KeyboardInterrupt\n", "exit", 6, "ends the program"),
        ("a = float(input('a? '))\n" + RIGHT, "input", 1, "nobody types"),
        ("def h(x):\n    return h(x)\n\nh(1)\n", "recursion", 2, "calls itself without end"),
        ("raise MemoryError\n", "memory", 1, "--memory"),
        ("x = [1, 2]\ny = x[2]\n", "raises", 2, "IndexError: list index out of range"),
        ("x = 3\n", "name", None, "defines no function"),
        ("", "name", None, "defines no function"),
        ("def g(x):\n    return x\n\ndef h(x):\n    return x\n", "name", None, "g (line 1), h (line 4)"),
        (RIGHT + "\ndef df(x):\n    return x\n", "ambiguous", None, "f with grad_f, f with df"),
        ("def f(x, A):\n    return x @ A @ x\n\ndef grad_f(x, A):\n    return x\n", "args", 1, "--args"),
    ],
)  # fmt: skip
def test_trouble_ends_in_a_sentence_with_the_line(
    look: Any, source: str, kind: str, line: int | None, words: str
) -> None:
    trouble = look(source)["trouble"]
    assert (trouble["kind"], trouble["line"]) == (kind, line)
    assert words in trouble["sentence"]
    assert "\n" not in trouble["sentence"]


@pytest.mark.parametrize(
    ("f", "grad", "status", "line"),
    [
        ("x @ x", "2 * y", "wrong", 5),
        ("y @ x", "2 * x", "unchecked", 2),
        ("f(x)", "2 * x", "unchecked", 2),
        ("x @ x", "exit()", "wrong", 5),
        ("None", "2 * x", "unchecked", 1),
        ("x @ x", "None", "wrong", 4),
    ],
)
def test_a_function_that_raises_is_told_with_its_line(
    look: Any, f: str, grad: str, status: str, line: int
) -> None:
    answer = look(f"def f(x):\n    return {f}\n\ndef grad_f(x):\n    return {grad}\n")
    assert answer["report"]["status"] == status
    assert answer["line"] == line
    assert answer["there"]


@pytest.mark.parametrize(
    ("names", "asked", "found"),
    [
        (("f", "grad_f"), {}, ("f", "grad_f")),
        (("f", "grad_f", "g", "grad_g"), {}, ("f", "grad_f")),
        (("loss", "loss_grad"), {}, ("loss", "loss_grad")),
        (("q", "nabla_q"), {}, ("q", "nabla_q")),
        (("f", "f_prime"), {}, ("f", "f_prime")),
        (("f", "df"), {}, ("f", "df")),
        (("fun", "grad"), {}, ("fun", "grad")),
        (("f", "my_grad"), {"grad": "my_grad"}, ("f", "my_grad")),
        (("a", "b", "c"), {"fun": "a", "grad": "c"}, ("a", "c")),
        (("f", "grad_f", "g", "grad_g"), {"fun": "g"}, ("g", "grad_g")),
        (("f", "grad_f", "df"), {"grad": "df"}, ("f", "df")),
    ],
)
def test_finds_the_pair(
    look: Any, names: tuple[str, ...], asked: dict[str, str], found: tuple[str, str]
) -> None:
    source = "".join(
        f"def {name}(x):\n    return {'2 * x' if name == found[1] else 'x @ x'}\n" for name in names
    )
    answer = look(source, **asked)
    assert (answer["fun"], answer["grad"]) == found
    assert answer["report"]["ok"]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"grad": "grad_g"}, "Did you mean 'grad_f'?"),
        ({"fun": "ff"}, "has no function 'ff'. There are: h, "),
        ({"fun": "lonely"}, "no gradient that goes with it"),
        ({"grad": "helper", "fun": None}, "--objective"),
    ],
)
def test_says_what_is_there(look: Any, asked: dict[str, str], words: str) -> None:
    source = "".join(f"def {name}(x):\n    return x\n\n" for name in ("h", "grad_f", "lonely"))
    assert words in look(source + "helper = h\n", **asked)["trouble"]["sentence"]


def test_the_main_guard_does_not_run_and_helpers_are_found(look: Any, tmp_path: Path) -> None:
    (tmp_path / "norms.py").write_text("def square(x):\n    return x @ x\n")
    source = (
        "from norms import square\nfrom dataclasses import dataclass\n@dataclass\nclass P:\n    a: int\n"
        "def f(x):\n    return square(x)\n\ndef grad_f(x):\n    return 2 * x\n"
        "if __name__ == '__main__':\n    raise SystemExit\n"
    )
    assert look(source)["report"]["ok"]
    assert look("from norms import square\ndef grad_square(x):\n    return x\n")["fun"] == "square"
    sys.modules.pop("norms")


@pytest.mark.parametrize(
    "source",
    [
        "import autograd.numpy as np\nfrom autograd import grad\n"
        "def f(x):\n    return np.sum(np.exp(x))\ngrad_f = grad(f)\n",
        "class C:\n    def f(self, x):\n        return x @ x\n    def grad_f(self, x):\n"
        "        return 2 * x\nf, grad_f = C().f, C().grad_f\n",
        "f = lambda x: x @ x\ngrad_f = lambda x: 2 * x\n",
        "from functools import partial\ndef f(x):\n    return x @ x\n"
        "def scaled(c, x):\n    return c * x\ngrad_f = partial(scaled, 2)\n",
        "from numpy import *\ndef f(x):\n    return sum(x**2)\ndef grad_f(x):\n    return 2 * x\n",
    ],
)
def test_functions_of_every_make_are_found(look: Any, source: str) -> None:
    assert look(source)["report"]["ok"]
