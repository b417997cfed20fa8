"""A student's gradient against an objective of the lecture: every objective, right and wrong."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from optidemo.objectives import OBJECTIVES
from optidemo.sandbox import inspection
from optidemo.sandbox.child import examine
from optidemo.sandbox.lecture import ENTRIES

if TYPE_CHECKING:
    from pathlib import Path

SIGMOID = "def s(z):\n    return 1 / (1 + np.exp(-z))\n"

RIGHT = {
    "linear": "grad(x, y): return y",
    "quadratic": "grad(x, A): return (A + A.T) @ x",
    "trace-quadratic": "grad(A, x): return A @ x + A.T @ x",
    "relu": "grad(w, x): return x * (w @ x > 0)",
    "linear-regression": "grad(w, X, y): return X.T @ (X @ w - y)",
    "gaussian-trace": "grad(x, A): return -np.exp(-x @ A @ x) * (A + A.T) @ x",
    "gaussian": "grad(x, A): return -np.exp(-x @ A @ x) * (A + A.T) @ x",
    "sigmoid": "grad(z): return s(z) * (1 - s(z))",
    "logistic": "grad(w, x): return s(w @ x) * (1 - s(w @ x)) * x",
    "logistic-regression": "grad(w, X, y): return X.T @ (s(X @ w) - y)",
    "l1-norm": "grad(x): return np.sign(x)",
    "l2-norm": "grad(x): return x / np.linalg.norm(x)",
    "squared-l2-norm": "grad(x): return 2 * x",
    "svm": "grad(w, X, y): return -X.T @ (y * (y * (X @ w) < 1))",
    "pca": "grad(x, A, lam): return (A + A.T) @ x - 2 * lam * x",
    "gaussian-mle": "grad(mu, x, sigma): return np.sum(x - mu) / sigma**2",
    "exponential-mle": "grad(lam, x): return len(x) / lam - x.sum()",
    "poisson-mle": "grad(lam, x): return x.sum() / lam - len(x)",
    "bernoulli-mle": "grad(p, alpha): return alpha.sum() / p - (len(alpha) - alpha.sum()) / (1 - p)",
    "uniform-mle": "grad(a, b, x): return [len(x) / (b - a), -len(x) / (b - a)]",
}

WRONG = {
    "linear": ("grad(x, y): return -y", "sign"),
    "quadratic": ("grad(x, A): return 2 * A @ x", "missing-transpose"),
    "trace-quadratic": ("grad(x, A): return A @ x", "missing-transpose"),
    "relu": ("grad(w, x): return x if w @ x > 0 else 0", "shape"),
    "linear-regression": ("grad(w, X, y): return 2 * X.T @ (X @ w - y)", "factor"),
    "gaussian": ("grad(x, A): return np.exp(-x @ A @ x) * (A + A.T) @ x", "sign"),
    "pca": ("grad(x, A, lam): return (A + A.T) @ x", "missing-term"),
    "gaussian-mle": ("grad(mu, x, sigma): return -np.sum(x - mu) / sigma**2", "sign"),
    "logistic-regression": ("grad(w, X, y): return X.T @ (s(X @ w) - y) / len(y)", "factor"),
    "l2-norm": ("grad(x): return x", ""),
}


@pytest.fixture
def look(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Give a function that checks one function in this process."""
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.setitem(sys.modules, "submission", sys)
    monkeypatch.setattr(inspection, "SIZES", (2, 3))

    def run(function: str, objective: str, before: str = "", **asked: Any) -> dict[str, Any]:
        path = tmp_path / "hw1.py"
        path.write_text(
            f"import numpy as np\n{SIGMOID}{before}\ndef {function}\n", encoding="utf-8"
        )
        request = {
            "path": str(path), "fun": None, "grad": "grad", "objective": objective, "at": None,
            "args": None, "seed": 0, "tol": 1e-6, "memory": 100,
        }  # fmt: skip
        return examine({**request, **asked})

    return run


