"""The lecture replayed: every formula, number, derivation and code cell, with a computed verdict."""

from __future__ import annotations

from optidemo.audit.claim import Claim, Comparison, Evidence, Row, Verdict
from optidemo.audit.lecture import CLAIMS, audit

__all__ = ["CLAIMS", "Claim", "Comparison", "Evidence", "Row", "Verdict", "audit"]
