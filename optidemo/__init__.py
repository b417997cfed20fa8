"""A gradient derived on paper goes in; a verified, optimised, plotted result comes out.

Everything public is a name of this module. Each is imported when it is first used, so that
``import optidemo`` costs next to nothing and loads neither matplotlib nor autograd nor typer.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # what a type checker and an editor see; `_HOME` says the same when it runs
    from optidemo.checks.gradient import check_gradient as check_gradient
    from optidemo.checks.jacobian import check_hessian as check_hessian
    from optidemo.checks.jacobian import check_jacobian as check_jacobian
    from optidemo.checks.report import GradientReport as GradientReport
    from optidemo.datasets import list_datasets as list_datasets
    from optidemo.datasets import load_dataset as load_dataset
    from optidemo.demos import DEMOS as DEMOS
    from optidemo.linalg.eigen import pca as pca
    from optidemo.linalg.eigen import top_eigenvectors as top_eigenvectors
    from optidemo.linalg.least_squares import least_squares as least_squares
    from optidemo.linalg.least_squares import lstsq as lstsq
    from optidemo.objective import Objective as Objective
    from optidemo.objectives import (
        PCA as PCA,
    )
    from optidemo.objectives import (
        SVM as SVM,
    )
    from optidemo.objectives import (
        BernoulliLikelihood as BernoulliLikelihood,
    )
    from optidemo.objectives import (
        ExponentialLikelihood as ExponentialLikelihood,
    )
    from optidemo.objectives import (
        Gaussian as Gaussian,
    )
    from optidemo.objectives import (
        GaussianLikelihood as GaussianLikelihood,
    )
    from optidemo.objectives import (
        L1Norm as L1Norm,
    )
    from optidemo.objectives import (
        L2Norm as L2Norm,
    )
    from optidemo.objectives import (
        Linear as Linear,
    )
    from optidemo.objectives import (
        LinearRegression as LinearRegression,
    )
    from optidemo.objectives import (
        Logistic as Logistic,
    )
    from optidemo.objectives import (
        LogisticRegression as LogisticRegression,
    )
    from optidemo.objectives import (
        PoissonLikelihood as PoissonLikelihood,
    )
    from optidemo.objectives import (
        Quadratic as Quadratic,
    )
    from optidemo.objectives import (
        ReLU as ReLU,
    )
    from optidemo.objectives import (
        Sigmoid as Sigmoid,
    )
    from optidemo.objectives import (
        SquaredL2Norm as SquaredL2Norm,
    )
    from optidemo.objectives import (
        TraceGaussian as TraceGaussian,
    )
    from optidemo.objectives import (
        TraceQuadratic as TraceQuadratic,
    )
    from optidemo.objectives import (
        UniformLikelihood as UniformLikelihood,
    )
    from optidemo.solvers.gradient import (
        accelerated_gradient as accelerated_gradient,
    )
    from optidemo.solvers.gradient import (
        gradient_descent as gradient_descent,
    )
    from optidemo.solvers.newton import newton as newton
    from optidemo.solvers.proximal import (
        projected_gradient as projected_gradient,
    )
    from optidemo.solvers.proximal import (
        proximal_gradient as proximal_gradient,
    )
    from optidemo.solvers.solve import solve as solve
    from optidemo.solvers.sphere import (
        power_iteration as power_iteration,
    )
    from optidemo.solvers.sphere import (
        sphere_gradient as sphere_gradient,
    )
    from optidemo.solvers.steps import (
        Armijo as Armijo,
    )
    from optidemo.solvers.steps import (
        BarzilaiBorwein as BarzilaiBorwein,
    )
    from optidemo.solvers.steps import (
        Diminishing as Diminishing,
    )
    from optidemo.solvers.steps import (
        Fixed as Fixed,
    )
    from optidemo.solvers.steps import (
        InverseLipschitz as InverseLipschitz,
    )
    from optidemo.solvers.stochastic import (
        stochastic_gradient_descent as stochastic_gradient_descent,
    )
    from optidemo.solvers.subgradient import (
        subgradient_descent as subgradient_descent,
    )
    from optidemo.status import (
        DomainError as DomainError,
    )
    from optidemo.status import (
        NoClosedForm as NoClosedForm,
    )
    from optidemo.status import (
        Status as Status,
    )

__version__ = "0.1.0"

_HOME = {
    "optidemo.checks.gradient": ("check_gradient",),
    "optidemo.checks.jacobian": ("check_hessian", "check_jacobian"),
    "optidemo.checks.report": ("GradientReport",),
    "optidemo.datasets": ("list_datasets", "load_dataset"),
    "optidemo.demos": ("DEMOS",),
    "optidemo.linalg.eigen": ("pca", "top_eigenvectors"),
    "optidemo.linalg.least_squares": ("least_squares", "lstsq"),
    "optidemo.objective": ("Objective",),
    "optidemo.objectives": (
        "BernoulliLikelihood", "ExponentialLikelihood", "Gaussian", "GaussianLikelihood", "L1Norm",
        "L2Norm", "Linear", "LinearRegression", "Logistic", "LogisticRegression", "PCA",
        "PoissonLikelihood", "Quadratic", "ReLU", "SVM", "Sigmoid", "SquaredL2Norm",
        "TraceGaussian", "TraceQuadratic", "UniformLikelihood",
    ),
    "optidemo.solvers.gradient": ("accelerated_gradient", "gradient_descent"),
    "optidemo.solvers.newton": ("newton",),
    "optidemo.solvers.proximal": ("projected_gradient", "proximal_gradient"),
    "optidemo.solvers.solve": ("solve",),
    "optidemo.solvers.sphere": ("power_iteration", "sphere_gradient"),
    "optidemo.solvers.steps": (
        "Armijo", "BarzilaiBorwein", "Diminishing", "Fixed", "InverseLipschitz",
    ),
    "optidemo.solvers.stochastic": ("stochastic_gradient_descent",),
    "optidemo.solvers.subgradient": ("subgradient_descent",),
    "optidemo.status": ("DomainError", "NoClosedForm", "Status"),
}  # fmt: skip
"""Where each public name lives."""

_ROOMS = ("plots", "testing")
"""Modules that are used by name: ``optidemo.testing.assert_gradient``."""

_ADDRESS = {name: module for module, names in _HOME.items() for name in names}

__all__ = ["__version__", *_ADDRESS, *_ROOMS]  # noqa: PLE0604  (the names are strings)


def __getattr__(name: str) -> Any:
    if name in _ROOMS:
        return importlib.import_module(f"optidemo.{name}")
    if name not in _ADDRESS:
        raise AttributeError(f"module 'optidemo' has no attribute {name!r}")
    value = getattr(importlib.import_module(_ADDRESS[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
