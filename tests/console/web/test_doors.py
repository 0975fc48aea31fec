"""Who gets in: the link works once, other pages and other hosts get nothing, the lock locks."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from opentelemetry import trace

from app.console.vault import Vault
from tests.console.browser import HOME, Browser, opened
from tests.console.running_line import PASSPHRASE, Line

pytestmark = pytest.mark.anyio

PAGES = ["/", "/list", "/status", "/cases/" + "0" * 64, "/files/1", "/files/1/preview"]
CHANGES = ["/sync", "/lock", "/theme", "/cases/x/draft", "/cases/x/reply"]


@pytest.fixture
async def browser(still: Line) -> AsyncIterator[Browser]:
    async with opened(still) as one:
        yield one


async def test_the_link_signs_in_once(browser: Browser) -> None:
    link = browser.login()
    first = await browser.get(link)
    assert first.status_code == 303
    cookie = first.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert (await browser.get("/")).status_code == 200
    browser.http.cookies.clear()
    assert (await browser.get(link)).status_code == 403
    assert (await browser.get("/")).headers["location"] == "/unlock"


async def test_the_frameworks_telemetry_is_off_whatever_the_process_has(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Provider(trace.TracerProvider):
        def get_tracer(self, *_: object, **__: object) -> trace.Tracer:
            raise AssertionError("a request was traced")

    monkeypatch.setattr(trace, "get_tracer_provider", Provider)
    assert (await browser.get("/unlock")).status_code == 200


async def test_a_newer_link_ends_an_older_one(browser: Browser) -> None:
    old, new = browser.login(), browser.login()
    assert (await browser.get(old)).status_code == 403
    assert (await browser.get(new)).status_code == 303


async def test_without_a_session_no_page_says_anything(browser: Browser) -> None:
    for path in PAGES:
        answer = await browser.get(path)
        back = f"?back={path}" if path != "/" else ""
        assert answer.headers["location"] == f"/unlock{back}", path
        assert answer.text == "", path


async def test_without_a_session_nothing_is_changed(browser: Browser) -> None:
    for path in CHANGES:
        answer = await browser.post(path)
        assert answer.headers["location"] == "/unlock", path
    assert not browser.console.locked


async def test_another_host_is_refused(browser: Browser) -> None:
    """DNS rebinding: a page of evil.test whose name now points to 127.0.0.1."""
    await browser.sign_in()
    for host in ("evil.test", "127.0.0.1", "127.0.0.1:8101", "127.0.0.1.evil.test:8100"):
        answer = await browser.get("/", host=host)
        assert answer.status_code == 403, host
        assert "Test line" not in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "null"},
        {"origin": "http://evil.test"},
        {"origin": "http://127.0.0.1:9999"},
        {"origin": HOME, "sec-fetch-site": "same-site"},
        {"origin": HOME, "sec-fetch-site": "cross-site"},
    ],
)
async def test_a_change_asked_for_by_another_page_is_refused(
    browser: Browser, headers: dict[str, str]
) -> None:
    await browser.sign_in()
    for path in CHANGES:
        answer = await browser.http.post(path, data={"csrf": browser.csrf}, headers=headers)
        assert answer.status_code == 403, path
    assert not browser.console.locked


async def test_a_change_without_the_pages_token_is_refused(browser: Browser) -> None:
    await browser.sign_in()
    for token in ("", "x" * 43):
        browser.csrf = token
        for path in CHANGES:
            assert (await browser.post(path)).status_code == 400, path
    assert not browser.console.locked


async def test_a_page_of_another_port_may_not_read(browser: Browser) -> None:
    await browser.sign_in()
    answer = await browser.get("/", **{"sec-fetch-site": "same-site"})
    assert answer.status_code == 403


async def test_every_answer_forbids_what_the_console_does_not_do(browser: Browser) -> None:
    page = await browser.sign_in()
    missing = await browser.get("/nowhere")
    style = await browser.get("/static/css/tokens.css")
    for answer in (page, missing, style, await browser.get("/", host="evil.test")):
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert style.status_code == 200


async def test_locking_closes_the_vault_and_every_browser(browser: Browser, still: Line) -> None:
    await browser.sign_in()
    link = browser.login()
    assert (await browser.post("/lock")).headers["location"] == "/unlock"
    assert browser.console.locked
    assert (await browser.get("/")).headers["location"] == "/unlock"
    assert (await browser.get(link)).status_code == 403, "links end too"
    Vault.open(still.folder_of("ana"), PASSPHRASE).close()


async def test_who_unlocks_goes_on_where_they_locked_and_nowhere_else(browser: Browser) -> None:
    for back, where in (
        ("/due?whose=all", "/unlock?back=%2Fdue%3Fwhose%3Dall"),
        ("//x.test", "/unlock"),
    ):
        await browser.sign_in()
        assert (await browser.post("/lock", back=back)).headers["location"] == where
        words = PASSPHRASE.reveal().decode()
        opened = await browser.post("/unlock", passphrase=words, back=back)
        assert opened.headers["location"] == ("/" if back.startswith("//") else back)


async def test_the_passphrase_opens_it_again_and_a_wrong_one_does_not(browser: Browser) -> None:
    await browser.sign_in()
    await browser.post("/lock")
    wrong = await browser.post("/unlock", passphrase="not this one at all")
    assert wrong.status_code == 403
    assert "does not open the case store" in wrong.text
    assert browser.console.locked
    right = await browser.post("/unlock", passphrase=PASSPHRASE.reveal().decode())
    assert right.status_code == 303
    assert (await browser.get("/")).status_code == 200


async def test_a_second_browser_signs_in_by_the_passphrase(browser: Browser) -> None:
    wrong = await browser.post("/unlock", passphrase="not this one at all")
    assert wrong.status_code == 403
    await browser.post("/unlock", passphrase=PASSPHRASE.reveal().decode())
    assert (await browser.get("/")).status_code == 200


async def test_unlocking_cannot_be_asked_by_another_page(browser: Browser) -> None:
    answer = await browser.http.post(
        "/unlock",
        data={"passphrase": PASSPHRASE.reveal().decode()},
        headers={"origin": "http://evil.test"},
    )
    assert answer.status_code == 403


async def test_an_endless_form_is_cut_off(browser: Browser) -> None:
    await browser.sign_in()
    assert (await browser.post("/theme", theme="x" * 300_000)).status_code == 400


async def test_light_and_dark_are_remembered(browser: Browser) -> None:
    assert 'data-theme="system"' in (await browser.sign_in()).text
    await browser.post("/theme", theme="dark")
    assert 'data-theme="dark"' in (await browser.get("/")).text
    await browser.post("/theme", theme="<script>")
    assert 'data-theme="dark"' in (await browser.get("/")).text
