"""A gradient derived on paper goes in; a verified, optimised, plotted result comes out.

Everything public is a name of this module. Each is imported when it is first used, so that
``import optidemo`` costs next to nothing and loads neither matplotlib nor autograd nor typer.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # what a type checker and an editor see; `_HOME` says the same when it runs
    from optidemo.checks.gradient import check_gradient as check_gradient
    from optidemo.checks.jacobian import (
        check_hessian as check_hessian,
        check_jacobian as check_jacobian,
    )
    from optidemo.checks.report import GradientReport as GradientReport
    from optidemo.datasets import list_datasets as list_datasets, load_dataset as load_dataset
    from optidemo.demos import DEMOS as DEMOS
    from optidemo.linalg.certificate import RankWarning as RankWarning
    from optidemo.linalg.eigen import pca as pca, top_eigenvectors as top_eigenvectors
    from optidemo.linalg.least_squares import least_squares as least_squares, lstsq as lstsq
    from optidemo.objective import Objective as Objective
    from optidemo.objectives import (
        PCA as PCA,
        SVM as SVM,
        BernoulliLikelihood as BernoulliLikelihood,
        ExponentialLikelihood as ExponentialLikelihood,
        Gaussian as Gaussian,
        GaussianLikelihood as GaussianLikelihood,
        L1Norm as L1Norm,
        L2Norm as L2Norm,
        Linear as Linear,
        LinearRegression as LinearRegression,
        Logistic as Logistic,
        LogisticRegression as LogisticRegression,
        PoissonLikelihood as PoissonLikelihood,
        Quadratic as Quadratic,
        ReLU as ReLU,
        Sigmoid as Sigmoid,
        SquaredL2Norm as SquaredL2Norm,
        TraceGaussian as TraceGaussian,
        TraceQuadratic as TraceQuadratic,
        UniformLikelihood as UniformLikelihood,
    )
    from optidemo.solvers.gradient import (
        accelerated_gradient as accelerated_gradient,
        gradient_descent as gradient_descent,
    )
    from optidemo.solvers.newton import newton as newton
    from optidemo.solvers.proximal import (
        projected_gradient as projected_gradient,
        proximal_gradient as proximal_gradient,
    )
    from optidemo.solvers.solve import solve as solve
    from optidemo.solvers.sphere import (
        power_iteration as power_iteration,
        sphere_gradient as sphere_gradient,
    )
    from optidemo.solvers.steps import (
        Armijo as Armijo,
        BarzilaiBorwein as BarzilaiBorwein,
        Diminishing as Diminishing,
        Fixed as Fixed,
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
        NoClosedForm as NoClosedForm,
        Status as Status,
    )

__version__ = "0.1.0"

_HOME = {
    "optidemo.checks.gradient": ("check_gradient",),
    "optidemo.checks.jacobian": ("check_hessian", "check_jacobian"),
    "optidemo.checks.report": ("GradientReport",),
    "optidemo.datasets": ("list_datasets", "load_dataset"),
    "optidemo.demos": ("DEMOS",),
    "optidemo.linalg.certificate": ("RankWarning",),
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
