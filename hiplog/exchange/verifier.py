"""The verifier as one file that needs nothing but Python, as it lies in every bundle.

``python -m hiplog.exchange.verifier > verify.py`` makes a copy of one's own, to hold a bundle's against.
"""

from __future__ import annotations

import re
import sys
from importlib import resources

ROOM = "hiplog.exchange"
_PART = re.compile(rf"from {re.escape(ROOM)}\.(verify_[a-z]+) import [^(\n]+\n")
_HEAD = "from __future__ import annotations\n"


def script() -> str:
    """Return the file: each part of the verifier stands where it is imported."""
    return _PART.sub(
        lambda found: _source(found[1]).partition(_HEAD)[2].strip() + "\n\n\n", _source("verify")
    )


def _source(name: str) -> str:
    return resources.files(ROOM).joinpath(f"{name}.py").read_text("utf-8")


if __name__ == "__main__":
    sys.stdout.write(script())
