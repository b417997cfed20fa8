"""Numerics without a peer? Contests against the peers, each work in a file of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optidemo.bench import (
    cluster,
    gradients,
    lasso,
    logistic,
    loop,
    lstsq,
    pca,
    scaling,
    startup,
    svm,
)
from optidemo.bench.contest import Contest, Row
from optidemo.bench.machine import this_machine, threads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

__all__ = ["WORKS", "Contest", "Row", "measure", "this_machine"]

WORKS: dict[str, Callable[[Contest], list[Row]]] = {
    "lstsq": lstsq.rows,
    "logistic": logistic.rows,
    "pca": pca.rows,
    "lasso": lasso.rows,
    "svm": svm.rows,
    "loop": loop.rows,
    "gradients": gradients.rows,
    "cluster": cluster.rows,
    "scaling": scaling.rows,
    "startup": startup.rows,
}
"""Every work by the name that ``optidemo bench --only`` takes."""


def measure(contest: Contest, names: Sequence[str], count: int) -> Iterator[Row]:
    """Yield the rows of these works, every library running on `count` threads."""
    for name in names:
        with threads(count):
            yield from WORKS[name](contest)
