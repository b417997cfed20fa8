"""Run every check with nothing but Python: `python3 scripts/test.py`.

Makes the environment `.venv` in this repository if there is none, installs the package with its
test tools and runs ruff, mypy and pytest; the coverage of lines and branches is printed and has the
floor that pyproject.toml sets. The exit code is 0 if everything holds, else 1.
"""

import os
import sys
import time

import environment

CHECKS = {
    "ruff check": ("ruff", "check", "."),
    "ruff format": ("ruff", "format", "--check", "."),
    "mypy": ("mypy",),
    "pytest": (
        "pytest",
        "--numprocesses=auto",
        "--dist=worksteal",
        "--cov",
        "--cov-report=term-missing",
    ),
}


def main(arguments: "list[str]") -> int:
    """Run all checks, also after one has failed, and name the failures."""
    if arguments:
        print("test.py takes no arguments; for single tests: .venv/bin/pytest tests/test_files.py")
        return 2
    environment.prepare("test")
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")  # the tests run on all cores already
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # or each of their processes compiles all anew
    failed = []
    for name, command in CHECKS.items():
        print(f"--- {name}", flush=True)
        start = time.perf_counter()
        code = environment.call([environment.program("python"), "-m", *command], environment.ROOT)
        print(f"--- {name}: {'ok' if code == 0 else f'exit code {code}'}, ", end="")
        print(f"{time.perf_counter() - start:.1f} s", flush=True)
        if code:
            failed.append(name)
    print(f"FAILED: {', '.join(failed)}" if failed else "all checks hold")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
