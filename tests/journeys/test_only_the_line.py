"""A real console at work calls nobody but its line: every call of the process is written down.

Python's audit events are what writes them down; the loop is asyncio's own, since uvloop's has none.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from app.cli.demo.children import PROGRAM
from tests.journeys.line import WORK_STEPS, RunningLine, running_line
from tests.journeys.reporter import SLOW
from tests.journeys.test_team import TEXT, send

HOOK = """
import json, os, sys
sys.modules["uvloop"] = None
_calls = os.open({calls!r}, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
def _noted(event, arguments):
    if event in ("socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname"):
        target = arguments[0] if event.startswith("socket.get") else arguments[1]
        port = [arguments[1]] if event == "socket.getaddrinfo" else []
        whole = list(target) if isinstance(target, tuple) else [str(target)]
        os.write(_calls, (json.dumps((whole + port)[:2]) + "\\n").encode())
sys.addaudithook(_noted)
"""


@pytest.fixture
def line(tmp_path: Path) -> Iterator[RunningLine]:
    """Return a line whose programs begin by themselves, and so read what is put before them."""
    with running_line(tmp_path / "line", program=PROGRAM, work_steps=WORK_STEPS) as started:
        yield started


def test_a_console_that_syncs_calls_the_line_and_nobody_else(
    line: RunningLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    line.open_desks()
    send(line, TEXT)
    calls = tmp_path / "calls"
    (tmp_path / "sitecustomize.py").write_text(HOOK.format(calls=str(calls)))
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
    login = line.start_console("ana")
    home = login.partition("/login")[0]
    with httpx.Client(base_url=home, follow_redirects=True, timeout=120) as http:
        http.get(login)
        deadline = time.monotonic() + SLOW / 1000
        while TEXT not in http.get("/").text:
            assert time.monotonic() < deadline, "the report has not come"
            time.sleep(0.2)
    called = {tuple(json.loads(one)) for one in calls.read_text().splitlines()}
    # And the bus of logind, where there is one: the console locks when the machine sleeps. And the
    # kernel, by netlink, whose address is this: whose the connection is that asks for a page.
    machine = {("/var/run/dbus/system_bus_socket",), (0, 0)}
    assert called - machine == {("127.0.0.1", line.port)}
