"""What the browser gets besides the terminal: one page, its styles, a small script, nothing from outside."""

from __future__ import annotations

from collections.abc import Sequence

from hiplog.language import _, p_

REFUSED = _("Not let in. Open the link that hiplog serve shows on its terminal.")
USED = _("This link was used or never made. hiplog serve shows a new one on its terminal.")
CSS = """
@font-face { font-family: 'Roboto Mono'; src: url('/static/fonts/RobotoMono-VariableFont_wght.ttf'); }
html, body { margin: 0; height: 100%; background: #10141a; color: #e6e6e6; }
body { font-family: 'Roboto Mono', monospace; }
.textual-terminal { width: 100vw; height: 100vh; }
.said { position: absolute; inset: 0; display: none; align-items: center; justify-content: center; z-index: 9;
  background: #10141a; text-align: center; }
.calm { display: flex; }
body.-closed .said { display: flex; }
a { color: #8cc8ff; }
"""
JS = """
addEventListener('load', () => document.querySelector('#again')?.addEventListener('click', (event) => {
  event.preventDefault(); location.reload();
}));
// Keys go to the terminal from the start: nobody should have to reach for a mouse.
const ready = setInterval(() => {
  const keys = document.querySelector('.xterm-helper-textarea');
  if (keys && document.body.classList.contains('-first-byte')) { keys.focus(); clearInterval(ready); }
}, 50);
// A bundle is whole long after the key that asked for it, and browsers block a window that opens by itself
// some seconds later: what is delivered is followed as a link.
const openWindow = window.open.bind(window);
window.open = (url, ...how) => {
  if (!String(url).startsWith(`${location.origin}/download/`)) return openWindow(url, ...how);
  const link = document.createElement('a');
  link.href = url;
  link.download = '';
  document.body.append(link);
  link.click();
  link.remove();
  return null;
};
"""
_LANGUAGE = p_("language", "en")
_HEAD = f"""<!DOCTYPE html>
<html lang="{_LANGUAGE}"><head><meta charset="utf-8"><title>hiplog</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,"><link rel="stylesheet" href="/page.css">"""
_TAB = """<link rel="stylesheet" href="/static/css/xterm.css">
<script src="/static/js/textual.js"></script><script src="/page.js"></script></head>
<body><div class="said"><p>CLOSED<br>
<a href="/" id="again">AGAIN</a></p></div>
<div id="terminal" class="textual-terminal" data-session-websocket-url="SOCKET/ws" data-font-size="16"></div>
</body></html>
""".replace("CLOSED", _("The logbook is closed here. Drafts are kept.")).replace("AGAIN", _("Open it again"))
_FULL = """</head><body><div class="said calm"><p>
{full}<br>
{close}<br>
<a href="/">{again}</a></p></div></body></html>
"""


def policy(origins: Sequence[str]) -> str:
    """The content security policy: this server and nothing else."""
    sockets = " ".join(origin.replace("http", "ws", 1) for origin in origins)
    return (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self'; "
        f"img-src 'self' data:; connect-src 'self' {sockets}; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )


def tab(socket: str) -> str:
    """The page of one tab; ``socket`` is the origin of its web socket."""
    return _HEAD + _TAB.replace("SOCKET", socket)


def full(most: int) -> str:
    """What whoever comes when every place is taken reads."""
    return _HEAD + _FULL.format(
        full=_("The logbook is open in as many tabs as are allowed ({most}).").format(most=most),
        close=_("Close the logbook in another tab, then try again. Nothing is lost."),
        again=_("Try again"),
    )
