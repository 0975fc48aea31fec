"""An onion in a browser that is not Tor Browser: no WebCrypto, so the slower way, and why is said.

The name ends in .onion and leads to this machine: for chromium that is no secure context, just as
an onion is none for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, Route, expect

from tests.journeys import reporter
from tests.journeys.conftest import launch
from tests.journeys.line import RunningLine, running_line
from tests.journeys.pictures import photograph
from tests.journeys.test_returning import _answer, _kept, _look

HOST = "quietlinequietlinequietlinequietlinequietlinequietlineab.onion"
OTHER = "line.example"


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningLine]:
    """Run a line that asks for little work, and for no hurry.

    Without WebCrypto each step takes far longer. One test alone sends something.
    """
    folder = tmp_path_factory.mktemp("line")
    with running_line(folder, work_steps=200, epoch_seconds=5) as started:
        yield started


@pytest.fixture
def insecure(playwright: Playwright) -> Iterator[Browser]:
    rules = f"--host-resolver-rules=MAP {HOST} 127.0.0.1, MAP {OTHER} 127.0.0.1"
    browser = launch(playwright, rules)
    yield browser
    browser.close()


def _loaded(page: Page) -> list[str]:
    paths: list[str] = []
    page.context.on("request", lambda request: paths.append(request.url.rpartition("/")[2]))
    return paths


def test_words_and_a_photo_get_through_without_webcrypto_and_an_answer_comes_back(
    insecure: Browser, line: RunningLine, tmp_path: Path
) -> None:
    line.open_desks()
    photograph(tmp_path / "photo.jpg", width=400, height=300)
    with (tmp_path / "film.mov").open("wb") as file:
        file.truncate(20 * 1024**2 + 1)
    url = f"http://{HOST}:{line.port}"
    page = insecure.new_page()
    loaded = _loaded(page)
    reporter.begin(page, url)
    assert page.evaluate("[isSecureContext, typeof crypto.subtle]") == [False, "undefined"]
    reporter.write(page, ["support"], "From an onion.", [tmp_path / "photo.jpg"])
    reporter.screen(page, "review").locator('[data-change="files"]').click()
    files = reporter.screen(page, "files")
    expect(files).to_contain_text("Here a file can be 20 MB at most")
    expect(page.locator('[data-action="voice"]')).to_have_attribute("hidden", "")
    files.locator("[data-choose]").set_input_files(tmp_path / "film.mov")
    problem = files.locator("[data-problem]")
    expect(problem).to_contain_text(
        "film.mov is larger than 20 MB. Tor Browser can send larger files."
    )
    reporter.press(page, "files", "next")
    reporter.press(page, "review", "send")
    code = reporter.receipt(page)
    page.close()
    assert "slow.js" in loaded
    (body,) = _kept(line, "ana", ["report"])
    assert (body["text"], body["files"][0]["metadata"]) == ("From an onion.", "clean")

    _answer(line, "ana", "support")
    page = insecure.new_page()
    _look(page, line, code, 1, url)
    page.close()


def test_over_plain_http_nothing_is_sent_and_it_is_said_why(
    insecure: Browser, line: RunningLine
) -> None:
    page = insecure.new_page()
    page.clock.install()
    calls: list[str] = []
    page.on("request", lambda request: calls.append(request.url))
    page.goto(f"http://{OTHER}:{line.port}/en/")
    reporter.press(page, "safety", "write")
    told = page.locator("[data-insecure]")
    expect(told).to_contain_text("This address is not protected (it starts with http).")
    reporter.press(page, "safety", "return")
    reporter.screen(page, "safety")
    page.clock.run_for(120_000)
    assert [url for url in calls if "/api/" in url] == []
    page.close()


def test_leaving_an_onion_leads_to_a_plain_page_of_its_own(
    insecure: Browser, line: RunningLine
) -> None:
    page = insecure.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"http://{HOST}:{line.port}/en/")
    page.locator("[data-exit]").click()
    page.wait_for_url(f"http://{HOST}:{line.port}/en/measures/")
    assert page.evaluate("document.referrer") == ""
    assert all(HOST in url for url in asked), "nothing outside learns of it"
    page.close()


def test_leaving_on_the_open_web_leads_elsewhere_without_saying_from_where(
    insecure: Browser, line: RunningLine
) -> None:
    page = insecure.new_page()
    told: list[dict[str, str]] = []

    def elsewhere(route: Route) -> None:
        told.append(route.request.headers)
        route.fulfill(body="<title>Elsewhere</title>", content_type="text/html")

    page.route("https://www.wikipedia.org/**", elsewhere)
    page.goto("data:text/html,<title>before</title>")
    page.goto(f"http://{OTHER}:{line.port}/en/")
    page.locator("[data-exit]").click()
    expect(page).to_have_title("Elsewhere")
    assert "referer" not in told[0]
    page.go_back()
    expect(page).to_have_title("before")
    page.close()
