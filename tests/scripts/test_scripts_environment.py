"""The scripts make their environment once, mend it, and pass on what the command says."""

from __future__ import annotations

import ast
import importlib
import importlib.util
import os
import signal
import subprocess
import sys
import venv
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from types import ModuleType

SCRIPTS = Path(__file__).parents[2] / "scripts"


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """Give the module, in an empty folder as its repository."""
    monkeypatch.syspath_prepend(str(SCRIPTS))
    monkeypatch.delitem(sys.modules, "environment", raising=False)
    module = importlib.import_module("environment")
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    return module


class Installer:
    """Stands in for `python -m venv` and pip: does what they leave behind, and counts."""

    def __init__(self, environment: ModuleType) -> None:
        self.environment = environment
        self.done: list[str] = []
        self.fail = False
        self.sound = False

    def works(self) -> bool:
        return self.sound

    def must(self, command: list[str], _mend: str, **_quiet: bool) -> None:
        if self.fail:
            raise SystemExit(1)
        if "pip" in command:
            self.done.append("pip " + command[-1].removeprefix(str(self.environment.ROOT)))
            self.environment.program("optidemo").touch()
        else:
            self.done.append(command[2])
            self.environment.program("x").parent.mkdir(parents=True, exist_ok=True)
            for stamp in self.environment.VENV.glob("optidemo-installed-*"):
                stamp.unlink()  # as --clear does
            self.sound = True

    def prepare(self, extra: str = "") -> list[str]:
        self.done = []
        self.environment.prepare(extra)
        return self.done


@pytest.fixture
def installer(environment: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Installer:
    fake = Installer(environment)
    monkeypatch.setattr(environment, "_works", fake.works)
    monkeypatch.setattr(environment, "_must", fake.must)
    return fake


def test_everything_is_made_once(installer: Installer) -> None:
    assert installer.prepare() == ["venv", "pip "]
    assert installer.prepare() == []
    assert installer.prepare("test") == ["pip [test]"]
    assert installer.prepare("test") == []
    assert installer.prepare() == []


def test_the_test_tools_include_the_package(installer: Installer) -> None:
    assert installer.prepare("test") == ["venv", "pip [test]"]
    assert installer.prepare() == []


def test_a_changed_project_is_installed_again(installer: Installer, tmp_path: Path) -> None:
    installer.prepare("test")
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'other'\n")
    assert installer.prepare() == ["pip "]
    assert installer.prepare("test") == ["pip [test]"]


def test_a_lost_command_is_installed_again(installer: Installer) -> None:
    installer.prepare()
    installer.environment.program("optidemo").unlink()
    assert installer.prepare() == ["pip "]


def test_a_broken_environment_is_made_anew(
    installer: Installer, capsys: pytest.CaptureFixture[str]
) -> None:
    installer.prepare()
    installer.sound = False
    assert installer.prepare() == ["venv", "pip "]
    output = capsys.readouterr()
    assert "making anew, since it does not work" in output.err
    assert output.out == ""


def test_an_interrupted_installation_is_repeated(installer: Installer, tmp_path: Path) -> None:
    installer.prepare()
    (tmp_path / "pyproject.toml").write_text("")
    installer.fail = True
    with pytest.raises(SystemExit):
        installer.prepare()
    installer.fail = False
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    assert installer.prepare() == ["pip "]


def test_a_moved_repository_is_installed_again(
    installer: Installer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installer.prepare()
    moved = tmp_path / "moved"
    moved.mkdir()
    (tmp_path / "pyproject.toml").rename(moved / "pyproject.toml")
    (tmp_path / ".venv").rename(moved / ".venv")
    monkeypatch.setattr(installer.environment, "ROOT", moved)
    monkeypatch.setattr(installer.environment, "VENV", moved / ".venv")
    assert installer.prepare() == ["pip "]


def test_old_python_and_missing_parts_are_explained(
    environment: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SystemExit, match=r"needs Python 3\.11 or newer, but .* is Python 3\.10\."):
        environment.check_machine((3, 10))
    environment.check_machine((3, 11))
    found = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "ensurepip" else found(name)
    )
    with pytest.raises(SystemExit, match=r"no module ensurepip, .*apt install python3-venv \(or"):
        environment.check_machine()


@pytest.mark.parametrize("name", ["environment", "run", "test"])
def test_an_old_python_can_read_the_scripts(name: str) -> None:
    source = (SCRIPTS / f"{name}.py").read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(source, feature_version=(3, 6))):
        if isinstance(node, ast.Import):
            assert node.names[0].name.partition(".")[0] in {*sys.stdlib_module_names, "environment"}
        if isinstance(node, ast.ImportFrom):
            assert node.module in sys.stdlib_module_names - {"__future__"} | {"collections.abc"}
        if isinstance(node, ast.arg):  # what is quoted is not evaluated
            assert isinstance(node.annotation, ast.Name | ast.Constant)


