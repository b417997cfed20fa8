"""One class per lecture objective: formula, derivation and gradient side by side."""

from __future__ import annotations

from optidemo.objectives.activation import Logistic, ReLU, Sigmoid
from optidemo.objectives.bernoulli_likelihood import BernoulliLikelihood
from optidemo.objectives.gaussian import Gaussian, TraceGaussian
from optidemo.objectives.gaussian_likelihood import GaussianLikelihood
from optidemo.objectives.linear import Linear
from optidemo.objectives.logistic_regression import LogisticRegression
from optidemo.objectives.norm import L1Norm, L2Norm, SquaredL2Norm
from optidemo.objectives.pca import PCA
from optidemo.objectives.quadratic import Quadratic, TraceQuadratic
from optidemo.objectives.rate_likelihood import ExponentialLikelihood, PoissonLikelihood
from optidemo.objectives.regression import LinearRegression
from optidemo.objectives.svm import SVM
from optidemo.objectives.uniform_likelihood import UniformLikelihood

__all__ = [
    "OBJECTIVES",
    "PCA",
    "SVM",
    "BernoulliLikelihood",
    "ExponentialLikelihood",
    "Gaussian",
    "GaussianLikelihood",
    "L1Norm",
    "L2Norm",
    "Linear",
    "LinearRegression",
    "Logistic",
    "LogisticRegression",
    "PoissonLikelihood",
    "Quadratic",
    "ReLU",
    "Sigmoid",
    "SquaredL2Norm",
    "TraceGaussian",
    "TraceQuadratic",
    "UniformLikelihood",
]

OBJECTIVES = {
    cls.name: cls
    for cls in (
        Linear,
        Quadratic,
        TraceQuadratic,
        ReLU,
        LinearRegression,
        TraceGaussian,
        Gaussian,
        Sigmoid,
        Logistic,
        LogisticRegression,
        L1Norm,
        L2Norm,
        SquaredL2Norm,
        SVM,
        PCA,
        GaussianLikelihood,
        ExponentialLikelihood,
        PoissonLikelihood,
        BernoulliLikelihood,
        UniformLikelihood,
    )
}
"""The lecture's objectives by their command-line name, in the order of the lecture."""
