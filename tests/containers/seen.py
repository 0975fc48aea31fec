"""What is seen of a container, and what is done to one."""

from __future__ import annotations

import os
import signal

from tests.containers.engine import Engine
from tests.containers.line import SERVER

UP_WITHIN = 120
MARK = "a-reporter-was-here"
_ASK = (
    "import socket, sys\n"
    "with socket.socket(socket.AF_UNIX) as wire:\n"
    " wire.connect('/run/quietline/server.sock')\n"
    " wire.sendall(b'GET ' + sys.argv[1].encode() + b' HTTP/1.1\\r\\nHost: x\\r\\n'\n"
    f"  b'User-Agent: {MARK}\\r\\nX-Forwarded-For: {MARK}\\r\\n'\n"
    "  b'Connection: close\\r\\n\\r\\n')\n"
    " print(wire.recv(99).split()[1].decode())\n"
)


def healthy(engine: Engine, server: str = SERVER) -> bool:
    return engine.tried("podman", "healthcheck", "run", server).returncode == 0


def answers(engine: Engine, path: str) -> int:
    """Return the status of the server's answer."""
    return int(engine.podman("exec", SERVER, "python", "-c", _ASK, path))


def killed(engine: Engine, container: str) -> None:
    """End a container's first process as a crash would: not by the engine, which would note it."""
    process = engine.state(container)["State"]["Pid"]
    assert process > 1
    os.kill(process, signal.SIGKILL)


def restarts(engine: Engine, container: str) -> int:
    return int(engine.state(container)["RestartCount"])
