"""From the words of ``hiplog log`` to the session they describe; reads the logbook, writes nothing."""

from __future__ import annotations

import argparse
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from hiplog.cli import answers, people
from hiplog.cli.codes import choose
from hiplog.clinical import code_words, shorthand
from hiplog.clinical.aftercare import ADVICE, sheet_defaults
from hiplog.clinical.cotreatments import CO_TREATMENTS
from hiplog.clinical.errors import BadInput, NotFound, Refused
from hiplog.clinical.measures import MEASURES
from hiplog.clinical.needling import Insertion
from hiplog.clinical.record import (
    SIDE_WORDS,
    Episode,
    Inquiry,
    InquiryStage,
    NeedleCount,
    Patient,
    Reaction,
    Session,
    new_id,
)
from hiplog.clinical.shorthand import Line, LineDefaults
from hiplog.language import _

if TYPE_CHECKING:
    from hiplog.storage.unit import Unit

COUNTS = ("opened", "inserted", "withdrawn", "to_sharps")
Composed = tuple[Patient, Session, tuple[str, ...]]


def compose(unit: Unit, args: argparse.Namespace, at: datetime | None) -> Composed:
    """Return the patient, the session as it would be written, and what was understood in words."""
    who = people.patient(unit, args.code)
    start, episode = _start(unit, who, args, at)
    line = _line(args, episode)
    laid = _with_protocol(unit, start, args.protocol, episode)
    draft = _with_line(unit, laid, line, args.device)
    draft = _with_answers(unit, draft, args)
    draft = replace(draft, inquiries=(*draft.inquiries, *_inquiries(line, args)))
    return who, draft, (*shorthand.echo(line), *_notes(line, episode))


def _line(args: argparse.Namespace, episode: Episode) -> Line:
    """Read the line; to go on with a draft, or with a protocol, it may be empty."""
    if (args.session is not None or args.protocol is not None) and not args.line.strip():
        return Line()
    return shorthand.parse(args.line, defaults=LineDefaults(side=episode.side))


def _start(
    unit: Unit, who: Patient, args: argparse.Namespace, at: datetime | None
) -> tuple[Session, Episode]:
    """Return the draft to go on with, or an empty one of the episode that fits."""
    if args.session is not None:
        kept = people.session(unit, who, args.session)
        if kept.status != "draft":
            raise Refused(
                _("session {number} is {status}; only a draft can be gone on with").format(
                    number=kept.number, status=code_words.said(kept.status)
                )
            )
        episode = next(one for one in _episodes(unit, who) if one.id == kept.episode)
        return replace(kept, occurred_at=at or kept.occurred_at), episode
    episode = _episode(unit, who, args)
    blank = Session(new_id(), who.id, episode.id, unit.actor, at or unit.now, unit.zone)
    return blank, episode


def _episode(unit: Unit, who: Patient, args: argparse.Namespace) -> Episode:
    """The episode named, else the only open one, else the only open one on the side of every site."""
    if args.episode is not None:
        chosen = people.episode(unit, who, args.episode)
        if chosen.closed_on is not None:
            raise Refused(
                _("episode {number} of {code} is closed; open a new one").format(
                    number=chosen.number, code=who.code
                )
            )
        return chosen
    kept = people.open_episodes(unit, who)
    if len(kept) > 1:
        understood, _left = shorthand.read(args.line)
        sides = {row.side for row in understood.insertions}
        fitting = tuple(one for one in kept if {one.side} == sides)
        if len(fitting) == 1:
            return fitting[0]
    return people.open_episode(unit, who)


def _episodes(unit: Unit, who: Patient) -> tuple[Episode, ...]:
    from hiplog.logbook import episodes

    return episodes.of(unit, who.id)


def _with_protocol(unit: Unit, draft: Session, slot: int | None, episode: Episode) -> Session:
    """The draft with a protocol's plan, results left out. Naming it on the line is what confirms it."""
    if slot is None:
        return draft
    from hiplog.logbook import protocols

    rows = tuple(replace(row, origin="confirmed") for row in protocols.get(unit, slot).rows(episode.side))
    return replace(draft, insertions=(*draft.insertions, *rows))


