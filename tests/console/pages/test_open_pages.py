"""One case open twice, a button pressed twice, an answer refused: what was typed is kept."""

from __future__ import annotations

import re

import pytest

from app.console.vault.attachments import files
from app.console.vault.records import drafts, messages
from tests.console.browser import Browser, opened
from tests.console.cases.cases_at_hand import some_cases
from tests.console.running_line import Line, read

pytestmark = pytest.mark.anyio


async def the_form(browser: Browser, case: str) -> dict[str, str]:
    """Return what the answer's form on a freshly loaded page sends besides the text."""
    page = (await browser.get(f"/cases/{case}")).text
    form = re.search(r'<form [^>]*class="reply".*?</form>', page, re.S)
    assert form is not None
    fields = dict(re.findall(r'type="hidden"[^>]* name="([\w-]+)" value="([^"]*)"', form[0]))
    return fields | {"desk": "support", "lang": "en"}


def draft_of(browser: Browser, case: str) -> str:
    with browser.console.vault.read() as tx:
        kept = drafts.find(tx, case)
    return kept.text if kept else ""


def answers_of(browser: Browser) -> list[str]:
    mine = [one for one in read(browser.console.vault) if one.direction == "out"]
    return [one.body.text for one in mine]


async def test_a_window_opened_before_writes_over_no_draft(line: Line) -> None:
    (case,) = await some_cases(line, 1)
    async with opened(line) as browser:
        await browser.sign_in()
        first, second = await the_form(browser, case), await the_form(browser, case)
        path = f"/cases/{case}"
        for typed in ("Long and", "Long and careful."):
            assert (await browser.post(f"{path}/draft", **first, text=typed)).status_code == 200
        for typed in ("ok", ""):
            late = await browser.post(f"{path}/draft", **second, text=typed)
            assert late.status_code == 400
            assert "another draft" in late.text
        assert draft_of(browser, case) == "Long and careful."
        # Sent from there all the same, it takes nothing of the other one along.
        await browser.post(f"{path}/reply", **second, text="Thank you.")
        assert answers_of(browser) == ["Thank you."]
        assert draft_of(browser, case) == "Long and careful."
        # A window that shows the draft goes on with it; the one that wrote it is told then.
        third = await the_form(browser, case)
        await browser.post(f"{path}/draft", **third, text="Long, careful, done.")
        late = await browser.post(f"{path}/draft", **first, text="Long and careful, and")
        assert late.status_code == 400
        await browser.post(f"{path}/reply", **third, text="Long, careful, done.")
        assert draft_of(browser, case) == ""


async def test_an_answer_whose_button_is_pressed_twice_goes_once(line: Line) -> None:
    (case,) = await some_cases(line, 1)
    async with opened(line) as browser:
        await browser.sign_in()
        form = await the_form(browser, case)
        for _ in range(3):
            sent = await browser.post(f"/cases/{case}/reply", **form, text="Thank you.")
            assert sent.status_code == 303
        assert answers_of(browser) == ["Thank you."]
        await browser.post(f"/cases/{case}/reply", **form, text="And one thing more.")
        again = await the_form(browser, case)
        await browser.post(f"/cases/{case}/reply", **again, text="Thank you.")
        assert answers_of(browser) == ["Thank you.", "And one thing more.", "Thank you."]
        with browser.console.vault.read() as tx:
            assert len(messages.waiting(tx)) == 3


async def test_only_the_files_that_its_window_shows_go_with_an_answer(line: Line) -> None:
    (case,) = await some_cases(line, 1)
    path = f"/cases/{case}"
    async with opened(line) as browser:
        await browser.sign_in()
        early = await the_form(browser, case)
        await browser.call(f"{path}/files?name=way.txt", b"left", **{"content-type": "text/plain"})
        late = await the_form(browser, case)
        await browser.post(f"{path}/reply", **early, text="Thank you.")
        with browser.console.vault.read() as tx:
            (waits,) = files.of_draft(tx, case)
        assert late["files"] == str(waits.id)
        await browser.post(f"{path}/reply", **late, text="This is the way.")
        with browser.console.vault.read() as tx:
            assert files.of_draft(tx, case) == []
            first, second = messages.waiting(tx)
            assert files.of_message(tx, first.id) == []
            assert [one.id for one in files.of_message(tx, second.id)] == [waits.id]


async def test_an_answer_that_is_refused_is_kept_as_a_draft(line: Line) -> None:
    (case,) = await some_cases(line, 1)
    async with opened(line) as browser:
        await browser.sign_in()
        form = await the_form(browser, case)
        long = "All is kept here. " * 1_000
        refused = await browser.post(f"/cases/{case}/reply", **form, text=long)
        assert refused.status_code == 400
        assert "What you wrote is saved as a draft." in refused.text
        assert f'href="/cases/{case}"' in refused.text
        assert draft_of(browser, case) == long
        await browser.post(f"/cases/{case}/reply", **form, text="Shorter.")
        assert answers_of(browser) == ["Shorter."]


async def test_a_note_that_is_being_typed_is_kept(line: Line) -> None:
    (case,) = await some_cases(line, 1)
    path = f"/cases/{case}"

    async def names(browser: Browser) -> dict[str, str]:
        page = (await browser.get(path)).text
        found = re.findall(r'name="([\w-]+)" value="(\w*)" form="note-new"', page)
        return dict(found)

    async with opened(line) as browser:
        await browser.sign_in()
        first, second = await names(browser), await names(browser)
        kept = await browser.post(f"{path}/notes/draft", **first, text="Called the shelter")
        assert kept.json() == {"kept": True}
        late = await browser.post(f"{path}/notes/draft", **second, text="ok")
        assert late.status_code == 400
        assert "another note" in late.text
        assert "Called the shelter</textarea>" in (await browser.get(path)).text
        # Another window's note takes nothing of this one along.
        await browser.post(f"{path}/notes", **second, text="Ring them at six.")
        assert "Called the shelter</textarea>" in (await browser.get(path)).text
        await browser.post(f"{path}/notes", **first, text="Called the shelter: two beds.")
        page = (await browser.get(path)).text
        assert "Called the shelter</textarea>" not in page
        assert "Called the shelter: two beds." in page
        await browser.post(f"{path}/notes/draft", **first, text="And")
        await browser.post(f"{path}/notes/draft", **first, text=" ")
        with browser.console.vault.read() as tx:
            assert drafts.note(tx, case) == drafts.NoteDraft()
        # For whom it is comes back with it: a private one never becomes the team's.
        await browser.post(f"{path}/notes/draft", **first, text="Mine", private="yes")
        shown = (await browser.get(path)).text
        assert re.search(r'name="private" value="yes" checked', shown)
        await browser.post(f"{path}/notes", **await names(browser), text="Mine", private="yes")
        shown = (await browser.get(path)).text
        assert "note-private" in shown
        assert re.search(r'name="private" value="" checked', shown)
