"""What linear regression, logistic regression and the SVM have in common: a sum over samples."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from optidemo.objective import Objective
from optidemo.rows import Rows

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from optidemo.arrays import Matrix, Vector

__all__ = ["FiniteSum", "listed"]


class FiniteSum(Objective):
    """f(w) = Σᵢ ℓ(xᵢᵀw, yᵢ), a loss summed over the rows of X.

    Parameters
    ----------
    X : (n, d) array_like
        One sample xᵢ a row. X and y are not copied (they may be larger than the memory): what is
        changed in them afterwards changes f, and what f has cached no longer fits.
    y : (n,) array_like
        The targets or labels.

    Attributes
    ----------
    rows : Rows
        The samples, in blocks.
    n : int
        Their number.
    curvature : float
        The largest ∂²ℓ/∂q².
    """

    variable = "w"
    curvature = 0.0

    def __init__(self, X: ArrayLike, y: ArrayLike) -> None:
        for name, given in (("X", X), ("y", y)):
            if given is None:
                raise TypeError(f"{type(self).__name__}(X, y): {name} is None; pass an array.")
        self.rows = Rows(X, y)
        self.n, self.d = self.rows.shape

    @staticmethod
    def gradient_term(w: Vector, X: Matrix, y: Vector) -> Any:
        """Return the part of ∇f(w) that the samples X, y contribute, shape (d,)."""
        raise NotImplementedError

    def gradient(self, w: ArrayLike) -> Vector:
        """Return ∇f(w), shape (d,)."""
        w = self.point(w)
        return np.asarray(self.rows.sum(lambda X, y: self.gradient_term(w, X, y)))

    def batch_gradient(self, w: Vector, indices: NDArray[np.intp]) -> Vector:
        """Return the part of ∇f(w) that the samples `indices` contribute, shape (d,)."""
        return np.asarray(self.gradient_term(w, *self.rows.take(indices)))

    def largest_sample_curvature(self) -> float:
        """Return max_i of the Lipschitz constant of one sample's gradient; 0 at a kink."""
        squares = max(self.rows.sum(lambda X, _y: [float(np.max(np.sum(X * X, axis=1)))]))
        return self.curvature * squares


def listed(labels: Vector) -> str:
    """Return the first four labels as text, for a message."""
    shown = ", ".join(f"{label:g}" for label in labels[:4])
    return shown + (", …" if len(labels) > 4 else "")