def _with_line(unit: Unit, draft: Session, line: Line, device: str | None) -> Session:
    sites, carried = line.insertions, draft.carried_from
    if line.as_last_time:
        last = _last_signed(unit, draft.patient)
        sites, carried = (*_plan(last), *sites), last.id
    for reading in line.readings:
        known = MEASURES.get(reading.measure)
        by = device if known is None or known.kind != "pain" else None
        taken = replace(reading, tester=unit.actor, device=by)
        draft = replace(draft, readings=draft.with_reading(taken).readings)
    needles = _counted(draft.needles, line.needles)
    return replace(draft, insertions=(*draft.insertions, *sites), needles=needles, carried_from=carried)


def _counted(kept: NeedleCount, new: NeedleCount) -> NeedleCount:
    """The ledger with what the line counted in place of what stood there."""
    said = {name: getattr(new, name) for name in COUNTS if getattr(new, name) is not None}
    return replace(kept, **said)


def _last_signed(unit: Unit, patient_id: str) -> Session:
    from hiplog.logbook import sessions

    signed = [one for one in sessions.of(unit, patient_id) if one.status == "signed" and one.insertions]
    if not signed:
        raise NotFound(_("there is no earlier signed session to repeat; write the line in full"))
    return signed[-1]


def _plan(last: Session) -> tuple[Insertion, ...]:
    """The sites of a session as a plan: results stay behind. Typing the dot is what confirms them."""
    return tuple(
        Insertion(
            muscle=site.muscle,
            side=site.side,
            zone=site.zone,
            target=site.target,
            diameter_mm=site.diameter_mm,
            length_mm=site.length_mm,
            technique=site.technique,
            origin="confirmed",
        )
        for site in last.insertions
    )


def _with_answers(unit: Unit, draft: Session, args: argparse.Namespace) -> Session:
    from hiplog.logbook import clinic, precautions, sessions

    standing = precautions.of(unit, draft.patient)
    given = answers.screening(args.screen, standing, sessions.first_visit(unit, draft))
    named = {answer.item for answer in given}
    kept = tuple(answer for answer in draft.screening if answer.item not in named)
    reason = args.mismatch if args.mismatch is not None else draft.needles.mismatch_reason
    co_treatments = (choose("--co-treatment", one, CO_TREATMENTS).code for one in args.co_treatment)
    return replace(
        draft,
        screening=(*kept, *given),
        consent=answers.consent(args.consent, clinic.read(unit).consent_form) or draft.consent,
        needles=replace(draft.needles, mismatch_reason=reason),
        advice=_merged(draft.advice, _advice(args.advice)),
        co_treatments=_merged(draft.co_treatments, tuple(co_treatments)),
        note=args.note if args.note is not None else draft.note,
        plan=args.plan if args.plan is not None else draft.plan,
    )


def _advice(said: list[str]) -> tuple[str, ...]:
    if said == ["all"]:
        return sheet_defaults()
    return tuple(choose("--advice", one, ADVICE).code for one in said)


def _merged(old: tuple[str, ...], new: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*old, *new)))


def _inquiries(line: Line, args: argparse.Namespace) -> list[Inquiry]:
    """What was asked about reactions. A bruise or soreness in the line was seen by the therapist."""
    if (args.reaction or args.since_last) and args.asked is None:
        raise BadInput(_("reactions: say how they were asked, --asked checklist or --asked open"))
    seen = tuple(Reaction(r.kind, "mild", r.insertion_id, soreness=r.soreness) for r in line.reactions)
    told = answers.reactions(args.reaction, "--reaction")
    if args.reaction and not told and seen:
        raise BadInput(_("--reaction none: the line says that a bruise or soreness was seen"))
    made = []
    if args.since_last:
        before = answers.reactions(args.since_last, "--since-last")
        made.append(_inquiry("since_last", args.asked, "patient", before))
    if args.reaction or seen:
        made.append(_inquiry("session", args.asked or "open", "therapist", (*seen, *told)))
    return made


def _inquiry(stage: InquiryStage, asked: str, reporter: str, told: tuple[Reaction, ...]) -> Inquiry:
    return Inquiry(stage, asked, reporter, "yes" if told else "none", told)


def _notes(line: Line, episode: Episode) -> list[str]:
    sides = {row.side for row in line.insertions}
    if sides and episode.side not in sides:
        hip = SIDE_WORDS[episode.side]
        return [
            _("note: episode {number} is the {hip} hip, no site of the line is on that side").format(
                number=episode.number, hip=hip
            )
        ]
    return []
