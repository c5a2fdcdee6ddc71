"""An encrypted clinic used on a real terminal: nothing of a patient in its title, its scrollback, or any file."""

from __future__ import annotations

import re
from pathlib import Path

import vaults
from terminals import LEFT_THE_SCREEN, Command
from vaults import CANARY, PASSPHRASE

from hiplog.settings import Settings, private_file

TOOK_THE_SCREEN = b"\x1b[?1049h"
TITLE = re.compile(rb"\x1b\][0-9;]*?([^\x07\x1b]*)(?:\x07|\x1b\\)")


def test_title_scrollback_and_files_of_an_encrypted_clinic_hold_no_name(
    places: Settings, tmp_path: Path
) -> None:
    vaults.lay(places)
    temp = tmp_path / "temp"
    temp.mkdir()
    word = tmp_path / "word"
    private_file(word).write_text(f"{PASSPHRASE}\n")
    words = f"--passphrase-file {word}"
    terminal = Command(places, words, TMPDIR=str(temp), SQLITE_TMPDIR=str(temp))
    terminal.until(CANARY.decode())
    terminal.keys("/zwi\r")
    terminal.until("MCID")
    while_open = vaults.holding(CANARY, tmp_path)
    terminal.keys("\x11")
    assert terminal.end() == 0
    assert CANARY in terminal.shown, "the name was on the screen"
    before, _, rest = terminal.shown.partition(TOOK_THE_SCREEN)
    after = rest.rpartition(LEFT_THE_SCREEN)[2]
    assert CANARY not in before + after, "what stays in the scrollback"
    titles = b" ".join(TITLE.findall(terminal.shown))
    for told in (CANARY, b"P-001", b"Ann"):
        assert told not in titles
    assert while_open == []
    assert vaults.holding(CANARY, tmp_path) == []
    assert list(places.backups.glob("*.db")), "the copy made at the exit was looked at as well"
