"""Another web server on this machine, at another port, to which the investigator's browser goes."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from tests.console.real_console import Running, running
from tests.console.running_line import PASSPHRASE, Line
from tests.journeys.conftest import launch

SPY = b"""<!doctype html><title>Free coffee</title><p id="told"></p><script>
const console_ = location.hash.slice(1);
const told = { cookie: document.cookie, referrer: document.referrer };
told.opener = String(window.opener);
async function look() {
  for (const options of [{ credentials: 'include' }, { credentials: 'include', mode: 'no-cors' }]) {
    try {
      const answer = await fetch(console_, options);
      told[options.mode ?? 'cors'] = `${answer.type} ${answer.url} ${await answer.text()}`;
    } catch (error) {
      told[options.mode ?? 'cors'] = String(error);
    }
  }
  const frame = document.createElement('iframe');
  frame.src = console_;
  document.body.append(frame);
  await new Promise((resolve) => { frame.onload = resolve; });
  try {
    told.frame = frame.contentWindow.location.href;
  } catch (error) {
    told.frame = 'nothing';
  }
  told.timings = performance.getEntries().map((one) => one.name).join(' ');
  document.getElementById('told').textContent = JSON.stringify(told);
  document.getElementById('told').dataset.done = 'yes';
}
if (console_) look(); else document.getElementById('told').textContent = JSON.stringify(told);
</script>"""


@contextmanager
def stranger() -> Iterator[tuple[str, list[str]]]:
    """Serve a stranger's web page; give its address, and everything that it is told."""
    heard: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.append(f"{self.path}\n{self.headers}")
            self.send_response(200)
            # What it may try: to set a session of its own making, for every port.
            self.send_header("Set-Cookie", "quietline-8100=mine; Path=/")
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(SPY)

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}", heard
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def console(still: Line, tmp_path: Path) -> Iterator[Running]:
    secret = tmp_path / "secret"
    secret.write_bytes(PASSPHRASE.reveal())
    with running(still.folder_of("ana"), secret) as one:
        yield one


@pytest.fixture
def page(console: Running) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = launch(playwright)
        one = browser.new_page()
        one.goto(console.login)
        expect(one.locator(".brand-line")).to_have_text("Test line")
        yield one
        browser.close()


def test_one_click_tells_a_stranger_neither_the_session_nor_where_the_console_is(
    console: Running, page: Page
) -> None:
    cookies = page.context.cookies()
    secrets = [str(one["value"]) for one in cookies if str(one["name"]).startswith("quietline")]
    port, _, root = console.home.removeprefix("http://127.0.0.1:").partition("/")
    secrets = [one for one in (*secrets, root) if one]
    with stranger() as (address, heard):
        # By a link on a page of the console, then by hand, then with its script at work.
        page.evaluate(
            """address => {
              const link = document.createElement('a');
              link.href = address;
              document.querySelector('main, body').append(link);
              link.click();
            }""",
            f"{address}/by-link",
        )
        page.wait_for_url(f"{address}/by-link")
        told = page.locator("#told").inner_text()
        page.goto(f"{address}/by-hand")
        page.goto(f"{address}/spying#http://127.0.0.1:{port}/")
        page.locator("#told[data-done]").wait_for(state="attached")
        told += page.locator("#told").inner_text()
    assert [one.split("\n")[0] for one in heard if "favicon" not in one] == [
        "/by-link", "/by-hand", "/spying",
    ]  # fmt: skip
    assert not [one for one in secrets if one in "".join(heard) + told]
    assert f"Referer: http://127.0.0.1:{port}" not in "".join(heard)
    assert "Test line" not in told
    assert root, "and everything of the console is under a path that nobody else knows"
    # The console goes on, whatever cookies somebody else has set.
    page.goto(console.home)
    expect(page.locator(".brand-line")).to_have_text("Test line")


def test_without_its_path_a_console_answers_nobody(console: Running) -> None:
    port = console.home.removeprefix("http://127.0.0.1:").partition("/")[0]
    bare = f"http://127.0.0.1:{port}"
    console.sign_in()
    for path in ("", "/", "/login", "/unlock", "/static/js/main.js", f"/{'0' * 32}/unlock"):
        answer = console.http.get(bare + path)
        assert answer.status_code == 403, path
        assert "the one that was printed" in answer.text
        assert "location" not in answer.headers
