"""Is this logbook well? Each check a name, a verdict and a sentence."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace

from sqlalchemy import Table, func, select
from sqlalchemy.exc import DBAPIError

from hiplog.clinical.errors import HiplogError
from hiplog.language import _, counted, p_
from hiplog.logbook import alarms, anchors, trail_health, upkeep, vault
from hiplog.logbook.book import Logbook
from hiplog.logbook.verdict import Check
from hiplog.storage import engine, grants, keys, postgres, schema, shape
from hiplog.storage.tables import patients, sessions
from hiplog.storage.unit import Unit

PLAIN = _("NOT ENCRYPTED: whoever gets at the file reads every patient; encrypt it with: hiplog encrypt")

SCHEMA = {
    schema.State.EMPTY: p_("schema", "empty"),
    schema.State.BEHIND: p_("schema", "behind"),
    schema.State.CURRENT: p_("schema", "current"),
    schema.State.NEWER: p_("schema", "newer"),
}
ONLY_FULL = _("not looked at; hiplog doctor --full does")
SERVERS = _("not looked at: the pages are the server's, its own tools check them")
SERVERS_LINKS = _("not looked at: the server keeps the links between rows itself")
OPENS = {
    ("none",): _("the file opens with no key"),
    ("wrong",): _("the file opens with a wrong key"),
    ("none", "wrong"): _("the file opens with no key and with a wrong one"),
}


def checks(book: Logbook, full: bool = False) -> tuple[Check, ...]:
    """Look at schema, pages, links between rows and the audit trail.

    ``full`` also reads every index, tells the parts of the trail apart, and holds it against the heads noted
    on this machine. What was not looked at is among the checks and says so.
    """
    return tuple(_checks(book, full))


def _checks(book: Logbook, full: bool) -> Iterator[Check]:
    yield _looked(book, "schema", _schema, book)
    yield Check("writable", book.banner is None, book.banner or _("the logbook can be written"))
    if book.opening.is_file:
        yield _looked(book, "sqlite", _library)
        yield _looked(book, "encryption", _encryption, book)
        yield _looked(book, "copies", _copies, book)
        yield _looked(book, "backups", _backups, book)
        yield _looked(book, "space", _space, book)
        yield _looked(book, "permissions", _permissions, book)
        yield _looked(book, "pages", _pages, full, book.opening.key is not None)
        yield _looked(book, "links", _links)
    else:
        yield _looked(book, "server", _server)
        yield _looked(book, "login", _login)
        yield _looked(book, "line", _line)
        yield Check("pages", True, SERVERS, looked=False)
        yield Check("links", True, SERVERS_LINKS, looked=False)
    if full:
        yield from trail_health.whole_trail(book)
        yield _looked(book, "heads", trail_health.heads, anchors.newest(book))
        if book.opening.is_file:
            yield _looked(book, "manifests", trail_health.manifests, book)
        yield _looked(book, "tables", _tables)
    else:
        yield _looked(book, "audit", trail_health.trail)
        yield Check("indexes", True, ONLY_FULL, looked=False)
        yield Check("heads", True, ONLY_FULL, looked=False)
        yield Check("tables", True, ONLY_FULL, looked=False)
    yield _looked(book, "clock", _clock)
    yield _looked(book, "content", _counts)


def _looked(book: Logbook, name: str, look: Callable[..., Check], *about: object) -> Check:
    try:
        return book.read(look, *about)
    except HiplogError as error:
        return Check(name, False, str(error))
    except ValueError:
        return Check(name, False, _("damaged: a value in the file is not written as hiplog writes it"))


def _schema(unit: Unit, book: Logbook) -> Check:
    state = schema.state(book.engine)
    return Check(
        "schema",
        state is schema.State.CURRENT,
        _("the schema is {value} (head {head})").format(value=SCHEMA[state], head=schema.HEAD),
    )


def _library(unit: Unit) -> Check:
    version = tuple(int(part) for part in _said(unit, "SELECT sqlite_version()").split("."))
    safe = version >= engine.SAFE_WAL
    journal = _said(unit, "PRAGMA journal_mode")
    words = _("SQLite {version}, journal {journal}").format(
        version=".".join(map(str, version)), journal=journal
    )
    return Check("sqlite", safe or journal != "wal", words)


def _encryption(unit: Unit, book: Logbook) -> Check:
    if book.opening.key is None:
        return Check("encryption", True, PLAIN)
    opened = [name for name, key in (("none", None), ("wrong", keys.new_key())) if _opens(book, key)]
    if opened:
        return Check("encryption", False, OPENS[tuple(opened)])
    return Check("encryption", True, _("encrypted; tried with no key and with a wrong one, it does not open"))


def _opens(book: Logbook, key: bytes | None) -> bool:
    tried = engine.connect(replace(book.opening, key=key, read_only=True))
    try:
        with tried.connect():
            return True
    except DBAPIError as error:
        return "not a database" not in str(error.orig)
    finally:
        tried.dispose()


def _copies(unit: Unit, book: Logbook) -> Check:
    if book.opening.key is None:
        return Check("copies", True, _("not looked at: the logbook itself is plain"))
    left = vault.plain_copies(book.settings)
    words = (
        counted(
            len(left),
            "{count} unencrypted file lies beside: {first}",
            "{count} unencrypted files lie beside, the first is {first}",
            first=left[0],
        )
        if left
        else ""
    )
    return Check(
        "copies", not left, words or _("no unencrypted copy lies in the logbook's or backups folder")
    )


def _backups(unit: Unit, book: Logbook) -> Check:
    wrong = upkeep.warning(unit, book)
    return Check("backups", wrong is None, wrong or _("the backups are not older than a week"))


def _space(unit: Unit, book: Logbook) -> Check:
    free = shutil.disk_usage(book.settings.path.parent).free
    return Check(
        "space",
        free >= alarms.ROOM,
        _("{free:,} MB are free on the logbook's disk").format(free=free // 1_000_000),
    )


def _clock(unit: Unit) -> Check:
    wrong = alarms.clock_back(unit)
    return Check(
        "clock", wrong is None, wrong or _("the clock of this computer is not before the newest entry")
    )


def _permissions(unit: Unit, book: Logbook) -> Check:
    path = book.settings.path
    files = [path, *([keys.beside(path)] if book.opening.key else [])]
    modes = {one.name: one.stat().st_mode & 0o777 for one in files}
    loose = [name for name, mode in modes.items() if mode & 0o077]
    words = ", ".join(f"{mode:04o}" for mode in modes.values())
    sentence = (
        _("the file's mode is {mode}; make it private with: chmod 600 {files}")
        if loose
        else _("the file's mode is {mode}")
    )
    return Check("permissions", not loose, sentence.format(mode=words, files=" ".join(loose)))


def _pages(unit: Unit, full: bool, encrypted: bool) -> Check:
    pragma = "integrity_check" if full else "quick_check"
    told = _said(unit, f"PRAGMA {pragma}")
    if encrypted and told == "ok":
        forged = unit.connection.exec_driver_sql("PRAGMA cipher_integrity_check").all()
        told = str(forged[0][0]) if forged else told
    words = _("every page and every index reads") if full else _("every page reads")
    return Check(
        "pages", told == "ok", words if told == "ok" else _("damaged: {told}").format(told=told[:200])
    )


def _links(unit: Unit) -> Check:
    broken = len(unit.connection.exec_driver_sql("PRAGMA foreign_key_check").all())
    words = (
        counted(broken, "{count} row points nowhere", "{count} rows point nowhere")
        if broken
        else _("every row points to one that exists")
    )
    return Check("links", not broken, words)


def _server(unit: Unit) -> Check:
    weak = postgres.weaknesses(unit.connection)
    words = _("what the server acknowledged is on its disk, with checksums")
    return Check(
        "server",
        not weak,
        _("could lose or silently damage records: {weak}").format(weak=", ".join(weak)) if weak else words,
    )


def _login(unit: Unit) -> Check:
    roles = grants.found(unit.connection)
    if roles is None:
        return Check(
            "login",
            True,
            _(
                "NOT DIVIDED: this database was set up without roles of its own; see: "
                "hiplog database create --help"
            ),
        )
    name = _said(unit, "SELECT session_user")
    return Check(
        "login",
        True,
        _("{name}; the tables belong to {owner}, as which nobody logs in").format(
            name=name, owner=roles.owner
        ),
    )


def _line(unit: Unit) -> Check:
    encrypted, far = postgres.line(unit.connection)
    if encrypted or not far:
        return Check("line", True, _("encrypted (TLS)") if encrypted else _("within this machine"))
    return Check(
        "line", False, _("NOT ENCRYPTED between this chair and the server; add ?sslmode=verify-full")
    )


def _tables(unit: Unit) -> Check:
    wrong = list(shape.altered(unit.connection))
    told = NOT_AS_MADE.format(what=wrong[0], count=len(wrong) - 1) if wrong else AS_MADE
    return Check("tables", not wrong, told)


AS_MADE = _("every table, column, rule and index is as this program makes it")
NOT_AS_MADE = _(
    "not as this program makes it: {what}; and {count} more. Restore a backup with: hiplog restore FILE"
)


def _counts(unit: Unit) -> Check:
    people, visits = (_count(unit, table) for table in (patients, sessions))
    return Check(
        "content", True, _("{people} patients, {visits} sessions").format(people=people, visits=visits)
    )


def _count(unit: Unit, table: Table) -> int:
    row = unit.one(select(func.count()).select_from(table))
    return int(row[0]) if row else 0


def _said(unit: Unit, statement: str) -> str:
    return str(unit.connection.exec_driver_sql(statement).scalar())
