"""What goes wrong is said in words, and nothing that was typed is lost."""

from __future__ import annotations

import base64
import datetime as dt
import json
import re
from pathlib import Path

from playwright.sync_api import Browser, Page, Route, expect

from app.console.vault import Vault
from app.console.vault.records import messages
from app.server.chunks.pool import LEAVING, RECORD_BYTES, read_record
from tests.journeys import reporter
from tests.journeys.line import RunningLine, running_line
from tests.journeys.pictures import photograph
from tests.onion.process import until

TEXT = "Words that must not be typed again."


def _problem(page: Page, name: str) -> str:
    """Return the sentence that a screen says is wrong."""
    problem = reporter.screen(page, name).locator("[data-problem]")
    expect(problem).not_to_be_empty(timeout=reporter.SLOW)
    return problem.inner_text()


def test_the_network_gone_in_mid_upload_costs_no_word_and_no_chunk(
    browser: Browser, line: RunningLine, tmp_path: Path
) -> None:
    photo = photograph(tmp_path / "photo.jpg")
    line.open_desks()
    page = browser.new_page()
    reporter.begin(page, line.url)
    reporter.write(page, ["support"], TEXT, [tmp_path / "photo.jpg"])
    line.way.cut_after(1_500_000)
    reporter.press(page, "review", "send")
    assert "What you wrote is still here" in _problem(page, "sending")
    kept = _chunks_at(line)
    assert 1 <= kept < len(photo) // 262_128

    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    line.way.mend()
    reporter.press(page, "sending", "again")
    assert len(reporter.receipt(page).split()) == 12
    chunks = -(-(len(photo) + 8) // 262_128)
    assert sent.count("PUT") <= chunks - kept, "what had arrived is not sent again"
    page.close()
    assert _chunks_that_arrive(line, "ana") >= chunks


def _chunks_at(line: RunningLine) -> int:
    """Return how many chunks the line has, by the records of its slots."""
    (file,) = line.server_data.rglob("places")
    records = file.read_bytes()
    slots = range(len(records) // RECORD_BYTES)
    named = (read_record(n, records[n * RECORD_BYTES : (n + 1) * RECORD_BYTES]) for n in slots)
    return sum(one is not None and one.day != LEAVING for one in named)


def _chunks_that_arrive(line: RunningLine, name: str) -> int:
    """Sync until the epoch with the message has come; return how many chunks the vault holds."""

    def look() -> int:
        line.sync(name)
        files = [path for path in line.world.vault(name).rglob("*") if path.is_file()]
        return sum(path.stat().st_size == 262_144 for path in files)

    return until(reporter.SLOW / 1_000, "no chunk has come", look)


def test_a_mistyped_word_is_named_and_a_wrong_code_is_an_empty_mailbox(
    browser: Browser, shared_line: RunningLine
) -> None:
    good = "legal winner thank year wave sausage worth useful legal winner thank yellow"
    page = browser.new_page()
    reporter.come_back(page, shared_line.url, good.replace("sausage", "sausege"))
    problem = _problem(page, "code")
    assert "6" in problem
    assert "sausege" in problem
    page.locator("[data-suggestion]", has_text="sausage").first.click()
    reporter.press(page, "code", "check")
    answers = reporter.screen(page, "answers")
    expect(answers.locator("[data-answer]")).to_have_count(0)
    expect(answers.locator("[data-answers-count]")).not_to_be_empty()
    page.close()


def test_an_expired_directory_stops_before_anything_is_written(
    browser: Browser, tmp_path: Path
) -> None:
    with running_line(tmp_path / "line") as line:
        line.open_desks()
        line.sign(dt.datetime.now(dt.UTC).date() - dt.timedelta(days=200))
        page = browser.new_page()
        reporter.begin(page, line.url)
        reporter.skip_questions(page)
        assert "too old" in _problem(page, "desks")
        expect(page.locator("[data-desk]")).to_have_count(0)
        page.close()


def test_a_directory_of_a_later_version_asks_to_load_the_page_again(
    browser: Browser, shared_line: RunningLine
) -> None:
    inner = base64.urlsafe_b64encode(json.dumps({"v": 3}).encode()).decode().rstrip("=")
    later = json.dumps({"directory": inner, "signature": "00" * 64, "root": "00" * 32})
    page = browser.new_page()
    page.route("**/api/v1/directory", lambda route: route.fulfill(body=later))
    reporter.begin(page, shared_line.url)
    reporter.skip_questions(page)
    assert "out of date" in _problem(page, "desks")
    page.close()


def test_a_directory_that_nobody_signed_is_not_believed(
    browser: Browser, shared_line: RunningLine
) -> None:
    page = browser.new_page()
    page.route("**/api/v1/directory", lambda route: route.fulfill(body='{"directory": "e30"}'))
    reporter.begin(page, shared_line.url)
    reporter.skip_questions(page)
    assert "Do not trust this address" in _problem(page, "desks")
    page.close()


def test_without_room_for_files_the_words_still_get_through(
    browser: Browser, tmp_path: Path
) -> None:
    photograph(tmp_path / "photo.jpg")
    with running_line(tmp_path / "line", settings="blob_quota_bytes = 600000\n") as line:
        line.open_desks()
        page = browser.new_page()
        reporter.begin(page, line.url)
        reporter.write(page, ["support"], TEXT, [tmp_path / "photo.jpg"])
        reporter.press(page, "review", "send")
        assert "no room for files" in _problem(page, "sending")
        reporter.press(page, "sending", "stop")
        reporter.screen(page, "review").get_by_role("button", name="Change").last.click()
        reporter.press(page, "files", "remove-file")
        reporter.press(page, "files", "next")
        expect(reporter.screen(page, "review")).to_contain_text(TEXT)
        reporter.press(page, "review", "send")
        assert len(reporter.receipt(page).split()) == 12
        page.close()


def test_a_file_over_the_limit_is_refused_when_it_is_chosen(
    browser: Browser, shared_line: RunningLine, tmp_path: Path
) -> None:
    large = tmp_path / "large.mov"
    with large.open("wb") as file:
        file.truncate(2 * 1024**3 + 1)
    page = browser.new_page()
    reporter.begin(page, shared_line.url)
    reporter.press(page, "text", "files")
    reporter.screen(page, "files").locator("input[data-choose]").set_input_files(large)
    problem = _problem(page, "files")
    assert "large.mov" in problem
    assert "2 GB" in problem
    expect(page.locator("[data-files] > *")).to_have_count(0)
    page.close()


def test_words_added_after_a_send_whose_answer_was_lost_arrive_too(
    browser: Browser, line: RunningLine
) -> None:
    """The first try is stored, the person never hears so, adds an address and sends again."""
    line.open_desks()
    page = browser.new_page()
    lost: list[int] = []

    def lose_the_answer(route: Route) -> None:
        lost.append(route.fetch().status)
        route.abort()

    page.route("**/api/v1/messages?*", lose_the_answer)
    reporter.begin(page, line.url)
    reporter.write(page, ["support"], TEXT)
    reporter.press(page, "review", "send")
    _problem(page, "sending")
    assert 201 in lost
    page.unroute("**/api/v1/messages?*")
    reporter.press(page, "sending", "stop")
    reporter.screen(page, "review").locator('[data-change="text"]').click()
    reporter.screen(page, "text").locator("textarea").fill(TEXT + " 12 Mill Lane, tonight.")
    reporter.press(page, "text", "next")
    reporter.press(page, "review", "send")
    reporter.receipt(page)
    page.close()

    def both() -> set[str] | None:
        line.sync("ana")
        texts = _texts_in(line, "ana")
        return texts if len(texts) == 2 else None

    texts = until(reporter.SLOW / 1_000, "there are no two messages", both)
    assert texts == {TEXT, TEXT + " 12 Mill Lane, tonight."}


def _texts_in(line: RunningLine, name: str) -> set[str]:
    with Vault.open(line.world.vault(name), line.world.passphrase) as vault, vault.read() as tx:
        kept = [one for found in messages.inbox(tx) for one in messages.messages_of(tx, found.id)]
        return {one.body.text for one in kept}


def _bind(line: RunningLine, desk: str) -> None:
    """Let a desk be bound to tell immigration from now on."""
    config = line.world.data / "agency" / "agency.toml"
    bound = re.sub(
        rf'^id = "{desk}".*$', r'\g<0>\ntells_immigration = "yes"', config.read_text(), flags=re.M
    )
    config.write_text(bound)
    line.sign(dt.datetime.now(dt.UTC).date())


def test_what_changed_since_the_choice_is_read_before_it_goes_and_who_can_read_is_asked(
    browser: Browser, line: RunningLine
) -> None:
    line.open_desks("ana")  # and of ben's keys the server shows none
    page = browser.new_page()
    reporter.begin(page, line.url)
    reporter.write(page, ["support"], TEXT)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(f"{request.method} {request.url}"))
    _bind(line, "support")
    reporter.press(page, "review", "send")
    assert "now says something else about itself" in _problem(page, "sending")
    assert not [one for one in sent if one.startswith("POST")]
    reporter.press(page, "sending", "again")
    desks = reporter.screen(page, "desks")
    expect(desks.locator('[data-desk="support"]')).to_contain_text("must tell immigration what")
    # What was chosen of another desk, as it was, is no choice of this one.
    desks.locator('[data-desk="support"] input').check()
    reporter.press(page, "desks", "look")
    reporter.press(page, "review", "send")
    assert "only 1 of 2 people can read" in _problem(page, "sending")
    assert not [one for one in sent if one.startswith("POST")]
    again = reporter.screen(page, "sending").locator('[data-action="again"]')
    expect(again).to_have_text("Send it now")
    again.click()
    assert len(reporter.receipt(page).split()) == 12
    page.close()
