"""What a check is: a value with a name, an error, a tolerance and a verdict."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

__all__ = ["Check"]


@dataclass(frozen=True)
class Check:
    """One comparison.

    Attributes
    ----------
    name : str
        What is compared with what.
    error : float
        How far they are apart; NaN fails.
    tolerance : float
        How far they may be apart.
    detail : str
        Numbers for the reader.
    yes_no : bool
        Is it a question of yes or no? Then error and tolerance say nothing to a reader.
    """

    name: str
    error: float
    tolerance: float
    detail: str = ""
    yes_no: bool = False

    @classmethod
    def whether(cls, name: str, holds: bool, detail: str = "") -> Check:  # noqa: FBT001  (a claim)
        """Make a check that has no error and no tolerance: what `name` claims holds or does not."""
        return cls(name, float(not holds), 0.0, detail, yes_no=True)

    @property
    def passed(self) -> bool:
        """Is the error within the tolerance?"""
        return bool(self.error <= self.tolerance)

    def to_dict(self) -> dict[str, Any]:
        """Return the check as JSON has it; error and tolerance are None for a question of yes or no."""
        entries = asdict(self)
        if entries.pop("yes_no"):
            entries["error"] = entries["tolerance"] = None
        return {**entries, "passed": self.passed}
