"""The new value of a signed field, and why."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from hiplog.clinical.code_words import said_field
from hiplog.clinical.record import Session
from hiplog.language import _
from hiplog.tui.dialogs.form import Field, Form, Values

Said = tuple[str, str]


def amend_form(field: str, keep: Callable[[Said], Awaitable[Session]]) -> Form[Said, Session]:
    """Ask for the value of ``field`` as it should be; left empty it is taken back."""

    def build(values: Values) -> Said:
        return values["value"], values["reason"]

    fields = (
        Field("value", _("new value"), _("empty takes it back")),
        Field("reason", _("reason"), _("why it is corrected"), needed=True),
    )
    intro = _("The value signed before stays in the record, beside this one.")
    form: Form[Said, Session] = Form(
        _("Amend {field}").format(field=said_field(field)), fields, build, keep, intro=intro
    )
    form.add_class("-long")
    return form
