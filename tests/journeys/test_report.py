"""The whole story: from a browser that the server cannot read, to an investigator, and back."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys import reporter, traces
from tests.journeys.line import CLIENT_ADDRESS, REAL_WORK_STEPS, RunningLine, running_line
from tests.journeys.pictures import CAMERA, photograph

TEXT = "Distinctive words: they keep our passports in the blue cupboard above the laundry."
ANSWER = "Distinctive answer: you are not alone. Is it safe on Tuesday evenings?"
MORE = "Distinctive follow-up: yes, after nine, when he sleeps."
USER_AGENT = "DistinctiveBrowser/77.1 (a phone that nobody else has)"


@pytest.fixture
def line(tmp_path: Path) -> Iterator[RunningLine]:
    """Return a line that asks for all the work that a real one asks for."""
    with running_line(tmp_path / "line", work_steps=REAL_WORK_STEPS) as started:
        yield started


def _open(browser: Browser) -> Page:
    """Open a fresh browser: no cookie, no storage, nothing remembered."""
    context = browser.new_context(
        user_agent=USER_AGENT, viewport={"width": 360, "height": 740}, accept_downloads=True
    )
    return context.new_page()


def _used_slots(line: RunningLine) -> list[tuple[object, ...]]:
    from app.server.storage.database import Storage

    storage = Storage(line.world.settings().database, lambda size: bytes(size))
    storage.open()
    try:
        return list(storage.refresh())
    finally:
        storage.close()


def test_a_report_with_a_photo_is_read_answered_and_the_answer_found(
    browser: Browser, line: RunningLine, tmp_path: Path
) -> None:
    began = dt.datetime.now(dt.UTC)
    photo = photograph(tmp_path / "photo.jpg")
    assert 2_500_000 < len(photo) < 4_000_000
    consoles = {name: line.start_console(name) for name in ("ana", "ben", "chris")}
    desks = {name: browser.new_context().new_page() for name in consoles}
    for name, login in consoles.items():
        desks[name].goto(login)

    # The reporter writes to the support desk alone.
    page = _open(browser)
    reporter.begin(page, line.url)
    reporter.write(page, ["support"], TEXT, [tmp_path / "photo.jpg"], originals=True)
    reporter.press(page, "review", "send")
    code = reporter.receipt(page)
    assert len(code.split()) == 12
    page.context.close()

    # Both of that desk read it; the other desk's console shows nothing, however long it looks.
    for name in ("ana", "ben"):
        row = desks[name].locator("[data-case]").first
        expect(row).to_contain_text("Distinctive words", timeout=reporter.SLOW)
    ana = desks["ana"]
    ana.locator("[data-case]").first.click()
    message = ana.locator("[data-message]").first
    expect(message).to_contain_text(TEXT)

    # The photo is seen as pixels, and saved as it was.
    picture = ana.locator("[data-picture] img")
    expect(picture).to_be_visible(timeout=reporter.SLOW)
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth > 0)")
    ana.locator("details.save summary").click()
    with ana.expect_download() as download:
        ana.get_by_role("button", name="Save the original").click()
    saved = Path(download.value.path()).read_bytes()
    assert hashlib.sha256(saved).digest() == hashlib.sha256(photo).digest()

    # She answers.
    ana.locator("#reply-text").fill(ANSWER)
    ana.locator("#send").click()
    expect(ana.locator('[data-state="Sent"], [data-state="sent"]')).to_be_visible(
        timeout=reporter.SLOW
    )

    # A fresh browser and the code alone open the answer, and the case goes on.
    page = _open(browser)
    reporter.come_back(page, line.url, code.upper().replace(" ", ", "))
    reporter.look_until(page, 1)
    expect(page.locator("[data-answer-text]")).to_have_text(ANSWER)
    reporter.press(page, "answers", "more")
    reporter.screen(page, "text").locator("textarea").fill(MORE)
    reporter.press(page, "text", "next")
    # By now somebody is in danger, and an answer would be, too.
    reporter.screen(page, "question-safe_to_reply").locator('[value="no"]').check()
    reporter.press(page, "question-safe_to_reply", "next")
    chosen = reporter.screen(page, "desks").locator('[data-desk="support"] input')
    expect(chosen).to_be_checked(timeout=reporter.SLOW)
    expect(page.locator('[data-desk="police"] input')).not_to_be_checked()
    page.get_by_text("Somebody is in danger right now").click()
    reporter.press(page, "desks", "look")
    expect(reporter.screen(page, "review")).to_contain_text(
        "Is it safe for you if we write back?No"
    )
    expect(page.locator('[data-step="review"]')).to_contain_text("danger right now?Yes")
    reporter.press(page, "review", "send")
    sent = reporter.screen(page, "sent")
    expect(sent).to_contain_text("We try to read this at once. We cannot promise it.")
    expect(sent.locator('[data-country="us"] a')).to_be_visible()
    page.context.close()
    expect(ana.locator("[data-danger]")).to_be_visible(timeout=reporter.SLOW)
    ana.locator("#newer").click(timeout=reporter.SLOW)  # nothing moves under one's eyes
    more = ana.locator("[data-message]").last
    expect(more).to_contain_text(MORE, timeout=reporter.SLOW)
    told = r"In danger now\s*Yes\s*Safe to write back\s*No\s*Referrals"
    expect(ana.locator("body")).to_contain_text(re.compile(told))

    chris = desks["chris"]
    chris.reload()
    expect(chris.locator("[data-case]")).to_have_count(0)
    expect(chris.locator("body")).to_contain_text("No reports yet")

    # Nothing that the server wrote tells any of it.
    line.children.stop()
    _no_traces(line, code, photo, began)


def _no_traces(line: RunningLine, code: str, photo: bytes, began: dt.datetime) -> None:
    ended = dt.datetime.now(dt.UTC)
    words = code.split()
    needles = [form for text in (TEXT, ANSWER, MORE) for form in traces.forms(text[:30])]
    needles += traces.slices(photo)
    needles += [CAMERA.encode(), b"photo.jpg"]
    needles += [" ".join(words[at : at + 3]).encode() for at in range(10)]
    needles += [CLIENT_ADDRESS.encode(), USER_AGENT[:20].encode(), b"DistinctiveBrowser"]
    minutes = int((ended - began).total_seconds() // 60) + 2
    clock = {
        form
        for minute in range(-1, minutes)
        for form in traces.clock_forms(began + dt.timedelta(minutes=minute))
    }
    assert traces.found_in(line.server_data, needles) == []
    logs = line.world.data / "logs-of-the-server"
    logs.mkdir()
    for log in line.server_data.glob("*.log"):
        (logs / log.name).write_bytes(log.read_bytes())
    assert traces.found_in(logs, sorted(clock)) == []
    near = range(int(began.timestamp()) - 3_600, int(ended.timestamp()) + 3_600)
    database = next(line.server_data.glob("*.db"))
    exact = [place for place, value in traces.integers(database) if value in near]
    # Windows of bundles are whole hours, signed ahead by investigators' machines.
    assert {place for place in exact if not place.startswith("bundles.not_")} == set()
    assert all(
        value % 3_600 == 0
        for place, value in traces.integers(database)
        if place.startswith("bundles.not_")
    )


def test_what_is_stored_does_not_tell_who_was_chosen(browser: Browser, line: RunningLine) -> None:
    """One envelope for each investigator, chosen or not, in three equal rows."""
    line.open_desks()
    sizes = []
    for desks in (["support"], ["police"], ["support", "police"]):
        before = len(_used_slots(line))
        page = _open(browser)
        reporter.begin(page, line.url)
        reporter.write(page, desks, TEXT)
        reporter.press(page, "review", "send")
        reporter.receipt(page)
        page.context.close()
        sizes.append(len(_used_slots(line)) - before)
    assert sizes == [3, 3, 3]
