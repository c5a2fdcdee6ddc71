"""``python -m hiplog`` and the ``hiplog`` command."""

from __future__ import annotations

import os
import sys

from hiplog.language import choice


def main() -> int:
    """Run the command line; whatever it writes is private to its owner."""
    os.umask(0o077)
    choice.speak(_language(sys.argv[1:]))
    # Only now: what a module says is read with it, in the language that was chosen.
    from hiplog import cli

    return cli.main()


def _language(words: list[str]) -> str:
    """The language of the run. Where there is no configuration, what finds and reads one stays unloaded."""
    if choice.is_settled(words, os.environ, sys.platform):
        return choice.chosen(os.environ)
    from hiplog import settings

    return settings.language(words)


if __name__ == "__main__":
    sys.exit(main())
