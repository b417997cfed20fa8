"""Print correct digits on the NIST StRD linear regression sets: `.venv/bin/python scripts/digits.py`.

A row a data set; the number is −log10 of the largest relative error of a coefficient, at most 15,
the digits that NIST certifies. scikit-learn has a column where it is installed.
"""

from __future__ import annotations

import importlib
import json
import warnings
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import optidemo

if TYPE_CHECKING:
    from collections.abc import Callable

    from optidemo.arrays import Matrix, Vector

FILE = Path(__file__).parents[1] / "tests" / "data" / "nist_strd.json"


def design(entry: dict[str, Any]) -> tuple[Matrix, Vector, Vector]:
    """Return X, whose powers are taken exactly and then rounded, y and the certified coefficients."""
    rows = [
        [Fraction(x) ** p for p in entry["powers"] for x in (row if p else row[:1])]
        for row in entry["x"]
    ]
    y = [Fraction(v) for v in entry["y"]]
    certified = np.array(entry["certified"]["coef"], dtype=float)
    return np.array(rows, dtype=float), np.array(y, dtype=float), certified


def digits(w: Vector, certified: Vector) -> float:
    """Return the correct digits of the worst coefficient, between 0 and 15."""
    error = np.abs(w - certified) / np.where(certified == 0, 1.0, np.abs(certified))
    return float(np.clip(-np.log10(max(float(error.max()), 1e-15)), 0.0, 15.0))


def solvers() -> dict[str, Callable[[Matrix, Vector], Vector]]:
    """Return optidemo's solver and its peers."""
    found: dict[str, Callable[[Matrix, Vector], Vector]] = {
        "optidemo.lstsq": optidemo.lstsq,
        "numpy.linalg.lstsq": lambda X, y: np.asarray(np.linalg.lstsq(X, y)[0]),
    }
    try:
        linear = importlib.import_module("sklearn.linear_model").LinearRegression
    except ImportError:
        return found
    fitted = {"fit_intercept": False}
    found["scikit-learn"] = lambda X, y: np.asarray(linear(**fitted).fit(X, y).coef_)
    return found


def main() -> None:
    """Print the table."""
    columns = solvers()
    print(f"| set | {' | '.join(columns)} |")
    print("|---" * (1 + len(columns)) + "|")
    for name, entry in json.loads(FILE.read_text(encoding="utf-8"))["sets"].items():
        X, y, certified = design(entry)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a peer may warn of what its digits show
            row = [f"{digits(solve(X, y), certified):.1f}" for solve in columns.values()]
        print(f"| {name} | {' | '.join(row)} |")


if __name__ == "__main__":
    main()
