"""Other treatments given beside needling, recorded once a session so that outcomes can be read with them."""

from __future__ import annotations

from dataclasses import dataclass

from hiplog.clinical.vocabulary import Catalogue


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
        CoTreatment("PHYSIO", "physical therapy", ("physiotherapy", "manual therapy", "pt")),
        CoTreatment("EXERCISE", "exercise", ("strengthening",)),
        CoTreatment("STRETCH", "stretching"),
        CoTreatment("MASSAGE", "massage"),
        CoTreatment("HEAT", "heat", ("warm pack",)),
        CoTreatment("ICE", "ice", ("cold pack", "cold")),
        CoTreatment("MEDICATION", "medication", ("painkiller", "nsaid")),
        CoTreatment("STEROID", "corticosteroid injection", ("cortisone",)),
        CoTreatment("ACUPUNCTURE", "acupuncture"),
        CoTreatment("CHIRO", "chiropractic", ("manipulation",)),
        CoTreatment("OTHER", "other"),
    )
)
