"""Ways to examine a claim: as a gradient, as an identity, as a piece of code."""

from __future__ import annotations

import contextlib
import io
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from optidemo.audit.claim import Claim, Comparison, Evidence, same
from optidemo.checks.gradient import check_gradient
from optidemo.objectives.examples import EXAMPLES, Example
from optidemo.sandbox.lecture import ENTRIES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = [
    "SEED", "example", "example_claim", "example_gradient", "gradient", "identity", "number",
    "objective_gradient", "raised", "run_cell",
]  # fmt: skip

SEED = 4420


def gradient(
    what: str, fun: Any, claimed: Any, points: list[Any], args: tuple[Any, ...] = ()
) -> Comparison:
    """Ask `check_gradient` whether `claimed` is the gradient of `fun` at the points."""
    report = check_gradient(fun, claimed, points[0], args=args, points=points)
    mistake = report.mistake.kind if report.mistake else report.reason
    right = "the gradient" if report.ok else f"another vector ({mistake})"
    return Comparison(what, report.ok, "the gradient", right)


def example(title: str) -> Example:
    """Return one of the lecture's worked examples."""
    return next(e for e in EXAMPLES if e.title == title)


def example_gradient(title: str) -> Callable[[Any], Evidence]:
    """Examine a claimed gradient of a worked example, against f and against the derived one."""

    def examine(claimed: Any) -> Evidence:
        f = example(title)
        rng = np.random.default_rng(SEED)
        points = [f.sample(rng) for _ in range(3)]
        stated = [gradient(f.formula, f, lambda x: np.asarray(claimed(x), dtype=float), points)]
        stated += [same(f"at {x.round(2)}", claimed(x), f.gradient(x)) for x in points]
        return Evidence(stated)

    return examine


def objective_gradient(name: str, sizes: Sequence[int] = (1, 2, 7)) -> Callable[[Any], Evidence]:
    """Examine a claimed gradient of an objective: several sizes, matrices that are not symmetric."""

    def examine(claimed: Any) -> Evidence:
        entry = ENTRIES[name]
        stated = []
        for size in sizes:
            rng = np.random.default_rng(SEED + size)
            data = entry.draw(size, rng)
            f = entry.build(np.shape(data[0])[-1] if data else size, data)
            points = [f.sample(rng) for _ in range(3)]
            if name == "relu":
                points.append(np.zeros(f.d))  # on the kink
            case = f"{name}, {f.d} variable{'s' if f.d > 1 else ''}"
            stated.append(gradient(case, entry.value, claimed, points, data))
            answer = np.atleast_1d(claimed(points[0], *data))
            stated.append(same(f"{case}, the derived gradient", answer, f.gradient(points[0])))
        return Evidence(stated)

    return examine


def identity(
    right: Callable[..., Any],
    draw: Callable[[np.random.Generator], tuple[Any, ...]],
    cases: int = 5,
) -> Callable[[Any], Evidence]:
    """Examine whether two expressions are the same at random points."""

    def examine(claimed: Any) -> Evidence:
        rng = np.random.default_rng(SEED)
        drawn = [draw(rng) for _ in range(cases)]
        return Evidence(
            [same(f"draw {k + 1}", claimed(*d), right(*d)) for k, d in enumerate(drawn)]
        )

    return examine


def number(what: str, right: Callable[[], Any]) -> Callable[[Any], Evidence]:
    """Examine a number, a vector or a word that the slide prints."""
    return lambda claimed: Evidence([same(what, claimed, right())])


def raised(action: Callable[[], Any]) -> str:
    """Return "runs", or the error: its type and the first words."""
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            action()
    except Exception as error:  # noqa: BLE001 - the error is the result
        return type(error).__name__
    return "runs"


def run_cell(source: str, **names: Any) -> tuple[str, dict[str, Any], str]:
    """Run a cell of the lecture, restated; return (outcome, its names, what it printed)."""
    printed = io.StringIO()
    names["__name__"] = "cell"

    def run() -> None:
        with contextlib.redirect_stdout(printed):
            exec(compile(source, "<cell>", "exec"), names)  # noqa: S102  (our own restatement)

    return raised(run), names, printed.getvalue()


def example_claim(title: str, text: str, claimed: Any, where: str = "") -> Claim:
    """Return the claim that `claimed` is the gradient of a worked example."""
    return Claim(
        where or example(title).where, text, claimed, example_gradient(title), "check_gradient on f"
    )
