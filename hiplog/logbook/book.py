"""The front door: open a logbook, then read and write through it.

``book.write(patients.add, draft)`` runs one use case in one transaction and commits it;
``book.read(worklist.today)`` reads without being able to change anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine

from hiplog.clinical import roles
from hiplog.clinical.errors import BadInput, IntegrityFailed, Locked, Refused, SchemaBehind, Unreachable
from hiplog.clinical.record import PractitionerDraft, Role
from hiplog.clinical.roles import Forbidden
from hiplog.language import _
from hiplog.logbook import access, clinic, sealing
from hiplog.settings import Settings, private_file, private_folder
from hiplog.storage import backup, grants, grounds, keys, schema, seals, unit
from hiplog.storage.engine import Opening, closed, connect, look, writable
from hiplog.storage.refusals import translated
from hiplog.storage.unit import Unit

P = ParamSpec("P")
T = TypeVar("T")
Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The machine's time, aware and in UTC; the only clock of the logbook."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Logbook:
    """An open logbook in the hands of ``actor``. ``banner`` says why it is read-only, or is ``None``.

    ``role`` is what the actor may do, ``entered`` how the actor came in, ``proven`` that the PIN was given.
    """

    settings: Settings
    engine: Engine
    opening: Opening
    clinic: clinic.Clinic
    actor: str
    clock: Clock
    banner: str | None = None
    role: Role | None = None
    entered: access.Entered = "open"
    proven: bool = False
    trail_only: bool = False
    """Whether it was opened with the auditor's login of a server, which reads the audit trail and no more."""
    waits: Callable[[], None] | None = field(default=None, repr=False, compare=False)
    """Told when a write has to wait for another program that is writing to the same file."""

    @classmethod
    def open(
        cls,
        settings: Settings,
        clock: Clock = utc_now,
        *,
        upgrade: bool = False,
        key: bytes | None = None,
        secret: str | None = None,
        proved: bool = False,
    ) -> Logbook:
        """Open an existing logbook; ``key`` is that of an encrypted one (``vault.unlock``).

        The actor is ``settings.actor``, else who opened the key, else the first practitioner. One who has a
        passphrase gives it as ``secret``, unless the caller has ``proved`` the actor already.

        Raises ``NotFound`` when there is none, ``IntegrityFailed`` for a damaged or foreign file, ``Locked``
        for an encrypted one without its key, ``SignIn`` when the actor must prove who that is,
        ``SchemaBehind`` for an older schema unless ``upgrade``. A newer one, or one that cannot be
        written here, opens read-only and :attr:`banner` says so.
        """
        opening = opening_of(settings, key)
        engine, state = _connected(opening)
        if state is not schema.State.EMPTY and _is_auditors(engine, opening):
            return cls._for_auditor(settings, engine, opening, clock)
        behind = state is schema.State.BEHIND
        if behind or (upgrade and state is schema.State.CURRENT and schema.unguarded(engine)):
            if not upgrade:
                raise SchemaBehind(_("this logbook is older than the program; run: hiplog database upgrade"))
            schema.upgrade(engine, lambda: backup_before(settings, engine, opening, clock(), "upgrade"))
        banner = None
        if state is schema.State.NEWER:
            engine.dispose()
            opening = replace(opening, read_only=True)
            engine, banner = connect(opening), NEWER
        else:
            opening, banner = sealing.attend(settings, engine, opening, clock())
            banner = _why_read_only(settings) if opening.read_only else banner
        started = unit.begin(engine, clock(), clinic.SYSTEM, "UTC", writing=False)
        with translated(), started as reading:
            kept = clinic.read(reading)
            actor = clinic.actor(reading, settings.actor or getattr(key, "who", None))
            role = clinic.role(reading, actor)
        book = cls(settings, engine, opening, kept, actor, clock, banner, role)
        try:
            taken = book if proved else access.admit(book, key, secret)
            if key is not None:
                access.tell_tries(taken)
            return taken
        except BaseException:
            engine.dispose()
            raise

    @classmethod
    def _for_auditor(cls, settings: Settings, engine: Engine, opening: Opening, clock: Clock) -> Logbook:
        """The trail in the hands of whoever has the server's login for it; that login is the proof."""
        engine.dispose()
        opening = replace(opening, read_only=True)
        engine = connect(opening)
        reading = unit.begin(engine, clock(), clinic.SYSTEM, "UTC", writing=False)
        with translated(), reading as work:
            kept = clinic.read(work)
        own = {"role": "auditor", "banner": TRAIL_ONLY, "trail_only": True}
        return cls(settings, engine, opening, kept, AUDITOR, clock, **own)  # type: ignore[arg-type]

    @classmethod
    def create(
        cls,
        settings: Settings,
        name: str,
        zone: str,
        practitioner: PractitionerDraft,
        clock: Clock = utc_now,
        vault: keys.Vault | None = None,
    ) -> Logbook:
        """Make a new logbook with its first practitioner, whole or not at all; never over a file.

        It is encrypted with the key of ``vault``, whose slots are written beside it; plain without one.
        """
        now = clock()

        def found(connection: Connection) -> clinic.Clinic:
            work = Unit(connection, now, practitioner.code, clinic.known_zone(zone))
            kept = clinic.found(work, name, zone, practitioner)
            sealing.found(work, settings, ring)
            work.settle()
            return kept

        ring = seals.Ring((seals.derived(vault.key) if vault else seals.new_key(),))
        opening = Opening(settings.database, vault.key if vault else None, ring=ring)
        with _fresh(settings, vault):
            engine = connect(opening)
            if schema.state(engine) is not schema.State.EMPTY:
                raise BadInput(
                    _("this database holds a logbook already; nothing was written over it, name another")
                )
            kept = schema.create(engine, now, found)
        return cls(settings, engine, opening, kept, practitioner.code, clock, role="owner")

    def read(self, query: Callable[Concatenate[Unit, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run ``query`` in a transaction that cannot change anything."""
        with (
            translated(),
            self._begin(self.clock(), writing=False) as work,
        ):
            return query(work, *args, **kwargs)

    def write(self, action: Callable[Concatenate[Unit, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run ``action`` and commit it: all of it, with its audit row, or nothing.

        What the actor's role forbids raises ``Forbidden`` and leaves an entry in the access trail.
        """
        if self.banner is not None:
            raise _refusal(self.banner)
        try:
            with translated(), self._begin(self.clock(), writing=True) as work:
                result = action(work, *args, **kwargs)
                unit.commit(work, self.arrived)
                return result
        except Forbidden as refused:
            self._note_refusal(refused)
            raise

    def need(self, act: str) -> None:
        """Raise ``Forbidden``, with an entry in the access trail, unless the actor's role may do ``act``."""
        try:
            roles.require(self.role, act, self.actor)
        except Forbidden as refused:
            self._note_refusal(refused)
            raise

    def _note_refusal(self, refused: Forbidden) -> None:
        access.note(self, "refused", act=refused.act, role=str(self.role))

    def _begin(self, now: datetime, *, writing: bool) -> AbstractContextManager[Unit]:
        return unit.begin(
            self.engine,
            now,
            self.actor,
            self.clinic.zone,
            writing=writing,
            role=self.role,
            proven=self.proven,
            waits=self.waits,
        )

    def arrived(self, mark: str) -> bool:
        """Whether the write that raised ``Unsettled`` with this mark is in the logbook after all."""
        return unit.arrived(self.engine, mark)

    @property
    def is_plain(self) -> bool:
        """Whether whoever gets at the file can read it; a server's disks are the server's matter."""
        return self.opening.is_file and self.opening.key is None

    def acting(self, code: str) -> Logbook:
        """Return the same logbook in the hands of another practitioner; ``NotFound`` if unknown.

        Whether that person sits there is not asked: see :mod:`hiplog.logbook.access`.
        """
        actor = self.read(clinic.actor, code)
        role = self.read(clinic.role, actor)
        return replace(self, actor=actor, role=role, entered="open", proven=False)

    def shut(self) -> Logbook:
        """Close it and return its plain facts without key and connection; nothing can be read with them."""
        self.close()
        return replace(self, engine=closed(), opening=replace(self.opening, key=None), proven=False)

    def close(self) -> None:
        """Let go of the file or server."""
        self.engine.dispose()


AUDITOR = "AUDITOR"
TRAIL_ONLY = _(
    "This login of the server reads the audit trail and nothing of any patient: "
    "hiplog audit verify, audit show and audit head answer it."
)
NEWER = _("This logbook was written by a newer hiplog. It is open for reading only; update hiplog to write.")
READ_ONLY = _("This logbook's file or folder cannot be written. It is open for reading only.")


def _why_read_only(settings: Settings) -> str:
    ground = grounds.unsafe(settings.path) if settings.is_file else None
    return (
        _("{ground} Until then it is open for reading only.").format(ground=ground) if ground else READ_ONLY
    )


def _refusal(banner: str) -> SchemaBehind | Unreachable:
    return (
        SchemaBehind(banner)
        if banner is NEWER
        else Unreachable(_("{banner} Nothing was saved.").format(banner=banner))
    )


def _is_auditors(engine: Engine, opening: Opening) -> bool:
    if opening.is_file:
        return False
    with translated(), engine.connect() as connection:
        return grants.auditing(connection)


def opening_of(settings: Settings, key: bytes | None = None) -> Opening:
    """Return how the logbook is to be opened; ``Locked`` when it is encrypted and ``key`` is missing."""
    if not settings.is_file:
        return Opening(settings.database)
    kind = look(settings.path)
    read_only = not writable(settings.path) or grounds.unsafe(settings.path) is not None
    if kind == "plain":
        return Opening(settings.database, read_only=read_only)
    if key is None:
        raise Locked(
            _("{path}: this logbook is encrypted; it opens with its passphrase only").format(
                path=settings.path
            )
        )
    return Opening(settings.database, key, read_only=read_only)


def _connected(opening: Opening) -> tuple[Engine, schema.State]:
    engine = connect(opening)
    try:
        return engine, schema.require(engine)
    except IntegrityFailed:
        engine.dispose()
        if opening.key is None:
            raise
        raise IntegrityFailed(
            _(
                "{database}: the passphrase is right, but the file does not open: it is "
                "damaged, or the key file beside it belongs to another logbook; it was left as "
                "it is. Restore a backup with: hiplog restore FILE"
            ).format(database=opening.database)
        ) from None


@contextmanager
def _fresh(settings: Settings, vault: keys.Vault | None) -> Iterator[None]:
    """Hold an empty private file while a logbook is made in it; take it away again when that fails."""
    if not settings.is_file:
        yield
        return
    path = settings.path
    room_for(path)
    private_folder(path.parent)
    private_file(path)
    try:
        if vault is not None:
            keys.write(keys.beside(path), vault.slots)
        yield
    except BaseException:
        for end in ("", "-wal", "-shm", "-journal", *([".keys"] if vault else [])):
            path.with_name(path.name + end).unlink(missing_ok=True)
        raise


def room_for(path: Path) -> None:
    """Raise ``BadInput`` when a new logbook at ``path`` would lie over a file or beside an old key.

    ``Refused`` when it would lie on a network disk or in a synced folder.
    """
    ground = grounds.unsafe(path)
    if ground is not None:
        raise Refused(_("no logbook was made: {ground}").format(ground=ground))
    for there in (path, keys.beside(path)):
        if there.exists():
            raise BadInput(
                _(
                    "{there}: exists already; nothing was written over it. Move it away or name another"
                ).format(there=there)
            )


def backup_before(settings: Settings, engine: Engine, opening: Opening, now: datetime, why: str) -> None:
    """Make a verified copy before something that could go wrong; a server is backed up by its own tools."""
    if opening.is_file:
        backup.copy(engine, opening, settings.backups / backup.name_for(now, why), made_at=now)
