"""What a run of the tests need not pay for: tracing and looking for garbage beyond their use.

Coverage traces the imports of the package, the fixtures and the tests, but neither pytest itself
nor matplotlib's layout and drawing, and of a battery of cases that run almost the same lines only some.
"""

from __future__ import annotations

import gc
import importlib
import os
import pkgutil
import sys
from collections import Counter
from contextlib import contextmanager, nullcontext
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

P = ParamSpec("P")
R = TypeVar("R")

CHILDREN = "COVERAGE_PROCESS_CONFIG"  # where it is set, coverage starts in a child process, too
UNTRACED = pytest.StashKey[bool]()


class Tracer:
    """Coverage's tracer, if there is one: off, but for what is in ``with tracer.on():``."""

    def __init__(self) -> None:
        self.tracer: Any = None
        self.children = ""

    def off(self) -> None:
        """Stop tracing, here and in child processes."""
        self.tracer = sys.gettrace()
        self.children = os.environ.pop(CHILDREN, "")
        sys.settrace(None)

    @contextmanager
    def on(self) -> Iterator[None]:
        """Trace meanwhile, where coverage is measured and does not trace already."""
        if self.tracer is None or sys.gettrace() is not None:
            yield
            return
        os.environ[CHILDREN] = self.children
        self.tracer.start()  # sys.settrace would lose the ends of functions that are under way
        try:
            yield
        finally:
            self.off()

    def never_in(self, function: Callable[P, R]) -> Callable[P, R]:
        """Return a function that does the same and is not traced."""

        @wraps(function)
        def untraced(*args: P.args, **kwargs: P.kwargs) -> R:
            traced = sys.gettrace() is not None
            sys.settrace(None)
            try:
                return function(*args, **kwargs)
            finally:
                if traced:
                    self.tracer.start()

        return untraced


tracer = Tracer()


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "battery(n): coverage traces every n-th case, none if n is 0"
    )
    os.environ.pop(
        "COLUMNS", None
    )  # a worker has it, and the commands would print as narrow as it says
    if "PYTEST_XDIST_WORKER" in os.environ and "coverage" in sys.modules:
        _stop_tracers(sys.modules["coverage"])


def _stop_tracers(coverage: Any) -> None:
    """Stop those that a worker has as a subprocess: they would trace beside pytest-cov's."""
    while (running := coverage.Coverage.current()) is not None:
        running.stop()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection() -> Generator[None, object, object]:
    """Trace the imports of the package, whichever test needs a module first."""
    if sys.gettrace() is not None:
        package = importlib.import_module("optidemo")
        for module in pkgutil.walk_packages(package.__path__, "optidemo."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)
        layout = importlib.import_module("matplotlib.layout_engine").ConstrainedLayoutEngine
        layout.execute = tracer.never_in(layout.execute)
        figure = importlib.import_module("matplotlib.figure").Figure
        figure.draw = tracer.never_in(figure.draw)
    tracer.off()
    result = yield
    gc.freeze()  # what is imported stays: no need to look for garbage in it again and again
    gc.set_threshold(20_000, 20, 20)
    return result


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Take cases out of coverage that run almost the same lines as others with other numbers."""
    seen: Counter[str] = Counter()
    for item in items:
        battery = item.get_closest_marker("battery")
        if battery is None:
            continue
        name = item.nodeid.partition("[")[0]
        item.stash[UNTRACED] = not battery.args[0] or seen[name] % battery.args[0] > 0
        seen[name] += 1


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    with nullcontext() if item.stash.get(UNTRACED, False) else tracer.on():
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup() -> Generator[None, object, object]:
    with tracer.on():
        return (yield)
