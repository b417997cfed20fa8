"""Types of arrays that mark or number entries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Mask: TypeAlias = NDArray[np.bool_]
    Index: TypeAlias = NDArray[np.intp]
else:
    Mask = Index = Any

__all__ = ["Index", "Mask"]
