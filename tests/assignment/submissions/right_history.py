"""A right submission with sums and a history; stops by itself."""

import numpy as np


def quadratic_grad(x, A):
    n = len(x)
    return np.array([sum((A[k, j] + A[j, k]) * x[j] for j in range(n)) for k in range(n)])


def regression_grad(w, X, y):
    return sum((w @ X[i] - y[i]) * X[i] for i in range(len(y)))


def best_w(X, y):
    return np.linalg.lstsq(X, y, rcond=None)[0]


def gradient_descent(f, df, w0, lr=0.1, n_iter=100, eps=1e-9):
    w = np.array(w0, dtype=float)
    losses = [f(w)]
    for _ in range(n_iter):
        g = df(w)
        if np.linalg.norm(g) < eps:
            break
        w -= lr * g
        losses.append(f(w))
    return w, losses
