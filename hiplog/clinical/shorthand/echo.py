"""Say in plain words what a quick-entry line was understood to mean, before anything is written."""

from __future__ import annotations

from collections.abc import Iterator

from hiplog.clinical.code_words import said
from hiplog.clinical.measures import MEASURES, value_text
from hiplog.clinical.muscles import MUSCLES, Muscle, free_place
from hiplog.clinical.needling import TECHNIQUES, Insertion
from hiplog.clinical.record import SIDE_WORDS, NeedleCount, Reading
from hiplog.clinical.shorthand.line import BRUISE, Line, SiteReaction
from hiplog.clinical.shorthand.pieces import plain
from hiplog.language import _, counted

_TWITCH = {
    "none": _("twitch sought, none"),
    "not_seen": _("twitch sought, could not be seen"),
    "not_sought": _("twitch not sought"),
}
_INTO = {"scar": _("into a scar"), "tendon": _("into a tendon")}
_STAGES = {
    "before": _("{value} before"),
    "after": _("{value} after"),
    "follow_up": _("{value} at follow-up"),
}


def echo(line: Line) -> tuple[str, ...]:
    """Return a sentence a site, a measure and a needle count, then what was filled in for the person."""
    told: list[str] = [_("the plan of last time")] if line.as_last_time else []
    told += [_site(row, line.reactions) for row in line.insertions]
    told += _measures(line.readings)
    told += _ledger(line.needles)
    return (*told, *line.notes)


def _site(row: Insertion, reactions: tuple[SiteReaction, ...]) -> str:
    muscle = MUSCLES[row.muscle]
    words = [muscle.name, SIDE_WORDS[row.side], *_zone(muscle, row.zone)]
    if row.target != "muscle":
        words.append(_INTO.get(row.target, row.target))
    words += [*_needle(row), *_use(row), *_response(row)]
    words += [_reaction(reaction) for reaction in reactions if reaction.insertion_id == row.id]
    return ", ".join(words)


def _zone(muscle: Muscle, zone: str | None) -> Iterator[str]:
    if zone is None:
        return
    if free_place(zone) is not None:
        yield _("place {zone}").format(zone=zone)
        return
    known = muscle.zone(zone)
    yield (
        _("zone {zone}").format(zone=zone)
        if known is None
        else _("zone {zone} ({label})").format(zone=zone, label=known.label)
    )


def _needle(row: Insertion) -> Iterator[str]:
    if row.diameter_mm is not None and row.length_mm is not None:
        yield f"{row.diameter_mm:.2f} × {row.length_mm} mm"
    elif row.diameter_mm is not None:
        yield _("needle {diameter_mm:.2f} mm thick").format(diameter_mm=row.diameter_mm)
    elif row.length_mm is not None:
        yield _("needle {length_mm} mm long").format(length_mm=row.length_mm)
    if row.depth_mm is not None:
        yield _("{depth_mm} mm deep").format(depth_mm=row.depth_mm)


def _use(row: Insertion) -> Iterator[str]:
    technique = TECHNIQUES.get(row.technique)
    if technique is not None:
        yield technique.name
    if row.passes is not None:
        yield counted(row.passes, "{count} pass", "{count} passes")
    if row.insertions != 1:
        yield counted(row.insertions, "{count} skin insertion", "{count} skin insertions")
    if row.hz is not None:
        yield f"{plain(row.hz)} Hz"
    if row.ma is not None:
        yield f"{plain(row.ma)} mA"
    if row.retention_min is not None:
        yield (
            _("left in {minutes} min").format(minutes=row.retention_min)
            if row.retention_min
            else _("in and out")
        )


def _response(row: Insertion) -> Iterator[str]:
    if row.twitch == "elicited":
        yield (
            _("twitch elicited")
            if row.twitch_count is None
            else counted(row.twitch_count, "twitch elicited {count} time", "twitch elicited {count} times")
        )
    elif row.twitch is not None:
        yield _TWITCH[row.twitch]
    if row.familiar_pain is not None:
        yield _("familiar pain reproduced") if row.familiar_pain else _("familiar pain not reproduced")


def _reaction(reaction: SiteReaction) -> str:
    return (
        _("bruise seen")
        if reaction.kind == BRUISE
        else _("soreness {soreness}/10 seen").format(soreness=reaction.soreness)
    )


def _measures(readings: tuple[Reading, ...]) -> list[str]:
    """One sentence for the stages of a measure on one side."""
    told: dict[tuple[str, str | None, str | None], list[str]] = {}
    for reading in readings:
        if reading.value is not None:
            value = value_text(MEASURES[reading.measure], reading.value)
            key = (reading.measure, reading.side, reading.mode)
            told.setdefault(key, []).append(_STAGES[reading.stage].format(value=value))
    return [f"{_measure(*key)}: {', '.join(values)}" for key, values in told.items()]


def _measure(code: str, side: str | None, mode: str | None) -> str:
    words = [MEASURES[code].name]
    if side is not None:
        words.append(SIDE_WORDS[side])
    if mode is not None:
        words.append(said(mode))
    return " ".join(words)


def _ledger(needles: NeedleCount) -> list[str]:
    ledger = (
        (needles.opened, _("{count} opened")),
        (needles.inserted, _("{count} in")),
        (needles.withdrawn, _("{count} out")),
        (needles.to_sharps, _("{count} to sharps")),
    )
    words = [sentence.format(count=count) for count, sentence in ledger if count is not None]
    return [_("needles: {counts}").format(counts=", ".join(words))] if words else []
