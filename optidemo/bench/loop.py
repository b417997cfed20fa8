"""The loop of gradient descent: what does recording and checking cost?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from optidemo.bench.contest import Contest, Peer, Row, Work, at_least, at_most
from optidemo.objectives import Quadratic
from optidemo.solvers.gradient import gradient_descent

if TYPE_CHECKING:
    from optidemo.arrays import Matrix, Vector

__all__ = ["rows"]

ITERATIONS = 3000
ROUNDS = 31  # at least: the ratios of so short a run scatter


def hand_written(A: Matrix, x: Vector, step: float, iterations: int) -> Vector:
    """Descend as a careful student would: record x, f, ‖∇f‖ and look whether to stop."""
    S = A + A.T
    path, values, norms = [], [], []
    for _ in range(iterations + 1):
        g = S @ x
        path.append(x)
        values.append(x @ A @ x)
        norms.append(np.linalg.norm(g))
        if norms[-1] <= 0.0:
            break
        x = x - step * g
    return path[-1]


def rows(contest: Contest) -> list[Row]:
    """Take 3000 fixed steps down a quadratic in 50 variables, everybody the same ones."""
    d, iterations = contest.size(50, 5), contest.size(ITERATIONS, 20)
    rng = np.random.default_rng(0)
    Q, _ = np.linalg.qr(rng.standard_normal((d, d)))
    A = (Q * np.linspace(1e-3, 1.0, d)) @ Q.T
    step, x0 = 0.5, rng.standard_normal(d)
    f = Quadratic(A)

    def ours() -> Vector:
        return gradient_descent(f, x0, step=step, tol=0.0, maxiter=iterations).x

    def jaxopt() -> Work:
        import jax
        from jaxopt import GradientDescent

        jax.config.update("jax_enable_x64", True)  # noqa: FBT003  (jax's own signature)
        B = jax.numpy.asarray(A)
        solver = GradientDescent(
            lambda x: x @ B @ x, stepsize=step, maxiter=iterations, tol=0.0, acceleration=False
        )
        start = jax.numpy.asarray(x0)
        return lambda: np.asarray(solver.run(start).params)

    exact = np.linalg.matrix_power(np.eye(d) - step * (A + A.T), iterations) @ x0

    def shown(found: Any) -> str:
        return f"error {np.linalg.norm(found - exact) / np.linalg.norm(exact):.0e}"

    peers = [
        Peer(
            "a hand-written loop that records", at_most(1.3),
            lambda: lambda: hand_written(A, x0, step, iterations), shown,
        ),
        Peer("jaxopt GradientDescent", at_least(5), jaxopt, shown),
    ]  # fmt: skip
    work = f"gradient descent, d = {d}, {iterations} steps"
    contest = replace(contest, rounds=max(contest.rounds, ROUNDS))
    return contest.rows(work, ours, peers, shown)
