"""The loop of gradient descent: what does recording and checking cost?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from optidemo.bench.contest import Contest, Peer, Row, Work, at_least, at_most
from optidemo.objectives import Quadratic
from optidemo.solvers.gradient import gradient_descent

if TYPE_CHECKING:
    from optidemo.arrays import Matrix, Vector

__all__ = ["rows"]

RATIO = 3e-3  # smallest over largest curvature: some thousand iterations


def hand_written(A: Matrix, x: Vector, step: float, tol: float) -> tuple[Vector, int]:
    """Descend as a careful student would: record x, f and ‖∇f‖, and stop by the gradient."""
    S = A + A.T
    path, values, norms = [], [], []
    for k in range(100_000):  # noqa: B007  (k is what the table prints)
        g = S @ x
        path.append(x)
        values.append(x @ A @ x)
        norms.append(np.linalg.norm(g))
        if norms[-1] <= tol * norms[0]:
            break
        x = x - step * g
    return x, k


def rows(contest: Contest) -> list[Row]:
    """Descend a quadratic in 50 variables with a fixed step, to 1e-8 of the first gradient."""
    d, tol = contest.size(50, 5), 1e-8
    rng = np.random.default_rng(0)
    Q, _ = np.linalg.qr(rng.standard_normal((d, d)))
    A = (Q * np.linspace(RATIO if not contest.quick else 0.1, 1.0, d)) @ Q.T
    step, x0 = 0.5, rng.standard_normal(d)
    f = Quadratic(A)

    def ours() -> Any:
        res = gradient_descent(f, x0, step=step, tol=tol, maxiter=100_000)
        return res.x, res.nit

    def jaxopt() -> Work:
        import jax
        from jaxopt import GradientDescent

        jax.config.update("jax_enable_x64", True)  # noqa: FBT003  (jax's own signature)
        B = jax.numpy.asarray(A)
        target = tol * float(np.linalg.norm(2.0 * A @ x0))
        solver = GradientDescent(
            lambda x: x @ B @ x, stepsize=step, maxiter=100_000, tol=target, acceleration=False,
        )  # fmt: skip
        start = jax.numpy.asarray(x0)

        def run() -> Any:
            params, state = solver.run(start)
            return np.asarray(params), int(state.iter_num)

        return run

    def shown(found: Any) -> str:
        return f"{found[1]} iterations"

    peers = [
        Peer(
            "a hand-written loop that records", at_most(1.3),
            lambda: lambda: hand_written(A, x0, step, tol), shown,
        ),
        Peer("jaxopt GradientDescent", at_least(5), jaxopt, shown),
    ]  # fmt: skip
    return contest.rows(f"gradient descent, d = {d}", ours, peers, shown)
