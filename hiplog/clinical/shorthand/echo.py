"""Say in plain words what a quick-entry line was understood to mean, before anything is written."""

from __future__ import annotations

from collections.abc import Iterator

from hiplog.clinical.measures import MEASURES, value_text
from hiplog.clinical.muscles import MUSCLES, Muscle, free_place
from hiplog.clinical.needling import TECHNIQUES, Insertion
from hiplog.clinical.record import SIDE_WORDS, NeedleCount, Reading
from hiplog.clinical.shorthand.line import BRUISE, Line, SiteReaction
from hiplog.clinical.shorthand.pieces import plain

_TWITCH = {
    "none": "twitch sought, none",
    "not_seen": "twitch sought, could not be seen",
    "not_sought": "twitch not sought",
}


def echo(line: Line) -> tuple[str, ...]:
    """Return a sentence a site, a measure and a needle count, then what was filled in for the person."""
    said: list[str] = ["the plan of last time"] if line.as_last_time else []
    said += [_site(row, line.reactions) for row in line.insertions]
    said += _measures(line.readings)
    said += _ledger(line.needles)
    return (*said, *line.notes)


def _site(row: Insertion, reactions: tuple[SiteReaction, ...]) -> str:
    muscle = MUSCLES[row.muscle]
    words = [muscle.name, SIDE_WORDS[row.side], *_zone(muscle, row.zone)]
    if row.target != "muscle":
        words.append(f"into {row.target}")
    words += [*_needle(row), *_use(row), *_response(row)]
    words += [_reaction(reaction) for reaction in reactions if reaction.insertion_id == row.id]
    return ", ".join(words)


def _zone(muscle: Muscle, zone: str | None) -> Iterator[str]:
    if zone is None:
        return
    if free_place(zone) is not None:
        yield f"place {zone}"
        return
    known = muscle.zone(zone)
    yield f"zone {zone}" if known is None else f"zone {zone} ({known.label})"


def _needle(row: Insertion) -> Iterator[str]:
    if row.diameter_mm is not None and row.length_mm is not None:
        yield f"{row.diameter_mm:.2f} × {row.length_mm} mm"
    elif row.diameter_mm is not None:
        yield f"needle {row.diameter_mm:.2f} mm thick"
    elif row.length_mm is not None:
        yield f"needle {row.length_mm} mm long"
    if row.depth_mm is not None:
        yield f"{row.depth_mm} mm deep"


def _use(row: Insertion) -> Iterator[str]:
    technique = TECHNIQUES.get(row.technique)
    if technique is not None:
        yield technique.name
    if row.passes is not None:
        yield _many(row.passes, "pass", "passes")
    if row.insertions != 1:
        yield _many(row.insertions, "skin insertion", "skin insertions")
    if row.hz is not None:
        yield f"{plain(row.hz)} Hz"
    if row.ma is not None:
        yield f"{plain(row.ma)} mA"
    if row.retention_min is not None:
        yield f"left in {row.retention_min} min" if row.retention_min else "in and out"


def _response(row: Insertion) -> Iterator[str]:
    if row.twitch == "elicited":
        times = "" if row.twitch_count is None else f" {_many(row.twitch_count, 'time', 'times')}"
        yield f"twitch elicited{times}"
    elif row.twitch is not None:
        yield _TWITCH[row.twitch]
    if row.familiar_pain is not None:
        yield "familiar pain reproduced" if row.familiar_pain else "familiar pain not reproduced"


def _reaction(reaction: SiteReaction) -> str:
    return "bruise seen" if reaction.kind == BRUISE else f"soreness {reaction.soreness}/10 seen"


def _measures(readings: tuple[Reading, ...]) -> list[str]:
    """One sentence for the stages of a measure on one side."""
    said: dict[tuple[str, str | None, str | None], list[str]] = {}
    for reading in readings:
        if reading.value is not None:
            value = value_text(MEASURES[reading.measure], reading.value)
            key = (reading.measure, reading.side, reading.mode)
            said.setdefault(key, []).append(f"{value} {reading.stage}")
    return [f"{_measure(*key)}: {', '.join(values)}" for key, values in said.items()]


def _measure(code: str, side: str | None, mode: str | None) -> str:
    words = [MEASURES[code].name]
    if side is not None:
        words.append(SIDE_WORDS[side])
    if mode is not None:
        words.append(mode.replace("_", " "))
    return " ".join(words)


def _ledger(needles: NeedleCount) -> list[str]:
    counted = (
        (needles.opened, "opened"),
        (needles.inserted, "in"),
        (needles.withdrawn, "out"),
        (needles.to_sharps, "to sharps"),
    )
    words = [f"{count} {word}" for count, word in counted if count is not None]
    return [f"needles: {', '.join(words)}"] if words else []


def _many(count: int, one: str, more: str) -> str:
    return f"{count} {one if count == 1 else more}"
