"""The clinic and its practitioners: who may act here, under which name, in which time zone."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import TypeVar, cast
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, func, select

from hiplog.clinical.errors import BadInput, IntegrityFailed, NotFound, Refused
from hiplog.clinical.record import Practitioner, PractitionerDraft, Role, new_id
from hiplog.language import _, counted, days
from hiplog.logbook import texts
from hiplog.storage.tables import clinic_settings, practitioners
from hiplog.storage.unit import Unit

SYSTEM = "SYSTEM"
LICENCE_WARNING_DAYS = 30
CONSENT_FORM, FIRST_FORM = "consent_form", "1"
EDITION = re.compile(r"[vV]?\d{1,4}([._/-]\d{1,2})?[a-z]?")
"""An edition such as 1, v2.1 or 2026-01: the only kind that a bundle without names shows."""


@dataclass(frozen=True, slots=True)
class Clinic:
    """The clinic as kept: name, the IANA time zone its days are counted in, the consent form in use."""

    name: str
    zone: str
    consent_form: str = FIRST_FORM


def found(unit: Unit, name: str, zone: str, first: PractitionerDraft) -> Clinic:
    """Found the clinic with its first practitioner, who owns it."""
    rows = {"name": texts.line(_("clinic name"), name), "zone": known_zone(zone)}
    unit.insert(clinic_settings, *({"id": key, "value": value} for key, value in rows.items()))
    _insert(unit, replace(first, role="owner"))
    unit.record("clinic.found", "clinic", None)
    return Clinic(**rows)


def read(unit: Unit) -> Clinic:
    """Return the clinic."""
    kept = {row.id: row.value for row in unit.all(select(clinic_settings))}
    if not {"name", "zone"} <= kept.keys():
        raise IntegrityFailed(_("the clinic's name and time zone are gone; restore a backup"))
    return Clinic(kept["name"], kept["zone"], kept.get(CONSENT_FORM, FIRST_FORM))


def set_consent_form(unit: Unit, edition: str) -> Clinic:
    """Say which edition of the consent form is in use from now on; earlier consents keep theirs.

    ``BadInput`` unless it reads as an edition: ``1``, ``v2.1``, ``2026-01``.
    """
    form = edition_of(edition)
    if unit.one(select(clinic_settings.c.id).where(clinic_settings.c.id == CONSENT_FORM)) is None:
        unit.insert(clinic_settings, {"id": CONSENT_FORM, "value": form})
    else:
        unit.update(clinic_settings, CONSENT_FORM, value=form)
    unit.record("clinic.consent_form", "clinic", None)
    return read(unit)


def edition_of(text: str) -> str:
    """Return ``text`` when it reads as an edition of a form, else raise ``BadInput``."""
    form = texts.line(_("consent form"), text)
    if EDITION.fullmatch(form) is None:
        raise BadInput(
            _("consent form: {form!r} is no edition; say it as in 1, v2.1 or 2026-01").format(form=form[:40])
        )
    return form


def known_zone(zone: str) -> str:
    """Return ``zone`` when it is an IANA name this machine knows, else ``BadInput``."""
    try:
        return ZoneInfo(zone).key
    except (KeyError, ValueError, OSError):
        raise BadInput(
            _("{zone!r} is no time zone; give an IANA name such as Europe/Berlin").format(zone=zone)
        ) from None


def add(unit: Unit, draft: PractitionerDraft) -> Practitioner:
    """Add a practitioner."""
    kept = _insert(unit, draft)
    unit.record("practitioner.add", "practitioner", kept.id)
    return kept


_NAMED = (
    select(*practitioners.columns)
    .where(func.lower(practitioners.c.code) == bindparam("lowered"))
    .order_by(practitioners.c.code.desc())
)


def practitioner(unit: Unit, code: str) -> Practitioner:
    """Return the practitioner with sign-in ``code``, or ``NotFound`` naming those there are."""
    if texts.is_code(code):
        row = unit.one(_NAMED, lowered=code.lower())
        if row is not None:
            return Practitioner(**row._mapping)
    known = ", ".join(one.code for one in everyone(unit))
    raise NotFound(_("{code!r}: no such practitioner; there are: {known}").format(code=code, known=known))


def everyone(unit: Unit) -> tuple[Practitioner, ...]:
    """Return all practitioners by code."""
    columns = list(practitioners.columns)
    rows = unit.all(select(*columns).order_by(practitioners.c.code))
    return tuple(Practitioner(**row._mapping) for row in rows)


def actor(unit: Unit, code: str | None) -> str:
    """Return the code to act under: the one asked for, else the first practitioner's.

    ``Refused`` for somebody who is disabled.
    """
    if code:
        known = practitioner(unit, code)
        if not known.active:
            raise Refused(
                _(
                    "{code} is disabled and may not act here; an owner lets them in again: hiplog user enable"
                ).format(code=known.code)
            )
        return known.code
    active = select(practitioners.c.code).where(practitioners.c.active)
    first = unit.one(active.order_by(practitioners.c.code).limit(1))
    return str(first.code) if first else SYSTEM


def role(unit: Unit, code: str) -> Role | None:
    """Return the role of ``code``; ``None`` for the program itself."""
    row = unit.one(select(practitioners.c.role).where(practitioners.c.code == code))
    return cast("Role", row.role) if row else None


def edit(unit: Unit, changed: Practitioner) -> Practitioner:
    """Save a changed name, licence, expiry, training or role; ``Stale`` when somebody else saved it."""
    kept = practitioner(unit, changed.code)
    if kept.role == "owner" and changed.role != "owner":
        _keep_an_owner(unit, kept)
    clean = _clean(changed)
    told = {name: getattr(clean, name) for name in ("name", "licence", "expires", "training", "role")}
    unit.update(practitioners, kept.id, changed.version, **told)
    unit.record("practitioner.edit", "practitioner", kept.id)
    return practitioner(unit, changed.code)


def set_active(unit: Unit, code: str, active: bool) -> Practitioner:
    """Disable a practitioner, or let the person act again; what was signed stays as it is."""
    kept = practitioner(unit, code)
    if kept.active == active:
        raise Refused(
            (
                _("{code} is active already; nothing needs to be changed")
                if active
                else _("{code} is disabled already; nothing needs to be changed")
            ).format(code=kept.code)
        )
    if not active:
        if kept.code == unit.actor:
            raise Refused(_("nobody disables the own access; another owner can"))
        _keep_an_owner(unit, kept)
    unit.update(practitioners, kept.id, kept.version, active=active)
    unit.record(f"practitioner.{'enable' if active else 'disable'}", "practitioner", kept.id)
    return practitioner(unit, code)


def _keep_an_owner(unit: Unit, leaving: Practitioner) -> None:
    owners = [one for one in everyone(unit) if one.role == "owner" and one.active and one.id != leaving.id]
    if leaving.role == "owner" and not owners:
        raise Refused(_("{code} is the only owner; make somebody else one first").format(code=leaving.code))


def licence_warning(who: Practitioner, today: date) -> str | None:
    """Return a sentence when the licence has lapsed or is about to, else ``None``."""
    if who.expires is None:
        return None
    left = (who.expires - today).days
    if left < 0:
        return _("The licence of {code} lapsed on {day}.").format(code=who.code, day=days.long(who.expires))
    if left <= LICENCE_WARNING_DAYS:
        return counted(
            left,
            "The licence of {code} lapses in {count} day, on {day}.",
            "The licence of {code} lapses in {count} days, on {day}.",
            code=who.code,
            day=days.long(who.expires),
        )
    return None


def tell_lapsed(unit: Unit, who: Practitioner, session_id: str) -> None:
    """Say in the access trail that ``who`` signed or amended a session after the licence had lapsed."""
    today = unit.now.astimezone(ZoneInfo(unit.zone)).date()
    if who.expires is not None and who.expires < today:
        unit.access("licence.lapsed", "practitioner", who.id, lapsed=f"{who.expires}", session=session_id)


D = TypeVar("D", bound=PractitionerDraft)


def _clean(draft: D) -> D:
    return replace(
        draft,
        code=texts.code(_("practitioner code"), draft.code),
        name=texts.line(_("practitioner name"), draft.name),
        licence=texts.optional(_("licence"), draft.licence),
        training=texts.optional(_("training"), draft.training),
    )


def _insert(unit: Unit, draft: PractitionerDraft) -> Practitioner:
    kept = Practitioner(**asdict(_clean(draft)), id=new_id())
    unit.insert(practitioners, asdict(kept))
    return kept
