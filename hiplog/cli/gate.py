"""The gate before the logbook in a browser: who is let in, from where, and how many at once.

``textual-serve`` runs one process of hiplog for each browser tab and has no door of its own. This one lets in
only who holds the cookie that a one-time link from the terminal gave, asks every request and the socket for
the right Host and Origin, sends a page that needs nothing from outside, and keeps no log of what was seen.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from hmac import compare_digest
from importlib.metadata import version
from secrets import token_urlsafe
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from aiohttp import web
from textual_serve import download_manager
from textual_serve.app_service import AppService
from textual_serve.server import Server

from hiplog.cli import gate_page
from hiplog.clinical.errors import BadInput
from hiplog.language import _

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
HOME = "127.0.0.1"
LEAVE_S = 10.0
PART_S = 60
"""Seconds in which the tab's process must hand over a part of a file; the library's four cut files off."""
download_manager.DOWNLOAD_TIMEOUT = PART_S
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@dataclass
class Gate:
    """Who may come in. ``origins`` are the addresses a browser may have in its address line."""

    origins: tuple[str, ...]
    most: int
    inside: int = 0
    _tickets: set[str] = field(default_factory=set)
    _passes: set[str] = field(default_factory=set)

    @classmethod
    def at(cls, port: int, proxy: str | None, most: int) -> Gate:
        """Return the gate of a server on this machine, or of one behind a proxy with its own origin."""
        own = tuple(f"http://{name}:{port}" for name in (HOME, "localhost"))
        return cls(own if proxy is None else (origin_of(proxy),), most)

    @property
    def hosts(self) -> frozenset[str]:
        """The values of ``Host`` that belong to the origins."""
        return frozenset(urlsplit(origin).netloc for origin in self.origins)

    def link(self) -> str:
        """Return a new link that lets one browser in, once."""
        ticket = token_urlsafe(32)
        self._tickets.add(ticket)
        return f"{self.origins[0]}/enter/{ticket}"

    def admit(self, ticket: str) -> str | None:
        """Take a ticket and return the pass for it; ``None`` when it was used or never made."""
        known = next((one for one in self._tickets if compare_digest(one, ticket)), None)
        if known is None:
            return None
        self._tickets.discard(known)
        made = token_urlsafe(32)
        self._passes.add(made)
        return made

    def knows(self, shown: str) -> bool:
        """Whether a pass is one of ours."""
        return any(compare_digest(one.encode(), shown.encode()) for one in self._passes)

    def is_from_here(self, request: web.Request) -> bool:
        """Whether a request names this server and comes from a page of it, or from the address line."""
        origin = request.headers.get("Origin")
        if request.headers.get("Host", "") not in self.hosts or (origin and origin not in self.origins):
            return False
        # The socket is not held to the rule of the same origin by the browser: it must say whose it is.
        if origin is None and request.path == "/ws":
            return False
        return request.headers.get("Sec-Fetch-Site", "none") in ("same-origin", "none")


def origin_of(proxy: str) -> str:
    """Read ``--behind-proxy``: scheme and host of the address that people type, and nothing else."""
    parts = urlsplit(proxy)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.path.strip("/") or parts.query:
        raise BadInput(
            _("--behind-proxy: {proxy!r} is no origin; give it as https://logbook.clinic.example").format(
                proxy=proxy[:80]
            )
        )
    return f"{parts.scheme}://{parts.netloc}"


class Tab(AppService):
    """The process of one browser tab, run without a shell, ended when the tab goes."""

    _room: TemporaryDirectory[str] | None = None

    async def _open_app_process(self, width: int = 80, height: int = 24) -> asyncio.subprocess.Process:
        pipe = asyncio.subprocess.PIPE
        words = self.command.split("\0")
        environment = self._build_environment(width, height) | {"HIPLOG_SERVED": "1", "TEXTUAL_FPS": "60"}
        # What is written goes to the browser; here it lies in a private folder as long as the tab is open.
        self._room = TemporaryDirectory(prefix="hiplog-tab-")
        process = await asyncio.create_subprocess_exec(
            *words, stdin=pipe, stdout=pipe, stderr=pipe, env=environment, cwd=self._room.name
        )
        self._process, self._stdin = process, process.stdin
        return process

    async def stop(self) -> None:
        """Let it save and leave; end it when it does not."""
        try:
            await asyncio.wait_for(super().stop(), LEAVE_S)
        except TimeoutError:
            self._task = None
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.terminate()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._process.wait(), LEAVE_S)
        if self._room is not None:
            self._room.cleanup()


class Served(Server):
    """The server itself; ``say`` shows the links on the terminal."""

    def __init__(self, words: Sequence[str], gate: Gate, port: int, say: Callable[[str], None]) -> None:
        super().__init__("\0".join(words), host=HOME, port=port, title="hiplog", public_url=gate.origins[0])
        self.gate, self.say = gate, say
        self.cookie = f"hiplog-{port}"
        self.policy = gate_page.policy(gate.origins)

    def initialize_logging(self) -> None:
        """Warnings only, and no local variables: they could hold a name."""
        logging.basicConfig(level="WARNING", format="hiplog serve: %(message)s", stream=sys.stderr)

    async def _make_app(self) -> web.Application:
        app = web.Application(middlewares=[self._guard])
        pages = {"/page.css": (gate_page.CSS, "text/css"), "/page.js": (gate_page.JS, "text/javascript")}
        app.add_routes(
            [
                web.get("/", self.handle_index, name="index"),
                web.get("/enter/{ticket}", self.handle_enter),
                web.get("/ws", self.handle_websocket, name="websocket"),
                web.get("/download/{key}", self.handle_download, name="download"),
                web.static("/static", self.statics_path, name="static"),
                *(web.get(path, _sender(*told)) for path, told in pages.items()),
            ]
        )
        app.on_startup.append(self.on_startup)
        return app

    async def on_startup(self, app: web.Application) -> None:
        """Show the first link."""
        self._say_link()

    def _say_link(self) -> None:
        self.say(
            _("open this link in the browser, it lets one in, once: {link}").format(link=self.gate.link())
        )

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Send nobody a byte of the logbook who is not known and from here."""
        entering = request.path.startswith("/enter/")
        known = self.gate.knows(request.cookies.get(self.cookie, ""))
        if not self.gate.is_from_here(request) or not (known or entering):
            answer: web.StreamResponse = web.Response(status=403, text=gate_page.REFUSED)
        else:
            try:
                answer = await handler(request)
            except web.HTTPException as refused:
                answer = web.Response(status=refused.status, text=refused.reason)
        if not answer.prepared:
            answer.headers.update(HEADERS | {"Content-Security-Policy": self.policy})
        return answer

    async def handle_enter(self, request: web.Request) -> web.StreamResponse:
        """Give the browser that holds a ticket its cookie."""
        made = self.gate.admit(request.match_info["ticket"])
        if made is None:
            return web.Response(status=403, text=gate_page.USED)
        answer = web.Response(status=303, headers={"Location": "/"})
        secure = self.gate.origins[0].startswith("https:")
        answer.set_cookie(self.cookie, made, httponly=True, samesite="Strict", secure=secure, path="/")
        self._say_link()
        return answer

    async def handle_index(self, request: web.Request) -> web.Response:
        """The page of one tab; a calm one when all places are taken."""
        if self.gate.inside >= self.gate.most:
            words = gate_page.full(self.gate.most)
            return web.Response(status=503, text=words, content_type="text/html")
        origin = next(one for one in self.gate.origins if urlsplit(one).netloc == request.headers["Host"])
        page = gate_page.tab(origin.replace("http", "ws", 1))
        return web.Response(text=page, content_type="text/html")

    async def handle_download(self, request: web.Request) -> web.StreamResponse:
        """Hand out a file that a tab of this browser delivers, once."""
        key = request.match_info["key"]
        try:
            told = await self.download_manager.get_download_metadata(key)
        except (KeyError, ValueError):
            raise web.HTTPNotFound from None
        named = "".join(char for char in told.file_name if char.isalnum() or char in "-_.") or "hiplog"
        answer = web.StreamResponse(headers=HEADERS | {"Content-Security-Policy": self.policy})
        answer.headers["Content-Type"] = "application/octet-stream"
        answer.headers["Content-Disposition"] = f'attachment; filename="{named}"'
        await answer.prepare(request)
        async for chunk in self.download_manager.download(key):
            await answer.write(chunk)
        await answer.write_eof()
        return answer

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """Run one process for the tab, as long as there is a place."""
        socket = web.WebSocketResponse(heartbeat=15)
        await socket.prepare(request)
        if self.gate.inside >= self.gate.most:
            await socket.close()
            return socket
        self.gate.inside += 1
        tab = Tab(
            self.command,
            write_bytes=socket.send_bytes,
            write_str=socket.send_str,
            close=socket.close,  # type: ignore[arg-type]
            download_manager=self.download_manager,
        )
        try:
            await tab.start(_cells(request, "width", 80), _cells(request, "height", 24))
            await self._process_messages(socket, tab)
        except (ConnectionError, RuntimeError):
            await socket.close()
        finally:
            await asyncio.shield(self._left(tab))
        return socket

    async def _left(self, tab: Tab) -> None:
        try:
            await tab.stop()
        finally:
            self.gate.inside -= 1


def _cells(request: web.Request, name: str, otherwise: int) -> int:
    told = request.query.get(name, "")
    return min(max(int(told), 1), 500) if told.isascii() and told.isdigit() and len(told) < 5 else otherwise


def _sender(text: str, kind: str) -> Handler:
    async def send(request: web.Request) -> web.StreamResponse:
        return web.Response(text=text, content_type=kind)

    return send


def run(words: Sequence[str], gate: Gate, port: int, say: Callable[[str], None]) -> None:
    """Serve until Ctrl+C."""
    logging.getLogger("aiohttp.access").disabled = True
    say(
        _("textual-serve {version} on {host}:{port}; Ctrl+C ends it").format(
            version=version("textual-serve"), host=HOME, port=port
        )
    )
    server = Served(words, gate, port, say)
    server.initialize_logging()
    web.run_app(server._make_app(), host=HOME, port=port, access_log=None, print=lambda *_: None)
