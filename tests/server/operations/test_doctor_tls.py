"""``doctor --connect``: a certificate that is refused, or ends soon; pages without TLS."""

from __future__ import annotations

import datetime as dt
import http.server
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app.server.operations.doctor import tls


class Moves(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(308)
        self.send_header("Location", "https://localhost/")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Serves(Moves):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()


@contextmanager
def serving(handler: type, context: ssl.SSLContext | None = None) -> Iterator[int]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory) -> Path:
    """Return a certificate for localhost, good for 30 days, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), False)
        .add_extension(x509.BasicConstraints(True, None), True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "both.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return file


@pytest.fixture
def secure(certificate) -> Iterator[str]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with serving(Moves, context) as port:
        yield f"https://localhost:{port}"


def found(address: str, days: float, trusted: Path | None, port_80: int) -> list[str]:
    context = ssl.create_default_context(cafile=trusted)
    now = time.time() + days * 86_400
    return [one.sentence for one in tls.check_connecting(address, now, context, port_80)]


def test_a_certificate_that_is_well_is_no_finding_until_it_ends_soon(secure, certificate):
    with serving(Moves) as port_80:
        assert found(secure, 0, certificate, port_80) == []
        assert found(secure, 20, certificate, port_80) == [
            "The certificate of localhost ends in 9 days: renew it."
        ]


def test_a_certificate_that_nobody_trusts_and_a_server_that_is_away_are_found(secure, certificate):
    (said,) = found(secure, 0, None, 9)
    assert said.startswith("The certificate of localhost is refused (self")
    with serving(Serves) as port:
        (said,) = found(f"https://localhost:{port}", 0, certificate, 9)
        assert "does not answer by TLS" in said
    (said,) = found(f"https://localhost:{port}", 0, certificate, 9)
    assert "(Connection refused): start the proxy" in said


def test_pages_without_tls_are_found(secure, certificate):
    with serving(Serves) as port_80:
        (said,) = found(secure, 0, certificate, port_80)
    assert said == (
        "http://localhost serves pages without TLS: let it redirect to https and no more."
    )
    assert found("http://localhost", 0, None, 9) == []
