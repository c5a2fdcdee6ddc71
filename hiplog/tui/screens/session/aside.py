"""The patient beside the session: facts, precautions, last time. A pane when wide, two lines when narrow."""

from __future__ import annotations

from textual.content import Content

from hiplog.clinical.code_words import said
from hiplog.clinical.muscles import MUSCLES
from hiplog.clinical.needling import Insertion
from hiplog.clinical.record import Session
from hiplog.clinical.screening import Finding
from hiplog.language import _, counted
from hiplog.logbook.shown import shown
from hiplog.tui.privacy import named, worded
from hiplog.tui.screens.parts import (
    age_words,
    hip_words,
    joined,
    local,
    measure_name,
    precaution_words,
    reading_words,
    short_day,
    stacked,
)
from hiplog.tui.screens.session.frame import PAIN, Frame

TWITCH = _("twitch")
OVERRIDDEN = _("{finding} (goes on with a reason)")


def compact(frame: Frame) -> Content:
    """The facts in at most three lines."""
    facts = [age_words(frame.timeline.patient.birth, frame.today)]
    if frame.episode:
        facts.append(hip_words(frame.episode.side, frame.episode.cause))
    lines = [joined(", ".join(facts), f"   {_last_line(frame)}")]
    words = "; ".join(precaution_words(p) for p in frame.timeline.precautions)
    if words:
        lines.append(joined(("! ", "bold $accent"), shown(words)))
    return stacked(lines)


def _last_line(frame: Frame) -> str:
    last = frame.last
    if last is None:
        return _("first visit")
    told = [_("last {day}").format(day=short_day(local(last), frame.today))]
    for measure in (PAIN, frame.measure):
        pair = _pair(last, measure)
        if pair:
            name = _("pain") if measure == PAIN else measure
            told.append(f"{name} {pair}")
    return ", ".join(told)


def _pair(visit: Session, measure: str) -> str:
    stages = (visit.reading(measure, "before"), visit.reading(measure, "after"))
    return "→".join(reading_words(r) for r in stages if r is not None)


def pane(frame: Frame, findings: tuple[Finding, ...]) -> Content:
    """The facts in full: patient, precautions, findings, last time row by row."""
    patient = frame.timeline.patient
    lines = [joined((shown(named(patient.name), 34), "bold")), joined(age_words(patient.birth, frame.today))]
    if frame.episode:
        lines.append(joined(hip_words(frame.episode.side, frame.episode.cause)))
    lines += [joined(""), *_precautions(frame), *_findings(findings), *_last(frame)]
    return stacked(lines)


def _precautions(frame: Frame) -> list[Content]:
    found = [joined(("! ", "bold $accent"), shown(precaution_words(p))) for p in frame.timeline.precautions]
    return [*found, joined("")] if found else []


def _findings(findings: tuple[Finding, ...]) -> list[Content]:
    if not findings:
        return []
    return [joined((_("Screening"), "bold $primary")), *(finding_line(f) for f in findings), joined("")]


def finding_line(finding: Finding) -> Content:
    """``! stop: deep bleeding …``; an overridden one says so."""
    told = shown(finding.reason)
    told = OVERRIDDEN.format(finding=told) if finding.overridden else told
    style = "bold $accent" if finding.action != "caution" else "bold"
    return joined(("! ", style), told)


def told_finding(finding: Finding) -> Content:
    """A stop or referral in full, a caution in a few words."""
    if finding.action == "caution" or finding.overridden:
        told = shown(short_finding(finding))
        if finding.overridden and finding.action != "caution":
            told = OVERRIDDEN.format(finding=told)
        return joined(("! ", "bold"), told)
    return finding_line(finding)


def short_finding(finding: Finding) -> str:
    """A finding in a few words: what, and which muscles."""
    name = finding.reason.split(":")[0]
    where = f" {', '.join(finding.muscles)}" if finding.muscles else ""
    return f"{said(finding.action)}{where}: {name}"


def _last(frame: Frame) -> list[Content]:
    last = frame.last
    if last is None:
        return [joined((_("First visit"), "bold $primary"))]
    head = _("Last time, {day}").format(day=short_day(local(last), frame.today))
    lines = [joined((head, "bold $primary"))]
    for measure in dict.fromkeys((PAIN, frame.measure)):
        pair = _pair(last, measure)
        if pair:
            lines.append(joined(f"{measure_name(measure)} {pair}"))
    lines += [joined(f"{_site(row)}") for row in last.insertions]
    lines.append(
        joined(counted(last.needles.inserted or len(last.insertions), "{count} needle", "{count} needles"))
    )
    for text in (last.plan, last.note):
        if text:
            lines.append(joined((shown(worded(text), 200), "italic")))
    return lines


def _site(row: Insertion) -> str:
    muscle = MUSCLES.get(row.muscle)
    name = shown(muscle.name if muscle else row.muscle, 20)
    times = f" ×{row.twitch_count}" if row.twitch_count else ""
    twitch = f", {TWITCH}{times}" if row.twitch == "elicited" else ""
    return f"{name} {row.side}{f' {row.zone}' if row.zone else ''}{twitch}"
