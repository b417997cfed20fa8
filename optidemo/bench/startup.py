"""How long until the command line answers, and until a demo is done?"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import optidemo
from optidemo.bench.contest import Contest, Peer, Row, at_most

if TYPE_CHECKING:
    from optidemo.bench.contest import Work

__all__ = ["rows"]

OPTIDEMO = (
    "import sys; from optidemo.cli import main; sys.argv = ['optidemo', *sys.argv[1:]]; main()"
)

EMPTY_APP = """
import typer

app = typer.Typer()


@app.command()
def one() -> None:
    pass


@app.command()
def two() -> None:
    pass


app()
"""

BARE_SCRIPT = """
import autograd
import matplotlib
import numpy
import scipy.linalg
import scipy.optimize

matplotlib.use("Agg")
import matplotlib.pyplot as plt

plt.plot([0.0, 1.0])
plt.savefig("line.png")
"""


def rows(contest: Contest) -> list[Row]:
    """Time whole processes: help against an empty app, a demo against a script with its imports."""
    return [
        contest.row(
            "optidemo --help", program(OPTIDEMO, "--help"),
            Peer("a typer app of two empty commands", at_most(1.3), lambda: program(EMPTY_APP, "--help")),
        ),
        contest.row(
            "optidemo run pca", program(OPTIDEMO, "run", "pca"),
            Peer("a bare script with its imports and one figure", at_most(1.5), lambda: program(BARE_SCRIPT)),
        ),
    ]  # fmt: skip


def program(code: str, *arguments: str) -> Work:
    """Return the work of running Python code in a process and an empty folder of its own.

    Bytecode is kept, as it is for every installed package, even where the caller forbids it.
    """
    paths = [str(Path(optidemo.__file__).parents[1]), os.environ.get("PYTHONPATH", "")]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, paths))}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)

    def run() -> None:
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(  # noqa: S603  (our own code, given above)
                [sys.executable, "-c", code, *arguments],
                cwd=folder, env=environment, check=True, capture_output=True,
            )  # fmt: skip

    return run
