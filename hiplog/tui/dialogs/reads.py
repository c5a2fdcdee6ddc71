"""What the fields of forms understand: days, sexes, sides and coded words, each said back in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TypeVar

from hiplog.clinical.code_words import said
from hiplog.clinical.errors import BadInput
from hiplog.clinical.record import SEXES, SIDE_WORDS, SIDES, Sex, Side
from hiplog.clinical.vocabulary import Catalogue, Entry
from hiplog.language import _, days, english
from hiplog.logbook import dates, texts
from hiplog.settings import DateOrder

E = TypeVar("E", bound=Entry)
CHOICES = 4


def _begins(words: str, typed: str) -> bool:
    """Whether ``typed`` is the beginning of what is shown, or of its English."""
    return any(one.lower().startswith(typed) for one in (words, english(words)))


def birth(text: str, today: date, order: DateOrder) -> date:
    """A birth date."""
    return dates.past_day(text, today, order, what=_("birth date"))


def birth_words(text: str, today: date, order: DateOrder) -> str:
    """The birth date in words, with the age it gives."""
    born = birth(text, today, order)
    years = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return _("{day}, {years} years").format(day=days.long(born), years=years)


def sex(text: str) -> Sex:
    """A sex by its word or first letter."""
    typed = text.strip().lower()
    found = [one for one in SEXES if _begins(said(one), typed)] or [one for one in SEXES if one == typed]
    if len(found) != 1:
        raise BadInput(_("say {sexes}, or the first letter").format(sexes=", ".join(map(said, SEXES))))
    return found[0]


def side(text: str) -> Side:
    """A side by its word or letter."""
    found = [one for one in SIDES if _begins(SIDE_WORDS[one], text.strip().lower())]
    if len(found) != 1:
        raise BadInput(_("say l (left) or r (right); both hips are two episodes"))
    return found[0]


def side_words(text: str) -> str:
    """The side in words."""
    return {"L": _("left hip"), "R": _("right hip")}[side(text)]


def one_of(catalogue: Catalogue[E], text: str) -> E:
    """The one row that ``text`` means; ``BadInput`` with a choice when several or none."""
    found = catalogue.find(text)
    if len(found) == 1:
        return found[0]
    near = found or catalogue.nearest(text, 3)
    listed = ", ".join(named(row) for row in near[:CHOICES])
    if found:
        raise BadInput(_("which: {listed}").format(listed=listed))
    raise BadInput(_("not known; nearest: {listed}").format(listed=listed))


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
    texts.code(_("chart code"), text)
    return ""


def whole(text: str, low: int, high: int, unit: str = "") -> int:
    """A whole number from ``low`` to ``high``."""
    typed = text.strip().removesuffix(unit).strip()
    if not typed.isdecimal() or not low <= int(typed) <= high:
        top = f"{high} {unit}" if unit else str(high)
        raise BadInput(_("a whole number from {low} to {high}").format(low=low, high=top))
    return int(typed)


def choice(text: str, words: Sequence[tuple[str, str]]) -> str:
    """One of ``words`` (stored, shown) by the beginning of either."""
    typed = text.strip().lower()
    found = [stored for stored, shown in words if stored.startswith(typed) or _begins(shown, typed)]
    if len(found) != 1:
        raise BadInput(_("say one of: {words}").format(words=", ".join(shown for _stored, shown in words)))
    return found[0]
