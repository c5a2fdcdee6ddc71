"""Keys drawn from the seeded generator, so that the same seed makes the same ones."""

from __future__ import annotations

from random import Random
from uuid import UUID


def key(rng: Random) -> str:
    """Return a random UUID from ``rng``, as the logbook spells it."""
    return str(UUID(int=rng.getrandbits(128), version=4))
