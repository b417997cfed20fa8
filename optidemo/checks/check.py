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
    """

    name: str
    error: float
    tolerance: float
    detail: str = ""

    @property
    def passed(self) -> bool:
        """Is the error within the tolerance?"""
        return bool(self.error <= self.tolerance)

    def to_dict(self) -> dict[str, Any]:
        """Return the check as JSON has it."""
        return {**asdict(self), "passed": self.passed}
