"""Run a demo with nothing but Python: `python3 scripts/run.py [demo] [options of optidemo run]`.

Makes the environment `.venv` in this repository at the first call, installs the package into it and
runs ``optidemo run`` there; without a name it runs ``pca``. The exit code is optidemo's.
"""

import sys

import environment

DEFAULT = "pca"


def main(arguments: "list[str]") -> int:
    """Run `optidemo run` with these arguments and give its exit code."""
    environment.prepare()
    named = bool(arguments) and not arguments[0].startswith("-")
    names = [] if named else [DEFAULT]
    return environment.call([environment.program("optidemo"), "run", *names, *arguments])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
