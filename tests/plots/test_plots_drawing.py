"""The set on disk: same bytes, whole files, a manifest and a gallery; and the two commands."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from PIL import Image
from typer.testing import CliRunner

import optidemo
from optidemo.cli import app
from optidemo.cli.progress import Ticker
from optidemo.plots.animation import _moments, animate_demo
from optidemo.plots.drawing import chosen, draw_set
from optidemo.plots.film import write_gif
from optidemo.plots.gallery import write_gallery
from optidemo.plots.lecture import FIGURES
from optidemo.plots.style import PALETTE

if TYPE_CHECKING:
    from pathlib import Path

QUICK = ["slope", "three-drugs"]


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.battery(0)
def test_a_figure_has_the_same_bytes_alone_and_after_others(tmp_path: Path) -> None:
    """Those that another process draws are compared in the test of a terminated run."""
    formats = ["png", "svg", "pdf"]
    for folder, names in ((tmp_path / "a", QUICK), (tmp_path / "b", QUICK[::-1])):
        write_gallery(list(draw_set(names, folder, formats=formats, jobs=1)), folder)
    assert contents(tmp_path / "a") == contents(tmp_path / "b")
    assert len(contents(tmp_path / "a")) == 8


def test_the_manifest_and_the_gallery_describe_the_files(tmp_path: Path) -> None:
    write_gallery(list(draw_set(["trace"], tmp_path, jobs=1)), tmp_path)
    write_gallery(
        list(draw_set(["least-squares"], tmp_path, jobs=1)), tmp_path
    )  # adds to the first
    manifest = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    assert [entry["name"] for entry in manifest["figures"]] == ["trace", "least-squares"]
    for entry in manifest["figures"]:
        (item,) = entry["files"]
        assert hashlib.sha256((tmp_path / item["file"]).read_bytes()).hexdigest() == item["sha256"]
        assert entry["checks"]
        assert all(check["passed"] for check in entry["checks"])
    trace, fit = manifest["figures"]
    assert trace["seed"] == 3
    assert "Ezekiel" in fit["dataset"]["source"]
    assert manifest["versions"]["matplotlib"]
    page = (tmp_path / "README.md").read_text(encoding="utf-8")
    for name in ("trace", "least-squares"):
        item = FIGURES[name]
        assert item.caption in page
        assert f"![{item.alt}](" in page
        assert f"`optidemo figures {name}`" in page


@pytest.mark.battery(0)
def test_an_entry_whose_file_was_changed_is_dropped(tmp_path: Path) -> None:
    write_gallery(list(draw_set(["slope", "hinge"], tmp_path, jobs=1)), tmp_path)
    next(tmp_path.glob("*slope.png")).write_bytes(b"no longer what was drawn")
    write_gallery([], tmp_path)
    assert [e["name"] for e in json.loads((tmp_path / "manifest.json").read_text())["figures"]] == [
        "hinge"
    ]


def test_the_text_for_the_blind_tells_how_each_solver_ended(tmp_path: Path) -> None:
    (item,) = draw_set(["demo-trace-quadratic"], tmp_path, formats=["svg"], jobs=1)
    assert "newton converges after one iteration" in item.alt
    assert "gradient-descent, 0.22 diverges" in item.alt
    assert "the paths on the contours" in item.alt
    write_gallery([item], tmp_path)
    assert f"![{item.alt}](" in (tmp_path / "README.md").read_text(encoding="utf-8")
    write_gallery([], tmp_path)  # from the manifest
    assert f"![{item.alt}](" in (tmp_path / "README.md").read_text(encoding="utf-8")


@pytest.mark.battery(0)
def test_a_png_is_a_slide(tmp_path: Path) -> None:
    (item,) = draw_set(["slope"], tmp_path, jobs=1)
    with Image.open(tmp_path / item.files[0]) as image:
        assert image.size == (1600, 900)
        assert set(image.info) <= {"dpi", "transparency"}


@pytest.mark.battery(0)
@pytest.mark.parametrize("look", ["paper", "notebook"])
def test_the_other_styles_draw_too(tmp_path: Path, look: str) -> None:
    (item,) = draw_set(
        ["pca" if "pca" in FIGURES else "principal-axes"], tmp_path, look=look, jobs=1
    )
    assert item.passed
    assert (tmp_path / item.files[0]).stat().st_size > 5_000


def test_bad_input_says_what_and_how_to_mend_it(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"unknown figure 'slop'. Did you mean 'slope'"):
        chosen(["slop"])
    with pytest.raises(ValueError, match="unknown format 'jpg'"):
        list(draw_set(["slope"], tmp_path / "x", formats=["jpg"]))
    with pytest.raises(ValueError, match="Did you mean 'paper'"):
        list(draw_set(["slope"], tmp_path / "x", look="papers"))
    with pytest.raises(ValueError, match="jobs must be at least 1"):
        list(draw_set(["slope"], tmp_path / "x", jobs=0))
    assert not (tmp_path / "x").exists()
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(OSError, match=r"cannot write into the folder .*file"):
        list(draw_set(["slope"], tmp_path / "file"))


def test_the_command_lists_draws_and_reports(tmp_path: Path) -> None:
    runner = CliRunner()
    listed = runner.invoke(app, ["figures", "--list"])
    assert listed.exit_code == 0
    assert len(listed.stdout.splitlines()) == len(FIGURES)
    number, name, *_ = listed.stdout.split()
    for called in (number, number.lstrip("0"), name, f"{number}-{name}", f"{number}-{name}.svg"):
        assert chosen([called]) == [name]
    made = runner.invoke(
        app, ["figures", "slope", "--out", str(tmp_path), "--format", "svg", "--verbose"]
    )
    assert made.exit_code == 0, made.output
    assert "slope" in made.stdout
    assert "3 of 3 checks hold" in made.stdout
    assert "1 of 1 figures" in made.stdout
    assert {path.suffix for path in tmp_path.iterdir()} == {".svg", ".json", ".md"}


def test_a_number_that_does_not_check_exits_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        optidemo.Quadratic, "gradient", lambda self, x: 2.0 * self.A @ np.asarray(x)
    )
    made = CliRunner().invoke(app, ["figures", "trace", "--out", str(tmp_path), "--jobs", "1"])
    assert made.exit_code == 1
    assert "FAILED" in made.stdout


def test_ctrl_c_keeps_what_was_drawn_and_lists_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Ticker, "done", lambda _ticker: signal.raise_signal(signal.SIGINT))
    made = CliRunner().invoke(app, ["figures", *QUICK, "--out", str(tmp_path), "--jobs", "1"])
    assert made.exit_code == 130
    assert f"1 of {len(QUICK)} figures" in made.stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "01-slope.png", "README.md", "manifest.json",
    ]  # fmt: skip


@pytest.mark.battery(0)
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to handle")
def test_a_terminated_run_in_parallel_leaves_whole_files_as_they_are_drawn_here(
    tmp_path: Path,
) -> None:
    formats = ["png", "svg", "pdf"]
    command = [
        sys.executable, "-m", "optidemo", "figures", "--out", str(tmp_path), "--jobs", "2",
        "--format", ",".join(formats),
    ]  # fmt: skip
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={k: v for k, v in os.environ.items() if k != "COVERAGE_PROCESS_CONFIG"},
    ) as child:
        deadline = time.monotonic() + 60
        while not list(tmp_path.glob("[0-9]*.png")) and time.monotonic() < deadline:
            time.sleep(0.05)
        child.send_signal(signal.SIGTERM)
        child.communicate(timeout=60)
    assert child.returncode == 128 + signal.SIGTERM
    pictures = list(tmp_path.glob("*.png"))
    assert 0 < len(pictures) < len(FIGURES)
    assert not list(tmp_path.glob(".optidemo*"))
    for path in pictures:
        with Image.open(path) as image:
            image.load()
    manifest = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    assert len(manifest["figures"]) == len(pictures)
    first = manifest["figures"][0]
    (here,) = draw_set([first["name"]], tmp_path / "here", formats=formats, jobs=1)
    assert here.files == tuple(item["file"] for item in first["files"])
    for name in here.files:
        assert (tmp_path / "here" / name).read_bytes() == (tmp_path / name).read_bytes()


def test_an_animation_walks_from_start_to_optimum(tmp_path: Path) -> None:
    path = animate_demo("quadratic", tmp_path / "walk.gif", solvers=["newton"], frames=5)
    with Image.open(path) as image:
        assert 2 <= getattr(image, "n_frames", 1) <= 5
        assert image.size[0] == 960
    again = animate_demo("quadratic", tmp_path / "again.gif", solvers=["newton"], frames=5)
    assert path.read_bytes() == again.read_bytes()


def test_the_pictures_of_an_animation_begin_at_the_start_and_end_at_the_end() -> None:
    run = optidemo.gradient_descent(optidemo.Quadratic([[1.0, 0.0], [0.0, 0.01]]), [1.0, 1.0])
    last = len(run.trajectory) - 1
    assert last > 500
    for frames in (2, 3, 10, 60):
        moments = _moments({"gd": run}, frames)
        assert moments[0] == 0
        assert moments[-1] == last
        assert len(moments) <= frames
    assert moments[:6] == [0, 1, 2, 3, 4, 5]


def test_a_small_mark_keeps_its_colour_among_many_others(tmp_path: Path) -> None:
    """The palette of a film is small; a mark that another covers at the end must not turn grey."""
    side = 240
    colours = np.linspace(0, 255, 3 * side * side).reshape(side, side, 3).astype(np.uint8)
    last = Image.fromarray(colours)
    first = last.copy()
    for i, color in enumerate(PALETTE):
        first.paste(color, (8 * i, 100, 8 * i + 4, 104))
    write_gif([first, last], tmp_path / "marks.gif", 20)
    with Image.open(tmp_path / "marks.gif") as film:
        seen = np.asarray(film.convert("RGB"), dtype=float)
    for i, color in enumerate(PALETTE):
        np.testing.assert_allclose(seen[102, 8 * i + 2] / 255, to_rgb(color), atol=0.02)


def test_an_mp4_needs_ffmpeg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ValueError, match=r"needs ffmpeg.*\.gif"):
        animate_demo("quadratic", tmp_path / "walk.mp4")
    fake = tmp_path / "ffmpeg"
    fake.write_text(
        f"#!{sys.executable}\nimport sys\npixels = len(sys.stdin.buffer.read())\n"
        "open(sys.argv[-1], 'w').write(f'{pixels} {sys.argv[sys.argv.index(\"-s\") + 1]}')\n"
    )
    fake.chmod(0o755)
    path = animate_demo("quadratic", tmp_path / "walk.mp4", solvers=["newton"], frames=3)
    pixels, size = path.read_text().split()
    width, height = map(int, size.split("x"))
    assert width % 2 == height % 2 == 0
    assert int(pixels) % (3 * width * height) == 0


@pytest.mark.battery(0)
@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not installed")
def test_an_mp4_is_one(tmp_path: Path) -> None:
    path = animate_demo("quadratic", tmp_path / "walk.mp4", solvers=["newton"], frames=2)
    assert path.read_bytes()[4:8] == b"ftyp"  # ISO 14496-12, the first box


@pytest.mark.parametrize(
    ("name", "path", "message"),
    [
        ("quadratics", "a.gif", "Did you mean 'quadratic'"),
        ("svm", "a.gif", "svm has 3 variables"),
        ("sigmoid", "a.gif", "sigmoid has one variable, and contours need two"),
        ("quadratic", "a", r"must end in .gif or .mp4"),
        ("quadratic", "a.avi", r"must end in .gif or .mp4"),
    ],
)
def test_what_cannot_be_animated_is_refused(
    tmp_path: Path, name: str, path: str, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        animate_demo(name, tmp_path / path)
    assert not list(tmp_path.iterdir())
