"""Other treatments given beside needling, recorded once a session so that outcomes can be read with them."""

from __future__ import annotations

from dataclasses import dataclass

from hiplog.clinical.vocabulary import Catalogue
from hiplog.language import _


@dataclass(frozen=True, slots=True)
class CoTreatment:
    """A treatment beside needling; none of these is a recommendation."""

    code: str
    name: str
    synonyms: tuple[str, ...] = ()
    retired: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The name and the synonyms."""
        return (self.name, *self.synonyms)


CO_TREATMENTS: Catalogue[CoTreatment] = Catalogue(
    (
        CoTreatment("PHYSIO", _("physical therapy"), ("physiotherapy", "manual therapy", "pt")),
        CoTreatment("EXERCISE", _("exercise"), ("strengthening",)),
        CoTreatment("STRETCH", _("stretching")),
        CoTreatment("MASSAGE", _("massage")),
        CoTreatment("HEAT", _("heat"), ("warm pack",)),
        CoTreatment("ICE", _("ice"), ("cold pack", "cold")),
        CoTreatment("MEDICATION", _("medication"), ("painkiller", "nsaid")),
        CoTreatment("STEROID", _("corticosteroid injection"), ("cortisone",)),
        CoTreatment("ACUPUNCTURE", _("acupuncture")),
        CoTreatment("CHIRO", _("chiropractic"), ("manipulation",)),
        CoTreatment("OTHER", _("other")),
    )
)
