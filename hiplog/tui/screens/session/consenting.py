"""Consent as an answer of the session: given or not, by which edition of the form, and withdrawn."""

from __future__ import annotations

from dataclasses import replace

from hiplog.clinical.record import Consent, Session
from hiplog.tui.screens.session.keeper import Change


def consented(form: str, given: bool, withdrawn: bool = False) -> Change:
    """Record the answer about consent by this edition of the form; a withdrawal keeps what had been given."""

    def change(draft: Session) -> Session:
        kept = draft.consent or Consent(form, given)
        return replace(draft, consent=replace(kept, given=given, withdrawn=withdrawn))

    return change


def withdrawn(form: str) -> Change:
    """The patient takes consent back during the visit."""

    def change(draft: Session) -> Session:
        kept = draft.consent or Consent(form, False)
        return replace(draft, consent=replace(kept, withdrawn=True))

    return change
