"""What a least-squares solution brings along: how exact it is, and how far the data carry."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from optidemo.arrays import EPS
from optidemo.linalg.scale import held, times

if TYPE_CHECKING:
    from typing import TypeAlias

    from numpy.typing import NDArray

    from optidemo.arrays import Matrix, Vector

    Units: TypeAlias = NDArray[np.intp]

__all__ = ["LeastSquares", "RankWarning", "sensitivity"]


class RankWarning(UserWarning):
    """The columns of X are linearly dependent: the minimum-norm solution is returned."""


@dataclass(frozen=True)
class LeastSquares:
    """A least-squares solution and the proof of it.

    Attributes
    ----------
    x : (d,) array
        The minimiser; the one of minimum norm where the columns of X are dependent.
    error_bound : (d,) array
        Bound on abs(x − x*), where x* is the exact minimiser for the data as given.
    gradient : (d,) array
        The residual of the optimality condition, XᵀC(y − Xx) − ridge·x.
    rss : float
        Σ cᵢ (yᵢ − xᵢᵀx)², the weighted residual sum of squares.
    dof : int
        Degrees of freedom of the residual, n − rank.
    rank : int
        Number of linearly independent columns.
    condition : float
        Condition number of X with its columns brought to equal length.
    sensitivity : (d,) array
        How far x* moves if every entry of X and y is off by half a unit in its last place, as it is
        after rounding to float64.
    inverse : (d, d) array or None
        (XᵀCX + ridge·I)⁻¹; the pseudoinverse where the columns are dependent; None where there are
        fewer samples than columns.
    method : str
        "normal equations", "QR, refined" or "singular values".
    ridge : float
        The weight of ½‖x‖².
    origin : (LeastSquares, int or (d, d) array) or None
        The solution in other units, and the powers of two that lead from its covariance to this
        one's; None unless X or y is so large or small that its squares are beyond float64.
    """

    x: Vector
    error_bound: Vector
    gradient: Vector
    rss: float
    dof: int
    rank: int
    condition: float
    sensitivity: Vector
    inverse: Matrix | None
    method: str
    ridge: float = 0.0
    origin: tuple[LeastSquares, int | Units] | None = None

    def in_units(self, x_unit: int | Units, y_unit: int, ridge: float) -> LeastSquares:
        """Return the solution for X and y, if this one is for X · 2**x_unit and y · 2**y_unit.

        x_unit is one exponent, or one for each column.

        Raises
        ------
        ValueError
            If the minimiser is beyond what a float64 can hold.
        """
        back = x_unit - y_unit
        both = np.add.outer(x_unit, x_unit)
        x = held(self.x, back, "The minimiser", "Multiply X or y")
        return replace(
            self,
            x=x,
            error_bound=times(self.error_bound, back),
            sensitivity=times(self.sensitivity, back),
            gradient=times(self.gradient, -x_unit - y_unit),
            rss=float(times(self.rss, -2 * y_unit)),
            inverse=None if self.inverse is None else times(self.inverse, both),
            ridge=ridge,
            origin=(self, both - 2 * y_unit),
        )

    @property
    def digits(self) -> float:
        """Correct decimal digits of the worst entry of x, the data being exact."""
        return _digits(self.error_bound, self.x)

    @property
    def trusted_digits(self) -> float:
        """Digits of the worst entry of x that survive the rounding of the data to float64."""
        return _digits(self.error_bound + self.sensitivity, self.x)

    @property
    def cov(self) -> Matrix:
        """The covariance of x, (d, d): σ² (XᵀCX)⁻¹ with σ² = rss / dof.

        With a ridge H = (XᵀCX + ridge·I)⁻¹ it is σ² H XᵀCX H = σ² (H − ridge·H²).

        Raises
        ------
        ValueError
            If no degree of freedom is left to estimate σ², or if no float64 can hold it.
        """
        if self.origin:  # where the inverse or rss may be beyond a float64, though cov is not
            first, exponent = self.origin
            return held(first.cov, exponent, "The covariance", "Multiply X or y")
        if self.dof <= 0 or self.inverse is None:
            raise ValueError(
                f"A covariance needs more samples than parameters, but n − rank is {self.dof}. "
                "Add samples, or leave out columns."
            )
        H = self.inverse
        unscaled = H - self.ridge * (H @ H) if self.ridge else H
        return self.rss / self.dof * unscaled


def _digits(error: Vector, x: Vector) -> float:
    with np.errstate(divide="ignore", invalid="ignore"):
        relative = np.where(error == 0.0, 0.0, error / np.abs(x))
        return float(np.clip(-np.log10(np.max(relative)), 0.0, -np.log10(EPS / 2)))


def sensitivity(inverse: Matrix, lengths: Vector, x: Vector, y_length: float, rss: float) -> Vector:
    """Return how far x moves if each entry of X and y moves by half a unit in its last place.

    To first order δx = H δXᵀr + H Xᵀ(δy − δX x) with H = (XᵀX)⁻¹ and r = y − Xx, and the rows of
    H Xᵀ have length √Hⱼⱼ (Björck, Numerical Methods for Least Squares Problems, 1.4.3).

    Parameters
    ----------
    inverse : (d, d) array
        H.
    lengths : (d,) array
        Lengths of the columns of X.
    x : (d,) array
        The minimiser.
    y_length, rss : float
        ‖y‖ and ‖r‖².

    Returns
    -------
    (d,) array
        A bound on the movement of each entry of x.
    """
    through_fit = np.sqrt(np.abs(np.diag(inverse))) * (y_length + lengths @ np.abs(x))
    through_residual = np.abs(inverse) @ lengths * np.sqrt(rss)
    movement: Vector = 0.5 * EPS * (through_fit + through_residual)
    return movement
