"""All claims, in the order of the lecture, and the audit that judges them."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import numpy as np

from optidemo.audit import (
    activations,
    code,
    derivations,
    exercises,
    functions,
    likelihoods,
    objectives,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from optidemo.audit.claim import Claim, Row

__all__ = ["CLAIMS", "audit"]

CLAIMS: tuple[Claim, ...] = (
    *functions.CLAIMS,
    *objectives.CLAIMS,
    *derivations.CLAIMS,
    *activations.CLAIMS,
    *likelihoods.CLAIMS,
    *code.CLAIMS,
    *exercises.CLAIMS,
)
"""What the lecture says."""


def audit(claims: Sequence[Claim] = CLAIMS) -> Iterator[Row]:
    """Judge the claims one after the other; each verdict is computed when it is asked for."""
    for claim in claims:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            yield claim.judge()
