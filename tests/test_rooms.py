"""Who may import whom: a room knows the rooms before it, never those after it."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import optidemo

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = Path(optidemo.__file__).parent
ORDER = [
    "__version__",
    "names",
    "callers",
    "status",
    "files",
    "arrays",
    "storage",
    "rows",
    "linalg",
    "objective",
    "objectives",
    "solvers",
    "datasets",
    "checks",
    "testing",
    "sandbox",
    "audit",
    "demos",
    "bench",
    "plots",
    "cli",
    "__main__",
]
# The algebra: f + g and c * f are objectives, so the base class makes them, when it is asked to.
EXCEPTION = ("objective", "objectives")


def imports(source: str) -> Iterator[str]:
    """Yield the modules of the package that are imported when the code runs."""
    nodes = [ast.parse(source)]
    while nodes:
        node: ast.AST = nodes.pop()
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield str(node.module)
        elif not (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"):
            nodes.extend(ast.iter_child_nodes(node))  # type: ignore[arg-type]


def upward(room: str, source: str) -> list[str]:
    """List what a file of a room imports from rooms after it."""
    found = []
    for module in imports(source):
        package, _, rest = module.partition(".")
        other = rest.partition(".")[0]
        known = package != "optidemo" or not other or (room, other) == EXCEPTION
        if not known and ORDER.index(other) > ORDER.index(room):
            found.append(module)
    return found


@pytest.mark.battery(0)
def test_no_room_imports_a_later_one() -> None:
    for path in PACKAGE.rglob("*.py"):
        room = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        if room != "__init__":
            assert upward(room, path.read_text(encoding="utf-8")) == [], path


def test_an_import_of_a_later_room_is_found() -> None:
    lazy = "def f():\n    from optidemo.plots.style import style\n"
    assert upward("solvers", lazy) == ["optidemo.plots.style"]
    assert upward("solvers", "import optidemo.cli") == ["optidemo.cli"]
    assert upward("cli", lazy) == []
    assert upward("solvers", "if TYPE_CHECKING:\n    import optidemo.cli\n") == []
