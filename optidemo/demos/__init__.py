"""The demos: data, objective, solvers, references and the outcome that is expected."""

from __future__ import annotations

import re

from optidemo.demos.case import Demo
from optidemo.demos.classification import CLASSIFICATION
from optidemo.demos.components import COMPONENTS
from optidemo.demos.examples import EXAMPLE_DEMOS
from optidemo.demos.functions import FUNCTIONS
from optidemo.demos.likelihoods import LIKELIHOODS
from optidemo.demos.regression import REGRESSION
from optidemo.demos.report import Report
from optidemo.names import unknown_name

__all__ = ["DEMOS", "Demo", "Report"]


def _place(demo: Demo) -> tuple[bool, int, str]:
    """Sort by the number in the lecture: 15 before 15a before 15′ before 16; the examples come last."""
    letter, digits, rest = re.split(r"(\d+)", demo.number, maxsplit=1)
    return letter == "e", int(digits), rest


class _Registry(dict[str, Demo]):
    """Demos by name; the error about a missing one has the nearest."""

    def __missing__(self, name: object) -> Demo:
        raise KeyError(unknown_name("demo", name, self))


DEMOS: dict[str, Demo] = _Registry(
    (demo.name, demo)
    for demo in sorted(
        (*FUNCTIONS, *REGRESSION, *CLASSIFICATION, *COMPONENTS, *LIKELIHOODS, *EXAMPLE_DEMOS),
        key=_place,
    )
)
"""Every demo by its command-line name, in the order of the lecture."""
