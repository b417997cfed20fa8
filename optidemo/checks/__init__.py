"""Checks: is a derivative right, and if not, what is the mistake?"""

from __future__ import annotations

from optidemo.checks.gradient import check_gradient
from optidemo.checks.report import Entry, GradientReport, Mistake, Witness

__all__ = ["Entry", "GradientReport", "Mistake", "Witness", "check_gradient"]
