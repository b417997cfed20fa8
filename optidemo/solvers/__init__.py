"""Solvers, each a plain function and a valid custom method of scipy.optimize.minimize."""
