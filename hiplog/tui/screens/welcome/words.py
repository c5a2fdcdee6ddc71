"""Everything that the first start says."""

from __future__ import annotations

from hiplog.language import _

TITLE = _("Welcome to hiplog")
STEP = _("{title}   step {number} of {of}: {name}")
NOWHERE = _("There is no logbook yet at {place}")

START_ASKED = _("What would you like to do?")
OWN, LOOK = "own", "look"
STARTS = (
    (OWN, _("Make the logbook of my clinic"), _("six short steps; nothing is written before the last one")),
    (LOOK, _("Look around first"), _("an invented clinic, thrown away when you leave")),
)
ENCRYPTED, PLAIN = "encrypted", "plain"
LOCKS = (
    (ENCRYPTED, _("Encrypted"), _("opens with a passphrase; a code on paper is the only spare key")),
    (PLAIN, _("Plain"), _("whoever gets at the file or a backup reads every patient's name")),
)
LOCK_ASKED = _("Patients' records lie in this file. How shall it lie on the disk?")
PLAIN_LATER = _("Encrypting later is one command: hiplog encrypt. So is going back: hiplog decrypt.")

CLINIC_ASKED = _("The name stands on printed pages. The zone says which day it is at the clinic.")
ZONE_NONE = _("no zone holds these words; try the largest city near you, as Berlin, or UTC")
ZONE_SOME = _("{count} fit; ↑ ↓ choose, Enter takes")
ORDER_ASKED = _("say d, m or y: what you type first in a date")
ORDERS = {"dmy": _("day first"), "mdy": _("month first"), "ymd": _("year first")}
ORDER_SAID = _("{order}: 3 April 2026 is {example}")

PERSON_ASKED = _(
    "Whoever needles signs under this name. The code is what you sign in with; it stands in every export."
)
WORDS_ASKED = _(
    "Four or more words that nobody else would put together hold well and are easy "
    "to keep. Nobody can look it up for you: with passphrase and recovery code both "
    "lost, the record is lost."
)
TWICE_NOT_YET = _("not yet the same as above; type it again")
TWICE_SAME = _("the same")
CODE_ASKED = _(
    "The recovery code, the only other way in. Write it on paper, keep it away from "
    "this computer. Then type it here once; dashes and capitals do not matter."
)
CODE_GOES_ON = _("right so far")
CODE_RIGHT = "right"
CODE_WRONG = _("group {number} is not what stands above; type it again")
PRINTED = _("A page to print lies at {page}. Print it, then delete it: it opens the logbook.")

READY_ASKED = _("All of it is made at once, with the next Enter; there is no logbook so far.")
MAKING = _("making the logbook …")
INVENTING = _("inventing a clinic …")
SHARE = _("inventing a clinic … {done} of {total}")
READY = _("The logbook is ready. a adds the first patient.")
LEAVE = (_("Leave hiplog"), _("Nothing was made. What you typed here is forgotten."))

STEPS = {
    "start": "",
    "clinic": _("the clinic"),
    "person": _("you"),
    "lock": _("who can read it"),
    "words": _("the passphrase"),
    "code": _("the recovery code"),
    "ready": _("all together"),
}
KEYS = {
    "start": _("↑ ↓: choose    Enter: go on    F1: keys    Esc: leave"),
    "clinic": _("Enter: next    Esc: a step back    F1: keys"),
    "person": _("Enter: next    Esc: a step back    F1: keys"),
    "lock": _("↑ ↓: choose    Enter: go on    Esc: a step back    F1: keys"),
    "words": _("Enter: next    Esc: a step back    F1: keys"),
    "code": _("Enter: next    ctrl+s: write a page to print    Esc: a step back"),
    "ready": _("Enter: make it    Esc: a step back, to change something"),
}
SUMMARY = (
    ("place", _("lies at")),
    ("clinic", _("clinic")),
    ("zone", _("time zone")),
    ("order", _("dates")),
    ("person", _("signs")),
    ("lock", _("on the disk")),
)
LOCK_WORDS = {
    True: _("encrypted; opens with the passphrase or the code on paper"),
    False: _("! plain: readable for whoever gets at the file"),
}
