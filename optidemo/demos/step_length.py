"""Is the step that the user gave one that nothing can come of?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optidemo.arrays import EPS
from optidemo.solvers.steps import Fixed
from optidemo.status import Incompatible, Status

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from optidemo.objective import Objective
    from optidemo.solvers.result import Result

__all__ = ["refuse_absurd"]

ABSURD = 1e6  # times 2/L; a step a little above 2/L is a lesson in divergence
FAILED = {Status.MAXITER, Status.LINE_SEARCH_FAILED, Status.NOT_FINITE, Status.DIVERGED}


def refuse_absurd(f: Objective, step: Any, results: Sequence[Result]) -> None:
    """Raise `Incompatible` if a fixed step is out of all proportion and all the `results` with it failed.

    Where f knows its L, the step is compared with 2/L; else the move from x₀ with the length of x₀.
    One that is only too long, or takes more iterations than there are, is no mistake of this kind.
    """
    ends = {result.status for result in results} - {Status.NO_STATIONARY_POINT}
    if not isinstance(step, Fixed) or not ends or not ends <= FAILED:
        return
    t, L = float(step.step), f.lipschitz()
    if L:
        ratio, bound = 0.5 * t * L, f"2/L = {2 / L:.4g}"
        told, mend = f"{ratio:.3g} times {bound}", f"Take a step below {bound}, or leave step out"
    else:
        x0 = f.x0
        size = max(float(np.linalg.norm(x0)), 1.0)
        ratio = t * (float(np.linalg.norm(f.gradient(x0))) / size)
        told, mend = f"its first move has the length {ratio * size:.3g}", "Leave step out"
    if ratio > ABSURD:
        raise Incompatible(
            f"step = {t:g} is far too long: {told}. Every run with it failed. {mend}."
        )
    if 0 < ratio <= EPS:
        raise Incompatible(
            f"step = {t:g} is too short to move x: {told}. Every run with it failed. {mend}."
        )
