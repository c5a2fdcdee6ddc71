"""The verbs that keep the record: a lost seal key, the full check, backups with what they hold."""

from __future__ import annotations

from commands import Run

from hiplog.settings import Settings


def test_a_lost_seal_key_is_given_up_with_its_reason(signed: Run, places: Settings) -> None:
    for one in places.seals.glob("*.seal"):
        one.unlink()
    lost = signed("audit", "verify")
    assert lost.code == 7 and "--begin-anew" in lost.out
    assert signed("audit", "key", "--begin-anew").code == 2
    assert signed("audit", "key", "--reason", "x").code == 2
    done = signed("audit", "key", "--begin-anew", "--reason", "stolen", "--json").json
    assert len(done["given_up"]) == 1 and done["key"] not in done["given_up"]
    told = signed("audit", "verify", "--json").json
    assert told["ok"] and [one["kind"] for one in told["notes"]] == ["seal-given-up"] * len(told["notes"])
    assert "note: entries 1 to" in signed("audit", "verify").out
    assert signed("audit", "key", "--begin-anew", "--reason", "again").code == 4
