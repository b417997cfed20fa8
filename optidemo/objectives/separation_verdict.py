"""What a separation of the classes means for the minimum, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optidemo.status import Optimum, Status

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from optidemo.objectives.separation import Separation

__all__ = ["UNDECIDED", "verdict"]

UNDECIDED = (
    "Whether a plane separates the two classes, and so whether f has a minimum, is not decided: they "
    "overlap, or lie apart, by too little. Add a regulariser, or centre the columns of X."
)


def verdict(found: Separation, free: NDArray[np.bool_]) -> Optimum | None:
    """Return what is known of the optimum, where all variables but the `free` ones are penalised."""
    if found.kind == "overlap":
        return Optimum(Status.CONVERGED, "The classes overlap: the minimum is attained.")
    if found.v is None:
        return None
    separates = "separates" if found.kind == "separable" else "weakly separates"
    if free.all():
        data, remedy = "The data", "Add a regulariser, for example f + 0.1 * SquaredL2Norm(d)."
    else:
        data = "Looking at the unpenalized variables alone, the data"
        remedy = "Add a regulariser for them too: SquaredL2Norm(d) without unpenalized."
    return Optimum(
        Status.NOT_ATTAINED,
        f"{data} are {found.kind}: a plane {separates} the two classes, so f falls towards its infimum "
        f"as w grows along the plane's normal and no w reaches it. {remedy}",
        found.v / np.linalg.norm(found.v),
    )
