"""``python -m optidemo`` is ``optidemo``."""

from optidemo.cli import main

if __name__ == "__main__":
    main()
