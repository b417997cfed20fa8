"""Inside the child process: load the file, find its functions, check them, say where they fail."""

from __future__ import annotations

import inspect
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from optidemo.checks.gradient import check_gradient
from optidemo.sandbox.child import load
from optidemo.sandbox.discovery import find_gradient, find_pair, functions_of
from optidemo.sandbox.lecture import ENTRIES, SIZES, Entry, points_shape, probe_points
from optidemo.sandbox.parameters import ALIASES, Call, match
from optidemo.sandbox.trouble import Trouble, explain

if TYPE_CHECKING:
    from collections.abc import Callable

    from optidemo.checks.report import GradientReport

__all__ = ["inspect_file", "warm_up"]

POSITIONAL = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


def warm_up() -> None:
    """Load everything that a check needs, before a file beside the student's can hide it."""
    check_gradient(lambda x: x @ x, lambda x: 2 * x, np.ones(2))


def inspect_file(request: dict[str, Any]) -> dict[str, Any]:
    """Load the file of `request` and check what it asks for; the answer is ready for JSON.

    Raises
    ------
    Trouble
        If it cannot be checked.
    """
    path = request["path"]
    namespace = load(path)
    functions = functions_of(namespace, path)
    for asked in (request["fun"], request["grad"]):  # named ones may come from elsewhere, too
        if asked in namespace and callable(namespace[asked]):
            functions.setdefault(asked, namespace[asked])
    if request["objective"]:
        return _against_lecture(request, namespace, functions)
    fun, grad = find_pair(functions, request["fun"], request["grad"])
    if request["args"]:
        args = _arguments(request["args"], functions[fun], ())
    else:
        args = ()
        _takes_x_alone(fun, functions[fun])
    x = None if request["at"] is None else np.array(request["at"])[()]
    points: list[Any] | None = None if x is None else []  # at x alone
    report = check_gradient(
        functions[fun], functions[grad], x, args=args, points=points,
        seed=request["seed"], tol=request["tol"],
    )  # fmt: skip
    answer = _answer(report, fun, grad)
    _add_line(answer, report, functions[fun], functions[grad], args, request)
    return answer


def _answer(report: GradientReport, fun: str, grad: str) -> dict[str, Any]:
    return {
        "report": report.to_dict(),
        "fun": fun,
        "grad": grad,
        "line": None,
        "there": "",
        "instances": [],
    }


def _against_lecture(
    request: dict[str, Any], namespace: dict[str, Any], functions: dict[str, Callable[..., Any]]
) -> dict[str, Any]:
    """Check one function on several instances of an objective; the first wrong one is reported."""
    name = request["objective"]
    entry = ENTRIES[name]
    grad = find_gradient(functions, request["grad"])
    call = match(entry, functions[grad], grad)
    instances: list[dict[str, Any]] = []
    points: list[dict[str, Any]] = []
    answer: dict[str, Any] = {}
    for k, data in enumerate(_data(entry, call, request, namespace, grad)):
        seed = request["seed"] + k
        d = _variables(data, request["at"], SIZES[k % len(SIZES)])
        f = entry.build(d, data)
        shape = points_shape(entry, f.d, call, data)
        at = request["at"]
        x = (f.sample(np.random.default_rng(seed)) if at is None else np.array(at)).reshape(shape)
        report = check_gradient(
            entry.value, call, x[()], args=data, points=None if at is None else [],
            seed=seed, tol=request["tol"],
        )  # fmt: skip
        points += report.points
        report.points = points
        answer = _answer(report, name, grad)
        instances.append(
            {
                "d": f.d,
                "seed": seed,
                "at": at,
                "data": [np.asarray(value).tolist() for value in data],
                "probes": _probes(call, probe_points(f, seed, at), shape, data),
            }
        )
        if not report.ok:
            _add_line(answer, report, entry.value, call, data, request)
            break
    answer["instances"] = instances
    return answer


