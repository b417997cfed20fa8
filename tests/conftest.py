"""What coverage traces: tracing doubles the time of a test, and not every case needs it."""

from __future__ import annotations

import os
import sys
from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pytest


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "battery(n): coverage traces every n-th case, none if n is 0"
    )
    if "PYTEST_XDIST_WORKER" in os.environ and "coverage" in sys.modules:
        _stop_tracers(sys.modules["coverage"])


def _stop_tracers(coverage: Any) -> None:
    """Stop those that a worker has as a subprocess: they would go on while pytest-cov's pauses."""
    while (tracer := coverage.Coverage.current()) is not None:
        tracer.stop()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Take cases out of coverage that run almost the same lines as others with other numbers."""
    seen: Counter[str] = Counter()
    for item in items:
        battery = item.get_closest_marker("battery")
        if battery is None:
            continue
        name = item.nodeid.partition("[")[0]
        if not battery.args[0] or seen[name] % battery.args[0]:
            item.add_marker("no_cover")
        seen[name] += 1
