"""The new value of a signed field, and why."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from hiplog.clinical.code_words import said_field
from hiplog.clinical.record import Session
from hiplog.language import _
from hiplog.tui.dialogs.form import Field, Form, Values

Said = tuple[str, str]


def amend_form(
    field: str, keep: Callable[[Said], Awaitable[Session]], warnings: tuple[str, ...] = ()
) -> Form[Said, Session]:
    """Ask for the value of ``field`` as it should be; empty takes it back; ``warnings`` stand above."""

    def build(values: Values) -> Said:
        return values["value"], values["reason"]

    fields = (
        Field("value", _("new value"), _("empty takes it back")),
        Field("reason", _("reason"), _("why it is corrected"), needed=True),
    )
    stays = _("The value signed before stays in the record, beside this one.")
    intro = "\n".join((stays, *warnings))
    form: Form[Said, Session] = Form(
        _("Amend {field}").format(field=said_field(field)), fields, build, keep, intro=intro
    )
    form.add_class("-long")
    return form
