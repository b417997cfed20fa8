"""The set: every figure of the lecture, in its order, and the ones it should have had."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optidemo.plots.lecture.acceleration import ACCELERATION
from optidemo.plots.lecture.activation import ACTIVATIONS, SIGMOIDS
from optidemo.plots.lecture.demos import DEMO_FIGURES
from optidemo.plots.lecture.derivative import DERIVATIVE
from optidemo.plots.lecture.descent import DESCENT
from optidemo.plots.lecture.gaussian import GAUSSIANS
from optidemo.plots.lecture.likelihood import LIKELIHOODS
from optidemo.plots.lecture.logistic_regression import LOGISTIC_REGRESSION
from optidemo.plots.lecture.norm import NORMS
from optidemo.plots.lecture.pca import COMPONENTS
from optidemo.plots.lecture.quadratic import QUADRATIC
from optidemo.plots.lecture.regression import LINEAR_REGRESSION
from optidemo.plots.lecture.speed import SPEED
from optidemo.plots.lecture.svm import SVMS
from optidemo.plots.lecture.verification import VERIFICATION

if TYPE_CHECKING:
    from optidemo.plots.registry import LectureFigure

__all__ = ["FIGURES", "file_stem"]

FIGURES: dict[str, LectureFigure] = {
    item.name: item
    for item in (
        *DERIVATIVE,
        *DESCENT,
        *ACCELERATION,
        *QUADRATIC,
        *ACTIVATIONS,
        *LINEAR_REGRESSION,
        *GAUSSIANS,
        *SIGMOIDS,
        *LOGISTIC_REGRESSION,
        *NORMS,
        *SVMS,
        *COMPONENTS,
        *LIKELIHOODS,
        *VERIFICATION,
        *SPEED,
        *DEMO_FIGURES,
    )
}
"""Every figure by its name, in the order of the lecture; the demos' convergence comes last."""

_NUMBER = {name: number for number, name in enumerate(FIGURES, start=1)}


def file_stem(name: str) -> str:
    """Return the file name without its suffix: the place in the lecture and the name."""
    return f"{_NUMBER[name]:02d}-{name}"
