"""What the four filters understand: a period, a cause, a therapist's code, a side; and what ↑ ↓ offer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from hiplog.clinical.causes import CAUSES
from hiplog.clinical.errors import BadInput
from hiplog.clinical.record import SIDE_WORDS
from hiplog.language import _, p_
from hiplog.logbook import dates
from hiplog.outcomes.filters import Filters
from hiplog.outcomes.tally import Tally
from hiplog.settings import DateOrder
from hiplog.tui.dialogs import reads

FIELDS = ("period", "cause", "therapist", "side")
LABELS = {"period": _("period"), "cause": _("cause"), "therapist": _("therapist"), "side": _("side")}
EMPTY = {
    "period": _("whole record"),
    "cause": _("every cause"),
    "therapist": _("all"),
    "side": p_("sides", "both"),
}
HIPS = {"L": _("left hips"), "R": _("right hips")}
SPANS = (_("12 months"), _("6 months"), _("90 days"), _("30 days"))
FORMS = _("2026, 2026-03, 2026-03-01..2026-03-15, 90 days")
NO_PERIOD = _("period: {typed!r} is none; write {forms}")
LAST = _("last")
UNITS = {
    "d": ("d", "day", "days", _("day"), _("days")),
    "w": ("w", "week", "weeks", _("week"), _("weeks")),
    "m": ("m", "month", "months", _("month"), _("months")),
    "y": ("y", "year", "years", _("year"), _("years")),
}
_UNIT = {word.lower(): unit for unit, words in UNITS.items() for word in words}
_LAST = re.compile(rf"(?:(?:last|{LAST})\s+)?(\d{{1,4}})\s*({'|'.join(_UNIT)})")
_YEAR = re.compile(r"\d{4}")
_MONTH = re.compile(r"(\d{4})-(\d{1,2})")
DAYS = {"d": 1, "w": 7}
Period = tuple[date | None, date | None]
Texts = dict[str, str]


@dataclass(frozen=True, slots=True)
class Known:
    """What filters are read against: the day, the order of dates, the therapists and years there are."""

    today: date
    order: DateOrder
    therapists: tuple[str, ...] = ()
    years: tuple[int, ...] = ()


def known(counts: Tally, today: date, order: DateOrder) -> Known:
    """Take therapists and years from what was counted."""
    years = {int(month[:4]) for _, month, _ in counts.of("asked")}
    return Known(today, order, counts.therapists, tuple(sorted(years, reverse=True)))


def filters(texts: Texts, there: Known) -> Filters:
    """Read all four; ``BadInput`` names the first that cannot be."""
    since, until = period(texts["period"], there)
    return Filters(
        since, until, _cause(texts["cause"]), _therapist(texts["therapist"], there), _side(texts["side"])
    )


def said(field: str, text: str, there: Known) -> str:
    """What one field is understood to mean, in words."""
    if field == "period":
        return Filters(*period(text, there)).period
    code = {"cause": _cause, "side": _side}[field](text) if field != "therapist" else _therapist(text, there)
    if code is None:
        return {"cause": _("every cause"), "therapist": _("all therapists"), "side": _("both sides")}[field]
    if field == "cause":
        return CAUSES[code].name
    return HIPS[code] if field == "side" else code


def period(text: str, there: Known) -> Period:
    """A year, a month, a day, two of them with ``..`` between, or the last so many days."""
    typed = text.strip().lower()
    if not typed or typed in ("all", "whole record", EMPTY["period"].lower()):
        return None, None
    if match := _LAST.fullmatch(typed):
        return _ago(there.today, int(match[1]), _UNIT[match[2]]), None
    start, dots, end = typed.partition("..")
    since = _span(start, there)[0] if start.strip() else None
    until = _span(end if dots else start, there)[1] if (end.strip() or not dots) else None
    if since and until and since > until:
        raise BadInput(_("period: {since} comes after {until}; swap them").format(since=since, until=until))
    return since, until


def _span(text: str, there: Known) -> tuple[date, date]:
    """The first and the last day of a year, a month or a day."""
    typed = text.strip()
    try:
        if _YEAR.fullmatch(typed):
            return date(int(typed), 1, 1), date(int(typed), 12, 31)
        if match := _MONTH.fullmatch(typed):
            year, month = int(match[1]), int(match[2])
            if not 1 <= month <= 12:
                # Short, for what is shown instead stands in the same line.
                raise BadInput(_("period: there is no month {month}, write 01 to 12").format(month=month))
            following = date(year + month // 12, month % 12 + 1, 1)
            return date(year, month, 1), following - timedelta(days=1)
        day = dates.read_day(typed, there.today, there.order)
    except BadInput as error:
        found = (
            error
            if str(error).startswith(LABELS["period"])
            else BadInput(NO_PERIOD.format(typed=typed[:20], forms=FORMS))
        )
        raise found from None
    except ValueError:
        raise BadInput(NO_PERIOD.format(typed=typed[:20], forms=FORMS)) from None
    return day, day


def _ago(today: date, count: int, unit: str) -> date:
    """The first of the last ``count`` days, weeks, months or years, today being the last day."""
    try:
        if unit in DAYS:
            return today - timedelta(days=max(count * DAYS[unit] - 1, 0))
        months = today.year * 12 + today.month - 1 - count * (12 if unit == "y" else 1)
        first = date(months // 12, months % 12 + 1, 1)
    except (ValueError, OverflowError):
        raise BadInput(_("period: that is too long ago; write a later year")) from None
    return first + timedelta(days=min(today.day, 28) - 1) + timedelta(days=1)


def _cause(text: str) -> str | None:
    typed = text.strip()
    if not typed or typed == EMPTY["cause"]:
        return None
    return reads.one_of(CAUSES, typed).code


def _therapist(text: str, there: Known) -> str | None:
    typed = text.strip().upper()
    if not typed or typed == EMPTY["therapist"].upper():
        return None
    found = [code for code in there.therapists if code.upper() == typed]
    found = found or [code for code in there.therapists if code.upper().startswith(typed)]
    if len(found) != 1:
        listed = ", ".join(found or there.therapists[:6]) or _("none yet")
        if found:
            raise BadInput(_("which: {listed}").format(listed=listed))
        raise BadInput(_("not known; there are: {listed}").format(listed=listed))
    return found[0]


def _side(text: str) -> str | None:
    typed = text.strip().lower()
    return None if not typed or EMPTY["side"].startswith(typed) else reads.side(typed)


def written(texts: Texts, meant: Filters, there: Known) -> Texts:
    """What to write into the fields that are left: codes in words, and what is meant for the unreadable."""
    codes = {
        "cause": CAUSES[meant.cause].name if meant.cause else "",
        "therapist": meant.therapist or "",
        "side": SIDE_WORDS[meant.side] if meant.side else "",
    }
    try:
        period(texts["period"], there)
        kept = texts["period"].strip()
    except BadInput:
        kept = f"{meant.since or ''}..{meant.until or ''}" if meant.since or meant.until else ""
    return {"period": kept, **codes}


def choices(field: str, there: Known) -> tuple[str, ...]:
    """The texts that ↑ ↓ go through; the first one leaves the field open."""
    offered: dict[str, tuple[str, ...]] = {
        "period": (*SPANS, *map(str, there.years)),
        "cause": tuple(row.name for row in CAUSES),
        "therapist": there.therapists,
        "side": tuple(SIDE_WORDS.values()),
    }
    return ("", *offered[field])


def stepped(field: str, text: str, by: int, there: Known) -> str:
    """The choice ``by`` steps from ``text``; from anything else the first or the last one."""
    offered = choices(field, there)
    try:
        meant = said(field, text, there)
        at = next(n for n, one in enumerate(offered) if said(field, one, there) == meant)
    except (BadInput, StopIteration):
        at = 0
    return offered[(at + by) % len(offered)]
