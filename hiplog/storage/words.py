"""A hash as eight plain words, to be written on paper, read out on the telephone, and typed back.

Each word stands for one byte, so eight carry the first 64 bits. No two words of the list differ by one
letter only. Their order is for good: a head on paper must be read in ten years as well.
"""

from __future__ import annotations

from difflib import get_close_matches

from hiplog.errors import BadInput
from hiplog.language import _

COUNT = 8
LISTED = """
acorn actor album anchor almond ankle apple april arrow autumn bacon badge
bamboo banana basket beaver bench bicycle birch biscuit blanket bottle branch bread
bridge broom bucket butter button cabin cabbage cactus camel candle canoe canvas
carbon carpet cargo castle cedar cement chalk cherry chimney circle citrus clover
coach cobalt coffee comet copper coral cotton cousin cradle crayon cricket crystal
cuckoo curtain dahlia dancer desert diamond dinner doctor dolphin domino donkey dragon
drawer eagle easel echo eight elbow elder ember engine eraser evening fabric
falcon farmer feather fender ferry fiddle fisher flame flute forest fossil fountain
friday funnel galaxy garden garlic giant ginger glacier goblet grape gravel guitar
hammer harbor hazel hedge helmet heron hockey honey hornet hotel hunter iceberg
igloo indigo insect iron island ivory jacket jaguar jasmine jersey jigsaw judge
juice jungle kayak kernel kettle kidney king kitchen kiwi ladder lagoon lantern
lemon letter lilac linen lizard lobster locust lunch magnet maple marble market
meadow melon mirror monday morning mosaic mother muffin museum napkin needle nephew
nickel north nougat number nutmeg oasis ocean olive onion opera orange orchid
ostrich otter oyster padlock panda paper parrot peach pebble pencil pepper piano
pigeon pillow pirate planet police poppy potato prince puddle pumpkin purple puzzle
quartz quiver rabbit radish rainbow raven ribbon river robin rocket saddle salmon
sandal school shadow silver sister spider spring square statue summer sunday swallow
table tailor teapot tennis thunder ticket tiger timber toast tomato tractor tulip
turtle uncle valley velvet violin volcano walnut window winter yellow zebra zipper
anvil bishop dagger lettuce
"""
WORDS = tuple(LISTED.split())


def spoken(digest: str) -> str:
    """Return the first 64 bits of ``digest`` (hex) as eight words."""
    return " ".join(WORDS[byte] for byte in bytes.fromhex(digest[: 2 * COUNT]))


def heard(text: str) -> str:
    """Return the beginning of the digest (hex, 16 digits) that eight words stand for; ``BadInput`` else."""
    said = text.lower().replace(",", " ").split()
    if len(said) != COUNT:
        raise BadInput(
            _("a head has {count} words; these are {given}, read it off again").format(
                count=COUNT, given=len(said)
            )
        )
    return bytes(_place(word) for word in said).hex()


def _place(word: str) -> int:
    if word in WORDS:
        return WORDS.index(word)
    near = get_close_matches(word, WORDS, n=2, cutoff=0.5)
    sentence = (
        _("{word!r} is no word of a head; nearest: {near}") if near else _("{word!r} is no word of a head")
    )
    raise BadInput(sentence.format(word=word[:40], near=", ".join(near)))
