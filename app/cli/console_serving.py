"""How a console is served on this machine: on loopback, by a server that logs no calls."""

import socket
from contextlib import suppress
from typing import Final

import uvicorn

from app.cli import asking
from app.console.main import create_app
from app.console.running import Console

HOST: Final = "127.0.0.1"
STOP_SECONDS: Final = 5


def serve(console: Console, listening: socket.socket) -> None:
    """Serves until Ctrl-C or SIGTERM."""
    config = uvicorn.Config(
        create_app(console),
        # No log of what was asked: addresses carry a one-time token and conversations' ids.
        access_log=False,
        log_level="warning",
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=STOP_SECONDS,
    )
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listening])


def listen(port: int) -> socket.socket:
    """A socket on loopback; 0 takes a free port. Ends the program where the port is in use."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
    except OSError:
        listening.close()
        asking.stop(
            f"Port {port} is in use on this machine. Choose another with --port.",
            asking.EXIT_MISUSED,
        )
    listening.listen(128)
    return listening
