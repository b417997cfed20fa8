"""The units of a linear model's weights, from those of the data's columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from optidemo.datasets.design import Design

__all__ = ["NO_UNIT", "weight_units"]

NO_UNIT = "none"  # of a pure number, as the catalogue of the data sets writes it


def weight_units(made: Design, response: str | None = None) -> tuple[str, ...]:
    """Name the unit of each weight w_j: that of w_j x_j over that of x_j.

    Parameters
    ----------
    made
        The matrix and the target of the model.
    response
        The unit of ``w @ x``; by default that of the target.

    Returns
    -------
    tuple of str
        One for each column of X; `NO_UNIT` for a pure number. A standardised feature counts in its
        standard deviations (s.d.). Empty if a unit is not known.
    """
    target = made.units.get(made.target or "") if response is None else response
    names = made.features[1:] if made.intercept else made.features
    if target is None or not set(names) <= set(made.units):
        return ()
    below = ["s.d." if made.standardized else made.units[name] for name in names]
    above = "" if target == NO_UNIT else f"{target} "
    weights = [target if unit == NO_UNIT else f"{above}per {unit}" for unit in below]
    return (target, *weights) if made.intercept else tuple(weights)
