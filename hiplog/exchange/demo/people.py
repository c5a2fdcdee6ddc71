"""Invented people: names put together from lists of several languages, birth dates, contact details."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from hiplog.clinical.record import PatientDraft, PractitionerDraft, Sex

YOUNGEST, OLDEST = 19, 88
DOUBLE = 0.12
"""Share of double-barrelled family names where they are customary."""


@dataclass(frozen=True, slots=True)
class Names:
    """Names of one language; ``share`` is how often it is drawn, against the other languages."""

    share: int
    female: tuple[str, ...]
    male: tuple[str, ...]
    family: tuple[str, ...]


def _listed(names: str) -> tuple[str, ...]:
    return tuple(names.split(", "))


LANGUAGES: tuple[Names, ...] = (
    Names(
        52,
        _listed(
            "Annegret, Birte, Carola, Edda, Friederike, Gesine, Heike, Ilka, Käthe, Liesel, Mareike, "
            "Nele, Reinhild, Silke, Traudel, Ulrike, Wiebke, Änne, Almut, Dörte, Elke, Frauke, Gudrun, "
            "Hedwig, Imke, Jule, Katrin, Lore, Meike, Okka, Roswitha, Svenja, Tomma, Verena"
        ),
        _listed(
            "Arne, Bodo, Detlef, Eckart, Friedhelm, Gernot, Hinrich, Ingolf, Jörg, Knut, Lutz, Malte, "
            "Norbert, Ole, Rüdiger, Sönke, Torben, Veit, Bernd, Carsten, Dierk, Enno, Focko, Günter, "
            "Hauke, Jochen, Klaas, Lorenz, Manfred, Onno, Rolf, Steffen, Thilo, Uwe, Wilko"
        ),
        _listed(
            "Müller, Ahlers, Böttcher, Dörr, Eggers, Fröhlich, Großmann, Hübner, Jäckel, Köster, Lüders, "
            "Möhring, Nießen, Östreich, Pagel, Rösler, Schäferling, Tönnies, Weißdorn, Zöllner, Apfelbeck, "
            "Brinkhoff, Clausnitz, Deichgräber, Ehlert, Feddersen, Gramberg, Hasselhorn, Iversen, Jeschke, "
            "Kranzbühler, Löffelmann, Meinhold, Nordbruch, Oltmanns, Plagge, Quast, Rehder, Sievers, "
            "Thölke, Uhlig, Vosskühler, Wiesenhof, Ziegenbein"
        ),
    ),
    Names(
        11,
        _listed("Agnieszka, Bożena, Danuta, Grażyna, Jadwiga, Małgorzata, Żaneta"),
        _listed("Bogusław, Grzegorz, Łukasz, Mirosław, Przemysław, Sławomir, Zdzisław"),
        _listed("Dąbek, Gałązka, Kłosek, Łabędź, Ptaszek, Wróbel, Źródlak, Żurawik"),
    ),
    Names(
        12,
        _listed("Ayşe, Çiğdem, Fatma, Gülşen, Nurgül, Şükran, Zübeyde"),
        _listed("Bülent, Cengiz, Hüseyin, İbrahim, Oğuz, Şaban, Ümit"),
        _listed("Akbulut, Çiftçi, Doğan, Gündüz, İnce, Öztaş, Şimşekli, Yıldırım"),
    ),
    Names(
        7,
        _listed("Astrid, Birgitte, Ingrid, Maj-Britt, Sólveig, Åse"),
        _listed("Anders, Bjørn, Håkon, Kjell, Søren, Þorsteinn"),
        _listed("Bjerregaard, Dahlström, Ødegård, Nørgaard, Sjöholm, Ågren"),
    ),
    Names(
        7,
        _listed("Aisling, Bridget, Maureen, Niamh, Gráinne, Winifred"),
        _listed("Cormac, Fiachra, Eoin, Oisín, Ruairí, Seán"),
        _listed("O'Neill, Mac Gabhann, D'Arcy-Holt, Fitzmaurice, Ó Briain, Pemberton"),
    ),
    Names(
        7,
        _listed("Ánh, Hạnh, Mỹ Linh, Thu Hà, Tuyết"),
        _listed("Bảo, Đức, Hữu Phước, Quang, Tuấn"),
        _listed("Nguyễn, Đặng, Lê, Phạm, Trần"),
    ),
    Names(
        12,
        _listed("Assunta, Béatrice, Conceição, Françoise, Inés, Núria, Zoë"),
        _listed("Aurélien, Benoît, Iñaki, João, Noël, Raúl, Tommaso"),
        _listed("Bianchetti, Fernández-Ruiz, Gonçalinho, L'Hermite, Muñizábal, Peña, Quattrocchi, Savoïe"),
    ),
)

STAFF = (
    ("DN001", "Annika Brandström", "PT-20417", "Dry needling, 80 h", 790),
    ("DN002", "Tomasz Wiórek", "PT-31188", "Dry needling, 54 h", 410),
    ("DN003", "Leïla Haddouche", "PT-28630", "Dry needling, 60 h", 19),
)
"""Code, name, licence, training, and days until the licence lapses: that of DN003 is about to."""

SURGEONS = ("Dr. Ebba Lindqvist-Maas", "Dr. Ottokar Prell", "Dr. Yasmine Tahiri")
"""Physicians who cleared a needling; invented like everybody else."""


def staff(today: date) -> tuple[PractitionerDraft, ...]:
    """Return the three practitioners, the owner first; one licence lapses within weeks of ``today``."""
    return tuple(
        PractitionerDraft(
            code=code,
            name=name,
            licence=licence,
            expires=today + timedelta(days=days),
            training=training,
            role="owner" if code == "DN001" else "therapist",
        )
        for code, name, licence, training, days in STAFF
    )


def person(rng: Random, sex: Sex, birth: date) -> PatientDraft:
    """Return an invented person without a chart code; given and family name are of one language."""
    names = rng.choices(LANGUAGES, [language.share for language in LANGUAGES])[0]
    given = names.female if sex == "female" else names.male
    family = rng.choice(names.family)
    if names is LANGUAGES[0] and rng.random() < DOUBLE:
        family = "-".join(rng.sample(names.family, 2))
    return PatientDraft(
        code="",
        family=family,
        given=rng.choice(given),
        birth=birth,
        sex=sex,
        phone=_phone(rng) if rng.random() < 0.8 else None,
    )


def birth_date(rng: Random, age: float, first_visit: date, today: date) -> date:
    """Return a birth date for about ``age`` years at the first visit, 19 then and 88 today at the limits."""
    born = first_visit - timedelta(days=round(age * 365.25) + rng.randrange(-180, 180))
    latest = first_visit.replace(year=first_visit.year - YOUNGEST, day=min(first_visit.day, 28))
    earliest = today.replace(year=today.year - OLDEST - 1, day=min(today.day, 28)) + timedelta(days=5)
    return max(min(born, latest), earliest)


def _phone(rng: Random) -> str:
    # The block of Berlin numbers set aside for films and plays: nobody answers there.
    return f"+49 30 23125 {rng.randrange(1000):03d}"
