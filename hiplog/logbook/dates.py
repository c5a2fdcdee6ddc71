"""Dates as people type them, read in the configured order and said back in words.

Nothing is guessed: ``3/4/2026`` follows the configured order only, a day that does not exist is refused, and
so is a clock time that a change of clocks skips or repeats.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from hiplog.clinical.errors import BadInput
from hiplog.settings import DateOrder

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
FORMS = "2026-11-23, today, yesterday, -3d, 24 (day of this month)"
ORDER_WORDS: dict[DateOrder, str] = {"ymd": "2026/4/3", "dmy": "3/4/2026", "mdy": "4/3/2026"}
NOON = time(12, 0)
OLDEST = 1850

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_AGO = re.compile(r"-(\d{1,5})d")
_THREE = re.compile(r"(\d{1,4})[/.](\d{1,2})[/.](\d{1,4})")
_MOMENT = re.compile(
    r"(?P<day>[^T]+?)[T ](?P<hour>\d{1,2}):(?P<minute>\d{2})(?P<offset>Z|[+-]\d{2}:\d{2})?", re.I
)


def read_day(text: str, today: date, order: DateOrder = "ymd", *, what: str = "date") -> date:
    """Return the day that ``text`` means; ``BadInput`` says ``what`` was wrong and which forms there are."""
    typed = text.strip().lower()
    if typed in ("today", "yesterday"):
        return today - timedelta(days=typed == "yesterday")
    if match := _AGO.fullmatch(typed):
        return _days_ago(today, int(match[1]), text, what)
    if typed.isdecimal() and len(typed) <= 2:
        return _day(today.year, today.month, int(typed), text, what)
    if match := _ISO.fullmatch(typed):
        return _day(int(match[1]), int(match[2]), int(match[3]), text, what)
    if match := _THREE.fullmatch(typed):
        parts = dict(zip(order, match.groups(), strict=True))
        if len(parts["y"]) == 4:
            return _day(int(parts["y"]), int(parts["m"]), int(parts["d"]), text, what)
    raise BadInput(f"{what}: {_quoted(text)} is no date; write one as {FORMS} or {ORDER_WORDS[order]}")


def read_moment(
    text: str, now: datetime, zone: str, order: DateOrder = "ymd", *, what: str = "date"
) -> datetime:
    """Return the aware time that ``text`` means in the clinic's ``zone``.

    A day alone is noon, today alone is ``now``; with a time it is ``2026-11-23T09:30``. A time that the
    change of clocks skips is refused; one that it repeats asks for its offset, as in ``T02:30+02:00``.
    """
    place = ZoneInfo(zone)
    today = now.astimezone(place).date()
    match = _MOMENT.fullmatch(text.strip())
    if match is None:
        day = read_day(text, today, order, what=what)
        return now if day == today else datetime.combine(day, NOON, place)
    day = read_day(match["day"], today, order, what=what)
    hour, minute = int(match["hour"]), int(match["minute"])
    if hour > 23 or minute > 59:
        raise BadInput(f"{what}: {hour}:{minute:02} is no time of day; write it from 00:00 to 23:59")
    local = datetime.combine(day, time(hour, minute))
    return (
        _with_offset(local, match["offset"], place, what) if match["offset"] else _in_zone(local, place, what)
    )


def not_after(moment: datetime, now: datetime, zone: str, *, what: str = "date") -> datetime:
    """Return ``moment``, or ``BadInput`` when it lies in the future."""
    if moment > now:
        raise BadInput(f"{what}: {words(moment.astimezone(ZoneInfo(zone)).date())} lies in the future")
    return moment


def past_day(text: str, today: date, order: DateOrder = "ymd", *, what: str = "date") -> date:
    """Like :func:`read_day`, and refuses a day in the future or before 1850."""
    day = read_day(text, today, order, what=what)
    if day > today:
        raise BadInput(f"{what}: {words(day)} lies in the future")
    if day.year < OLDEST:
        raise BadInput(f"{what}: {words(day)} is too long ago")
    return day


def words(day: date) -> str:
    """Say a day so that day and month cannot be mixed up: ``Monday 23 November 2026``."""
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"


def moment_words(moment: datetime, zone: str) -> str:
    """Say a time in the clinic's zone: ``Monday 23 November 2026, 09:30``."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{words(local.date())}, {local:%H:%M}"


def _day(year: int, month: int, day: int, text: str, what: str) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise BadInput(f"{what}: {_quoted(text)} is not in the calendar ({_why(year, month)})") from None


def _why(year: int, month: int) -> str:
    if year < 1:
        return "there is no such year"
    if not 1 <= month <= 12:
        return f"there is no month {month}"
    last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day if year < 9999 else 31
    return f"{MONTHS[month - 1]} {year} has {last} days"


def _days_ago(today: date, days: int, text: str, what: str) -> date:
    try:
        return today - timedelta(days=days)
    except OverflowError:
        raise BadInput(f"{what}: {_quoted(text)} is too long ago") from None


def _in_zone(local: datetime, place: ZoneInfo, what: str) -> datetime:
    first, second = (local.replace(tzinfo=place, fold=fold) for fold in (0, 1))
    said = f"{local:%H:%M} on {words(local.date())}"
    if first.utcoffset() == second.utcoffset():
        return first
    if first.astimezone(UTC).astimezone(place).replace(tzinfo=None) != local:
        raise BadInput(f"{what}: {said} does not exist in {place.key}; the clocks went forward over it")
    raise BadInput(
        f"{what}: {said} came twice in {place.key}; write T{local:%H:%M}{_offset(first)} for the first "
        f"or T{local:%H:%M}{_offset(second)} for the second"
    )


def _with_offset(local: datetime, offset: str, place: ZoneInfo, what: str) -> datetime:
    moment = local.replace(tzinfo=_fixed(offset, what)).astimezone(place)
    if offset.upper() != "Z" and moment.replace(tzinfo=None) != local:
        raise BadInput(f"{what}: in {place.key} the clock then runs at {_offset(moment)}, not at {offset}")
    return moment


def _fixed(offset: str, what: str) -> timezone:
    if offset.upper() == "Z":
        return UTC
    shift = timedelta(hours=int(offset[1:3]), minutes=int(offset[4:6]))
    if shift >= timedelta(hours=24):
        raise BadInput(f"{what}: {offset} is no offset from UTC")
    return timezone(-shift if offset[0] == "-" else shift)


def _offset(moment: datetime) -> str:
    return moment.isoformat()[-6:]


def _quoted(text: str) -> str:
    short = text if len(text) <= 24 else text[:23] + "…"
    return repr(short)
