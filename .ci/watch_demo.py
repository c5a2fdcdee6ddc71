"""Run a command in a pseudo-terminal until hiplog's Today screen shows, then quit it by its own key."""

import fcntl
import os
import pathlib
import pty
import select
import struct
import sys
import termios
import time

import pyte

ROWS, COLUMNS, PATIENCE_S = 24, 80, 420
QUIT = b"\x11"


def shown(screen: pyte.Screen) -> str:
    return "\n".join(line.rstrip() for line in screen.display)


def start(folder: str, command: str) -> tuple[int, int]:
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(folder)
        os.environ.update(TERM="xterm-256color", COLUMNS=str(COLUMNS), LINES=str(ROWS))
        os.execvp("bash", ["bash", "-euo", "pipefail", "-c", command])
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    return child, terminal


def read_until(terminal: int, screen: pyte.Screen, words: tuple[str, ...]) -> bool:
    stream = pyte.ByteStream(screen)
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        if select.select([terminal], [], [], 1)[0]:
            try:
                stream.feed(os.read(terminal, 65536))
            except OSError:
                return False
        if all(word in shown(screen) for word in words):
            return True
    return False


def main() -> int:
    folder, block = sys.argv[1:]
    screen = pyte.Screen(COLUMNS, ROWS)
    child, terminal = start(folder, pathlib.Path(block).read_text(encoding="utf-8"))
    seen = read_until(terminal, screen, ("Drafts to finish", "Open", "Find"))
    print(shown(screen))
    os.write(terminal, QUIT)
    read_until(terminal, screen, ("\0",))
    _, status = os.waitpid(child, 0)
    if not seen or os.waitstatus_to_exitcode(status) != 0:
        print(f"the Today screen {'showed' if seen else 'never showed'}; exit {status}", file=sys.stderr)
        return 1
    print("the Today screen showed, and the program left by ctrl+q with exit code 0")
    return 0


if __name__ == "__main__":
    sys.exit(main())
