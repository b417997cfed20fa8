"""Objective 12: the support vector machine's hinge loss."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse

from optidemo.objectives.finite_sum import FiniteSum, listed
from optidemo.objectives.piecewise_linear import PiecewiseLinear
from optidemo.status import NoClosedForm, Optimum, Status

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from optidemo.arrays import Matrix, Vector

__all__ = ["SVM"]


class SVM(FiniteSum):
    """f(w) = Σᵢ ReLU(1 − yᵢ⟨xᵢ, w⟩), the hinge loss.

    Parameters
    ----------
    X : (n, d) array_like
        One sample xᵢ a row. For an intercept add a column of ones. X and y are not copied: pass
        ``X.copy()`` if you will change it afterwards.
    y : (n,) array_like
        The labels, −1 or +1.

    Derivation
    ----------
    1. Multiply out: with the margin mᵢ = yᵢ(xᵢ₁w₁ + … + xᵢ_d w_d), f = Σᵢ max(0, 1 − mᵢ).
    2. Partial by partial: dReLU(1 − mᵢ)/dmᵢ is −1 for mᵢ < 1 and 0 for mᵢ > 1, and
       ∂mᵢ/∂wₖ = yᵢxᵢₖ, so ∂f/∂wₖ = −Σ_{mᵢ < 1} yᵢxᵢₖ.
    3. Back to matrix form: ∇f(w) = −Σ_{mᵢ < 1} yᵢxᵢ = −Xᵀ(y ∘ 1(m < 1)). At a kink mᵢ = 1
       the lecture's ReLU takes 0.

    Notes
    -----
    Gradient: −Σ_{margin < 1} yᵢxᵢ
    Hessian: 0 off the kinks; none on them
    Lipschitz constant: none: the gradient jumps
    Closed form: none; a linear program gives the exact minimum
    Stationary point: the minimum, which need not be unique
    Domain: all of ℝᵈ; kinks where a margin is exactly 1
    Lecture: objective 12, "SVM objective"
    """

    name, number = "svm", "12"
    formula, gradient_formula = "Σ ReLU(1 − yᵢ⟨xᵢ, w⟩)", "−Σ_{margin < 1} yᵢxᵢ"
    latex = (
        r"\sum_{i=1}^n \mathrm{ReLU}(1 - y_i \langle x_i, w \rangle)",
        r"-\sum_{y_i \langle x_i, w \rangle < 1} y_i x_i",
    )
    place = "objective 12, SVM objective"
    smooth, convex = False, True

    def __init__(self, X: ArrayLike, y: ArrayLike) -> None:
        super().__init__(X, y)
        labels = np.unique(self.rows.y)
        if not np.isin(labels, (-1.0, 1.0)).all():
            hint = " Use y = 2 * y - 1." if np.isin(labels, (0.0, 1.0)).all() else ""
            raise ValueError(f"y must hold the labels −1 and +1, but holds {listed(labels)}.{hint}")

    def value(self, w: ArrayLike) -> float:
        """Return Σ max(0, 1 − yᵢ⟨xᵢ, w⟩)."""
        w = self.point(w)
        return float(self.rows.sum(lambda X, y: np.sum(np.maximum(0.0, 1.0 - y * (X @ w)))))

    @staticmethod
    def gradient_term(w: Vector, X: Matrix, y: Vector) -> Any:
        """Return −Σ_{margin < 1} yᵢxᵢ, shape (d,)."""
        return -(X.T @ (y * (y * (X @ w) < 1.0)))

    def value_and_gradient(self, w: Vector) -> tuple[float, Vector]:
        """Return both from one product Xw."""

        def term(X: Matrix, y: Vector) -> tuple[float, Vector]:
            slack = 1.0 - y * (X @ w)
            return float(np.sum(np.maximum(0.0, slack))), -(X.T @ (y * (slack > 0.0)))

        return self.rows.sum(term)

    def subdifferential_distance(self, w: Vector, g: Vector) -> float:
        """Return the distance from g to −Σ_{m<1} yᵢxᵢ − {Σ_{m=1} tᵢyᵢxᵢ : 0 ≤ tᵢ ≤ 1}.

        The samples whose margin is 1 within rounding are free to take any tᵢ; the nearest point is
        a bounded least-squares problem.
        """

        def term(X: Matrix, y: Vector) -> tuple[Vector, list[Matrix]]:
            margin = y * (X @ w)
            rounding = 1e-12 * (1.0 + np.abs(X) @ np.abs(w))
            kink = np.abs(margin - 1.0) <= rounding
            inside = (margin < 1.0) & ~kink
            return -(X.T @ (y * inside)), [y[kink, None] * X[kink]]

        fixed, on_kink = self.rows.sum(term)
        free = np.vstack(on_kink)
        if len(free) == 0:
            return float(np.linalg.norm(g - fixed))
        from scipy.optimize import lsq_linear

        answer = lsq_linear(-free.T, g - fixed, bounds=(0.0, 1.0), tol=1e-14)
        return float(np.linalg.norm(answer.fun))

    def signed_rows(self) -> Any:
        """Return the zᵢ = yᵢxᵢ as rows, shape (n, d), in this process; sparse if X is."""
        X, y = self.rows.X, self.rows.y[:, None]
        if self.rows.on_cluster:
            blocks = [block for block, _ in self.rows.blocks()]
            X = (scipy.sparse.vstack if scipy.sparse.issparse(blocks[0]) else np.vstack)(blocks)
        return scipy.sparse.csr_array(X).multiply(y) if scipy.sparse.issparse(X) else X * y

    def linear_program(self) -> Vector:
        """Return an exact minimiser w, shape (d,), by a linear program with d constraints."""
        one = np.ones(self.n)
        solution = PiecewiseLinear(self.signed_rows(), one, one, 0.0, np.zeros(self.d)).minimum()
        assert solution is not None  # noqa: S101  (f ≥ 0)
        return solution[0]

    def closed_form(self) -> Vector:
        """Raise `NoClosedForm`, naming the linear program."""
        raise NoClosedForm(
            "The hinge loss is piecewise linear and has no closed form; linear_program() gives an "
            "exact minimiser, and optidemo.solve(f) uses it."
        )

    def optimum(self) -> Optimum:
        """Return the verdict: a piecewise linear function that is bounded below has a minimum."""
        reason = "f ≥ 0 is piecewise linear: its minimum is attained, but perhaps at many points."
        return Optimum(Status.CONVERGED, reason)
