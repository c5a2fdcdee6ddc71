"""What the tests of faults share: their figures, said at once and kept for the summary of the run."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

Told = Callable[[str], None]


@pytest.fixture
def figures(request: pytest.FixtureRequest, record_property: Callable[[str, object], None]) -> Told:
    """Tell what was counted: printed, and listed when the run ends."""

    def tell(words: str) -> None:
        print(words)
        record_property("figures", f"{request.node.name}: {words}")

    return tell


@pytest.fixture
def ram() -> Iterator[Path]:
    """A folder in memory, where there is one: thousands of files are written and synced."""
    shared = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=shared if shared.is_dir() else None) as folder:
        yield Path(folder)
