"""TLS to the server: with ``verify-full`` only the clinic's own server is talked to, and the line is encrypted.

The certificates are made here. A small doorkeeper speaks TLS before the real server, for the PostgreSQL that the
tests start is built without it; the chair's side is libpq's own.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import chairs as ways
import pytest
import samples
from chairs import Clinic
from clocks import SetClock
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from hiplog.clinical.errors import Unreachable
from hiplog.logbook import health, patients
from hiplog.logbook.book import Logbook

SSL_REQUEST = b"\x00\x00\x00\x08\x04\xd2\x16\x2f"


def certificate(folder: Path, host: str) -> tuple[Path, Path]:
    """Make a certificate that vouches for itself, good for ``host`` and nothing else, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder.mkdir(parents=True, exist_ok=True)
    crt, pem = folder / "server.crt", folder / "server.key"
    crt.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    kind = serialization.PrivateFormat.PKCS8
    pem.write_bytes(key.private_bytes(serialization.Encoding.PEM, kind, plain))
    return crt, pem


class Doorkeeper:
    """Listens with TLS and hands what it decrypts to the server's socket; counts what came in plain."""

    def __init__(self, target: str, crt: Path, key: Path) -> None:
        self.target, self.plain = target, 0
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(crt, key)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                chair, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(chair,), daemon=True).start()

    def _serve(self, chair: socket.socket) -> None:
        with contextlib.suppress(OSError), chair, socket.socket(socket.AF_UNIX) as server:
            if chair.recv(8) != SSL_REQUEST:
                self.plain += 1
                return
            chair.sendall(b"S")
            with self.context.wrap_socket(chair, server_side=True) as line:
                server.connect(self.target)
                threading.Thread(target=_copy, args=(server, line), daemon=True).start()
                _copy(line, server)


def _copy(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError, ValueError):
        while data := source.recv(65_536):
            target.sendall(data)


@pytest.fixture
def door(chairs: Clinic, tmp_path: Path) -> Iterator[Doorkeeper]:
    crt, key = certificate(tmp_path / "ours", "localhost")
    made = Doorkeeper(ways.socket_of(chairs.app.database), crt, key)
    yield made
    made.listener.close()


def url(chairs: Clinic, door: Doorkeeper, host: str, authority: Path) -> str:
    base = ways.through(chairs.app.database, door.port).replace("127.0.0.1", host)
    return f"{base}&sslmode=verify-full&sslrootcert={authority}"


def test_the_clinics_own_server_is_talked_to_encrypted(
    chairs: Clinic, door: Doorkeeper, tmp_path: Path
) -> None:
    at = replace(chairs.app, database=url(chairs, door, "localhost", tmp_path / "ours" / "server.crt"))
    book = Logbook.open(at, SetClock())
    book.write(patients.add, samples.person())
    line = next(check for check in health.checks(book) if check.name == "line")
    assert (line.ok, line.message) == (True, "encrypted (TLS)")
    assert door.plain == 0
    book.close()


@pytest.mark.parametrize(
    ("host", "authority", "words"),
    [
        ("127.0.0.1", "ours", "belongs to another host name"),
        ("localhost", "theirs", "not issued by the clinic's authority"),
        ("localhost", "nobody", "named by sslrootcert is not there"),
    ],
)
def test_any_other_server_is_not(
    chairs: Clinic, door: Doorkeeper, tmp_path: Path, host: str, authority: str, words: str
) -> None:
    certificate(tmp_path / "theirs", "localhost")
    at = replace(chairs.app, database=url(chairs, door, host, tmp_path / authority / "server.crt"))
    with pytest.raises(Unreachable, match=words):
        Logbook.open(at, SetClock())
    assert door.plain == 0


def test_a_server_without_tls_is_not_talked_to_in_plain(chairs: Clinic, tmp_path: Path) -> None:
    crt, _ = certificate(tmp_path / "ours", "localhost")
    with ways.proxy(chairs.app.database) as plain:
        base = ways.through(chairs.app.database, plain.port)
        at = replace(chairs.app, database=f"{base}&sslmode=verify-full&sslrootcert={crt}")
        with pytest.raises(Unreachable, match="offers no TLS"):
            Logbook.open(at, SetClock())
