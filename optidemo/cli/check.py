"""``optidemo check``: is the gradient in this file right?"""

from __future__ import annotations

import enum
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from optidemo.cli.path_option import path_option

if TYPE_CHECKING:
    from optidemo.sandbox import Outcome

__all__ = ["check"]

HELP = """Is my derivative right, and if not, what did I do wrong?

\b
    optidemo check hw1.py                              f and grad_f of the file
    optidemo check hw1.py --fun loss --grad dloss
    optidemo check hw1.py:my_grad --objective quadratic

Without --fun and --grad these names go together: f with grad_f; any NAME with grad_NAME, NAME_grad,
gradient_NAME, NAME_gradient, dNAME, d_NAME, DNAME, NAME_prime, nabla_NAME, derivative_NAME,
NAME_derivative, jac_NAME, NAME_jac; or one of f, fun, func, function, objective, loss, cost with one
of grad, gradient, nabla, jac, derivative, dfdx, df_dx, my_grad. (∇ cannot stand in a name.)

With --objective the gradient is compared with the lecture's, on several instances whose matrices are
not symmetric. Its parameters are matched by the lecture's letters, in any order: x and A (quadratic,
trace-quadratic, gaussian, gaussian-trace), x, A and lam (pca), x and y (linear), w and x (relu,
logistic), w, X and y (linear-regression, logistic-regression, svm), z (sigmoid), x (norms), mu, x and
sigma (gaussian-mle), lam and x (exponential-mle, poisson-mle), p and alpha (bernoulli-mle), v and x or
a, b and x (uniform-mle). One parameter alone is the variable; the data are then the file's own A, X, y.

The file runs in a process of its own, in a temporary folder with copies of the data files beside it,
within --timeout and --memory (the memory limit is enforced on Linux only; macOS and Windows keep none).
It may not start other processes or read the keyboard. What it prints is hidden unless --show-output.

Exit code: 0 the gradient is right, 1 it is wrong, 2 it could not be checked.
"""


class Hint(enum.StrEnum):
    """How much is told about a wrong gradient."""

    NONE = "none"
    WHERE = "where"
    MISTAKE = "mistake"
    FULL = "full"


def check(
    file: Annotated[str, typer.Argument(metavar="FILE[:GRAD]", help="A Python file.")],
    fun: Annotated[str | None, typer.Option(help="The name of the function f.")] = None,
    grad: Annotated[str | None, typer.Option(help="The name of its gradient.")] = None,
    objective: Annotated[
        str | None, typer.Option(help="Compare with this objective of the lecture.")
    ] = None,
    at: Annotated[
        str | None, typer.Option(help="Check at this point only: 2,-3,0 (rows of a matrix by ;).")
    ] = None,
    args: Annotated[
        Path | None,
        path_option("Further arguments of f, as arrays in a .npz (by name) or .npy file."),
    ] = None,
    taylor: Annotated[
        Path | None,
        path_option("Draw the Taylor test: its slope is 2 if the gradient is right."),
    ] = None,
    methods: Annotated[
        bool, typer.Option("--methods", help="Say what every witness found.")
    ] = False,
    hint: Annotated[
        Hint,
        typer.Option(
            help="How much to tell: right or wrong; which entries; the mistake; also the reference."
        ),
    ] = Hint.MISTAKE,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    timeout: Annotated[float, typer.Option(min=0.1, help="Seconds that the file may run.")] = 20.0,
    memory: Annotated[int, typer.Option(min=16, help="Megabytes that the file may take.")] = 1024,
    show_output: Annotated[
        bool, typer.Option("--show-output", help="Show what the file printed.")
    ] = False,
    seed: Annotated[int, typer.Option(help="Of the points and the data; 0 or more.")] = 0,
) -> None:
    """Check a file, print the verdict, and exit with 0, 1 or 2."""
    from optidemo.sandbox import Limits, Request, check_file

    path, name = _target(file)
    if seed < 0:
        raise typer.BadParameter(f"--seed is {seed}, but a seed is a whole number of 0 or more.")
    _usage(name, grad, fun, objective, args)
    outcome = check_file(
        Request(
            path=path,
            fun=fun,
            grad=name or grad,
            objective=objective,
            at=_point(at),
            args=args,
            seed=seed,
            limits=Limits(timeout, memory),
        )
    )
    if outcome.report is not None and taylor is not None:
        _draw(outcome.report, taylor)
    if as_json:
        typer.echo(json.dumps(_as_json(outcome, path, hint, show=show_output), indent=2))
    else:
        typer.echo("\n".join(_as_text(outcome, path, hint, methods=methods, show=show_output)))
    status = "unchecked" if outcome.report is None else outcome.report["status"]
    raise typer.Exit({"right": 0, "wrong": 1, "unchecked": 2}[status])


