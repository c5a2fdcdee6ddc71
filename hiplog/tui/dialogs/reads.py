"""What the fields of forms understand: days, sexes, sides and coded words, each said back in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TypeVar

from hiplog.clinical.errors import BadInput
from hiplog.clinical.record import SEXES, SIDE_WORDS, SIDES, Sex, Side
from hiplog.clinical.vocabulary import Catalogue, Entry
from hiplog.language import days
from hiplog.logbook import dates, texts
from hiplog.settings import DateOrder

E = TypeVar("E", bound=Entry)
CHOICES = 4


def birth(text: str, today: date, order: DateOrder) -> date:
    """A birth date."""
    return dates.past_day(text, today, order, what="birth date")


def birth_words(text: str, today: date, order: DateOrder) -> str:
    """The birth date in words, with the age it gives."""
    born = birth(text, today, order)
    years = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return f"{days.long(born)}, {years} years"


def sex(text: str) -> Sex:
    """A sex by its word or first letter."""
    found = [one for one in SEXES if one.startswith(text.strip().lower())]
    if len(found) != 1:
        raise BadInput(f"say {', '.join(SEXES)}, or the first letter")
    return found[0]


def side(text: str) -> Side:
    """A side by its word or letter."""
    found = [one for one in SIDES if SIDE_WORDS[one].startswith(text.strip().lower())]
    if len(found) != 1:
        raise BadInput("say l (left) or r (right); both hips are two episodes")
    return found[0]


def side_words(text: str) -> str:
    """The side in words."""
    return f"{SIDE_WORDS[side(text)]} hip"


def one_of(catalogue: Catalogue[E], text: str) -> E:
    """The one row that ``text`` means; ``BadInput`` with a choice when several or none."""
    found = catalogue.find(text)
    if len(found) == 1:
        return found[0]
    near = found or catalogue.nearest(text, 3)
    listed = ", ".join(named(row) for row in near[:CHOICES])
    raise BadInput(f"{'which' if found else 'not known; nearest'}: {listed}")


def several(catalogue: Catalogue[E], text: str) -> tuple[E, ...]:
    """The rows of words parted by commas."""
    return tuple(one_of(catalogue, word) for word in text.split(",") if word.strip())


def named(row: Entry) -> str:
    """The plain name of a coded row."""
    return row.names[0] if row.names else row.code.lower()


def words_of(catalogue: Catalogue[E]) -> Callable[[str], str]:
    """A reader that says the names of words parted by commas."""
    return lambda text: ", ".join(named(row) for row in several(catalogue, text))


def code_words(text: str) -> str:
    """Check a chart code."""
    texts.code("chart code", text)
    return ""


def whole(text: str, low: int, high: int, unit: str = "") -> int:
    """A whole number from ``low`` to ``high``."""
    typed = text.strip().removesuffix(unit).strip()
    if not typed.isdecimal() or not low <= int(typed) <= high:
        raise BadInput(f"a whole number from {low} to {high}{' ' + unit if unit else ''}")
    return int(typed)


def choice(text: str, words: Sequence[tuple[str, str]]) -> str:
    """One of ``words`` (stored, shown) by the beginning of either."""
    typed = text.strip().lower()
    found = [stored for stored, said in words if stored.startswith(typed) or said.startswith(typed)]
    if len(found) != 1:
        raise BadInput("say " + " or ".join(said for _, said in words))
    return found[0]
