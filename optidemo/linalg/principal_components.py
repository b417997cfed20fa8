"""Principal components, with a bound on the error of each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from optidemo.linalg.scale import held, times

if TYPE_CHECKING:
    from optidemo.arrays import Matrix, Vector

__all__ = ["PrincipalComponents"]


@dataclass(frozen=True)
class PrincipalComponents:
    """The k directions of greatest variance.

    Attributes
    ----------
    components : (k, d) array
        Orthonormal rows, the greatest variance first; in each the entry of greatest magnitude is
        positive.
    explained_variance : (k,) array
        Eigenvalues of the covariance C (divisor n − 1).
    mean : (d,) array
        What was subtracted.
    residual : (k,) array
        ‖Cv − λv‖.
    error_bound : (k,) array
        Bound on the sine of the angle between each component and the exact one: residual and
        rounding over the gap to the nearest other eigenvalue (Davis and Kahan). 1 means that the
        direction is not determined, as within a pair of equal eigenvalues.
    """

    components: Matrix
    explained_variance: Vector
    mean: Vector
    residual: Vector
    error_bound: Vector

    def in_units(self, exponent: int) -> PrincipalComponents:
        """Return the components of X, if these are those of X · 2**exponent."""
        variance, back = "The variance of X", "Multiply X"
        return replace(
            self,
            explained_variance=held(self.explained_variance, -2 * exponent, variance, back),
            mean=times(self.mean, -exponent),
            residual=times(self.residual, -2 * exponent),
        )
