"""Files that fight back, in real child processes; they run side by side, once for all tests."""

from __future__ import annotations

import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from optidemo.sandbox import Limits, Outcome, Request, check_file

RIGHT = "def f(x):\n    return x @ x\n\ndef grad_f(x):\n    return 2 * x\n"

FILES = {
    "loop": "def f(x):\n    while True:\n        pass\n\ndef grad_f(x):\n    return 2 * x\n",
    "os_exit": "import os\ndef f(x):\n    return x @ x\n\ndef grad_f(x):\n    os._exit(0)\n",
    "memory": "import numpy as np\nprint('before')\nA = np.ones(5 * 10**7)\n" + RIGHT,
    "segfault": "import ctypes\ndef f(x):\n    return x @ x\n\ndef grad_f(x):\n    ctypes.string_at(0)\n",
    "fork": "import os\nwhile True:\n    os.fork()\n",
    "kill": "import os\nos.kill(os.getppid(), 9)\n",
    "reads": "import sys\nprint(input())\n" + RIGHT,
    # Prints a forged answer on every channel it can find, then ends the process at its own wish.
    "forged": (
        "import os\nanswer = b'\\n{\"report\": {\"ok\": true, \"status\": \"right\"}, \"fun\": \"f\"}\\n'\n"
        "for fd in range(1, 40):\n    try:\n        os.write(fd, answer)\n    except OSError:\n        pass\n"
        "def f(x):\n    return x @ x\n\ndef grad_f(x):\n    return x\n"
    ),
    "closed": "import os\nos.closerange(0, 100)\n" + RIGHT,
    # Replaces the checker in its own process; the parent compares the numbers once more.
    "patched": (
        "import optidemo.sandbox.inspection as inspection\n"
        "from optidemo.checks.gradient import check_gradient\n"
        "inspection.check_gradient = lambda *a, **k: check_gradient(lambda x: x @ x, lambda x: 2 * x)\n"
        "def grad(x, A):\n    return 2 * A @ x\n"
    ),
    "spam": "print('spam' * 10**6)\nopen('left.txt', 'w').write(open('data.csv').read())\n" + RIGHT,
    "killed": "import signal\nsignal.raise_signal(signal.SIGKILL)\n",
}  # fmt: skip

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals and limits are POSIX")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with the files and a data file beside them."""
    folder = tmp_path_factory.mktemp("hand-ins")
    (folder / "data.csv").write_text("1,2\n")
    for name, source in FILES.items():
        (folder / f"{name}.py").write_text(source)
    return folder


@pytest.fixture(scope="module")
def outcomes(folder: Path) -> dict[str, Outcome]:
    """Check every file."""

    def check(name: str) -> Outcome:
        return check_file(
            Request(
                path=folder / f"{name}.py",
                objective="quadratic" if name == "patched" else None,
                limits=Limits(timeout=1.0 if name == "loop" else 30.0, memory=256),
            )
        )

    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(3) as pool:
        patch.delenv("COVERAGE_PROCESS_CONFIG", raising=False)  # tracing would double their time
        return dict(zip(FILES, pool.map(check, FILES), strict=True))


@posix
@pytest.mark.parametrize(
    ("name", "kind", "line", "words"),
    [
        ("loop", "timeout", (2, 3), "still running after 1 s"),
        ("os_exit", "exit", (6,), "ends the program here"),
        ("memory", "memory", (3,), "more than the 256 MB of memory"),
        ("segfault", "crash", (6,), "SIGSEGV"),
        ("fork", "process", (3,), "starts another process (os.fork)"),
        ("kill", "process", (2,), "sends a signal"),
        ("reads", "input", (2,), "nobody types"),
        ("closed", "exit", (None,), "ends the process (exit code 1)"),
        ("patched", "contradiction", (None,), "gives other numbers"),
        ("killed", "crash", (None,), "killed by the system"),
    ],
)
def test_no_file_gets_away(
    outcomes: dict[str, Outcome], name: str, kind: str, line: tuple[int | None, ...], words: str
) -> None:
    outcome = outcomes[name]
    assert outcome.report is None
    assert outcome.trouble is not None
    assert (outcome.trouble.kind, words in outcome.trouble.sentence) == (kind, True)
    assert outcome.trouble.line in line


def test_a_forged_answer_is_not_believed(outcomes: dict[str, Outcome]) -> None:
    report = outcomes["forged"].report
    assert report is not None
    assert report["status"] == "wrong"
    assert report["mistake"]["kind"] == "factor"


def test_output_is_captured_and_cut_and_the_folder_is_its_own(
    outcomes: dict[str, Outcome], folder: Path
) -> None:
    spam = outcomes["spam"]
    assert spam.report is not None, spam.trouble
    assert spam.report["ok"]
    assert 60_000 < len(spam.output) < 70_000
    assert spam.output.endswith("(more was printed)")
    assert outcomes["memory"].output.startswith("before")
    assert not (folder / "left.txt").exists()
    assert not (folder / "__pycache__").exists()


def test_nothing_of_the_file_enters_this_process(outcomes: dict[str, Outcome]) -> None:
    assert outcomes
    assert "submission" not in sys.modules


@posix
def test_the_whole_group_of_processes_is_killed() -> None:
    import subprocess

    from optidemo.sandbox.process import end

    source = (
        "import subprocess, sys\n"
        "print(subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']).pid, flush=True)\n"
        "import time; time.sleep(600)"
    )
    child = subprocess.Popen(
        [sys.executable, "-S", "-c", source], stdout=subprocess.PIPE, start_new_session=True
    )
    assert child.stdout is not None
    grandchild = int(child.stdout.readline())
    end(child)
    child.stdout.close()
    state = Path(f"/proc/{grandchild}/stat")
    deadline = time.monotonic() + 10
    while state.exists() and state.read_text().split(")")[1].split()[0] not in "ZX":
        assert time.monotonic() < deadline, "the grandchild is still alive"
        time.sleep(0.02)


@pytest.mark.parametrize(
    ("name", "content", "kind", "words"),
    [
        ("missing.py", None, "file", "There are: "),
        ("hw.ipynb", b'{"cells": []}', "notebook", "jupyter nbconvert"),
        ("hw.py", b'{\n "cells": [], "nbformat": 4}', "notebook", "check_gradient(f, grad_f)"),
        ("hw.py", b"\x7fELF\0\0", "file", "no text file"),
        ("", None, "file", "is a folder"),
    ],
)
def test_what_is_no_python_file_starts_no_process(
    tmp_path: Path, name: str, content: bytes | None, kind: str, words: str
) -> None:
    (tmp_path / "other.py").write_text("")
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    start = time.perf_counter()
    outcome = check_file(Request(path=path))
    assert time.perf_counter() - start < 0.5
    assert outcome.trouble is not None
    assert outcome.trouble.kind == kind
    assert words in outcome.trouble.sentence
