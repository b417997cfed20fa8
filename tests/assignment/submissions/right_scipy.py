"""A right submission in scipy's style."""

import numpy as np
from scipy.optimize import OptimizeResult


def quadratic_grad(x, A):
    return A @ x + A.T @ x


def regression_grad(w, X, y):
    return X.T @ X @ w - X.T @ y


def best_w(X, y):
    return np.linalg.pinv(X) @ y


def gradient_descent(fun, x0, args=(), jac=None, step=0.1, maxiter=100, **options):
    x, nit = np.asarray(x0, dtype=float), 0
    g, njev = jac(x, *args), 1
    while nit < maxiter and np.linalg.norm(g) > 1e-10:
        x = x - step * g
        g = jac(x, *args)
        nit, njev = nit + 1, njev + 1
    done = bool(np.linalg.norm(g) <= 1e-10)
    return OptimizeResult(x=x, fun=fun(x, *args), nit=nit, njev=njev, nfev=1, success=done)
