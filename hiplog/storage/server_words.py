"""What a database server or the way to it said, as a sentence that tells a person what would do.

Only the code and the first line are looked at: what follows may quote a row, and a row may hold a name.
"""

from __future__ import annotations

from hiplog.clinical.errors import HiplogError, Refused, Unreachable
from hiplog.language import _

NOT_YOURS = _(
    "the database server does not allow this login to do that; changing the schema, "
    "moving a whole logbook and erasing a person need the login of upgrades"
)
BY_CODE = {
    "57014": _("the database server took too long and gave up; nothing was saved, try again"),
    "53300": _("the database server has no connection left; close a program or ask who keeps the server"),
    "57P03": _("the database server is just starting; try again in a moment"),
    "25P03": _("the database server ended a transaction that stood still; nothing was saved, try again"),
    "40001": _("two chairs changed the same at once; nothing was saved, try again"),
    "40P01": _("two chairs waited for each other; nothing was saved, try again"),
}
# How libpq says what kept it from connecting; it gives no code.
BY_WORDS = {
    "certificate verify failed": _("the server's certificate was not issued by the clinic's authority"),
    "does not match host name": _("the server's certificate belongs to another host name"),
    "root certificate file": _("the authority's certificate named by sslrootcert is not there"),
    "does not support SSL": _("the server offers no TLS, and the URL asks for it"),
    "password authentication failed": _("the server refuses this login's password"),
    "no password supplied": _("the server asks for a password; name a password file with ?passfile=FILE"),
    "no pg_hba.conf entry": _("the server does not take this login from this machine (pg_hba.conf)"),
    "permission denied for database": _("this login may not open that database"),
    "starting up": _("the server is just starting; try again in a moment"),
    "in recovery mode": _("the server is just starting again after a fault; try again in a moment"),
    "too many": _("the server has no connection left"),
    "timeout expired": _("the server did not answer in time; look at the network"),
    "timed out": _("the network to the server is down"),
    "does not answer": _("it takes what is sent and does not answer; the connection was dropped"),
    "onnection refused": _("nothing listens there; is the server running?"),
    "does not exist": _("the server knows no such database or login"),
    "resolve host": _("no machine has that name"),
}


def of(error: Exception, first_line: str) -> HiplogError:
    """Return the refusal for what psycopg raised."""
    code = getattr(error, "sqlstate", None)
    if code == "42501":
        return Refused(NOT_YOURS)
    if code in BY_CODE:
        return Unreachable(BY_CODE[code])
    why = next((words for part, words in BY_WORDS.items() if part in str(error)), None)
    detail = why or _("{name}, nothing is lost on this side").format(name=type(error).__name__)
    return Unreachable(
        _(
            "the logbook's database server cannot be reached: {detail}; wait for it, or ask who keeps it"
        ).format(detail=detail)
    )