def _target(file: str) -> tuple[Path, str | None]:
    """Split FILE:GRAD; a Windows drive is no name."""
    before, colon, after = file.rpartition(":")
    if colon and len(before) > 1 and not Path(file).exists() and not set(after) & set("/\\."):
        return Path(before), after
    return Path(file), None


def _usage(
    name: str | None, grad: str | None, fun: str | None, objective: str | None, args: Path | None
) -> None:
    if name is not None and grad is not None:
        raise typer.BadParameter(f"FILE:{name} and --grad {grad} both name the gradient; give one.")
    if name == "":
        raise typer.BadParameter("after FILE: the name of the gradient is missing.")
    if objective is not None:
        from optidemo.names import unknown_name
        from optidemo.sandbox.lecture import ENTRIES

        if objective not in ENTRIES:
            raise typer.BadParameter(unknown_name("objective", objective, ENTRIES))
        if fun is not None:
            raise typer.BadParameter("--objective takes the place of --fun; give one of them.")
    if args is not None and not args.is_file():
        raise typer.BadParameter(f"--args {args} does not exist.")


def _point(at: str | None) -> Any:
    """Turn 2,-3,0 into numbers, rows by ; into a matrix, one number into a scalar or (1,)."""
    if at is None:
        return None
    try:
        rows = [[float(v) for v in row.split(",") if v.strip()] for row in at.split(";")]
    except ValueError as error:
        raise typer.BadParameter(
            f"--at {at!r} is no point; write numbers with commas between them: --at 2,-3,0"
        ) from error
    if not all(rows) or len({len(row) for row in rows}) != 1:
        raise typer.BadParameter(f"--at {at!r}: every row needs as many numbers.")
    if ";" in at:
        return rows
    return rows[0] if "," in at else rows[0][0]


def _as_json(outcome: Outcome, path: Path, hint: str, *, show: bool) -> dict[str, Any]:
    from optidemo.checks.hint import hinted

    data: dict[str, Any] = {"file": str(path), "fun": outcome.fun, "grad": outcome.grad}
    if outcome.report is None:
        trouble = outcome.trouble
        assert trouble is not None  # noqa: S101  (one of the two is there)
        data |= {
            "ok": False, "status": "unchecked", "kind": trouble.kind, "reason": trouble.sentence,
            "line": trouble.line,
        }  # fmt: skip
    else:
        data |= hinted(outcome.report, hint)
        data["line"] = outcome.line
        data["variables"] = [instance["d"] for instance in outcome.instances]
    if show:
        data["output"] = outcome.output
    return data


def _as_text(outcome: Outcome, path: Path, hint: str, *, methods: bool, show: bool) -> list[str]:
    from optidemo.checks.hint import hinted_lines
    from optidemo.cli.printing import screen_width, wrapped

    width, printed = screen_width(), []
    if show and outcome.output:
        printed = ["--- printed by the file", outcome.output.rstrip("\n"), "---"]
    if outcome.report is None:
        trouble = outcome.trouble
        assert trouble is not None  # noqa: S101  (one of the two is there)
        name = path.name or str(path.resolve())  # the name of "." is empty
        where = f"{name}, line {trouble.line}:" if trouble.line is not None else name
        return [*printed, wrapped(f"{where} {trouble.sentence}", width)]
    lines = [f"{path.name}: {outcome.grad} as the gradient of {outcome.fun}"]
    if outcome.instances:
        variables = dict.fromkeys(str(instance["d"]) for instance in outcome.instances)
        lines[-1] += f", d = {', '.join(variables)}"
    lines += hinted_lines(outcome.report, hint, methods=methods)
    if outcome.line is not None:
        lines.append(f"{path.name}, line {outcome.line}: {outcome.there}")
    return printed + [wrapped(line, width) for line in lines]


def _draw(report: dict[str, Any], path: Path) -> None:
    if report["taylor"] is None:
        typer.echo("There is no Taylor test to draw: no gradient was obtained.", err=True)
        return
    from optidemo.plots.taylor import save_taylor

    save_taylor(report["taylor"], path)


check.__doc__ = HELP
