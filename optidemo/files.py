"""Files that are written whole or not at all."""

from __future__ import annotations

import contextlib
import secrets
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator

__all__ = ["atomic_path", "check_writable", "write_atomic"]


def write_atomic(path: str | os.PathLike[str], data: bytes | str) -> Path:
    """Write `data` (text as UTF-8, line ends as they are) to `path`, whole or not at all.

    Returns
    -------
    Path
        The file that was written.

    Raises
    ------
    OSError
        If it cannot be written; the message names the file and the cause. What was at `path`
        before is then untouched.
    """
    with atomic_path(path) as temporary:
        temporary.write_bytes(data.encode() if isinstance(data, str) else data)
    return Path(path)


@contextmanager
def atomic_path(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Give a temporary path beside `path`; rename it to `path` once the block has succeeded.

    The temporary name has the suffix of `path`, since writers such as ``Figure.savefig`` choose the
    format by it. A missing folder is made. On any failure, Ctrl-C included, the temporary file is
    removed and what was at `path` before is untouched.

    Raises
    ------
    OSError
        Before the block runs, if `path` cannot be written: its folder is not writable, or `path`
        is a folder or a device. The message names the file and the cause.
    """
    # A link stays a link: the file that it points to is the one replaced.
    target = Path(path).resolve()
    temporary = target.with_name(f".optidemo-{secrets.token_hex(4)}{target.suffix}")
    try:
        with _explained(path):
            if target.exists() and not target.is_file():
                raise OSError("it exists and is not an ordinary file; choose another name")
            target.parent.mkdir(parents=True, exist_ok=True)
            temporary.touch(exist_ok=False)
        yield temporary
        with _explained(path):
            temporary.replace(target)
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def check_writable(path: str | os.PathLike[str]) -> None:
    """Raise the OSError that `atomic_path` would raise; for before the work whose result goes there.

    Nothing is left behind, not even a folder.
    """
    target = Path(path).resolve()
    missing = [folder for folder in target.parents if not folder.exists()]
    try:
        with contextlib.suppress(_Tried), atomic_path(path):
            raise _Tried
    finally:
        with contextlib.suppress(OSError):
            for folder in missing:
                folder.rmdir()


class _Tried(Exception):  # noqa: N818  (it is no error)
    """A path was opened for writing."""


@contextmanager
def _explained(path: str | os.PathLike[str]) -> Iterator[None]:
    """Turn the system's error into one that says which file the user wanted."""
    try:
        yield
    except OSError as error:
        cause = error.strerror or str(error)
        where = f" ({error.filename})" if error.filename else ""
        raise OSError(f"cannot write {path}: {cause}{where}.") from error
