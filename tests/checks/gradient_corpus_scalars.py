"""Likelihoods, the sigmoid, and the lecture's worked examples."""

from __future__ import annotations

import math

import numpy as np
from gradient_corpus import (
    Family,
    coins,
    interval,
    positive,
    quick2,
    quick2_gradient,
    real_life,
    sample,
    sample_sigma,
    scalar,
    sigma,
    vec,
)

FAMILIES: tuple[Family, ...] = (
    Family(
        "sigmoid",
        sigma,
        scalar,
        (lambda z: sigma(z) * (1 - sigma(z)), lambda z: np.exp(-z) / (1 + np.exp(-z)) ** 2),
        (
            ("not-differentiated", sigma),
            ("chain-rule", lambda z: 1 - sigma(z)),
            ("sign", lambda z: -sigma(z) * (1 - sigma(z))),
            ("chain-rule", lambda z: sigma(z) ** 2),
            ("chain-rule", lambda z: -1 / (1 + np.exp(-z)) ** 2),
            ("wrong-function", lambda z: 1 - sigma(z) ** 2),
        ),
        dims=(1,),
    ),
    Family(
        "gaussian-mle",
        lambda mu, x, s: np.sum(-0.5 * np.log(2 * np.pi * s**2) - (x - mu) ** 2 / (2 * s**2)),
        sample_sigma,
        (lambda mu, x, s: np.sum(x - mu) / s**2,),
        (
            ("sign", lambda mu, x, s: -np.sum(x - mu) / s**2),
            ("factor", lambda mu, x, s: np.sum(x - mu)),
            ("factor", lambda mu, x, s: np.sum(x - mu) / s),
            ("factor", lambda mu, x, s: np.mean(x - mu) / s**2),
            ("missing-term", lambda mu, x, s: np.sum(x) / s**2),
            ("shape", lambda mu, x, s: (x - mu) / s**2),
        ),
        dims=(1,),
    ),
    Family(
        "exponential-mle",
        lambda lam, x: np.sum(np.log(lam) - lam * x),
        sample,
        (lambda lam, x: len(x) / lam - np.sum(x),),
        (
            ("sign", lambda lam, x: np.sum(x) - len(x) / lam),
            ("missing-term", lambda lam, x: len(x) / lam),
            ("missing-term extra-term", lambda lam, x: len(x) / lam + np.sum(x)),
            ("factor", lambda lam, x: 1 / lam - np.mean(x)),
            ("wrong-function missing-term extra-term", lambda lam, x: np.sum(x) / lam - len(x)),
        ),
        dims=(1,),
    ),
    Family(
        "poisson-mle",
        lambda lam, x: sum(k * math.log(lam) - lam - math.lgamma(k + 1) for k in x),
        lambda d, rng: (1.7, (np.array([1.0, 2, 3, 0, 4]),)),
        (lambda lam, x: np.sum(x) / lam - len(x),),
        (
            ("extra-term", lambda lam, x: np.sum(x) / lam),
            ("wrong-function missing-term extra-term", lambda lam, x: len(x) / lam - np.sum(x)),
            ("factor", lambda lam, x: np.mean(x) / lam - 1),
        ),
        dims=(1,),
    ),
    Family(
        "bernoulli-mle",
        lambda p, a: np.sum(a * np.log(p) + (1 - a) * np.log(1 - p)),
        coins,
        (lambda p, a: a.sum() / p - (len(a) - a.sum()) / (1 - p),),
        (
            ("missing-term extra-term", lambda p, a: a.sum() / p + (len(a) - a.sum()) / (1 - p)),
            ("missing-term extra-term", lambda p, a: a.sum() / p),
            ("factor", lambda p, a: a.mean() / p - (1 - a.mean()) / (1 - p)),
            ("chain-rule", lambda p, a: a.sum() - len(a) * p),
        ),
        dims=(1,),
    ),
    Family(
        "uniform-mle",
        lambda v, x: -len(x) * np.log(v[1] - v[0]),
        interval,
        (lambda v, x: len(x) / (v[1] - v[0]) * np.array([1, -1]),),
        (
            ("sign", lambda v, x: len(x) / (v[1] - v[0]) * np.array([-1, 1])),
            ("wrong-entries", lambda v, x: len(x) / (v[1] - v[0]) * np.array([1, 1])),
            ("factor", lambda v, x: 1 / (v[1] - v[0]) * np.array([1, -1])),
            ("chain-rule", lambda v, x: len(x) * np.array([1.0, -1.0])),
        ),
        dims=(2,),
    ),
    Family(
        "example",
        lambda x: 0.3 * x**2 + 0.2,
        scalar,
        (lambda x: 0.6 * x,),
        (
            ("factor", lambda x: 0.3 * x),
            ("extra-term", lambda x: 0.6 * x + 0.2),
            ("not-differentiated", lambda x: 0.3 * x**2 + 0.2),
            ("chain-rule", lambda x: 0.6),
        ),
        dims=(1,),
    ),
    Family(
        "three-inputs",
        lambda x: x[0] + 2 * x[1] - 3 * x[2],
        vec,
        (lambda x: np.array([1, 2, -3]),),
        (
            ("wrong-entries", lambda x: np.array([1, 2, 3])),
            ("permuted", lambda x: np.array([-3, 2, 1])),
        ),
        dims=(3,),
    ),
    Family(
        "single",
        lambda x: 2 * x - math.exp(x),
        scalar,
        (lambda x: 2 - math.exp(x),),
        (
            ("missing-term", lambda x: -math.exp(x)),
            ("missing-term extra-term", lambda x: 2 + math.exp(x)),
        ),
        dims=(1,),
    ),
    Family(
        "several",
        lambda x: 2 * x[0] - np.exp(x[1]) - np.log(x[2]),
        positive,
        (lambda x: np.array([2, -np.exp(x[1]), -1 / x[2]]),),
        (
            ("wrong-entries", lambda x: np.array([2, -np.exp(x[1]), 1 / x[2]])),
            ("wrong-entries", lambda x: np.array([2, np.exp(x[1]), 1 / x[2]])),
        ),
        dims=(3,),
    ),
    Family(
        "quick-2",
        quick2,
        positive,
        (quick2_gradient,),
        (
            ("wrong-entries", lambda x: quick2_gradient(x) + np.array([1, 0])),
            (
                "wrong-function not-a-gradient",
                lambda x: (
                    np.array([2 * x[0] - 1, -1 / x[1]]) + np.exp(x[1] - x[0]) * np.array([1, 1])
                ),
            ),
        ),
        dims=(2,),
    ),
    Family(
        "real-life",
        real_life,
        scalar,
        (lambda x: 2 / (x * np.log(3)) - 2 * np.exp(3 * x) - 6 * x * np.exp(3 * x),),
        (
            (
                "wrong-function missing-term extra-term",
                lambda x: 2 / (x * np.log(3)) - 6 * x * np.exp(3 * x),
            ),
            (
                "missing-term extra-term wrong-function",
                lambda x: 2 / x - 2 * np.exp(3 * x) - 6 * x * np.exp(3 * x),
            ),
        ),
        dims=(1,),
    ),
)
