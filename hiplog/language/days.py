"""Days and months in words. Day and month cannot be mixed up where the month is a word."""

from __future__ import annotations

from datetime import date

from hiplog.language import _, p_

WEEKDAYS = (
    _("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"),
)  # fmt: skip
MONTHS = (
    _("January"), _("February"), _("March"), _("April"), p_("month", "May"), _("June"),
    _("July"), _("August"), _("September"), _("October"), _("November"), _("December"),
)  # fmt: skip
SHORT_MONTHS = (
    p_("short", "Jan"), p_("short", "Feb"), p_("short", "Mar"), p_("short", "Apr"),
    p_("short", "May"), p_("short", "Jun"), p_("short", "Jul"), p_("short", "Aug"),
    p_("short", "Sep"), p_("short", "Oct"), p_("short", "Nov"), p_("short", "Dec"),
)  # fmt: skip


def full(day: date) -> str:
    """Weekday, day, month and year: ``Monday 23 November 2026``."""
    return _("{weekday} {day} {month} {year}").format(
        weekday=WEEKDAYS[day.weekday()], day=day.day, month=MONTHS[day.month - 1], year=day.year
    )


def long(day: date) -> str:
    """Day, month and year: ``23 November 2026``."""
    return _("{day} {month} {year}").format(day=day.day, month=MONTHS[day.month - 1], year=day.year)


def short(day: date) -> str:
    """The same in few cells: ``23 Nov 2026``."""
    return _("{day} {short_month} {year}").format(
        day=day.day, short_month=SHORT_MONTHS[day.month - 1], year=day.year
    )


def within_year(day: date) -> str:
    """A day of a year that is plain from around it: ``23 Nov``."""
    return _("{day} {short_month}").format(day=day.day, short_month=SHORT_MONTHS[day.month - 1])


def month(day: date) -> str:
    """Month and year: ``November 2026``."""
    return _("{month} {year}").format(month=MONTHS[day.month - 1], year=day.year)
