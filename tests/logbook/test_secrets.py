"""Passphrase once a start, PIN to sign: on a plain file, on PostgreSQL, and in the slots of an encrypted file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
import samples
import vaults
from clients import other
from clocks import SetClock
from vaults import CODE, PASSPHRASE

from hiplog.clinical.errors import BadInput, Locked, Refused, SignIn, WrongSecret
from hiplog.clinical.record import PractitionerDraft
from hiplog.logbook import access, amendments, audit, clinic, credentials, sessions, users, vault
from hiplog.logbook.book import Logbook
from hiplog.settings import Settings
from hiplog.storage import keys

WORDS, PIN = "under the apple tree", "471108152903"
"""Long enough that no random key in the trail holds it by chance."""
both = pytest.mark.both_databases


def secured(book: Logbook) -> None:
    """The first practitioner with passphrase and PIN, and a colleague without."""
    users.set_passphrase(book, "DN001", WORDS)
    users.set_pin(book, "DN001", PIN)
    book.write(clinic.add, PractitionerDraft("DN002", "Bo Lind"))


def entered(places: Settings, clock: SetClock, secret: str = WORDS) -> Logbook:
    return Logbook.open(places, clock, secret=secret)


def signable(book: Logbook) -> str:
    draft = samples.begin(book)
    return book.write(sessions.save, samples.complete(draft), draft.version).id


def actions(book: Logbook) -> list[str]:
    return [one.action for one in book.read(audit.events, 20, "access")]


@both
@pytest.mark.grown(by=secured)
def test_who_has_a_passphrase_must_give_it_at_the_start(places: Settings, clock: SetClock) -> None:
    with pytest.raises(SignIn, match="DN001 has a passphrase") as wanted:
        Logbook.open(places, clock)
    assert (wanted.value.who, wanted.value.exit_code) == ("DN001", 4)
    for wrong in ("under the apple", "", PIN):
        with pytest.raises(WrongSecret):
            entered(places, clock, wrong)
    book = entered(places, clock)
    assert (book.actor, book.role, book.entered) == ("DN001", "owner", "passphrase")
    assert actions(book)[:4] == ["sign-in", *["passphrase.wrong"] * 3]
    book.close()
    free = Logbook.open(replace(places, actor="DN002"), clock)
    assert (free.actor, free.entered) == ("DN002", "open")
    free.close()


@both
@pytest.mark.grown(by=secured)
def test_nothing_is_signed_without_the_pin(places: Settings, clock: SetClock) -> None:
    book = entered(places, clock)
    draft = signable(book)
    with pytest.raises(Locked, match="signature of DN001 needs the PIN"):
        book.write(sessions.sign, draft)
    with pytest.raises(WrongSecret, match="4 tries left"):
        access.proven(book, "0815")
    kept = access.proven(book, PIN).write(sessions.sign, draft)
    assert kept.signed_by == "DN001"
    for attempt in (
        lambda: book.write(amendments.amend, draft, "plan", "rest", "typing error"),
        lambda: book.write(sessions.void, draft, "wrong patient"),
        lambda: book.write(sessions.cosign, draft),
        lambda: book.write(
            sessions.enter, replace(samples.complete(kept), id="1" * 36, version=1), signed=True
        ),
    ):
        with pytest.raises(Locked, match="needs the PIN"):
            attempt()
    assert book.read(audit.verify).ok
    book.close()


@both
@pytest.mark.grown(by=secured)
def test_five_wrong_pins_are_counted_across_restarts(places: Settings, clock: SetClock) -> None:
    for tried in range(credentials.TRIES):
        book = entered(places, clock) if tried == 0 else Logbook.open(places, clock, proved=True)
        with pytest.raises(WrongSecret, match=f"{4 - tried} tr" if tried < 4 else "only the passphrase"):
            access.proven(replace(book, entered="passphrase"), "0815")
        book.close()
    book = Logbook.open(places, clock, proved=True)
    with pytest.raises(WrongSecret, match="5 wrong PINs; only the passphrase of DN001 helps now"):
        access.by_pin(book, PIN)
    assert access.needs(replace(book, entered="passphrase")) == ("passphrase", "pin")
    assert access.proven(book, PIN, WORDS).proven
    assert access.standing(book, "DN001").failures == 0
    assert book.read(audit.verify).ok
    book.close()


@both
@pytest.mark.grown(by=secured)
def test_the_first_signature_of_a_run_asks_both_components(places: Settings, clock: SetClock) -> None:
    start = entered(places, clock)
    users.set_passphrase(start, "DN002", "another long one")
    users.set_pin(start, "DN002", "8312")
    assert access.needs(start) == ("pin",)
    colleague = access.by_pin(start, "8312", "DN002")
    assert (colleague.actor, access.needs(colleague)) == ("DN002", ("passphrase", "pin"))
    with pytest.raises(Locked, match="first signature of DN002"):
        access.proven(colleague, "8312")
    after = replace(access.proven(colleague, "8312", "another long one"), proven=False)
    assert access.needs(after) == ("pin",)
    start.close()


@both
@pytest.mark.grown(by=secured)
def test_a_secret_written_past_hiplog_is_found(places: Settings, clock: SetClock) -> None:
    for spoil in (
        "UPDATE credentials SET pin_failures = pin_failures + 1",
        "UPDATE credentials SET pin_hash = 'x'",
        "DELETE FROM credentials",
    ):
        with other(places) as execute:
            execute(spoil)
        book = Logbook.open(places, clock, proved=True)
        assert [one.kind for one in book.read(audit.verify).findings] == ["altered-secret"]
        book.close()


def test_no_hash_and_no_secret_stands_in_the_trail(book: Logbook) -> None:
    secured(book)
    told = repr(
        book.read(lambda unit: unit.connection.exec_driver_sql("SELECT body FROM audit_payloads").all())
    )
    for hidden in (WORDS, PIN, "argon2"):
        assert hidden not in told


@pytest.mark.parametrize("pin", ["123", "12a4", "1" * 13, "1111", "1234", "9876", "١٢٣٥", ""])
def test_a_pin_that_is_none(book: Logbook, pin: str) -> None:
    users.set_passphrase(book, "DN001", WORDS)
    with pytest.raises(BadInput, match="PIN"):
        users.set_pin(book, "DN001", pin)


def test_a_pin_needs_a_passphrase_to_fall_back_on(book: Logbook) -> None:
    with pytest.raises(Refused, match="hiplog user passphrase"):
        users.set_pin(book, "DN001", PIN)


# -- an encrypted file -------------------------------------------------------------------------------


@pytest.fixture
def locked(places: Settings, clock: SetClock) -> Iterator[Logbook]:
    vaults.lay(places)
    book = Logbook.open(places, clock, key=vault.unlock(places, PASSPHRASE))
    yield book
    book.close()


def come(book: Logbook, secret: str, actor: str | None = None) -> Logbook:
    places = replace(book.settings, actor=actor)
    return Logbook.open(places, book.clock, key=vault.unlock(places, secret))


def test_each_user_opens_the_file_with_the_own_passphrase(locked: Logbook) -> None:
    size = locked.settings.path.read_bytes()[:16]
    users.add(locked, PractitionerDraft("DN002", "Bo Lind"), WORDS, PIN)
    for secret, who, how in (
        (WORDS, "DN002", "passphrase"),
        (PASSPHRASE, "DN001", "passphrase"),
        (CODE, "DN001", "recovery"),
    ):
        book = come(locked, secret)
        assert (book.actor, book.entered) == (who, how)
        assert actions(book)[0] == "sign-in"
        book.close()
    with pytest.raises(SignIn, match="not the passphrase of DN002"):
        come(locked, PASSPHRASE, "DN002")
    assert locked.settings.path.read_bytes()[:16] == size, "the file's own key (its salt) stays"


def test_changing_and_disabling_rewrap_and_leave_the_others_alone(locked: Logbook) -> None:
    users.add(locked, PractitionerDraft("DN002", "Bo Lind"), WORDS)
    users.set_passphrase(locked, "DN002", "quite another one")
    with pytest.raises(WrongSecret):
        come(locked, WORDS)
    come(locked, "quite another one").close()
    users.disable(locked, "DN002")
    held = {(slot.kind, slot.who) for slot in keys.read(keys.beside(locked.settings.path))}
    assert held == {("passphrase", "DN001"), ("recovery", "")}
    with pytest.raises(WrongSecret):
        come(locked, "quite another one")
    come(locked, CODE).close()
    assert {"passphrase.set", "passphrase.remove"} <= set(actions(locked))
    assert locked.read(audit.verify).ok


def test_a_therapist_sets_no_secret_of_another(locked: Logbook) -> None:
    users.add(locked, PractitionerDraft("DN002", "Bo Lind"), WORDS)
    book = come(locked, WORDS)
    with pytest.raises(Refused, match="DN002 is a therapist and may not"):
        users.set_passphrase(book, "DN001", "taken over now")
    users.set_passphrase(book, "DN002", "my own new words")
    book.close()
    come(locked, PASSPHRASE).close()


def test_a_passphrase_is_one_thing_before_and_after_a_conversion(locked: Logbook) -> None:
    from hiplog.logbook import conversion

    users.set_pin(locked, "DN001", PIN)
    places = locked.settings
    locked.close()
    conversion.decrypt(places, PASSPHRASE, locked.clock)
    with pytest.raises(SignIn):
        Logbook.open(places, locked.clock)
    plain = entered(places, locked.clock, PASSPHRASE)
    assert access.proven(plain, PIN).read(audit.verify).ok
    plain.close()
    with pytest.raises(WrongSecret):
        conversion.encrypt(places, "not the one I have", CODE, locked.clock)
    conversion.encrypt(places, PASSPHRASE, CODE, locked.clock)
    back = come(locked, PASSPHRASE)
    assert access.standing(back, "DN001") == access.Standing(passphrase=True, pin=True)
    assert back.read(audit.verify).ok
    back.close()
