"""Amendments laid over a signed session: the latest value shows, the original stays beside it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

from hiplog.clinical.errors import BadInput
from hiplog.clinical.needling import TECHNIQUES, TWITCHES, Insertion
from hiplog.clinical.record import Amendment, Reading, Session
from hiplog.language import _

WHOLE = {"length_mm", "depth_mm", "insertions", "passes", "retention_min", "twitch_count"}
DECIMAL = {"diameter_mm", "hz", "ma", "value"}
SITE_FIELDS = (
    "zone",
    "diameter_mm",
    "length_mm",
    "depth_mm",
    "insertions",
    "technique",
    "retention_min",
    "twitch",
    "twitch_count",
    "familiar_pain",
)
NEEDLE_FIELDS = ("opened", "inserted", "withdrawn", "to_sharps")
SESSION_FIELDS = ("note", "plan")
TOO_LARGE = 10**9
WORDS = {"yes": True, "true": True, "no": False, "false": False}


def lay_over(session: Session, made: tuple[Amendment, ...]) -> Session:
    """Return ``session`` as amended, oldest amendment first."""
    for amendment in made:
        session = _one(session, amendment)
    return replace(session, amendments=made)


def text_of(value: Any) -> str | None:
    """Write a field's value as an amendment keeps it."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return str(value)


def parse(field: str, text: str | None) -> Any:
    """Read an amended value back; ``BadInput`` says what the field takes."""
    if text is None:
        return None
    if field in WHOLE or field in NEEDLE_FIELDS:
        return _number(field, text, whole=True)
    if field in DECIMAL:
        return _number(field, text, whole=False)
    if field == "familiar_pain":
        if text.lower() not in WORDS:
            raise BadInput(_("{field}: say yes or no").format(field=field))
        return WORDS[text.lower()]
    if field == "twitch" and text not in TWITCHES:
        raise BadInput(_("twitch: say one of {twitches}").format(twitches=", ".join(TWITCHES)))
    if field == "technique":
        if text not in TECHNIQUES:
            raise BadInput(_("technique: say one of {codes}").format(codes=", ".join(TECHNIQUES.codes)))
        return TECHNIQUES[text].code
    return text


def _number(field: str, text: str, *, whole: bool) -> int | Decimal:
    try:
        value = Decimal(text)
        if not abs(value) < TOO_LARGE:
            raise ValueError
        if whole and value == value.to_integral_value():
            return int(value)
        if not whole:
            return value
    except (InvalidOperation, ValueError, OverflowError):
        pass
    sentence = (
        _("{field}: {text!r} is not a whole number") if whole else _("{field}: {text!r} is not a number")
    )
    raise BadInput(sentence.format(field=field, text=text[:20]))


def _one(session: Session, amendment: Amendment) -> Session:
    value = parse(amendment.column, amendment.new)
    if amendment.entity == "session" and amendment.column in NEEDLE_FIELDS:
        return replace(session, needles=replace(session.needles, **{amendment.column: value}))
    if amendment.entity == "session":
        return replace(session, **{amendment.column: value})
    if amendment.entity == "insertion":
        return replace(session, insertions=tuple(_changed(s, amendment, value) for s in session.insertions))
    return replace(session, readings=tuple(_changed(r, amendment, value) for r in session.readings))


def _changed(part: Any, amendment: Amendment, value: Any) -> Any:
    if part.id != amendment.entity_id:
        return part
    if isinstance(part, Reading):
        return replace(part, value=value, missing_reason="amended" if value is None else None)
    assert isinstance(part, Insertion)
    return replace(part, **{amendment.column: value})
