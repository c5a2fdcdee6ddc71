"""``hiplog patient``: add, list, show, find and edit."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hiplog.cli import output, people, views
from hiplog.cli.context import Context
from hiplog.cli.parser import Parser, UsageError, actions
from hiplog.clinical import code_words
from hiplog.clinical.errors import BadInput
from hiplog.clinical.questions import QUESTIONS
from hiplog.clinical.record import SEXES, SIDE_WORDS, Patient, PatientDraft
from hiplog.language import _, counted
from hiplog.logbook import dates, request_words

if TYPE_CHECKING:
    from hiplog.logbook.book import Logbook
    from hiplog.storage.unit import Unit

FIELDS = ("family", "given", "birth", "sex", "phone", "email", "note")


def add_arguments(parser: Parser) -> None:
    """Declare the arguments of the verb."""
    add = actions(parser)
    new = add("add", _("add a patient"), _add)
    new.add_argument("code", help=_("chart code"))
    _fields(new, required=True)
    changed = add("edit", _("change what is kept of a patient"), _edit)
    changed.add_argument("code", help=_("chart code"))
    changed.add_argument("--new-code", metavar="CODE", help=_("another chart code"))
    _fields(changed, required=False)
    gone = add("erase", _("erase who a patient is; the coded record stays (an owner only)"), _erase)
    gone.add_argument("code", help=_("chart code"))
    gone.add_argument("--reason", required=True, metavar="TEXT", help=_("why; kept in the trail"))
    gone.add_argument("--confirm", metavar="CODE", help=_("the chart code again (else it is asked for)"))
    add("scrub", _("clear the file of what was erased while others had it open"), _scrub)
    listed = add("list", _("list patients by chart code"), _list)
    listed.add_argument("--limit", type=int, metavar="N", help=_("at most so many"))
    add("show", _("show one patient"), _show).add_argument("code", help=_("chart code"))
    found = add("find", _("find patients by any part of a name or code"), _find)
    found.add_argument("text", help=_("what to look for"))
    found.add_argument("--limit", type=int, metavar="N", default=30, help=_("at most so many (default 30)"))


def run(args: argparse.Namespace, context: Context) -> int:
    """Do what the second word says."""
    return int(args.handler(args, context))


def _fields(parser: Parser, *, required: bool) -> None:
    parser.add_argument("--family", metavar="F", required=required, help=_("family name"))
    parser.add_argument("--given", metavar="G", required=required, help=_("given name"))
    parser.add_argument("--birth", metavar="DATE", help=_("day of birth"))
    parser.add_argument("--sex", choices=SEXES, help=_("sex (default unknown)"))
    parser.add_argument("--phone", metavar="P", help=_("telephone"))
    parser.add_argument("--email", metavar="E", help=_("e-mail"))
    parser.add_argument("--note", metavar="TEXT", help=_("a note on the person"))


def _add(args: argparse.Namespace, context: Context) -> int:
    from hiplog.logbook import patients

    with context.book() as book:
        given = _given(args, context, book)
        made = book.write(patients.add, PatientDraft(code=args.code, **given))
    return _answer(made, context, _("added: {who}"))


def _edit(args: argparse.Namespace, context: Context) -> int:
    from hiplog.logbook import patients

    with context.book() as book:
        given = _given(args, context, book)
        if args.new_code is not None:
            given["code"] = args.new_code
        if not given:
            raise UsageError(
                _("say what to change: {options} or --new-code").format(
                    options=", ".join(f"--{name}" for name in FIELDS)
                )
            )
        kept = book.read(patients.get, args.code)
        made = book.write(patients.edit, replace(kept, **given))
    return _answer(made, context, _("changed: {who}"))


def _erase(args: argparse.Namespace, context: Context) -> int:
    from hiplog.cli import asking
    from hiplog.logbook import erasure

    with context.book() as book:
        for sentence in erasure.STAYS:
            output.say(sentence)
        typed = (
            args.confirm if args.confirm is not None else asking.repeated(_("Type the chart code to erase: "))
        )
        done = erasure.erase(book, args.code, typed, args.reason)
    if context.json:
        told = {"patient": views.patient(done.patient), "backups_that_hold_it": done.backups}
        output.emit(told | {"warning": done.warning})
        return 0
    output.write(
        _("{code}: the identity is erased; the coded record stays and verifies").format(
            code=done.patient.code
        )
    )
    if done.backups:
        output.say(
            counted(
                done.backups,
                "! {count} backup in {folder} still holds it",
                "! {count} backups in {folder} still hold it",
                folder=context.settings.backups,
            )
        )
    if done.warning is not None:
        output.say(f"! {done.warning}")
    return 0


def _scrub(args: argparse.Namespace, context: Context) -> int:
    from hiplog.logbook import erasure

    with context.book() as book:
        erasure.clean(book)
    if context.json:
        output.emit({"scrubbed": True})
    else:
        output.write(_("the file holds nothing of what was erased"))
    return 0


def _given(args: argparse.Namespace, context: Context, book: Logbook) -> dict[str, Any]:
    given = {name: getattr(args, name) for name in FIELDS if getattr(args, name) is not None}
    if "birth" in given:
        today = context.today(book.clinic.zone)
        given["birth"] = dates.past_day(args.birth, today, context.settings.date_order, what="--birth")
    return given


def _answer(made: Patient, context: Context, done: str) -> int:
    if context.json:
        output.emit({"patient": views.patient(made)})
        return 0
    output.write(done.format(who=_named(made)))
    return 0


def _named(who: Patient) -> str:
    named = f"{who.code}  {who.name}"
    return _("{who}, born {day}").format(who=named, day=dates.words(who.birth)) if who.birth else named


def _list(args: argparse.Namespace, context: Context) -> int:
    from hiplog.logbook import patients

    with context.book() as book:
        kept = book.read(patients.everyone, limit=_positive(args.limit))
    if context.json:
        output.emit({"patients": [views.patient(who) for who in kept]})
    elif kept:
        rows = [(who.code, who.name, who.birth or "", code_words.said(who.sex)) for who in kept]
        output.table((_("code"), _("name"), _("born"), _("sex")), rows)
    else:
        output.say(_("no patients yet; add one with: hiplog patient add CODE --family F --given G"))
    return 0


def _find(args: argparse.Namespace, context: Context) -> int:
    from hiplog.logbook import search

    with context.book() as book:
        found = book.read(search.find, args.text, _positive(args.limit) or 30)
    if context.json:
        told = [
            {"code": f.code, "name": f.name, "birth": views.when(f.birth), "sides": list(f.sides),
             "visits": f.visits, "last_visit": views.when(f.last_visit)}
            for f in found
        ]  # fmt: skip
        output.emit({"patients": told})
    elif found:
        rows = [
            (f.code, f.name, f.birth or "", " ".join(f.sides), f.visits, _day(f.last_visit)) for f in found
        ]
        output.table((_("code"), _("name"), _("born"), _("sides"), _("visits"), _("last visit")), rows)
    else:
        output.say(_("nobody found"))
    return 0


def _show(args: argparse.Namespace, context: Context) -> int:
    with context.book() as book:
        shown = book.read(_gather, args.code)
        zone = book.clinic.zone
    if context.json:
        output.emit(shown["json"])
        return 0
    who: Patient = shown["patient"]
    output.write(f"{_named(who)}, {code_words.said(who.sex)}")
    for one in shown["episodes"]:
        line = (
            _("episode {number}: {side} hip, {cause} ({icd10}), closed {day}")
            if one.closed_on
            else _("episode {number}: {side} hip, {cause} ({icd10}), open")
        )
        output.write(
            line.format(
                number=one.number,
                side=SIDE_WORDS[one.side],
                cause=one.cause.lower(),
                icd10=" ".join(one.icd10),
                day=one.closed_on,
            )
        )
    for one in shown["precautions"]:
        line = _("! precaution {item} ({question})").format(item=one.item, question=_question(one.item))
        said = f"{line}: {one.note}" if one.note else line
        cleared = _("cleared by {name}").format(name=one.cleared_by) if one.cleared_by else ""
        output.write(f"{said}; {cleared}" if cleared else said)
    for asked in shown["requests"]:
        words = request_words.short(asked, context.today(zone))
        output.write(_("request {words}").format(words=words))
    for one in shown["sessions"]:
        said = (
            counted(len(one.insertions), "{count} needle site", "{count} needle sites")
            if one.status != "voided"
            else _("void: {reason}").format(reason=one.void_reason)
        )
        output.write(
            _("session {number}: {moment}, {status}, {said}").format(
                number=one.number,
                moment=dates.moment_words(one.occurred_at, zone),
                status=code_words.said(one.status),
                said=said,
            )
        )
    return 0


def _gather(unit: Unit, code: str) -> dict[str, Any]:
    from hiplog.logbook import episodes, precautions, requests, sessions

    who = people.patient(unit, code)
    kept = episodes.of(unit, who.id)
    standing = precautions.of(unit, who.id)
    visits = sessions.of(unit, who.id)
    asked = requests.of(unit, who.id)
    told = {
        "patient": views.patient(who),
        "episodes": [views.episode(one) for one in kept],
        "precautions": [views.precaution(one) for one in standing],
        "sessions": len(visits),
        "visits": [
            {"session": s.number, "status": s.status, "occurred_at": views.when(s.occurred_at)}
            for s in visits
        ],
        "requests": [views.request(one) for one in asked],
    }
    shown = {"patient": who, "episodes": kept, "precautions": standing, "sessions": visits}
    return shown | {"requests": asked, "json": told}


def _question(item: str) -> str:
    question = QUESTIONS.get(item)
    return question.name if question else _("not in this edition of the rules")


def _positive(limit: int | None) -> int | None:
    if limit is not None and limit < 1:
        raise BadInput(_("--limit: say a number from 1"))
    return limit


def _day(at: Any) -> str:
    return "" if at is None else str(at.date())
