"""An option whose value is a path."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer

__all__ = ["path_option"]


def path_option(about: str) -> Any:  # as typer.Option
    """Return an option for a path; an empty one, which would be the working folder, is refused."""
    return typer.Option(help=about, parser=_path, metavar="PATH")


def _path(text: str | Path) -> Path:
    if not str(text).strip():
        raise typer.BadParameter("it is empty; name a path, or leave the option out.")
    return Path(text)