def test_programs_are_elsewhere_on_windows(
    environment: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Path("home")
    monkeypatch.setattr(environment.os, "name", "posix")
    assert environment.program("python", home).as_posix() == "home/bin/python"
    monkeypatch.setattr(environment.os, "name", "nt")
    windows = environment.program("python", home).as_posix()
    monkeypatch.undo()
    assert windows == "home/Scripts/python.exe"


def test_only_a_sound_environment_works(environment: ModuleType, tmp_path: Path) -> None:
    home = environment.VENV
    assert not environment._works()
    python = environment.program("python")
    python.parent.mkdir(parents=True)
    python.write_text("no program")
    python.chmod(0o755)
    assert not environment._works()
    venv.create(home, clear=True, with_pip=False, symlinks=os.name != "nt")
    assert not environment._works(), "it has no pip yet"
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    packages = home / ("Lib" if os.name == "nt" else f"lib/{version}") / "site-packages"
    (packages / "pip").mkdir()
    (packages / "pip" / "__init__.py").touch()
    assert environment._works()
    (home / "pyvenv.cfg").unlink()
    assert not environment._works()
    assert not (tmp_path / "optidemo").exists()


def test_exit_codes_are_passed_on(environment: ModuleType) -> None:
    assert environment.call([sys.executable, "-c", "raise SystemExit(3)"]) == 3
    with pytest.raises(SystemExit, match=r"failed with exit code 4: try again"):
        environment._must([sys.executable, "-c", "raise SystemExit(4)"], "try again")


def test_of_a_step_that_breaks_only_the_last_line_is_told(
    environment: ModuleType, capfd: pytest.CaptureFixture[str]
) -> None:
    broken = [sys.executable, "-S", "-c", "print('début'); raise ImportError('no module zlib')"]
    with pytest.raises(SystemExit, match=r"not made \(ImportError: no module zlib\)$"):
        environment._must(broken, "not made", quiet=True)
    assert capfd.readouterr() == ("", "")


def test_steps_do_not_write_on_the_standard_output(
    environment: ModuleType, capfd: pytest.CaptureFixture[str]
) -> None:
    environment._must([sys.executable, "-c", "print('working')"], "try again")
    assert capfd.readouterr().out == ""


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX's")
def test_signals_become_exit_codes(
    environment: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed = "import os, signal; os.kill(os.getpid(), signal.SIGTERM)"
    assert environment.call([sys.executable, "-c", killed]) == 128 + signal.SIGTERM

    def interrupted(*_arguments: object, **_options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(environment.subprocess, "run", interrupted)
    with pytest.raises(SystemExit) as stopped:
        environment._must(["pip"], "try again")
    assert stopped.value.code == 130


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX's")
def test_on_ctrl_c_the_command_may_finish_its_work() -> None:
    work = (
        "import sys, time\n"
        "try:\n    print('ready', flush=True); time.sleep(30)\n"
        "except KeyboardInterrupt:\n    time.sleep(0.6)\n"
        "    print('saved', flush=True); sys.exit(130)\n"
    )
    caller = (
        f"import sys, environment; sys.exit(environment.call([sys.executable, '-c', {work!r}]))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", caller], cwd=SCRIPTS, stdout=subprocess.PIPE, start_new_session=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        os.killpg(process.pid, signal.SIGINT)
        assert process.stdout.read() == b"saved\n"
        assert process.wait() == 130
