"""Draw what is committed in figures/ again, to the same bytes: `python3 scripts/figures.py`.

Makes the environment `.venv` in this repository if there is none, installs the package and runs
``optidemo figures`` and ``optidemo animate`` there. Options are those of ``optidemo figures``; with any
of them, or with names of figures, the animation is left as it is.
"""

import sys

import environment

ANIMATION = ("animate", "quadratic", "--out", str(environment.ROOT / "figures" / "quadratic.gif"))


def main(arguments: "list[str]") -> int:
    """Draw the figures, then the animation if there are no arguments; give the first bad exit code."""
    environment.prepare()
    program = environment.program("optidemo")
    elsewhere = any(argument.split("=")[0] == "--out" for argument in arguments)
    out = () if elsewhere else ("--out", str(environment.ROOT / "figures"))
    code = environment.call([program, "figures", *arguments, *out])
    return code or (0 if arguments else environment.call([program, *ANIMATION]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
