"""The names of the contract, and that a type checker sees the same ones as the interpreter."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path

import pytest

import optidemo

CONTRACT = [
    "Linear",
    "Quadratic",
    "TraceQuadratic",
    "ReLU",
    "LinearRegression",
    "TraceGaussian",
    "Gaussian",
    "Sigmoid",
    "Logistic",
    "LogisticRegression",
    "L1Norm",
    "L2Norm",
    "SquaredL2Norm",
    "SVM",
    "PCA",
    "GaussianLikelihood",
    "ExponentialLikelihood",
    "PoissonLikelihood",
    "BernoulliLikelihood",
    "UniformLikelihood",
    "gradient_descent",
    "accelerated_gradient",
    "stochastic_gradient_descent",
    "subgradient_descent",
    "proximal_gradient",
    "projected_gradient",
    "sphere_gradient",
    "power_iteration",
    "newton",
    "solve",
    "Fixed",
    "InverseLipschitz",
    "Armijo",
    "Diminishing",
    "BarzilaiBorwein",
    "lstsq",
    "top_eigenvectors",
    "pca",
    "check_gradient",
    "load_dataset",
    "DEMOS",
    "Status",
    "NoClosedForm",
]


@pytest.mark.parametrize("name", [*CONTRACT, *(n for n in optidemo.__all__ if n not in CONTRACT)])
def test_public_name_exists_and_is_documented(name: str) -> None:
    thing = getattr(optidemo, name)
    assert name in dir(optidemo)
    if inspect.isclass(thing) or inspect.isfunction(thing):
        assert inspect.getdoc(thing)


def test_the_type_checker_sees_the_same_names() -> None:
    tree = ast.parse(Path(inspect.getfile(optidemo)).read_text(encoding="utf-8"))
    (block,) = (n for n in tree.body if isinstance(n, ast.If))
    seen = {a.name: n.module for n in block.body if isinstance(n, ast.ImportFrom) for a in n.names}
    assert seen == optidemo._ADDRESS


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'gradient_decent'"):
        _ = optidemo.gradient_decent
