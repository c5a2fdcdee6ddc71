"""Write the FHIR file: whole or not at all, private, logged before it gets its name."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from hiplog.clinical import roles
from hiplog.clinical.errors import BadInput, Refused, Unreachable
from hiplog.exchange import folder, shape
from hiplog.exchange.bundle import Progress, Request
from hiplog.exchange.describe import Written as File
from hiplog.exchange.fhir import codings, elements, stream
from hiplog.exchange.fhir.codings import Element
from hiplog.exchange.fhir.rows import Door
from hiplog.language import _
from hiplog.logbook import archive, clinic, texts
from hiplog.logbook.archive import Unit
from hiplog.logbook.book import Logbook
from hiplog.settings import sync

JSON, NDJSON, PART = ".json", ".ndjson", ".part"
HEAD = 1000


@dataclass(frozen=True, slots=True)
class Written:
    """A FHIR file as written: where, how many resources of each type, its hash and the chain's head."""

    path: Path
    resources: dict[str, int]
    sha256: str
    head: dict[str, Any]


def write(
    book: Logbook,
    target: Path,
    *,
    since: date | None = None,
    until: date | None = None,
    identified: bool = False,
    reason: str | None = None,
    progress: Progress | None = None,
) -> Written:
    """Write the record as FHIR R4B and log that it was written.

    ``target`` is a ``.json`` file (one ``collection`` Bundle), an ``.ndjson`` file (one resource a line), or
    a name that gets ``.json``. De-identified unless ``identified``, which needs an owner and a
    ``reason``. An earlier file of ours is replaced. Raises ``Refused`` without role or reason, ``BadInput``
    for a target that is something else, ``IntegrityFailed`` when file and logbook do not agree.
    """
    if since and until and since > until:
        raise BadInput(
            _("from {since} to {until}: the first day lies after the last").format(since=since, until=until)
        )
    stated = texts.line(_("reason"), reason) if reason and reason.strip() else None
    asked = Request(since, until, identified, stated, excel=False)
    if identified:
        _allow(book, asked)
    path = named(target)
    with _beside(path) as part:
        file, counted, head = book.read(_fill, part, path.suffix == NDJSON, asked, progress)
        # Logged before it gets its name: there is never a file that nobody logged.
        book.write(_log, asked, sum(counted.values()), head, file.sha256)
    return Written(path, dict(sorted(counted.items())), file.sha256, head)


def named(target: Path) -> Path:
    """Return the file that ``target`` means: itself when it is called .json or .ndjson, else with .json."""
    return target if target.suffix in (JSON, NDJSON) else target.with_name(target.name + JSON)


def _allow(book: Logbook, asked: Request) -> None:
    who = book.read(clinic.practitioner, book.actor)
    if not roles.may(who.role, "identify"):
        book.write(_log_refusal, who.role)
        raise Refused(
            _(
                "an identified export needs an owner, {code} is {called}; without names it can "
                "be had by everybody"
            ).format(code=who.code, called=roles.called(who.role))
        )
    if asked.reason is None:
        raise Refused(_("an identified export needs a reason, which is kept in the logbook: --reason TEXT"))


def _log_refusal(unit: Unit, role: str) -> None:
    unit.access("export.refused", "fhir", None, profile="identified", role=role)


def _log(unit: Unit, asked: Request, count: int, head: dict[str, Any], digest: str) -> None:
    days = {name: day.isoformat() if day else None for name, day in _days(asked).items()}
    profile = "identified" if asked.identified else "deidentified"
    told = {"profile": profile, "reason": asked.reason, "resources": count, "head": head, "sha256": digest}
    unit.access("export.fhir", "fhir", None, **days, **told)


def _days(asked: Request) -> dict[str, date | None]:
    return {"since": asked.since, "until": asked.until}


def _fill(
    unit: Unit, part: Path, by_line: bool, asked: Request, progress: Progress | None
) -> tuple[File, Counter[str], dict[str, Any]]:
    shown = shape.Profile(asked.identified, asked.whole, unit.zone, archive.codes(unit))
    door = Door(shown, stream.keys(unit))
    counted: Counter[str] = Counter()
    found = _counting(stream.resources(unit, asked, door, progress), counted)
    lines = (f"{_json(one)}\n" for one in found) if by_line else _bundle(found, door.profile)
    with unit.frugal():
        file = folder.write(part.parent, part.name, lines)
    return file, counted, asdict(archive.heads(unit)["record"])


def _counting(found: Iterable[Element], counted: Counter[str]) -> Iterator[Element]:
    for one in found:
        counted[one["resourceType"]] += 1
        yield one


def _bundle(found: Iterable[Element], profile: str) -> Iterator[str]:
    head = {"resourceType": "Bundle", "meta": {"tag": [elements.tag(profile)]}, "type": "collection"}
    yield _json(head)[:-1] + ',"entry":['
    between = "\n"
    for one in found:
        address = f"{codings.BASE}/{one['resourceType']}/{one['id']}"
        yield f"{between}{_json({'fullUrl': address, 'resource': one})}"
        between = ",\n"
    yield "\n]}\n"


def _json(value: Element) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """Yield where the new file is to be written; on success it takes the place of ``path``."""
    part = path.with_name(path.name + PART)
    try:
        for one in (path, part):
            _check(one)
        part.unlink(missing_ok=True)
        yield part
        part.replace(path)
        sync(path.absolute().parent)
    except OSError as error:
        why = error.strerror or type(error).__name__
        told = _("{path}: cannot be written ({why}); nothing was left there, what stood there stands").format(
            path=path, why=why
        )
        raise Unreachable(told) from None
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _check(path: Path) -> None:
    if path.is_symlink():
        raise BadInput(_("{path}: is a link; name the file itself").format(path=path))
    if path.exists() and not (path.is_file() and _is_ours(path)):
        raise BadInput(
            _("{path}: is something else than a FHIR file of hiplog; name a new one").format(path=path)
        )


def _is_ours(path: Path) -> bool:
    with path.open("rb") as file:
        start = file.read(HEAD)
    return codings.own_system("profile").encode() in start or (not start and path.name.endswith(PART))
