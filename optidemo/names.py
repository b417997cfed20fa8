"""What to say when a name is not known: the nearest one, and the whole list."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["alternatives", "unknown_name"]

MOST = 30  # names that an error message lists


def unknown_name(kind: str, name: object, choices: Iterable[str]) -> str:
    """Word the error for a `name` that is none of the `choices`.

    Parameters
    ----------
    kind
        What is being named, in the singular: ``"data set"``, ``"solver"``, ``"column"``.
    name
        The name that was given; perhaps not even a string.
    choices
        The names that exist, in the order in which they are to be listed.

    Returns
    -------
    str
        One message: ``unknown data set 'irsi'. Did you mean 'iris'? There are: cars, iris.``
    """
    return f"unknown {kind} {name!r}.{alternatives(name, choices)}"


def alternatives(name: object, choices: Iterable[str]) -> str:
    """Word what follows the error: `` Did you mean 'iris'? There are: cars, iris.``"""
    known = list(choices)
    folded = {choice.casefold().replace("-", "_"): choice for choice in known}
    near = difflib.get_close_matches(str(name).casefold().replace("-", "_"), folded, n=1)
    hint = f" Did you mean {folded[near[0]]!r}?" if near else ""
    listed = [*known[:MOST], f"… ({len(known)} in all)"] if len(known) > MOST else known
    return f"{hint} There are: {', '.join(listed) or 'none'}."
