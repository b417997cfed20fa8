"""The code cells, restated: the same calls and the same faults, in our own words.

Each is run with the names of `names_of_a_cell` in place of its imports.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from optidemo.audit.evidence import SEED

__all__ = ["FIRST", "SECOND", "THIRD", "names_of_a_cell"]

FIRST = """
def f(x):
    return log(2 * x * x) / log(3) - 2 * x * exp(3 * x) + 2

def {name}(x):
    return 2 / (x * log(3)) - 2 * exp(3 * x) - 6 * x * exp(3 * x)

automatic = grad(f)
for x in rng.standard_normal(10):
    print('%.3f' % automatic(x), '%.3f' % {name}(x))
"""

SECOND = """
A, w = rng.random((3, 3)), rng.random((3, 1))

def f(w, A):
    return np.trace(np.dot(np.dot(np.transpose(w), A), w))

automatic, derived = grad(f)(w, A), np.dot(A + np.transpose(A), w)
print(automatic, derived)

def bump(w, A):
    return np.exp(-np.trace(np.dot(np.dot(np.transpose(w), A), w)))

automatic_bump, derived_bump = grad(bump)(w, A), -bump(w, A) * (A + A.T).dot(w)
"""

THIRD = """
def relu(w, x):
    return np.maximum(0, np.dot(np.transpose(w), x))

def grad_relu(w, x):
    return x if w.T.dot(x) > 0 else 0

for _ in range(3):
    x, w = rng.standard_normal((2, 1)), rng.standard_normal((2, 1))
    print('w.dot(x) = %.3f' % {product})
    print(grad(relu)(w, x), grad_relu(w, x))
"""


def names_of_a_cell() -> dict[str, Any]:
    """Return what the cells import, with a seeded generator."""
    import autograd
    import autograd.numpy as anp

    return {
        "np": anp, "log": anp.log, "exp": anp.exp, "grad": autograd.grad, "rng": np.random.default_rng(SEED),
    }  # fmt: skip
