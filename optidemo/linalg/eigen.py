"""Leading eigenvectors and principal components, with a bound on their error.

Source of the bounds: B. N. Parlett, The Symmetric Eigenvalue Problem (SIAM 1998), 4.5 and 11.7;
C. Davis and W. M. Kahan, "The rotation of eigenvectors by a perturbation III", SIAM J. Numer.
Anal. 7 (1970).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal, overload

import numpy as np
import scipy.linalg
import scipy.sparse

from optidemo.arrays import Matrix, Vector, as_square, is_whole
from optidemo.linalg.covariance import centred, covariance
from optidemo.linalg.krylov import leading_components, rounding
from optidemo.linalg.principal_components import PrincipalComponents
from optidemo.linalg.scale import LONGEST, SHORTEST
from optidemo.linalg.triangular import TriangularFactor
from optidemo.rows import Rows

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from optidemo.rows import Samples

__all__ = ["pca", "top_eigenvectors"]

GRADED = 1e-5  # eigenvalues below this part of the first lose too many digits in XᵀX


def top_eigenvectors(A: ArrayLike, k: int = 1) -> tuple[Vector, Matrix]:
    """Return the k greatest eigenvalues of ½(A+Aᵀ) and their eigenvectors.

    The stationary points of xᵀAx on the unit sphere (the lecture's objective 13).

    Parameters
    ----------
    A : (d, d) array
        It need not be symmetric: xᵀAx sees its symmetric part alone.
    k : int
        1 ≤ k ≤ d.

    Returns
    -------
    values : (k,) array
        Greatest first.
    vectors : (d, k) array
        Orthonormal columns; in each the entry of greatest magnitude is positive.

    Raises
    ------
    ValueError
        If A is not square or not finite, or k is not between 1 and d.

    Examples
    --------
    >>> values, vectors = top_eigenvectors([[2.0, 0.0], [0.0, 3.0]])
    >>> values, vectors[:, 0]
    (array([3.]), array([0., 1.]))
    """
    A = as_square(A, "A")
    return _leading(0.5 * A + 0.5 * A.T, _as_count(k, len(A), "d"))


def pca(X: Samples, k: int) -> PrincipalComponents:
    """Return the k principal components of the samples X (n, d).

    Parameters
    ----------
    X : (n, d) array
        One sample a row, n ≥ 2; it need not be centred. Whatever `Rows` takes: an array, a sparse
        matrix, the path of an ``.npy`` file, a Dask array.
    k : int
        1 ≤ k ≤ min(n, d).

    Returns
    -------
    PrincipalComponents
        With ``components`` (k, d), ``explained_variance`` (k,), ``mean`` (d,) and a bound on the
        error of each direction.

    Raises
    ------
    ValueError
        If there are fewer than two samples, an entry is not finite, k is not between 1 and
        min(n, d), or a variance is beyond what a float64 can hold.

    Notes
    -----
    The components are the leading eigenvectors of C = Σ (xᵢ − m)(xᵢ − m)ᵀ/(n − 1), where m is the mean:
    vᵀCv is stationary there on the sphere vᵀv = 1 (the lecture's objective 13). They come from a block
    Krylov method where they stand out, else from C; from the inner products of the samples where
    n ≤ d; and from the triangular factor of the centred samples where C would lose digits of a small
    variance.

    References
    ----------
    Parlett, The Symmetric Eigenvalue Problem, 1998, sections 4.5 and 11.7. Davis and Kahan, SIAM J.
    Numer. Anal. 7, 1970. Musco and Musco, Randomized block Krylov methods, NeurIPS 28, 2015.
    """
    rows = Rows(X, check=False)
    n, d = rows.shape
    if n < 2:
        raise ValueError(f"pca needs at least two samples, but X has shape {rows.shape}.")
    k = _as_count(k, min(n, d), "min(n, d)")
    more = min(k + 1, d, n)  # the next eigenvalue tells the gap
    found = _components(rows, k, more)
    if found is None:  # squares beyond float64: take another unit
        rows.check()
        exponent = -math.frexp(rows.largest()[0])[1]
        found = _components(rows.scaled(exponent), k, more, last=True).in_units(exponent)
    return found


@overload
def _components(rows: Rows, k: int, more: int, *, last: Literal[True]) -> PrincipalComponents: ...
@overload
def _components(rows: Rows, k: int, more: int) -> PrincipalComponents | None: ...
def _components(rows: Rows, k: int, more: int, *, last: bool = False) -> PrincipalComponents | None:
    """Choose the method; None where the variances are too great or small to be sure of them."""
    n, d = rows.shape
    if n <= d:
        if not last and not SHORTEST**0.5 <= rows.largest()[0] <= LONGEST**0.5:
            return None
        return _certified(*_from_inner_products(rows, more), k)
    few = leading_components(rows, more)
    if few is not None and not last and not SHORTEST <= few[1].values[0] <= LONGEST:
        return None
    if few is not None and few[1].values[k - 1] >= GRADED * few[1].values[0]:
        mean, ritz = few
        return _certified(mean, ritz.values, ritz.V, ritz.CV, k)
    mean, C = covariance(rows)
    if not last and not (np.isfinite(C).all() and SHORTEST <= np.max(np.diag(C)) <= LONGEST):
        return None
    values, V = _leading(C, more)
    if values[-1] < GRADED * values[0]:
        values, V = _from_factor(rows, mean, more)
    return _certified(mean, values, V, C @ V, k)


def _leading(S: Matrix, k: int) -> tuple[Vector, Matrix]:
    """Return the k leading eigenpairs of a symmetric matrix, orthonormal to the last digit."""
    d = len(S)
    if 4 * k > d:
        values, V = np.linalg.eigh(S)  # divide and conquer: orthonormal where MRRR is not quite
        return values[: -k - 1 : -1].copy(), _signed(V[:, : -k - 1 : -1])
    _, V = scipy.linalg.eigh(S, subset_by_index=[d - k, d - 1], driver="evx", check_finite=False)
    Q, _ = np.linalg.qr(V)
    values, inner = np.linalg.eigh(Q.T @ S @ Q)  # Rayleigh and Ritz
    return values[::-1].copy(), _signed((Q @ inner)[:, ::-1])


def _from_factor(rows: Rows, mean: Vector, k: int) -> tuple[Vector, Matrix]:
    """Return the leading eigenpairs of the covariance from the triangular factor of X − mean.

    The singular values of R keep the digits of the small ones that squaring would lose.
    """
    factor = rows.sum(lambda X: TriangularFactor.of(centred(X, mean)))
    _, sigma, Vt = scipy.linalg.svd(factor.R, check_finite=False)
    return sigma[:k] ** 2 / (rows.shape[0] - 1), _signed(Vt[:k].T)


def _from_inner_products(rows: Rows, k: int) -> tuple[Vector, Vector, Matrix, Matrix]:
    """Return mean, leading eigenpairs of the covariance C and C V, if n ≤ d: no d × d matrix.

    The n × n matrix of inner products of the rows has the same eigenvalues; one step back through
    the data restores the digits that squaring lost.
    """
    rows.check()
    n = rows.shape[0]
    mean = rows.sum(lambda X: X.sum(axis=0)) / n
    if scipy.sparse.issparse(rows.X):
        X = scipy.sparse.csr_array(rows.X, dtype=np.float64)
        deviations = scipy.sparse.linalg.aslinearoperator(X) - scipy.sparse.linalg.aslinearoperator(
            np.ones((n, 1))
        ) @ scipy.sparse.linalg.aslinearoperator(mean[None, :])
        product = (X @ X.T).toarray() - (X @ mean)[:, None] - (X @ mean) + mean @ mean
    else:
        mean = mean + rows.sum(lambda X: (X - mean).sum(axis=0)) / n
        deviations = np.vstack([X - mean for (X,) in rows.blocks()])
        product = deviations @ deviations.T
    _, U = _leading(product, k)
    Q, _ = np.linalg.qr(deviations.T @ U)
    _, sigma, Wt = np.linalg.svd(deviations @ Q, full_matrices=False)
    V = _signed(Q @ Wt.T)
    return mean, sigma**2 / (n - 1), V, deviations.T @ (deviations @ V) / (n - 1)


def _signed(V: Matrix) -> Matrix:
    """Turn each column so that its greatest entry is positive; the first one among equals."""
    size = np.abs(V)
    greatest = np.argmax(size > (1.0 - 1e-8) * size.max(axis=0), axis=0)
    sign = np.where(V[greatest, np.arange(V.shape[1])] < 0.0, -1.0, 1.0)
    return np.ascontiguousarray(V * sign)


def _certified(
    mean: Vector, values: Vector, V: Matrix, product: Matrix, k: int
) -> PrincipalComponents:
    """Bound the error of the first k directions; `product` is C V.

    The k + 1 values may lie as far from those of C as their residuals are long, so that much of
    each gap is left out of account.
    """
    residual = np.linalg.norm(product - V * values, axis=0)
    gaps = np.abs(values[:k, None] - values) - residual
    gaps[np.arange(k), np.arange(k)] = np.inf
    gap = gaps.min(axis=1)
    error = residual[:k] + rounding(len(mean)) * values[0]
    bound = np.divide(error, gap, out=np.ones(k), where=gap > 0.0)
    return PrincipalComponents(
        components=_signed(V[:, :k]).T.copy(),
        explained_variance=values[:k].copy(),
        mean=mean,
        residual=residual[:k],
        error_bound=np.minimum(bound, 1.0),
    )


def _as_count(k: int, most: int, name: str) -> int:
    if not (is_whole(k) and 1 <= k <= most):
        raise ValueError(f"k must be a whole number between 1 and {name} = {most}, but is {k!r}.")
    return int(k)
