"""Solves with Xᵀ forgotten on one side, and runs ten iterations whatever it is told."""

import numpy as np


def quadratic_grad(x, A):
    return (A + A.T) @ x


def regression_grad(w, X, y):
    return X.T @ (X @ w - y)


def best_w(X, y):
    return np.linalg.solve(X.T @ X, X[: X.shape[1]].T @ y[: X.shape[1]])


def gradient_descent(fun, grad, x0, step, maxiter):
    x = x0.copy()
    for _ in range(2):
        x = x - step * grad(x)
    return x
