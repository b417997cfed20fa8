"""What is written beside the figures: a manifest, and a gallery to browse."""

from __future__ import annotations

import hashlib
import json
import platform
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from optidemo.datasets import load_dataset
from optidemo.files import write_atomic
from optidemo.plots.lecture import FIGURES, file_stem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from optidemo.plots.drawing import Drawn

__all__ = ["write_gallery"]

MANIFEST, GALLERY = "manifest.json", "README.md"


def write_gallery(drawn: Sequence[Drawn], out: Path, look: str = "slides") -> list[Path]:
    """Write manifest.json and README.md; figures drawn earlier in the same style stay in both.

    Returns
    -------
    list of Path
        The two files.
    """
    manifest = _read_manifest(out, look)
    for item in drawn:
        manifest[item.name] = _entry(item, out)
    listed = {name: manifest[name] for name in FIGURES if name in manifest}
    whole = {"style": look, "versions": _versions(), "figures": list(listed.values())}
    text = json.dumps(whole, indent=1, ensure_ascii=False) + "\n"
    return [
        write_atomic(out / MANIFEST, text),
        write_atomic(out / GALLERY, "\n".join(_gallery(listed)) + "\n"),
    ]


def _versions() -> dict[str, str]:
    packages = ("optidemo", "matplotlib", "numpy", "scipy", "pillow")
    return {"python": platform.python_version(), **{name: _version(name) for name in packages}}


def _version(package: str) -> str:
    if package == "optidemo":
        import optidemo

        return optidemo.__version__
    return version(package)


def _read_manifest(out: Path, look: str) -> dict[str, Any]:
    """Return the entries of an earlier manifest that still hold: same style, same bytes on disk."""
    try:
        old = json.loads((out / MANIFEST).read_text(encoding="utf-8"))
        entries = {entry["name"]: entry for entry in old["figures"]}
        if old["style"] != look:
            return {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return {name: entry for name, entry in entries.items() if _stands(entry, out)}


def _stands(entry: dict[str, Any], out: Path) -> bool:
    files = entry.get("files", [])
    return bool(files) and all(
        (out / item["file"]).is_file() and _sha256(out / item["file"]) == item["sha256"]
        for item in files
    )


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _entry(item: Drawn, out: Path) -> dict[str, Any]:
    figure = FIGURES[item.name]
    data = None
    if figure.dataset:
        dataset = load_dataset(figure.dataset)
        data = {"name": dataset.name, "title": dataset.title, "source": dataset.source}
    return {
        "name": item.name,
        "place": figure.place,
        "alt": item.alt,
        "files": [{"file": name, "sha256": _sha256(out / name)} for name in item.files],
        "seed": figure.seed,
        "dataset": data,
        # without the errors, whose last digits are rounding and differ from run to run
        "checks": [
            {
                "name": check.name,
                "tolerance": float(f"{check.tolerance:.1g}"),
                "passed": check.passed,
            }
            for check in item.checks
        ],
    }


def _gallery(entries: dict[str, Any]) -> Iterator[str]:
    """Yield the lines of the gallery: every figure with its caption, alt text and command."""
    yield "# The figures of the lecture"
    yield ""
    yield (
        f"{len(entries)} figures, numbered by their place in the lecture. `optidemo figures` draws "
        "them all again, to the same bytes; `manifest.json` holds their sha256, seeds, data sources and "
        "the checks that their numbers passed. This page is written by the same command."
    )
    for name, entry in entries.items():
        figure = FIGURES[name]
        shown = next(
            (item["file"] for item in entry["files"] if not item["file"].endswith(".pdf")), None
        )
        held = sum(check["passed"] for check in entry["checks"])
        yield ""
        yield f"## {file_stem(name).split('-')[0]}. {figure.title}"
        yield ""
        yield f"*{figure.place}*"
        yield ""
        alt = entry.get("alt", figure.alt)
        yield f"![{alt}]({shown})" if shown else alt
        yield ""
        yield figure.caption
        yield ""
        if entry["dataset"]:
            yield f"Data: {entry['dataset']['title']}. {entry['dataset']['source']}."
            yield ""
        yield f"`optidemo figures {name}` — {held} of {len(entry['checks'])} checks of its numbers hold."
