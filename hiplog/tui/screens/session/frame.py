"""What stays the same while a session is written: who, which hip, what came before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from hiplog.clinical import screening
from hiplog.clinical.measures import MEASURES
from hiplog.clinical.record import Episode, Session, Side
from hiplog.clinical.screening import Finding
from hiplog.clinical.shorthand import LineDefaults
from hiplog.tui.screens.parts import local

if TYPE_CHECKING:
    from hiplog.logbook.timeline import Timeline

FIRST_MOTION = "IR"
PAIN = "NPRS"


@dataclass(frozen=True, slots=True)
class Frame:
    """The surroundings of one open session; motion is taken with ``measure``, ``mode`` and ``device``."""

    timeline: Timeline
    episode: Episode | None
    last: Session | None
    today: date
    actor: str
    measure: str
    mode: str
    device: str | None = None
    consent_form: str = "1"

    @property
    def first_visit(self) -> bool:
        """Whether no session of this patient was signed yet."""
        return not any(s.status == "signed" for s in self.timeline.sessions)

    @property
    def side(self) -> Side | None:
        """The hip this session is about."""
        return self.episode.side if self.episode else None

    @property
    def defaults(self) -> LineDefaults:
        """What a quick-entry line may take for granted."""
        return LineDefaults(side=self.side, rom_mode=self.mode or "passive")

    def side_for(self, measure: str) -> Side | None:
        """The side a reading of ``measure`` is taken on, ``None`` for one without a side."""
        known = MEASURES.get(measure)
        return self.side if known is not None and known.needs_side else None

    def findings(self, draft: Session) -> tuple[Finding, ...]:
        """What the answers and standing precautions say about the planned muscles."""
        birth = self.timeline.patient.birth
        on = local(draft).date()
        age = (
            None if birth is None else on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))
        )
        return screening.screen(
            draft.screening,
            self.timeline.precautions,
            [row.muscle for row in draft.insertions],
            techniques=[row.technique for row in draft.insertions if row.technique],
            age=age,
        )

    def open_questions(self, draft: Session) -> tuple[str, ...]:
        """The screening questions not answered yet."""
        return screening.unanswered(draft.screening, self.timeline.precautions, self.first_visit)


def frame_of(timeline: Timeline, session: Session, today: date, actor: str, consent_form: str = "1") -> Frame:
    """Put together what a session's screen needs; motion is taken as it was last time."""
    episode = next((e for e in timeline.episodes if e.id == session.episode), None)
    signed = [s for s in timeline.sessions if s.status == "signed" and s.id != session.id]
    measure, mode, device = _motion(session, signed)
    last = signed[-1] if signed else None
    return Frame(timeline, episode, last, today, actor, measure, mode, device, consent_form)


def _motion(session: Session, signed: list[Session]) -> tuple[str, str, str | None]:
    for visit in (session, *reversed(signed)):
        for reading in visit.readings:
            known = MEASURES.get(reading.measure)
            if known is not None and known.kind != "pain":
                return known.code, reading.mode or ("passive" if known.modes else ""), reading.device
    return FIRST_MOTION, "passive", None
