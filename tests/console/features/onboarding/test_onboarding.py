"""The card of what is not set up: what it lists, what takes a step off it, and dismissing it."""

from __future__ import annotations

import os
import re

import pytest

from app.console.cases import casework
from app.console.features.links import unlinking
from app.console.features.practice.child import folder_beside
from app.console.features.practice.progress import Progress
from app.console.line import trusted_line
from app.console.rules import changes
from app.console.vault import recovery
from app.console.vault.copies import archive
from tests.console.browser import opened
from tests.console.left_out import NAMES, needs
from tests.console.running_line import DAY, PASSPHRASE, Line

pytestmark = pytest.mark.anyio

OF_FEATURES = {
    "Say whose phone numbers your teams read": "links",
    "Practise with made-up cases": "practice",
}
STEPS = {
    words: way
    for words, way in {
        "Say which languages you work in": 'href="/team"',
        "Say whose phone numbers your teams read": 'href="/links"',
        "Make a recovery code": 'href="/machine"',
        "Make a backup": 'href="/machine/backup"',
        "Practise with made-up cases": 'action="/practise"',
    }.items()
    if words not in OF_FEATURES or OF_FEATURES[words] in NAMES
}


def card(page: str) -> str:
    found = re.search(r'<section class="setup-card".*?</section>', page, re.DOTALL)
    return found[0] if found else ""


def open_steps(page: str) -> set[str]:
    rows = re.findall(r'<li class="setup-open">.*?</li>', card(page), re.DOTALL)
    return {words for words in STEPS for row in rows if words in row}


async def test_each_step_that_is_lacking_is_a_way_to_where_it_is_set(line: Line) -> None:
    async with opened(line) as browser:
        page = (await browser.sign_in()).text
        assert open_steps(page) == set(STEPS)
        for words, way in STEPS.items():
            assert way in card(page), words


@needs("practice")
async def test_what_is_done_is_ticked_and_the_card_goes_once_all_is(line: Line) -> None:
    with line.vault() as vault:
        await line.ready(vault)
        known = trusted_line.load(vault)
        with vault.write() as tx:
            for desk in known.own_desks():
                casework.act(tx, known, desk, [changes.speak("en")], line.now)
    async with opened(line) as browser:
        assert open_steps((await browser.sign_in()).text) == set(list(STEPS)[1:])
    with line.vault() as vault:
        known = trusted_line.load(vault)
        with vault.write() as tx:
            for desk in known.own_desks():
                unlinking.choose_region(tx, known, desk, "GB", line.now)
        wanted = recovery.policy(known.directory)
        recovery.make(vault, PASSPHRASE, wanted, line.now, os.urandom)
        archive.note(vault, line.now)
    async with opened(line) as browser:
        assert open_steps((await browser.sign_in()).text) == {"Practise with made-up cases"}
        kept = folder_beside(browser.console.folder)
        kept.mkdir()
        Progress(kept).begin("Ana")
        assert card((await browser.get("/")).text) == ""
        line.now += 30 * DAY
        assert open_steps((await browser.get("/")).text) == {"Make a backup"}, "a month is over"


async def test_who_dismisses_it_is_not_shown_it_again_and_a_colleague_is(line: Line) -> None:
    line.enrol("ben", ["support"])
    line.publish()
    async with opened(line) as browser:
        await browser.sign_in()
        await browser.post("/onboarding/dismiss")
        assert card((await browser.get("/")).text) == ""
    async with opened(line) as again:
        assert card((await again.sign_in()).text) == "", "it is kept in the vault"
    async with opened(line, "ben") as other:
        assert card((await other.sign_in()).text) != ""
