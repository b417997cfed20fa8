"""Draw what is committed in figures/ again, to the same bytes: `python3 scripts/figures.py`.

Makes the environment `.venv` in this repository if there is none, installs the package and runs
``optidemo figures`` and ``optidemo animate`` there. Options are those of ``optidemo figures``.
"""

import sys

import environment

ANIMATION = ("animate", "quadratic", "--out", str(environment.ROOT / "figures" / "quadratic.gif"))


def main(arguments: "list[str]") -> int:
    """Draw the figures, then the animation unless single figures were named; give the worst exit code."""
    environment.prepare()
    program = environment.program("optidemo")
    out = () if "--out" in arguments else ("--out", str(environment.ROOT / "figures"))
    code = environment.call([program, "figures", *arguments, *out])
    return code or (0 if arguments else environment.call([program, *ANIMATION]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
