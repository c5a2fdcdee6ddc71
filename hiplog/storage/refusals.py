"""What the database or its driver refused, as a sentence that says what would do, without patient text."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, StatementError

from hiplog.clinical.errors import BadInput, HiplogError, IntegrityFailed, Refused, Unreachable
from hiplog.language import _
from hiplog.storage import server_words

MARK = "hiplog: "
"""How a refusal begins that a trigger of ours raised: its sentence is shown as it is."""
DAMAGE = _("the logbook is damaged; restore a backup with: hiplog restore FILE")
DAMAGED = ("malformed", "not a database", "unsupported file format", "file is encrypted")


@contextmanager
def translated() -> Iterator[None]:
    """Turn a database error into a sentence that holds no patient text."""
    try:
        yield
    except DBAPIError as error:
        raise words(error) from None
    except StatementError as error:
        raise BadInput(
            _("a value cannot be stored ({orig}); nothing was saved, change it and save again").format(
                orig=error.orig
            )
        ) from None
    except UnicodeDecodeError:
        # Text that is none: the driver trips over it, in its own error message too.
        raise IntegrityFailed(DAMAGE) from None


def driver_words(error: Exception) -> HiplogError:
    """Return the sentence for what the database's driver said, or for its silence."""
    said = first_line(error)
    if said.startswith(MARK):
        return Refused(_(said.removeprefix(MARK)))
    if is_locked(said):
        return Unreachable(_("another hiplog is writing to this logbook; nothing was saved, try again"))
    if "readonly" in said.replace("-", "").replace(" ", "").lower():
        return Unreachable(_("the logbook is read-only here; nothing was saved"))
    if "full" in said and "disk" in said:
        return Unreachable(_("the disk is full; nothing was saved. Make room and save again"))
    if "disk I/O error" in said:
        return Unreachable(_("the disk did not take it (full, or failing); nothing was saved. Make room"))
    if any(word in said for word in DAMAGED):
        return IntegrityFailed(DAMAGE)
    if hasattr(error, "sqlstate"):
        return server_words.of(error, said)
    return Unreachable(_("the logbook cannot be reached or read ({name})").format(name=type(error).__name__))


def words(error: DBAPIError) -> HiplogError:
    """Return the sentence for what the library raised: a rule of the tables, or what the driver said."""
    said = first_line(error.orig)
    if isinstance(error, IntegrityError) and not said.startswith(MARK):
        return Refused(
            _("the logbook's own rules refuse it: {constraint}; change that value and save again").format(
                constraint=_constraint(said)
            )
        )
    if isinstance(error, DataError):
        return Refused(
            _("the logbook's own rules refuse it: a value does not fit its place; change it and save again")
        )
    return driver_words(error.orig or error)


def first_line(error: object) -> str:
    """Return the one line of what a driver said that may be looked at, empty if it said nothing."""
    # PostgreSQL's further lines quote the row, and a row may hold a name: they never leave here.
    return (str(error).splitlines() or [""])[0]


def is_locked(said: str) -> bool:
    """Whether a driver's first line says that another writer has its turn."""
    return "database is locked" in said or "lock timeout" in said or "database is busy" in said


def _constraint(first: str) -> str:
    for quote in ('constraint "', "constraint failed: "):
        if quote in first:
            return first.split(quote, 1)[1].split('"')[0].strip()
    return _("a value that must be given is missing or refers to nothing")
