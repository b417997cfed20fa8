"""The virtual environment `.venv` in which the scripts run: made once, reused, mended when broken.

Standard library only, and the syntax of Python 3.6, so that an old Python gets a clear message
instead of a syntax error.
"""

import hashlib
import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
OLDEST = (3, 11)


def check_machine(version: "tuple[int, int]" = sys.version_info[:2]) -> None:
    """Stop with a clear message if this Python is too old or cannot make environments."""
    running = ".".join(map(str, version))
    if version < OLDEST:
        raise SystemExit(
            f"optidemo needs Python 3.11 or newer, but {sys.executable} is Python {running}. "
            "Install a newer one from https://www.python.org and start this script with it, "
            "for example: python3.13 scripts/run.py"
        )
    missing = [name for name in ("venv", "ensurepip") if importlib.util.find_spec(name) is None]
    if missing:
        raise SystemExit(
            f"{sys.executable} has no module {' and no module '.join(missing)}, so it cannot make "
            "a virtual environment. On Debian and Ubuntu: sudo apt install python3-venv "
            f"(or python{running}-venv); elsewhere install Python from https://www.python.org."
        )


def program(name: str, venv: "Path | None" = None) -> Path:
    """Give the path of a program in the environment; on Windows they are elsewhere."""
    folder, suffix = ("Scripts", ".exe") if os.name == "nt" else ("bin", "")
    return (venv or VENV) / folder / (name + suffix)


def prepare(extra: str = "") -> None:
    """Make the environment if there is none that works, and install the package if that is due.

    Parameters
    ----------
    extra
        An optional group of dependencies in pyproject.toml, such as ``"test"``.
    """
    check_machine()
    if not _works():
        say("making" if not VENV.exists() else "making anew, since it does not work,", VENV)
        venv = [sys.executable, "-m", "venv", "--clear", str(VENV)]
        _must(venv, "the environment was not made", quiet=True)
    stamps = [VENV / f"optidemo-installed-{name or 'package'}" for name in {"", extra}]
    wanted = _fingerprint()
    if all(_read(stamp) == wanted for stamp in stamps) and program("optidemo").exists():
        return
    say("installing optidemo and what it needs in", VENV)
    for stamp in VENV.glob("optidemo-installed-*"):
        stamp.unlink()
    package = f"{ROOT}[{extra}]" if extra else str(ROOT)
    pip = [str(program("python")), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    _must([*pip, "--editable", package], "pip's message is above; is there a network?")
    for stamp in stamps:
        stamp.write_text(wanted, encoding="utf-8")


def call(command: "Sequence[str | Path]", cwd: "Path | None" = None) -> int:
    """Run a command and give its exit code, 128 + signal if it was killed.

    On Ctrl-C the command receives the signal too: it is waited for, so that it can save its work.
    """
    with subprocess.Popen([str(part) for part in command], cwd=cwd) as child:
        while True:
            try:
                code = child.wait()
            except KeyboardInterrupt:
                continue
            return code if code >= 0 else 128 - code


def say(what: str, where: Path) -> None:
    """Report progress on the standard error, so that the standard output is the command's own."""
    print(f"{what} {where} …", file=sys.stderr, flush=True)


def _works() -> bool:
    """Say whether there is an environment with pip and a Python that is new enough."""
    probe = (
        f"import sys, pip; sys.exit(sys.version_info < {OLDEST} or sys.prefix == sys.base_prefix)"
    )
    try:
        found = subprocess.run(
            [str(program("python")), "-c", probe],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=60,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return found.returncode == 0


def _fingerprint() -> str:
    """Tell apart what was installed: the folder (it may move) and its pyproject.toml."""
    text = (ROOT / "pyproject.toml").read_bytes()
    return f"{ROOT} {hashlib.sha256(text).hexdigest()}"


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return ""


def _must(command: "Sequence[str]", mend: str, *, quiet: bool = False) -> None:
    """Run a step that must succeed; its output goes to the standard error.

    If `quiet`, only the last line is shown, and only of a failure: what a traceback ends with.
    """
    output = subprocess.PIPE if quiet else 2
    try:
        done = subprocess.run(
            command, stdout=output, stderr=subprocess.STDOUT if quiet else None, check=False
        )
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    if done.returncode:
        lines = (done.stdout or b"").decode(errors="replace").strip().splitlines()
        told = f" ({lines[-1].strip()})" if lines else ""
        raise SystemExit(
            f"{' '.join(command)} failed with exit code {done.returncode}: {mend}{told}"
        )
