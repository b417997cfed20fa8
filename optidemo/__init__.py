"""A gradient derived on paper goes in; a verified, optimised, plotted result comes out.

Everything public is a name of this module. Each is imported when it is first used, so that
``import optidemo`` costs next to nothing and loads neither matplotlib nor autograd nor typer.
"""

from __future__ import annotations

import importlib
from typing import Any

__version__ = "0.1.0"

_HOME = {
    "optidemo.objective": ("Objective",),
    "optidemo.objectives": (
        "PCA", "SVM", "BernoulliLikelihood", "ExponentialLikelihood", "Gaussian",
        "GaussianLikelihood", "L1Norm", "L2Norm", "Linear", "LinearRegression", "Logistic",
        "LogisticRegression", "PoissonLikelihood", "Quadratic", "ReLU", "Sigmoid", "SquaredL2Norm",
        "TraceGaussian", "TraceQuadratic", "UniformLikelihood",
    ),
    "optidemo.status": ("DomainError", "NoClosedForm", "Status"),
    "optidemo.solvers.gradient": ("accelerated_gradient", "gradient_descent"),
    "optidemo.solvers.newton": ("newton",),
    "optidemo.solvers.nonsmooth": (
        "projected_gradient", "proximal_gradient", "subgradient_descent",
    ),
    "optidemo.solvers.sphere": ("power_iteration", "sphere_gradient"),
    "optidemo.solvers.stochastic": ("stochastic_gradient_descent",),
    "optidemo.solvers.solve": ("solve",),
    "optidemo.solvers.steps": (
        "Armijo", "BarzilaiBorwein", "Diminishing", "Fixed", "InverseLipschitz",
    ),
    "optidemo.linalg.least_squares": ("lstsq",),
    "optidemo.linalg.eigen": ("pca", "top_eigenvectors"),
    "optidemo.datasets": ("load_dataset",),
    "optidemo.demos": ("DEMOS",),
    "optidemo.checks.gradient": ("check_gradient",),
    "optidemo.checks.report": ("GradientReport",),
}  # fmt: skip
"""Where each public name lives."""

_ADDRESS = {name: module for module, names in _HOME.items() for name in names}

__all__ = ["__version__", *_ADDRESS]  # noqa: PLE0604  (the names are strings)


def __getattr__(name: str) -> Any:
    if name not in _ADDRESS:
        raise AttributeError(f"module 'optidemo' has no attribute {name!r}")
    value = getattr(importlib.import_module(_ADDRESS[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
