"""``hiplog user``: who may act in this logbook, their secrets, and what each role may do."""

from __future__ import annotations

import argparse
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, cast

from hiplog.cli import output, views
from hiplog.cli.context import Context
from hiplog.cli.parser import Parser, actions
from hiplog.clinical import code_words, roles
from hiplog.clinical.record import ROLES, Practitioner, PractitionerDraft, Role
from hiplog.language import _, p_
from hiplog.logbook import dates

if TYPE_CHECKING:
    from hiplog.logbook.book import Logbook

NEW_WORDS = _("file (mode 0600) with the passphrase to be")
NEW_PIN = _("file (mode 0600) with the PIN to be")
SECRETS = {"passphrase": _("passphrase"), "pin": "PIN"}
HEADINGS = (
    _("code"), _("name"), _("role"), _("licence"), _("expires"), _("training"), _("secrets"),
)  # fmt: skip


def add_arguments(parser: Parser) -> None:
    """Declare the arguments of the verb."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = role_table()
    add = actions(parser)
    new = add("add", _("add a practitioner"), _add)
    new.add_argument("code", help=_("sign-in code"))
    new.add_argument("--name", required=True, metavar="NAME", help=_("name as printed with a signature"))
    _credentials(new)
    new.add_argument("--role", choices=ROLES, default="therapist", help=_("role (default therapist)"))
    new.add_argument("--new-passphrase-file", metavar="FILE", help=NEW_WORDS)
    new.add_argument("--new-pin-file", metavar="FILE", help=NEW_PIN)
    change = add("edit", _("change name, licence, training, expiry or role"), _edit)
    change.add_argument("code", help=_("sign-in code"))
    change.add_argument("--name", metavar="NAME", help=_("name as printed with a signature"))
    _credentials(change)
    change.add_argument("--role", choices=ROLES, help=_("role"))
    for name, about, handler in (
        ("disable", _("let somebody act and open no more; what was signed stays"), _disable),
        ("enable", _("let somebody act again"), _enable),
    ):
        add(name, about, handler).add_argument("code", help=_("sign-in code"))
    words = add("passphrase", _("set the passphrase of a user (the own one, or as an owner)"), _passphrase)
    words.add_argument("code", nargs="?", help=_("sign-in code (else whoever acts)"))
    words.add_argument("--new-passphrase-file", metavar="FILE", help=NEW_WORDS)
    pin = add("pin", _("set the PIN that unlocks and signs, or take it away"), _pin)
    pin.add_argument("code", nargs="?", help=_("sign-in code (else whoever acts)"))
    pin.add_argument("--new-pin-file", metavar="FILE", help=NEW_PIN)
    pin.add_argument("--none", action="store_true", help=_("no PIN any more"))
    add("list", _("list the practitioners"), _list)
    add("roles", _("show what each role may do"), _roles)


def role_table() -> str:
    """The table of roles as text."""
    rows = [(_("may …"), *ROLES), *roles.table()]
    wide = max(len(row[0]) for row in rows)
    lines = [f"  {row[0]:{wide}}  " + "  ".join(f"{cell:9}" for cell in row[1:]) for row in rows]
    return "\n".join([_("what each role may do:"), *(line.rstrip() for line in lines), "", roles.COURTESY])


def run(args: argparse.Namespace, context: Context) -> int:
    """Do what the second word says."""
    return int(args.handler(args, context))


def _credentials(parser: Parser) -> None:
    parser.add_argument("--licence", metavar="NO", help=_("licence number"))
    parser.add_argument("--expires", metavar="DATE", help=_("day the licence lapses"))
    parser.add_argument("--training", metavar="TEXT", help=_("needling training"))


def _expires(args: argparse.Namespace, context: Context, book: Logbook) -> date | None:
    if not args.expires:
        return None
    today = context.today(book.clinic.zone)
    return dates.read_day(args.expires, today, context.settings.date_order, what="--expires")


def _add(args: argparse.Namespace, context: Context) -> int:
    from hiplog.cli import asking
    from hiplog.logbook import users

    with context.book() as book:
        role = cast("Role", args.role)
        expires = _expires(args, context, book)
        draft = PractitionerDraft(args.code, args.name, args.licence, expires, args.training, role)
        words = asking.of_file(args.new_passphrase_file) if args.new_passphrase_file else None
        pin = asking.of_file(args.new_pin_file) if args.new_pin_file else None
        made = users.add(book, draft, words, pin)
        encrypted = book.opening.key is not None
    if not context.json and encrypted and words is None:
        output.say(
            _("{code} cannot open this logbook yet; next: hiplog user passphrase {code}").format(
                code=made.code
            )
        )
    return _told(made, _("added: {who}"), context)


def _edit(args: argparse.Namespace, context: Context) -> int:
    from hiplog.logbook import clinic

    with context.book() as book:
        kept = book.read(clinic.practitioner, args.code)
        given = {name: getattr(args, name) for name in ("name", "licence", "training", "role")}
        given["expires"] = _expires(args, context, book)
        changed = replace(kept, **{name: value for name, value in given.items() if value is not None})
        made = book.write(clinic.edit, changed)
    return _told(made, _("changed: {who}"), context)


def _disable(args: argparse.Namespace, context: Context) -> int:
    from hiplog.logbook import users

    with context.book() as book:
        return _told(users.disable(book, args.code), _("disabled: {who}"), context)


def _enable(args: argparse.Namespace, context: Context) -> int:
    from hiplog.logbook import users

    with context.book() as book:
        return _told(users.enable(book, args.code), _("enabled: {who}"), context)


def _passphrase(args: argparse.Namespace, context: Context) -> int:
    from hiplog.cli import asking
    from hiplog.logbook import clinic, users

    with context.book() as book:
        code = args.code or book.actor
        new = asking.new_passphrase(args.new_passphrase_file, "--new-passphrase-file")
        users.set_passphrase(book, code, new)
        return _told(book.read(clinic.practitioner, code), _("passphrase set: {who}"), context)


def _pin(args: argparse.Namespace, context: Context) -> int:
    from hiplog.cli import asking
    from hiplog.logbook import clinic, users

    with context.book() as book:
        code = args.code or book.actor
        pin = None if args.none else asking.new_pin(args.new_pin_file, "--new-pin-file")
        users.set_pin(book, code, pin)
        return _told(
            book.read(clinic.practitioner, code),
            _("PIN taken away: {who}") if args.none else _("PIN set: {who}"),
            context,
        )


def _told(who: Practitioner, done: str, context: Context) -> int:
    if context.json:
        output.emit({"practitioner": views.practitioner(who)})
    else:
        output.write(done.format(who=f"{who.code}  {who.name} ({code_words.said(who.role)})"))
    return 0


def _list(args: argparse.Namespace, context: Context) -> int:
    from hiplog.logbook import access, clinic

    with context.book() as book:
        kept = book.read(clinic.everyone)
        has = {who.code: access.standing(book, who.code) for who in kept}
        today = context.today(book.clinic.zone)
    if context.json:
        rows = [views.practitioner(who) | {"passphrase": has[who.code].passphrase, "pin": has[who.code].pin}
                for who in kept]  # fmt: skip
        output.emit({"practitioners": rows})
        return 0
    lines = [
        (
            who.code, who.name, _role(who), who.licence or "",
            who.expires or "", who.training or "", _secrets(has[who.code]),
        )
        for who in kept
    ]  # fmt: skip
    output.table(HEADINGS, lines)
    for who in kept:
        warning = clinic.licence_warning(who, today)
        if warning is not None:
            output.say(f"! {warning}")
    return 0


def _role(who: Practitioner) -> str:
    role = code_words.said(who.role)
    return role if who.active else _("{role}, disabled").format(role=role)


def _secrets(has: object) -> str:
    words = [word for name, word in SECRETS.items() if getattr(has, name)]
    return ", ".join(words) or p_("secrets", "none")


def _roles(args: argparse.Namespace, context: Context) -> int:
    if context.json:
        acts = [{"act": act.code, "what": act.what, "roles": list(act.roles)} for act in roles.ACTS]
        output.emit({"acts": acts, "promise": roles.COURTESY})
    else:
        output.write(role_table())
    return 0
