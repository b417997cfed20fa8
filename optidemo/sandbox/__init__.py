"""A student's file, run in a process of its own and checked there; only JSON comes back."""

from __future__ import annotations

from optidemo.sandbox.parent import Limits, Outcome, Request, check_file

__all__ = ["Limits", "Outcome", "Request", "check_file"]