def _data(
    entry: Entry, call: Call, request: dict[str, Any], namespace: dict[str, Any], grad: str
) -> list[tuple[Any, ...]]:
    """Return the data of every instance: from --args, from the file's own names, or drawn."""
    if request["args"]:
        return [_arguments(request["args"], entry.value, call.letters[1:])]
    if call.missing:
        own = {}
        for letter in call.letters[1:]:
            spellings = [s for s in (letter, *ALIASES.get(letter, ())) if s in namespace]
            if spellings:
                own[letter] = namespace[spellings[0]]
        lost = [letter for letter in call.letters[1:] if letter not in own]
        if lost:
            code = getattr(call.function, "__code__", None)
            raise Trouble(
                "parameters",
                f"{grad} takes no {' and no '.join(lost)}, and the file defines none. Write "
                f"{grad}({', '.join(call.letters)}).",
                getattr(code, "co_firstlineno", None),
            )
        return [tuple(np.asarray(own[letter])[()] for letter in call.letters[1:])]
    size = None if request["at"] is None else np.size(request["at"])
    sizes = SIZES if size is None or entry.letters[0] in {"z", "mu", "lam", "p", "v"} else (size,)
    rng = np.random.default_rng(request["seed"])
    return [entry.draw(int(d), rng) for d in sizes]


def _variables(data: tuple[Any, ...], at: Any, size: int) -> int:
    if data:
        return int(np.shape(data[0])[-1])
    return int(np.size(at)) if at is not None else size


def _probes(
    call: Call, points: list[Any], shape: tuple[int, ...], data: tuple[Any, ...]
) -> list[Any]:
    """Return the answers of the student's function at points that the parent knows, too."""
    answers: list[list[float] | None] = []
    for x in points:
        try:
            answers.append(
                np.asarray(call(x.reshape(shape)[()], *data), dtype=float).ravel().tolist()
            )
        except Exception:  # noqa: BLE001 - the report has named the error already
            answers.append(None)
    return answers


def _arguments(
    path: str, function: Callable[..., Any], letters: tuple[str, ...]
) -> tuple[Any, ...]:
    """Load the arguments after x from a .npz (by parameter name, else in its order) or a .npy file."""
    try:
        with Path(path).open("rb") as file:
            loaded = np.load(file, allow_pickle=False)
            arrays = (
                {name: loaded[name][()] for name in loaded.files}
                if isinstance(loaded, np.lib.npyio.NpzFile)
                else {"": loaded[()]}
            )
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        message = str(error).splitlines()[0].rstrip(".")
        raise Trouble(
            "args",
            f"needs {Path(path).name}, which is no .npz or .npy file of numbers ({message}).",
        ) from error
    code = getattr(function, "__code__", None)
    names = letters or (code.co_varnames[1 : code.co_argcount] if code is not None else ())
    if "" in arrays or not set(names) <= set(arrays):
        if names and len(arrays) != len(names):
            raise Trouble(
                "args",
                f"needs {', '.join(names)} from {Path(path).name}, which holds "
                f"{', '.join(arrays) if '' not in arrays else 'one array'}.",
            )
        return tuple(arrays.values())
    return tuple(arrays[name] for name in names)


def _takes_x_alone(name: str, function: Callable[..., Any]) -> None:
    """Raise Trouble if f needs more than x, since there is nothing to give it."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return
    needed = [p.name for p in parameters if p.kind in POSITIONAL and p.default is p.empty]
    if len(needed) > 1:
        raise Trouble(
            "args",
            f"{name}({', '.join(needed)}) needs {', '.join(needed[1:])}: give them in a file made by "
            f"np.savez('data.npz', {', '.join(f'{n}={n}' for n in needed[1:])}), with --args data.npz.",
            getattr(getattr(function, "__code__", None), "co_firstlineno", None),
        )


def _add_line(
    answer: dict[str, Any],
    report: GradientReport,
    fun: Callable[..., Any],
    grad: Callable[..., Any],
    args: tuple[Any, ...],
    request: dict[str, Any],
) -> None:
    """Where a function of the file raises, call it once more, and say in which line that was."""
    kind = report.mistake.kind if report.mistake else ""
    if kind not in {"raises", "domain"} and report.status != "unchecked":
        return
    tries = [] if report.mistake is None else [report.mistake.evidence.get("x")]
    tries += [report.point, np.ones(3), np.ones(2), 1.0, np.ones((3, 1))]
    for function in (fun, grad):
        for x in tries:
            if x is None:
                continue
            try:
                returned = function(np.array(x)[()], *args)
            except BaseException as error:  # noqa: BLE001 - SystemExit, too, has a line
                trouble = explain(error, request["path"], request["memory"])
                if trouble.line is not None:
                    answer["line"] = trouble.line
                    answer["there"] = trouble.sentence
                    return
            else:
                if returned is None and hasattr(function, "__code__"):
                    answer["line"] = function.__code__.co_firstlineno
                    answer["there"] = "the function returns None: is its return statement missing?"
                    return
                break
