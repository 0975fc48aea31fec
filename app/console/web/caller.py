"""Whose program is at the other end of a connection on loopback, as far as the system tells.

TCP carries no user, but on loopback the caller's own end is a socket of this machine, and Linux
tells who made it. The kernel is asked for that one (``connection_owner``); whoever is not found to
be ours so is looked for in the list of all sockets (``/proc/net/tcp``, proc_pid_net(5)). Where that
is missing, or has no socket of ours, not even the one that listens, the system does not tell, and
nobody is refused. Whoever cannot be found where it does tell is refused: a caller who resets the
connection at once leaves no address and no end of it, ours neither, but is heard all the same.
"""

import os
import socket
import sys
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from app.console.web.connection_owner import Address, owner

TABLES = (Path("/proc/self/net/tcp"), Path("/proc/self/net/tcp6"))
"""The second has who calls 127.0.0.1 through a socket for both kinds of addresses."""
LISTENING = "0A"
ESTABLISHED = "01"
"""A connection that stands. One that its caller has closed already is listed as nobody's."""


def is_ours(client: Any, server: Any, tables: tuple[Path, ...] = TABLES) -> bool:
    """Say whether a connection was made by this process's user; also where it cannot be told.

    From ``client`` to ``server`` (address and port each, as ASGI has them).
    """
    if not client or not server or server[1] is None:
        return False
    if owner(tuple(client), tuple(server)) == os.geteuid():
        return True
    try:
        theirs, own = _written(tuple(client)), _written(tuple(server))
        has_ours = False
        for table in tables:  # the kernel takes milliseconds for each, and few call by the second
            for local, remote, state, uid in _rows(table):
                if local in theirs and remote in own and state == ESTABLISHED:
                    if uid == os.geteuid():
                        return True
                elif local in own and (remote in theirs or state == LISTENING):
                    has_ours = True
    except (OSError, ValueError, IndexError):
        return True
    return not has_ours


def _rows(table: Path) -> Iterator[tuple[str, str, str, int]]:
    """Yield local and remote address, state and user of each socket.

    Raises OSError, ValueError, IndexError.
    """
    if table.exists():
        for line in table.read_text("ascii").splitlines()[1:]:
            fields = line.split()
            yield fields[1], fields[2], fields[3], int(fields[7])


def _written(address: Address) -> frozenset[str]:
    """Return IPv4 address and port as the tables have them: words of this machine's order."""
    four = socket.inet_aton(str(ip_address(address[0])))
    mapped = (bytes(4), bytes(4), b"\0\0\xff\xff", four)
    port = f":{address[1]:04X}"
    return frozenset((_word(four) + port, "".join(map(_word, mapped)) + port))


def _word(raw: bytes) -> str:
    return f"{int.from_bytes(raw, sys.byteorder):08X}"
