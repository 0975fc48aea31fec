"""Where ``quietline server run`` listens, and how it answers there."""

from __future__ import annotations

import asyncio
import gc
import os
import resource
import signal
import socket
import stat
import time
from contextlib import suppress
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from app.server.admission import connections, proxy_protocol, watch
from app.server.admission.edge import Edge
from app.server.settings import Settings

_STOP_SECONDS = 15
_BACKLOG = 2_048
_GARBAGE = 5_000
"""Objects made until cycles among them are looked for. At Python's 700 that is with every second
report, which leaves none, and takes a twentieth of its time. What a server begins with, some
hundred thousand objects, is left out of every search."""
_DESKS_PART = 16
"""One of so many connections is set aside for the investigators' socket."""
_OTHER_FILES = 128
"""Open files that are no connections: database, blobs, site."""


def serve(
    application: FastAPI,
    settings: Settings,
    listeners: list[socket.socket],
    tor_uds: Path | None,
    desk_uds: Path | None,
) -> None:
    """Answer what comes at the listeners until SIGTERM or SIGINT."""
    gc.set_threshold(_GARBAGE)
    gc.collect()
    gc.freeze()
    for number in (signal.SIGTERM, signal.SIGINT):  # raised once more when uvicorn has stopped
        signal.signal(number, lambda *_: None)
    uvicorn.Server(
        uvicorn.Config(
            application,
            http=_protocol(settings, listeners, tor_uds, desk_uds),
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            date_header=False,
            ws="none",
            lifespan="on",
            timeout_graceful_shutdown=_STOP_SECONDS,
        )
    ).run(sockets=listeners)


def _protocol(
    settings: Settings,
    listeners: list[socket.socket],
    tor_uds: Path | None,
    desk_uds: Path | None,
) -> type[asyncio.Protocol]:
    desk = None if desk_uds is None else str(desk_uds)
    watches, edge = _watches(settings, listeners, desk), Edge(time.time, os.urandom)
    of_tor = frozenset(str(path) for path in (tor_uds, desk_uds) if path is not None)
    if of_tor:
        return proxy_protocol.announced(watches, edge, "tor", of_tor, desk)
    if settings.proxy_protocol is None:
        return connections.bounded(watches, edge)
    return proxy_protocol.announced(watches, edge, settings.proxy_protocol)


def _watches(settings: Settings, listeners: list[socket.socket], desk: str | None) -> watch.Watches:
    """Share the connections out: a few are the investigators' own, the rest is in equal parts."""
    names = [_name(listener) for listener in listeners]
    most, others = _connections(settings), len([name for name in names if name != desk])
    own = most if not others else max(1, most // _DESKS_PART) if desk in names else 0
    each = (most - own) // max(1, others)
    return watch.Watches(
        {
            name: watch.Watch(watch.Bounds(connections=own if name == desk else each))
            for name in names
        }
    )


def _name(listener: socket.socket) -> str | int:
    """Return a Unix socket's path, or a port."""
    name = listener.getsockname()
    return name if isinstance(name, str) else int(name[1])


def _connections(settings: Settings) -> int:
    """Return how many connections are set, within what the system lets this process open."""
    allowed, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = settings.connections + _OTHER_FILES
    if allowed != resource.RLIM_INFINITY and allowed < wanted:
        allowed = wanted if most == resource.RLIM_INFINITY else min(wanted, most)
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, most))
        if allowed < wanted:
            return max(1, allowed - _OTHER_FILES)
    return settings.connections


def at_address(host: str, port: int) -> socket.socket:
    """Listen on an address. Raises OSError, in words."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except OSError as error:
        raise OSError(
            f"Cannot listen on {host}, port {port}: {error.strerror}. "
            "Stop what uses it, or choose another with --host and --port."
        ) from None


def at_socket(path: Path) -> socket.socket:
    """Listen on a Unix socket, in place of a dead one. Raises OSError, in words."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        with suppress(FileNotFoundError):
            if stat.S_ISSOCK(path.stat().st_mode) and not _answers(path):
                path.unlink()  # left by a server that was killed
        listener.bind(str(path))
        path.chmod(0o666)  # its folder says who may connect; the proxy runs as another user
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        raise OSError(
            f"Cannot listen on {path}: {error.strerror}. "
            "Is another server running, or is its folder missing or closed to this user?"
        ) from None
    return listener


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        return probe.connect_ex(str(path)) == 0
