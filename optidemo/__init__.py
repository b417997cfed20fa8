"""A gradient derived on paper goes in; a verified, optimised, plotted result comes out."""

from __future__ import annotations

__version__ = "0.1.0"
