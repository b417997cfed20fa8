"""Who called us: a warning names the line of the user, not one of ours."""

from __future__ import annotations

import sys
import warnings

__all__ = ["warn"]

LIBRARIES = ("optidemo", "numpy", "scipy")


def warn(message: str, category: type[Warning]) -> None:
    """Warn at the line that called this package, however many functions lie between."""
    level, frame = 2, sys._getframe(1)  # noqa: SLF001  (documented, and the only way before 3.12)
    while frame.f_back and frame.f_globals.get("__name__", "").partition(".")[0] in LIBRARIES:
        level, frame = level + 1, frame.f_back
    warnings.warn(message, category, stacklevel=level)
