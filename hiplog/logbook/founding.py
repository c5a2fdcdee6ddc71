"""A new logbook: what a first start asks, and how it is made whole or not at all, whenever it is cut off.

A file is made in a folder of its own beside its place; the folder's change of name is the moment at which the
logbook is there. :func:`finish` carries out what was cut off after that moment, and clears away what was cut
off before it.
"""

from __future__ import annotations

import math
import os
import shutil
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from hiplog.clinical.errors import BadInput, Unreachable
from hiplog.clinical.record import PractitionerDraft
from hiplog.language import _
from hiplog.logbook import clinic, texts
from hiplog.logbook.book import Clock, Logbook, room_for, utc_now
from hiplog.settings import DateOrder, Settings, private_folder
from hiplog.storage import keys

MAKING, MADE = "new", "made"
COMMON = ("password", "passwort", "qwert", "asdf", "letmein", "welcome", "hiplog", "needl", "clinic", "12345")
FAIR_BITS, STRONG_BITS = 45, 65
WORD_BITS = 12.0
"""What a word of a list that everybody has is worth: 2 to the power of 12 words."""
WEAK = _("weak: whoever has the file guesses it in hours; add words")
FAIR = _("fair: holds for a while; another word makes it strong")
STRONG = _("strong")


@dataclass(frozen=True, slots=True)
class Founding:
    """What a person said of a new clinic; without a passphrase its file is plain.

    ``order`` is how days are typed. ``recovery`` is the code that opens the file when the passphrase is lost.
    """

    name: str
    zone: str
    order: DateOrder
    first: PractitionerDraft
    passphrase: str | None = field(default=None, repr=False)
    recovery: str = field(default="", repr=False)


def possible(settings: Settings) -> None:
    """Raise when no logbook can be made at its place: a file is there, a network disk, a folder shut."""
    room_for(settings.path)
    parents = settings.path.absolute().parents
    nearest = next(folder for folder in parents if folder.exists())
    if not (nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK)):
        raise Unreachable(
            _("{nearest}: nothing can be written here; name another place with: hiplog --db PATH").format(
                nearest=nearest
            )
        )


def checked(name: str, first: PractitionerDraft) -> None:
    """Raise ``BadInput`` when the clinic's name, or the practitioner's name or code, cannot be kept."""
    texts.line(_("clinic name"), name)
    texts.line(_("practitioner name"), first.name)
    texts.code(_("practitioner code"), first.code)


def found(settings: Settings, wanted: Founding, clock: Clock = utc_now) -> Logbook:
    """Make the logbook and return it open, in the hands of its first practitioner; never over a file."""
    if not settings.is_file:
        return Logbook.create(settings, wanted.name, wanted.zone, wanted.first, clock)
    possible(settings)
    vault = None
    if wanted.passphrase is not None:
        vault = keys.new_vault(keys.check_passphrase(wanted.passphrase), wanted.recovery, wanted.first.code)
    finish(settings)
    making = private_folder(_beside(settings, MAKING))
    try:
        staged = replace(settings, database=str(making / settings.path.name))
        Logbook.create(staged, wanted.name, wanted.zone, wanted.first, clock, vault).close()
        room_for(settings.path)
        making.rename(_beside(settings, MADE))
    except BaseException:
        shutil.rmtree(making, ignore_errors=True)
        raise
    finish(settings)
    key = None if vault is None else keys.OpenedKey.of(vault.key, vault.slots[0])
    return Logbook.open(settings, clock, key=key)


def finish(settings: Settings) -> None:
    """Put a logbook in its place that was made whole just before the program ended; clear half ones away."""
    shutil.rmtree(_beside(settings, MAKING), ignore_errors=True)
    made = _beside(settings, MADE)
    if not made.is_dir():
        return
    # The file itself comes last: with it in its place, everything that belongs to it is there too.
    for one in sorted(made.iterdir(), key=lambda path: path.name == settings.path.name):
        _lay(one, settings.path.with_name(one.name))
    made.rmdir()


def _beside(settings: Settings, state: str) -> Path:
    return settings.path.with_name(f".{settings.path.name}.{state}")


def _lay(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except FileExistsError:
        raise BadInput(
            _("{target}: exists already; nothing was written over it, name another place").format(
                target=target
            )
        ) from None
    except OSError:
        # Not every disk knows two names for one file.
        source.rename(target)
    else:
        source.unlink()


# -- what a person is told while typing ------------------------------------------------------------------


def code() -> str:
    """Return a fresh recovery code."""
    return keys.recovery_code()


def compared(typed: str, shown: str) -> int | None:
    """Return the number of the first group of ``typed`` that is not the one shown; ``None`` if all are right.

    A code that is right so far and not whole yet counts the first group that is missing.
    """
    if keys.same_code(typed, shown):
        return None
    plain = "".join(character for character in typed if character not in "- ")
    groups = shown.split("-")
    for number, group in enumerate(groups, 1):
        part = plain[(number - 1) * len(group) : number * len(group)]
        if not keys.same_code(part, group):
            return number
    return len(groups)


def is_begun(typed: str, shown: str) -> bool:
    """Whether ``typed`` is the beginning of the code shown, however it is written."""
    plain = "".join(character for character in typed if character not in "- ")
    return keys.same_code(plain, shown.replace("-", "")[: len(plain)])


def strength(passphrase: str) -> str:
    """Say in words how well a passphrase holds; ``BadInput`` when it is too short to be one.

    A rough lower estimate, not a promise: repeated and counting characters add nothing, a word counts as one
    of four thousand.
    """
    keys.check_passphrase(passphrase)
    bits = _bits(passphrase)
    return STRONG if bits >= STRONG_BITS else FAIR if bits >= FAIR_BITS else WEAK


def _bits(text: str) -> float:
    lowered = text.lower()
    words = [_word_bits(word) for word in text.split() if word]
    bits = sum(words)
    return bits / 2 if any(common in lowered for common in COMMON) else bits


def _word_bits(word: str) -> float:
    kinds = ((str.islower, 26), (str.isupper, 26), (str.isdecimal, 10))
    pool = sum(size for is_kind, size in kinds if any(is_kind(char) for char in word))
    pool += 32 if any(not char.isalnum() for char in word) else 0
    steps = [ord(after) - ord(before) for before, after in pairwise(word)]
    new = 1 + sum(step not in (0, 1, -1) for step in steps)
    bits = new * math.log2(max(pool, 2))
    return min(bits, WORD_BITS) if word.isalpha() else bits


@cache
def zones() -> tuple[str, ...]:
    """Return the names of all time zones of this machine that a clinic can lie in, by name."""
    return ("UTC", *sorted(name for name in available_timezones() if "/" in name and name[:4] != "Etc/"))


def zones_like(text: str) -> tuple[str, ...]:
    """Return the zones whose name holds every word of ``text``."""
    words = texts.folded(text.replace("_", " ")).split()
    return tuple(name for name in zones() if all(word in _spoken(name) for word in words))


def _spoken(zone: str) -> str:
    return texts.folded(zone.replace("_", " "))


def zone(text: str) -> str:
    """Return the zone that ``text`` names, whatever its case; ``BadInput`` when there is none."""
    typed = text.strip().replace(" ", "_").casefold()
    named = next((name for name in zones() if name.casefold() == typed), None)
    return named or clinic.known_zone(text.strip())


def time_there(name: str, now: datetime) -> str:
    """The time of day in a zone, to recognise it by: ``now 14:35``."""
    return _("now {time:%H:%M}").format(time=now.astimezone(ZoneInfo(name)))
