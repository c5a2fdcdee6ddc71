"""A small file of keys as JSON: written whole or not at all, on disk with its name, for its owner only."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hiplog.settings import private_file, sync


def write(path: Path, body: Mapping[str, Any]) -> None:
    """Write ``body`` in the place of what stood at ``path``; the folder must be there."""
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    private_file(part)
    with part.open("w", encoding="utf-8") as file:
        json.dump(body, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    sync(path.parent)
