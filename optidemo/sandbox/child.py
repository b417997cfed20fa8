"""The process in which a student's file runs: read a request, load the file, check, answer.

The request arrives as JSON on standard input. The answer is one line of JSON on what was standard
output when the process began; before the file is loaded, that channel is moved out of the way, so
that prints cannot reach it, and the answer carries a word that only the tool knows. This keeps
accidents out, and faking beyond a print; it does not stop hostile code (see `parent`, which checks
a right verdict against a lecture objective once more by itself).
"""

from __future__ import annotations

import faulthandler
import json
import os
import sys
import types
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["examine", "main"]

FORBIDDEN = {
    "os.fork": "os.fork", "os.forkpty": "os.forkpty", "os.exec": "os.exec", "os.system": "os.system",
    "os.posix_spawn": "os.posix_spawn", "os.spawn": "os.spawn", "os.startfile": "os.startfile",
    "subprocess.Popen": "subprocess", "pty.spawn": "pty.spawn",
}  # fmt: skip
ENDING = {"os.kill": "os.kill", "os.killpg": "os.killpg"}


def main() -> None:
    """Answer one request."""
    request = json.load(sys.stdin.buffer)
    sys.path[:] = request["sys_path"]
    channel = _Channel(request["word"])
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)  # prints go with the errors, into the captured output
    trace = Path(request["trace"]).open("w", encoding="utf-8")  # noqa: SIM115  (open until the end)
    faulthandler.enable(trace)

    from optidemo.sandbox.inspection import warm_up

    warm_up()
    os.chdir(request["folder"])
    restore = limit_memory(request["memory"])
    guard_processes()
    channel.send({"started": True})
    faulthandler.dump_traceback_later(request["timeout"], exit=True, file=trace)
    answer = examine(request, restore)
    faulthandler.cancel_dump_traceback_later()
    restore()
    channel.send(answer)


def examine(request: dict[str, Any], restore: Callable[[], None] = lambda: None) -> dict[str, Any]:
    """Check the file of `request`; whatever it does ends in an answer that is ready for JSON.

    Parameters
    ----------
    request
        As `optidemo.sandbox.parent` sends it.
    restore
        Lifts the memory limit, so that there is room to say that it was reached.
    """
    from optidemo.sandbox.inspection import inspect_file
    from optidemo.sandbox.trouble import Trouble, explain

    try:
        return inspect_file(request)
    except Trouble as trouble:
        found = trouble
    except BaseException as error:  # noqa: BLE001 - a student's file may raise anything
        restore()
        found = explain(error, request["path"], request["memory"])
    return {"trouble": {"kind": found.kind, "sentence": found.sentence, "line": found.line}}


class _Channel:
    """Where the answer goes; what a print cannot reach."""

    def __init__(self, word: str) -> None:
        descriptor, write, dumps = os.dup(1), os.write, json.dumps

        def send(answer: dict[str, Any]) -> None:
            text = f"\n{word} {dumps(answer)}\n".encode()
            while text:
                text = text[write(descriptor, text) :]

        self.send: Callable[[dict[str, Any]], None] = send


def limit_memory(megabytes: int) -> Callable[[], None]:
    """Limit what the process may take beyond what it has; return how to lift that again.

    Does nothing where the system tells no sizes or keeps no such limit: Linux alone does both. (macOS has
    RLIMIT_AS, but does not hold a process to it.)
    """
    try:
        import resource

        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        used = pages * resource.getpagesize()
    except (ImportError, OSError, ValueError):
        return lambda: None
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = used + megabytes * 2**20
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    try:
        resource.setrlimit(resource.RLIMIT_AS, (wanted, hard))
    except (ValueError, OSError):
        return lambda: None
    return lambda: resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def guard_processes() -> None:
    """From now on refuse to start or to end processes, and let ``os._exit`` say where it was called."""
    from optidemo.sandbox.trouble import ForbiddenProcessError, Stopped

    def hook(event: str, _arguments: tuple[Any, ...]) -> None:
        if event in FORBIDDEN:
            raise ForbiddenProcessError(
                f"starts another process ({FORBIDDEN[event]}), which a check does not allow."
            )
        if event in ENDING:
            raise ForbiddenProcessError(
                f"sends a signal to a process ({ENDING[event]}), which a check does not allow."
            )

    def leave(status: int) -> NoReturn:  # noqa: ARG001  (os._exit's signature)
        raise Stopped

    sys.addaudithook(hook)
    os._exit = leave


def load(path: str) -> dict[str, Any]:
    """Run the file as a module called ``submission`` and return its names.

    Raises
    ------
    BaseException
        Whatever the file raises.
    """
    module = types.ModuleType("submission")
    module.__file__ = path
    sys.modules["submission"] = module
    sys.path.insert(0, str(Path(path).parent))
    code = compile(Path(path).read_bytes(), path, "exec", dont_inherit=True)
    exec(code, module.__dict__)  # noqa: S102  (running the student's file is what this process is for)
    return module.__dict__


if __name__ == "__main__":
    main()
