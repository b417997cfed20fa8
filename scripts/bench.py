"""Measure against the peers with nothing but Python: `python3 scripts/bench.py [options]`.

Makes the environment `.venv` in this repository at the first call, installs the package with the
peers (extra `bench`) and runs ``optidemo bench`` there with the options given, without the
OPENBLAS_* variables that would slow one side down. The exit code is optidemo's.
"""

import os
import sys

import environment


def main(arguments: "list[str]") -> int:
    """Run `optidemo bench` with these arguments and give its exit code."""
    environment.prepare("bench")
    for name in [name for name in os.environ if name.startswith("OPENBLAS_")]:
        del os.environ[name]
    return environment.call([environment.program("optidemo"), "bench", *arguments])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
