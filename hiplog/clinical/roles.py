"""What a role may do: one table, which the front door of the logbook asks and every screen shows.

On a file a role is a courtesy of this program: whoever holds the file and a passphrase can use another tool.
On PostgreSQL the server keeps by its own grants what needs no telling apart of owner and therapist.
"""

from __future__ import annotations

from dataclasses import dataclass

from hiplog.clinical.code_words import said
from hiplog.clinical.record import ROLES, Role
from hiplog.clinical.requests import STEPS
from hiplog.errors import Refused
from hiplog.language import _

COURTESY = _(
    "On a file these rules are kept by hiplog alone: whoever holds the file and its passphrase can open it "
    "with another program. On PostgreSQL the server itself keeps an auditor's login from names and from "
    "writing, and every login from changing what was signed or audited. What sets an owner apart from a "
    "therapist is kept by hiplog there too, except erasing, which needs the login of upgrades."
)


class Forbidden(Refused):
    """The role of whoever asks does not allow it; ``act`` is the row of the table that says so."""

    def __init__(self, message: str, act: str) -> None:
        super().__init__(message)
        self.act = act


@dataclass(frozen=True, slots=True)
class Act:
    """One row: what is done, who may do it, and the entries of the audit trail that doing it writes."""

    code: str
    what: str
    roles: tuple[Role, ...]
    writes: tuple[str, ...] = ()


EVERYONE: tuple[Role, ...] = ROLES
CARE: tuple[Role, ...] = ("therapist", "owner")
OWNER: tuple[Role, ...] = ("owner",)
CALLED: dict[Role, str] = {"therapist": _("a therapist"), "owner": _("an owner"), "auditor": _("an auditor")}

ACTS = (
    Act("read", _("read charts by code, outcomes and the audit trail; verify it"), EVERYONE),
    Act("names", _("see names, birth dates, contacts and what was written in words"), CARE),
    Act(
        "chart",
        _("add and change patients, episodes, precautions and needle protocols"),
        CARE,
        (
            "patient.add", "patient.edit", "episode.open", "episode.close",
            "precaution.add", "precaution.end", "protocol.save", "protocol.remove",
        ),
    ),
    Act(
        "draft",
        _("start a session; change, undo and discard the own draft"),
        CARE,
        ("session.start", "session.enter", "session.edit", "session.undo", "session.discard"),
    ),
    Act("discard", _("discard the draft of somebody else"), OWNER),
    Act("sign", _("sign the own draft"), CARE, ("session.sign",)),
    Act("cosign", _("co-sign what a colleague has signed"), CARE, ("session.cosign",)),
    Act("amend", _("amend or void a signed session, with a reason"), CARE, ("session.amend", "session.void")),
    Act(
        "request",
        _("record and answer a patient's request to amend the record"),
        CARE,
        ("request.add", *(f"request.{step}" for step in STEPS)),
    ),
    Act("follow", _("record a follow-up"), CARE, ("follow_up.record", "follow_up.unreachable")),
    Act("secret", _("change the own passphrase and PIN"), EVERYONE),
    Act("export", _("export without names"), EVERYONE),
    Act("identify", _("export with names, for a reason that is kept"), OWNER),
    Act(
        "import",
        _("read a bundle or foreign CSV into the logbook"),
        OWNER,
        (
            "import", "import.bundle", "clinic.intake_key", "practitioner.import", "patient.import",
            "episode.import", "precaution.import", "session.import",
        ),
    ),
    Act(
        "users",
        _("add, change and disable users; set their first passphrase or PIN; set the consent form"),
        OWNER,
        (
            "practitioner.add", "practitioner.edit", "practitioner.disable", "practitioner.enable",
            "clinic.consent_form",
        ),
    ),
    Act(
        "seal",
        _("give up a seal key that is lost for good and begin a new one"),
        OWNER,
        ("seal.anew",),
    ),
    Act(
        "erase",
        _("erase the identity of a patient, and whatever else stands in no other row"),
        OWNER,
        ("patient.erase", "patient.recorded"),
    ),
)  # fmt: skip
BY_CODE = {act.code: act for act in ACTS}
BY_ENTRY = {entry: act for act in ACTS for entry in act.writes}
LAST = BY_CODE["erase"]
"""The row that holds for an entry of the record that no row names: it is the owner's."""


def may(role: Role, code: str) -> bool:
    """Whether ``role`` may do the act called ``code``."""
    return role in BY_CODE[code].roles


def require(role: Role | None, code: str, who: str) -> None:
    """Raise ``Forbidden`` unless ``role`` may do the act; the program itself has no role and may."""
    act = BY_CODE[code]
    if role is not None and role not in act.roles:
        raise Forbidden(refusal(who, role, act), code)


def require_entry(role: Role | None, entry: str, who: str, *, record: bool) -> None:
    """Raise ``Forbidden`` unless ``role`` may write ``entry``, of the record or of a mere look."""
    act = BY_ENTRY.get(entry, LAST if record else None)
    if act is not None:
        require(role, act.code, who)


def refusal(who: str, role: Role, act: Act) -> str:
    """The sentence for somebody whose role does not allow ``act``."""
    return _("{who} is {role} and may not {act}; that is for: {roles}").format(
        who=who, role=called(role), act=act.what, roles=", ".join(map(said, act.roles))
    )


def called(role: Role) -> str:
    """``an owner``, ``a therapist``."""
    return CALLED[role]


def table() -> list[tuple[str, ...]]:
    """The rows as shown: what is done, then ``yes`` or ``–`` for each role."""
    return [(act.what, *(_("yes") if role in act.roles else "–" for role in ROLES)) for act in ACTS]
