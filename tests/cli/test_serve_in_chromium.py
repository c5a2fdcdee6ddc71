"""The logbook in a real Chromium: logged, signed, exported; nobody else sees a byte, nothing leaves the machine."""

from __future__ import annotations

import asyncio
import http.server
import os
import tempfile
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import browsers
import pytest
import samples
from samples import admit, site, visit

from hiplog.logbook import audit, patients, sessions, users
from hiplog.logbook.book import Logbook
from hiplog.settings import Settings, private_file

pytestmark = pytest.mark.browser


def returning(book: Logbook) -> None:
    """A patient with one signed visit of four sites."""
    who, episode = admit(book, "P1")
    rows = tuple(site(muscle, zone=None) for muscle in ("GMED", "TFL", "GMAX", "RF"))
    visit(book, who.id, episode, 6, 4, insertions=rows)


async def at_the_patient(chromium: browsers.Browser, server: browsers.Serving) -> browsers.Page:
    """A tab in which the patient was found by three letters and lies open."""
    page = await chromium.page()
    await page.go(server.link())
    await page.shows("Follow-ups")
    await page.holds("document.activeElement.className.includes('xterm')")
    await page.press("/", "z", "w", "i", "enter")
    await page.shows("MCID 2 reached")
    return page


def picture(name: str, folder: Path) -> Path:
    return Path(os.environ.get("HIPLOG_TEST_PICTURES", str(folder))) / f"{name}.png"


@pytest.mark.grown(by=returning)
async def test_a_session_is_logged_signed_and_exported_in_the_browser(
    places: Settings, tmp_path: Path
) -> None:
    with browsers.serving(places) as server:
        async with browsers.browser(tmp_path) as chromium:
            page = await at_the_patient(chromium, server)
            await page.press("r")
            await page.shows("consent today: not answered")
            await page.press("n", "n", "y", "6", "2", "4")
            await page.shows("not confirmed")
            await page.press("t", "space", "t", "b", "space", "t", "s", "2", "space", "space")
            await page.press("4", "enter", "n", "3", "3", "1")
            await page.picture(picture("signing", tmp_path))
            await page.press("s", "enter")
            await page.shows("2 visits, last today")
            await page.picture(picture("signed", tmp_path))
            await page.press("f4")
            await page.shows("Audit")
            await page.press("e")
            await page.shows("Export the audit bundle")
            await page.press("ctrl+s")
            await page.shows("The bundle is written")
            await page.until(lambda: list(chromium.downloads.glob("*.zip")))
            await page.picture(picture("exported", tmp_path))
            # What takes long comes long after the key: in a tab where none was pressed it arrives all the same.
            other = await chromium.page()
            await other.go(server.at)
            await other.shows("Follow-ups")
            await other.run("window.open(location.origin + '/download/late')")
            await other.until(lambda: any(url.endswith("/download/late") for url in chromium.urls))
            urls = [*page.urls, *chromium.urls]
    strangers = {urlsplit(url).netloc for url in urls if not url.startswith(("data:", "about:"))}
    assert strangers == {f"127.0.0.1:{server.port}"}
    [kept] = chromium.downloads.glob("*.zip")
    with zipfile.ZipFile(kept) as archive:
        told = {Path(name).name: archive.read(name) for name in archive.namelist()}
    assert {"sessions.csv", "insertions.csv", "verify.py"} <= set(told)
    assert told["sessions.csv"].count(b"\r\n") == 3
    assert samples.CANARY.encode() not in b"".join(told.values())
    book = Logbook.open(places)
    [who] = book.read(patients.everyone)
    assert [one.status for one in book.read(sessions.of, who.id)].count("signed") == 2
    assert book.read(audit.verify).ok
    book.close()
    assert list(Path(tempfile.gettempdir()).glob("hiplog-tab-*/hiplog-audit-*")) == []
    assert samples.CANARY not in server.said
    assert "GET" not in server.said


