"""Facts of a visit by the command line: sent on later, the form in use, the instrument, how questions were put."""

from __future__ import annotations

from commands import Run

CONTACT = ("follow-up", "P1", "--by", "patient", "--asked", "checklist")


def test_a_contact_keeps_to_whom_the_patient_was_sent(signed: Run) -> None:
    told = signed(*CONTACT, "--reaction", "infect:significant", "--refer-to", "Dr. Ott", "--urgent", "--json")
    sent = {"reason": "INFECT", "to": "Dr. Ott", "urgent": True, "note": None, "follow_up": True}
    assert told.json["referrals"] == [sent] and "! refer" in told.err
    assert signed("audit", "verify").code == 0
    alone = signed(*CONTACT, "--reaction", "infect:significant")
    assert "nobody is noted as told" in alone.err
    why = signed(*CONTACT, "--none", "--refer-to", "Dr. Ott")
    assert why.code == 2 and "--refer-reason" in why.err
    assert signed(*CONTACT, "--none", "--refer-to", "Dr. Ott", "--refer-reason", "night").code == 0
    assert signed(*CONTACT, "--none", "--urgent").code == 2
    assert signed("follow-up", "P1", "--unreachable", "--refer-to", "Dr. Ott").code == 2


def test_a_consent_keeps_the_form_in_use(signed: Run) -> None:
    assert signed("clinic", "show", "--json").json["clinic"]["consent_form"] == "1"
    assert signed("clinic", "consent-form", "2026-01").code == 0
    later = signed("log", "P1", "gmed r 30x50 fifo t1; p5>3 n1/1", "--consent", "yes", "--json").json
    assert later["consent"]["form_version"] == "2026-01"
    wrong = signed("clinic", "consent-form", "the blue one")
    assert wrong.code == 2 and "is no edition" in wrong.err
    assert signed("audit", "verify").code == 0


def test_a_change_of_instrument_is_told_with_the_trend(signed: Run) -> None:
    for device, value in (("goniometer", 25), ("phone", 29)):
        line = f"gmed r 30x50 fifo t1; p5 irr{value} n1/1"
        done = signed("log", "P1", line, "--device", device, "--json").json
        taken = {one["measure"]: (one["device"], one["tester"]) for one in done["readings"]}
        assert taken == {"NPRS": (None, "DN001"), "IR": (device, "DN001")}
    told = signed("trend", "P1", "--measure", "ir", "--json").json
    assert "instrument goniometer → phone" in [mark["label"] for mark in told["marks"]]
    assert [point["device"] for point in told["points"]][-2:] == ["goniometer", "phone"]
    assert "¦ instrument goniometer → phone" in signed("trend", "P1", "--measure", "ir").out


def test_answers_given_together_say_so(signed: Run) -> None:
    told = signed("log", "P1", "gmed r 30x50; p5 n1/1", "--screen", "fever=yes", "--json").json["screening"]
    asked = {one["item"]: one["asked"] for one in told}
    assert asked["FEVER"] == "singly" and asked["ANTICOAG"] == "together"
