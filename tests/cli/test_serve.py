"""The gate of ``hiplog serve``, asked by clients that lie about who they are."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import browsers
import pytest
import samples

from hiplog.cli import gate
from hiplog.clinical.errors import BadInput
from hiplog.settings import Settings


def asked(port: int, path: str, **headers: str) -> bytes:
    """Ask in plain bytes, with the headers as given, and return the whole answer."""
    lines = [f"GET {path} HTTP/1.1", *(f"{k.replace('_', '-')}: {v}" for k, v in headers.items())]
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        line.sendall("\r\n".join([*lines, "Connection: close" if "Upgrade" not in headers else "", "", ""])
                     .replace("\r\n\r\n\r\n", "\r\n\r\n").encode())  # fmt: skip
        said = b""
        line.settimeout(3)
        try:
            while more := line.recv(65_536):
                said += more
        except TimeoutError:
            pass
    return said


WS = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec_WebSocket_Version": "13",
    "Sec_WebSocket_Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


def upgraded(port: int, cookie: str, host: str, origin: str | None) -> bytes:
    more = {} if origin is None else {"Origin": origin}
    return asked(port, "/ws?width=80&height=24", Host=host, Cookie=cookie, **WS, **more)


@pytest.mark.grown(by=samples.signed)
def test_only_a_browser_with_the_pass_from_here_is_let_in(places: Settings) -> None:
    with browsers.serving(places) as server:
        link, here = server.link(), f"127.0.0.1:{server.port}"
        path = link.partition(here)[2]
        assert b" 403 " in asked(server.port, path, Host="evil.example")
        entered = asked(server.port, path, Host=here)
        assert b" 303 " in entered
        assert b"HttpOnly" in entered
        assert b"SameSite=Strict" in entered
        assert b" 403 " in asked(server.port, path, Host=here), "a link lets in once"
        cookie = entered.partition(b"Set-Cookie: ")[2].partition(b";")[0].decode()
        whole = asked(server.port, "/", Host=here, Cookie=cookie)
        assert b" 200 " in whole
        assert b"https://" not in whole.partition(b"\r\n\r\n")[2]
        refused = [
            asked(server.port, "/", Host=here),
            asked(server.port, "/", Host=here, Cookie=f"hiplog-{server.port}=guessed"),
            asked(server.port, "/", Host="evil.example", Cookie=cookie),
            asked(server.port, "/", Host=f"evil.example:{server.port}", Cookie=cookie),
            asked(server.port, "/", Host=here, Cookie=cookie, Origin="http://127.0.0.1:1"),
            asked(server.port, "/", Host=here, Cookie=cookie, Sec_Fetch_Site="same-site"),
            asked(server.port, "/", Host=here, Cookie=cookie, Sec_Fetch_Site="cross-site"),
            upgraded(server.port, cookie, here, None),
            upgraded(server.port, cookie, here, "null"),
            upgraded(server.port, cookie, here, "http://evil.example"),
            upgraded(server.port, cookie, here, "http://127.0.0.1:1"),
            upgraded(server.port, cookie, f"evil.example:{server.port}", server.at),
            upgraded(server.port, "", here, server.at),
        ]
        for answer in refused:
            assert answer.startswith(b"HTTP/1.1 403 "), answer[:300]
            assert b"Follow-ups" not in answer
            assert b"websocket" not in answer
        assert server.tabs() == []
        let_in = upgraded(server.port, cookie, here, server.at)
        assert let_in.startswith(b"HTTP/1.1 101 ")
        assert samples.CANARY not in server.said


def test_it_listens_on_this_machine_only(places: Settings) -> None:
    with browsers.serving(places) as server:
        here = f"127.0.0.1:{server.port}"
        server.link()
        assert b" 403 " in asked(server.port, "/", Host=here)
        bound = Path("/proc/net/tcp").read_text() + Path("/proc/net/tcp6").read_text()
        rows = [line.split() for line in bound.splitlines()]
        at = {
            row[1].partition(":")[0]
            for row in rows
            if row[1].endswith(f":{server.port:04X}") and row[3] == "0A"
        }
        assert at == {"0100007F"}


@pytest.mark.parametrize("told", ["logbook.example", "https://logbook.example/path", "ftp://x", "https://"])
def test_a_proxy_is_named_by_its_origin(told: str) -> None:
    with pytest.raises(BadInput, match="no origin"):
        gate.Gate.at(8000, told, 1)


def test_behind_a_proxy_only_its_name_counts() -> None:
    door = gate.Gate.at(8000, "https://logbook.example", 1)
    assert door.hosts == {"logbook.example"}
    assert door.link().startswith("https://logbook.example/enter/")


def test_a_taken_port_is_said(places: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        words = ["--db", places.database, "serve", "--port", port]
        done = subprocess.run(
            [sys.executable, "-m", "hiplog", *words], capture_output=True, text=True, timeout=60, check=False
        )
    assert done.returncode == 6
    assert f"port {port} cannot be used here" in done.stderr
