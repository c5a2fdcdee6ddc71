"""The wizard: one step at a time, back and forth, and nothing on disk before the last Enter."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from threading import Event
from typing import ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import ContentSwitcher, Static

from hiplog.clinical.errors import HiplogError
from hiplog.clinical.record import PractitionerDraft
from hiplog.language import _
from hiplog.logbook.founding import Founding
from hiplog.logbook.shown import shown
from hiplog.tui.dialogs.dialog import Box, Dialog
from hiplog.tui.dialogs.message import Confirm
from hiplog.tui.errand import Stopped
from hiplog.tui.keys import always, hidden
from hiplog.tui.screens.welcome import words
from hiplog.tui.screens.welcome.founder import Founder
from hiplog.tui.screens.welcome.steps import (
    ChoiceStep,
    ClinicStep,
    CodeStep,
    Done,
    PassphraseStep,
    PersonStep,
    ReadyStep,
    Step,
)
from hiplog.tui.tasks import task

LOOK_EVERY_S = 0.2


class Welcome(Dialog[None]):
    """Closes once a logbook is open: the clinic's own, or an invented one."""

    HELP_TEXT = _(
        "The first start. Nothing is written before the last step; going back keeps "
        "what you typed. The same without this screen: hiplog init, and hiplog demo."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        always(
            "escape", "back", "welcome.back", _("Back"), _("A step back; from the first one out of hiplog")
        ),
        always("down", "move(1)", "welcome.down", _("Down"), _("Next field, choice or time zone")),
        always("up", "move(-1)", "welcome.up", _("Up"), _("The one before")),
        always(
            "ctrl+s",
            "print",
            "welcome.print",
            _("Page to print"),
            _("Write the recovery code as a page to print"),
        ),
        hidden("enter", "make", "welcome.make", _("Make it"), _("Make the logbook, on the last step")),
    ]
    DEFAULT_CSS = """
    Welcome {
        background: $background;
        & > #box { height: 100%; max-height: 24; }
        & ContentSwitcher { height: auto; }
        & Step { height: auto; }
        & Choices { height: auto; max-height: 9; background: $surface; }
        & #place { margin-bottom: 1; color: $foreground 75%; }
        & #wrong { margin-top: 1; }
        & #keys { dock: bottom; }
    }
    """

    def __init__(self, founder: Founder) -> None:
        super().__init__()
        self._founder = founder
        self._at = "start"
        self._busy = False
        self._left = Event()
        self._share = (0, 0)

    def compose(self) -> ComposeResult:
        """Where it will lie, the step, what is wrong with the whole, the keys."""
        founder = self._founder
        with Box(words.TITLE):
            yield Static(shown(words.NOWHERE.format(place=founder.place), 400), id="place", markup=False)
            with ContentSwitcher(initial="start"):
                yield ChoiceStep("start", words.START_ASKED, words.STARTS)
                yield ClinicStep(founder.zone, founder.order, founder.now)
                yield PersonStep()
                yield ChoiceStep("lock", words.LOCK_ASKED, words.LOCKS, f"\n{words.PLAIN_LATER}")
                yield PassphraseStep()
                yield CodeStep()
                yield ReadyStep()
            yield Static("", id="wrong", classes="wrong", markup=False)
            yield Static("", id="keys", classes="hint", markup=False)

    def on_mount(self) -> None:
        """Begin."""
        self._show("start")
        self.set_interval(LOOK_EVERY_S, self._say_share)

    def on_unmount(self) -> None:
        """An invented clinic that is still being written is not waited for."""
        self._left.set()

    # -- from step to step ---------------------------------------------------------------------------

    @property
    def _path(self) -> list[str]:
        plain = self._choice("lock") == words.PLAIN
        return [name for name in words.STEPS if not (plain and name in ("words", "code"))]

    def _choice(self, name: str) -> str:
        return self.query_one(f"#{name}", ChoiceStep).chosen

    def _step(self, name: str) -> Step:
        return cast("Step", self.query_one(f"#{name}"))

    def _show(self, name: str) -> None:
        self._at = name
        self.query_one(ContentSwitcher).current = name
        path = self._path
        title = words.TITLE
        if name != "start":
            number, of = path.index(name), len(path) - 1
            title = words.STEP.format(title=words.TITLE, number=number, of=of, name=words.STEPS[name])
        self.query_one(Box).border_title = Content(title)
        self.query_one("#place").display = name == "start"
        self.query_one("#keys", Static).update(words.KEYS[name])
        self._say("")
        if name == "ready":
            self.query_one(ReadyStep).show(self._told())
        self._step(name).begin()

    @on(Done)
    def _done(self, event: Done) -> None:
        if self._busy or event.name != self._at:
            return
        if self._at == "start" and self._choice("start") == words.LOOK:
            self._invent()
            return
        path = self._path
        self._show(path[path.index(self._at) + 1])

    def action_back(self) -> None:
        """A step back with everything kept; from the first one, ask whether to leave."""
        if self._busy:
            return
        path = self._path
        if self._at != "start":
            self._show(path[path.index(self._at) - 1])
            return
        if self._step("clinic").text("clinic") or self._step("person").text("name"):
            title, sentence = words.LEAVE
            self.app.push_screen(Confirm(title, [sentence]), self._leave)
        else:
            self._leave(True)

    def _leave(self, sure: bool | None) -> None:
        if sure:
            self._founder.forget_page()
            self.app.exit()

    def action_move(self, by: int) -> None:
        """Up and down within the step."""
        self._step(self._at).move(by)

    def action_print(self) -> None:
        """Write the recovery code to a page, on the step that shows it."""
        if self._at != "code" or self._busy:
            return
        try:
            page = self._founder.print_page(self.query_one(CodeStep).code)
        except (HiplogError, OSError) as error:
            self._say(f"✗ {error}")
            return
        self.app.hand_over(page)
        self.query_one("#printed", Static).update(shown(words.PRINTED.format(page=page), 400))

    # -- making ----------------------------------------------------------------------------------------

    def _wanted(self) -> Founding:
        clinic, person = self.query_one(ClinicStep), self.query_one(PersonStep)
        first = PractitionerDraft(person.text("code"), person.text("name"))
        wanted = Founding(clinic.text("clinic"), clinic.zone, clinic.order, first)
        if self._choice("lock") == words.PLAIN:
            return wanted
        secrets = self.query_one(PassphraseStep).passphrase, self.query_one(CodeStep).code
        return replace(wanted, passphrase=secrets[0], recovery=secrets[1])

    def _told(self) -> dict[str, str]:
        wanted = self._wanted()
        return {
            "place": str(self._founder.place),
            "clinic": wanted.name,
            "zone": wanted.zone,
            "order": words.ORDERS[wanted.order],
            "person": f"{wanted.first.name}, {wanted.first.code}",
            "lock": words.LOCK_WORDS[wanted.passphrase is not None],
        }

    def action_make(self) -> None:
        """Make it, when every step was answered."""
        if self._at == "ready" and not self._busy:
            self._make(self._wanted())

    @task
    async def _make(self, wanted: Founding) -> None:
        self._busy = True
        self._say(words.MAKING)
        try:
            if wanted.passphrase is None:
                self._founder.forget_page()
            await self.desk.found(partial(self._founder.make, wanted), words.MAKING)
        except (HiplogError, OSError) as error:
            self._say(f"✗ {error}")
        else:
            self.query_one(PassphraseStep).forget()
            self.dismiss(None)
            self.app.tell(words.READY)
        finally:
            self._busy = False

    @task
    async def _invent(self) -> None:
        self._busy = True
        self._say(words.INVENTING)
        try:
            await self.desk.found(partial(self._founder.invent, self._count), words.INVENTING)
        except Stopped:
            return
        except (HiplogError, OSError) as error:
            self._say(f"✗ {error}")
        else:
            self.app.invented, self.app.alarmed = True, False
            self.dismiss(None)
        finally:
            self._busy = False

    def _count(self, done: int, total: int) -> None:
        """Told in the desk's thread; the screen looks for itself."""
        if self._left.is_set():
            raise Stopped
        self._share = (done, total)

    def _say_share(self) -> None:
        done, total = self._share
        if self._busy and total:
            self._say(words.SHARE.format(done=done, total=total))

    def _say(self, sentence: str) -> None:
        wrong = self.query_one("#wrong", Static)
        wrong.set_class(sentence.startswith("✗"), "wrong")
        wrong.update(shown(sentence, 400))
