"""``python -m optidemo`` is ``optidemo``: this is where both begin.

Nothing is imported before an interruption can be told in a word instead of a traceback.
"""

import sys

__all__ = ["main"]


def main() -> None:
    """Import the command line and run it."""
    try:
        from optidemo import cli
    except KeyboardInterrupt:
        print("optidemo: interrupted", file=sys.stderr)
        sys.exit(130)
    cli.main()


if __name__ == "__main__":
    main()
