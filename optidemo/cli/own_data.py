"""The user's own file, as the options of ``optidemo run`` describe it."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from optidemo.datasets import Design
    from optidemo.demos.case import Demo

__all__ = ["OwnData", "column_list"]


@dataclass(frozen=True)
class OwnData:
    """What was said of the data; each None if it was not.

    Attributes
    ----------
    data, target, columns : str
        The file, the column to explain, the names of the features with commas between them.
    intercept, standardize : bool
        Is a column of ones added? Are the columns centred and scaled?
    """

    data: str | None
    target: str | None
    columns: str | None
    intercept: bool | None
    standardize: bool | None

    def __post_init__(self) -> None:
        for name, wanted in (("data", "a .csv or .npy file"), ("target", "a column")):
            given = getattr(self, name)
            if given is not None and not given.strip():
                raise ValueError(f"--{name} is empty; name {wanted}, or leave it out.")
        if self.columns is not None:
            column_list(self.columns)
        options = {
            "--target": self.target, "--columns": self.columns, "--standardize": self.standardize,
            "--no-intercept" if self.intercept is False else "--intercept": self.intercept,
        }  # fmt: skip
        useless = [name for name, value in options.items() if value is not None]
        if self.data is None and useless:
            raise ValueError(f"{', '.join(useless)} needs --data FILE.")

    def read(self, demo: Demo, progress: Callable[[int, int], None]) -> Design | None:
        """Read the file for this demo; None if there is none, for the demo has its own."""
        if self.data is None:
            return None
        if not demo.takes_data:
            raise ValueError(f"{demo.name} takes no --data: it is a function, not fitted to data.")
        if demo.target and self.target is None:
            raise ValueError(f"{demo.name} needs --target COLUMN, the column to explain.")
        if self.intercept and not demo.target:
            raise ValueError(
                f"{demo.name} takes no --intercept: only a regression or a classification has one."
            )
        from optidemo.datasets import read_design

        alone = [self.target] if self.target is not None and not demo.target else None
        design = read_design(
            self.data,
            self.target if demo.target else None,
            alone if self.columns is None else column_list(self.columns),
            intercept=demo.intercept if self.intercept is None else self.intercept,
            standardize=bool(self.standardize),
            progress=progress,
        )
        demo.refuse_few_rows(self.data, design)
        return design


def column_list(text: str) -> list[str]:
    """Split names at commas; as in a CSV file a name with a comma is quoted: ``"a,b",c``.

    Raises
    ------
    ValueError
        If a quote is not closed, or a name is empty.
    """
    try:
        (cells,) = csv.reader([text], skipinitialspace=True, strict=True)
    except (csv.Error, ValueError):
        raise ValueError(
            f"--columns {text!r}: check the quotes; a name with a comma is quoted: '\"a,b\",c'"
        ) from None
    names = [cell.strip() for cell in cells] or [""]
    if "" in names:
        raise ValueError(
            f"--columns {text!r}: name {names.index('') + 1} is empty; give the names of columns "
            "with commas between them: a,b,c"
        )
    return names
