"""What ctrl+p offers: the places, the keys of the screen, and nothing that would copy it to a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.app import SystemCommand
from textual.screen import Screen

from hiplog.language import _
from hiplog.tui.theme import WORDS

if TYPE_CHECKING:
    from textual.binding import ActiveBinding

    from hiplog.tui.app import HiplogApp

ELSEWHERE = ("app", "list", "dialog")
"""Keys that are not commands of a screen, by the beginning of their name."""

TAKEN = frozenset(
    (
        _("Keys"),
        _("Today"),
        _("Outcomes"),
        _("Audit"),
        _("Lock"),
        _("Privacy"),
        _("Colleague"),
        _("Tour"),
        _("Roles"),
        _("Consent form"),
        _("Quit"),
    )
)
"""Names of the commands that are on every screen."""

UNTIL_LEFT = _("Until hiplog is left; theme = in the configuration keeps it")


def commands(app: HiplogApp, screen: Screen[Any]) -> Iterable[SystemCommand]:
    """Every command there is on ``screen``; before the logbook is open, those that need none."""
    yield SystemCommand(_("Keys"), _("Every key of this screen (F1)"), app.action_keys)
    if app.desk.is_open:
        yield from _places(app)
    yield from _looks(app)
    yield SystemCommand(_("Quit"), _("Leave hiplog; drafts stay (ctrl+q)"), app.action_quit)
    yield from _keys(app, screen)


def _keys(app: HiplogApp, screen: Screen[Any]) -> Iterable[SystemCommand]:
    """Each thing that keys of the screen do, once, whatever the number of its keys; no name stands twice."""
    found: dict[tuple[str, Any], tuple[ActiveBinding, list[str]]] = {}
    for key, active in screen.active_bindings.items():
        binding = active.binding
        own = (
            binding.id and binding.id.split(".")[0] not in ELSEWHERE and not binding.action.startswith("app.")
        )
        if active.enabled and own:
            _, keys = found.setdefault((binding.action, active.node), (active, []))
            keys.append(app.get_key_display(binding) or key)
    names = Counter(active.binding.description for active, _ in found.values())
    for (action, node), (active, keys) in found.items():
        word, pressed = active.binding.description, ", ".join(dict.fromkeys(keys))
        name = word if names[word] == 1 and word not in TAKEN else f"{word} ({pressed})"
        yield SystemCommand(name, f"{active.tooltip} ({pressed})", _runner(app, node, action))


def _places(app: HiplogApp) -> Iterable[SystemCommand]:
    yield SystemCommand(_("Today"), _("The worklist (F2)"), app.action_today)
    yield SystemCommand(_("Outcomes"), _("The eight questions of the owner (F3)"), app.action_outcomes)
    yield SystemCommand(_("Audit"), _("The audit trail, completeness and export (F4)"), app.action_audit)
    yield SystemCommand(_("Lock"), _("Lock the screen; drafts stay (ctrl+l)"), app.action_lock)
    yield SystemCommand(_("Privacy"), _("Names as initials, notes hidden (F8)"), app.action_privacy)
    yield SystemCommand(_("Colleague"), _("A colleague signs in; drafts stay (F9)"), app.action_colleague)
    yield SystemCommand(
        _("Tour"), _("The five things one does, in an invented clinic (ctrl+t)"), app.action_tour
    )
    yield SystemCommand("PIN", _("Set, change or take away the PIN that signs and unlocks"), app.action_pin)
    yield SystemCommand(_("Passphrase"), _("Set or change the own passphrase"), app.action_passphrase)
    form = _("Say which edition of the consent form is in use; an owner only")
    yield SystemCommand(_("Consent form"), form, app.action_consent_form)
    yield SystemCommand(_("Roles"), _("What a therapist, an owner and an auditor may do"), app.action_roles)


def _looks(app: HiplogApp) -> Iterable[SystemCommand]:
    yield SystemCommand(_("Light or dark"), _("Change between the two everyday themes"), app.action_light)
    for name, words in WORDS.items():
        yield SystemCommand(words, UNTIL_LEFT, partial(app.action_theme, name))


def _runner(app: HiplogApp, node: Any, action: str) -> Callable[[], Any]:
    return lambda: app.run_action(action, node)
