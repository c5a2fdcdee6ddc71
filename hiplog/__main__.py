"""``python -m hiplog`` and the ``hiplog`` command."""

from __future__ import annotations

import os
import sys

from hiplog import cli


def main() -> int:
    """Run the command line; whatever it writes is private to its owner."""
    os.umask(0o077)
    return cli.main()


if __name__ == "__main__":
    sys.exit(main())
