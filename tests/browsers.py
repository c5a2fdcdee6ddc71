"""``hiplog serve`` as a program, and a real headless Chromium that is driven over its debugging socket."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pyte

from hiplog.settings import Settings

LONGEST_S = 60
LINK = re.compile(r"http://\S+/enter/\S+")
NAMES = ("chromium", "chromium-browser", "google-chrome")
SWITCHES = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-port=0",
    "--window-size=1100,700",
)
KEYS = {
    "/": ("/", 191, "/"),
    "space": (" ", 32, " "),
    "enter": ("Enter", 13, "\r"),
    "escape": ("Escape", 27, ""),
    "f4": ("F4", 115, ""),
    "f7": ("F7", 118, ""),
}


class Serving:
    """The running server: its port, the links it showed, and what it said."""

    def __init__(self, places: Settings, *more: str) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        words = [
            "--db",
            places.database,
            "--at",
            str(places.path.parent),
            "serve",
            "--port",
            str(self.port),
            *more,
        ]
        told = {k: v for k, v in os.environ.items() if not k.startswith("HIPLOG")}
        self.program = subprocess.Popen(
            [sys.executable, "-m", "hiplog", *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, env=told,
        )  # fmt: skip
        self.said = ""
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def at(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def _listen(self) -> None:
        assert self.program.stdout is not None
        for line in self.program.stdout:
            self.said += line

    def link(self, number: int = 1) -> str:
        """The link shown as the ``number``-th."""
        wait(lambda: len(LINK.findall(self.said)) >= number or self.program.poll() is not None)
        return LINK.findall(self.said)[number - 1]

    def tabs(self) -> list[int]:
        """The processes of its tabs."""
        found = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(self.program.pid)], capture_output=True, text=True, check=False
        )
        return [int(word) for word in found.stdout.split()]


def wait(true: Callable[[], object]) -> None:
    end = time.monotonic() + LONGEST_S
    while not true():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.05)


@contextmanager
def serving(places: Settings, *more: str) -> Iterator[Serving]:
    made = Serving(places, *more)
    try:
        yield made
    finally:
        made.program.terminate()
        made.program.wait(LONGEST_S)


class Page:
    """One tab: what it asked for, what the terminal in it shows."""

    def __init__(self, session: str, send: Callable[..., Any]) -> None:
        self.session, self._send = session, send
        self.urls: list[str] = []
        self.frames = 0
        self.screen = pyte.Screen(300, 100)
        self._stream = pyte.ByteStream(self.screen)

    def heard(self, method: str, told: dict[str, Any]) -> None:
        if method == "Network.requestWillBeSent":
            self.urls.append(told["request"]["url"])
        elif method == "Network.webSocketCreated":
            self.urls.append(told["url"])
        elif method == "Network.webSocketFrameReceived" and told["response"]["opcode"] == 2:
            data = base64.b64decode(told["response"]["payloadData"])
            self.frames += len(data)
            # pyte takes the query for synchronised output for text.
            self._stream.feed(data.replace(b"\x1b[?2026$p", b""))

    @property
    def text(self) -> str:
        return "\n".join(line.rstrip() for line in self.screen.display)

    async def call(self, method: str, **told: Any) -> Any:
        return await self._send(method, told, self.session)

    async def go(self, url: str) -> None:
        await self.call("Page.navigate", url=url)

    async def shows(self, words: str) -> None:
        end = time.monotonic() + LONGEST_S
        while words not in self.text:
            assert time.monotonic() < end, f"{words!r} is not shown:\n{self.text}"
            await asyncio.sleep(0.05)

    async def until(self, true: Callable[[], object]) -> None:
        end = time.monotonic() + LONGEST_S
        while not true():
            assert time.monotonic() < end, f"it did not come to pass:\n{self.text}"
            await asyncio.sleep(0.05)

    async def run(self, script: str) -> Any:
        found = await self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        return found["result"].get("value")

    async def holds(self, script: str) -> None:
        """Wait until ``script`` is true in the page."""
        end = time.monotonic() + LONGEST_S
        while not await self.run(script):
            assert time.monotonic() < end, f"{script} never held"
            await asyncio.sleep(0.05)

    async def press(self, *keys: str) -> None:
        for key in keys:
            control = key.startswith("ctrl+")
            bare = key.removeprefix("ctrl+")
            name, code, text = KEYS.get(bare, (bare, ord(bare[0].upper()), bare))
            told = {"key": name, "code": name if bare in KEYS else "", "windowsVirtualKeyCode": code}
            if control:
                await self.call("Input.dispatchKeyEvent", type="rawKeyDown", modifiers=2, **told)
            elif text:
                await self.call("Input.dispatchKeyEvent", type="keyDown", text=text, **told)
            else:
                await self.call("Input.dispatchKeyEvent", type="rawKeyDown", **told)
            await self.call("Input.dispatchKeyEvent", type="keyUp", **told)

    async def picture(self, path: Path) -> None:
        shot = await self.call("Page.captureScreenshot", format="png")
        path.write_bytes(base64.b64decode(shot["data"]))


class Browser:
    """A Chromium with a profile of its own."""

    def __init__(self, line: aiohttp.ClientWebSocketResponse, downloads: Path) -> None:
        self._line, self.downloads = line, downloads
        self._number = 0
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._pages: dict[str, Page] = {}
        self.urls: list[str] = []

    async def listen(self) -> None:
        async for message in self._line:
            told = json.loads(message.data)
            if "id" in told:
                self._waiting.pop(told["id"]).set_result(told.get("result", told))
            elif told.get("sessionId") in self._pages:
                self._pages[told["sessionId"]].heard(told["method"], told["params"])
            elif told.get("method") == "Browser.downloadWillBegin":
                # What is followed as a link to a file is asked for by the browser itself, not by the page.
                self.urls.append(told["params"]["url"])

    async def send(self, method: str, told: dict[str, Any], session: str | None = None) -> Any:
        self._number += 1
        answer = self._waiting[self._number] = asyncio.get_running_loop().create_future()
        asked = {"id": self._number, "method": method, "params": told}
        await self._line.send_json(asked | ({"sessionId": session} if session else {}))
        return await asyncio.wait_for(answer, LONGEST_S)

    async def page(self) -> Page:
        target = (await self.send("Target.createTarget", {"url": "about:blank"}))["targetId"]
        told = {"targetId": target, "flatten": True}
        session = (await self.send("Target.attachToTarget", told))["sessionId"]
        made = self._pages[session] = Page(session, self.send)
        made.target = target  # type: ignore[attr-defined]
        for name in ("Network.enable", "Page.enable", "Runtime.enable"):
            await made.call(name)
        return made

    async def close(self, page: Page) -> None:
        await self.send("Target.closeTarget", {"targetId": page.target})  # type: ignore[attr-defined]


@asynccontextmanager
async def browser(folder: Path) -> AsyncIterator[Browser]:
    """Yield a running Chromium; the test fails where none is installed."""
    program = os.environ.get("HIPLOG_TEST_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    assert program, "no Chromium is installed; install it with: apt-get install chromium"
    profile, downloads = folder / "profile", folder / "downloads"
    downloads.mkdir()
    words = [program, *SWITCHES, f"--user-data-dir={profile}", "about:blank"]
    quiet = subprocess.DEVNULL
    running = subprocess.Popen(words, stdout=quiet, stderr=quiet)
    try:
        told = profile / "DevToolsActivePort"
        await asyncio.to_thread(wait, lambda: told.is_file() and len(told.read_text().splitlines()) == 2)
        port, path = told.read_text().splitlines()
        url = f"ws://127.0.0.1:{port}{path}"
        async with aiohttp.ClientSession() as client, client.ws_connect(url, max_msg_size=0) as line:
            made = Browser(line, downloads)
            listening = asyncio.create_task(made.listen())
            behaviour = {"behavior": "allow", "downloadPath": str(downloads), "eventsEnabled": True}
            await made.send("Browser.setDownloadBehavior", behaviour)
            yield made
            listening.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await listening
    finally:
        running.terminate()
        running.wait(LONGEST_S)
