"""Caddy's container: on a port of loopback, with a certificate of an authority of its own."""

from __future__ import annotations

import ssl
from pathlib import Path

import httpx

from tests.containers.engine import Engine
from tests.containers.line import Line
from tests.onion.process import until
from tests.ports import free_port

CADDY = "quietline_caddy_1"
NAME = "tips.example.org"
_AUTHORITY = "/data/caddy/pki/authorities/local/root.crt"


class Web:
    """The line as browsers have it."""

    def __init__(self, line: Line, caddyfile: str) -> None:
        """Let Caddy call nobody for a certificate, nor listen on the machine's own addresses."""
        self._port = free_port()
        line.change(caddyfile, f"{NAME} {{\n", f"{NAME} {{\n\ttls internal\n")
        ports = f'ports: ["127.0.0.1:{self._port}:443"]'
        line.change("compose.services.yaml", 'ports: ["80:80", "443:443"]', ports)

    def trust(self, engine: Engine, folder: Path) -> None:
        """Wait until Caddy has its authority, and trust nobody else."""
        file = folder / "root.crt"

        def copied() -> bool:
            return engine.tried("podman", "cp", f"{CADDY}:{_AUTHORITY}", file).returncode == 0

        until(60, "Caddy makes no certificate", copied)
        self._trusted = ssl.create_default_context(cafile=file)

    def get(self, path: str) -> httpx.Response:
        """Fetch something. Raises httpx.HTTPError."""
        with httpx.Client(verify=self._trusted, timeout=20, trust_env=False) as client:
            return client.get(
                f"https://127.0.0.1:{self._port}{path}",
                headers={"Host": NAME},
                extensions={"sni_hostname": NAME},
            )

    def answers(self, path: str = "/") -> bool:
        """Say whether something is served."""
        try:
            return self.get(path).status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False
