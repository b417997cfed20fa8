"""x/(‖x‖ + 1e-8), 1/(p + 1e-8): a tiny constant that keeps a gradient finite shows next to 0 only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optidemo.checks.rebinding import constants_in

if TYPE_CHECKING:
    from optidemo.checks.problem import Problem
    from optidemo.checks.samples import Sample

__all__ = ["allow_for_stabiliser"]

TINY = 1e-6  # the largest constant that counts as a stabiliser
NEAR = 1e-2  # of 0: farther away nothing is allowed for
SHARE = 10.0  # times constant / |x_i|: so large a part of an entry the constant may take


def allow_for_stabiliser(problem: Problem, samples: list[Sample]) -> None:
    """Allow for what a tiny constant that stands in grad alone does where x_i is tiny, too.

    At the first sample, which may be the user's own x, nothing is allowed for.
    """
    own = constants_in(problem.grad) - constants_in(problem.fun)
    problem.stabiliser = max((c for c in own if 0 < c <= TINY), default=0.0)
    if not problem.stabiliser or problem.out_shape != ():
        return
    for s in samples[1:]:
        if s.yours is None or s.answer.error:
            continue
        truth, size = np.abs(s.reference.value), np.abs(s.x)
        share = np.minimum(SHARE * problem.stabiliser / np.maximum(size, 1e-300), 1.0)
        before = s.close(s.yours)
        s.floor += np.where((size <= NEAR) & s.known, share * truth, 0.0)
        gained = s.close(s.yours) & ~before
        part = np.abs(s.yours - s.reference.value)[gained] / truth[gained]
        problem.stabilised = max(problem.stabilised, float(part.max(initial=0.0)))
