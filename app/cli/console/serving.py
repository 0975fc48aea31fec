"""How a console is served on this machine: on loopback, by a server that logs no calls."""

import os
import socket
import threading
from contextlib import suppress
from typing import Final, NoReturn

import uvicorn

from app.cli.console.locking import Handed, begin_anew
from app.cli.terminal import asking
from app.console.web.running_console import Console
from app.console.web.suspend import Watch
from app.console.web_application import create_app

HOST: Final = "127.0.0.1"
STOP_SECONDS: Final = 5
LOCK_SECONDS: Final = 4.0
"""A lock waits so long for what is at work, then ends it: a machine that is put to sleep gives 5 s
(logind.conf, InhibitDelayMaxSec)."""


def serve(console: Console, listening: socket.socket) -> None:
    """Serve until Ctrl-C or SIGTERM; a lock closes the vault and leaves it at that."""
    with suppress(KeyboardInterrupt):
        _server(console).run(sockets=[listening])


def serve_for_real(console: Console, listening: socket.socket, place: int | None) -> None:
    """Serve until Ctrl-C or SIGTERM; a lock empties this process.

    Whoever or whatever locks it, the process begins anew as a locked console on the same socket.
    ``place`` is the descriptor by which a second start finds it (``console_second_start``).
    """
    server = _server(console)
    # The server closes its own at its end; who calls meanwhile waits in this one.
    kept = os.dup(listening.fileno())

    def anew() -> NoReturn:
        # What a lock did not end in its time would go on after it, with its key.
        if console.tor is not None:
            console.tor.kill()
        begin_anew(Handed.of(console, kept, place))

    late = threading.Timer(LOCK_SECONDS, anew)
    late.daemon = True

    def locks() -> None:
        if not console.goes_on:
            console.goes_on = True
            late.start()
            # From here on callers wait for the one that comes after.
            for accepting in server.servers:
                accepting.close()
            server.should_exit = True

    console.on_lock = locks
    watch = Watch(console.lock_soon)
    watch.start()
    with suppress(KeyboardInterrupt):
        server.run(sockets=[listening])
        if console.goes_on:
            anew()
    late.cancel()
    watch.stop()
    os.close(kept)


def listen(port: int) -> socket.socket:
    """Return a socket on loopback; 0 takes a free port.

    Ends the program where the port is in use.
    """
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
    except OSError:
        listening.close()
        asking.stop(
            f"Port {port} is in use on this computer. Choose another with --port.",
            asking.EXIT_MISUSED,
        )
    listening.listen(128)
    return listening


def _server(console: Console) -> uvicorn.Server:
    config = uvicorn.Config(
        create_app(console),
        # No log of what was asked: addresses carry a one-time token and cases' ids.
        access_log=False,
        log_level="warning",
        server_header=False,
        date_header=False,
        # Else whoever calls could say by a header that the call comes from elsewhere (`caller`).
        proxy_headers=False,
        timeout_graceful_shutdown=STOP_SECONDS,
    )
    return uvicorn.Server(config)
