"""Caddy and nginx with the files of deploy/, on ports and names of a test.

Between the proxy and the real server stands a recorder on the socket that the file names: every
byte that the proxy passes on is kept.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import os
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.deploy.conftest import DEPLOY
from tests.listening import close_to_callers
from tests.onion.process import STOPS_WITHIN, needed
from tests.ports import free_port

NAME = "tips.example.org"


@dataclass
class Proxy:
    """A proxy that is not started yet: its files are in ``folder``, it listens on ``port``."""

    folder: Path
    port: int
    socket: Path
    command: list[str]
    certificate: Path


def caddy(folder: Path) -> Proxy:
    """Set up Debian's Caddy."""
    port, plain = free_port(), free_port()
    certificate, key = _certificate(folder)
    text = (DEPLOY / "caddy" / "Caddyfile").read_text()
    changes = {
        "\tadmin off\n": f"\tadmin off\n\thttp_port {plain}\n\thttps_port {port}\n",
        f"{NAME} {{\n": f"{NAME} {{\n\ttls {certificate} {key}\n",
        "/run/quietline/server.sock": str(folder / "server.sock"),
    }
    (folder / "Caddyfile").write_text(_changed(text, changes))
    command = [needed("caddy"), "run", "--config", str(folder / "Caddyfile")]
    return Proxy(folder, port, folder / "server.sock", command, certificate)


def nginx(folder: Path) -> Proxy:
    """Set up Debian's nginx."""
    port, plain = free_port(), free_port()
    certificate, key = _certificate(folder)
    text = (DEPLOY / "nginx" / "nginx.conf").read_text()
    changes = {
        "user www-data;": f"user {_whoami()};\ndaemon off;",
        "/run/nginx.pid": str(folder / "nginx.pid"),
        "worker_processes auto;": "worker_processes 1;",
        "listen 80;": f"listen 127.0.0.1:{plain};",
        "        listen [::]:80;\n": "",
        "listen 443 ssl;": f"listen 127.0.0.1:{port} ssl;",
        "        listen [::]:443 ssl;\n": "",
        f"/etc/letsencrypt/live/{NAME}/fullchain.pem": str(certificate),
        f"/etc/letsencrypt/live/{NAME}/privkey.pem": str(key),
        "/run/quietline/server.sock": str(folder / "server.sock"),
    }
    (folder / "nginx.conf").write_text(_changed(text, changes))
    command = [needed("nginx"), "-e", "/dev/null", "-p", f"{folder}/", "-c", "nginx.conf"]
    return Proxy(folder, port, folder / "server.sock", command, certificate)


SETUPS: dict[str, Callable[[Path], Proxy]] = {"caddy": caddy, "nginx": nginx}


@contextlib.contextmanager
def running(proxy: Proxy) -> Iterator[None]:
    """Start a proxy; what it says goes into its folder. End it afterwards."""
    with (proxy.folder / "said").open("wb") as said:
        child = subprocess.Popen(
            proxy.command,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            env=os.environ | {"HOME": str(proxy.folder), "XDG_DATA_HOME": str(proxy.folder)},
        )
    try:
        yield
    finally:
        child.terminate()
        try:
            child.wait(STOPS_WITHIN)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


@dataclass
class Recorder:
    """Passes bytes from the proxy's socket to the server's, and keeps what goes to the server."""

    at: Path
    to: Path
    heard: bytearray = field(default_factory=bytearray)

    def __post_init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._ended = asyncio.Event()
        self._open: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Recorder:
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._ended.set)
        self._thread.join()
        self.at.unlink()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        server = await asyncio.start_unix_server(self._connected, self.at)
        self._ready.set()
        await self._ended.wait()
        await close_to_callers(server)
        while others := asyncio.all_tasks() - {asyncio.current_task()}:
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)
        # Wherever a task was broken off: a socket left open here would fail another test.
        for writer in self._open:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        self._tasks.add(self._loop.create_task(self._pass_on(reader, writer)))

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answers, upstream = await asyncio.open_unix_connection(self.to)
        self._open.add(upstream)
        there = asyncio.create_task(self._pipe(reader, upstream, self.heard))
        back = asyncio.create_task(self._pipe(answers, writer, None))
        _, pending = await asyncio.wait({there, back}, return_when=asyncio.FIRST_COMPLETED)
        for task in pending:
            task.cancel()
        writer.close()
        upstream.close()

    @staticmethod
    async def _pipe(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter, kept: bytearray | None
    ) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65_536):
                if kept is not None:
                    kept += data
                writer.write(data)
                await writer.drain()


def _changed(text: str, changes: dict[str, str]) -> str:
    for there, here in changes.items():
        if there not in text:
            raise ValueError(f"{there!r} is not in the file any more")
        text = text.replace(there, here)
    return text


def _whoami() -> str:
    import pwd

    return pwd.getpwuid(os.getuid()).pw_name


def _certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, private = folder / "cert.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return certificate, private
