"""When a new version has come up: its console answers, and nothing is used up by asking."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import ModuleType

import pytest

from tests.stick.later import PROGRAMS


@pytest.fixture
def works(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Return the stick's own module, as it lies on the stick."""
    monkeypatch.syspath_prepend(str(PROGRAMS))
    import works

    monkeypatch.delitem(sys.modules, "works")
    return works


@pytest.fixture
def said(works: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return what was said to the system."""
    heard: list[str] = []
    monkeypatch.setattr(vars(works)["asking"], "ask", heard.append)
    return heard


@contextmanager
def _console(status: int) -> Iterator[tuple[str, list[str]]]:
    """Answer everything in one way; yield the address, and what was asked for."""
    asked: list[str] = []

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    with HTTPServer(("127.0.0.1", 0), Answers) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", asked
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize("page", ["login?token=once", "unlock", ""])
def test_a_console_that_answers_has_come_up_and_its_link_stays_unused(
    works: ModuleType, said: list[str], page: str
) -> None:
    """The link that is opened works once: it is the browser's."""
    with _console(200) as (address, asked):
        assert works.tell(f"{address}/root-of-it/{page}") is True
    assert said == ["works"]
    assert asked == ["/root-of-it/unlock"]


@pytest.mark.parametrize("status", [500, 403])
def test_a_console_that_answers_an_error_has_not(
    works: ModuleType, said: list[str], status: int
) -> None:
    with _console(status) as (address, _):
        assert works.tell(f"{address}/root-of-it/unlock") is False
    assert said == []


def test_a_console_that_has_ended_has_not(works: ModuleType, said: list[str]) -> None:
    """The browser stays all the same, and shows that nothing is there."""
    with _console(200) as (address, _):
        pass
    works.tell(f"{address}/root-of-it/unlock")
    assert said == []


def test_the_agencys_terminal_has_no_address_to_ask(works: ModuleType, said: list[str]) -> None:
    works.tell()
    assert said == ["works"]


_BROWSER = """
sleep() { n=$((n + 1)); [ "$n" -le 3 ]; }
works() { echo "asked $1"; [ "$n" = 2 ]; }
"""


def test_the_browser_asks_again_until_the_console_answers() -> None:
    """One that is just locking itself answers a moment later."""
    script = (PROGRAMS / "browser").read_text()
    (asks,) = [line for line in script.splitlines() if "works.py" in line]
    asks = asks.replace("/usr/bin/python3 /usr/lib/quietline-stick/works.py", "works")
    done = subprocess.run(
        ["sh", "-c", f"n=0\n{_BROWSER}\n{asks}\nwait", "sh", "http://a-console/"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout == "asked http://a-console/\n" * 2
