"""What was written, as one file in memory to hand to a browser: a page as it is, a folder as a ZIP."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path


def name_of(path: Path) -> str:
    """The name under which the browser saves it."""
    return f"{path.name}.zip" if path.is_dir() else path.name


def packed(path: Path) -> io.BytesIO:
    """Return the file, or every file of a folder."""
    if path.is_file():
        return io.BytesIO(path.read_bytes())
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in sorted(path.rglob("*")):
            if one.is_file():
                archive.write(one, Path(path.name) / one.relative_to(path))
    kept.seek(0)
    return kept
