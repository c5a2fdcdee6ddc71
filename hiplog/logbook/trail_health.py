"""Is the audit trail well, and does what was noted of it elsewhere agree?"""

from __future__ import annotations

from collections.abc import Iterator

from hiplog.clinical.errors import HiplogError
from hiplog.language import _
from hiplog.logbook import anchors, audit, upkeep
from hiplog.logbook.book import Logbook
from hiplog.logbook.verdict import Check
from hiplog.storage import chain, manifest
from hiplog.storage.unit import Unit


def trail(unit: Unit) -> Check:
    report = audit.verify(unit)
    rows = sum(head.seq for head in report.heads)
    words = _("{rows} entries follow one another and match the record").format(rows=rows)
    return Check("audit", report.ok, words if report.ok else report.findings[0].message)


def whole_trail(book: Logbook) -> Iterator[Check]:
    """The trail taken apart: each of its checks with its own verdict."""
    try:
        report = book.read(audit.verify)
    except HiplogError as error:
        yield Check("audit", False, str(error))
        return
    found: dict[str, list[str]] = {name: [] for name in PARTS}
    for one in report.findings:
        found[_part(one)].append(one.message)
    entries = sum(head.seq for head in report.heads)
    for name, words in PARTS.items():
        wrong = found[name]
        told = MORE.format(first=wrong[0], count=len(wrong) - 1) if len(wrong) > 1 else "".join(wrong)
        yield Check(name, not wrong, told or words.format(entries=entries))
    for note in report.notes:
        yield Check("seals", True, note.message, looked=False)


def _part(one: audit.Finding) -> str:
    for kind, name in (("seal-", "seals"), ("guard-", "guards"), ("altered-step", "drafts")):
        if one.kind.startswith(kind):
            return name
    if one.kind == "altered-secret":
        return "secrets"
    return "audit" if one.table is None else "rows"


PARTS = {
    "audit": _("{entries} entries of both trails follow one another, and none was altered"),
    "seals": _("every entry carries the seal of a key that is here"),
    "rows": _("every row is what the trail last recorded of it, none is missing or too many"),
    "guards": _("every guard of the signed record stands as it was made"),
    "drafts": _("every kept step of a draft is as it was kept"),
    "secrets": _("passphrases and PINs are those that the trail last saw"),
}
MORE = _("{first}; and {count} more: hiplog audit verify lists them")
NO_HEADS = _("no head of this logbook was noted on this machine yet; they are noted when hiplog is left")
HEADS = _("the heads noted last on this machine are entries of the trail")


def heads(unit: Unit, kept: tuple[anchors.Kept, ...]) -> Check:
    if not kept:
        return Check("heads", True, NO_HEADS, looked=False)
    wrong = [one.message for one in anchors.compare(unit, kept)]
    return Check("heads", not wrong, wrong[0] if wrong else HEADS)


def manifests(unit: Unit, book: Logbook) -> Check:
    """Hold the head that each backup was made with against the trail, and the newest file against its sum."""
    there = upkeep.copies(book.settings.backups)
    told = [(one, manifest.read(one.path)) for one in there]
    with_one = [(one, found) for one, found in told if found is not None]
    strange = [one.path.name for one, found in with_one if not _known(unit, found)]
    if strange:
        return Check("manifests", False, STRANGE.format(name=strange[0], count=len(strange)))
    spoilt = [one.path.name for one, found in with_one[:1] for _ in manifest.altered(found, one.path)]
    if spoilt:
        return Check("manifests", False, SPOILT.format(name=spoilt[0]))
    words = MANIFESTS.format(count=len(with_one), without=len(there) - len(with_one))
    return Check("manifests", True, words, looked=bool(with_one))


def _known(unit: Unit, found: manifest.Manifest) -> bool:
    return all(chain.includes(unit.connection, head) for head in found.heads if head.chain == "record")


MANIFESTS = _(
    "{count} backups were made of this trail, and the newest file is as it was; {without} without manifest"
)
STRANGE = _(
    "{name}: the head it was made with is not in this trail ({count} such): another logbook's, or rewritten"
)
SPOILT = _("{name}: the file is not the one that was backed up; make a new one with: hiplog backup")
