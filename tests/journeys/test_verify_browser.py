"""``quietline verify`` with a real browser: a server that is honest to the rest alone is found."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from app.cli.verify import chromium
from app.cli.verify.looking import Looked, Looking, look, release_files
from app.protocol.line import Line
from tests.journeys.line import RunningLine, running_line
from tests.onion.process import needed

Lie = Callable[[str, dict[str, str], bytes], bytes]
STOLEN = b"\n/* another server's */"


@pytest.fixture(scope="module")
def open_line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningLine]:
    with running_line(tmp_path_factory.mktemp("line")) as line:
        line.open_desks()
        yield line


def _look(line: RunningLine, lie: Lie) -> Looked:
    """Verify the line through a server that answers what it likes, with a real chromium, too."""

    class Liar(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = {name.lower(): value for name, value in self.headers.items()}
            taken = {"accept-encoding": "identity", "accept": asked.get("accept", "*/*")}
            answer = client.get(line.url + self.path, headers=taken)
            body = lie(self.path, asked, answer.content)
            self.send_response_only(answer.status_code)
            for name, value in answer.headers.multi_items():
                if name != "content-length":
                    self.send_header(name, value)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Liar)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with ThreadPoolExecutor(1) as thread, httpx.Client(trust_env=False) as client:
            url = f"http://127.0.0.1:{server.server_port}"
            return thread.submit(
                asyncio.run,
                look(
                    Looking(
                        url=url,
                        line=Line(line.world.line_id, "", url, None),
                        ways=[False],
                        socks=None,
                        count=2,
                        release=release_files(),
                        now=int(time.time()),
                        rng=os.urandom,
                        progress=lambda *_: None,
                        browser=needed(*chromium.PROGRAMS),
                        browser_arguments=["--no-sandbox"],  # the pages are our own
                    )
                ),
            ).result()
    finally:
        server.shutdown()
        server.server_close()


def test_a_real_browser_finds_an_honest_line_as_signed(open_line: RunningLine) -> None:
    looked = _look(open_line, lambda _, __, body: body)
    assert looked.findings.all() == []
    assert looked.visitors[-1] == "chromium itself, direct"


def test_a_lie_for_who_loads_the_worker_s_parts_in_a_browser_s_order_is_found(
    open_line: RunningLine,
) -> None:
    last: list[str] = []

    def lie(path: str, _: dict[str, str], body: bytes) -> bytes:
        """Who asks for the core right after the page's two scripts is a browser."""
        last.append(path)
        if path == "/assets/core.js" and {"/assets/app.js", "/assets/shared.js"} == set(
            last[-3:-1]
        ):
            return body + STOLEN
        return body

    found = _look(open_line, lie).findings.all()
    assert [one.where for one in found] == ["/assets/core.js"]
    assert found[0].visitors == ("chromium itself, direct",)


def test_a_file_that_nobody_signed_is_found_when_a_page_loads_it(open_line: RunningLine) -> None:
    def lie(path: str, asked: dict[str, str], body: bytes) -> bytes:
        if path == "/assets/app.js" and "Linux x86_64" in asked["user-agent"]:
            return b"fetch('/api/../nothing-signed.txt');" + body
        return body

    found = {one.where: one for one in _look(open_line, lie).findings.all()}
    assert found.keys() == {"/assets/app.js", "/nothing-signed.txt"}
    assert found["/nothing-signed.txt"].visitors == ("chromium itself, direct",)


def test_no_browser_without_a_sandbox() -> None:
    if os.geteuid() == 0:
        assert chromium.program() is None
