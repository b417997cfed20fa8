"""Run a demo with nothing but Python: `python3 scripts/run.py [demo] [options of optidemo run]`.

Makes the environment `.venv` in this repository at the first call, installs the package into it and
runs ``optidemo run`` there; without a name it runs ``pca``. The exit code is optidemo's.
"""

import sys

import environment

DEFAULT = "pca"
FLAGS = (  # the options of optidemo run that take no value
    "--intercept", "--no-intercept", "--standardize", "--figure", "--no-figure", "--json", "--help", "-h",
)  # fmt: skip


def main(arguments: "list[str]") -> int:
    """Run `optidemo run` with these arguments and give its exit code."""
    environment.prepare()
    names = [] if named(arguments) else [DEFAULT]
    return environment.call([environment.program("optidemo"), "run", *names, *arguments])


def named(arguments: "list[str]") -> bool:
    """Tell whether a demo is among the arguments: a word that is neither option nor an option's value."""
    rest = iter(arguments)
    for word in rest:
        if not word.startswith("-"):
            return True
        if word not in FLAGS and "=" not in word:
            next(rest, None)
    return False


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