def test_every_objective_has_an_entry() -> None:
    assert list(ENTRIES) == list(OBJECTIVES) == list(RIGHT)


@pytest.mark.battery(0)
@pytest.mark.parametrize("name", ENTRIES)
def test_a_right_gradient_is_not_accused(look: Any, name: str) -> None:
    answer = look(RIGHT[name], name)
    assert answer["report"]["headline"].startswith("The gradient is right")
    assert len(answer["instances"]) == 2


@pytest.mark.battery(5)
@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_gradient_is_caught(look: Any, name: str) -> None:
    function, kind = WRONG[name]
    report = look(function, name)["report"]
    assert report["status"] == "wrong"
    assert kind in {"", report["mistake"]["kind"]}


@pytest.mark.battery(3)
@pytest.mark.parametrize(
    ("function", "objective"),
    [
        ("grad(w): return 2 * w", "squared-l2-norm"),
        ("grad(theta, X, labels): return X.T @ (X @ theta - labels)", "linear-regression"),
        ("grad(u, B): return (B + B.T) @ u", "quadratic"),
        ("grad(v, x): return np.array([1, -1]) * len(x) / (v[1] - v[0])", "uniform-mle"),
        ("grad(x, A, tol=1): return (A + A.T) @ x", "quadratic"),
        ("grad(x, A): return (A + A.T) @ x.reshape(-1, 1) if x.ndim == 2 else 1 / 0", "quadratic"),
        ("grad(z): return s(z[0]) * (1 - s(z))", "sigmoid"),
    ],
)
def test_parameters_are_matched(look: Any, function: str, objective: str) -> None:
    assert look(function, objective)["report"]["ok"]


def test_data_of_the_file_are_used_where_the_function_takes_none(look: Any) -> None:
    data = "A = np.array([[1.0, 2.0], [0.0, 1.0]])\n"
    right, wrong = "grad(x): return (A + A.T) @ x", "grad(x): return 2 * A @ x"
    assert look(right, "quadratic", data)["report"]["ok"]
    assert look(wrong, "quadratic", data)["report"]["mistake"]["kind"] == "missing-transpose"
    assert "takes no A" in look(right, "quadratic")["trouble"]["sentence"]
    assert look("grad(x, A, B, C): return x", "quadratic")["trouble"]["kind"] == "parameters"


def test_the_point_and_the_data_can_be_given(look: Any, tmp_path: Path) -> None:
    file = tmp_path / "data.npz"
    np.savez(file, A=np.eye(3))
    wrong = "grad(x, A): return 2 * A @ x"
    assert look(wrong, "quadratic", args=str(file))["report"]["status"] in {"right", "wrong"}
    answer = look(wrong, "quadratic", at=[2.0, -3.0, 0.0])
    assert answer["report"]["point"] == [2.0, -3.0, 0.0]
    assert answer["report"]["status"] == "wrong"
    np.savez(file, B=np.eye(3), C=np.eye(3))
    assert "which holds B, C" in look(wrong, "quadratic", args=str(file))["trouble"]["sentence"]
    file.write_bytes(b"nonsense")
    assert "no .npz or .npy" in look(wrong, "quadratic", args=str(file))["trouble"]["sentence"]


def test_arguments_of_a_pair_come_from_a_file(look: Any, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    np.savez(tmp_path / "d.npz", y=rng.standard_normal(5), X=rng.standard_normal((5, 2)))
    np.save(tmp_path / "d.npy", np.array([1.0, 2.0]))
    f = "f(w, X, y): return 0.5 * np.sum((X @ w - y)**2)\n\ndef grad(w, X, y): return X.T @ (X @ w - y)"
    assert look(f, "", fun="f", args=str(tmp_path / "d.npz"))["report"]["ok"]
    assert "needs X, y" in look(f, "", fun="f", args=str(tmp_path / "d.npy"))["trouble"]["sentence"]
    g = "f(x, c): return c @ x\n\ndef grad(x, c): return c"
    assert look(g, "", fun="f", args=str(tmp_path / "d.npy"))["report"]["ok"]
