"""``python -m app.cli.server.healthcheck SOCKET``: does a server answer at its Unix socket?

For containers' health checks, which run it every half minute: it loads nothing but Python's own
library, and its words need no quotes, which engines part in different ways. Exit code 1: no.
"""

from __future__ import annotations

import http.client
import socket
import sys

_PATIENCE_SECONDS = 4


def answers(path: str) -> bool:
    """Say whether the server at a Unix socket says that it is well."""
    try:
        with socket.socket(socket.AF_UNIX) as wire:
            wire.settimeout(_PATIENCE_SECONDS)
            wire.connect(path)
            connection = http.client.HTTPConnection("server")
            connection.sock = wire
            connection.request("GET", "/healthz")
            return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False


if __name__ == "__main__":
    sys.exit(0 if answers(sys.argv[1]) else 1)
