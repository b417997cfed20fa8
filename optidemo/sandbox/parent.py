"""Start a student's file in a process of its own, wait, and judge what comes back.

Nothing of the file is imported here. What comes back is JSON under a random word; a process that
ends, hangs or crashes without it could not be checked, whatever it printed and whatever its exit code
is. Against an objective of the lecture the verdict "right" is confirmed here, from the numbers that
the student's function returned. The process may neither start nor signal others, and its whole group
is killed at the end.

This guards against accidents and against simple cheats. It does not stop hostile code; run that in a
container.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from optidemo.arrays import as_seed, as_tolerance
from optidemo.sandbox.process import Reader, end, explain_death
from optidemo.sandbox.trouble import Trouble

__all__ = ["Limits", "Outcome", "Request", "check_file"]

START = "from optidemo.sandbox.child import main; main()"
START_UP = 60.0  # seconds that Python and numpy may take to load on a slow machine
GRACE = 2.0
KEPT_OUTPUT = 64 * 2**10
KEPT_ANSWER = 32 * 2**20
DATA_SUFFIXES = frozenset({".csv", ".npy", ".npz", ".txt", ".json", ".tsv", ".dat"})
COPIED = 20 * 2**20


@dataclass(frozen=True)
class Limits:
    """What a file may take.

    Attributes
    ----------
    timeout : float
        Seconds, from the moment at which the file is loaded.
    memory : int
        Megabytes beyond what Python with numpy has; not enforced on Windows.
    """

    timeout: float = 20.0
    memory: int = 1024


@dataclass(frozen=True)
class Request:
    """What is to be checked."""

    path: Path
    fun: str | None = None
    grad: str | None = None
    objective: str | None = None
    at: Any = None
    args: Path | None = None
    seed: int = 0
    tol: float = 1e-6
    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        as_seed(self.seed)
        as_tolerance(self.tol)


@dataclass
class Outcome:
    """What came of it.

    Attributes
    ----------
    report : dict or None
        `GradientReport.to_dict` of the check; None if the file could not be checked.
    trouble : Trouble or None
        Why it could not.
    fun, grad : str
        The functions that were found.
    instances : list of dict
        The data of a lecture objective, one per instance.
    line : int or None
        Where a function of the file raised.
    there : str
        What it raised.
    output : str
        What the file printed.
    """

    report: dict[str, Any] | None = None
    trouble: Trouble | None = None
    fun: str = ""
    grad: str = ""
    instances: list[dict[str, Any]] = field(default_factory=list)
    line: int | None = None
    there: str = ""
    output: str = ""


def check_file(request: Request) -> Outcome:
    """Run the file of `request` in a child process and return the outcome; never raises for its faults.

    Raises
    ------
    OSError
        If no process can be started, or no temporary folder made.
    """
    trouble = _unfit(request)
    if trouble is not None:
        return Outcome(trouble=trouble)
    with tempfile.TemporaryDirectory(prefix="optidemo-", ignore_cleanup_errors=True) as root:
        folder, trace = Path(root, "work"), Path(root, "trace.txt")
        folder.mkdir()
        _copy_data(request.path.parent, folder)
        answer, output, code = _run(request, folder, trace)
        dump = trace.read_text(encoding="utf-8", errors="replace") if trace.exists() else ""
    outcome = Outcome(output=output)
    if answer is None:
        outcome.trouble = explain_death(
            code, dump, str(request.path.resolve()), request.limits.timeout
        )
    elif "trouble" in answer:
        outcome.trouble = Trouble(**answer["trouble"])
    else:
        outcome.report, outcome.instances = answer["report"], answer["instances"]
        outcome.fun, outcome.grad = answer["fun"], answer["grad"]
        outcome.line, outcome.there = answer["line"], answer["there"]
        if request.objective:
            from optidemo.sandbox.confirmation import (
                confirm,  # numpy: not needed to refuse a notebook
            )

            confirm(request.objective, outcome)
        if outcome.report is not None and outcome.report["status"] == "unchecked" and outcome.line:
            outcome.trouble = Trouble("raises", outcome.there, outcome.line)
            outcome.report = None
    return outcome


def _unfit(request: Request) -> Trouble | None:
    """Find out without a process what is no Python file."""
    path = request.path
    if not path.exists():
        near = sorted(p.name for p in path.parent.glob("*.py")) if path.parent.is_dir() else []
        there = f" There are: {', '.join(near[:10])}." if near else ""
        return Trouble("file", f"does not exist in {path.parent.resolve()}.{there}")
    if not path.is_file():
        files = sorted(p.name for p in path.glob("*.py"))[:10]
        tip = f" It holds {', '.join(files)}: check one of them." if files else ""
        return Trouble("file", f"is a folder, not a Python file.{tip}")
    with path.open("rb") as file:
        head = file.read(4096)
    if path.suffix == ".ipynb" or (head.lstrip()[:1] == b"{" and b'"cells"' in head):
        return Trouble(
            "notebook",
            "is a notebook, not a Python file: export it (jupyter nbconvert --to script "
            f"{path.name}), or call optidemo.check_gradient(f, grad_f) in a cell.",
        )
    if b"\0" in head:
        return Trouble("file", "is no text file, so it is no Python file.")
    return None


def _copy_data(source: Path, folder: Path) -> None:
    """Copy the data files beside the student's file, so that it finds them and cannot spoil them."""
    room = COPIED
    for path in sorted(source.iterdir()):
        if path.suffix.lower() in DATA_SUFFIXES and path.is_file():
            room -= path.stat().st_size
            if room < 0:
                return
            with contextlib.suppress(OSError):
                shutil.copy(path, folder / path.name)


def _run(
    request: Request, folder: Path, trace: Path
) -> tuple[dict[str, Any] | None, str, int | None]:
    """Return the child's answer (or None), what it printed, its exit code (None: still running)."""
    word = secrets.token_hex(16)
    asked = {
        "word": word, "sys_path": [p for p in sys.path if p], "folder": str(folder), "trace": str(trace),
        "path": str(request.path.resolve()), "fun": request.fun, "grad": request.grad,
        "objective": request.objective, "at": request.at, "seed": request.seed, "tol": request.tol,
        "args": None if request.args is None else str(request.args.resolve()),
        "timeout": request.limits.timeout, "memory": request.limits.memory,
    }  # fmt: skip
    threads = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    environment = {
        **os.environ, **threads, "MPLBACKEND": "Agg", "PYTHONIOENCODING": "utf-8:replace",
        "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": os.pathsep.join([p for p in sys.path if p]),
    }  # fmt: skip
    child = subprocess.Popen(  # noqa: S603  (our own interpreter, with our own program)
        [sys.executable, "-P", "-c", START],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        cwd=folder, env=environment, start_new_session=True,
    )  # fmt: skip
    try:
        answers, prints = (
            Reader(child.stdout, KEPT_ANSWER, word),
            Reader(child.stderr, KEPT_OUTPUT),
        )
        assert child.stdin is not None  # noqa: S101  (for the type checker)
        with contextlib.suppress(OSError), child.stdin as pipe:
            pipe.write(json.dumps(asked).encode())
        if answers.wait(1, child, START_UP):
            answers.wait(2, child, request.limits.timeout + GRACE)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(GRACE if answers.lines else 0.1)
        code = child.poll()
    finally:
        end(child)
    prints.thread.join(1.0)
    answers.thread.join(1.0)
    final = next((a for a in answers.lines if "started" not in a), None)
    return final, prints.text(), code
