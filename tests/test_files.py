"""A file is written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from optidemo.files import atomic_path, check_writable, write_atomic


def test_text_and_bytes_arrive_as_they_are(tmp_path: Path) -> None:
    path = write_atomic(tmp_path / "new" / "a.txt", "σ\r\nμ\n")
    assert path.read_bytes() == "σ\r\nμ\n".encode()
    write_atomic(str(path), b"\x00\xff")
    assert path.read_bytes() == b"\x00\xff"
    assert [p.name for p in path.parent.iterdir()] == ["a.txt"]


def test_temporary_path_is_a_sibling_with_the_same_suffix(tmp_path: Path) -> None:
    with atomic_path(tmp_path / "figure.png") as temporary:
        assert temporary.parent == tmp_path.resolve()
        assert temporary.suffix == ".png"
        temporary.write_bytes(b"new")
        assert not (tmp_path / "figure.png").exists()
    assert (tmp_path / "figure.png").read_bytes() == b"new"


def test_a_trial_leaves_nothing_and_fails_as_writing_would(tmp_path: Path) -> None:
    check_writable(tmp_path / "new" / "deep" / "a.png")
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "a.png").write_text("old")
    check_writable(tmp_path / "a.png")
    assert (tmp_path / "a.png").read_text() == "old"
    with pytest.raises(OSError, match=r"cannot write .*a\.png"):
        check_writable(tmp_path / "a.png" / "b.png")


@pytest.mark.parametrize("failure", [RuntimeError, KeyboardInterrupt, SystemExit])
def test_a_failure_keeps_the_old_file_and_leaves_nothing(
    tmp_path: Path, failure: type[BaseException]
) -> None:
    target = tmp_path / "a.json"
    target.write_text("old")

    def interrupted() -> None:
        with atomic_path(target) as temporary:
            temporary.write_text("half")
            raise failure

    with pytest.raises(failure):
        interrupted()
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_the_mode_is_that_of_any_new_file(tmp_path: Path) -> None:
    (tmp_path / "plain").write_text("")
    written = write_atomic(tmp_path / "atomic", "")
    assert written.stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("old")
    try:
        link.symlink_to(target)
    except OSError:  # pragma: no cover  (Windows allows links to administrators only)
        pytest.skip("this system makes no symbolic links")
    write_atomic(link, "new")
    assert link.is_symlink()
    assert target.read_text() == "new"


def test_folder_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    with pytest.raises(OSError, match=r"cannot write .*a\.png: .*out"):
        write_atomic(tmp_path / "out" / "a.png", b"")
    assert (tmp_path / "out").read_text() == ""


def test_unwritable_folder_is_one_clear_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Patched, since root may write everywhere and a test may run as root.
    def refuse(_path: Path, *, exist_ok: bool) -> None:
        del exist_ok
        raise PermissionError(13, "Permission denied", "somewhere")

    monkeypatch.setattr(Path, "touch", refuse)
    with pytest.raises(OSError, match=r"a\.png: Permission denied \(somewhere\)\.$"):
        write_atomic(tmp_path / "a.png", b"")


def test_a_failed_rename_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_path: Path, _target: Path) -> None:
        raise PermissionError(13, "in use")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(OSError, match="in use"):
        write_atomic(tmp_path / "a.png", b"")
    assert list(tmp_path.iterdir()) == []


def test_folders_and_devices_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path, Path(os.devnull)):
        with pytest.raises(OSError, match="not an ordinary file"):
            write_atomic(path, b"")
