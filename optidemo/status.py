"""How a search for an optimum can end, and what an objective knows of its optimum beforehand."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from optidemo.arrays import Vector

__all__ = ["DomainError", "Incompatible", "NoClosedForm", "Optimum", "Status"]


class Status(IntEnum):
    """Why a solver stopped. Only `CONVERGED` counts as success."""

    CONVERGED = 0
    """A certificate was met: a gradient norm, a subgradient or a proximal residual."""
    MAXITER = 1
    """The iterations ran out before the certificate was met."""
    LINE_SEARCH_FAILED = 2
    """No step along the search direction lowers f."""
    NOT_FINITE = 3
    """f or its gradient became NaN or infinite."""
    DIVERGED = 4
    """The iterates run away because the step is too long."""
    UNBOUNDED = 5
    """f falls (or, when maximised, rises) without end."""
    NOT_ATTAINED = 6
    """The infimum is approached, but no point reaches it."""
    NO_STATIONARY_POINT = 7
    """The gradient is zero nowhere; an optimum, if any, lies on the boundary."""
    STOPPED = 99
    """The callback raised StopIteration, or the user pressed Ctrl-C."""


class NoClosedForm(ValueError):  # noqa: N818  (the name is part of the public API)
    """The objective has no optimum in closed form; the message says why and what to do instead."""


class Incompatible(TypeError):  # noqa: N818  (as NoClosedForm)
    """The solver, or its step rule, does not fit the objective; the message says what is missing."""


class DomainError(ValueError):
    """The point lies outside the objective's domain, where it has no gradient."""


@dataclass(frozen=True, eq=False)  # a direction is an array, which == compares entry by entry
class Optimum:
    """What an objective knows of its optimum before any search.

    Attributes
    ----------
    status : Status
        `CONVERGED` if the optimum exists and is attained at a stationary point, else `UNBOUNDED`,
        `NOT_ATTAINED` or `NO_STATIONARY_POINT`.
    reason : str
        One sentence that a student can read.
    direction : (d,) array or None
        A direction that shows it: f falls without end along it, or it separates the two classes.
    """

    status: Status
    reason: str
    direction: Vector | None = None

    @property
    def attained(self) -> bool:
        """Is there a point that is optimal and stationary?"""
        return self.status is Status.CONVERGED
