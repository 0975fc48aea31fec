"""Ports for processes that must be told theirs before they start."""

from __future__ import annotations

import random
import socket

_FIRST, _END = 12_000, 32_000
"""Below what the kernel gives to outgoing connections, which would take a port in between."""


def free_port() -> int:
    """Return a port of loopback that is free, and that no other test on this machine is given.

    An abstract Unix socket of the port's name holds the claim until this process ends.
    """
    while True:
        port = random.randrange(_FIRST, _END)
        claim = socket.socket(socket.AF_UNIX)
        try:
            claim.bind(f"\0quietline-test-port-{port}")
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(("127.0.0.1", port))
        except OSError:
            claim.close()
        else:
            claim.detach()
            return port
