"""Dates as people type them, read in the configured order and said back in words.

Nothing is guessed: ``3/4/2026`` follows the configured order only, a day that does not exist is refused, and
so is a clock time that a change of clocks skips or repeats.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from hiplog.clinical.errors import BadInput
from hiplog.language import _, days
from hiplog.settings import DateOrder

DATE = _("date")
AGO = {"today": 0, "yesterday": 1, _("today"): 0, _("yesterday"): 1}
"""How many days ago the days with a name of their own are; the English ones are understood everywhere."""
FORMS = _("2026-11-23, today, yesterday, -3d, 24 (day of this month)")
ORDER_WORDS: dict[DateOrder, str] = {"ymd": "2026/4/3", "dmy": "3/4/2026", "mdy": "4/3/2026"}
NOON = time(12, 0)
OLDEST = 1850

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_AGO = re.compile(r"-(\d{1,5})d")
_THREE = re.compile(r"(\d{1,4})[/.](\d{1,2})[/.](\d{1,4})")
_MOMENT = re.compile(
    r"(?P<day>[^T]+?)[T ](?P<hour>\d{1,2}):(?P<minute>\d{2})(?P<offset>Z|[+-]\d{2}:\d{2})?", re.I
)


def read_day(text: str, today: date, order: DateOrder = "ymd", *, what: str = DATE) -> date:
    """Return the day that ``text`` means; ``BadInput`` says ``what`` was wrong and which forms there are."""
    typed = text.strip().lower()
    if typed in AGO:
        return today - timedelta(days=AGO[typed])
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
    raise BadInput(
        _("{what}: {quoted} is no date; write one as {forms} or {order}").format(
            what=what, quoted=_quoted(text), forms=FORMS, order=ORDER_WORDS[order]
        )
    )


def read_moment(
    text: str, now: datetime, zone: str, order: DateOrder = "ymd", *, what: str = DATE
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
        raise BadInput(
            _("{what}: {time} is no time of day; write it from 00:00 to 23:59").format(
                what=what, time=f"{hour}:{minute:02}"
            )
        )
    local = datetime.combine(day, time(hour, minute))
    return (
        _with_offset(local, match["offset"], place, what) if match["offset"] else _in_zone(local, place, what)
    )


def not_after(moment: datetime, now: datetime, zone: str, *, what: str = DATE) -> datetime:
    """Return ``moment``, or ``BadInput`` when it lies in the future."""
    if moment > now:
        raise BadInput(
            _("{what}: {day} lies in the future; give today or an earlier day").format(
                what=what, day=words(moment.astimezone(ZoneInfo(zone)).date())
            )
        )
    return moment


def past_day(text: str, today: date, order: DateOrder = "ymd", *, what: str = DATE) -> date:
    """Like :func:`read_day`, and refuses a day in the future or before 1850."""
    day = read_day(text, today, order, what=what)
    if day > today:
        raise BadInput(
            _("{what}: {day} lies in the future; give today or an earlier day").format(
                what=what, day=words(day)
            )
        )
    if day.year < OLDEST:
        raise BadInput(
            _("{what}: {day} is too long ago; give a day since 1850").format(what=what, day=words(day))
        )
    return day


def words(day: date) -> str:
    """Say a day so that day and month cannot be mixed up: ``Monday 23 November 2026``."""
    return days.full(day)


def moment_words(moment: datetime, zone: str) -> str:
    """Say a time in the clinic's zone: ``Monday 23 November 2026, 09:30``."""
    local = moment.astimezone(ZoneInfo(zone))
    return _("{day}, {time}").format(day=words(local.date()), time=f"{local:%H:%M}")


def _day(year: int, month: int, day: int, text: str, what: str) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise BadInput(
            _("{what}: {quoted} is not in the calendar ({why}); give another day").format(
                what=what, quoted=_quoted(text), why=_why(year, month)
            )
        ) from None


def _why(year: int, month: int) -> str:
    if year < 1:
        return _("there is no such year")
    if not 1 <= month <= 12:
        return _("there is no month {month}").format(month=month)
    last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day if year < 9999 else 31
    return _("{month} {year} has {last} days").format(month=days.MONTHS[month - 1], year=year, last=last)


def _days_ago(today: date, count: int, text: str, what: str) -> date:
    try:
        return today - timedelta(days=count)
    except OverflowError:
        raise BadInput(
            _("{what}: {quoted} is too long ago; give a day since 1850").format(
                what=what, quoted=_quoted(text)
            )
        ) from None


def _in_zone(local: datetime, place: ZoneInfo, what: str) -> datetime:
    first, second = (local.replace(tzinfo=place, fold=fold) for fold in (0, 1))
    said = _("{time} on {day}").format(time=f"{local:%H:%M}", day=words(local.date()))
    if first.utcoffset() == second.utcoffset():
        return first
    if first.astimezone(UTC).astimezone(place).replace(tzinfo=None) != local:
        raise BadInput(
            _(
                "{what}: {said} does not exist in {zone}; the clocks went forward over it, give a "
                "time before or after"
            ).format(what=what, said=said, zone=place.key)
        )
    raise BadInput(
        _(
            "{what}: {said} came twice in {zone}; write {first} for the first or {second} for the second"
        ).format(
            what=what,
            said=said,
            zone=place.key,
            first=f"T{local:%H:%M}{_offset(first)}",
            second=f"T{local:%H:%M}{_offset(second)}",
        )
    )


def _with_offset(local: datetime, offset: str, place: ZoneInfo, what: str) -> datetime:
    moment = local.replace(tzinfo=_fixed(offset, what)).astimezone(place)
    if offset.upper() != "Z" and moment.replace(tzinfo=None) != local:
        raise BadInput(
            _("{what}: in {zone} the clock then runs at {right}, not at {offset}; write that").format(
                what=what, zone=place.key, right=_offset(moment), offset=offset
            )
        )
    return moment


def _fixed(offset: str, what: str) -> timezone:
    if offset.upper() == "Z":
        return UTC
    shift = timedelta(hours=int(offset[1:3]), minutes=int(offset[4:6]))
    if shift >= timedelta(hours=24):
        raise BadInput(
            _("{what}: {offset} is no offset from UTC; write it as +01:00").format(what=what, offset=offset)
        )
    return timezone(-shift if offset[0] == "-" else shift)


def _offset(moment: datetime) -> str:
    return moment.isoformat()[-6:]


def _quoted(text: str) -> str:
    short = text if len(text) <= 24 else text[:23] + "…"
    return repr(short)
