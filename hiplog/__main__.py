"""``python -m hiplog`` and the ``hiplog`` command."""

from __future__ import annotations

import os
import sys

from hiplog import settings
from hiplog.language import choice


def main() -> int:
    """Run the command line; whatever it writes is private to its owner."""
    os.umask(0o077)
    choice.speak(settings.language(sys.argv[1:]))
    # Only now: what a module says is read with it, in the language that was chosen.
    from hiplog import cli

    return cli.main()


if __name__ == "__main__":
    sys.exit(main())