ATTACK = """<!DOCTYPE html><title>elsewhere</title><script>
window.bytes = 0;
const say = (data) => { window.bytes += data.length || data.size || 0; };
async function attack(at) {
  for (const path of ['/', '/download/x', '/page.js', '/static/js/textual.js'])
    for (const mode of ['cors', 'no-cors'])
      try { say(await (await fetch(at + path, {credentials: 'include', mode})).text()); } catch (e) {}
  await new Promise((done) => {
    const line = new WebSocket(at.replace('http', 'ws') + '/ws?width=80&height=24');
    line.onmessage = (event) => say(event.data);
    line.onerror = line.onclose = done; setTimeout(done, 4000);
  });
  const frame = document.createElement('iframe'); frame.src = at + '/'; document.body.append(frame);
  await new Promise((done) => setTimeout(done, 500));
  try { say(frame.contentDocument.body.innerText); } catch (e) {}
  return window.bytes;
}
</script><body></body>"""


@pytest.fixture
def elsewhere() -> Iterator[int]:
    """A page on another port of this machine, which the browser takes for the same site."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(ATTACK.encode())

        def log_message(self, *told: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as site:
        threading.Thread(target=site.serve_forever, daemon=True).start()
        yield site.server_address[1]
        site.shutdown()


@pytest.mark.grown(by=returning)
async def test_a_page_on_another_port_gets_no_byte(places: Settings, tmp_path: Path, elsewhere: int) -> None:
    with browsers.serving(places) as server:
        async with browsers.browser(tmp_path) as chromium:
            page = await chromium.page()
            await page.go(server.link())
            await page.shows("Follow-ups")
            before = len(server.tabs())
            attacker = await chromium.page()
            await attacker.go(f"http://127.0.0.1:{elsewhere}/")
            await asyncio.sleep(1)
            assert await attacker.run(f"attack('{server.at}')") == 0
            assert attacker.frames == 0
            assert len(server.tabs()) == before


@pytest.mark.grown(by=returning)
async def test_a_closed_tab_ends_its_process_and_one_too_many_is_told(
    places: Settings, tmp_path: Path
) -> None:
    with browsers.serving(places, "--most", "1") as server:
        async with browsers.browser(tmp_path) as chromium:
            page = await chromium.page()
            await page.go(server.link())
            await page.shows("Follow-ups")
            assert len(server.tabs()) == 1
            second = await chromium.page()
            await second.go(f"{server.at}/")
            await asyncio.sleep(1)
            assert "as many tabs as are allowed (1)" in await second.run("document.body.innerText")
            await second.picture(picture("full", tmp_path))
            await chromium.close(page)
            await second.until(lambda: server.tabs() == [])
            await second.go(f"{server.at}/")
            await second.shows("Follow-ups")


WORDS, PIN = "under the apple tree", "4711"


def secured(book: Logbook) -> None:
    """The same, with somebody who has a passphrase and a PIN."""
    returning(book)
    users.set_passphrase(book, "DN001", WORDS)
    users.set_pin(book, "DN001", PIN)


@pytest.mark.grown(by=secured)
async def test_an_idle_screen_locks_in_the_browser_and_returns_to_the_same_field(
    places: Settings, tmp_path: Path
) -> None:
    """A whole minute passes here: the clock of the tab is the real one."""
    places.config.parent.mkdir(parents=True, exist_ok=True)
    places.config.write_text("lock_after_min = 1\n")
    word = tmp_path / "word"
    private_file(word).write_text(f"{WORDS}\n")
    with browsers.serving(places, "--passphrase-file", str(word)) as server:
        async with browsers.browser(tmp_path) as chromium:
            page = await at_the_patient(chromium, server)
            await page.press("n")
            await page.shows("visit 2")
            await page.press("n", "n")
            await page.shows("▸ consent today: not answered")
            for _ in range(3):
                if "hiplog is locked" in page.text:
                    break
                try:
                    await page.shows("hiplog is locked")
                except AssertionError:
                    continue
            assert "hiplog is locked" in page.text
            assert samples.CANARY not in page.text and "P1" not in page.text
            await page.picture(picture("locked", tmp_path))
            await page.press("0", "8", "1", "5", "enter")
            await page.shows("4 tries left")
            await page.press(*PIN, "enter")
            await page.shows("▸ consent today: not answered")
            await page.press("y")
            await page.until(lambda: "consent today: not answered" not in page.text)
    book = Logbook.open(places, proved=True)
    assert len(book.read(sessions.drafts_open)) == 1
    told = [one.action for one in book.read(audit.events, 10, "access")]
    assert {"lock", "pin.wrong", "unlock"} <= set(told)
    book.close()
