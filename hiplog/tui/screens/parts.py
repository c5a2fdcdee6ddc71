"""Small parts the screens share: a list with vim keys, and how people, days and values are worded."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

from textual.binding import BindingType
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from hiplog.clinical.causes import CAUSES
from hiplog.clinical.measures import MEASURES, value_text
from hiplog.clinical.questions import QUESTIONS
from hiplog.clinical.record import Precaution, Reading, Session
from hiplog.language import _, days, p_
from hiplog.logbook.shown import cells, shown
from hiplog.tui.keys import footer, hidden

HIP = p_("left out in the short name of a measure", "hip")
HIPS = {"L": _("left hip"), "R": _("right hip")}
Part = str | tuple[str, str] | Content


class Choices(OptionList):
    """A list moved through by arrow keys or ``j``/``k``; nothing in it is read as markup."""

    BINDINGS: ClassVar[list[BindingType]] = [
        hidden("j", "cursor_down", "list.down", _("Down"), _("Next line")),
        hidden("k", "cursor_up", "list.up", _("Up"), _("Line before")),
        hidden("g", "first", "list.first", _("First"), _("First line")),
        footer("enter", "select", "list.open", _("Open"), _("Open the line under the cursor")),
        hidden("G", "last", "list.last", _("Last"), _("Last line")),
    ]
    DEFAULT_CSS = """
    Choices {
        border: none;
        background: $background;
        padding: 0;
        height: 1fr;
        scrollbar-size-vertical: 1;
        text-wrap: nowrap;
        text-overflow: ellipsis;
        & > .option-list--option { padding: 0 1; }
        & > .option-list--option-disabled { color: $primary; text-style: bold; }
        & > .option-list--option-highlighted { text-style: none; }
        &:focus { border: none; background-tint: $foreground 0%; }
        &:focus > .option-list--option-highlighted { text-style: bold; }
    }
    """

    def __init__(self, *, name: str | None = None) -> None:
        super().__init__(id=name, markup=False)

    @property
    def chosen(self) -> str | None:
        """The id of the line under the cursor."""
        if self.highlighted is None:
            return None
        return self.get_option_at_index(self.highlighted).id

    def fill(self, options: list[Option], keep: str | None = None) -> None:
        """Show ``options`` and put the cursor on ``keep``, else where it was, else on the first line."""
        wanted = keep or self.chosen
        self.set_options(options)
        known = [option.id for option in options]
        if wanted is not None and wanted in known:
            self.highlighted = known.index(wanted)
        else:
            self.action_first()


def heading(text: str) -> Option:
    """A line of a list that cannot be chosen."""
    return Option(Content(shown(text)), disabled=True)


def fit(text: str, width: int) -> str:
    """Return ``text`` safe to show and exactly ``width`` cells wide."""
    cut = shown(text, width)
    return cut + " " * (width - cells(cut))


def joined(*parts: Part) -> Content:
    """Put texts and (text, style) pairs in a row; none of them is read as markup."""
    return Content.assemble(*parts)


def stacked(lines: list[Content]) -> Content:
    """Put lines one under another."""
    return Content("\n").join(lines)


def day(at: date | datetime) -> str:
    """``23 Nov 2026``."""
    return days.short(at)


def local(session: Session) -> datetime:
    """When a visit was, by the clock of its clinic: close to midnight the day differs from the stored one."""
    return session.occurred_at.astimezone(ZoneInfo(session.zone))


def clock_of(zone: str) -> Callable[[datetime], datetime]:
    """Return what turns a time into that of the clock on the clinic's wall."""
    place = ZoneInfo(zone)
    return lambda at: at.astimezone(place)


def short_day(at: date | datetime, today: date) -> str:
    """``today``, ``yesterday``, ``3 Nov``, or with its year when that is another one."""
    on = at.date() if isinstance(at, datetime) else at
    gap = (today - on).days
    if gap in (0, 1):
        return (_("today"), _("yesterday"))[gap]
    return days.within_year(on) if on.year == today.year else day(on)


def age_words(birth: date | None, today: date) -> str:
    """``70 years``, or that the birth date is not known."""
    if birth is None:
        return _("age not known")
    years = today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))
    return _("{years} years").format(years=years)


def hip_words(side: str, cause: str) -> str:
    """``right hip, overuse``."""
    known = CAUSES.get(cause)
    name = known.name if known else cause.lower()
    return f"{HIPS.get(side, side)}, {name}"


def precaution_words(precaution: Precaution) -> str:
    """``anticoagulant``, with who cleared it."""
    question = QUESTIONS.get(precaution.item)
    name = question.name if question else precaution.item.lower()
    return (
        _("{name} (cleared by {cleared_by})").format(name=name, cleared_by=precaution.cleared_by)
        if precaution.cleared_by
        else name
    )


def reading_words(reading: Reading) -> str:
    """``6/10`` or ``24°``; a missing value with its reason."""
    measure = MEASURES.get(reading.measure)
    if reading.value is None:
        return _("missing: {reason}").format(reason=reading.missing_reason)
    return value_text(measure, reading.value) if measure else str(reading.value)


def measure_name(code: str) -> str:
    """The short name of a measure: ``pain now``, ``internal rotation``."""
    measure = MEASURES.get(code)
    return measure.name.split(",")[0].removeprefix(f"{HIP} ").removesuffix(f" {HIP}") if measure else code
