"""On which machine, with which versions and how many threads was it measured?"""

from __future__ import annotations

import os
import platform
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["this_machine", "threads"]

PACKAGES = (
    "numpy", "scipy", "autograd", "scikit-learn", "statsmodels", "skglm", "jax", "jaxopt", "dask",
    "dask-glm",
)  # fmt: skip


def this_machine() -> dict[str, Any]:
    """Return processor, cores, Python, versions, the BLAS and its kernel, and the date."""
    return {
        "date": datetime.now(tz=UTC).date().isoformat(),
        "system": f"{platform.system()} {platform.machine()}",
        "processor": _processor(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "versions": {name: version for name in PACKAGES if (version := _version(name))},
        "blas": _blas(),
        "blas_variables": {k: v for k, v in os.environ.items() if k.startswith("OPENBLAS_")},
    }


@contextmanager
def threads(count: int) -> Iterator[int | None]:
    """Give every BLAS and OpenMP library, ours and the peers', the same number of threads.

    Yields the number, or None without threadpoolctl (it comes with the extra `bench`), when each
    library keeps its own.
    """
    try:
        from threadpoolctl import threadpool_limits
    except ImportError:
        yield None
        return
    with threadpool_limits(limits=count):
        yield count


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def _processor() -> str:
    """Return the processor's name; Linux alone tells it in full."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


def _blas() -> list[str]:
    """Return library, version and kernel of each BLAS in the process."""
    try:
        from threadpoolctl import threadpool_info
    except ImportError:
        return []
    found = {
        f"{lib['internal_api']} {lib.get('version')} {lib.get('architecture', '')}".strip()
        for lib in threadpool_info()
        if lib["user_api"] == "blas"
    }
    return sorted(found)
