"""The command line: parse, call, print. It holds no mathematics.

Only typer is imported here; each command imports what it needs when it runs, so that
``optidemo --help`` answers at once.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from optidemo import __version__
from optidemo.cli.audit import audit
from optidemo.cli.bench import bench
from optidemo.cli.browse import data, list_demos, show
from optidemo.cli.check import check
from optidemo.cli.encoding import escape_what_is_missing
from optidemo.cli.figures import animate, figures
from optidemo.cli.run import run

if TYPE_CHECKING:
    from types import FrameType

__all__ = ["app", "main"]

BROKEN_PIPE = 128 + 13  # what the shell says of a program that SIGPIPE ended

app = typer.Typer(
    name="optidemo",
    help="A gradient derived on paper goes in; a verified, optimised, plotted result comes out.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(asked: bool) -> None:
    if asked:
        print(f"optidemo {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the version.", callback=_print_version, is_eager=True
        ),
    ] = False,
) -> None:
    """Take the options that belong to no command."""


app.command("run")(run)
app.command("list")(list_demos)
app.command("show")(show)
app.command("data")(data)
app.command("check")(check)
app.command("audit")(audit)
app.command("bench")(bench)
app.command("figures")(figures)
app.command("animate")(animate)


def _terminate(number: int, _frame: FrameType | None) -> None:
    """Leave as after an error, so that half-written temporary files are removed."""
    raise SystemExit(128 + number)


def _call() -> None:
    """Run the command; a broken pipe, which typer turns into exit code 1, stays a BrokenPipeError."""
    try:
        app()
    except SystemExit as end:
        if isinstance(end.__context__, BrokenPipeError):
            raise end.__context__ from None
        sys.stdout.flush()
        raise


def main() -> None:
    """Run the command line: exit 0 if all is well, 1 if a check failed, 2 for bad usage.

    An error that the user can mend is one sentence; OPTIDEMO_TRACEBACK=1 shows where it arose.
    """
    # Half a million imported objects stay to the end: seeking garbage among them took 7 % of a demo's
    # time, and once more a fifth when the interpreter ends; frozen, they are passed over.
    gc.set_threshold(200_000)
    escape_what_is_missing()
    before = signal.signal(signal.SIGTERM, _terminate)
    try:
        _call()
    except (
        BrokenPipeError
    ):  # whoever read the output has seen enough, as in: optidemo list | head -1
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(BROKEN_PIPE)
    except (ValueError, TypeError, OSError, ImportError) as error:
        if os.environ.get("OPTIDEMO_TRACEBACK"):
            raise
        sys.stdout.flush()
        print(f"optidemo: {error}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        print("optidemo: interrupted", file=sys.stderr)
        sys.exit(130)
    finally:
        signal.signal(signal.SIGTERM, before)
        gc.freeze()
