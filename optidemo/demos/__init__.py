"""The demos: data, objective, solvers, references and the outcome that is expected."""

from __future__ import annotations

from optidemo.demos.case import Demo
from optidemo.demos.classification import CLASSIFICATION
from optidemo.demos.components import COMPONENTS
from optidemo.demos.examples import EXAMPLE_DEMOS
from optidemo.demos.functions import FUNCTIONS
from optidemo.demos.likelihoods import LIKELIHOODS
from optidemo.demos.regression import REGRESSION
from optidemo.demos.report import Report

__all__ = ["DEMOS", "Demo", "Report"]


def _place(demo: Demo) -> tuple[bool, float, str]:
    """Sort by the number in the lecture: 9 before 9b before 10; the examples come last."""
    digits = demo.number.rstrip("abcdefghijklmnopqrstuvwxyz")
    return demo.kind == "example", float(digits or 0), demo.number[len(digits) :]


DEMOS: dict[str, Demo] = {
    demo.name: demo
    for demo in sorted(
        (*FUNCTIONS, *REGRESSION, *CLASSIFICATION, *COMPONENTS, *LIKELIHOODS, *EXAMPLE_DEMOS),
        key=_place,
    )
}
"""Every demo by its command-line name, in the order of the lecture."""
