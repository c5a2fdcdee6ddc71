"""The pages as plain text: to read on the screen, to read out, or for the clipboard."""

from __future__ import annotations

from collections.abc import Iterable

from hiplog.clinical.aftercare import ADVICE
from hiplog.clinical.cotreatments import CO_TREATMENTS
from hiplog.clinical.record import Session
from hiplog.exchange.pages import visit, visit_words
from hiplog.exchange.pages.aftercare import Sheet, chosen
from hiplog.exchange.pages.table import Table
from hiplog.exchange.pages.visit import Visit
from hiplog.language import _
from hiplog.logbook.dates import moment_words

AFTER = _("after your treatment")
NOT_COUNTED, NOT_RECORDED = _("not counted"), _("nothing is recorded")
NOBODY_ASKED, TAKEN_BACK = _("nobody was asked"), _("taken back")


def sheet(made: Sheet) -> str:
    """The aftercare sheet; with the name when it is given."""
    who = [_("For {name} ({code})").format(name=made.name, code=made.code)] if made.name else []
    return "\n".join([f"{made.clinic}: {AFTER}", *who, *(f"- {row.text}" for row in chosen(made.advice))])


def summary(made: Visit) -> str:
    """The summary of a visit: what the page says, without its pictures."""
    session = made.session
    who = f"{made.name} ({made.code})" if made.name else made.code
    head = [
        _("{clinic}: visit {number} of {who}").format(clinic=made.clinic, number=session.number, who=who),
        f"{moment_words(session.occurred_at, session.zone)} ({session.zone}), {session.therapist}",
    ]
    hip = visit.hip(made.episode)
    if hip:
        head.append(_("treated for {hip}").format(hip=hip))
    head.append(visit_words.state(session).words)
    asked = [line for one in session.inquiries for line in visit_words.inquiry(session, one)]
    advice = [ADVICE[code].text if code in ADVICE else code for code in session.advice]
    beside = [CO_TREATMENTS[c].name if c in CO_TREATMENTS else c for c in session.co_treatments]
    requested = visit_words.requests(session, made.requests, made.today)
    parts = [
        _part(_("Asked before needling"), visit_words.screening(session) or [NOT_RECORDED]),
        _part(
            _("What was done"),
            [
                *_sites(session),
                _("needles: {counts}").format(counts=visit_words.needles(session) or NOT_COUNTED),
            ],
        ),
        _part(_("Beside needling"), beside),
        _part(_("What was measured"), _rows(visit_words.readings(session)) or [NOT_RECORDED]),
        _part(_("Reactions that were asked about"), asked or [NOBODY_ASKED]),
        _part(_("Contact afterwards"), visit_words.contacts(made.follow_ups, session)),
        _part(_("Referred"), visit_words.referrals(session)),
        _part(_("Advice given"), advice or [NOT_RECORDED]),
        *(_free(session, *one) for one in ((_("Plan"), "plan"), (_("Note"), "note"))),
        _part(_("Amendments"), _rows(visit_words.amendments(session))),
        _part(_("Asked to be amended"), [" ".join(told) for told in requested]),
    ]
    return "\n\n".join(["\n".join(head), *(part for part in parts if part)])


def _free(session: Session, title: str, column: str) -> str:
    """A text under its title, which carries the mark where the text was amended."""
    mark, text = visit_words.mark(session, column), getattr(session, column)
    return _part(f"{title}{mark}", [text or TAKEN_BACK] if text or mark else [])


def _sites(session: Session) -> list[str]:
    return [" ".join(row) for row in visit_words.sites(session).rows]


def _rows(table: Table) -> list[str]:
    """Each row as ``first: heading value, heading value``."""
    heads = table.headings[1:]
    cells = [[f"{head} {cell}" for head, cell in zip(heads, row[1:], strict=True)] for row in table.rows]
    return [f"{row[0]}: {', '.join(said)}" for row, said in zip(table.rows, cells, strict=True)]


def _part(title: str, lines: Iterable[str]) -> str:
    said = [f"- {line}" for line in lines]
    return "\n".join([title, *said]) if said else ""
