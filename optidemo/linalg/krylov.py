"""Principal components in a few passes over the data, where the spectrum allows it.

Forming the covariance C costs n·d² operations, although k directions are wanted. A block Krylov
method needs C only as a factor, CV = (X − 1mᵀ)ᵀ((X − 1mᵀ)V)/(n − 1), and reads the data once for
each product. With V₁ random, the space spanned by V₁, CV₁, C²V₁, … holds the leading eigenvectors
to the last digit after a number of products that depends on how far they stand out: on 20 000 × 1000
samples with five strong components eight products take a third of the time that C takes, with a
nearly flat spectrum C is cheaper. So the first few hundred samples are tried first, and the rate at
which the residuals fall tells how many passes all of the samples would need.

The residual ‖CV − Vλ‖ proves that an eigenvector was found; that no greater one was missed rests on
the random start: to stay hidden while the k-th emerges to the last digit, the greater one must be
orthogonal to all columns of V₁ to the last digit too, and of a random block that has a probability
below 1e-50.

Source: G. H. Golub and C. F. Van Loan, Matrix Computations (4th ed., 2013), 10.3.6 (block Lanczos
with full reorthogonalisation); B. N. Parlett, The Symmetric Eigenvalue Problem (SIAM 1998), 13.10;
C. Musco and C. Musco, "Randomized block Krylov methods", NeurIPS 28 (2015).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse

from optidemo.arrays import EPS
from optidemo.linalg.covariance import centred
from optidemo.storage.blocks import CACHED, LARGEST
from optidemo.storage.partial_sums import dense, sum_of_blocks

if TYPE_CHECKING:
    from collections.abc import Callable

    from optidemo.arrays import Matrix, Vector
    from optidemo.rows import Rows

__all__ = ["Ritz", "leading_components", "rounding"]

WIDTH = 8  # columns that one pass carries along at the price of few: the floats of a register
PASS = 6  # a pass with b columns takes the time of 6b columns of XᵀX, as measured
FEWEST = 6  # passes that the whole must at least be worth
SAMPLE = 512  # samples that tell how fast the residuals fall
SETTLED = 3  # residuals that a prediction needs
ROUGH = 1e-3  # residual, beside the first eigenvalue, that a prediction needs at most
FOLDED = 25.0  # mean², beside the first variance, that may be subtracted after the product


@dataclass(frozen=True)
class Ritz:
    """Approximate eigenpairs of C, greatest first: values (m,), orthonormal V (d, m), and CV."""

    values: Vector
    V: Matrix
    CV: Matrix

    def residual(self) -> Vector:
        """Return ‖Cv − λv‖ (m,) for each."""
        return np.asarray(np.linalg.norm(self.CV - self.V * self.values, axis=0))

    def first(self, k: int) -> Ritz:
        """Return the k leading ones, orthonormal to the last digit."""
        V, CV = self.V[:, :k], self.CV[:, :k]
        polar = 1.5 * np.eye(k) - 0.5 * (V.T @ V)  # one step of Newton's for (VᵀV)^-½
        return Ritz(self.values[:k], V @ polar, CV @ polar)


def leading_components(rows: Rows, k: int) -> tuple[Vector, Ritz] | None:
    """Return the mean and the k leading eigenpairs of the covariance; the last is but a rough one.

    None where forming the covariance promises to be faster: with few columns, a flat spectrum, or
    samples that are read from a file or a cluster, where one pass is all that one wants. The choice
    does not depend on the unit of X; whether squares can be held in it, the caller must ask.
    """
    d = rows.shape[1]
    width = -(-k // WIDTH) * WIDTH
    limit = d // (PASS * width)
    if limit < FEWEST or not rows.in_memory:
        return None
    start = np.linalg.qr(np.random.default_rng(0).standard_normal((d, width)))[0]
    some = rows.first(lambda X: dense(X[: min(SAMPLE, max(LARGEST // d, 2 * width))]))
    some = some - some.mean(axis=0)
    with np.errstate(all="ignore"):
        trial = _iterate(lambda V: some.T @ (some @ V) / len(some), start, k - 1, limit, ROUGH)
        if trial is None:
            return None
        mean = _mean(rows)
        far = not mean @ mean <= FOLDED * d * trial.values[0]
        if far and (scipy.sparse.issparse(rows.X) or not np.isfinite(mean).all()):
            return None
        shift = mean if far else np.zeros(d)
        start = np.linalg.qr(trial.V[:, :width] + 0.1 * start)[0]
        product = _Covariance(rows, mean, shift)
        found = _iterate(product, start, k - 1, limit, rounding(d))
    return None if found is None else (mean, found.first(k))


def rounding(d: int) -> float:
    """Return what rounding may leave of ‖Cv − λv‖, beside the first eigenvalue."""
    return 10.0 * EPS * math.sqrt(d)


@dataclass(frozen=True)
class _Covariance:
    """The covariance as a factor: V ↦ CV in one pass over the samples.

    To subtract the mean from each sample takes more time than the rest. So it is subtracted from
    the products, (X − 1mᵀ)V = XV − 1(mᵀV), which costs no digit as long as the mean is not long
    beside the spread (the error grows with |m|/σ, not with its square as in E[xx] − m²).
    """

    rows: Rows
    mean: Vector
    shift: Vector

    def __call__(self, V: Matrix) -> Matrix:
        n, d = self.rows.shape
        length = max(CACHED // 2 // d, 1)
        rest = self.mean - self.shift
        middle = rest @ V

        def term(X: Any) -> tuple[Matrix, Vector]:
            X = centred(X, self.shift)
            Y = X @ V - middle
            return X.T @ Y, Y.sum(axis=0)

        def in_pieces(X: Any) -> tuple[Matrix, Vector]:
            pieces = ((X[i : i + length],) for i in range(0, X.shape[0], length))
            return sum_of_blocks(term, pieces)  # type: ignore[no-any-return]

        product, total = self.rows.sum(term if scipy.sparse.issparse(self.rows.X) else in_pieces)
        return (product - np.outer(rest, total)) / (n - 1)


def _iterate(
    product: Callable[[Matrix], Matrix], block: Matrix, k: int, limit: int, tol: float
) -> Ritz | None:
    """Return Ritz pairs of which the first k have residuals ≤ tol · λ₁, by block Lanczos.

    None as soon as the residuals do not fall fast enough to be there within `limit` more products.
    """
    Q, CQ = block, product(block)
    residuals: list[float] = []
    while True:
        T = Q.T @ CQ
        if not np.isfinite(T).all():
            return None
        values, S = np.linalg.eigh(0.5 * T + 0.5 * T.T)
        leading = S[:, : -block.shape[1] - 1 : -1]
        found = Ritz(values[: -block.shape[1] - 1 : -1], Q @ leading, CQ @ leading)
        if not found.values[0] > 0.0:
            return None
        residuals.append(float(found.residual()[:k].max() / found.values[0]))
        if residuals[-1] <= tol:
            return found
        if len(residuals) >= SETTLED and not _passes_left(residuals, rounding(len(Q))) <= limit:
            return None
        if Q.shape[1] + block.shape[1] > len(Q):
            return None
        block = CQ[:, -block.shape[1] :]
        for _ in range(2):  # once leaves the rounding of what cancels (Parlett, 6.9)
            block, _ = np.linalg.qr(block - Q @ (Q.T @ block))
        Q, CQ = np.hstack((Q, block)), np.hstack((CQ, product(block)))


def _passes_left(residuals: list[float], tol: float) -> float:
    """Predict how many further products bring the residual down to tol, at the rate of the last."""
    rate = residuals[-1] / residuals[-2]
    return math.log(tol / residuals[-1]) / math.log(rate) if 0.0 < rate < 1.0 else math.inf


def _mean(rows: Rows) -> Vector:
    sparse = scipy.sparse.issparse(rows.X)
    near = np.zeros(rows.shape[1]) if sparse else rows.first(lambda X: X.mean(axis=0))
    total = rows.sum(lambda X: np.ones(X.shape[0]) @ centred(X, near))
    return np.asarray(near + total / rows.shape[0])
