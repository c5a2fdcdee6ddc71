"""Everything that the first start says."""

from __future__ import annotations

TITLE = "Welcome to hiplog"
STEP = "{title}   step {number} of {of}: {name}"
NOWHERE = "There is no logbook yet at {place}"

START_ASKED = "What would you like to do?"
OWN, LOOK = "own", "look"
STARTS = (
    (OWN, "Make the logbook of my clinic", "six short steps; nothing is written before the last one"),
    (LOOK, "Look around first", "an invented clinic, thrown away when you leave"),
)
ENCRYPTED, PLAIN = "encrypted", "plain"
LOCKS = (
    (ENCRYPTED, "Encrypted", "opens with a passphrase; a code on paper is the only spare key"),
    (PLAIN, "Plain", "whoever gets at the file or a backup reads every patient's name"),
)
LOCK_ASKED = "Patients' records lie in this file. How shall it lie on the disk?"
PLAIN_LATER = "Encrypting later is one command: hiplog encrypt. So is going back: hiplog decrypt."

CLINIC_ASKED = "The name stands on printed pages. The zone says which day it is at the clinic."
ZONE_NONE = "no zone holds these words; try the largest city near you, as Berlin, or UTC"
ZONE_SOME = "{count} fit; ↑ ↓ choose, Enter takes"
ORDER_ASKED = "say d, m or y: what you type first in a date"
ORDERS = {"dmy": "day first", "mdy": "month first", "ymd": "year first"}
ORDER_SAID = "{order}: 3 April 2026 is {example}"

PERSON_ASKED = (
    "Whoever needles signs under this name. The code is what you sign in with; it stands in every export."
)
WORDS_ASKED = (
    "Four or more words that nobody else would put together hold well and are easy to keep. Nobody can look "
    "it up for you: with passphrase and recovery code both lost, the record is lost."
)
TWICE_NOT_YET = "not yet the same as above"
TWICE_SAME = "the same"
CODE_ASKED = (
    "The recovery code, the only other way in. Write it on paper, keep it away from this computer. "
    "Then type it here once; dashes and capitals do not matter."
)
CODE_GOES_ON = "right so far"
CODE_RIGHT = "right"
CODE_WRONG = "group {number} is not what stands above"
PRINTED = "A page to print lies at {page}. Print it, then delete it: it opens the logbook."

READY_ASKED = "All of it is made at once, with the next Enter; there is no logbook so far."
MAKING = "making the logbook …"
INVENTING = "inventing a clinic …"
SHARE = "inventing a clinic … {done} of {total}"
READY = "The logbook is ready. a adds the first patient."
LEAVE = ("Leave hiplog", "Nothing was made. What you typed here is forgotten.")

STEPS = {
    "start": "",
    "clinic": "the clinic",
    "person": "you",
    "lock": "who can read it",
    "words": "the passphrase",
    "code": "the recovery code",
    "ready": "all together",
}
KEYS = {
    "start": "↑ ↓: choose    Enter: go on    F1: keys    Esc: leave",
    "clinic": "Enter: next    Esc: a step back    F1: keys",
    "person": "Enter: next    Esc: a step back    F1: keys",
    "lock": "↑ ↓: choose    Enter: go on    Esc: a step back    F1: keys",
    "words": "Enter: next    Esc: a step back    F1: keys",
    "code": "Enter: next    ctrl+s: write a page to print    Esc: a step back",
    "ready": "Enter: make it    Esc: a step back, to change something",
}
SUMMARY = (
    ("place", "lies at"),
    ("clinic", "clinic"),
    ("zone", "time zone"),
    ("order", "dates"),
    ("person", "signs"),
    ("lock", "on the disk"),
)
LOCK_WORDS = {
    True: "encrypted; opens with the passphrase or the code on paper",
    False: "! plain: readable for whoever gets at the file",
}
