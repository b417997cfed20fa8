"""Arrays that lie in a file: mapped into memory, and dropped again when they have been read."""

from __future__ import annotations

import mmap
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import os

    from numpy.typing import NDArray

__all__ = ["map_npy", "mapping_of"]


def map_npy(path: str | os.PathLike[str]) -> NDArray[Any]:
    """Map an ``.npy`` file without reading its numbers, and never run what is pickled in one.

    Raises
    ------
    ValueError
        If the file is cut off, is no ``.npy`` file, or holds Python objects.
    OSError
        If it cannot be opened.
    """
    file = Path(path)
    try:
        stored: Any = np.load(file, mmap_mode="r", allow_pickle=False)
    except (ValueError, EOFError) as error:
        if "pickled" in str(error):  # what does not begin as an .npy file might be a pickle
            reason = (
                "is no .npy file, or holds Python objects, which could run code when loaded; save it "
                "again with numpy.save, as float64"
            )
        elif "bject" in str(error):  # numpy's words: "Object arrays", "Python objects in dtype"
            reason = "holds Python objects, which could run code when loaded; save it as float64"
        elif "mmap length" in str(error):
            reason = "is cut off: it is shorter than its header says; save or copy it again"
        else:
            reason = f"is not a whole .npy file ({error}); save it again with numpy.save"
        raise ValueError(f"{file} {reason}.") from error
    if hasattr(stored, "files"):
        stored.close()
        raise ValueError(f"{file} is an .npz archive: save its array alone, with numpy.save.")
    return np.asanyarray(stored)


def mapping_of(array: NDArray[Any]) -> mmap.mmap | None:
    """Return the mapped file that an array is a view of, if its pages may be dropped.

    A copy-on-write mapping (mode "c") holds the user's changes in its pages: those stay.
    """
    base: Any = array
    while isinstance(base, np.ndarray):
        if isinstance(base, np.memmap) and base.mode == "c":
            return None
        base = base.base
    return base if isinstance(base, mmap.mmap) and hasattr(base, "madvise") else None
